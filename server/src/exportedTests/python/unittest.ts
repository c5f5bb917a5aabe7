import { pascalCase } from '../identifiers.js';
import type { RecordedTest } from '../recordedTest.js';
import { indented, pipelineName } from '../source.js';
import { pythonParts } from './pythonTest.js';

/** A test of Python's unittest. */
export function pythonUnittest(test: RecordedTest): string {
  const { head, body } = pythonParts(test, ['import unittest']);
  return [
    ...head,
    '',
    '',
    `class ${pascalCase(pipelineName(test), 'Pipeline')}Test(unittest.TestCase):`,
    '    def test_recorded(self):',
    '        with TestPipeline(options=PipelineOptions([], streaming=True)) as p:',
    ...indented(body, '            '),
    '',
    '',
    "if __name__ == '__main__':",
    '    unittest.main()',
    '',
  ].join('\n');
}

import { pascalCase } from '../identifiers.js';
import type { RecordedTest } from '../recordedTest.js';
import type { ExportedTest, TestTarget } from '../source.js';
import { indented, pipelineName } from '../source.js';
import { pythonParts } from './pythonTest.js';

/** A test of Python's unittest. */
export function pythonUnittest(test: RecordedTest, { data: file }: TestTarget): ExportedTest {
  const { head, body, data } = pythonParts(test, ['import unittest'], file);
  const text = [
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
  return { text, ...(data !== undefined && { data }) };
}

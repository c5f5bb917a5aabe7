import type { RecordedTest } from '../recordedTest.js';
import { indented } from '../source.js';
import { pythonParts } from './pythonTest.js';

/** A test that pytest collects: a function. */
export function pythonPytest(test: RecordedTest): string {
  const { head, body, name } = pythonParts(test, []);
  return [
    ...head,
    '',
    '',
    `def test_${name}():`,
    '    with TestPipeline(options=PipelineOptions([], streaming=True)) as p:',
    ...indented(body, '        '),
    '',
  ].join('\n');
}

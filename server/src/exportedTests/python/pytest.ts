import type { RecordedTest } from '../recordedTest.js';
import type { ExportedTest, TestTarget } from '../source.js';
import { indented } from '../source.js';
import { pythonParts } from './pythonTest.js';

/** A test that pytest collects: a function. */
export function pythonPytest(test: RecordedTest, { data: file }: TestTarget): ExportedTest {
  const { head, body, name, data } = pythonParts(test, [], file);
  const text = [
    ...head,
    '',
    '',
    `def test_${name}():`,
    '    with TestPipeline(options=PipelineOptions([], streaming=True)) as p:',
    ...indented(body, '        '),
    '',
  ].join('\n');
  return { text, ...(data !== undefined && { data }) };
}

import { examplePython } from '../../examples/environment.js';

/** The Python interpreter of the tests: `BEAM_REWIND_TEST_PYTHON`, or the private one of the examples. */
export function testPython(): Promise<string> {
  const chosen = process.env['BEAM_REWIND_TEST_PYTHON'];
  return chosen ? Promise.resolve(chosen) : examplePython(() => undefined);
}

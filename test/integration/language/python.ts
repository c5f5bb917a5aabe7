import { execFileSync } from 'node:child_process';

/** A Python with apache-beam, from BEAM_REWIND_TEST_PYTHON; fails when it is not set. */
export function testPython(): string {
  const python = process.env['BEAM_REWIND_TEST_PYTHON'];
  if (!python) {
    throw new Error(
      'BEAM_REWIND_TEST_PYTHON is not set: it names a Python interpreter with apache-beam installed.',
    );
  }
  return python;
}

/** Runs Python on a script or with `-c`, and gives what it writes. */
export function runPython(args: string[], input = ''): string {
  return execFileSync(testPython(), args, { input, encoding: 'utf8', maxBuffer: 1 << 26 });
}

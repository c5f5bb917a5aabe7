import { execFileSync } from 'node:child_process';
import { testPython } from '../testPython.js';

/** Runs the Python of the tests on a script or with `-c`, and gives what it writes. */
export async function runPython(args: string[], input = ''): Promise<string> {
  const options = { input, encoding: 'utf8', maxBuffer: 1 << 26 } as const;
  return execFileSync(await testPython(), args, options);
}

import { spawn } from 'node:child_process';
import path from 'node:path';

const cli = path.resolve(import.meta.dirname, '..', 'dist', 'cli.js');

/** The demo cannot go on; the message says why. */
export class DemoEnded extends Error {
  constructor(
    readonly exitCode: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Runs the built CLI as a user does, after showing the command. Its progress and messages go to the terminal.
 * @param folder working folder
 * @param output whether its standard output goes to the terminal, too, or is returned
 * @throws DemoEnded when it fails, or is ended by Ctrl-C
 */
export async function beamRewind(
  folder: string,
  args: string[],
  output: 'stdout is shown' | 'stdout is kept' = 'stdout is shown',
): Promise<string> {
  console.log(`\n   $ beam-rewind ${args.join(' ')}`);
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    stdio: ['ignore', output === 'stdout is kept' ? 'pipe' : 'inherit', 'inherit'],
  });
  // Ctrl-C reaches the child as well, which ends cleanly and says so with its exit code.
  const wait = () => undefined;
  process.on('SIGINT', wait);
  const kept: Buffer[] = [];
  child.stdout?.on('data', (data: Buffer) => kept.push(data));
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      resolve(exitCode ?? 1);
    });
  });
  process.off('SIGINT', wait);
  if (code === 130) throw new DemoEnded(code, 'The demo was stopped.');
  if (code !== 0) throw new DemoEnded(code, `The last command ended with exit code ${code}.`);
  return Buffer.concat(kept).toString();
}

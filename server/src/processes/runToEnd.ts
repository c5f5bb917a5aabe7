import { lastLines } from './lastLines.js';
import { superviseProcess } from './supervise.js';

/**
 * Runs a program that does its work and ends; it is ended when our process is.
 * @param env its whole environment; ours when absent
 * @throws Error with the command line and the last lines of its output, when it cannot be started or fails
 */
export async function runToEnd(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const output = lastLines(20);
  const program = await superviseProcess(command, args, {
    env,
    onOutput: (_stream, data) => {
      output.add(data);
    },
  });
  const { code, signal } = await program.exit;
  if (code === 0) return;
  const commandLine = [command, ...args].join(' ');
  throw new Error(`\`${commandLine}\` ended with ${signal ?? `code ${code}`}:\n${output.text()}`);
}

import type { SupervisedProcess } from '../processes/supervise.js';
import type { DebugOptions } from './debugger.js';
import { lastLines } from '../processes/lastLines.js';
import { superviseProcess } from '../processes/supervise.js';

/** How a user's program is to be run. */
export interface ProgramOptions {
  /** Absolute path of the pipeline file. */
  file: string;
  /** Folder to run it in; the file's own when absent. */
  cwd?: string;
  /** Its own arguments. */
  args: string[];
  /** Python interpreter, for programs that run in one. */
  interpreter?: string;
  /** It waits for a debugger before it runs. */
  debug?: DebugOptions;
  /** Ends what is being done to make the program ready. */
  signal: AbortSignal;
  /** A step that takes time, for people. */
  onStep: (text: string) => void;
  /** Its output, and that of what makes it ready. */
  onOutput: (stream: 'stdout' | 'stderr', data: Uint8Array) => void;
}

/** A user's program that can be started. */
export interface Program {
  /** For people: `apache-beam 2.77.0`. */
  sdk: string;
  /** Release of the SDK, as that of Prism: `2.77.0`. */
  sdkVersion: string;
  /**
   * Starts it so that its pipelines arrive at a JobService. It ends when we do.
   * @param jobEndpoint `host:port`
   */
  start(jobEndpoint: string): Promise<SupervisedProcess>;
  /** How its pipelines come to us, for a user who waits for one. */
  submission: string;
  /** Removes what was made for it. */
  dispose(): Promise<void>;
}

/** Makes the program of a file ready. @throws Error that says what is missing and what to do, or why it does not build */
export type PrepareProgram = (options: ProgramOptions) => Promise<Program>;

/**
 * Runs a tool that makes a program ready, a compiler say. What it writes to stderr is the program's author's business
 * and is passed on.
 * @param passedOn what is, if it is more than that
 * @returns what it wrote to stdout
 * @throws Error with its last lines when it fails, or the signal's reason when that ends it
 */
export async function runTool(
  command: string,
  args: string[],
  { cwd, signal, onOutput }: Pick<ProgramOptions, 'signal' | 'onOutput'> & { cwd: string },
  passedOn: 'stderr' | 'all' = 'stderr',
): Promise<string> {
  signal.throwIfAborted();
  const written: Uint8Array[] = [];
  const errors = lastLines(20);
  const tool = await superviseProcess(command, args, {
    cwd,
    onOutput: (stream, data) => {
      if (stream === 'stdout') written.push(data);
      errors.add(data);
      if (stream === 'stderr' || passedOn === 'all') onOutput(stream, data);
    },
  });
  const onAbort = (): void => void tool.stop();
  signal.addEventListener('abort', onAbort, { once: true });
  // A function: it may have been aborted while the tool started.
  const isAborted = (): boolean => signal.aborted;
  if (isAborted()) onAbort();
  const exit = await tool.exit;
  signal.removeEventListener('abort', onAbort);
  signal.throwIfAborted();
  if (exit.code === 0) return Buffer.concat(written).toString();
  throw new Error(`\`${[command, ...args].join(' ')}\` failed:\n${errors.text()}`);
}

/**
 * Arguments without options that would send the pipeline somewhere else than to us.
 * @param names of options, without dashes
 */
export function withoutOptions(args: string[], names: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    const [, name = '', value] = /^--?([^=]+)(=.*)?$/s.exec(arg) ?? [];
    if (!names.includes(name)) kept.push(arg);
    // `--runner direct` is two arguments.
    else if (value === undefined && !args[index + 1]?.startsWith('-')) index++;
  }
  return kept;
}

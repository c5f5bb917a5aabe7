import path from 'node:path';
import { runsOnPython } from '../launch/canLaunch.js';
import type { LaunchOptions } from '../session/session.js';
import type { CliContext } from './context.js';
import { Interrupted } from './context.js';
import { CliError, exitCode, messageOf } from './exitCode.js';
import type { LaunchFlags } from './options.js';
import type { NamedFile } from './pipelineFile.js';
import { storeOf } from './pipelineFile.js';
import type { RunView } from './runView.js';

/** What a verb asks the session for, from its flags. */
export async function launchOptionsOf(
  context: CliContext,
  named: NamedFile,
  flags: LaunchFlags,
  args: string[],
): Promise<Omit<LaunchOptions, 'signal' | 'onEvent'>> {
  return {
    file: named.file,
    text: named.text,
    // As if the program had been started by hand.
    cwd: context.cwd,
    args,
    ...(runsOnPython(named.file) && {
      interpreter: await interpreterOf(context, named, flags.python),
    }),
    store: storeOf(context, flags.store, named.file),
    backend: flags.backend,
    ...(flags.recordableSources.length > 0 && { recordableSources: flags.recordableSources }),
    ...(flags.prism !== undefined && { prismPath: path.resolve(context.cwd, flags.prism) }),
  };
}

/**
 * Runs a session that Ctrl-C ends cleanly, and leaves the view in order however it ends.
 * @param stopping said once when it is interrupted
 */
export async function runSession<Outcome>(
  context: CliContext,
  view: RunView,
  stopping: string,
  run: (listeners: Pick<LaunchOptions, 'signal' | 'onEvent'>) => Promise<Outcome>,
): Promise<Outcome> {
  const signal = context.untilInterrupted();
  const onAbort = () => {
    const isUnheard = signal.reason instanceof Interrupted && signal.reason.by === 'stdout closed';
    if (!isUnheard) view.note(stopping);
  };
  signal.addEventListener('abort', onAbort);
  try {
    const outcome = await run({
      signal,
      onEvent: (event) => {
        view.onEvent(event);
      },
    });
    view.end();
    return outcome;
  } catch (error) {
    view.end(messageOf(error));
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function interpreterOf(
  context: CliContext,
  named: NamedFile,
  python: string | undefined,
): Promise<string> {
  if (python !== undefined)
    // A bare name is looked up on the PATH.
    return path.basename(python) === python ? python : path.resolve(context.cwd, python);
  const found = await context.session.findInterpreter(path.dirname(named.file));
  if (found === undefined)
    throw new CliError(
      `no Python interpreter found for ${named.name}`,
      exitCode.failed,
      'activate an environment that has apache-beam, or name its interpreter with --python',
    );
  return found;
}

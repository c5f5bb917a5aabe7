import path from 'node:path';
import { assetPath } from '../assets.js';
import { superviseProcess } from '../processes/supervise.js';
import { debuggerOutput } from './debugger.js';
import { beamVersion } from './interpreter.js';
import type { Program, ProgramOptions } from './program.js';

/** Starts a Python program or notebook, unmodified, so that its pipelines arrive at our JobService. */
export function preparePython(options: ProgramOptions): Promise<Program> {
  return prepareScript('run_pipeline.py', options);
}

/** Written by run_pipeline.py. */
const listeningLine = /^beam-rewind: debugpy listens on port (\d+)$/m;

/** One of our scripts is started on the user's program. */
export async function prepareScript(script: string, options: ProgramOptions): Promise<Program> {
  const { file, args, interpreter, debug } = options;
  if (interpreter === undefined) {
    throw new Error('No Python interpreter is known to run the program with.');
  }
  const sdkVersion = await beamVersion(interpreter);
  return {
    sdk: `apache-beam ${sdkVersion}`,
    sdkVersion,
    start: (jobEndpoint) =>
      superviseProcess(interpreter, [assetPath(script), file, ...args], {
        cwd: options.cwd ?? path.dirname(file),
        env: {
          ...process.env,
          BEAM_REWIND_JOB_ENDPOINT: jobEndpoint,
          // What the program prints is to be seen when it is printed.
          PYTHONUNBUFFERED: '1',
          ...(debug && {
            BEAM_REWIND_DEBUG_PORT: String(debug.port),
            BEAM_REWIND_DEBUGPY: debug.debugpy ?? '',
            // The modules are frozen for speed; breakpoints in them are not what is debugged here.
            PYDEVD_DISABLE_FILE_VALIDATION: '1',
          }),
        },
        onOutput: debug
          ? debuggerOutput('debugpy', listeningLine, debug, options.onOutput)
          : options.onOutput,
      }),
    submission: 'A pipeline is submitted by its run() method, or at the end of its with statement.',
    dispose: () => Promise.resolve(),
  };
}

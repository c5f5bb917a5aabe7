import path from 'node:path';
import { assetPath } from '../assets.js';
import type { SupervisedProcess } from '../processes/supervise.js';
import { superviseProcess } from '../processes/supervise.js';

/** A user's program and where its pipelines are to be submitted. */
export interface ProgramLaunch {
  /** Absolute path. */
  file: string;
  /** Folder to run it in; the file's own when absent. */
  cwd?: string;
  args: string[];
  interpreter: string;
  /** `host:port` of our JobService. */
  jobEndpoint: string;
  onOutput: (stream: 'stdout' | 'stderr', data: Uint8Array) => void;
}

/** Starts a Python program, unmodified, so that its pipelines arrive at our JobService. It ends when we do. */
export function launchPython(launch: ProgramLaunch): Promise<SupervisedProcess> {
  return launchScript('run_pipeline.py', launch);
}

/** Starts one of our scripts on the user's program. */
export function launchScript(script: string, launch: ProgramLaunch): Promise<SupervisedProcess> {
  return superviseProcess(launch.interpreter, [assetPath(script), launch.file, ...launch.args], {
    cwd: launch.cwd ?? path.dirname(launch.file),
    env: {
      ...process.env,
      BEAM_REWIND_JOB_ENDPOINT: launch.jobEndpoint,
      // What the program prints is to be seen when it is printed.
      PYTHONUNBUFFERED: '1',
    },
    onOutput: launch.onOutput,
  });
}

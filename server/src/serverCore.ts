import type { Core } from './features/core.js';
import { analyzedExtensions, analyzerFor } from './language/language.js';
import { canLaunch, runsOnPython } from './launch/canLaunch.js';
import { findInterpreter } from './launch/interpreter.js';
import { indexPath } from './recording/store.js';
import { watchStore } from './recording/watchStore.js';
import { acceptRenames } from './session/acceptRenames.js';
import { cancelRecording } from './session/cancelRecording.js';
import { clearRecordings } from './session/clearRecordings.js';
import { defaultStore } from './session/defaultStore.js';
import { ignoreChange } from './session/ignoreChange.js';
import { nameRecordings, noteRecordings, pinRecordings } from './session/recordings.js';
import { recordingsOf } from './session/statusOfFile.js';

/** What the language server drives, but for the thread of the index, which is a bundle of its own. */
export const serverCore: Omit<Core, 'indexThread'> = {
  analyzerFor,
  extensions: analyzedExtensions,
  canLaunch,
  runsOnPython,
  // The runner's protocol and the coders are loaded when they are needed: not before the first lens.
  recordFile: async (options) => (await import('./session/recordFile.js')).recordFile(options),
  replayFile: async (options) => (await import('./session/replayFile.js')).replayFile(options),
  runFile: async (options) => (await import('./session/runFile.js')).runFile(options),
  acceptRenames,
  async *showElements(...which) {
    yield* (await import('./session/showRecording.js')).showElements(...which);
  },
  recordingsOf,
  cancelRecording,
  pinRecordings,
  nameRecordings,
  noteRecordings,
  exportTest: async (options) => (await import('./session/exportTest.js')).exportTest(options),
  clearRecordings,
  ignoreChange,
  indexPath,
  defaultStore,
  watchStore,
  findInterpreter,
};

#!/usr/bin/env node
// Entry of the command line: joins the verbs of cli/ with the session, the analysis and the process.
// eslint-disable-next-line boundaries/no-unknown-dependencies -- the manifest belongs to no room
import { version } from '../../package.json';
import { handleInterruptions } from './cli/interruption.js';
import { runCli } from './cli/program.js';
import { analyzeText, languageOf } from './language/language.js';
import { findInterpreter } from './launch/interpreter.js';
import { acceptRenames } from './session/acceptRenames.js';
import { cancelRecording } from './session/cancelRecording.js';
import { clearRecordings } from './session/clearRecordings.js';
import { defaultStore } from './session/defaultStore.js';
import { exportRecording } from './session/exportRecording.js';
import { exportTest } from './session/exportTest.js';
import { importRecording } from './session/importRecording.js';
import { recordFile } from './session/recordFile.js';
import {
  deleteRecordings,
  nameRecordings,
  noteRecordings,
  pinRecordings,
  storedRecordings,
  verifyRecordings,
} from './session/recordings.js';
import { replayFile } from './session/replayFile.js';
import { checkFile } from './session/checkFile.js';
import { runFile } from './session/runFile.js';
import { serveRecording } from './session/serveRecording.js';
import { showElements, showRecordings } from './session/showRecording.js';
import { recordedFiles, sourceStatuses } from './session/statusOfFile.js';

const code = await runCli(process.argv.slice(2), {
  session: {
    analyzeText,
    languageOf,
    defaultStore,
    findInterpreter,
    recordFile,
    replayFile,
    runFile,
    checkFile,
    storedRecordings,
    verifyRecordings,
    pinRecordings,
    nameRecordings,
    noteRecordings,
    deleteRecordings,
    acceptRenames,
    sourceStatuses,
    recordedFiles,
    cancelRecording,
    clearRecordings,
    showElements,
    showRecordings,
    exportRecording,
    exportTest,
    importRecording,
    serveRecording,
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  version,
  now: () => Date.now(),
  untilInterrupted: handleInterruptions(process),
});
await Promise.all([process.stdout, process.stderr].map(flushed));
process.exit(code);

/** What was written has left: a pipe may be slower than we are. */
function flushed(stream: NodeJS.WriteStream): Promise<unknown> {
  return new Promise((resolve) => stream.write('', resolve));
}

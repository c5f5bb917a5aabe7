import { createConnection } from 'vscode-languageserver/node';
import { serve } from './features/languageServer.js';
import { analyzerFor } from './language/language.js';
import { findInterpreter } from './launch/interpreter.js';
import { watchStore } from './recording/watchStore.js';
import { cancelRecording } from './session/cancelRecording.js';
import { clearRecordings } from './session/clearRecordings.js';
import { defaultStore } from './session/defaultStore.js';
import { recordFile } from './session/recordFile.js';
import { replayFile } from './session/replayFile.js';
import { recordingsOf } from './session/statusOfFile.js';

// The language server: `--node-ipc` from VS Code, `--stdio` from any other editor.
const connection = createConnection();
serve(connection, {
  analyzerFor,
  recordFile,
  replayFile,
  recordingsOf,
  cancelRecording,
  clearRecordings,
  defaultStore,
  watchStore,
  findInterpreter,
});
connection.listen();

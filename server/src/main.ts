#!/usr/bin/env node
import { createConnection } from 'vscode-languageserver/node';
import { createIndexThread } from './features/indexThread.js';
import { serve } from './features/languageServer.js';
import { serverCore } from './serverCore.js';

// The language server: `--node-ipc` from VS Code, `--stdio` from any other editor.
const connection = createConnection();
const indexThread = createIndexThread(new URL('./indexWorker.js', import.meta.url));
serve(connection, { ...serverCore, indexThread });
connection.listen();

#!/usr/bin/env node
import { createConnection } from 'vscode-languageserver/node';
import { serve } from './features/languageServer.js';
import { serverCore } from './serverCore.js';

// The language server: `--node-ipc` from VS Code, `--stdio` from any other editor.
const connection = createConnection();
serve(connection, serverCore);
connection.listen();

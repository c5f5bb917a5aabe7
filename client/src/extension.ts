import type { ExtensionContext } from 'vscode';
import { commands } from 'vscode';
import { stopTestStream } from '../../server/src/protocol.js';
import { commandTable } from './commands.js';
import { attachDebugger } from './debugging.js';
import { showFailure } from './failure.js';
import type { LanguageServer } from './languageServer.js';
import { createLanguageServer } from './languageServer.js';
import { createOutput } from './output.js';
import { createStatusBar } from './statusBar.js';
import { watchTrust } from './trust.js';

let server: LanguageServer | undefined;

/** Called by VS Code when the first file is opened in a language of pipelines, or one of our commands is run. */
export function activate(context: ExtensionContext): void {
  const output = createOutput();
  const statusBar = createStatusBar();
  const started = createLanguageServer(context, output.log, {
    onFileState: statusBar.set,
    onOutput: output.append,
    onDebuggee: (debuggee) => {
      attachDebugger(debuggee).catch(async (error: unknown) => {
        // Nobody else would attach to it, and it waits for somebody.
        await started.request(stopTestStream, { uri: debuggee.uri });
        await showFailure('Debugging the replay', error, output.log);
      });
    },
    onStopped: statusBar.clear,
  });
  server = started;
  context.subscriptions.push(output, statusBar, watchTrust(server));
  for (const [id, handler] of Object.entries(commandTable({ server, output, statusBar })))
    context.subscriptions.push(commands.registerCommand(id, handler));
  // Nobody asked for anything yet: the log has the failure, and the next command tells it.
  server.start().catch((error: unknown) => {
    output.log.error('The language server failed to start.', String(error));
  });
}

/** Called by VS Code before the extension ends. */
export async function deactivate(): Promise<void> {
  await server?.stop();
}

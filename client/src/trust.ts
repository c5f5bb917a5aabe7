import type { Disposable } from 'vscode';
import { workspace } from 'vscode';
import { didGrantWorkspaceTrust } from '../../server/src/protocol.js';
import type { LanguageServer } from './languageServer.js';

/** Tells the server when the user trusts the workspace; until then it refuses to run programs. */
export function watchTrust(server: LanguageServer): Disposable {
  return workspace.onDidGrantWorkspaceTrust(() => server.notify(didGrantWorkspaceTrust, {}));
}

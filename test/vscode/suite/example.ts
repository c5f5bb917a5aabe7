import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';

/** Opens a file of the workspace in an editor. */
export async function openExample(name: string): Promise<vscode.TextEditor> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert(folder, 'a folder is open');
  return vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, name));
}

/** Where a text stands in a document; it must be there once. */
export function rangeOf(document: vscode.TextDocument, text: string): vscode.Range {
  const offset = document.getText().indexOf(text);
  assert(offset >= 0, `${document.fileName} contains ${text}`);
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + text.length));
}

/** What the code lenses of a file say, without their icons, and the line they stand above. */
export async function lensTitles(file: vscode.Uri): Promise<{ title: string; line: number }[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    file,
    100,
  );
  return lenses.map(({ command, range }) => ({
    title: (command?.title ?? '').replace(/\$\([^)]*\) ?/g, ''),
    line: range.start.line,
  }));
}

/** Warnings of ours in a file. */
export function warnings(file: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(file).filter(({ source }) => source === 'Beam Rewind');
}

/**
 * Resolves with what `look` returns as soon as `isRight` accepts it. VS Code tells of no change of a lens, so it looks
 * again; mocha's time limit ends it.
 */
export async function eventually<T>(
  look: () => T | Promise<T>,
  isRight: (seen: Awaited<T>) => boolean,
): Promise<Awaited<T>> {
  for (;;) {
    const seen = await look();
    if (isRight(seen)) return seen;
    await delay(50);
  }
}

/** All that an output channel holds; it must have been shown. */
export function outputText(channel: string): string {
  const document = vscode.workspace.textDocuments.find(
    ({ uri }) => uri.scheme === 'output' && uri.path.includes(channel),
  );
  assert(document, `the output channel ${channel} is shown`);
  return document.getText();
}

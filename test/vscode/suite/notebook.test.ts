import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, lensTitles, outputText, rangeOf, warnings } from './example.js';

describe('clicks.ipynb in VS Code', () => {
  let notebook: vscode.NotebookDocument;
  /** The cell that reads. */
  let cell: vscode.TextDocument;

  const titles = async () => (await lensTitles(cell.uri)).map(({ title }) => title);
  const cellWith = (text: string): vscode.TextDocument => {
    const found = notebook.getCells().find(({ document }) => document.getText().includes(text));
    assert(found, `a cell contains ${text}`);
    return found.document;
  };
  const replace = async (from: string, to: string) => {
    const document = cellWith(from);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, rangeOf(document, from), to);
    assert(await vscode.workspace.applyEdit(edit));
  };

  before(async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert(folder, 'a folder is open');
    const file = vscode.Uri.joinPath(folder.uri, 'clicks.ipynb');
    notebook = await vscode.workspace.openNotebookDocument(file);
    cell = cellWith("'Clicks' >>");
    const index = notebook.getCells().findIndex(({ document }) => document === cell);
    const selections = [new vscode.NotebookRange(index, index + 1)];
    await vscode.window.showNotebookDocument(notebook, { selections });
  });

  it('offers to record its source, in the cell of the source', async () => {
    const lenses = await eventually(
      // VS Code refuses to ask about a cell that is not on the screen yet.
      () => lensTitles(cell.uri).catch(() => []),
      (seen) => seen.length > 0,
    );
    const { line } = rangeOf(cell, "'Clicks' >>").start;
    assert.deepEqual(lenses, [{ title: 'Record sources', line }]);
  });

  it('is recorded, and replayed', async () => {
    await vscode.commands.executeCommand('beamRewind.recordSources', notebook.uri.toString());
    const [state, ...actions] = await titles();
    assert.match(state ?? '', /^40 elements · [\d.]+s$/);
    assert.equal(actions[0], 'Replay');
    await vscode.commands.executeCommand('beamRewind.replay', notebook.uri.toString());
    const printed = await eventually(
      // Python packages that are half installed have their say, too.
      () => outputText('Beam Rewind: Program').match(/^\d+$/gm) ?? [],
      (seen) => seen.length >= 40,
    );
    assert.deepEqual(new Set(printed), new Set(['6']));
  }).timeout(300_000);

  it('warns in the cell of the source when another cell changes it, until that is taken back', async () => {
    await replace('EVERY = 0.05', 'EVERY = 0.07');
    const [warning] = await eventually(
      () => warnings(cell.uri),
      (seen) => seen.length > 0,
    );
    assert.match(warning?.message ?? '', /^Recording is stale: fire_interval: 0\.05 → 0\.07/);
    assert.match(cell.getText(warning?.range), /^'Clicks' >>/);
    const [state] = await eventually(titles, ([first]) => !first?.startsWith('40'));
    assert.match(state ?? '', /^Stale: fire_interval/);
    await replace('EVERY = 0.07', 'EVERY = 0.05');
    await eventually(
      () => warnings(cell.uri),
      (seen) => seen.length === 0,
    );
  });
});

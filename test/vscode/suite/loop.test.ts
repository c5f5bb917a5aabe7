import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, lensTitles, openExample, outputText, rangeOf, warnings } from './example.js';

describe('rides.py in VS Code', () => {
  let editor: vscode.TextEditor;
  let file: vscode.Uri;
  const sourceText = '"Ride events" >> RideEvents(args.rate, late_share=0.1, delay=20)';

  const titles = async () => (await lensTitles(file)).map(({ title }) => title);
  const replace = (range: vscode.Range, text: string) =>
    editor.edit((edit) => {
      edit.replace(range, text);
    });

  before(async () => {
    editor = await openExample('rides.py');
    file = editor.document.uri;
  });

  it('offers to record its source, above the source', async () => {
    const lenses = await eventually(
      () => lensTitles(file),
      (seen) => seen.length > 0,
    );
    const { line } = rangeOf(editor.document, sourceText).start;
    assert.deepEqual(lenses, [{ title: 'Record sources', line }]);
  });

  it('records it to the limit of the settings', async () => {
    await vscode.commands.executeCommand('beamRewind.recordSources', file.toString());
    const [state, ...actions] = await titles();
    assert.match(state ?? '', /^40 elements · [\d.]+s$/);
    assert.deepEqual(actions, ['Replay', 'Debug', 'Record again']);
  }).timeout(300_000);

  it('does not mistake a comment for a change of the source', async () => {
    const { line } = rangeOf(editor.document, 'with beam.Pipeline').start;
    await replace(new vscode.Range(line, 0, line, 0), '  # The rides of the town.\n');
    const lenses = await eventually(
      () => lensTitles(file),
      (seen) => seen[0]?.line === line + 2,
    );
    assert.match(lenses[0]?.title ?? '', /^40 elements/);
    assert.deepEqual(warnings(file), []);
    await vscode.commands.executeCommand('undo');
  });

  it('warns when the source is edited, in Problems and in its lens', async () => {
    await replace(rangeOf(editor.document, 'late_share=0.1'), 'late_share=0.5');
    const [warning] = await eventually(
      () => warnings(file),
      (seen) => seen.length > 0,
    );
    assert.equal(warning?.severity, vscode.DiagnosticSeverity.Warning);
    assert.match(warning.message, /^Recording is stale: .*late_share/);
    const source = editor.document.getText(warning.range);
    assert.equal(source, sourceText.replace('0.1', '0.5'));
    const [state, ...actions] = await eventually(titles, ([first]) => !first?.startsWith('40'));
    assert.match(state ?? '', /^Stale: .*late_share/);
    assert.deepEqual(actions, ['Record again']);
  });

  it('takes the warning back when the edit is undone', async () => {
    await vscode.commands.executeCommand('undo');
    await eventually(
      () => warnings(file),
      (seen) => seen.length === 0,
    );
    const [, ...actions] = await eventually(titles, ([first]) => !first?.startsWith('Stale'));
    assert.deepEqual(actions, ['Replay', 'Debug', 'Record again']);
  });

  it('replays the recording twice with the same output', async () => {
    const first = await replayed();
    assert.match(first[0] ?? '', /^\d\d:\d\d:\d\d-\d\d:\d\d:\d\d {2}\w+/);
    assert.deepEqual(await replayed(), first);
  }).timeout(120_000);

  /** What the program prints in a replay; the order of the lines is the runner's. */
  async function replayed(): Promise<string[]> {
    await vscode.commands.executeCommand('beamRewind.replay', file.toString());
    const lines = await eventually(
      () => outputText('Beam Rewind: Program').split('\n').filter(Boolean),
      (seen) => seen.length > 0,
    );
    return lines.sort();
  }
});

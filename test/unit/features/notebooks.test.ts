import assert from 'node:assert/strict';
import type { CodeLens, Hover } from 'vscode-languageserver';
import { analyzerFor, analyzeText } from '../../../server/src/language/language.js';
import type { PipelineSource } from '../../../server/src/language/source.js';
import { startEditor, type Editor } from './editor.js';
import { recordingOf } from './sample.js';

const notebook = 'file:///project/clicks.ipynb';
const cellUri = (id: string): string => `vscode-notebook-cell:/project/clicks.ipynb#${id}`;

const CELLS: [id: string, text: string][] = [
  [
    'a',
    '%pip install x\nimport apache_beam as beam\nfrom apache_beam.transforms.periodicsequence import PeriodicImpulse\n',
  ],
  ['b', 'RATE = 2'],
  ['c', "p = beam.Pipeline()\n!ls\np | 'Clicks' >> PeriodicImpulse(fire_interval=RATE)"],
];

async function openNotebook(editor: Editor): Promise<void> {
  await editor.connection.sendNotification('notebookDocument/didOpen', {
    notebookDocument: {
      uri: notebook,
      notebookType: 'jupyter-notebook',
      version: 1,
      cells: CELLS.map(([id]) => ({ kind: 2, document: cellUri(id) })),
    },
    cellTextDocuments: CELLS.map(([id, text]) => ({
      ...{ uri: cellUri(id), languageId: 'python', version: 1, text },
    })),
  });
}

/** Types into a cell. */
function edit(
  editor: Editor,
  id: string,
  version: number,
  line: number,
  from: number,
  to: number,
  text: string,
) {
  return editor.connection.sendNotification('notebookDocument/didChange', {
    notebookDocument: { uri: notebook, version },
    change: {
      cells: {
        textContent: [
          {
            document: { uri: cellUri(id), version },
            changes: [
              { range: { start: { line, character: from }, end: { line, character: to } }, text },
            ],
          },
        ],
      },
    },
  });
}

async function lenses(editor: Editor, id: string): Promise<[line: number, title: string][]> {
  const found = await editor.connection.sendRequest<CodeLens[]>('textDocument/codeLens', {
    textDocument: { uri: cellUri(id) },
  });
  return Promise.all(
    found.map(async (lens): Promise<[number, string]> => {
      const { range, command } = await editor.connection.sendRequest<CodeLens>(
        'codeLens/resolve',
        lens,
      );
      assert.deepEqual(command?.arguments?.[0], notebook);
      return [range.start.line, command.title];
    }),
  );
}

/** The source as its file has it. */
async function clicks(): Promise<PipelineSource> {
  const cells = CELLS.map(([, text]) => ({ cell_type: 'code', source: text }));
  const { sources } = await analyzeText('clicks.ipynb', JSON.stringify({ cells }));
  return sources[0]!;
}

describe('a notebook in an editor', () => {
  it('has lenses in its cells, whose commands name the notebook', async () => {
    const editor = await startEditor({ analyzerFor });
    await openNotebook(editor);
    assert.deepEqual(await lenses(editor, 'a'), []);
    assert.deepEqual(
      (await lenses(editor, 'c')).map(([line]) => line),
      [2],
    );
    await editor.close();
  });

  it('warns in the cell of a source that changed, wherever the change was', async () => {
    const recording = { ...recordingOf(await clicks()), file: '/project/clicks.ipynb' };
    const editor = await startEditor({
      analyzerFor,
      recordingsOf: () => Promise.resolve([recording]),
    });
    await openNotebook(editor);
    const latest = (id: string) => editor.diagnostics.findLast(({ uri }) => uri === cellUri(id));
    await editor.until(() => latest('c') !== undefined);
    assert.deepEqual(latest('c')?.diagnostics, []);

    await edit(editor, 'b', 2, 0, 7, 8, '3');
    await editor.until(() => latest('c')?.diagnostics.length === 1);
    const [problem] = latest('c')!.diagnostics;
    assert.match(JSON.stringify(problem!.message), /fire_interval: 2 → 3/);
    assert.deepEqual(problem!.range.start, { line: 2, character: 4 });
    assert.deepEqual(latest('b')?.diagnostics, []);

    await edit(editor, 'a', 3, 0, 0, 0, 'x = 1\n');
    await edit(editor, 'b', 4, 0, 7, 8, '2');
    await editor.until(() => latest('c')?.diagnostics.length === 0);
    const hover = await editor.connection.sendRequest<Hover | null>('textDocument/hover', {
      textDocument: { uri: cellUri('c') },
      position: { line: 2, character: 8 },
    });
    assert.ok(hover);
    await editor.close();
  });

  it('follows cells that come, move and go', async () => {
    const editor = await startEditor({ analyzerFor });
    await openNotebook(editor);
    const change = (array: unknown, didOpen: unknown[], didClose: unknown[], version: number) =>
      editor.connection.sendNotification('notebookDocument/didChange', {
        notebookDocument: { uri: notebook, version },
        change: { cells: { structure: { array, didOpen, didClose } } },
      });
    const added = { uri: cellUri('d'), languageId: 'python', version: 1, text: 'y = 1\n' };
    await change(
      { start: 0, deleteCount: 0, cells: [{ kind: 2, document: added.uri }] },
      [added],
      [],
      2,
    );
    assert.deepEqual(
      (await lenses(editor, 'c')).map(([line]) => line),
      [2],
    );
    await change({ start: 3, deleteCount: 1 }, [], [{ uri: cellUri('c') }], 3);
    assert.deepEqual(await lenses(editor, 'd'), []);
    await editor.connection.sendNotification('notebookDocument/didClose', {
      notebookDocument: { uri: notebook },
      cellTextDocuments: [],
    });
    assert.deepEqual(await lenses(editor, 'a'), []);
    await editor.close();
  });

  it('runs as the file on disk, not as its cells', async () => {
    const launched: string[] = [];
    const editor = await startEditor({
      analyzerFor,
      recordFile(options) {
        launched.push(options.text);
        return Promise.resolve({ kind: 'recorded', cancelled: false, sources: [] });
      },
    });
    await openNotebook(editor);
    await assert.rejects(
      editor.connection.sendRequest('beamRewind/recordSources', { uri: notebook, force: false }),
      /ENOENT.*clicks\.ipynb/,
    );
    assert.deepEqual(launched, []);
    await editor.close();
  });
});

import assert from 'node:assert/strict';
import type { CodeLens, TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { analyzerFor, analyzeText } from '../../../server/src/language/language.js';
import { random, runSeed } from '../language/random.js';
import { startEditor, type Editor } from './editor.js';

const uri = 'file:///project/clicks.ipynb';
const HEAD = `%pip install apache-beam
import apache_beam as beam
from apache_beam.transforms.periodicsequence import PeriodicImpulse
p = beam.Pipeline()
`;
const TEXTS = [
  HEAD,
  "p | 'A' >> PeriodicImpulse(fire_interval=RATE)",
  "!ls\n(p\n | 'B' >> PeriodicImpulse()\n | beam.Map(print))\n",
  'RATE = 2',
  '%%bash\necho "',
  '# note\n\n',
  '',
  'def f(p):\n  return p | PeriodicImpulse()\nf(p)\n',
];
const PIECES = [
  '',
  '',
  '\n',
  'x',
  ' ',
  '(',
  ')',
  '"""',
  '%',
  '!',
  "'",
  '\r\n',
  '😀',
  '\ud83d',
  'RATE = 3\n',
];

interface Cell {
  document: TextDocument;
  kind: 1 | 2;
}

/** Lines of the lenses in each cell. */
async function lensLines(editor: Editor, cells: Cell[]): Promise<number[][]> {
  return Promise.all(
    cells.map(async ({ document }) => {
      const textDocument = { uri: document.uri };
      const lenses = await editor.connection.sendRequest<CodeLens[]>('textDocument/codeLens', {
        textDocument,
      });
      return [...new Set(lenses.map(({ range }) => range.start.line))].sort((a, b) => a - b);
    }),
  );
}

describe('a notebook that is edited at random', function () {
  this.timeout(60_000);

  it('has the lenses of its cells read from scratch', async () => {
    const seed = runSeed();
    const { below, pick } = random(seed);
    const editor = await startEditor({ analyzerFor });
    let count = 0;
    let version = 1;
    const create = (text: string): Cell => {
      const id = `vscode-notebook-cell:/project/clicks.ipynb#${++count}`;
      return { document: TextDocument.create(id, 'python', 1, text), kind: pick([2, 2, 2, 1]) };
    };
    const asItem = ({ document }: Cell) => ({
      ...{ uri: document.uri, languageId: 'python', version: document.version },
      text: document.getText(),
    });
    const asCell = ({ document, kind }: Cell) => ({ kind, document: document.uri });
    const change = (cellChange: unknown): Promise<void> =>
      editor.connection.sendNotification('notebookDocument/didChange', {
        notebookDocument: { uri, version: ++version },
        change: { cells: cellChange },
      });
    const cells = [HEAD, ...TEXTS].map(create);
    await editor.connection.sendNotification('notebookDocument/didOpen', {
      notebookDocument: {
        ...{ uri, version, notebookType: 'jupyter-notebook' },
        cells: cells.map(asCell),
      },
      cellTextDocuments: cells.map(asItem),
    });

    /** Exchanges cells; of those that move and stay open nothing else is said. */
    const splice = async (start: number, deleteCount: number, added: Cell[]): Promise<void> => {
      const removed = cells.splice(start, deleteCount, ...added);
      const array = { start, deleteCount, cells: added.map(asCell) };
      const didClose = removed
        .filter((cell) => !cells.includes(cell))
        .map(({ document }) => ({ uri: document.uri }));
      const didOpen = added.filter((cell) => !removed.includes(cell)).map(asItem);
      await change({ structure: { array, didOpen, didClose } });
    };
    const edit = async (cell: Cell): Promise<void> => {
      const changes: TextDocumentContentChangeEvent[] = [];
      for (let n = 1 + below(2); n > 0; n--) {
        const { document } = cell;
        const start = below(document.getText().length + 1);
        const range = {
          start: document.positionAt(start),
          end: document.positionAt(start + pick([0, 0, 1, 5])),
        };
        const isWhole = below(4) === 0;
        changes.push(isWhole ? { text: pick(TEXTS) } : { range, text: pick(PIECES) });
        cell.document = TextDocument.update(document, changes.slice(-1), document.version + 1);
      }
      const { uri: own, version: ownVersion } = cell.document;
      await change({ textContent: [{ document: { uri: own, version: ownVersion }, changes }] });
    };

    let compared = 0;
    for (let step = 0; step < 400; step++) {
      const at = below(cells.length);
      const [first, second] = [cells[at], cells[at + 1]];
      switch (pick(['edit', 'edit', 'edit', 'add', 'remove', 'swap', 'mend'])) {
        case 'edit':
          if (first) await edit(first);
          break;
        case 'add':
          if (cells.length < 15) await splice(at, 0, [create(pick(TEXTS)), create('')]);
          break;
        case 'remove':
          if (cells.length > 1) await splice(at, 1, []);
          break;
        case 'swap':
          if (first && second) await splice(at, 2, [second, first]);
          break;
        default:
          await splice(0, cells.length, [HEAD, ...TEXTS].map(create));
      }
      const source = JSON.stringify({
        cells: cells.map(({ document, kind }) => ({
          cell_type: kind === 2 ? 'code' : 'markdown',
          source: document.getText(),
        })),
      });
      const lines = await lensLines(editor, cells);
      const { sources, syntaxErrors } = await analyzeText('a.ipynb', source);
      // Of what does not parse the last known state stays.
      if (syntaxErrors.length > 0) continue;
      const expected = cells.map((_, index) => {
        const own = sources.filter(({ cell, bounded }) => cell === index && !bounded);
        return [...new Set(own.map(({ range }) => range.start.line))].sort((a, b) => a - b);
      });
      assert.deepEqual(lines, expected, `SEED=${seed} step ${step}: ${source}`);
      compared++;
    }
    assert.ok(compared > 100, `${compared} compared`);
    await editor.close();
  });
});

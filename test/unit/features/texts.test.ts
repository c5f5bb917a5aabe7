import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { DocumentSymbol } from 'vscode-languageserver/node';
import { analyzerFor, analyzeText } from '../../../server/src/language/language.js';
import type { Editor } from './editor.js';
import { startEditor, uri } from './editor.js';
import { recordingOf } from './sample.js';

const program = `import apache_beam as beam
from apache_beam.transforms.periodicsequence import PeriodicImpulse

with beam.Pipeline() as p:
    clicks = p | 'Clicks é🚕' >> PeriodicImpulse(fire_interval=10)
`;

// The analysis of Python stands for all: what is tested is how texts come and positions go.
describe('texts of every kind', () => {
  let editor: Editor;
  const start = async (positionEncodings?: string[]) => {
    const { sources } = await analyzeText('/project/clicks.py', program);
    editor = await startEditor(
      { analyzerFor, recordingsOf: () => Promise.resolve([recordingOf(sources[0]!)]) },
      positionEncodings && { capabilities: { general: { positionEncodings } } },
    );
  };
  afterEach(() => editor.close());
  const settled = async (version: number) => {
    await editor.until(() => editor.diagnostics.at(-1)?.version === version);
    return editor.diagnostics.at(-1)!.diagnostics;
  };

  for (const [name, lineEnd] of [
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ] as const) {
    for (const mark of ['', '\uFEFF']) {
      it(`has its warning in the right place with ${name}${mark && ' and a byte order mark'}`, async () => {
        await start();
        await editor.open(mark + program.replaceAll('\n', lineEnd));
        assert.deepEqual(await settled(1), []);
        const line = program.split('\n')[4]!;
        const at = line.indexOf('10)');
        await editor.edit(2, 4, at, at + 2, '20');
        const [warning] = await settled(2);
        assert.equal(warning?.message, 'Recording is stale: fire_interval: 10 → 20');
        const character = line.indexOf("'Clicks");
        assert.deepEqual(warning.range.start, { line: 4, character });
        assert.deepEqual(warning.range.end, { line: 4, character: line.length });
      });
    }
  }

  it('counts in UTF-8 where the client does', async () => {
    await start(['utf-8', 'utf-16']);
    await editor.open(program);
    const line = program.split('\n')[4]!;
    const at = Buffer.byteLength(line.slice(0, line.indexOf('10)')));
    await editor.edit(2, 4, at, at + 2, '20');
    const [warning] = await settled(2);
    assert.equal(warning?.message, 'Recording is stale: fire_interval: 10 → 20');
    assert.equal(warning.range.end.character, Buffer.byteLength(line));
  });

  it('is followed through 100,000 lines', async () => {
    await start();
    const filler = 'value = 1\n'.repeat(100_000);
    await editor.open(filler + program);
    await settled(1);
    const line = 100_004;
    const at = program.split('\n')[4]!.indexOf('10)');
    await editor.edit(2, line, at, at + 2, '20');
    const [warning] = await settled(2);
    assert.equal(warning?.range.start.line, line);
  }).timeout(60_000);

  it('may be no program at all', async () => {
    await start();
    await editor.open(randomBytes(50_000).toString('latin1'));
    await settled(1);
    await editor.edit(
      2,
      0,
      0,
      0,
      randomBytes(100)
        .toString('utf8')
        .replace(/[\r\n]/g, ''),
    );
    await settled(2);
    const symbols = await editor.connection.sendRequest<DocumentSymbol[]>(
      'textDocument/documentSymbol',
      { textDocument: { uri } },
    );
    assert.ok(Array.isArray(symbols));
  });
});

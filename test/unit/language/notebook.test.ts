import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { analyzerFor, analyzeText } from '../../../server/src/language/language.js';
import { withoutMagics } from '../../../server/src/language/notebook/magics.js';
import { MAGICS } from './magics.js';
import { random, runSeed } from './random.js';

const HEAD = `import apache_beam as beam
from apache_beam.transforms.periodicsequence import PeriodicImpulse`;

function notebook(...cells: (string | { markdown: string })[]): string {
  return JSON.stringify({
    cells: cells.map((cell) =>
      typeof cell === 'string'
        ? { cell_type: 'code', source: cell.split(/(?<=\n)/) }
        : { cell_type: 'markdown', source: cell.markdown },
    ),
    metadata: { language_info: { name: 'python' } },
  });
}

describe('Cells of notebooks', () => {
  for (const [name, [cell, code]] of Object.entries(MAGICS)) {
    it(`keep their Python: ${name}`, () => {
      assert.equal(withoutMagics(cell), code);
    });
  }

  it('keep their lines, whatever is in them', () => {
    const { below, pick } = random(runSeed());
    const pieces = [
      '%',
      '!',
      '?',
      '"',
      "'''",
      '(',
      ')',
      '\n',
      '\r\n',
      '\\',
      ' ',
      'x = ',
      'a',
      '%%x',
    ];
    for (let i = 0; i < 500; i++) {
      const cell = Array.from({ length: below(40) }, () => pick(pieces)).join('');
      const lines = (text: string): number => text.split(/\r\n|\r|\n/).length;
      assert.equal(lines(withoutMagics(cell)), lines(cell), JSON.stringify(cell));
    }
  });
});

describe('Sources in notebooks', () => {
  it('are found in their cells', async () => {
    const text = notebook(
      { markdown: '# Title\n\n%not code' },
      HEAD,
      '%%bash\necho p | PeriodicImpulse()\n',
      'RATE = 2\np = beam.Pipeline()',
      "!ls\n(p\n | 'Ticks' >> PeriodicImpulse(fire_interval=RATE))",
    );
    const { sources, syntaxErrors } = await analyzeText('a.ipynb', text);
    assert.deepEqual(syntaxErrors, []);
    assert.equal(sources.length, 1);
    const [ticks] = sources;
    assert.equal(ticks!.cell, 4);
    assert.equal(ticks!.pipeline, 'p');
    assert.equal(ticks!.signature.arguments['fire_interval'], '2');
    assert.deepEqual(ticks!.range, {
      start: { line: 2, character: 3 },
      end: { line: 2, character: 49 },
    });
    assert.equal(ticks!.statement.start.line, 1);
  });

  it('have the signatures that they have in a file', async () => {
    const code = ['p = beam.Pipeline()', "p | 'T' >> PeriodicImpulse(0, 1)"];
    const inFile = await analyzeText('a.py', [HEAD, ...code].join('\n'));
    const inCells = await analyzeText('a.ipynb', notebook(HEAD, ...code));
    assert.deepEqual(inCells.sources[0]!.signature, inFile.sources[0]!.signature);
  });

  it('tell where a cell does not parse', async () => {
    const { sources, syntaxErrors } = await analyzeText(
      'a.ipynb',
      notebook(HEAD, 'x = (', "p = beam.Pipeline()\np | 'T' >> PeriodicImpulse()"),
    );
    assert.equal(sources.length, 1);
    assert.deepEqual(
      syntaxErrors.map((error) => ('cell' in error ? error.cell : undefined)),
      [1],
    );
  });

  it('are none in what is no notebook of Python', async () => {
    for (const text of ['', '{}', '[]', 'null', '{"cells": [1, null, {"cell_type": "code"}]}']) {
      assert.deepEqual((await analyzeText('a.ipynb', text)).sources, []);
    }
    assert.equal((await analyzeText('a.ipynb', '{"cells": [')).syntaxErrors.length, 1);
    const r = notebook(HEAD, "beam.Pipeline() | 'T' >> PeriodicImpulse()").replace('python', 'R');
    assert.deepEqual((await analyzeText('a.ipynb', r)).sources, []);
  });

  it('are the same after edits as from scratch', async () => {
    const { below, pick } = random(runSeed());
    const text = readFileSync('test/fixtures/programs/clicks.ipynb', 'utf8');
    const analyzer = analyzerFor('a.ipynb')!;
    const document = await analyzer.open(text);
    for (let i = 0; i < 30; i++) {
      const at = below(text.length);
      const edited = text.slice(0, at) + pick(['', 'x', '"', '%']) + text.slice(at + 1);
      document.update(edited);
      assert.deepEqual(document.file(), (await analyzer.open(edited)).file());
    }
    document.update('');
    document.edit([{ text }]);
    assert.deepEqual(document.file(), (await analyzer.open(text)).file());
    assert.equal(document.file().sources.length, 1);
  });
});

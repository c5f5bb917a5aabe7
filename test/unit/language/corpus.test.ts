import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { analyzeText } from '../../../server/src/language/language.js';
import { annotate, pythonFixtures as fixtures } from './fixtures.js';

describe('Python sources of annotated files', () => {
  for (const fixture of fixtures) {
    const { name, path, text } = fixture;
    it(name, async () => {
      const file = await analyzeText(path, text);
      assert.deepEqual(file.syntaxErrors, []);
      const annotated = annotate(fixture, file);
      if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(path, annotated);
      else assert.equal(annotated, text);
    });
  }

  it('are enough to mean something', async () => {
    const files = await Promise.all(fixtures.map(({ path, text }) => analyzeText(path, text)));
    const sources = files.flatMap((file) => file.sources);
    assert.ok(sources.length >= 100, `${sources.length} sources`);
  });

  it('have ranges that are the transform, and statements around them', async () => {
    const text =
      "import apache_beam as beam\np = beam.Pipeline()\nx = (p\n  | 'T' >> beam.Create([1])\n  | beam.Map(print))\n";
    const { sources } = await analyzeText('a.py', text);
    assert.equal(sources.length, 1);
    assert.deepEqual(sources[0]!.range, {
      start: { line: 3, character: 4 },
      end: { line: 3, character: 27 },
    });
    assert.deepEqual(sources[0]!.statement, {
      start: { line: 2, character: 0 },
      end: { line: 4, character: 20 },
    });
  });
});

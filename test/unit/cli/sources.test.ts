import assert from 'node:assert/strict';
import type { PipelineFile } from '../../../server/src/language/source.js';
import { aSource, cli, jsonLines } from './harness.js';

const two: PipelineFile = {
  sources: [
    aSource(),
    aSource({
      pipeline: 'p',
      label: 'Read\tnames',
      transformName: 'ReadFromText',
      bounded: true,
      boundedReason: 'reads files once',
    }),
  ],
  syntaxErrors: [],
};

function finds(analysis: PipelineFile) {
  return { analyzeText: () => Promise.resolve(analysis) };
}

describe('beam-rewind sources', () => {
  it('analyses the text of the file', async () => {
    const seen: string[] = [];
    await cli(['sources', 'clicks.py'], {
      files: { 'clicks.py': 'the text' },
      analyzeText: (fileName, text) => {
        seen.push(fileName.replace(/.*\//, ''), text);
        return Promise.resolve(two);
      },
    });
    assert.deepEqual(seen, ['clicks.py', 'the text']);
  });

  it('lists sources in a table', async () => {
    const run = await cli(['sources', 'clicks.py'], finds(two));
    assert.deepEqual(run, {
      code: 0,
      out: `\
SOURCE       TRANSFORM        PIPELINE  LINE  BOUNDED
Clicks       PeriodicImpulse  run.p       12  unbounded: no stop_timestamp
Read\\tnames  ReadFromText     p           12  bounded: reads files once
`,
      err: '',
    });
  });

  it('cuts lines to the width of the terminal', async () => {
    const { out } = await cli(['sources', 'clicks.py'], { ...finds(two), stdoutColumns: 30 });
    assert.equal(
      out,
      `\
SOURCE       TRANSFORM       …
Clicks       PeriodicImpulse …
Read\\tnames  ReadFromText    …
`,
    );
  });

  it('writes one document with --json', async () => {
    const run = await cli(['sources', 'clicks.py', '--json'], {
      ...finds({ sources: [aSource()], syntaxErrors: [aSource().range] }),
    });
    assert.deepEqual(jsonLines(run), [
      {
        file: 'CWD/clicks.py',
        sources: [
          {
            pipeline: 'run.p',
            label: 'Clicks',
            transform: 'apache_beam.transforms.periodicsequence.PeriodicImpulse',
            bounded: false,
            boundedReason: 'no stop_timestamp',
            line: 12,
            signature: 'abc123',
          },
        ],
        syntaxErrors: [{ line: 12 }],
      },
    ]);
  });

  it('warns when the text does not parse', async () => {
    const run = await cli(['sources', 'clicks.py'], {
      ...finds({ ...two, syntaxErrors: [aSource().range] }),
    });
    assert.equal(run.code, 0);
    assert.equal(
      run.err,
      'warning: clicks.py:12 does not parse; sources near it may be missing or wrong\n',
    );
  });

  it('exits 3 when there are none', async () => {
    const none = finds({ sources: [], syntaxErrors: [] });
    assert.deepEqual(await cli(['sources', 'clicks.py'], none), {
      code: 3,
      out: '',
      err: 'No sources found in clicks.py.\n',
    });
    assert.deepEqual(await cli(['sources', 'clicks.py', '--json'], none), {
      code: 3,
      out: '{"file":"CWD/clicks.py","sources":[],"syntaxErrors":[]}\n',
      err: 'No sources found in clicks.py.\n',
    });
  });
});

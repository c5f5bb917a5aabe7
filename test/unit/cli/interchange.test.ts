import assert from 'node:assert/strict';
import path from 'node:path';
import { Interrupted } from '../../../server/src/cli/context.js';
import type { ExportOptions } from '../../../server/src/session/exportRecording.js';
import type { ExportTestOptions } from '../../../server/src/session/exportTest.js';
import type { ImportOptions } from '../../../server/src/session/importRecording.js';
import { aRecording, aSource, aStatus, cli } from './harness.js';

describe('export', () => {
  const recorded = aRecording({ label: 'Clicks', endReason: 'elements limit' });
  const one = {
    sourceStatuses: () => Promise.resolve([aStatus({ recording: recorded })]),
    storedRecordings: () => Promise.resolve([recorded]),
  };

  it('writes JSON Lines to stdout', async () => {
    const run = await cli(['export', 'clicks.py'], {
      ...one,
      async exportRecording({ format, output }) {
        assert.equal(format, 'jsonl');
        assert.ok('write' in output);
        await output.write('{"kind":"header"}\n');
      },
    });
    assert.deepEqual([run.code, run.out], [0, '{"kind":"header"}\n']);
  });

  it('takes the format from the ending of OUT and does not replace it unasked', async () => {
    const asked: ExportOptions[] = [];
    const setup = {
      ...one,
      exportRecording: (options: ExportOptions) => Promise.resolve(void asked.push(options)),
    };
    await cli(['export', 'clicks.py', '-o', 'a.parquet'], setup);
    await cli(['export', '--recording', recorded.id, '-o', 'a.csv', '--force'], setup);
    const outputs = asked.map(({ format, output }) => {
      assert.ok('file' in output);
      return [format, path.basename(output.file), output.mayReplace];
    });
    assert.deepEqual(outputs, [
      ['parquet', 'a.parquet', false],
      ['csv', 'a.csv', true],
    ]);
  });

  it('says what to choose from', async () => {
    const other = { ...recorded, id: 'other', label: 'Other' };
    const run = await cli(['export', 'clicks.py'], {
      sourceStatuses: () =>
        Promise.resolve([aStatus({ recording: recorded }), aStatus({ recording: other })]),
      storedRecordings: () => Promise.resolve([recorded, other]),
    });
    assert.equal(run.code, 2);
    assert.match(run.err, /several recordings[^]*Clicks.*Other/);
  });

  it('refuses binary formats without OUT, and has nothing to do without a recording', async () => {
    const binary = await cli(['export', 'clicks.py', '--format', 'parquet'], one);
    assert.equal(binary.code, 2);
    assert.match(binary.err, /-o OUT/);
    const none = {
      sourceStatuses: () => Promise.resolve([]),
      storedRecordings: () => Promise.resolve([]),
    };
    assert.equal((await cli(['export', 'clicks.py'], none)).code, 3);
    assert.equal((await cli(['export', '--recording', 'x'], none)).code, 3);
  });

  it('ends as shells expect when it is interrupted, quietly when the reader has seen enough', async () => {
    for (const [by, code] of [
      ['SIGINT', 130],
      ['stdout closed', 0],
    ] as const) {
      const run = await cli(['export', 'clicks.py'], {
        ...one,
        exportRecording: () => Promise.reject(new Interrupted(by)),
      });
      assert.equal(run.code, code);
    }
  });
});

describe('export --as', () => {
  const clicks = aRecording({ label: 'Clicks', endReason: 'elements limit' });
  const buys = { ...clicks, id: 'buys', label: 'Buys' };
  const two = {
    sourceStatuses: () =>
      Promise.resolve([aStatus({ recording: clicks }), aStatus({ recording: buys })]),
    storedRecordings: () => Promise.resolve([clicks, buys]),
  };

  it('writes a test of all sources, or of those named, or of a part', async () => {
    const asked: ExportTestOptions[] = [];
    const setup = {
      ...two,
      exportTest(options: ExportTestOptions) {
        asked.push(options);
        const dataFile = path.resolve('t.events.txt');
        return Promise.resolve({ elements: 7, ...(asked.length === 1 && { dataFile }) });
      },
    };
    const all = await cli(['export', 'clicks.py', '--as', 'python-pytest', '-o', 't.py'], setup);
    assert.equal(all.code, 0, all.err);
    assert.match(
      all.err,
      /Wrote a test of 7 elements of Clicks, Buys to t.py, the elements to .*t\.events\.txt/,
    );
    const part = [
      '--elements',
      '3..5',
      '--processing-time',
      '..2s',
      '--event-time',
      '1970-01-02..',
    ];
    await cli(
      ['export', 'clicks.py', '--as', 'python-unittest', '--source', 'Buys', ...part],
      setup,
    );
    assert.deepEqual(
      asked.map(({ format, recordings, selection }) => [
        format,
        recordings.map(({ label }) => label),
        selection,
      ]),
      [
        ['python-pytest', ['Clicks', 'Buys'], {}],
        [
          'python-unittest',
          ['Buys'],
          {
            eventTime: { from: 86_400_000, to: Infinity },
            processingTime: { from: -Infinity, to: 2000 },
            elements: { from: 3, to: 6 },
          },
        ],
      ],
    );
  });

  it('says what is wrong before anything is read', async () => {
    for (const [args, message] of [
      [['--as', 'python-pytest', '--format', 'csv'], /--as and --format/],
      [['--as', 'python-pytest', '-o', 'test_clicks.txt'], /name it like test_clicks.py/],
      [['--as', 'python-pytest', '--elements', '0..5'], /the first element is number 1/],
      [['--as', 'python-pytest', '--elements', '5'], /it is not FROM..TO/],
      [['--as', 'python-pytest', '--event-time', 'noon..'], /"noon" is not a time/],
      [['--elements', '1..5'], /can be a test: --as/],
    ] as const) {
      const run = await cli(['export', 'clicks.py', ...args], two);
      assert.equal(run.code, 2);
      assert.match(run.err, message);
    }
    const other = { ...buys, pipeline: 'q' };
    const run = await cli(['export', 'clicks.py', '--as', 'python-pytest'], {
      sourceStatuses: () =>
        Promise.resolve([aStatus({ recording: clicks }), aStatus({ recording: other })]),
      storedRecordings: () => Promise.resolve([clicks, other]),
    });
    assert.equal(run.code, 2);
    assert.match(run.err, /of 2 pipelines[^]*--source: Clicks, Buys/);
  });
});

describe('import', () => {
  const imported = aRecording({ label: 'Clicks', elements: 7 });

  it('makes a recording of the only unbounded source', async () => {
    let asked: ImportOptions | undefined;
    const run = await cli(['import', 'in.jsonl', '--file', 'clicks.py'], {
      analyzeText: () =>
        Promise.resolve({ sources: [aSource({ label: 'Clicks' })], syntaxErrors: [] }),
      importRecording: (options) => {
        asked = options;
        return Promise.resolve(imported);
      },
    });
    assert.equal(run.code, 0, run.err);
    assert.match(run.out, /Imported 7 elements as a recording of Clicks/);
    assert.equal(asked?.source.label, 'Clicks');
    assert.equal(path.basename(asked.input), 'in.jsonl');
  });

  it('says which sources there are, and what is wrong with the input', async () => {
    const analyzeText = () =>
      Promise.resolve({
        sources: [aSource({ label: 'A' }), aSource({ label: 'B' })],
        syntaxErrors: [],
      });
    const several = await cli(['import', 'in', '--file', 'clicks.py'], { analyzeText });
    assert.equal(several.code, 2);
    assert.match(several.err, /A, B/);
    const bad = await cli(['import', 'in', '--file', 'clicks.py', '--source', 'A'], {
      analyzeText,
      importRecording: () => Promise.reject(new Error('line 3: not JSON')),
    });
    assert.equal(bad.code, 1);
    assert.match(bad.err, /cannot import in: line 3: not JSON/);
  });
});

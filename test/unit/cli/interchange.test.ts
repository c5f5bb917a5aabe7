import assert from 'node:assert/strict';
import path from 'node:path';
import { Interrupted } from '../../../server/src/cli/context.js';
import type { ExportOptions } from '../../../server/src/session/exportRecording.js';
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

import assert from 'node:assert/strict';
import path from 'node:path';
import type { SourceStatus } from '../../../server/src/session/sourceStatus.js';
import { aRecording, aSource, aStatus, cli, jsonLines, now, recordingJson } from './harness.js';

/** Any session that knows these sources of clicks.py. */
function knows(...statuses: SourceStatus[]) {
  return { sourceStatuses: () => Promise.resolve(statuses) };
}

describe('beam-rewind status FILE', () => {
  it('lists every state', async () => {
    const day = 86_400_000;
    const run = await cli(['status', 'clicks.py'], {
      ...knows(
        aStatus(),
        { pipeline: 'run.p', label: 'New', state: 'none', source: aSource() },
        aStatus({
          label: 'Running',
          state: 'recording',
          recording: aRecording({ startedAt: now - 30_000, endedAt: undefined!, elements: 5 }),
        }),
        aStatus({ label: 'Changed', state: 'stale', reason: 'fire_interval: 1 → 2' }),
        aStatus({
          label: 'Old',
          state: 'removed',
          reason: 'the source is no longer in the file',
          recording: aRecording({ endedAt: now - 2 * day }),
        }),
        aStatus({
          label: 'Broken',
          state: 'failed',
          reason: 'Traceback\n  File "x.py"\nValueError: \u001b[1mno\r\n',
          recording: aRecording({ elements: 0, bytes: 90, endedAt: now - 10 }),
        }),
      ),
    });
    assert.equal(run.code, 0);
    assert.equal(run.err, '');
    const time = '2025-03-01 12:00:00 + 1m 30s';
    assert.equal(
      run.out,
      `\
clicks.py
SOURCE   STATE      ELEMENTS   SIZE  EVENT TIME (UTC)              RECORDED        REASON
Clicks   valid         1,240  58 kB  ${time}  3 minutes ago
New      none
Running  recording         5  58 kB  ${time}  30 seconds ago
Changed  stale         1,240  58 kB  ${time}  3 minutes ago   fire_interval: 1 → 2
Old      removed       1,240  58 kB  ${time}  2 days ago      the source is no longer in the file
Broken   failed            0   90 B  ${time}  just now        Traceback

Broken:
  Traceback
    File "x.py"
  ValueError: \\x1b[1mno
`,
    );
  });

  it('writes one document with --json', async () => {
    const run = await cli(['status', 'clicks.py', '--json'], {
      ...knows(aStatus({ state: 'stale', reason: 'why' })),
    });
    assert.deepEqual(jsonLines(run), [
      {
        store: 'CWD/.beam-rewind',
        file: 'CWD/clicks.py',
        sources: [
          {
            pipeline: 'run.p',
            label: 'Clicks',
            state: 'stale',
            reason: 'why',
            line: 12,
            recording: recordingJson,
          },
        ],
      },
    ]);
  });

  it('gives the session the store, the file and what analysis finds', async () => {
    const seen: unknown[] = [];
    const sources = [aSource()];
    await cli(['status', 'clicks.py', '--store', '/st'], {
      analyzeText: () => Promise.resolve({ sources, syntaxErrors: [] }),
      sourceStatuses: (store, file, found) => {
        seen.push(store, path.basename(file), found);
        return Promise.resolve([aStatus()]);
      },
    });
    assert.deepEqual(seen, ['/st', 'clicks.py', sources]);
  });

  it('exits 0 when the file has no unbounded source', async () => {
    assert.deepEqual(await cli(['status', 'clicks.py'], knows()), {
      code: 0,
      out: '',
      err: 'No unbounded source in clicks.py.\n',
    });
  });

  it('lists the recordings of a file that is gone', async () => {
    const seen: unknown[] = [];
    const run = await cli(['status', '/gone/rides.py'], {
      recordedFiles: () => Promise.resolve(['/gone/rides.py']),
      analyzeText: (_file, text) => {
        seen.push(text);
        return Promise.resolve({ sources: [], syntaxErrors: [] });
      },
      ...knows(aStatus({ state: 'removed' })),
    });
    assert.deepEqual(seen, ['']);
    assert.equal(run.code, 0);
    assert.match(run.out, /^\/gone\/rides\.py\n.*\nClicks {2}removed/);
  });
});

describe('beam-rewind status', () => {
  const files = { 'a.py': '', 'b.py': '' };

  it('lists all files of the store', async () => {
    const seen: string[] = [];
    const run = await cli(['status'], {
      files,
      recordedFiles: (store) => {
        seen.push(store);
        const folder = path.dirname(store);
        return Promise.resolve([path.join(folder, 'a.py'), path.join(folder, 'b.py')]);
      },
      sourceStatuses: (_store, file) =>
        Promise.resolve([
          { pipeline: 'p', label: path.basename(file), state: 'none', source: aSource() },
        ]),
    });
    assert.deepEqual(run, {
      code: 0,
      out: `\
a.py
SOURCE  STATE  ELEMENTS  SIZE  EVENT TIME (UTC)  RECORDED  REASON
a.py    none

b.py
SOURCE  STATE  ELEMENTS  SIZE  EVENT TIME (UTC)  RECORDED  REASON
b.py    none
`,
      err: '',
    });
    assert.equal(path.basename(seen[0]!), '.beam-rewind');
  });

  it('writes one document with --json', async () => {
    const run = await cli(['status', '--json', '--store', '/st'], {
      recordedFiles: () => Promise.resolve(['/gone/rides.py']),
      ...knows(aStatus()),
    });
    assert.deepEqual(jsonLines(run), [
      {
        store: '/st',
        files: [
          {
            file: '/gone/rides.py',
            sources: [
              {
                pipeline: 'run.p',
                label: 'Clicks',
                state: 'valid',
                line: 12,
                recording: recordingJson,
              },
            ],
          },
        ],
      },
    ]);
  });

  it('says so when the store is empty', async () => {
    assert.deepEqual(await cli(['status']), {
      code: 0,
      out: '',
      err: 'No recordings in CWD/.beam-rewind.\n',
    });
    const json = await cli(['status', '--json']);
    assert.equal(json.out, '{"store":"CWD/.beam-rewind","files":[]}\n');
  });
});

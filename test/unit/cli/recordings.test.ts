import assert from 'node:assert/strict';
import type { Recording } from '../../../server/src/recording/recording.js';
import { aRecording, cli, jsonLines, recordingJson } from './harness.js';

const kept: Recording[] = [
  aRecording({ id: 'r1', name: 'rush-hour', pinned: true, note: 'with late events' }),
  aRecording({ id: 'r2', elements: 7, endReason: 'elements limit' }),
];

describe('beam-rewind recordings', () => {
  const storedRecordings = () => Promise.resolve(kept);

  it('lists ids, names, pins and notes', async () => {
    const run = await cli(['recordings', 'clicks.py'], { storedRecordings });
    assert.deepEqual(run, {
      code: 0,
      out: `\
ID  SOURCE  NAME       KEPT    ELEMENTS   SIZE  RECORDED       ENDED           NOTE
r1  Clicks  rush-hour  pinned     1,240  58 kB  3 minutes ago  duration limit  with late events
r2  Clicks                            7  58 kB  3 minutes ago  elements limit
`,
      err: '',
    });
  });

  it('writes one document with --json', async () => {
    const run = await cli(['recordings', '--json'], { storedRecordings });
    const source = { file: '/p/clicks.py', pipeline: 'run.p', label: 'Clicks' };
    assert.deepEqual(jsonLines(run), [
      {
        store: 'CWD/.beam-rewind',
        recordings: [
          {
            ...source,
            ...recordingJson,
            name: 'rush-hour',
            note: 'with late events',
            pinned: true,
          },
          { ...source, ...recordingJson, id: 'r2', elements: 7, endReason: 'elements limit' },
        ],
      },
    ]);
  });

  it('exits 3 without one', async () => {
    const run = await cli(['recordings'], { storedRecordings: () => Promise.resolve([]) });
    assert.equal(run.code, 3);
    assert.match(run.err, /No recordings in CWD/);
  });
});

describe('beam-rewind verify', () => {
  it('names the places where recordings are damaged, and fails', async () => {
    const place = 'at byte 7 of elements-00001.log: 9 bytes are damaged';
    const damaged = aRecording({ id: 'r3', damage: [place, 'and 2 more places'] });
    const run = await cli(['verify', 'clicks.py'], {
      verifyRecordings: () => Promise.resolve([...kept, damaged]),
    });
    assert.deepEqual(run, {
      code: 1,
      out: `r3  Clicks  damaged ${place}\nr3  Clicks  damaged and 2 more places\n`,
      err: '2 recordings whole, 1 damaged.\n',
    });
  });

  it('is content with whole ones, and exits 3 without one', async () => {
    const whole = await cli(['verify'], { verifyRecordings: () => Promise.resolve(kept) });
    assert.deepEqual(whole, { code: 0, out: '', err: '2 recordings whole, 0 damaged.\n' });
    const none = await cli(['verify'], { verifyRecordings: () => Promise.resolve([]) });
    assert.equal(none.code, 3);
  });
});

describe('verbs that change a recording', () => {
  const calls: unknown[][] = [];
  const note = (...call: unknown[]) => {
    calls.push(call);
    return Promise.resolve(kept.slice(0, 1));
  };
  const session = {
    pinRecordings: note,
    nameRecordings: note,
    noteRecordings: note,
    deleteRecordings: note,
  };

  for (const [argv, call, said] of [
    [['pin', 'r1'], ['r1', true], 'Pinned 1 recording of Clicks.'],
    [['unpin', 'r1'], ['r1', false], 'Unpinned 1 recording of Clicks.'],
    [['name', 'r1', 'a b'], ['r1', 'a b'], 'Named 1 recording of Clicks.'],
    [['note', 'r1', ''], ['r1', ''], 'Took the note of 1 recording of Clicks.'],
    [['delete', 'r1'], ['r1'], 'Deleted 1 recording of Clicks.'],
  ] as const) {
    it(argv.join(' '), async () => {
      calls.length = 0;
      const run = await cli([...argv, '--store', 's'], session);
      assert.deepEqual(run, { code: 0, out: `${said}\n`, err: '' });
      assert.deepEqual(
        calls.map(([, ...rest]) => rest),
        [call],
      );
    });
  }

  it('exit 1 with the reason', async () => {
    const run = await cli(['pin', 'x'], {
      pinRecordings: () => Promise.reject(new Error('There is no recording "x".')),
    });
    assert.deepEqual([run.code, run.err], [1, 'error: There is no recording "x".\n']);
  });
});

describe('beam-rewind accept-rename', () => {
  it('says what is whose now', async () => {
    const run = await cli(['accept-rename', 'clicks.py'], {
      acceptRenames: () => Promise.resolve([{ pipeline: 'p', from: 'Clicks', to: 'Taps' }]),
    });
    assert.deepEqual(run, {
      code: 0,
      out: 'The recording of Clicks is now of Taps.\n',
      err: '',
    });
  });

  it('exits 3 when nothing was renamed', async () => {
    const acceptRenames = () => Promise.resolve([]);
    assert.equal((await cli(['accept-rename', 'clicks.py'], { acceptRenames })).code, 3);
  });
});

import assert from 'node:assert/strict';
import type { PlaceInRecording } from '../../../server/src/recording/readFromPlace.js';
import type { ShownElement } from '../../../server/src/session/showRecording.js';
import { aRecording, aStatus, cli } from './harness.js';

const noon = Date.parse('2025-03-01T12:00:00Z');

function element(index: number, values: Partial<ShownElement> = {}): ShownElement {
  const value = `("user", ${index})`;
  return { pipeline: 'run.p', label: 'Clicks', timestamp: noon + index, value, ...values };
}

/** A session with a recording of Clicks that has these elements. */
function holds(...elements: ShownElement[]) {
  return {
    sourceStatuses: () => Promise.resolve([aStatus()]),
    async *showElements(
      _store: string,
      _file: string,
      _label: string | undefined,
      limit: number,
      _from?: PlaceInRecording,
    ) {
      yield* await Promise.resolve(elements.slice(0, limit));
    },
  };
}

const nothing = {
  ...holds(),
  sourceStatuses: () =>
    Promise.resolve([{ pipeline: 'p', label: 'Clicks', state: 'none' as const }]),
};

describe('beam-rewind show', () => {
  it('shows elements with their event time', async () => {
    const least = element(1, { timestamp: -9223372036854775.808, value: '0a\u001b[2J (4 bytes)' });
    assert.deepEqual(await cli(['show', 'clicks.py'], holds(element(0), least)), {
      code: 0,
      out: `\
2025-03-01 12:00:00.000  Clicks  ("user", 0)
MIN_TIMESTAMP            Clicks  0a\\x1b[2J (4 bytes)
`,
      err: '',
    });
  });

  it('shows one source without its label', async () => {
    const seen: (string | undefined)[] = [];
    const session = holds(element(0));
    const { out } = await cli(['show', 'clicks.py', '--source', 'Clicks'], {
      ...session,
      showElements: (store, file, label, limit) => {
        seen.push(label);
        return session.showElements(store, file, label, limit);
      },
    });
    assert.equal(out, '2025-03-01 12:00:00.000  ("user", 0)\n');
    assert.deepEqual(seen, ['Clicks']);
  });

  it('begins at an element, an event time or a time since the first arrival', async () => {
    const seen: unknown[] = [];
    const session = holds(element(0), element(1));
    const showElements: typeof session.showElements = (store, file, label, limit, from) => {
      seen.push(from);
      return session.showElements(store, file, label, limit, from);
    };
    for (const place of ['5000', '10k', '2025-03-01T12:00Z', '1m30s']) {
      const run = await cli(['show', 'clicks.py', '--from', place, '--limit', '1'], {
        ...session,
        showElements,
      });
      assert.equal(run.err, 'These are 1 elements; more with --limit.\n');
    }
    assert.deepEqual(seen, [
      { element: 5000 },
      { element: 10_000 },
      { eventTime: noon },
      { passedMs: 90_000 },
    ]);
    const wrong = await cli(['show', 'clicks.py', '--from', 'noon'], session);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /"noon" is no place in a recording/);
  });

  it('stops at the limit and says so', async () => {
    const all = Array.from({ length: 25 }, (_, i) => element(i));
    const byDefault = await cli(['show', 'clicks.py'], holds(...all));
    assert.equal(byDefault.out.split('\n').length - 1, 20);
    assert.equal(byDefault.err, 'First 20 elements; more with --limit.\n');
    const enough = await cli(['show', 'clicks.py', '--limit', '25'], holds(...all));
    assert.equal(enough.out.split('\n').length - 1, 25);
    assert.equal(enough.err, '');
  });

  it('cuts lines to the width of the terminal', async () => {
    const { out } = await cli(['show', 'clicks.py'], { ...holds(element(0)), stdoutColumns: 40 });
    assert.equal(out, '2025-03-01 12:00:00.000  Clicks  ("user…\n');
  });

  it('writes one document with --json', async () => {
    const run = await cli(
      ['show', 'clicks.py', '--json', '--limit', '2'],
      holds(element(0), element(1), element(2)),
    );
    assert.deepEqual(JSON.parse(run.out), {
      file: 'CWD/clicks.py',
      elements: [element(0), element(1)],
      more: true,
    });
    assert.equal(run.err, '');
    const empty = await cli(['show', 'clicks.py', '--json'], holds());
    assert.deepEqual(JSON.parse(empty.out), { file: 'CWD/clicks.py', elements: [], more: false });
  });

  it('exits 3 without a recording', async () => {
    const run = await cli(['show', 'clicks.py'], nothing);
    assert.deepEqual(run, {
      code: 3,
      out: '',
      err: `No recording of clicks.py.
hint: make one with beam-rewind record clicks.py
`,
    });
    assert.equal((await cli(['show', 'clicks.py', '--json'], nothing)).code, 3);
  });

  it('tells an empty recording from none', async () => {
    const run = await cli(['show', 'clicks.py'], holds());
    assert.deepEqual(run, { code: 0, out: '', err: 'The recording has no elements.\n' });
  });

  it('exits 2 for a label that is not recorded, and lists those that are', async () => {
    const run = await cli(['show', 'clicks.py', '--source', 'Rides'], holds());
    assert.deepEqual(run, {
      code: 2,
      out: '',
      err: 'error: no recording of a source labelled Rides\nhint: recorded: Clicks\n',
    });
  });

  it('shows the elements before a damage, then exits 1', async () => {
    const run = await cli(['show', 'clicks.py'], {
      ...holds(),
      async *showElements() {
        yield await Promise.resolve(element(0));
        throw new Error('the log is damaged after 1 element');
      },
    });
    assert.deepEqual(run, {
      code: 1,
      out: '2025-03-01 12:00:00.000  Clicks  ("user", 0)\n',
      err: 'error: the log is damaged after 1 element\n',
    });
  });

  it('shows a recording by its name, and says that it failed', async () => {
    const recording = { ...aRecording(), name: 'rush', endReason: 'failed' as const };
    const message = 'the broker is on fire\n  at main';
    const run = await cli(['show', 'rush'], {
      storedRecordings: () => Promise.resolve([{ ...recording, elements: 1, message }]),
      async *showRecordings(_store, recordings) {
        yield await Promise.resolve(element(0, { label: recordings[0]?.label ?? '' }));
      },
    });
    assert.deepEqual(run, {
      code: 0,
      out: '2025-03-01 12:00:00.000  Clicks  ("user", 0)\n',
      err:
        'warning: Recording rush of "Clicks" failed: the broker is on fire. ' +
        'It is incomplete; elements until then: 1.\n',
    });
  });

  it('exits 2 for what is neither a file nor a recording', async () => {
    const run = await cli(['show', 'rush'], { storedRecordings: () => Promise.resolve([]) });
    assert.deepEqual(run, { code: 2, out: '', err: 'error: no such file: rush\n' });
  });
});

import assert from 'node:assert/strict';
import { statusesFrom } from '../../../server/src/session/statusOfFile.js';
import { recordingOf, sourceOf } from './recordings.js';

const ended = { elements: 5, endReason: 'duration limit', endedAt: 1 } as const;

describe('recordings of sources under other names', () => {
  it('stay valid when the pipeline variable was renamed', () => {
    const before = recordingOf(sourceOf('Clicks'), '/c.py', ended);
    const [status, ...others] = statusesFrom([before], [sourceOf('Clicks', {}, 'pipe')]);
    assert.equal(status?.state, 'valid');
    assert.equal(status.recording?.id, before.id);
    assert.deepEqual(others, []);
  });

  it('stay valid though an attempt under the new variable failed', () => {
    const now = sourceOf('Clicks', {}, 'pipe');
    const before = recordingOf(sourceOf('Clicks'), '/c.py', ended);
    const failed = recordingOf(now, '/c.py', { endReason: 'failed', message: 'no', endedAt: 2 });
    const [status] = statusesFrom([before, failed], [now]);
    assert.equal(status?.state, 'valid');
    assert.match(status.reason ?? '', /the last attempt failed: no/);
  });

  it('bring those along that were made of an earlier form of the source', () => {
    const earlier = recordingOf(sourceOf('Clicks', { rate: '2' }), '/c.py', ended);
    const last = recordingOf(sourceOf('Clicks'), '/c.py', ended);
    for (const now of [sourceOf('Clicks', {}, 'pipe'), sourceOf('Taps')]) {
      const [status, ...others] = statusesFrom([earlier, last], [now]);
      assert.equal(status?.recording?.id, last.id);
      assert.deepEqual(others, []);
    }
  });

  it('are not guessed between two pipelines', () => {
    const before = recordingOf(sourceOf('Clicks'), '/c.py', ended);
    const two = [sourceOf('Clicks', {}, 'a'), sourceOf('Clicks', {}, 'b')];
    assert.deepEqual(
      statusesFrom([before], two).map(({ state }) => state),
      ['none', 'none', 'removed'],
    );
    const [first, second] = two.map((source) => recordingOf(source, '/c.py', ended));
    assert.ok(first && second);
    assert.deepEqual(
      statusesFrom([first, second], [sourceOf('Clicks', {}, 'pipe')]).map(({ state }) => state),
      ['none', 'removed', 'removed'],
    );
  });

  it('are offered when the label alone differs', () => {
    const before = recordingOf(sourceOf('Clicks', { rate: '1' }), '/c.py', ended);
    const [status, ...others] = statusesFrom([before], [sourceOf('Taps', { rate: '1' })]);
    assert.equal(status?.state, 'stale');
    assert.equal(status.reason, 'same source, renamed: it was recorded as "Clicks"');
    assert.deepEqual(status.renamedFrom, { pipeline: 'p', label: 'Clicks' });
    assert.deepEqual(others, []);
  });

  it('are of another source when more than the label differs, or two could be meant', () => {
    const before = recordingOf(sourceOf('Clicks', { rate: '1' }), '/c.py', ended);
    const states = (...sources: ReturnType<typeof sourceOf>[]) =>
      statusesFrom([before], sources).map(({ state }) => state);
    assert.deepEqual(states(sourceOf('Taps', { rate: '2' })), ['none', 'removed']);
    const two = [sourceOf('Taps', { rate: '1' }), sourceOf('Rides', { rate: '1' })];
    assert.deepEqual(states(...two), ['none', 'none', 'removed']);
    assert.deepEqual(states(sourceOf('Clicks', { rate: '1' }), sourceOf('Taps', { rate: '1' })), [
      'valid',
      'none',
    ]);
  });
});

describe('recordings of a file', () => {
  it('are walked over once: at the next edit, as many are looked at as there are sources', () => {
    let looks = 0;
    const watched = Array.from({ length: 1000 }, (_, index) => {
      const source = sourceOf(['Clicks', 'Taps'][index % 2] ?? '', {}, index < 10 ? 'old' : 'p');
      return new Proxy(recordingOf(source, '/c.py', ended), {
        get(recording, name, receiver): unknown {
          looks++;
          return Reflect.get(recording, name, receiver);
        },
      });
    });
    const statesFor = (rate: string) =>
      statusesFrom(watched, [sourceOf('Clicks', { rate }), sourceOf('Taps')]).map(
        ({ state }) => state,
      );
    statesFor('1');
    const atFirst = looks;
    assert.deepEqual(statesFor('2'), ['stale', 'valid', 'removed', 'removed']);
    assert.ok(atFirst >= 1000);
    assert.ok(looks - atFirst < 100, `${looks - atFirst} looks`);
  });

  it('of two names are in the order they were made in when one source has both', () => {
    const now = sourceOf('Clicks', {}, 'pipe');
    const before = recordingOf(sourceOf('Clicks'), '/c.py', ended);
    const failed = recordingOf(now, '/c.py', { endReason: 'failed', message: 'no', endedAt: 2 });
    const last = recordingOf(sourceOf('Clicks'), '/c.py', ended);
    const [status, ...others] = statusesFrom([before, failed, last], [now]);
    assert.equal(status?.recording?.id, last.id);
    assert.equal(status.reason, undefined);
    assert.deepEqual(others, []);
  });
});

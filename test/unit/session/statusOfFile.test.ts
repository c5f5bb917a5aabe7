import assert from 'node:assert/strict';
import type { PipelineSource, SourceSignature } from '../../../server/src/language/source.js';
import type { EndReason, Recording } from '../../../server/src/recording/recording.js';
import { statusesFrom } from '../../../server/src/session/statusOfFile.js';

function signatureOf(rate: string): SourceSignature {
  return {
    version: 3,
    sdk: 'python',
    hash: `hash of ${rate}`,
    transform: 'Clicks',
    label: 'Clicks',
    arguments: { rate },
    definitions: {},
  };
}

const nowhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

const source: PipelineSource = {
  pipeline: 'p',
  label: 'Clicks',
  transformName: 'Clicks',
  bounded: false,
  boundedReason: 'it never ends',
  range: nowhere,
  statement: nowhere,
  signature: signatureOf('1'),
};

let recorded = 0;

function recordingThat(
  endReason: EndReason | undefined,
  facts: Partial<Recording> = {},
): Recording {
  recorded++;
  return {
    formatVersion: 2,
    id: String(recorded),
    file: '/clicks.py',
    pipeline: 'p',
    label: 'Clicks',
    uniqueName: 'Clicks',
    signature: signatureOf('1'),
    coder: 'beam:coder:bytes:v1',
    limits: { durationMs: 1, maxBytes: 1, maxElements: 1 },
    startedAt: recorded,
    ...(endReason && { endReason, endedAt: recorded }),
    elements: 5,
    bytes: 1,
    ...facts,
  };
}

function statusOf(...recordings: Recording[]) {
  const [status] = statusesFrom(recordings, [source]);
  assert.ok(status);
  return status;
}

describe('status of a source', () => {
  it('is none without a recording, and bounded sources have no status', () => {
    assert.equal(statusOf().state, 'none');
    assert.deepEqual(statusesFrom([], [{ ...source, bounded: true }]), []);
  });

  it('is known of a bounded source that was recorded all the same', () => {
    const [status] = statusesFrom(
      [recordingThat('source finished')],
      [{ ...source, bounded: true }],
    );
    assert.equal(status?.state, 'valid');
  });

  it('is told apart for two sources of one label, in two branches', () => {
    const other = { ...source, signature: signatureOf('2') };
    const states = (...recordings: Recording[]) =>
      statusesFrom(recordings, [source, other]).map(({ state }) => state);
    assert.deepEqual(states(recordingThat('duration limit')), ['valid', 'none']);
    const third = recordingThat('duration limit', { signature: signatureOf('3') });
    assert.deepEqual(states(third), ['stale', 'stale']);
  });

  it('is valid after any end that left data', () => {
    for (const reason of [
      'source finished',
      'duration limit',
      'cancelled',
      'interrupted',
    ] as const) {
      assert.equal(statusOf(recordingThat(reason)).state, 'valid', reason);
    }
  });

  it('is valid for a source that was silent until its limit', () => {
    assert.equal(statusOf(recordingThat('duration limit', { elements: 0 })).state, 'valid');
  });

  it('is failed, with the reason, when nothing was left', () => {
    const failed = statusOf(recordingThat('failed', { message: 'no such topic' }));
    assert.deepEqual([failed.state, failed.reason], ['failed', 'no such topic']);
    const cancelled = statusOf(recordingThat('cancelled', { elements: 0 }));
    assert.deepEqual(
      [cancelled.state, cancelled.reason],
      ['failed', 'It was cancelled before an element arrived.'],
    );
  });

  it('is recording while its owner lives', () => {
    const owned = { owner: { pid: process.pid }, startedAt: Date.now() };
    assert.equal(statusOf(recordingThat(undefined, owned)).state, 'recording');
  });

  it('says what changed when it is stale', () => {
    const stale = statusOf(recordingThat('duration limit', { signature: signatureOf('2') }));
    assert.equal(stale.state, 'stale');
    assert.match(stale.reason ?? '', /rate: 2 → 1/);
  });

  it('is valid while the change is one that the author ignores, and no other', () => {
    const signature = signatureOf('2');
    const ignored = statusOf(
      recordingThat('duration limit', { signature, acceptedSignature: 'hash of 1' }),
    );
    assert.deepEqual(
      [ignored.state, ignored.reason],
      ['valid', 'the change is ignored: rate: 2 → 1'],
    );
    const other = recordingThat('duration limit', { signature, acceptedSignature: 'hash of 3' });
    assert.equal(statusOf(other).state, 'stale');
  });

  it('keeps an earlier recording when a later attempt failed or was cut off', () => {
    const good = recordingThat('elements limit');
    for (const worse of [
      recordingThat('failed', { message: 'no such topic' }),
      recordingThat('interrupted'),
    ]) {
      const status = statusOf(good, worse);
      assert.equal(status.state, 'valid');
      assert.equal(status.recording?.id, good.id);
      assert.match(status.reason ?? '', /the last attempt/);
    }
  });

  it('prefers an interrupted recording of the present source to a whole one of another', () => {
    const other = recordingThat('elements limit', { signature: signatureOf('2') });
    const cutOff = recordingThat('interrupted');
    assert.equal(statusOf(other, cutOff).recording?.id, cutOff.id);
  });

  it('is removed when the text no longer has the source', () => {
    const [status] = statusesFrom([recordingThat('duration limit')], []);
    assert.equal(status?.state, 'removed');
  });

  it('is damaged, with the place, when its log is not as it was written', () => {
    const damage = ['at byte 90 of elements-00001.log: 12 bytes are damaged'];
    const [status] = statusesFrom([recordingThat('elements limit', { damage })], [source]);
    assert.equal(status?.state, 'damaged');
    assert.match(status.reason ?? '', /byte 90 .*: what is whole can be replayed/);
    const [whole] = statusesFrom(
      [recordingThat('elements limit'), recordingThat('elements limit', { damage })],
      [source],
    );
    assert.equal(whole?.state, 'valid', 'an earlier one that is whole stands for the source');
    const [changed] = statusesFrom(
      [recordingThat('elements limit', { damage, signature: signatureOf('another') })],
      [source],
    );
    assert.equal(changed?.state, 'failed', 'it is of another source');
  });
});

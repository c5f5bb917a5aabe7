import assert from 'node:assert/strict';
import { fileStateOf } from '../../../server/src/features/fileState.js';
import { progressText } from '../../../server/src/features/words.js';
import type { SourceStatus } from '../../../server/src/session/sourceStatus.js';
import { recordingOf, sourceOf } from './sample.js';

const uri = 'file:///project/clicks.py';
const clicks = sourceOf('Clicks', 'rate=10', 1);
const named = { pipeline: 'p', label: 'Clicks', source: clicks };

describe('fileStateOf', () => {
  it('tells the state of each recordable source in words, and where it is', () => {
    const statuses: SourceStatus[] = [
      { ...named, state: 'valid', recording: recordingOf(clicks), reason: 'cancelled' },
      {
        pipeline: 'p',
        label: 'Bounded',
        state: 'none',
        source: sourceOf('Bounded', 'stop=1', 2),
      },
      { pipeline: 'p', label: 'Gone', state: 'removed', reason: 'gone' },
    ];
    assert.deepEqual(fileStateOf(uri, statuses, undefined, 0), {
      uri,
      activity: 'idle',
      activityText: '',
      sources: [
        {
          pipeline: 'p',
          label: 'Clicks',
          state: 'valid',
          text: '1,240 elements · 1m',
          detail: 'cancelled',
          line: 1,
        },
        { pipeline: 'p', label: 'Gone', state: 'removed', text: 'No longer in the file' },
      ],
    });
  });

  it('tells what the session of this process does', () => {
    const { activity, activityText } = fileStateOf(
      uri,
      [],
      { kind: 'record', text: 'Starting Prism' },
      0,
    );
    assert.deepEqual([activity, activityText], ['recording', 'Starting Prism']);
    assert.equal(fileStateOf(uri, [], { kind: 'replay', text: '' }, 0).activity, 'replaying');
  });

  it('tells the progress of recordings that another process makes', () => {
    const { endedAt: _, ...running } = recordingOf(clicks);
    const one: SourceStatus = { ...named, state: 'recording', recording: running };
    const state = fileStateOf(uri, [one], undefined, running.startedAt + 12_000);
    assert.equal(state.activity, 'recording');
    assert.equal(state.activityText, '1,240 elements · 58 kB of 1 GB · 12s of 1m');
    const two = fileStateOf(uri, [one, one], undefined, running.startedAt + 12_000);
    assert.equal(two.activityText, '2,480 elements · 116 kB · 12s of 1m');
  });
});

describe('progressText', () => {
  it('names the limit of elements when there is one', () => {
    const limits = { durationMs: 60_000, maxBytes: 1e9, maxElements: 10_000 };
    assert.equal(
      progressText({ elements: 1, bytes: 30, elapsedMs: 500, limits }, 1),
      '1 of 10,000 elements · 30 B of 1 GB · 500ms of 1m',
    );
  });
});

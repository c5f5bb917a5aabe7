import assert from 'node:assert/strict';
import type { LensState } from '../../../server/src/features/codeLens.js';
import { codeLenses, resolveCodeLens } from '../../../server/src/features/codeLens.js';
import type { SourceStatus } from '../../../server/src/session/sourceStatus.js';
import { recordingOf, sourceOf } from './sample.js';

const clicks = sourceOf('Clicks', 'rate=10', 1);
const uri = 'file:///project/clicks.py';

const always = { uri, trusted: true, canLaunch: true, showsIcons: true };

function status(state: SourceStatus['state'], more: Partial<SourceStatus> = {}): SourceStatus {
  return { pipeline: 'p', label: 'Clicks', state, source: clicks, ...more };
}

/** Titles and commands of the lenses, as an editor shows them. */
function shown(one: SourceStatus, more: Partial<LensState> = {}): string[] {
  const state = { ...always, statuses: [one], ...more };
  return codeLenses(state).map((lens) => {
    assert.equal(lens.command, undefined, 'the first stage has no titles');
    const { command } = resolveCodeLens(lens, state);
    assert.deepEqual(command?.arguments, [uri]);
    return `${command.title} → ${command.command}`;
  });
}

describe('codeLenses', () => {
  it('offers to record a source that was never recorded', () => {
    assert.deepEqual(shown(status('none')), [
      '$(record) Record sources → beamRewind.recordSources',
    ]);
  });

  it('says what is recorded, and offers to replay it and to record it again', () => {
    const recording = recordingOf(clicks);
    assert.deepEqual(shown(status('valid', { recording })), [
      '$(check) 1,240 elements · 1m → beamRewind.showStatus',
      '$(play) Replay → beamRewind.replay',
      '$(debug-alt) Debug → beamRewind.debugReplay',
      '$(refresh) Record again → beamRewind.recordSourcesAgain',
    ]);
  });

  it('says why a recording is stale, and records only what is', () => {
    assert.deepEqual(shown(status('stale', { reason: 'rate: 10 → 20' })), [
      '$(warning) Stale: rate: 10 → 20 → beamRewind.showStatus',
      '$(refresh) Record again → beamRewind.recordSources',
    ]);
  });

  it('says in one line why a recording failed', () => {
    const reason = 'No topic "clicks"\n  at reader.py:10';
    assert.deepEqual(shown(status('failed', { reason })), [
      '$(error) Recording failed: No topic "clicks" → beamRewind.showStatus',
      '$(record) Record sources → beamRewind.recordSources',
    ]);
  });

  it('offers to cancel what is being recorded, by whatever process', () => {
    const lenses = [
      '$(sync~spin) Recording… → beamRewind.showStatus',
      'Cancel → beamRewind.cancelRecording',
    ];
    assert.deepEqual(shown(status('recording')), lenses);
    assert.deepEqual(shown(status('none'), { session: 'record' }), lenses);
    assert.deepEqual(shown(status('valid'), { session: 'record again' }), lenses);
  });

  it('offers nothing new for a source that stays as it is while others are recorded', () => {
    const recording = recordingOf(clicks);
    assert.deepEqual(shown(status('valid', { recording }), { session: 'record' }), [
      '$(check) 1,240 elements · 1m → beamRewind.showStatus',
    ]);
  });

  it('offers to stop the test stream during a replay', () => {
    const recording = recordingOf(clicks);
    assert.deepEqual(shown(status('valid', { recording }), { session: 'replay' }), [
      '$(check) 1,240 elements · 1m → beamRewind.showStatus',
      '$(debug-stop) Stop test stream → beamRewind.stopTestStream',
    ]);
  });

  it('offers nothing that runs a program in an untrusted workspace', () => {
    assert.deepEqual(shown(status('none'), { trusted: false }), []);
    assert.deepEqual(
      shown(status('valid', { recording: recordingOf(clicks) }), { trusted: false }),
      ['$(check) 1,240 elements · 1m → beamRewind.showStatus'],
    );
  });

  it('shows the state where the program cannot be run by us', () => {
    assert.deepEqual(shown(status('none'), { canLaunch: false }), [
      'Not recorded → beamRewind.showStatus',
    ]);
  });

  it('has no icons, and no debugger, for an editor without our client', () => {
    const recording = recordingOf(clicks);
    assert.deepEqual(shown(status('valid', { recording }), { showsIcons: false }), [
      '1,240 elements · 1m → beamRewind.showStatus',
      'Replay → beamRewind.replay',
      'Record again → beamRewind.recordSourcesAgain',
    ]);
  });

  it('offers to record a bounded source that a pattern names', () => {
    const source = { ...sourceOf('Clicks', 'stop=5', 1), recordable: true as const };
    assert.deepEqual(shown(status('none', { source })), [
      '$(record) Record sources → beamRewind.recordSources',
    ]);
  });

  it('has nothing above bounded sources and for removed ones', () => {
    const source = sourceOf('Clicks', 'stop=5', 1);
    assert.deepEqual(shown(status('none', { source })), []);
    assert.deepEqual(shown({ pipeline: 'p', label: 'Gone', state: 'removed' }), []);
  });

  it('stands where the source starts', () => {
    const [lens] = codeLenses({ ...always, statuses: [status('none')] });
    assert.deepEqual(lens?.range.start, clicks.range.start);
  });
});

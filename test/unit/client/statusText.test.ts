import assert from 'node:assert/strict';
import { statusItemOf } from '../../../client/src/statusText.js';
import type { FileStateParams, SourceSummary } from '../../../server/src/protocol.js';

const uri = 'file:///project/clicks.py';

function stateOf(
  sources: Partial<SourceSummary>[],
  activity: FileStateParams['activity'] = 'idle',
  activityText = '',
): FileStateParams {
  const named = sources.map((source) => ({
    pipeline: 'p',
    label: 'Clicks',
    state: 'none' as const,
    text: '',
    line: 1,
    ...source,
  }));
  return { uri, activity, activityText, sources: named };
}

/** Commands that the tooltip links to. */
function links(state: FileStateParams, trusted = true): string[] {
  const tooltip = statusItemOf(state, trusted)?.tooltip ?? '';
  return [...tooltip.matchAll(/\]\(command:beamRewind\.(\w+)\?([^)]*)\)/g)].map(
    ([, command, argument]) => {
      assert.deepEqual(JSON.parse(decodeURIComponent(argument!)), [uri]);
      return command!;
    },
  );
}

describe('statusItemOf', () => {
  it('is hidden for a file without sources', () => {
    assert.equal(statusItemOf(stateOf([]), true), undefined);
  });

  it('shows the worst state of the sources of a file', () => {
    const valid = { state: 'valid', text: '1,240 elements · 1m' } as const;
    const text = (...sources: Partial<SourceSummary>[]) =>
      statusItemOf(stateOf(sources), true)?.text;
    assert.equal(text({ state: 'none' }), '$(record) Sources not recorded');
    assert.equal(text(valid, { state: 'none' }), '$(record) Sources partly recorded');
    assert.equal(text(valid), '$(check) 1,240 elements · 1m');
    assert.equal(text(valid, valid), '$(check) 2 sources recorded');
    assert.equal(text(valid, { state: 'stale' }), '$(warning) Recording is stale');
    assert.equal(text({ state: 'stale' }, { state: 'failed' }), '$(error) Recording failed');
  });

  it('uses the warning colour for a failure only', () => {
    const isWarning = (state: SourceSummary['state']) =>
      statusItemOf(stateOf([{ state }]), true)?.isWarning;
    assert.equal(isWarning('failed'), true);
    assert.equal(isWarning('stale'), false);
  });

  it('spins with the progress of a session', () => {
    const progress = '1,240 elements · 58 kB of 1 GB · 12s of 1m';
    const item = statusItemOf(stateOf([{ state: 'recording' }], 'recording', progress), true);
    assert.equal(item?.text, `$(sync~spin) ${progress}`);
  });

  it('links to what can be done now', () => {
    assert.deepEqual(links(stateOf([{}])), ['recordSources', 'showLog', 'showProgramOutput']);
    assert.deepEqual(links(stateOf([{ state: 'valid' }])), [
      'recordSourcesAgain',
      'replay',
      'clearRecordings',
      'showLog',
      'showProgramOutput',
    ]);
    assert.deepEqual(links(stateOf([{}], 'recording', 'x')), [
      'cancelRecording',
      'showLog',
      'showProgramOutput',
    ]);
    assert.deepEqual(links(stateOf([{}], 'replaying', 'x')), [
      'stopTestStream',
      'showLog',
      'showProgramOutput',
    ]);
  });

  it('offers nothing that runs a program in an untrusted workspace, and says so', () => {
    const state = stateOf([{ state: 'valid' }]);
    assert.deepEqual(links(state, false), ['clearRecordings', 'showLog', 'showProgramOutput']);
    assert.match(statusItemOf(state, false)!.tooltip, /trusted workspace/);
  });

  it("makes no link of the user's text", () => {
    const label = '[Clicks](command:evil) <img src=x>';
    const { tooltip } = statusItemOf(stateOf([{ label }]), true)!;
    assert.ok(tooltip.includes('\\[Clicks\\]\\(command:evil\\) \\<img src=x\\>'));
  });
});

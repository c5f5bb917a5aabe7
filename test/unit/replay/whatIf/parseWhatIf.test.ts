import assert from 'node:assert/strict';
import { parseWhatIf } from '../../../../server/src/replay/whatIf/parseWhatIf.js';
import { randomFrom } from '../../../../server/src/replay/whatIf/random.js';

describe('what-if options', () => {
  for (const text of [
    'shuffle',
    'delay:20%,30s',
    'drop:0.5%',
    'duplicate:100%',
    'hold-watermark:1m30s',
    'hold-watermark:5s,Clicks: all, of them',
    'burst',
    'burst:2.5',
    'event-time:2025-03-01..2025-03-02T12:00',
    'event-time:..2025-03-02T12:00+01:00',
    'processing-time:0s..40s',
  ]) {
    it(`reads ${text}`, () => {
      const whatIf = parseWhatIf(text);
      assert.equal(whatIf.text, text);
      assert.ok(whatIf.disturb(['Clicks: all, of them'], randomFrom(1)));
    });
  }

  for (const [text, why] of [
    ['shufle', /is no disturbance of a replay\. Possible are: shuffle/],
    ['constructor', /is no disturbance/],
    ['shuffle:5', /it takes nothing/],
    ['drop:5', /"5" is not a share above 0% and up to 100%/],
    ['drop:101%', /not a share/],
    ['delay:5%', /duration/],
    ['burst:0.5', /its factor is not 1 or more/],
    ['event-time:yesterday..', /"yesterday" is not a time/],
    ['event-time:..', /not FROM\.\.TO/],
    ['processing-time:40s..10s', /it ends before it begins/],
  ] as const) {
    it(`refuses ${text}`, () => {
      assert.throws(() => parseWhatIf(text), why);
    });
  }

  it('says which sources there are when none is meant', () => {
    const whatIf = parseWhatIf('hold-watermark:5s,Click');
    assert.throws(
      () => whatIf.disturb(['Clicks', 'Views'], randomFrom(1)),
      /no source is called "Click"; there are Clicks, Views/,
    );
  });
});

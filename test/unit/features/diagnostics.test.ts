import assert from 'node:assert/strict';
import { staleDiagnostics } from '../../../server/src/features/diagnostics.js';
import { sourceOf } from './sample.js';

describe('staleDiagnostics', () => {
  const source = sourceOf('Clicks', 'rate=20', 3);

  it('warns on the range of a stale source, with the reason', () => {
    const stale = {
      pipeline: 'p',
      label: 'Clicks',
      state: 'stale' as const,
      reason: 'rate: 10 → 20',
    };
    assert.deepEqual(staleDiagnostics([{ ...stale, source }]), [
      {
        range: source.range,
        severity: 2,
        source: 'Beam Rewind',
        code: 'stale-recording',
        message: 'Recording is stale: rate: 10 → 20',
      },
    ]);
  });

  it('warns of a damaged recording, with the place', () => {
    const damaged = { pipeline: 'p', label: 'Clicks', state: 'damaged' as const, reason: 'here' };
    const [warning] = staleDiagnostics([{ ...damaged, source }]);
    assert.equal(warning?.code, 'damaged-recording');
    assert.equal(warning.message, 'Recording is damaged: here');
  });

  it('is silent about every other state', () => {
    const states = ['none', 'recording', 'valid', 'removed', 'failed'] as const;
    const statuses = states.map((state) => ({ pipeline: 'p', label: 'Clicks', state, source }));
    assert.deepEqual(staleDiagnostics(statuses), []);
  });
});

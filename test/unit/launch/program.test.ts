import assert from 'node:assert/strict';
import { withoutOptions } from '../../../server/src/launch/program.js';

describe('arguments of a program', () => {
  it('lose the options that would send its pipeline elsewhere, in every spelling', () => {
    const args = [
      ...['--topic=a', '--runner', 'direct', '-endpoint=localhost:1', '--runner=flink'],
      ...['--async', '--verbose', 'input.txt', '--runners=x'],
    ];
    assert.deepEqual(withoutOptions(args, ['runner', 'endpoint', 'async']), [
      ...['--topic=a', '--verbose', 'input.txt', '--runners=x'],
    ]);
  });
});

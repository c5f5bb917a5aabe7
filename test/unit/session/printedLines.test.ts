import fc from 'fast-check';
import assert from 'node:assert/strict';
import { collectLines, compareLines } from '../../../server/src/session/printedLines.js';

describe('printed lines', () => {
  it('are collected from standard output alone, whatever the parts they come in', () => {
    const printed = collectLines([]);
    const bytes = Buffer.from('b é\r\na\n\nunfinished');
    printed.add({ kind: 'output', stream: 'stdout', data: bytes.subarray(0, 3) });
    printed.add({ kind: 'output', stream: 'stderr', data: Buffer.from('no\n') });
    printed.add({ kind: 'output', stream: 'stdout', data: bytes.subarray(3) });
    assert.deepEqual(printed.sorted(), ['', 'a', 'b é', 'unfinished']);
  });

  it('are the same when each comes as often', () => {
    assert.equal(compareLines(['a', 'a', 'b'], ['a', 'a', 'b']), undefined);
    assert.deepEqual(compareLines(['a', 'a', 'c'], ['a', 'b', 'b']), {
      missing: ['a', 'c'],
      unexpected: ['b', 'b'],
    });
  });

  it('add up to what was printed, with what is missing and unexpected', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd')).map((all) => all.sort());
    fc.assert(
      fc.property(lines, lines, (expected, printed) => {
        const { missing, unexpected } = compareLines(expected, printed) ?? {
          missing: [],
          unexpected: [],
        };
        assert.deepEqual([...printed, ...missing].sort(), [...expected, ...unexpected].sort());
        assert.ok(missing.every((line) => !unexpected.includes(line)));
      }),
    );
  });
});

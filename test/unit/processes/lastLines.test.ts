import assert from 'node:assert/strict';
import { lastLines } from '../../../server/src/processes/lastLines.js';

describe('lastLines', () => {
  it('keeps the end of an output, whatever pieces it comes in', () => {
    const seen: string[] = [];
    const output = lastLines(2, (line) => {
      seen.push(line);
      return `> ${line}`;
    });
    for (const byte of Buffer.from('one\ntwo\r\nthree – drei\nfour')) output.add(Buffer.of(byte));
    assert.deepEqual(seen, ['one', 'two', 'three – drei']);
    assert.equal(output.text(), '> two\n> three – drei\nfour');
  });
});

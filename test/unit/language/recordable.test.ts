import assert from 'node:assert/strict';
import { isNamed, isRecordable, markRecordable } from '../../../server/src/language/recordable.js';
import { sourceOf } from '../features/sample.js';

describe('recordable sources', () => {
  it('are named by their short or qualified name, with * for any text', () => {
    const names = ['ReadFromText', 'apache_beam.io.textio.ReadFromText'];
    for (const pattern of ['ReadFromText', 'ReadFrom*', '*', 'apache_beam.io.*', ' *Text '])
      assert.ok(isNamed(names, [pattern]), pattern);
    for (const pattern of ['Read', 'readfromtext', 'apache_beam?io*', 'ReadFromText.', ''])
      assert.ok(!isNamed(names, [pattern]), pattern);
  });

  it('are the unbounded ones, and those bounded ones that a pattern names', () => {
    const sources = [sourceOf('Clicks', 'rate=10', 0), sourceOf('Bounded', 'stop=1', 1)];
    const recordable = (patterns: string[]) => markRecordable(sources, patterns).map(isRecordable);
    assert.deepEqual(recordable([]), [true, false]);
    assert.deepEqual(recordable(['Other']), [true, false]);
    assert.deepEqual(recordable(['Periodic*']), [true, true]);
  });
});

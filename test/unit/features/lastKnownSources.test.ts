import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { KnownSource } from '../../../server/src/features/lastKnownSources.js';
import { keepLastKnown, shiftSources } from '../../../server/src/features/lastKnownSources.js';
import type { TextEdit } from '../../../server/src/features/shiftRange.js';
import { analyzeSample, range, sourceOf } from './sample.js';

const before = '# top\nClicks: rate=10\nRides: rate=5\n';

/** What is known after edits of {@link before}, as `label rate @line`. */
function afterEdits(...edits: TextEdit[]): string[] {
  const document = TextDocument.create('file:///clicks.py', 'python', 1, before);
  let known = analyzed([]);
  for (const edit of edits) {
    TextDocument.update(document, [edit], document.version + 1);
    known = analyzed(shiftSources(known, edit));
  }
  return known.map(
    ({ source: { label, signature, range: place } }) =>
      `${label} ${signature.arguments['rate'] ?? '-'} @${place.start.line}`,
  );

  function analyzed(shifted: KnownSource[]): KnownSource[] {
    const analysis = analyzeSample(document.getText());
    return keepLastKnown(shifted, analysis, (place) => document.getText(place));
  }
}

describe('keepLastKnown', () => {
  it('follows every change of a text that parses', () => {
    assert.deepEqual(afterEdits({ range: range('1:13', '1:15'), text: '20' }), [
      'Clicks 20 @1',
      'Rides 5 @2',
    ]);
    assert.deepEqual(afterEdits({ range: range('1:0', '2:0'), text: '' }), ['Rides 5 @1']);
  });

  it('keeps a source whose own text does not parse, where it now is', () => {
    const half = { range: range('1:13', '1:15'), text: '?' };
    assert.deepEqual(afterEdits(half), ['Clicks 10 @1', 'Rides 5 @2']);
    const lineAbove = { range: range('0:0', '0:0'), text: '#\n' };
    assert.deepEqual(afterEdits(half, lineAbove), ['Clicks 10 @2', 'Rides 5 @3']);
  });

  it('sees the change once the text parses again', () => {
    const half = { range: range('1:13', '1:15'), text: '?' };
    const whole = { range: range('1:13', '1:14'), text: '20' };
    assert.deepEqual(afterEdits(half, whole), ['Clicks 20 @1', 'Rides 5 @2']);
  });

  it('follows a change of a source that parses while something else does not', () => {
    const elsewhere = { range: range('0:0', '0:5'), text: '?' };
    const change = { range: range('2:12', '2:13'), text: '7' };
    assert.deepEqual(afterEdits(elsewhere, change), ['Clicks 10 @1', 'Rides 7 @2']);
  });

  it('forgets a source that is deleted while something else does not parse', () => {
    const elsewhere = { range: range('0:0', '0:5'), text: '?' };
    const deletion = { range: range('1:0', '2:0'), text: '' };
    assert.deepEqual(afterEdits(elsewhere, deletion), ['Rides 5 @1']);
  });

  it('takes a new source that parses while something else does not', () => {
    const elsewhere = { range: range('0:0', '0:5'), text: '?' };
    const addition = { range: range('3:0', '3:0'), text: 'Bikes: rate=1\n' };
    assert.deepEqual(afterEdits(elsewhere, addition), ['Clicks 10 @1', 'Rides 5 @2', 'Bikes 1 @3']);
  });

  it('keeps a source that means something else only because of text that does not parse', () => {
    const known = [{ source: sourceOf('Clicks', 'rate=10', 1), statementText: 'Clicks: RATE' }];
    const unresolved = sourceOf('Clicks', 'rate=RATE', 1);
    const broken = { sources: [unresolved], syntaxErrors: [range('0:0', '0:6')] };
    const kept = keepLastKnown(known, broken, () => 'Clicks: RATE');
    assert.deepEqual(
      kept.map(({ source }) => source.signature.arguments),
      [{ rate: '10' }],
    );
  });

  it('keeps a source that seems to belong to another pipeline only because of text that does not parse', () => {
    const source = sourceOf('Clicks', 'rate=10', 1);
    const known = [{ source: { ...source, pipeline: 'run.p' }, statementText: 'Clicks: rate=10' }];
    const broken = { sources: [source], syntaxErrors: [range('0:0', '0:6')] };
    const kept = keepLastKnown(known, broken, () => 'Clicks: rate=10');
    assert.deepEqual(
      kept.map((one) => one.source.pipeline),
      ['run.p'],
    );
  });
});

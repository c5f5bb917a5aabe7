import assert from 'node:assert/strict';
import { shiftRange, touches } from '../../../server/src/features/shiftRange.js';
import { range } from './sample.js';

describe('shiftRange', () => {
  const statement = range('3:4', '4:10');

  it('moves a range by the lines inserted above it', () => {
    const edit = { range: range('0:0', '0:0'), text: 'import os\nimport sys\n' };
    assert.deepEqual(shiftRange(statement, edit), range('5:4', '6:10'));
  });

  it('moves both edges by text inserted at its start', () => {
    const edit = { range: range('3:4', '3:4'), text: 'x = ' };
    assert.deepEqual(shiftRange(range('3:4', '3:9'), edit), range('3:8', '3:13'));
  });

  it('grows by what is typed inside and not by what is typed behind it', () => {
    const line = range('3:4', '3:10');
    assert.deepEqual(
      shiftRange(line, { range: range('3:6', '3:6'), text: 'ab' }),
      range('3:4', '3:12'),
    );
    assert.deepEqual(shiftRange(line, { range: range('3:10', '3:10'), text: 'ab' }), line);
  });

  it('shrinks by what is deleted over an edge', () => {
    assert.deepEqual(
      shiftRange(statement, { range: range('2:0', '3:8'), text: '' }),
      range('2:0', '3:10'),
    );
    assert.deepEqual(
      shiftRange(statement, { range: range('4:6', '6:0'), text: '' }),
      range('3:4', '4:6'),
    );
  });

  it('becomes empty when it is deleted', () => {
    assert.deepEqual(
      shiftRange(statement, { range: range('1:0', '9:0'), text: '' }),
      range('1:0', '1:0'),
    );
  });

  it('is the replacement when it is replaced', () => {
    assert.deepEqual(
      shiftRange(statement, { range: statement, text: 'one\ntwo' }),
      range('3:4', '4:3'),
    );
  });

  it('joins lines when the line break before it is deleted', () => {
    assert.deepEqual(
      shiftRange(range('3:4', '3:10'), { range: range('2:7', '3:0'), text: '' }),
      range('2:11', '2:17'),
    );
  });
});

describe('touches', () => {
  it('counts an edge', () => {
    assert.equal(touches(range('1:0', '1:4'), range('1:4', '1:6')), true);
    assert.equal(touches(range('1:0', '1:4'), range('1:5', '1:6')), false);
  });
});

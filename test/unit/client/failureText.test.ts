import assert from 'node:assert/strict';
import { ConnectionError, ConnectionErrors, ErrorCodes, ResponseError } from 'vscode-jsonrpc';
import { failureText } from '../../../client/src/failureText.js';

describe('failureText', () => {
  it('has all of a message for the log and its first line for people', () => {
    const { full, short } = failureText('Recording', new Error('No topic "clicks"\n  at x.py:1'));
    assert.equal(full, 'Recording failed: No topic "clicks"\n  at x.py:1');
    assert.equal(short, 'Recording failed: No topic "clicks"');
  });

  it('cuts what is too long to read in passing', () => {
    assert.equal(
      failureText('Replay', 'x'.repeat(1000)).short.length,
      'Replay failed: '.length + 300,
    );
  });

  it('says that the server is gone, in whatever way that shows', () => {
    for (const error of [
      new ResponseError(ErrorCodes.PendingResponseRejected, 'Pending response rejected'),
      new ConnectionError(ConnectionErrors.Closed, 'Connection is closed.'),
    ])
      assert.match(
        failureText('Replay', error).short,
        /^Replay failed: The language server stopped/,
      );
  });

  it('passes on why the server refused', () => {
    const { short } = failureText('Replay', new ResponseError(1001, 'Not trusted.'));
    assert.equal(short, 'Replay failed: Not trusted.');
  });
});

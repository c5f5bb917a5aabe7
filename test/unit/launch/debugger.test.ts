import assert from 'node:assert/strict';
import type { Debuggee } from '../../../server/src/launch/debugger.js';
import { debuggerOutput } from '../../../server/src/launch/debugger.js';

describe('the output of a program that waits for its debugger', () => {
  it('is passed on byte for byte, but for the line that says where the debugger listens', () => {
    const debuggees: Debuggee[] = [];
    const passed = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
    const onOutput = debuggerOutput(
      'dlv',
      /^API server listening at: .*:(\d+)\s*$/,
      { port: 0, onListening: (debuggee) => debuggees.push(debuggee) },
      (stream, data) => {
        passed[stream] = Buffer.concat([passed[stream], data]);
      },
    );
    const invalid = Buffer.from([0xc3, 0x28, 0x0a]);
    onOutput('stderr', Buffer.from('half a '));
    onOutput('stdout', Buffer.from('é before\nAPI server liste'));
    onOutput('stdout', invalid.subarray(0, 0));
    assert.deepEqual(debuggees, []);
    onOutput('stdout', Buffer.from('ning at: 127.0.0.1:4711\nafter'));
    onOutput('stdout', invalid);
    onOutput('stdout', Buffer.from('API server listening at: 127.0.0.1:1\n'));
    assert.deepEqual(debuggees, [{ type: 'dlv', host: '127.0.0.1', port: 4711 }]);
    const expected = [
      ...[Buffer.from('é before\nafter'), invalid],
      Buffer.from('API server listening at: 127.0.0.1:1\n'),
    ];
    assert.deepEqual(passed.stdout, Buffer.concat(expected));
    assert.equal(passed.stderr.toString(), 'half a ');
  });
});

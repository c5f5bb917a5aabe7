import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { Interrupted } from '../../../server/src/cli/context.js';
import type { InterruptibleProcess } from '../../../server/src/cli/interruption.js';
import { handleInterruptions } from '../../../server/src/cli/interruption.js';

function fakeProcess() {
  const process = new EventEmitter();
  const stdout = new EventEmitter();
  const stderr = new EventEmitter();
  const exits: number[] = [];
  const interruptible: InterruptibleProcess = {
    on: (signal, listener) => process.on(signal, listener),
    exit: (code) => exits.push(code),
    stdout,
    stderr,
  };
  const epipe = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
  return { process, stdout, stderr, exits, epipe, interruptible };
}

describe('handleInterruptions', () => {
  for (const name of ['SIGINT', 'SIGTERM'])
    it(`aborts at the first ${name} and exits at the second`, () => {
      const { process, exits, interruptible } = fakeProcess();
      const signal = handleInterruptions(interruptible)();
      process.emit(name, name);
      assert.ok(signal.reason instanceof Interrupted);
      assert.equal(signal.reason.by, name);
      assert.deepEqual(exits, []);
      process.emit(name, name);
      assert.deepEqual(exits, [130]);
    });

  it('leaves signals alone until a session runs', () => {
    const { process, interruptible } = fakeProcess();
    const untilInterrupted = handleInterruptions(interruptible);
    assert.deepEqual(process.eventNames(), []);
    assert.equal(untilInterrupted(), untilInterrupted());
    assert.equal(process.listenerCount('SIGINT'), 1);
  });

  it('exits quietly when the reader of stdout is gone', () => {
    const { stdout, exits, epipe, interruptible } = fakeProcess();
    handleInterruptions(interruptible);
    stdout.emit('error', epipe);
    assert.deepEqual(exits, [0]);
  });

  it('ends a session when the reader of stdout is gone', () => {
    const { stdout, exits, epipe, interruptible } = fakeProcess();
    const signal = handleInterruptions(interruptible)();
    stdout.emit('error', epipe);
    stdout.emit('error', epipe);
    assert.ok(signal.reason instanceof Interrupted);
    assert.equal(signal.reason.by, 'stdout closed');
    assert.deepEqual(exits, []);
  });

  it('does not hide other failures of stdout', () => {
    const { stdout, interruptible } = fakeProcess();
    handleInterruptions(interruptible);
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    assert.throws(() => stdout.emit('error', full), full);
  });

  it('survives a stderr without a reader', () => {
    const { stderr, exits, epipe, interruptible } = fakeProcess();
    handleInterruptions(interruptible);
    stderr.emit('error', epipe);
    assert.deepEqual(exits, []);
  });
});

import assert from 'node:assert/strict';
import { idleTimer } from '../../../../server/src/replay/testStream/idleTimer.js';

/** A clock that a test moves. */
function aClock() {
  let time = 0;
  const timers = new Set<{ at: number; callback: () => void }>();
  return {
    now: () => time,
    after(ms: number, callback: () => void) {
      const timer = { at: time + ms, callback };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    pass(ms: number) {
      time += ms;
      for (const timer of [...timers].filter(({ at }) => at <= time)) {
        timers.delete(timer);
        timer.callback();
      }
    },
  };
}

describe('the idle time-out', () => {
  it('passes only while nobody is there', () => {
    const clock = aClock();
    let idle = 0;
    const timer = idleTimer(clock, 1000, () => idle++);
    clock.pass(999);
    const leaveOne = timer.enter();
    const leaveOther = timer.enter();
    clock.pass(5000);
    leaveOne();
    leaveOne();
    clock.pass(5000);
    leaveOther();
    clock.pass(999);
    assert.equal(idle, 0);
    clock.pass(1);
    assert.equal(idle, 1);
  });

  it('never passes without a time, nor after it was closed', () => {
    const clock = aClock();
    const never = idleTimer(clock, undefined, () => assert.fail());
    never.enter()();
    const closed = idleTimer(clock, 10, () => assert.fail());
    const leave = closed.enter();
    closed.close();
    leave();
    clock.pass(1e9);
  });
});

/** Processing time of a replay; a test gives its own. */
export interface Clock {
  /** Milliseconds; only differences mean something. */
  now: () => number;
  /** Calls back after so many ms. @returns ends the wait */
  after: (ms: number, callback: () => void) => () => void;
}

/** The longest wait a timer can take; who waits longer looks again. */
const maxWaitMs = 0x7fffffff;

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, maxWaitMs));
    return () => {
      clearTimeout(timer);
    };
  },
};

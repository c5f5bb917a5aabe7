import type { Clock } from './clock.js';

/** Counts who uses a service, and tells when nobody did for some time. */
export interface IdleTimer {
  /** Somebody uses the service. @returns to be called once when that ends; further calls do nothing */
  enter: () => () => void;
  close: () => void;
}

/** @param timeoutMs undefined: never */
export function idleTimer(
  clock: Clock,
  timeoutMs: number | undefined,
  onIdle: () => void,
): IdleTimer {
  let users = 0;
  let cancel: (() => void) | undefined;
  let isClosed = false;
  const wait = (leftMs: number): void => {
    if (isClosed) return;
    const since = clock.now();
    cancel = clock.after(leftMs, () => {
      // A timer may be shorter than what was asked for.
      const still = leftMs - (clock.now() - since);
      if (still >= 1) wait(still);
      else onIdle();
    });
  };
  if (timeoutMs !== undefined) wait(timeoutMs);
  return {
    enter() {
      users++;
      cancel?.();
      let isIn = true;
      return () => {
        if (!isIn) return;
        isIn = false;
        users--;
        if (users === 0 && timeoutMs !== undefined) wait(timeoutMs);
      };
    },
    close() {
      isClosed = true;
      cancel?.();
    },
  };
}

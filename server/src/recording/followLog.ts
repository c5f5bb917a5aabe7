import type { LogRecord } from '../beam/proto/beam_rewind/recording_pb.js';
import type { LogDamage, PlacedRecord } from './readFrames.js';
import { readPlaced } from './readLog.js';
import type { LogPlace } from './segments.js';

/** A log that may still be written, read record by record. */
export interface FollowedLog {
  /**
   * The next record. `pending`: there is none yet. `ended`: there will be none, since the recording has ended.
   * @throws if the log cannot be read
   */
  next(): Promise<LogRecord['record'] | 'pending' | 'ended'>;
  close(): Promise<void>;
}

/**
 * Reads a log from its start, and goes on where it is while somebody writes it.
 * @param isWritten whether its writer lives and has not ended it
 */
export function followLog(
  folder: string,
  isWritten: () => Promise<boolean>,
  onDamage: (damage: LogDamage) => void,
): FollowedLog {
  let records: AsyncGenerator<PlacedRecord> | undefined;
  let place: LogPlace | undefined;
  let hasEnded = false;
  let isLastLook = false;
  return {
    async next() {
      if (hasEnded) return 'ended';
      records ??= readPlaced(
        folder,
        (damage) => {
          // What is being written is not whole yet.
          if (!damage.isTail || isLastLook) onDamage(damage);
        },
        place,
      );
      const result = await records.next();
      if (!result.done) {
        place = result.value.end;
        const { record } = result.value.message;
        if (record.case === 'end') {
          hasEnded = true;
          await records.return(undefined);
        }
        return record;
      }
      records = undefined;
      if (isLastLook) hasEnded = true;
      // Its writer may have written more before it went: one more look.
      else isLastLook = !(await isWritten());
      return hasEnded ? 'ended' : 'pending';
    },
    async close() {
      await records?.return(undefined);
    },
  };
}

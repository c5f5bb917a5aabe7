import type { LogRecord } from '../beam/proto/beam_rewind/recording_pb.js';
import { BundleOrder } from './bundleOrder.js';
import { storedLength, unpackElements } from './elementData.js';
import type { LogDamage, PlacedRecord } from './readFrames.js';
import { readBatches, readFrames } from './readFrames.js';
import type { LogPlace } from './segments.js';
import { isBehind } from './segments.js';

/** Bytes of elements that are held back while the end of their bundle is not known. */
const heldBytes = 4 << 20;

/**
 * Reads what counts of a log: its header, the elements of whole bundles, watermarks and the end, in order. What
 * is damaged is reported and skipped. Memory does not depend on the log's length.
 * @param folder the log's, see {@link logPath}
 * @param from where a record begins; the header is told only from the start
 * @throws if the files cannot be read or are no recording log
 */
export async function* readLog(
  folder: string,
  onDamage: (damage: LogDamage) => void,
  from?: LogPlace,
): AsyncGenerator<LogRecord> {
  for await (const { message } of readPlaced(folder, onDamage, from)) yield message;
}

/** As {@link readLog}, with the places of the records. */
export async function* readPlaced(
  folder: string,
  onDamage: (damage: LogDamage) => void,
  from?: LogPlace,
): AsyncGenerator<PlacedRecord> {
  for await (const placed of readStored(folder, onDamage, from)) {
    if (isUnpacked(placed, onDamage)) yield placed;
  }
}

/** Unpacks the elements that {@link readStored} told; answers false, and tells the damage, if that cannot be done. */
export function isUnpacked(
  { message: { record }, begin }: PlacedRecord,
  onDamage: (damage: LogDamage) => void,
): boolean {
  try {
    if (record.case === 'elements') unpackElements(record.value);
    return true;
  } catch {
    onDamage({ ...begin, what: 'elements cannot be unpacked', isTail: false });
    return false;
  }
}

/** As {@link readPlaced}, with elements packed as they are stored: for who counts them or skips most of them. */
export async function* readStored(
  folder: string,
  onDamage: (damage: LogDamage) => void,
  from?: LogPlace,
): AsyncGenerator<PlacedRecord> {
  for await (const batch of readWhole(folder, onDamage, from)) yield* batch;
}

async function* readWhole(
  folder: string,
  onDamage: (damage: LogDamage) => void,
  from?: LogPlace,
): AsyncGenerator<PlacedRecord[]> {
  const order = new BundleOrder<PlacedRecord>();
  const ends = bundleEndsAhead(folder);
  let held = 0;
  let hasHeader = false;
  try {
    for await (const batch of readBatches(folder, onDamage, from)) {
      const whole: PlacedRecord[] = [];
      for (const placed of batch) {
        const { record } = placed.message;
        if (record.case === 'bundleEnd') {
          order.end(record.value.bundle, record.value.committed);
          ends.forget(record.value.bundle);
        } else if (record.case === 'elements') {
          const { bundle, endsBundle } = record.value;
          if (endsBundle) order.end(bundle, true);
          if (endsBundle) ends.forget(bundle);
          // Most bundles are one record, and nothing waits.
          if (endsBundle && order.size === 0) whole.push(placed);
          else {
            order.add(placed, endsBundle ? undefined : bundle);
            held += storedLength(record.value);
          }
        } else if (record.case !== 'header' || !hasHeader) {
          // Each segment has a header.
          hasHeader ||= record.case === 'header';
          order.add(placed);
        }
        while (order.size > 0) {
          const next = order.take();
          if (next) {
            whole.push(next);
            const told = next.message.record;
            if (told.case === 'elements') held -= storedLength(told.value);
          } else if (held > heldBytes && order.waitsFor !== undefined) {
            order.end(order.waitsFor, await ends.isWhole(order.waitsFor, placed.end));
          } else break;
        }
        if (order.size === 0) held = 0;
      }
      if (whole.length > 0) yield whole;
    }
    order.endAll();
    const rest: PlacedRecord[] = [];
    for (let next = order.take(); next; next = order.take()) rest.push(next);
    if (rest.length > 0) yield rest;
  } finally {
    await ends.close();
  }
}

/** Looks ahead in a log for the ends of bundles that are too long to be held back. */
function bundleEndsAhead(folder: string) {
  const found = new Map<number, boolean>();
  let frames: AsyncGenerator<PlacedRecord> | undefined;
  let at: LogPlace = { segment: 0, offset: 0 };
  const goTo = async (place: LogPlace): Promise<void> => {
    await frames?.return(undefined);
    // What is damaged is reported when it is read in its turn.
    frames = readFrames(folder, () => undefined, place);
    at = place;
  };
  return {
    async isWhole(bundle: number, from: LogPlace): Promise<boolean> {
      if (isBehind(from, at)) await goTo(from);
      for (let known = found.get(bundle); ; known = found.get(bundle)) {
        if (known !== undefined) return known;
        const next = await frames?.next();
        if (!next || next.done) return false;
        const { record } = next.value.message;
        at = next.value.end;
        if (record.case === 'bundleEnd') found.set(record.value.bundle, record.value.committed);
        if (record.case === 'elements' && record.value.endsBundle) {
          found.set(record.value.bundle, true);
        }
      }
    },
    /** The reader has come to the bundle's end itself. */
    forget(bundle: number): void {
      found.delete(bundle);
    },
    async close(): Promise<void> {
      await frames?.return(undefined);
    },
  };
}

import { dataLength } from './elementData.js';
import type { LogEntry } from './logEntries.js';
import { EntryBuilder, factOf } from './logEntries.js';
import { endReasonOf } from './logRecords.js';
import type { LogDamage } from './readFrames.js';
import { readStored } from './readLog.js';
import type { EndReason } from './recording.js';

/** What a log holds, read whole. */
export interface LogContent {
  elements: number;
  /** Of the elements as a runner carries them; a few too many. */
  dataBytes: number;
  /** Span of event time, ms since the epoch. */
  minTimestamp?: number;
  maxTimestamp?: number;
  watermark?: number;
  /** Arrival of the last record, ms since the epoch. */
  lastArrival?: number;
  end?: { reason: EndReason; message: string };
  damages: LogDamage[];
  entries: LogEntry[];
}

/** Reads a log from its start to its end and checks every record. @throws as `readLog` does */
export async function checkLog(folder: string): Promise<LogContent> {
  const content: LogContent = { elements: 0, dataBytes: 0, damages: [], entries: [] };
  const builder = new EntryBuilder();
  const onDamage = (damage: LogDamage): unknown => content.damages.push(damage);
  for await (const { message, end } of readStored(folder, onDamage)) {
    const { record } = message;
    const entry = builder.add(factOf(record), end);
    if (entry) content.entries.push(entry);
    if (record.case === 'elements') {
      const { count, minTimestampMillis, maxTimestampMillis } = record.value;
      content.elements += count;
      content.dataBytes += dataLength(record.value);
      content.minTimestamp = Math.min(content.minTimestamp ?? Infinity, Number(minTimestampMillis));
      content.maxTimestamp = Math.max(
        content.maxTimestamp ?? -Infinity,
        Number(maxTimestampMillis),
      );
    } else if (record.case === 'watermark') {
      content.watermark = Number(record.value.watermarkMillis);
    } else if (record.case === 'end') {
      content.end = { reason: endReasonOf(record.value.reason), message: record.value.message };
    } else continue;
    content.lastArrival = Number(record.value.arrivalMicros / 1000n);
  }
  return content;
}

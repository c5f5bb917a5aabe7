import { stringify } from 'csv-stringify/sync';
import type { BeamValue } from '../beam/coders/beamValue.js';
import { formatTimestamp } from '../beam/coders/formatTime.js';
import { toJson } from '../beam/coders/toJson.js';
import { tableRows } from './decodedElements.js';
import type { LogContent } from './logRecords.js';

/**
 * Elements as CSV (RFC 4180, lines end with LF): event time and time of arrival as ISO 8601, then the fields of a row, or
 * one column `value`. Null is an empty cell, what is no scalar is JSON.
 */
export async function* csv(content: LogContent): AsyncGenerator<string> {
  let head: string[] | undefined;
  const rows = tableRows(content, ({ eventTime, processingTime, columns }) => {
    head = [eventTime, processingTime, ...columns.map(({ name }) => name)];
  });
  for await (const records of rows) {
    if (head) yield stringify([head]);
    head = undefined;
    yield stringify(
      records.map(({ timestampMillis, arrivalMicros, values }) => [
        formatTimestamp(timestampMillis, 3),
        formatTimestamp(arrivalMicros, 6),
        ...values.map(cellOf),
      ]),
    );
  }
  if (head) yield stringify([head]);
}

function cellOf(value: BeamValue): string | null {
  const json = toJson(value);
  if (json === null) return null;
  return typeof json === 'string' ? json : JSON.stringify(json);
}

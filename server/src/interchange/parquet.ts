import type { ColumnSource, Writer } from 'hyparquet-writer';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { BeamValue } from '../beam/coders/beamValue.js';
import type { ElementColumns } from './columns.js';
import type { TableRow } from './decodedElements.js';
import { tableRows } from './decodedElements.js';
import type { LogContent } from './logRecords.js';
import type { ParquetType } from './parquetTypes.js';
import { parquetTypeOf, timestampType } from './parquetTypes.js';

/** Rows are gathered until there are so many, or so many bytes of elements: what a row group costs in memory. */
const maxGroupRows = 50_000;
const maxGroupBytes = 1 << 24;

/**
 * Elements as Parquet: event time (ms) and time of arrival (µs), then the fields of a row in the types of its schema, or one
 * column `value`. What Parquet has no type for is JSON.
 * @param write resolves when the bytes are written
 */
export async function writeParquet(
  content: LogContent,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  let columns: ParquetColumn[] = [];
  let parquet: ParquetWriter | undefined;
  let group: TableRow[] = [];
  let groupBytes = 0;
  const writeGroup = async (): Promise<void> => {
    const columnData = columns.map((column, index) => columnOf(column, index, group));
    // The writer of a group hands out its bytes; no more than a group is ever held.
    await parquet?.write({ columnData, rowGroupSize: maxGroupRows });
    group = [];
    groupBytes = 0;
  };
  const rows = tableRows(content, (elements) => {
    columns = parquetColumns(elements);
    const root = { name: 'root', num_children: columns.length };
    parquet = new ParquetWriter({
      writer: streamingWriter(write),
      schema: [root, ...columns.flatMap(({ type }) => type.schema)],
      createdBy: 'Beam Rewind',
    });
  });
  for await (const records of rows) {
    for (const record of records) {
      group.push(record);
      groupBytes += record.bytes;
      if (group.length >= maxGroupRows || groupBytes >= maxGroupBytes) await writeGroup();
    }
  }
  if (group.length > 0) await writeGroup();
  await parquet?.finish();
}

interface ParquetColumn {
  name: string;
  type: ParquetType;
}

function parquetColumns({ columns, eventTime, processingTime }: ElementColumns): ParquetColumn[] {
  return [
    { name: eventTime, type: timestampType(eventTime, 3, false) },
    { name: processingTime, type: timestampType(processingTime, 6, false) },
    ...columns.map(({ name, type }) => ({ name, type: parquetTypeOf(name, type) })),
  ];
}

function columnOf({ name, type }: ParquetColumn, index: number, rows: TableRow[]): ColumnSource {
  const valueIn = ({ timestampMillis, arrivalMicros, values }: TableRow): BeamValue => {
    if (index === 0) return { kind: 'timestamp', units: timestampMillis, precision: 3 };
    if (index === 1) return { kind: 'timestamp', units: arrivalMicros, precision: 6 };
    return values[index - 2] ?? null;
  };
  return {
    name,
    data: rows.map((row) => {
      const value = valueIn(row);
      return value === null ? null : type.convert(value);
    }),
    offsetIndex: false,
  };
}

/** A writer that hands its bytes on whenever a group is whole. */
function streamingWriter(write: (bytes: Uint8Array) => Promise<void>): Writer {
  const writer = new ByteWriter();
  const flush = async (): Promise<void> => {
    const bytes = writer.getBytes();
    await write(bytes);
    writer.index = 0;
  };
  return Object.assign(writer, { flush, finish: flush });
}

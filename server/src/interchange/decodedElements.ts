import type { BeamValue } from '../beam/coders/beamValue.js';
import { CoderError } from '../beam/coders/coderError.js';
import { coderFor, decodeElement } from '../beam/coders/coderFor.js';
import type { ElementCoder } from '../beam/coders/elementCoder.js';
import type { ElementColumns } from './columns.js';
import { columnsOf } from './columns.js';
import type { LogContent } from './logRecords.js';
import { elementsOf } from './windowedElements.js';

/** One element as a row of a table. */
export interface TableRow {
  /** Event time, ms since the epoch. */
  timestampMillis: bigint;
  /** Processing time, µs since the epoch. */
  arrivalMicros: bigint;
  values: BeamValue[];
  /** Of the encoded element. */
  bytes: number;
}

/**
 * The elements of a log as rows, those that arrived together at a time.
 * @param onColumns told of the columns before the first rows
 * @throws Error for an element that its coder cannot read: a table has no place for it
 */
export async function* tableRows(
  content: LogContent,
  onColumns: (columns: ElementColumns) => void,
): AsyncGenerator<TableRow[]> {
  let coder: ElementCoder | undefined;
  let columns: ElementColumns | undefined;
  let count = 0;
  for await (const record of content) {
    if (record.case === 'header') {
      const { coderId, coders } = record.value;
      coder = coderFor(coderId, coders);
      columns = columnsOf(coderId, coders);
      onColumns(columns);
    }
    if (record.case !== 'elements' || !coder || !columns) continue;
    const { arrivalMicros, data } = record.value;
    const rows: TableRow[] = [];
    for (const { timestampMillis, element } of elementsOf(data)) {
      count++;
      const values = columns.valuesOf(decoded(coder, element, count));
      rows.push({ timestampMillis, arrivalMicros, values, bytes: element.length });
    }
    yield rows;
  }
}

function decoded(coder: ElementCoder, element: Uint8Array, number: number): BeamValue {
  try {
    return decodeElement(coder, element);
  } catch (error) {
    if (!(error instanceof CoderError)) throw error;
    const hint = 'the format jsonl keeps its bytes';
    throw new Error(`Element ${number} is not of its coder (${error.message}); ${hint}.`);
  }
}

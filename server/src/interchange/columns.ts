import { fromBinary } from '@bufbuild/protobuf';
import type { BeamValue } from '../beam/coders/beamValue.js';
import { expectKind } from '../beam/coders/expectValue.js';
import { coderOf } from '../beam/pipeline/recordedCoder.js';
import type { Coder } from '../beam/proto/beam/pipeline_pb.js';
import type { FieldType } from '../beam/proto/beam/schema_pb.js';
import { SchemaSchema } from '../beam/proto/beam/schema_pb.js';
import { urns } from '../beam/urns.js';

/** A column of a table of elements. */
export interface Column {
  name: string;
  /** What it holds: a field of a schema, or elements of a coder that has none. */
  type: { field: FieldType } | { coderUrn: string };
}

/** The columns of elements of a coder. */
export interface ElementColumns {
  /** A column for each field of a row, or one, `value`, for elements that are no rows. */
  columns: Column[];
  /** The values of an element, in the order of the columns. */
  valuesOf(element: BeamValue): BeamValue[];
  /** Names of the columns for event time and time of arrival: `event_time` and `processing_time` unless a field is named so. */
  eventTime: string;
  processingTime: string;
}

/** The columns of the elements of a coder: rows have one for each field. */
export function columnsOf(coderId: string, coders: Record<string, Coder>): ElementColumns {
  const { spec, componentCoderIds } = coderOf(coders, coderId);
  const [component] = componentCoderIds;
  if (spec?.urn === urns.lengthPrefixCoder && component !== undefined) {
    return columnsOf(component, coders);
  }
  if (spec?.urn !== 'beam:coder:row:v1') {
    return named([{ name: 'value', type: { coderUrn: spec?.urn ?? '' } }], (element) => [element]);
  }
  const fields = fromBinary(SchemaSchema, spec.payload).fields.flatMap(({ name, type }) =>
    type ? [{ name, type: { field: type } }] : [],
  );
  return named(fields, (element) => expectKind(element, 'row').fields.map(([, value]) => value));
}

function named(columns: Column[], valuesOf: ElementColumns['valuesOf']): ElementColumns {
  const free = (name: string): string =>
    columns.some((column) => column.name === name) ? free(`${name}_`) : name;
  return {
    columns,
    valuesOf,
    eventTime: free('event_time'),
    processingTime: free('processing_time'),
  };
}

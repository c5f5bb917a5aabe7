/** Whether the transform of an expansion service's URN reads without an end. */
export function judgeUrn(
  urn: string | undefined,
  has: (...names: string[]) => string | undefined,
): { bounded: boolean; reason: string } {
  if (urn === undefined) return { bounded: false, reason: 'not known from this file' };
  const name = /[^:]*(?=:v\d+$)/.exec(urn)?.[0] ?? urn;
  if (/^(?:kafka_read|kinesis_read|debezium_read|generate_sequence)/.test(name)) {
    const end = has('maxNumRecords', 'maxReadTime', 'maxNumberOfRecords', 'maxTimeToRun', 'stop');
    return end === undefined
      ? { bounded: false, reason: `${name} without an end` }
      : { bounded: true, reason: `ends by ${end}` };
  }
  if (/^(?:pubsub|pubsublite)_read/.test(name))
    return { bounded: false, reason: `${name} never ends` };
  if (
    /^(?:jdbc|schemaio_(?:jdbc|bigquery|avro|datastore)|bigquery|bigtable|spanner|iceberg).*read/.test(
      name,
    )
  ) {
    return { bounded: true, reason: `${name} ends when all is read` };
  }
  return { bounded: false, reason: `not known from this file: ${urn}` };
}

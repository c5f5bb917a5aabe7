/** Text of an argument of a transform, in canonical form. */
type ArgumentText = (parameter: string) => string | undefined;

/** Kinds of `managed.Read` that end. */
const BOUNDED_MANAGED = new Set(['iceberg', 'bigquery', 'postgres', 'mysql', 'sqlserver', 'delta']);

/** In the URN, schema identifier or Java class of a transform that reads without end. */
const ENDLESS_READS =
  /kafka|kinesis|pub_?sub|pulsar|jms|mqtt|amqp|rabbit_?mq|solace|debezium|sqs|nats|event_?hub|change_?stream|cdc(?![a-z])|sequence|periodic/i;
/** In that of one that ends. */
const BOUNDED_READS =
  /bigquery|bigtable|spanner|jdbc|iceberg|delta|avro|parquet|csv|json|text|tfrecord|mongo|mysql|postgres|sql_?server|snowflake|datastore|firestore|hbase|cassandra|elastic/i;

/** What `managed.Read` reads, by its argument's text: `"kafka"` or the constant `managed.KAFKA`. */
export function managedSource(text: string | undefined): string | undefined {
  const match = /^(?:"(\w+)"|apache_beam\.([A-Z_]+))$/.exec(text ?? '');
  // The constant SQL_SERVER is the one that is not spelt as its value.
  return (match?.[1] ?? match?.[2]?.replace('SQL_', 'SQL'))?.toLowerCase();
}

export function isBoundedManaged(source: string | undefined): boolean {
  return source !== undefined && BOUNDED_MANAGED.has(source);
}

export function managedLabel(argument: ArgumentText): string {
  return `Managed Read(${managedSource(argument('source'))?.toUpperCase() ?? '{}'})`;
}

export function kafkaLabel(argument: ArgumentText): string {
  const metadata = argument('with_metadata') === 'True' ? 'with' : 'without';
  return `ReadFromKafka(beam:transform:org.apache.beam:kafka_read_${metadata}_metadata:v1)`;
}

/** The URN, identifier or class that a transform of another SDK is known by, by its argument's text. */
export function externalKind(text: string | undefined): string | undefined {
  return /^"([^"\\]*)"$/.exec(text ?? '')?.[1];
}

/** Whether a transform of another SDK ends; undefined when its name does not tell. */
export function isBoundedExternal(kind: string): boolean | undefined {
  if (ENDLESS_READS.test(kind)) return false;
  return BOUNDED_READS.test(kind) ? true : undefined;
}

/**
 * Beam's Java transforms that read: data about the SDK's released artifacts, checked against them by
 * test/integration/language/javaCatalogue.test.ts.
 */
export interface CataloguedTransform {
  /** Qualified name of the class with the factory methods; `.` before nested classes, too. */
  type: string;
  /** Static methods that make the transform. */
  factories: string[];
  boundedness: Boundedness;
  /** The label that Beam gives it (NameUtils.approximatePTransformName of the class it is an object of). */
  label: string;
  /** Methods whose argument names what is read. */
  resource: string[];
  /** The artifact of the group org.apache.beam that has it. */
  artifact: string;
  /** Last release of the artifact, if it is no longer released. */
  lastVersion?: string;
}

export type Boundedness =
  | 'bounded'
  | 'unbounded'
  /** Unbounded unless one of these methods is called. */
  | { boundedBy: string[] }
  /** Bounded unless one of these methods is called. */
  | { unboundedBy: string[] }
  /** Takes an input, of which it makes an unbounded output. */
  | 'perElement'
  /** Does so only if one of these methods is called. */
  | { perElementBy: string[] }
  /** As the source it is given. */
  | 'ofSource'
  /** Depends on the kind of source it is told to read. */
  | 'managed'
  /** Not a source: replays what is written in the program. */
  | 'testStream'
  /** The root that others begin with. */
  | 'impulse';

/** Kinds of `Managed.read` that end, by the constants' values. */
export const BOUNDED_MANAGED = new Set(['iceberg', 'bigquery', 'postgres', 'mysql', 'sqlserver']);

const LIMITS = ['withMaxNumRecords', 'withMaxReadTime'];
const FILES = { unboundedBy: ['watchForNewFiles'] };
const CORE = 'beam-sdks-java-core';
const GCP = 'beam-sdks-java-io-google-cloud-platform';

function entry(
  artifact: string,
  type: string,
  factories: string,
  boundedness: Boundedness,
  label: string,
  resource = '',
): CataloguedTransform {
  return {
    artifact,
    type: `org.apache.beam.sdk.${type}`,
    factories: factories.split(/\s+/),
    boundedness,
    label,
    resource: resource.split(/\s+/).filter(Boolean),
  };
}

export const TRANSFORMS: readonly CataloguedTransform[] = [
  entry(
    GCP,
    'io.gcp.pubsub.PubsubIO',
    `readMessages readMessagesWithMessageId readMessagesWithAttributes readMessagesWithAttributesAndMessageId
    readMessagesWithAttributesAndMessageIdAndOrderingKey readStrings readProtos readProtoDynamicMessages readAvros
    readMessagesWithCoderAndParseFn readMessagesWithAttributesWithCoderAndParseFn readAvroGenericRecords
    readAvrosWithBeamSchema`,
    'unbounded',
    'PubsubIO.Read',
    'fromTopic fromSubscription',
  ),
  entry(GCP, 'io.gcp.pubsublite.PubsubLiteIO', 'read', 'unbounded', 'SubscribeTransform'),
  entry(
    'beam-sdks-java-io-kafka',
    'io.kafka.KafkaIO',
    'read readBytes',
    { boundedBy: [...LIMITS, 'withStopReadTime'] },
    'KafkaIO.Read',
    'withTopic withTopics withTopicPartitions withTopicPattern',
  ),
  entry(
    'beam-sdks-java-io-kafka',
    'io.kafka.KafkaIO',
    'readSourceDescriptors',
    'perElement',
    'KafkaIO.ReadSourceDescriptors',
  ),
  entry(
    'beam-sdks-java-io-amazon-web-services2',
    'io.aws2.kinesis.KinesisIO',
    'read',
    { boundedBy: LIMITS },
    'KinesisIO.Read',
    'withStreamName',
  ),
  {
    ...entry(
      'beam-sdks-java-io-kinesis',
      'io.kinesis.KinesisIO',
      'read readData',
      { boundedBy: LIMITS },
      'KinesisIO.Read',
      'withStreamName',
    ),
    lastVersion: '2.53.0',
  },
  entry(
    'beam-sdks-java-io-amazon-web-services2',
    'io.aws2.sqs.SqsIO',
    'read',
    { boundedBy: LIMITS },
    'SqsIO.Read',
    'withQueueUrl',
  ),
  entry(
    'beam-sdks-java-io-jms',
    'io.jms.JmsIO',
    'read readMessage',
    { boundedBy: LIMITS },
    'JmsIO.Read',
    'withQueue withTopic',
  ),
  entry(
    'beam-sdks-java-io-mqtt',
    'io.mqtt.MqttIO',
    'read readWithMetadata',
    { boundedBy: LIMITS },
    'MqttIO.Read',
    'withConnectionConfiguration',
  ),
  entry(
    'beam-sdks-java-io-amqp',
    'io.amqp.AmqpIO',
    'read',
    { boundedBy: LIMITS },
    'AmqpIO.Read',
    'withAddresses',
  ),
  entry(
    'beam-sdks-java-io-rabbitmq',
    'io.rabbitmq.RabbitMqIO',
    'read',
    { boundedBy: LIMITS },
    'RabbitMqIO.Read',
    'withQueue withExchange',
  ),
  entry(
    'beam-sdks-java-io-pulsar',
    'io.pulsar.PulsarIO',
    'read',
    { boundedBy: ['withEndMessageId', 'withEndTimestamp'] },
    'PulsarIO.Read',
    'withTopic',
  ),
  entry(
    'beam-sdks-java-io-solace',
    'io.solace.SolaceIO',
    'read',
    'unbounded',
    'SolaceIO.Read',
    'from',
  ),
  entry(
    'beam-sdks-java-io-debezium',
    'io.debezium.DebeziumIO',
    'read readAsJson',
    { boundedBy: ['withMaxNumberOfRecords', 'withMaxTimeToRun'] },
    'DebeziumIO.Read',
    'withConnectorConfiguration',
  ),
  entry(
    GCP,
    'io.gcp.spanner.SpannerIO',
    'readChangeStream',
    { boundedBy: ['withInclusiveEndAt'] },
    'SpannerIO.ReadChangeStream',
    'withChangeStreamName',
  ),
  entry(
    GCP,
    'io.gcp.bigtable.BigtableIO',
    'readChangeStream',
    'unbounded',
    'BigtableIO.ReadChangeStream',
    'withTableId',
  ),
  entry(
    CORE,
    'io.GenerateSequence',
    'from',
    { boundedBy: ['to', 'withMaxReadTime'] },
    'GenerateSequence',
  ),
  entry(
    CORE,
    'transforms.PeriodicImpulse',
    'create',
    { boundedBy: ['stopAt', 'stopAfter'] },
    'PeriodicImpulse',
  ),
  entry(CORE, 'transforms.PeriodicSequence', 'create', 'perElement', 'PeriodicSequence'),
  entry(CORE, 'transforms.Watch', 'growthOf', 'perElement', 'Watch.Growth'),
  entry(
    CORE,
    'io.FileIO',
    'match',
    { unboundedBy: ['continuously'] },
    'FileIO.Match',
    'filepattern',
  ),
  entry(CORE, 'io.FileIO', 'matchAll', { perElementBy: ['continuously'] }, 'FileIO.MatchAll'),
  entry(CORE, 'io.TextIO', 'read', FILES, 'TextIO.Read', 'from'),
  entry(CORE, 'io.TextIO', 'readAll', { perElementBy: ['watchForNewFiles'] }, 'TextIO.ReadAll'),
  entry(
    'beam-sdks-java-extensions-avro',
    'extensions.avro.io.AvroIO',
    'read readGenericRecords',
    FILES,
    'AvroIO.Read',
    'from',
  ),
  entry(CORE, 'io.Read', 'from', 'ofSource', 'Read'),
  entry('beam-sdks-java-managed', 'managed.Managed', 'read', 'managed', 'Managed.ManagedTransform'),
  entry(CORE, 'testing.TestStream', 'create fromRawEvents', 'testStream', 'TestStream'),
  entry(CORE, 'transforms.Impulse', 'create', 'impulse', 'Impulse'),
  entry(CORE, 'transforms.Create', 'of empty', 'bounded', 'Create.Values'),
  entry(CORE, 'transforms.Create', 'timestamped', 'bounded', 'Create.TimestampedValues'),
  entry(CORE, 'transforms.Create', 'ofProvider', 'bounded', 'Create.OfValueProvider'),
  entry(CORE, 'io.TFRecordIO', 'read', 'bounded', 'TFRecordIO.Read', 'from'),
  entry(GCP, 'io.gcp.bigquery.BigQueryIO', 'read', 'bounded', 'BigQueryIO.Read', 'from fromQuery'),
  entry(
    GCP,
    'io.gcp.bigquery.BigQueryIO',
    'readTableRows readTableRowsWithSchema readWithDatumReader',
    'bounded',
    'BigQueryIO.TypedRead',
    'from fromQuery',
  ),
  entry(
    GCP,
    'io.gcp.spanner.SpannerIO',
    'read readWithSchema',
    'bounded',
    'SpannerIO.Read',
    'withTable withQuery',
  ),
  entry(GCP, 'io.gcp.bigtable.BigtableIO', 'read', 'bounded', 'BigtableIO.Read', 'withTableId'),
  entry('beam-sdks-java-io-jdbc', 'io.jdbc.JdbcIO', 'read', 'bounded', 'JdbcIO.Read', 'withQuery'),
  entry(
    'beam-sdks-java-io-jdbc',
    'io.jdbc.JdbcIO',
    'readRows',
    'bounded',
    'JdbcIO.ReadRows',
    'withQuery',
  ),
  entry(
    'beam-sdks-java-io-jdbc',
    'io.jdbc.JdbcIO',
    'readWithPartitions',
    'bounded',
    'JdbcIO.ReadWithPartitions',
    'withTable',
  ),
  entry(
    'beam-sdks-java-io-mongodb',
    'io.mongodb.MongoDbIO',
    'read',
    'bounded',
    'MongoDbIO.Read',
    'withCollection',
  ),
  entry(
    'beam-sdks-java-io-parquet',
    'io.parquet.ParquetIO',
    'read',
    'bounded',
    'ParquetIO.Read',
    'from',
  ),
];

const byFactory = new Map<string, CataloguedTransform>();
for (const one of TRANSFORMS) {
  for (const name of one.factories) byFactory.set(`${one.type}.${name}`, one);
}

/** The entry of a factory method by its qualified name. */
export function catalogued(qualified: string): CataloguedTransform | undefined {
  return byFactory.get(qualified);
}

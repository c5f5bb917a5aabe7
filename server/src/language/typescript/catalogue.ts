/**
 * Beam's TypeScript functions that read: data about `apache-beam` 2.49 on npm, checked against the released package
 * by test/integration/language/typescriptCatalogue.test.ts.
 */
export interface TypeScriptTransform {
  /** Module below `apache-beam`, and name. */
  name: string;
  /** Names of its parameters in order. */
  parameters: string;
  boundedness: TypeScriptBoundedness;
  /** Default label, when it is not its name. */
  label?: string;
}

export type TypeScriptBoundedness =
  | 'bounded'
  | 'unbounded'
  /** Unbounded unless one of these fields of its options is given. */
  | { boundedBy: string[] }
  /** As the transform of its URN is. */
  | 'external'
  /** As the Python transform is that it names. */
  | 'python';

const kafka = { boundedBy: ['maxNumRecords', 'maxReadTime'] };

export const TYPESCRIPT_TRANSFORMS: readonly TypeScriptTransform[] = [
  {
    name: 'io/pubsub.readFromPubSub',
    parameters: 'options',
    boundedness: 'unbounded',
    label: 'readFromPubSubRaw',
  },
  {
    name: 'io/pubsub.readFromPubSubWithAttributes',
    parameters: 'options',
    boundedness: 'unbounded',
  },
  {
    name: 'io/pubsublite.readFromPubSubLiteRaw',
    parameters: 'subscriptionPath options',
    boundedness: 'unbounded',
  },
  {
    name: 'io/kafka.readFromKafka',
    parameters: 'consumerConfig topics options',
    boundedness: kafka,
    label: 'readFromKafkaWithMetadata',
  },
  {
    name: 'io/kafka.readFromKafkaWithMetadata',
    parameters: 'consumerConfig topics options',
    boundedness: kafka,
  },
  { name: 'io/avroio.readFromAvro', parameters: 'filePattern options', boundedness: 'bounded' },
  { name: 'io/bigqueryio.readFromBigQuery', parameters: 'options', boundedness: 'bounded' },
  {
    name: 'io/parquetio.readFromParquet',
    parameters: 'filePattern options',
    boundedness: 'bounded',
  },
  { name: 'io/textio.readFromText', parameters: 'filePattern', boundedness: 'bounded' },
  { name: 'io/textio.readFromCsv', parameters: 'filePattern options', boundedness: 'bounded' },
  { name: 'io/textio.readFromJson', parameters: 'filePattern options', boundedness: 'bounded' },
  {
    name: 'io/schemaio.schemaio',
    parameters: 'name urn config configSchema',
    boundedness: 'external',
  },
  { name: 'transforms/create.create', parameters: 'elements reshuffle', boundedness: 'bounded' },
  { name: 'transforms/internal.impulse', parameters: '', boundedness: 'bounded' },
  {
    name: 'transforms/external.rawExternalTransform',
    parameters: 'urn payload serviceProviderOrAddress options',
    boundedness: 'external',
  },
  {
    name: 'transforms/python.pythonTransform',
    parameters: 'constructor args_or_kwargs kwargs options',
    boundedness: 'python',
  },
];

/**
 * The reads of Beam YAML: data about the standard providers of `apache-beam` 2.77, checked against the installed package by
 * test/integration/language/yamlCatalogue.test.ts.
 */
export interface YamlRead {
  type: string;
  boundedness: YamlBoundedness;
  /** Keys of its config that name what it reads. */
  resource: string[];
  /** The label that Beam gives it when it has no name, if that is not its type. */
  label?: string;
}

export type YamlBoundedness =
  | 'bounded'
  | 'unbounded'
  /** Unbounded unless one of these keys is given. */
  | { boundedBy: string[] }
  /** Bounded unless this key is true. */
  | { unboundedIf: string };

const QUEUE = ['queue', 'topic'];
const DATABASE = ['table', 'query'];

export const READS: readonly YamlRead[] = [
  {
    type: 'ReadFromPubSub',
    boundedness: 'unbounded',
    resource: ['topic', 'subscription'],
    label: 'read_from_pubsub',
  },
  {
    type: 'ReadFromKafka',
    boundedness: { boundedBy: ['max_read_time_seconds'] },
    resource: ['topic'],
  },
  {
    type: 'ReadFromKinesis',
    boundedness: { boundedBy: ['max_num_records', 'max_read_time'] },
    resource: ['stream_name'],
  },
  {
    type: 'ReadFromJms',
    boundedness: { boundedBy: ['max_num_records', 'max_read_time_seconds'] },
    resource: QUEUE,
  },
  {
    type: 'ReadFromIbmMQ',
    boundedness: { boundedBy: ['max_num_records', 'max_read_time_seconds'] },
    resource: QUEUE,
  },
  {
    type: 'ReadFromDebezium',
    boundedness: { boundedBy: ['max_number_of_records', 'max_time_to_run'] },
    resource: ['table', 'host'],
  },
  {
    type: 'ReadFromSpannerCDC',
    boundedness: { boundedBy: ['end_at'] },
    resource: ['change_stream'],
  },
  { type: 'ReadFromIcebergCDC', boundedness: { unboundedIf: 'streaming' }, resource: ['table'] },
  {
    type: 'ReadFromDeltaCDC',
    boundedness: 'bounded',
    resource: ['table'],
    label: 'Managed Read(DELTA_CDC)',
  },
  {
    type: 'ReadFromDelta',
    boundedness: 'bounded',
    resource: ['table'],
    label: 'Managed Read(DELTA)',
  },
  {
    type: 'ReadFromIceberg',
    boundedness: 'bounded',
    resource: ['table'],
    label: 'Managed Read(ICEBERG)',
  },
  {
    type: 'ReadFromMongoDB',
    boundedness: 'bounded',
    resource: ['collection'],
    label: 'read_from_mongodb',
  },
  { type: 'ReadFromText', boundedness: 'bounded', resource: ['path'] },
  { type: 'ReadFromCsv', boundedness: 'bounded', resource: ['path'] },
  { type: 'ReadFromJson', boundedness: 'bounded', resource: ['path'] },
  { type: 'ReadFromAvro', boundedness: 'bounded', resource: ['path'] },
  { type: 'ReadFromParquet', boundedness: 'bounded', resource: ['path'] },
  { type: 'ReadFromTFRecord', boundedness: 'bounded', resource: ['file_pattern'] },
  { type: 'ReadFromBigQuery', boundedness: 'bounded', resource: DATABASE },
  { type: 'ReadFromBigTable', boundedness: 'bounded', resource: ['table'] },
  { type: 'ReadFromFirestore', boundedness: 'bounded', resource: ['collection'] },
  { type: 'ReadFromSnowflake', boundedness: 'bounded', resource: DATABASE },
  { type: 'ReadFromSpanner', boundedness: 'bounded', resource: DATABASE },
  { type: 'ReadFromJdbc', boundedness: 'bounded', resource: DATABASE },
  { type: 'ReadFromMySql', boundedness: 'bounded', resource: DATABASE },
  { type: 'ReadFromOracle', boundedness: 'bounded', resource: DATABASE },
  { type: 'ReadFromPostgres', boundedness: 'bounded', resource: DATABASE },
  { type: 'ReadFromSqlServer', boundedness: 'bounded', resource: DATABASE },
  { type: 'Create', boundedness: 'bounded', resource: ['elements'] },
];

export const READ_BY_TYPE = new Map(READS.map((read) => [read.type, read]));

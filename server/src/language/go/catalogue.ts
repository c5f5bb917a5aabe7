/**
 * Beam's Go functions that read: data about `github.com/apache/beam/sdks/v2` 2.77, checked against the released
 * module by test/integration/language/goCatalogue.test.ts.
 */
export interface GoTransform {
  /** Import path below that of the SDK, and name. */
  name: string;
  /** Names of its parameters in order, without the scope; `...` before a variadic one. */
  parameters: string;
  boundedness: GoBoundedness;
  /** Scope that it makes, when that is not `package.Name`; empty when it makes none. */
  label?: string;
}

export type GoBoundedness =
  | 'bounded'
  | 'unbounded'
  /** Unbounded unless one of these options is given. */
  | { boundedBy: string[] }
  /** Unbounded unless the argument is a time before the end of time. */
  | { endsBy: string }
  /** Takes a PCollection, of which it makes an unbounded one. */
  | 'perElement'
  /** As the function it is given is. */
  | 'ofDoFn'
  /** As its argument `bounded` says; a read when it has no input. */
  | 'external'
  /** As the transform of its URN is; a read when it has no input. */
  | 'crossLanguage'
  /** Not a source: replays what is written in the program. */
  | 'testStream';

/** Import path of the SDK. */
export const IMPORT_PATH = 'github.com/apache/beam/sdks/v2/go/pkg/beam';

/** What {@link IMPORT_PATH} is written as. */
export const BEAM = 'beam';

const doFns = [
  'ParDo',
  'TryParDo',
  'ParDoN',
  'ParDo2',
  'ParDo3',
  'ParDo4',
  'ParDo5',
  'ParDo6',
  'ParDo7',
];

export const GO_TRANSFORMS: readonly GoTransform[] = [
  { name: 'io/pubsubio.Read', parameters: 'project opts', boundedness: 'unbounded' },
  {
    name: 'io/xlang/kafkaio.Read',
    parameters: 'addr servers topics ...opts',
    boundedness: { boundedBy: ['MaxNumRecords', 'MaxReadSecs'] },
  },
  {
    name: 'io/xlang/debeziumio.Read',
    parameters: 'username password host port connectorClass t ...opts',
    boundedness: { boundedBy: ['MaxRecord', 'MaxTimeToRun'] },
    label: '',
  },
  {
    name: 'io/natsio.Read',
    parameters: 'uri stream subject ...opts',
    boundedness: 'unbounded',
  },
  {
    name: 'io/fileio.MatchContinuously',
    parameters: 'glob interval ...opts',
    boundedness: { boundedBy: ['MatchEnd'] },
  },
  {
    name: 'transforms/periodic.Impulse',
    parameters: 'start end interval applyWindow',
    boundedness: { endsBy: 'end' },
  },
  { name: 'transforms/periodic.Sequence', parameters: 'col', boundedness: 'perElement' },
  ...doFns.map((name) => ({
    name: `.${name}`,
    parameters: 'dofn col ...opts',
    boundedness: 'ofDoFn' as const,
  })),
  {
    name: '.External',
    parameters: 'urn payload in out bounded',
    boundedness: 'external',
    label: '',
  },
  {
    name: '.TryExternal',
    parameters: 'urn payload in out bounded',
    boundedness: 'external',
    label: '',
  },
  {
    name: '.ExternalTagged',
    parameters: 'urn payload namedInputs namedOutputTypes bounded',
    boundedness: 'external',
    label: '',
  },
  {
    name: '.CrossLanguage',
    parameters: 'urn payload expansionAddr namedInputs namedOutputTypes',
    boundedness: 'crossLanguage',
    label: '',
  },
  {
    name: '.TryCrossLanguage',
    parameters: 'urn payload expansionAddr namedInputs namedOutputTypes',
    boundedness: 'crossLanguage',
    label: '',
  },
  { name: '.Impulse', parameters: '', boundedness: 'bounded', label: 'Impulse' },
  { name: '.ImpulseValue', parameters: 'value', boundedness: 'bounded', label: 'Impulse' },
  { name: '.Create', parameters: '...values', boundedness: 'bounded', label: 'Create' },
  { name: '.CreateList', parameters: 'list', boundedness: 'bounded', label: 'Create' },
  { name: '.TryCreate', parameters: '...values', boundedness: 'bounded', label: 'Create' },
  { name: '.TryCreateList', parameters: 'list', boundedness: 'bounded', label: 'Create' },
  { name: 'io/textio.Read', parameters: 'glob ...opts', boundedness: 'bounded' },
  { name: 'io/textio.ReadSdf', parameters: 'glob', boundedness: 'bounded' },
  { name: 'io/textio.ReadWithFilename', parameters: 'glob ...opts', boundedness: 'bounded' },
  {
    name: 'io/textio.Immediate',
    parameters: 'filename',
    boundedness: 'bounded',
  },
  { name: 'io/fileio.MatchFiles', parameters: 'glob ...opts', boundedness: 'bounded' },
  { name: 'io/avroio.Read', parameters: 'glob t', boundedness: 'bounded' },
  { name: 'io/parquetio.Read', parameters: 'glob t', boundedness: 'bounded' },
  {
    name: 'io/bigqueryio.Read',
    parameters: 'project table t',
    boundedness: 'bounded',
    label: 'bigquery.Read',
  },
  {
    name: 'io/bigqueryio.Query',
    parameters: 'project q t ...options',
    boundedness: 'bounded',
    label: 'bigquery.Query',
  },
  {
    name: 'io/datastoreio.Read',
    parameters: 'project kind shards t typeKey',
    boundedness: 'bounded',
    label: 'datastore.Read',
  },
  {
    name: 'io/databaseio.Read',
    parameters: 'driver dsn table t',
    boundedness: 'bounded',
    label: '',
  },
  { name: 'io/databaseio.Query', parameters: 'driver dsn q t', boundedness: 'bounded', label: '' },
  {
    name: 'io/mongodbio.Read',
    parameters: 'uri database collection t ...opts',
    boundedness: 'bounded',
  },
  { name: 'io/spannerio.Read', parameters: 'db table t', boundedness: 'bounded', label: '' },
  {
    name: 'io/spannerio.Query',
    parameters: 'db q t ...options',
    boundedness: 'bounded',
    label: '',
  },
  {
    name: 'io/synthetic.SourceSingle',
    parameters: 'cfg',
    boundedness: 'bounded',
    label: 'synthetic.Source',
  },
  {
    name: 'io/xlang/bigqueryio.Read',
    parameters: 'elmT ...opts',
    boundedness: 'bounded',
  },
  {
    name: 'io/xlang/bigtableio.Read',
    parameters: 'projectId instanceId table ...opts',
    boundedness: 'bounded',
    label: '',
  },
  {
    name: 'io/xlang/jdbcio.Read',
    parameters: 'tableName driverClassName jdbcUrl username password outT ...opts',
    boundedness: 'bounded',
  },
  {
    name: 'io/xlang/jdbcio.ReadFromPostgres',
    parameters: 'tableName jdbcUrl username password outT ...opts',
    boundedness: 'bounded',
    label: 'jdbcio.Read',
  },
  { name: 'testing/teststream.Create', parameters: 'c', boundedness: 'testStream', label: '' },
  {
    name: 'testing/teststream.CreateWithEndpoint',
    parameters: 'url elementType',
    boundedness: 'testStream',
    label: '',
  },
];

import { externalKind, kafkaLabel, managedLabel } from './crossLanguage.js';

/**
 * Beam's Python transforms that read: data about `apache-beam` 2.77, checked against the installed
 * package by test/integration/language/catalogue.test.ts.
 */
export interface CataloguedTransform {
  /** Qualified name where it is defined. */
  name: string;
  /** Other qualified names it can be imported by. */
  aliases?: string[];
  /** Names of its parameters in order, separated by white space. */
  parameters: string;
  boundedness: Boundedness;
  /** Not in the package of version 2.77, but in earlier ones. */
  removed?: true;
  /** Default label when it is not the class's name; `argument` gives an argument's canonical text. */
  label?: string | ((argument: (parameter: string) => string | undefined) => string);
}

export type Boundedness =
  | 'bounded'
  | 'unbounded'
  /** Unbounded unless one of these arguments is given. */
  | { boundedBy: string[] }
  /** Takes an input, of which it makes an unbounded output. */
  | 'perElement'
  /** As its argument `source` is. */
  | 'ofSource'
  /** Depends on the kind of source it is told to read. */
  | 'managed'
  /** A transform of another SDK: depends on what its first argument names. */
  | 'external'
  /** Not a source: replays what is written in the program. */
  | 'testStream';

/** Values that an argument can be given and that leave a read unbounded all the same. */
export const ENDLESS = new Set(['None', 'apache_beam.utils.timestamp.MAX_TIMESTAMP']);

export const TRANSFORMS: readonly CataloguedTransform[] = [
  {
    name: 'apache_beam.io.gcp.pubsub.ReadFromPubSub',
    aliases: ['apache_beam.io.ReadFromPubSub'],
    parameters: 'topic subscription id_label with_attributes timestamp_attribute',
    boundedness: 'unbounded',
  },
  {
    name: 'apache_beam.io.gcp.pubsub.MultipleReadFromPubSub',
    aliases: ['apache_beam.io.MultipleReadFromPubSub'],
    parameters: 'pubsub_source_descriptors with_attributes',
    boundedness: 'unbounded',
  },
  {
    name: 'apache_beam.io.gcp.pubsub.ReadStringsFromPubSub',
    aliases: ['apache_beam.io.ReadStringsFromPubSub'],
    parameters: 'topic subscription id_label',
    boundedness: 'unbounded',
    label: '_ReadStringsFromPubSub',
  },
  {
    name: 'apache_beam.io.external.gcp.pubsub.ReadFromPubSub',
    parameters: `
      topic subscription id_label with_attributes timestamp_attribute expansion_service`,
    boundedness: 'unbounded',
  },
  {
    name: 'apache_beam.io.gcp.pubsublite.ReadFromPubSubLite',
    aliases: ['apache_beam.io.gcp.pubsublite.proto_api.ReadFromPubSubLite'],
    parameters: 'subscription_path min_bundle_timeout deduplicate expansion_service',
    boundedness: 'unbounded',
    removed: true,
  },
  {
    name: 'apache_beam.transforms.external.ExternalTransform',
    aliases: ['apache_beam.ExternalTransform'],
    parameters: 'urn payload expansion_service',
    boundedness: 'external',
    label: (argument) => `ExternalTransform(${externalKind(argument('urn')) ?? '{}'})`,
  },
  {
    name: 'apache_beam.transforms.external.SchemaAwareExternalTransform',
    parameters: `
      identifier expansion_service rearrange_based_on_discovery classpath managed_replacement`,
    boundedness: 'external',
  },
  {
    name: 'apache_beam.transforms.external.JavaExternalTransform',
    aliases: ['apache_beam.JavaExternalTransform'],
    parameters: 'class_name expansion_service classpath',
    boundedness: 'external',
  },
  {
    name: 'apache_beam.io.flink.flink_streaming_impulse_source.FlinkStreamingImpulseSource',
    parameters: 'label',
    boundedness: 'unbounded',
  },
  {
    name: 'apache_beam.io.unbounded_source.ReadFromUnboundedSource',
    parameters: 'source poll_interval max_records_per_bundle max_read_time_seconds',
    boundedness: 'unbounded',
  },
  {
    name: 'apache_beam.io.kafka.ReadFromKafka',
    aliases: ['apache_beam.io.external.kafka.ReadFromKafka'],
    parameters: `
      consumer_config topics key_deserializer value_deserializer start_read_time max_num_records
      max_read_time commit_offset_in_finalize timestamp_policy consumer_polling_timeout
      with_metadata expansion_service redistribute redistribute_num_keys allow_duplicates
      dynamic_read_poll_interval_seconds consumer_factory_fn_class consumer_factory_fn_params`,
    boundedness: { boundedBy: ['max_num_records', 'max_read_time'] },
    label: kafkaLabel,
  },
  {
    name: 'apache_beam.io.kinesis.ReadDataFromKinesis',
    parameters: `
      stream_name aws_access_key aws_secret_key region service_endpoint verify_certificate
      max_num_records max_read_time initial_position_in_stream initial_timestamp_in_stream
      request_records_limit up_to_date_threshold max_capacity_per_shard watermark_policy
      watermark_idle_duration_threshold rate_limit expansion_service`,
    boundedness: { boundedBy: ['max_num_records', 'max_read_time'] },
    label: 'ReadDataFromKinesis(beam:transform:org.apache.beam:kinesis_read_data:v2)',
  },
  {
    name: 'apache_beam.transforms.xlang.io.KinesisRead',
    parameters: `
      aws_access_key aws_secret_key region stream_name initial_position_in_stream
      initial_timestamp_in_stream max_capacity_per_shard max_num_records max_read_time
      rate_limit request_records_limit service_endpoint up_to_date_threshold verify_certificate
      watermark_idle_duration_threshold watermark_policy expansion_service`,
    boundedness: { boundedBy: ['max_num_records', 'max_read_time'] },
  },
  {
    name: 'apache_beam.transforms.xlang.io.ReadFromJms',
    parameters: `
      connection_configuration acknowledge_mode close_timeout_seconds
      individual_acknowledge_mode_code max_num_records max_read_time_seconds queue topic
      expansion_service`,
    boundedness: { boundedBy: ['max_num_records', 'max_read_time_seconds'] },
  },
  {
    name: 'apache_beam.transforms.xlang.io.ReadFromMqtt',
    parameters: `
      connection_configuration max_num_records max_read_time_seconds expansion_service`,
    boundedness: { boundedBy: ['max_num_records', 'max_read_time_seconds'] },
  },
  {
    name: 'apache_beam.io.debezium.ReadFromDebezium',
    parameters: `
      connector_class username password host port max_number_of_records connection_properties
      start_offset offset_storage_path expansion_service`,
    boundedness: { boundedBy: ['max_number_of_records'] },
  },
  {
    name: 'apache_beam.io.gcp.spanner.ReadChangeStreamFromSpanner',
    parameters: `
      project_id instance_id database_id changeStreamName metadataDatabase metadataInstance
      inclusiveStartAt inclusiveEndAt metadataTable rpcPriority watermarkRefreshRate
      expansion_service`,
    boundedness: { boundedBy: ['inclusiveEndAt'] },
    label:
      'ReadChangeStreamFromSpanner(beam:transform:org.apache.beam:spanner_change_stream_reader:v1)',
  },
  {
    name: 'apache_beam.io.gcp.bigquery_change_history.ReadBigQueryChangeHistory',
    parameters: `
      table poll_interval_sec start_time stop_time change_function buffer_sec project
      temp_dataset location change_type_column change_timestamp_column columns row_filter
      batch_arrow_read max_split_rounds reshuffle_decompress`,
    boundedness: { boundedBy: ['stop_time'] },
  },
  {
    name: 'apache_beam.transforms.periodicsequence.PeriodicImpulse',
    aliases: ['apache_beam.io.fileio.PeriodicImpulse'],
    parameters: 'start_timestamp stop_timestamp fire_interval apply_windowing data rebase',
    boundedness: { boundedBy: ['stop_timestamp'] },
  },
  {
    name: 'apache_beam.io.fileio.MatchContinuously',
    aliases: ['apache_beam.ml.inference.utils.MatchContinuously'],
    parameters: `
      file_pattern interval has_deduplication start_timestamp stop_timestamp match_updated_files
      apply_windowing empty_match_treatment timestamp_cursor`,
    boundedness: { boundedBy: ['stop_timestamp'] },
  },
  {
    name: 'apache_beam.io.textio.ReadAllFromTextContinuously',
    aliases: ['apache_beam.io.ReadAllFromTextContinuously'],
    parameters: 'file_pattern',
    boundedness: { boundedBy: ['stop_timestamp'] },
  },
  {
    name: 'apache_beam.io.avroio.ReadAllFromAvroContinuously',
    aliases: ['apache_beam.io.ReadAllFromAvroContinuously'],
    parameters: 'file_pattern label',
    boundedness: { boundedBy: ['stop_timestamp'] },
    label: 'ReadAllFilesContinuously',
  },
  {
    name: 'apache_beam.ml.inference.utils.WatchFilePattern',
    parameters: 'file_pattern interval stop_timestamp',
    boundedness: { boundedBy: ['stop_timestamp'] },
  },
  {
    name: 'apache_beam.io.external.generate_sequence.GenerateSequence',
    parameters: 'start stop elements_per_period max_read_time expansion_service',
    boundedness: { boundedBy: ['stop', 'max_read_time'] },
    label: 'GenerateSequence(beam:external:java:generate_sequence:v1)',
  },
  {
    name: 'apache_beam.transforms.xlang.io.GenerateSequence',
    parameters: 'start end rate expansion_service',
    boundedness: { boundedBy: ['end'] },
  },
  {
    name: 'apache_beam.transforms.periodicsequence.PeriodicSequence',
    parameters: '',
    boundedness: 'perElement',
  },
  {
    name: 'apache_beam.io.watch.Watch',
    aliases: ['apache_beam.io.fileio.Watch'],
    parameters: `
      poll_fn poll_interval termination output_coder output_key_fn output_key_coder
      timestamp_cursor allowed_lateness now_fn`,
    boundedness: 'perElement',
  },
  {
    name: 'apache_beam.io.iobase.Read',
    aliases: [
      'apache_beam.io.Read',
      'apache_beam.io.textio.Read',
      'apache_beam.io.avroio.Read',
      'apache_beam.io.parquetio.Read',
      'apache_beam.io.tfrecordio.Read',
      'apache_beam.io.gcp.pubsub.Read',
    ],
    parameters: 'source',
    boundedness: 'ofSource',
  },
  {
    name: 'apache_beam.transforms.managed.Read',
    aliases: ['apache_beam.Read', 'apache_beam.transforms.Read', 'apache_beam.managed.Read'],
    parameters: 'source config config_url expansion_service',
    boundedness: 'managed',
    label: managedLabel,
  },
  {
    name: 'apache_beam.testing.test_stream.TestStream',
    parameters: 'coder events output_tags endpoint',
    boundedness: 'testStream',
  },
  {
    name: 'apache_beam.transforms.core.Create',
    aliases: [
      'apache_beam.Create',
      'apache_beam.transforms.Create',
      'apache_beam.io.gcp.experimental.spannerio.Create',
      'apache_beam.transforms.create_source.Create',
      'apache_beam.transforms.util.Create',
    ],
    parameters: 'values reshuffle',
    boundedness: 'bounded',
  },
  {
    name: 'apache_beam.transforms.core.Impulse',
    aliases: [
      'apache_beam.Impulse',
      'apache_beam.transforms.Impulse',
      'apache_beam.io.iobase.Impulse',
    ],
    parameters: 'label',
    boundedness: 'bounded',
  },
  {
    name: 'apache_beam.io.textio.ReadFromText',
    aliases: ['apache_beam.io.ReadFromText'],
    parameters: `
      file_pattern min_bundle_size compression_type strip_trailing_newlines coder validate
      skip_header_lines delimiter escapechar`,
    boundedness: 'bounded',
  },
  {
    name: 'apache_beam.io.textio.ReadFromTextWithFilename',
    aliases: ['apache_beam.io.ReadFromTextWithFilename'],
    parameters: `
      file_pattern min_bundle_size compression_type strip_trailing_newlines coder validate
      skip_header_lines delimiter escapechar`,
    boundedness: 'bounded',
  },
  {
    name: 'apache_beam.io.textio.ReadFromCsv',
    aliases: ['apache_beam.io.ReadFromCsv'],
    parameters: 'path',
    boundedness: 'bounded',
  },
  {
    name: 'apache_beam.io.textio.ReadFromJson',
    aliases: ['apache_beam.io.ReadFromJson'],
    parameters: 'path',
    boundedness: 'bounded',
  },
  {
    name: 'apache_beam.io.avroio.ReadFromAvro',
    aliases: ['apache_beam.io.ReadFromAvro'],
    parameters: 'file_pattern min_bundle_size validate use_fastavro as_rows',
    boundedness: 'bounded',
  },
  {
    name: 'apache_beam.io.parquetio.ReadFromParquet',
    aliases: ['apache_beam.io.ReadFromParquet'],
    parameters: 'file_pattern min_bundle_size validate columns as_rows',
    boundedness: 'bounded',
  },
  {
    name: 'apache_beam.io.parquetio.ReadFromParquetBatched',
    aliases: ['apache_beam.io.ReadFromParquetBatched'],
    parameters: 'file_pattern min_bundle_size validate columns',
    boundedness: 'bounded',
  },
  {
    name: 'apache_beam.io.tfrecordio.ReadFromTFRecord',
    aliases: ['apache_beam.io.ReadFromTFRecord'],
    parameters: 'file_pattern coder compression_type validate',
    boundedness: 'bounded',
  },
  {
    name: 'apache_beam.transforms.xlang.io.TfrecordRead',
    parameters: 'compression file_pattern validate error_handling expansion_service',
    boundedness: 'bounded',
  },
  {
    name: 'apache_beam.transforms.xlang.io.MongodbRead',
    parameters: 'collection database schema uri error_handling filter expansion_service',
    boundedness: 'bounded',
  },
  {
    name: 'apache_beam.io.mongodbio.ReadFromMongoDB',
    aliases: ['apache_beam.io.ReadFromMongoDB'],
    parameters: 'uri db coll filter projection extra_client_params bucket_auto',
    boundedness: 'bounded',
  },
  {
    name: 'apache_beam.io.fileio.MatchFiles',
    parameters: 'file_pattern empty_match_treatment',
    boundedness: 'bounded',
  },
  {
    name: 'apache_beam.io.jdbc.ReadFromJdbc',
    parameters: `
      table_name driver_class_name jdbc_url username password query disable_autocommit
      output_parallelization fetch_size partition_column partitions connection_properties
      connection_init_sqls max_connections driver_jars expansion_service classpath schema
      secret_manager`,
    boundedness: 'bounded',
    label: 'ReadFromJdbc(beam:transform:org.apache.beam:schemaio_jdbc_read:v1)',
  },
  {
    name: 'apache_beam.io.snowflake.ReadFromSnowflake',
    aliases: ['apache_beam.io.external.snowflake.ReadFromSnowflake'],
    parameters: `
      server_name schema database staging_bucket_name storage_integration_name csv_mapper
      username password private_key_path raw_private_key private_key_passphrase o_auth_token
      table query role warehouse expansion_service`,
    boundedness: 'bounded',
  },
  {
    name: 'apache_beam.io.gcp.bigquery.ReadFromBigQuery',
    aliases: ['apache_beam.io.ReadFromBigQuery'],
    parameters: 'gcs_location method use_native_datetime output_type timeout',
    boundedness: 'bounded',
  },
  {
    name: 'apache_beam.io.gcp.bigtableio.ReadFromBigtable',
    parameters: 'project_id instance_id table_id expansion_service',
    boundedness: 'bounded',
  },
  {
    name: 'apache_beam.io.gcp.spanner.ReadFromSpanner',
    parameters: `
      project_id instance_id database_id row_type sql table host emulator_host batching
      timestamp_bound_mode read_timestamp staleness time_unit expansion_service`,
    boundedness: 'bounded',
    label: 'ReadFromSpanner(beam:transform:org.apache.beam:spanner_read:v1)',
  },
  {
    name: 'apache_beam.io.gcp.experimental.spannerio.ReadFromSpanner',
    parameters: '',
    boundedness: 'bounded',
  },
  {
    name: 'apache_beam.io.gcp.datastore.v1new.datastoreio.ReadFromDatastore',
    parameters: 'query num_splits',
    boundedness: 'bounded',
  },
];

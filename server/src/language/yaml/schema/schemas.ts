import type { Schema } from '@cfworker/json-schema';
import transforms from './transforms.json' with { type: 'json' };

/** A transform of Beam's standard providers: facts about `apache-beam` 2.77, generated from the package. */
export interface StandardTransform {
  /** Languages it is implemented in. */
  sdks: readonly string[];
  /** Needs no input. */
  root?: true;
  /** JSON schema of its config. */
  config: Schema;
}

/** Values that the installed package does not tell as data. */
const ENUMS: Record<string, Record<string, string[]>> = {
  ReadFromPubSub: { format: ['RAW', 'STRING', 'JSON', 'AVRO', 'PROTO'] },
  WriteToPubSub: { format: ['RAW', 'STRING', 'JSON', 'AVRO', 'PROTO'] },
  LogForTesting: { level: ['ERROR', 'INFO', 'DEBUG'] },
};

/** Values that are offered, while others are possible as well. */
export const SUGGESTED: Record<string, Record<string, string[]>> = {
  ReadFromKafka: {
    format: ['RAW', 'STRING', 'AVRO', 'JSON', 'PROTO'],
    auto_offset_reset_config: ['latest', 'earliest'],
  },
  WriteToKafka: { format: ['RAW', 'AVRO', 'JSON', 'PROTO'] },
  ReadFromDebezium: { connector: ['MYSQL', 'POSTGRES', 'SQLSERVER', 'ORACLE', 'DB2'] },
  ReadFromKinesis: { initial_position_in_stream: ['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'] },
  Join: { type: ['inner', 'outer', 'left', 'right'] },
};

// Whatever the transform, Beam takes these out of its config before it sees it.
const EVERYWHERE: Record<string, Schema> = {
  dependencies: { type: 'array', items: { type: 'string' } },
  output_schema: { type: 'object' },
};

export const STANDARD = new Map<string, StandardTransform>(
  Object.entries(transforms as unknown as Record<string, StandardTransform>).map(
    ([type, transform]) => {
      const properties: Record<string, Schema> = { ...propertiesOf(transform.config) };
      for (const [key, values] of Object.entries(ENUMS[type] ?? {}))
        properties[key] = { ...properties[key], enum: values };
      if (transform.config.additionalProperties === false) Object.assign(properties, EVERYWHERE);
      return [type, { ...transform, config: { ...transform.config, properties } }];
    },
  ),
);

export function propertiesOf(schema: Schema | undefined): Record<string, Schema> {
  return (schema?.properties ?? {}) as Record<string, Schema>;
}

const DURATION: Schema = { type: ['string', 'number'] };
const windowsOf = (type: string, keys: string[], required: string[]): Schema => ({
  if: { properties: { type: { const: type } }, required: ['type'] },
  then: {
    properties: Object.fromEntries(
      ['type', ...keys].map((key) => [key, key === 'type' ? {} : DURATION]),
    ),
    required,
    additionalProperties: false,
  },
});

export const WINDOW_KEYS: Record<string, string[]> = {
  global: [],
  fixed: ['size', 'offset'],
  sliding: ['size', 'period', 'offset'],
  sessions: ['gap'],
};

export const WINDOWING: Schema = {
  type: 'object',
  properties: { type: { enum: Object.keys(WINDOW_KEYS) } },
  required: ['type'],
  allOf: Object.entries(WINDOW_KEYS).map(([type, keys]) =>
    windowsOf(
      type,
      keys,
      keys.filter((key) => key !== 'offset'),
    ),
  ),
};

/** Types of providers and the keys of their config. */
export const PROVIDERS: Record<string, string[]> = {
  python: ['packages'],
  pythonPackage: ['packages'],
  javaJar: ['jar'],
  mavenJar: ['artifact_id', 'group_id', 'version', 'repository', 'classifier', 'appendix'],
  beamJar: [
    'gradle_target',
    'version',
    'appendix',
    'artifact_id',
    'classpath',
    'managed_replacement',
  ],
  remote: ['address'],
  renaming: ['mappings', 'underlying_provider', 'defaults'],
  yaml: [],
};

export const TOP_LEVEL_KEYS = ['pipeline', 'providers', 'options', 'tests'];
const COMMON_KEYS = ['type', 'name', 'input', 'output', 'windowing', 'resource_hints'];
export const LEAF_KEYS = [...COMMON_KEYS, 'config', 'output_schema'];
const GROUP_KEYS = ['transforms', 'source', 'sink'];
export const COMPOSITE_KEYS = [...COMMON_KEYS, ...GROUP_KEYS];
export const CHAIN_KEYS = [...COMPOSITE_KEYS, 'extra_transforms'];
export const PIPELINE_KEYS = [
  'type',
  'windowing',
  'resource_hints',
  ...GROUP_KEYS,
  'extra_transforms',
];

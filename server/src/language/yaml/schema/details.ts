import type { Schema } from '@cfworker/json-schema';
import type { ProvidedTransform } from '../providers.js';
import { READ_BY_TYPE } from '../catalogue.js';
import { namesOf } from './check.js';
import { propertiesOf, STANDARD } from './schemas.js';

/** What keys mean that are alike in many transforms, or in all. */
const KEYS: Record<string, string> = {
  bootstrap_servers: 'Kafka brokers, as `host:port`, separated by commas.',
  callable: 'A function in the language of the transform.',
  config: 'What the transform is told: its keys depend on its type.',
  constructor: 'Qualified name of what makes the Python transform, or code that defines it.',
  dependencies: 'Packages that the code of this transform needs.',
  elements: 'What the transform emits, once.',
  end_at: 'When to stop: with it, the read is bounded.',
  error_handling: 'Where elements go that fail: `output` names their collection.',
  expression: 'An expression over the fields of an element.',
  extra_transforms: 'Transforms beside the chain: they say what their inputs are.',
  fields: 'Fields of the output, each by a field, an expression or a function.',
  format: 'How a message is encoded.',
  group_by: 'Fields whose values make the groups.',
  input: 'Names of the transforms this one reads; `name.output` where one has several outputs.',
  keep: 'The condition under which an element stays.',
  language: 'Language of the expressions and functions.',
  max_num_records: 'How many messages to read: with it, the read is bounded.',
  max_number_of_records: 'How many changes to read: with it, the read is bounded.',
  max_read_time: 'Seconds to read for: with it, the read is bounded.',
  max_read_time_seconds: 'Seconds to read for: with it, the read is bounded.',
  max_time_to_run: 'Milliseconds to read for: with it, the read is bounded.',
  name: 'How other transforms and the runner call this one.',
  options: 'Pipeline options, as on the command line.',
  output: 'Which collection of its inside a composite gives.',
  output_schema: 'A JSON schema that the output is validated against.',
  path: 'A file, or a pattern of files.',
  pipeline: 'The transforms, and how they are joined.',
  providers: 'Where transforms come from that Beam itself does not have.',
  query: 'A query in the dialect of the source.',
  resource_hints: 'What the runner should provide where this transform is run.',
  schema: 'The fields of a message, as JSON schema or in the language of the format.',
  sink: 'The last transform of the chain.',
  source: 'The first transform of the chain: it reads by itself.',
  streaming: 'Go on reading: with it, the read is unbounded.',
  subscription: 'A Pub/Sub subscription: `projects/…/subscriptions/…`.',
  tests: 'Tests of the pipeline, run by `--tests`.',
  timestamp_attribute: 'Attribute of a message that holds its event time.',
  topic: 'What is published to, or read from.',
  transforms: 'The transforms, each an item of the list.',
  type: 'Which transform this is.',
  windowing: 'Windows for the inputs of the transform; for its output, when it reads by itself.',
};

export function describeKey(key: string, schema: Schema | undefined, isRequired: boolean): string {
  const facts = [typeOf(schema), isRequired ? 'required' : '', defaultOf(schema)].filter(Boolean);
  const head = `**${key}**${facts.length > 0 ? ` · ${facts.join(', ')}` : ''}`;
  return KEYS[key] === undefined ? head : `${head}\n\n${KEYS[key]}`;
}

/** One line: `string, required`. */
export function keyDetail(schema: Schema | undefined, isRequired: boolean): string {
  return [typeOf(schema), isRequired ? 'required' : ''].filter(Boolean).join(', ');
}

function typeOf(schema: Schema | undefined): string {
  if (Array.isArray(schema?.enum)) return schema.enum.map(String).join(' | ');
  return schema?.type === undefined ? '' : namesOf(schema.type);
}

function defaultOf(schema: Schema | undefined): string {
  return schema?.['default'] === undefined ? '' : `default \`${String(schema['default'])}\``;
}

const SDKS: Record<string, string> = { python: 'Python', java: 'Java', sql: 'SQL' };

/** Markdown about a transform type; undefined when nothing is known of it. */
export function describeType(
  type: string,
  provided: ProvidedTransform | undefined,
): string | undefined {
  if (provided) return `**${type}** · of a provider of type ${provided.provider} in this file`;
  const standard = STANDARD.get(type);
  if (!standard) return undefined;
  const sdks = standard.sdks.map((sdk) => SDKS[sdk] ?? sdk).join(', ');
  const lines = [`**${type}** · Beam YAML transform, in ${sdks}`];
  const read = READ_BY_TYPE.get(type);
  if (read) {
    const { boundedness } = read;
    if (boundedness === 'unbounded') lines.push('Unbounded.');
    else if (boundedness === 'bounded') lines.push('Bounded.');
    else if ('boundedBy' in boundedness)
      lines.push(
        `Unbounded without ${boundedness.boundedBy.map((key) => `\`${key}\``).join(' or ')}.`,
      );
    else lines.push(`Bounded without \`${boundedness.unboundedIf}\`.`);
  }
  const required = standard.config.required ?? [];
  const keys = Object.keys(propertiesOf(standard.config)).map(
    (key) => `\`${key}\`${required.includes(key) ? ' (required)' : ''}`,
  );
  if (keys.length > 0) lines.push(`Config: ${keys.join(', ')}.`);
  lines.push(
    `[Documentation](https://beam.apache.org/releases/yamldoc/2.77.0/#${type.toLowerCase()})`,
  );
  return lines.join('\n\n');
}

import assert from 'node:assert/strict';
import { analyzerFor } from '../../../server/src/language/language.js';
import { yamlFixtures as fixtures } from './fixtures.js';

const yaml = analyzerFor('yaml')!;

/** `code line message`, the line from 1. */
async function problemsOf(text: string): Promise<string[]> {
  const document = await yaml.open(text);
  return document.problems!().map(
    ({ code, severity, range, message }) =>
      `${severity} ${code} ${range.start.line + 1}: ${message}`,
  );
}

const pipeline = (transforms: string): string =>
  `pipeline:\n  transforms:\n${transforms.replace(/^/gm, '    ')}\n`;
const CREATE = '- {type: Create, name: A, config: {elements: [1]}}\n';

const PROBLEMS: Record<string, [string, string[]]> = {
  'a mistyped type': [
    pipeline('- type: ReadFromPubsub\n'),
    [
      'error unknown-transform 3: Beam YAML has no transform "ReadFromPubsub". Did you mean "ReadFromPubSub"?',
    ],
  ],
  'a type nobody knows': [
    pipeline('- type: Frobnicate\n  input: {}\n'),
    [
      'error unknown-transform 3: Beam YAML has no transform "Frobnicate". Is a provider of it missing?',
    ],
  ],
  'no type': [
    pipeline('- name: A\n  config: {}\n'),
    ['error missing-type 3: A transform needs a "type".'],
  ],
  'a missing key': [
    pipeline('- type: ReadFromText\n  config:\n    # nothing\n'),
    ['error missing-key 4: "path" is missing in the config of "ReadFromText".'],
  ],
  'no config at all': [
    pipeline('- type: ReadFromText\n'),
    ['error missing-key 3: "path" is missing in the config of "ReadFromText".'],
  ],
  'a mistyped key': [
    pipeline('- type: ReadFromPubSub\n  config:\n    topc: t\n    format: RAW\n'),
    ['error unknown-key 5: "ReadFromPubSub" has no "topc" in its config. Did you mean "topic"?'],
  ],
  'a key that a transform in Java may have': [
    pipeline('- type: ReadFromKafka\n  config: {topic: t, bootstrap_server: b}\n'),
    [
      'warning unknown-key 4: "ReadFromKafka" has no "bootstrap_server" in its config. Did you mean "bootstrap_servers"?',
    ],
  ],
  'a wrong type': [
    pipeline('- type: ReadFromPubSub\n  config: {topic: [a], format: RAW}\n'),
    ['warning wrong-value 4: "topic" should be a string.'],
  ],
  'a value that is none of those possible': [
    pipeline('- type: ReadFromPubSub\n  config: {topic: a, format: XML}\n'),
    ['warning wrong-value 4: "format" should be one of RAW, STRING, JSON, AVRO, PROTO.'],
  ],
  'config keys beside the type': [
    pipeline('- type: ReadFromText\n  path: a\n'),
    [
      'error unknown-key 4: There is no "path" in a transform. It belongs in its "config".',
      'error missing-key 3: "path" is missing in the config of "ReadFromText".',
    ],
  ],
  'an input that nothing is called': [
    pipeline(`${CREATE}- type: LogForTesting\n  input: B\n`),
    ['error unknown-input 5: No transform beside this one is called "B". Did you mean "A"?'],
  ],
  'one of several inputs': [
    pipeline(`${CREATE}- type: Flatten\n  input: [A, Missing]\n`),
    ['error unknown-input 5: No transform beside this one is called "Missing".'],
  ],
  'a transform that reads itself': [
    pipeline('- type: LogForTesting\n  name: A\n  input: A\n'),
    ['error cyclic-input 5: "A" reads what it writes itself.'],
  ],
  'a circle': [
    pipeline(
      '- {type: LogForTesting, name: A, input: B}\n- {type: LogForTesting, name: B, input: A}\n',
    ),
    ['error cyclic-input 4: "A" reads, by way of others, what it writes itself.'],
  ],
  'two of one name': [
    pipeline(`${CREATE}${CREATE}- {type: LogForTesting, input: A}`),
    [
      'error ambiguous-input 5: 2 transforms are called "A": give each a "name" of its own.',
      'warning duplicate-name 4: Another transform beside this one is called "A": Beam gives this one a number, and inputs cannot refer to either.',
    ],
  ],
  'an input in a chain': [
    'pipeline:\n  type: chain\n  transforms:\n    - {type: Create, config: {elements: []}}\n    - {type: LogForTesting, input: Create}\n',
    [
      'error input-in-chain 5: In a chain, inputs and outputs follow from the order: leave out "input".',
    ],
  ],
  'no input': [
    pipeline('- type: LogForTesting\n'),
    ['error missing-input 3: "LogForTesting" needs an "input".'],
  ],
  'a mistyped top-level key': [
    `provider: []\n${pipeline(CREATE)}`,
    ['warning unknown-key 1: Beam takes no notice of "provider". Did you mean "providers"?'],
  ],
  windowing: [
    pipeline(`${CREATE}- {type: LogForTesting, input: A, windowing: {type: fixed, period: 1s}}`),
    [
      'error missing-key 4: "size" is missing in "windowing".',
      'error unknown-key 4: There is no "period" in windowing of this type.',
    ],
  ],
  'a provider': [
    `providers:\n  - type: pyton\n    config: {}\n    transforms: {A: a.b}\n  - type: javaJar\n    transforms: {B: b}\n${pipeline('- {type: A, input: {}}')}`,
    [
      'error unknown-provider 2: Beam YAML has no provider of type "pyton". Did you mean "python"?',
      'error missing-key 5: "config" is missing in a provider.',
    ],
  ],
  'the config of a transform defined in YAML': [
    `providers:\n  - type: yaml\n    config: {}\n    transforms:\n      Scale:\n        config_schema: {properties: {by: {type: integer}}, required: [by]}\n        body: {type: LogForTesting, input: input}\n${pipeline(`${CREATE}- {type: Scale, input: A, config: {by: two, of: 1}}\n`)}`,
    [
      'warning wrong-value 11: "by" should be an integer.',
      'error unknown-key 11: "Scale" has no "of" in its config.',
    ],
  ],
  'a second document': [
    `${pipeline(CREATE)}---\n${pipeline(CREATE)}`,
    ['error several-documents 6: Beam reads one YAML document of a file: it refuses a second one.'],
  ],
};

describe('Problems of Beam YAML', () => {
  for (const [name, [text, expected]] of Object.entries(PROBLEMS)) {
    it(name, async () => {
      const problems = await problemsOf(text);
      assert.deepEqual(problems.sort(), [...expected].sort());
    });
  }

  for (const { name, text } of fixtures) {
    it(`there are none in ${name}`, async () => {
      assert.deepEqual(await problemsOf(text), []);
    });
  }

  const FINE: Record<string, string> = {
    'a transform of an included provider': `providers:\n  - include: gs://b/p.yaml\n${pipeline('- {type: ReadMine}')}`,
    'what a template adds': `pipeline:\n  transforms:\n    {% include 'a.yaml' %}\n    - {type: LogForTesting, input: From a}\n`,
    'a value of a template': pipeline(
      '- type: Reshuffle\n  input: {}\n  config: {num_buckets: {{ n }}}\n',
    ),
    'a type of a template': pipeline('- type: {{ type }}\n  input: {}\n'),
    'null for a key that need not be': pipeline(
      '- {type: ReadFromPubSub, config: {topic: t, format: RAW, schema: }}',
    ),
    'dependencies and output schemas': pipeline(
      '- {type: Create, config: {elements: [], dependencies: [a], output_schema: {type: object}}}',
    ),
    'outputs by name': pipeline(`${CREATE}- {type: LogForTesting, input: A.errors}`),
    'inputs of a composite': pipeline(
      `${CREATE}- type: composite\n  input: {lines: A}\n  transforms:\n    - {type: LogForTesting, input: lines}\n`,
    ),
    'keys for anchors': `.anchors: &a {elements: []}\n${pipeline('- {type: Create, config: *a}')}`,
  };
  for (const [name, text] of Object.entries(FINE)) {
    it(`there is none in ${name}`, async () => {
      assert.deepEqual(await problemsOf(text), []);
    });
  }
});

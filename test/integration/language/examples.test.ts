import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { analyzeText } from '../../../server/src/language/language.js';
import { runPython } from './python.js';

const FIND = 'import apache_beam.examples as e; print(e.__file__)';

describe("Beam's own Python examples", function () {
  this.timeout(180_000);
  let folder: string;

  before(async () => {
    folder = dirname((await runPython(['-c', FIND])).trim());
  });

  it('parse without an error, and every root read that is never bounded is found', async () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.py'),
    );
    assert.ok(files.length > 200, `${files.length} files`);
    for (const name of files) {
      const text = readFileSync(join(folder, name), 'utf8');
      const { sources, syntaxErrors } = await analyzeText(name, text);
      assert.deepEqual(syntaxErrors, [], name);
      // Applied to something, in code (not in a docstring or an import).
      const applied = text.match(/^ *(?:\w+ = )?\w* ?\| .*\b(?<!Fake)ReadFromPubSub\(/gm) ?? [];
      const found = sources.filter(({ transformName }) => transformName === 'ReadFromPubSub');
      assert.ok(found.length >= applied.length, `${name}: ${found.length} of ${applied.length}`);
      for (const { bounded, boundedReason } of sources) {
        assert.ok(bounded || !boundedReason.startsWith('not known'), `${name}: ${boundedReason}`);
      }
    }
  });

  it('streaming_wordcount.py reads one of two', async () => {
    const text = readFileSync(join(folder, 'streaming_wordcount.py'), 'utf8');
    const { sources } = await analyzeText('streaming_wordcount.py', text);
    assert.deepEqual(
      sources.map(({ pipeline, label, bounded, signature }) => [
        pipeline,
        label,
        bounded,
        signature.arguments,
      ]),
      [
        [
          'run.p',
          'ReadFromPubSub',
          false,
          { subscription: '--input_subscription', with_output_types: 'bytes' },
        ],
        ['run.p', 'ReadFromPubSub', false, { topic: '--input_topic', with_output_types: 'bytes' }],
      ],
    );
  });

  it('run_inference_side_inputs.py, kafka_taxi.py and leader_board.py', async () => {
    const labels = async (name: string): Promise<string[]> => {
      const { sources } = await analyzeText(name, readFileSync(join(folder, name), 'utf8'));
      return sources.map((source) => source.label);
    };
    assert.deepEqual(await labels('inference/run_inference_side_inputs.py'), [
      'SideInputPColl',
      'MainInputPColl',
    ]);
    assert.deepEqual(await labels('kafkataxi/kafka_taxi.py'), [
      'ReadFromPubSub',
      'ReadFromKafka(beam:transform:org.apache.beam:kafka_read_without_metadata:v1)',
    ]);
    assert.deepEqual(await labels('complete/game/leader_board.py'), ['ReadPubSub', 'ReadPubSub']);
  });
});

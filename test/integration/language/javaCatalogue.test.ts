import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { analyzerFor } from '../../../server/src/language/language.js';
import type { PipelineSource } from '../../../server/src/language/source.js';
import {
  TRANSFORMS,
  type CataloguedTransform,
} from '../../../server/src/language/java/catalogue.js';
import { BEAM_JAVA, beamJar, missingJavaTools, publicMethods } from './java.js';

/** Without a JDK and Maven there is nothing to compare with; in CI they have to be there. */
async function needJava(context: Mocha.Context): Promise<void> {
  const missing = await missingJavaTools();
  if (missing === undefined) return;
  assert.ok(!process.env['CI'], missing);
  console.log(`      skipped: ${missing}`);
  context.skip();
}

/** The names of a nested class as the class file has them. */
function binaryName(type: string): string {
  const cut = type.search(/\.[A-Z]/);
  return type.slice(0, cut + 1) + type.slice(cut + 1).replace(/\./g, '$');
}

function methodsOf({ boundedness, resource }: CataloguedTransform): string[] {
  if (typeof boundedness === 'string') return resource;
  return [...Object.values(boundedness).flat(), ...resource];
}

describe('The catalogue of Java reads', () => {
  const jars = new Map<string, string>();
  let classes: Awaited<ReturnType<typeof publicMethods>>;

  before(async function () {
    this.timeout(600_000);
    await needJava(this);
    for (const { artifact, lastVersion } of TRANSFORMS) {
      if (jars.has(artifact)) continue;
      try {
        jars.set(artifact, await beamJar(artifact, lastVersion ?? BEAM_JAVA));
      } catch (error) {
        jars.set(artifact, '');
        console.log(`      ${artifact}: ${String(error)}`);
      }
    }
    const names = TRANSFORMS.map(({ type }) => binaryName(type));
    const paths = [...jars.values()].filter(Boolean);
    const outer = await publicMethods(paths, names);
    const made = [...outer.values()].flatMap((methods) =>
      [...methods.values()].flatMap((to) => [...to]),
    );
    const inner = made.filter((name) => name.startsWith('org.apache.beam.'));
    classes = await publicMethods(paths, [...new Set([...names, ...inner])]);
  });

  for (const entry of TRANSFORMS) {
    const { type, factories, label, artifact } = entry;
    it(`${type}: ${factories.join(', ')}`, function () {
      // A repository may not serve every module.
      if (!jars.get(artifact)) this.skip();
      const methods = classes.get(binaryName(type));
      assert.ok(methods, type);
      for (const factory of factories) {
        const made = [...(methods.get(factory) ?? [])];
        assert.notEqual(made.length, 0, factory);
        const [first = ''] = made;
        const simple = first.slice(first.lastIndexOf('.') + 1).replace(/\$/g, '.');
        const isNamed = !/^(?:PTransform|TestStream|Read\.)/.test(simple);
        // BigQueryIO.read is there twice.
        if (isNamed)
          assert.ok(
            made.some((one) => one.endsWith(label.replace(/\./g, '$'))),
            simple,
          );
        if (first.endsWith('.PTransform')) continue;
        const builders = made.map((one) => classes.get(one));
        for (const method of methodsOf(entry)) {
          assert.ok(
            builders.some((one) => one?.has(method)),
            `${simple}.${method}`,
          );
        }
      }
    });
  }

  it('has every class that reads for ever in the modules it knows', async function () {
    this.timeout(60_000);
    await needJava(this);
    const known = new Set(TRANSFORMS.map(({ type }) => type.slice(type.lastIndexOf('.') + 1)));
    // `…IO` classes whose reads can be limited are those that read without an end.
    for (const [name, methods] of classes) {
      const limited = methods.has('withMaxNumRecords') || methods.has('withMaxReadTime');
      const outer = /\.(\w+)(?:\$|$)/.exec(name)?.[1];
      if (limited && outer) assert.ok(known.has(outer), name);
    }
  });
});

describe("Beam's own Java examples", function () {
  this.timeout(300_000);
  /** The newest release whose examples are published as sources in the test machines' repository. */
  const VERSION = '2.62.0';
  const files = new Map<string, string>();
  const found = new Map<string, PipelineSource[]>();

  before(async function () {
    await needJava(this);
    const jar = await beamJar('beam-examples-java', VERSION, 'sources');
    for (const [name, bytes] of Object.entries(unzipSync(readFileSync(jar)))) {
      if (name.endsWith('.java')) files.set(name, Buffer.from(bytes).toString());
    }
    for (const [name, text] of files) {
      const read = (path: string): string | undefined => files.get(path.slice('/src/'.length));
      const context = { path: `/src/${name}`, folders: [], read };
      const document = await analyzerFor('java')!.open(text, context);
      const { sources, syntaxErrors } = document.file();
      assert.deepEqual(syntaxErrors, [], name);
      found.set(name.replace('org/apache/beam/examples/', ''), sources);
    }
  });

  const unbounded = (name: string): [string, string, Record<string, string>][] =>
    (found.get(name) ?? [])
      .filter(({ bounded }) => !bounded)
      .map(({ label, transformName, signature }) => [label, transformName, signature.arguments]);

  it('parse without an error, and their Pub/Sub and Kafka reads are found', () => {
    assert.ok(files.size > 100, `${files.size} files`);
    for (const [name, text] of files) {
      // Applied, in code that is no method returning a read for others.
      const applied =
        text.match(/apply\((?:\s*"[^"]*",)?\s*(?:PubsubIO|KafkaIO)\s*\.(?:<[^>]*>)?read/g) ?? [];
      const sources = found.get(name.replace('org/apache/beam/examples/', '')) ?? [];
      const reads = sources.filter(({ transformName }) =>
        /^(?:PubsubIO|KafkaIO)\./.test(transformName),
      );
      assert.ok(reads.length >= applied.length, `${name}: ${reads.length} of ${applied.length}`);
    }
  });

  it('LeaderBoard, GameStats, StatefulTeamScore', () => {
    for (const name of ['LeaderBoard', 'GameStats', 'StatefulTeamScore']) {
      assert.deepEqual(unbounded(`complete/game/${name}.java`), [
        [
          'PubsubIO.Read',
          'PubsubIO.readStrings',
          { timestampAttribute: '"timestamp_ms"', fromTopic: '--topic' },
        ],
      ]);
    }
  });

  it('KafkaWordCountJson, KafkaStreaming, IcebergTaxiExamples', () => {
    const names = (name: string): string[] =>
      (found.get(name) ?? []).map(({ transformName }) => transformName);
    assert.deepEqual(names('KafkaWordCountJson.java'), ['KafkaIO.read']);
    assert.ok(names('KafkaStreaming.java').includes('KafkaIO.read'));
    assert.ok(names('KafkaStreaming.java').includes('GenerateSequence.from'));
    const [taxis] = unbounded('cookbook/IcebergTaxiExamples.java');
    assert.deepEqual(taxis?.[2], {
      fromTopic: '"projects/pubsub-public-data/topics/taxirides-realtime"',
    });
  });
});

import assert from 'node:assert/strict';
import { analyzeText } from '../../../server/src/language/language.js';
import { explainDifference } from '../../../server/src/language/signature.js';
import type { PipelineSource } from '../../../server/src/language/source.js';

interface Program {
  file: string;
  /** With `/*1*\/` before its only source, and `/*2*\/` after it. */
  text: string;
  /** Statements before the source that may change what it is given. */
  changes: string[];
  /** Those that do not. */
  others: string[];
}

const PROGRAMS: Program[] = [
  {
    file: 'a.go',
    text: `package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/xlang/kafkaio"
)

type Config struct {
	Server string
	Topics []string
	Names map[string]string
}

func (c *Config) Rename(name string) { c.Server = name }
func (c *Config) Show() string { return c.Server }
func (c Config) Copied() { c.Server = "copied" }
func fill(c *Config) { c.Topics = nil }
func indirectly(c *Config) { fill(c) }
func show(c *Config) { fmt.Println(c.Server) }
func byValue(c Config) { c.Server = "x" }

func main() {
	p, s := beam.NewPipelineWithRoot()
	config := Config{Server: "a", Names: map[string]string{}}
	unrelated := Config{}
	topics := []string{"a"}
	/*1*/
	kafkaio.Read(s, config.Names["addr"], config.Server, append(topics, config.Topics...))
	/*2*/
	_ = p
}
`,
    changes: [
      'config.Server = "b"',
      'config.Names["addr"] = "b"',
      'config.Topics = append(config.Topics, "b")',
      'topics = append(topics, "b")',
      'topics[0] = "b"',
      'if len(topics) > 1 {\n config.Server = "b"\n}',
      'for _, one := range topics {\n config.Names[one] = "b"\n}',
      'config.Rename("b")',
      'fill(&config)',
      'indirectly(&config)',
      'pointer := &config\npointer.Server = "b"',
      'json.Unmarshal(nil, &config)',
      'delete(config.Names, "addr")',
      'maps.Copy(config.Names, map[string]string{"addr": "b"})',
      'change := func() { config.Server = "b" }\nchange()',
    ],
    others: [
      'unrelated.Server = "b"',
      'unrelated.Rename("b")',
      'config.Show()',
      'config.Copied()',
      'show(&config)',
      'byValue(config)',
      'fill(&unrelated)',
      'fmt.Println(&config)',
      'other := config\nother.Server = "b"',
    ],
  },
  {
    file: 'a.ts',
    text: `import * as beam from "apache-beam";
import { readFromKafka } from "apache-beam/io/kafka";

class Config {
  server = "a";
  topics: string[] = [];
  rename(name: string) { this.server = name; return this; }
  add(topic: string) { this.topics.push(topic); }
  show() { return this.server; }
}
function fill(config: any) { config.server = "b"; }
const indirectly = (config: any) => { fill(config); };
function show(config: any) { console.log(config.server); }

new beam.Runner().run((root) => {
  const config = new Config();
  const unrelated = new Config();
  const consumer: any = { "group.id": "a" };
  const topics = ["a"];
  /*1*/
  root.apply(readFromKafka(consumer, [config.server, ...topics, ...config.topics]));
  /*2*/
});
`,
    changes: [
      'config.server = "b";',
      'consumer["group.id"] = "b";',
      'consumer.other = "b";',
      'delete consumer["group.id"];',
      'topics.push("b");',
      'topics[0] = "b";',
      'topics.length = 0;',
      'if (topics.length > 1) config.server = "b";',
      'for (const one of topics) consumer[one] = "b";',
      'topics.forEach((one) => { consumer[one] = "b"; });',
      'config.rename("b");',
      'config.add("b");',
      'fill(config);',
      'indirectly(config);',
      'Object.assign(consumer, { "group.id": "b" });',
      'const alias = consumer; alias.other = "b";',
      'const change = () => { config.server = "b"; }; change();',
      'const count = topics.push("b");',
    ],
    others: [
      'unrelated.server = "b";',
      'unrelated.rename("b");',
      'config.show();',
      'show(config);',
      'fill(unrelated);',
      'console.log(config, topics, consumer);',
      'topics.forEach((one) => console.log(one));',
      'const copy = { ...consumer }; copy.other = "b";',
      'const lengths = topics.map((one) => one.length); lengths.push(1);',
      'Object.assign(unrelated, consumer);',
    ],
  },
  {
    file: 'A.java',
    text: `import java.util.*;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.kafka.KafkaIO;

class A {
  static class Config {
    String server = "a";
    final List<String> labels = new ArrayList<>();
    void rename(String name) { this.server = name; }
    void label(String label) { labels.add(label); }
    String show() { return server; }
  }

  private final Map<String, Object> updates = new HashMap<>();

  static void fill(Config config) { config.server = "b"; }
  static void indirectly(Config config) { fill(config); }
  static void show(Config config) { System.out.println(config.server); }
  void more() { /*3*/ }

  void run(Pipeline p) {
    Config config = new Config();
    Config unrelated = new Config();
    Map<String, Object> consumer = new HashMap<>();
    List<String> topics = new ArrayList<>();
    String[] array = {"a"};
    /*1*/
    p.apply(KafkaIO.readBytes().withBootstrapServers(config.server).withTopics(topics).withTopic(array[0])
        .withConsumerConfigUpdates(consumer).withOffsetConsumerConfigOverrides(updates));
    /*2*/
  }
}
`,
    changes: [
      'config.server = "b";',
      'config.rename("b");',
      'config.label("b");',
      'fill(config);',
      'indirectly(config);',
      'consumer.put("a", "b");',
      'if (topics.isEmpty()) consumer.put("a", "b");',
      'for (String one : topics) { consumer.put(one, "b"); }',
      'topics.forEach(one -> consumer.put(one, "b"));',
      'topics.add("b");',
      'boolean added = topics.add("b");',
      'Collections.addAll(topics, "b");',
      'array[0] = "b";',
      'Map<String, Object> alias = consumer; alias.put("a", "b");',
      'updates.put("a", "b");',
      'this.updates.put("a", "b");',
    ],
    others: [
      'unrelated.server = "b";',
      'unrelated.rename("b");',
      'config.show();',
      'show(config);',
      'fill(unrelated);',
      'System.out.println(consumer);',
      'topics.forEach(one -> System.out.println(one));',
      'consumer.get("a");',
      'List<String> copy = new ArrayList<>(topics); copy.add("b");',
      'Objects.requireNonNull(consumer);',
    ],
  },
];

async function only({ file }: Program, text: string): Promise<PipelineSource> {
  const { sources, syntaxErrors } = await analyzeText(file, text);
  assert.deepEqual(syntaxErrors, [], text);
  assert.equal(sources.length, 1, text);
  return sources[0]!;
}

for (const program of PROGRAMS) {
  describe(`What an argument of a source in ${program.file} holds`, () => {
    const insert = (mark: string, statement: string): string =>
      program.text.replace(mark, () => statement);

    for (const statement of program.changes) {
      it(`is changed by ${statement}, if it comes before, and that is told`, async () => {
        const before = await only(program, program.text);
        const after = await only(program, insert('/*1*/', statement));
        assert.notEqual(after.signature.hash, before.signature.hash);
        const words = explainDifference(before.signature, after.signature);
        assert.match(
          words,
          /^(?:consumerConfig|offsetConsumerConfig|topic|addr|server|bootstrap).*: /,
        );
        const later = await only(program, insert('/*2*/', statement));
        assert.equal(later.signature.hash, before.signature.hash);
      });
    }

    if (program.text.includes('/*3*/')) {
      it('is changed in another method, of fields', async () => {
        const before = await only(program, program.text);
        const after = await only(program, insert('/*3*/', 'updates.put("a", "b");'));
        const words = explainDifference(before.signature, after.signature);
        assert.match(words, /changed by\(it\.put\("a", "b"\)\)$/);
      });
    }

    for (const statement of program.others) {
      it(`is not changed by ${statement}`, async () => {
        const before = await only(program, program.text);
        const after = await only(program, insert('/*1*/', statement));
        assert.deepEqual(after.signature, before.signature);
      });
    }
  });
}

import assert from 'node:assert/strict';
import { Document, isMap, isScalar, parseDocument, stringify, visit } from 'yaml';
import { analyzeText } from '../../../server/src/language/language.js';
import { explainDifference } from '../../../server/src/language/signature.js';
import type { PipelineSource } from '../../../server/src/language/source.js';
import { yamlFixtures as fixtures } from './fixtures.js';

async function sourcesOf(text: string): Promise<PipelineSource[]> {
  const file = await analyzeText('pipeline.yaml', text);
  assert.deepEqual(file.syntaxErrors, []);
  return file.sources;
}

async function hashes(text: string): Promise<string[]> {
  return (await sourcesOf(text)).map(({ label, signature }) => `${label} ${signature.hash}`).sort();
}

/** Rewrites a file by what it means: templates are no YAML, and stay as they are. */
function rewritten(text: string, change: (document: Document) => void, options = {}): string {
  if (/\{[{%]/.test(text)) return text;
  const document = parseDocument(text, { version: '1.1' });
  change(document);
  return document.toString({ lineWidth: 0, ...options });
}

const HARMLESS: Record<string, (text: string) => string> = {
  'no comments': (text) => text.replace(/^\s*#.*\n/gm, ''),
  'more comments': (text) => text.replace(/^(\s*(?:- )?\w+: [\w/:-]+)$/gm, '$1  # note: {}'),
  'blank lines': (text) => text.replace(/^(\s*)- (type|name):/gm, '\n\n$1- $2:'),
  CRLF: (text) => text.replace(/\n/g, '\r\n'),
  CR: (text) => text.replace(/\n/g, '\r'),
  'byte order mark': (text) => `\ufeff${text}`,
  'document marks': (text) => (/^(?:---|\{)/m.test(text) ? text : `---\n${text}...\n`),
  'other quotes': (text) => text.replace(/"([\w:/.-]+)"/g, "'$1'"),
  quoted: (text) => text.replace(/(type|name|topic|table|path): ([\w:/.-]+)$/gm, '$1: "$2"'),
  'spaces in templates': (text) => text.replace(/\{\{ (\w+) \}\}/g, '{{$1}}'),
  'other indentation': (text) => rewritten(text, () => undefined, { indent: 4, indentSeq: true }),
  'lists not indented': (text) => rewritten(text, () => undefined, { indentSeq: false }),
  'flow style': (text) =>
    rewritten(text, (document) => {
      visit(document, {
        Map: (_, node) => {
          node.flow = true;
        },
        Seq: (_, node) => {
          node.flow = true;
        },
      });
    }),
  'block style': (text) =>
    rewritten(text, (document) => {
      visit(document, {
        Map: (_, node) => {
          node.flow = false;
        },
        Seq: (_, node) => {
          node.flow = false;
        },
      });
    }),
  'other order of keys': (text) =>
    rewritten(text, (document) => {
      visit(document, {
        Map: (_, node) => {
          // An anchor stands before its aliases, and of merged keys the first counts.
          if (!/[&*]/.test(text)) node.items.reverse();
        },
      });
    }),
  'anchors expanded': (text) =>
    /\{[{%]/.test(text) || !/[&*]\w/.test(text)
      ? text
      : stringify(parseDocument(text, { version: '1.1' }).toJS(), {
          aliasDuplicateObjects: false,
          version: '1.1',
          lineWidth: 0,
        }),
  moved: (text) =>
    text.replace(/^pipeline:/m, 'unrelated:\n  - {a: 1}\n  - b: |\n      pipeline:\n\npipeline:'),
  'more at the end': (text) => `${text}\nunrelated:\n  pipeline: {}\n`,
  'other options': (text) => text.replace(/^options:[^]*/m, 'options: {streaming: false}\n'),
  'other transforms downstream': (text) =>
    text.replace(/type: (LogForTesting|Flatten|Filter)$/gm, 'type: StripErrorMetadata'),
  'no windowing': (text) => text.replace(/^\s*windowing: \{.*\n/gm, ''),
};

describe('Beam YAML signatures stay equal under harmless edits', () => {
  for (const { name, text } of fixtures) {
    for (const [edit, apply] of Object.entries(HARMLESS)) {
      it(`${name}: ${edit}`, async () => {
        // What is downstream in a body of a transform that is defined in YAML is part of that transform.
        if (name === 'provided.yaml' && edit === 'other transforms downstream') return;
        assert.deepEqual(await hashes(apply(text)), await hashes(text));
      });
    }
  }

  it('every edit changes some fixture', () => {
    for (const [edit, apply] of Object.entries(HARMLESS))
      assert.ok(
        fixtures.some(({ text }) => apply(text) !== text),
        edit,
      );
  });
});

/** The text with each scalar in the config of each source changed, one after the other. */
function* mutations(text: string): Generator<{ text: string; what: string }> {
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const match = /^(\s*(?:- )?(?:[\w.]+: |- ))(["']?)([\w/.:*-]+)\2$/.exec(line);
    if (!match?.[3] || /^\s*(?:- )?(?:type|input|output):/.test(line)) continue;
    const mutated = lines.with(index, `${match[1]}${match[2]}${match[3]}1${match[2]}`);
    yield { text: mutated.join('\n'), what: `${line.trim()} in line ${index + 1}` };
  }
}

describe('Beam YAML signatures differ after mutations', () => {
  for (const { name, text } of fixtures) {
    it(`${name}: every scalar in a source`, async () => {
      const sources = await sourcesOf(text);
      let count = 0;
      for (const mutation of mutations(text)) {
        const line = Number(/\d+$/.exec(mutation.what)![0]) - 1;
        const inside = sources.some(
          ({ range }) => range.start.line <= line && line <= range.end.line,
        );
        const isWindowing = /^\s*(?:size|period):/.test(text.split('\n')[line]!);
        if (!inside || isWindowing) continue;
        assert.notDeepEqual(await hashes(mutation.text), await hashes(text), mutation.what);
        count++;
      }
      assert.ok(count > 3, `${count} mutations`);
    });

    it(`${name}: removal of every source`, async () => {
      const lines = text.split('\n');
      for (const source of await sourcesOf(text)) {
        const { start, end } = source.range;
        if (start.line === end.line) continue;
        const first = lines[start.line]!.slice(0, start.character);
        const without = [
          ...lines.slice(0, start.line),
          `${first}type: StripErrorMetadata`,
          ...lines.slice(end.line + 1),
        ].join('\n');
        const left = (await sourcesOf(without)).filter(
          ({ range }) => range.start.line === start.line,
        );
        assert.deepEqual(left, [], source.label);
      }
    });
  }

  const READ = (config: string, name = 'A'): string =>
    `pipeline:\n  transforms:\n    - type: ReadFromKafka\n      name: ${name}\n      config: ${config}\n`;
  const PROVIDED = (body: string): string =>
    `providers:\n  - type: yaml\n    config: {}\n    transforms:\n      ReadIt:\n        requires_inputs: false\n        body: ${body}\npipeline:\n  transforms:\n    - {type: ReadIt}\n`;
  const DIFFERENCES: Record<string, [string, string, string]> = {
    'an argument': [READ('{topic: a}'), READ('{topic: b}'), 'topic: "a" → "b"'],
    'an added argument': [
      READ('{topic: a}'),
      READ('{topic: a, max_read_time_seconds: 5}'),
      'max_read_time_seconds: added 5',
    ],
    'a type of a value': [READ('{topic: 1}'), READ('{topic: "1"}'), 'topic: 1 → "1"'],
    'a boolean of YAML 1.1': [READ('{topic: on}'), READ('{topic: "on"}'), 'topic: true → "on"'],
    'a large number': [
      READ('{topic: 9007199254740993}'),
      READ('{topic: 9007199254740992}'),
      'topic: 9007199254740993 → 9007199254740992',
    ],
    'a name': [READ('{topic: a}'), READ('{topic: a}', 'B'), 'label: A → B'],
    'a template': [
      READ('{topic: "{{ a }}"}'),
      READ('{topic: "{{ b }}"}'),
      'topic: "{{ a }}" → "{{ b }}"',
    ],
    'a variable of a template': [
      `{% set t = "a" %}\n${READ('{topic: "{{ t }}"}')}`,
      `{% set t = "b" %}\n${READ('{topic: "{{ t }}"}')}`,
      "t: 'a' → 'b'",
    ],
    'the body of its definition': [
      PROVIDED('{type: ReadFromKafka, config: {topic: a}}'),
      PROVIDED('{type: ReadFromKafka, config: {topic: b}}'),
      'ReadIt: {"config": {"topic": "a"}, "type": "ReadFromKafka"} → {"config": {"topic": "b"}, "type": "ReadFromKafka"}',
    ],
  };
  for (const [name, [before, after, words]] of Object.entries(DIFFERENCES)) {
    it(`${name}, in words`, async () => {
      const [recorded] = await sourcesOf(before);
      const [current] = await sourcesOf(after);
      assert.equal(explainDifference(recorded!.signature, current!.signature), words);
    });
  }

  it('parse as the library does', () => {
    // The rewriting above must not be empty.
    for (const { text } of fixtures) {
      if (/\{[{%]/.test(text)) continue;
      const document = parseDocument(text, { version: '1.1' });
      assert.ok(isMap(document.contents) && !isScalar(document.contents));
    }
  });
});

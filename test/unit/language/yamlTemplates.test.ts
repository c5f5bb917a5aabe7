import assert from 'node:assert/strict';
import { analyzerFor, type AnalyzedDocument } from '../../../server/src/language/language.js';
import { explainDifference } from '../../../server/src/language/signature.js';
import { TEMPLATES, type Template } from './jinjaTemplates.js';

async function open({ main, files }: Pick<Template, 'main' | 'files'>): Promise<AnalyzedDocument> {
  const context = {
    path: '/w/main.yaml',
    folders: ['/w'],
    read: (path: string) => files[path.slice('/w/'.length)],
  };
  return analyzerFor('yaml')!.open(main, context);
}

describe('A Jinja template that', () => {
  for (const [what, template] of Object.entries(TEMPLATES)) {
    it(`${what} has the sources that it has when it is expanded`, async () => {
      const document = await open(template);
      const { sources, syntaxErrors } = document.file();
      assert.deepEqual(syntaxErrors, []);
      assert.deepEqual(
        sources.map(({ label }) => label),
        template.labels,
      );
      assert.deepEqual(document.problems!(), []);
      const { length } = template.main.split('\n');
      for (const { range } of sources) assert.ok(range.end.line < length);
      for (const name of Object.keys(template.files))
        assert.ok(document.dependencies!().has(`/w/${name}`));
    });
  }

  it('extends or imports has what it takes from a file changed by an edit there, and nothing else', async () => {
    const changes = [
      ['extends another file', 'base.yaml', 'topic: inherited', 'topic: other', 'Inherited'],
      [
        'imports macros, which call others and have defaults',
        'macros.yaml',
        "'clicks'",
        "'taps'",
        'Clicks',
      ],
    ] as const;
    for (const [what, name, from, to, label] of changes) {
      const template = TEMPLATES[what]!;
      const files = { ...template.files };
      const document = await open({ main: template.main, files });
      const before = document.file().sources;
      files[name] = files[name]!.replace(from, to);
      document.dependencyChanged!(`/w/${name}`);
      const after = document.file().sources;
      const changed = before.filter(
        ({ signature }, index) => signature.hash !== after[index]!.signature.hash,
      );
      assert.deepEqual(
        changed.map((one) => one.label),
        [label],
      );
    }
  });

  it('imports a macro has what its file sets in its signature', async () => {
    const template = TEMPLATES['imports macros, which call others and have defaults']!;
    const [one, other] = await Promise.all(
      ['projects/p/topics/', 'projects/q/topics/'].map(async (prefix) => {
        const macros = template.files['macros.yaml']!.replace('projects/p/topics/', prefix);
        return (await open({ ...template, files: { 'macros.yaml': macros } })).file().sources[0]!;
      }),
    );
    assert.equal(
      explainDifference(one!.signature, other!.signature),
      'topic: "projects/p/topics/clicks" → "projects/q/topics/clicks"',
    );
  });

  it('has its blocks where they are written', async () => {
    const { sources } = (await open(TEMPLATES['extends another file']!)).file();
    const added = sources.find(({ label }) => label === 'Added');
    assert.deepEqual(added?.range.start, { line: 2, character: 6 });
    const inherited = sources.find(({ label }) => label === 'Inherited');
    assert.equal(inherited?.range.start.line, 0);
  });

  const KEPT: Record<string, string> = {
    'an argument too many': "{{ read('a', 'b') }}",
    'no argument': '{{ read() }}',
    'arguments of which it is not known how many they are': '{{ read(*topics) }}',
    'another filter': "{{ read('a') | replace('a', 'b') }}",
  };
  for (const [what, call] of Object.entries(KEPT)) {
    it(`calls a macro with ${what} keeps the call as it is written`, async () => {
      const main = `{% macro read(topic) %}{{ topic }}-1{% endmacro %}
pipeline:
  transforms:
    - type: ReadFromKafka
      config:
        topic: "${call.replace(/"/g, "'")}"
`;
      const [source] = (await open({ main, files: {} })).file().sources;
      assert.match(source?.signature.arguments['topic'] ?? '', /\{\{ read\(/);
    });
  }

  it('extends a file that is not there asks for it, and knows it when it comes', async () => {
    const template = TEMPLATES['extends another file']!;
    const files: Record<string, string> = {};
    const document = await open({ main: template.main, files });
    assert.deepEqual(document.file().sources, []);
    assert.ok(document.dependencies!().has('/w/base.yaml'));
    Object.assign(files, template.files);
    document.dependencyChanged!('/w/base.yaml');
    assert.equal(document.file().sources.length, template.labels.length);
  });
});

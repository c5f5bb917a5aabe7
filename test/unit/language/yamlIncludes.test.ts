import assert from 'node:assert/strict';
import { analyzerFor, type AnalyzedDocument } from '../../../server/src/language/language.js';
import { explainDifference } from '../../../server/src/language/signature.js';

const READ = `# A licence.
#
    - type: ReadFromKafka
      name: Orders
      config:
        topic: {{ topic }}
`;
const MAIN = `{% set topic = 'orders' %}
pipeline:
  transforms:
{% include 'parts/read.yaml' %}
    - type: ReadFromPubSub
      name: Clicks
      config: {topic: clicks, format: RAW}
    - type: LogForTesting
      input: Orders
`;

async function open(text: string, files: Record<string, string>): Promise<AnalyzedDocument> {
  const context = {
    path: '/w/sub/main.yaml',
    folders: ['/w'],
    read: (path: string) => files[path],
  };
  return analyzerFor('yaml')!.open(text, context);
}

describe('Files that a Jinja template includes', () => {
  it('are read where they are included, beside the file or from a folder of the workspace', async () => {
    for (const path of ['/w/parts/read.yaml', '/w/sub/parts/read.yaml']) {
      const document = await open(MAIN, { [path]: READ });
      const { sources, syntaxErrors } = document.file();
      assert.deepEqual(syntaxErrors, []);
      const found = sources.map(({ label, range }) => [label, range.start, range.end]);
      assert.deepEqual(found, [
        ['Orders', { line: 3, character: 0 }, { line: 3, character: 31 }],
        ['Clicks', { line: 4, character: 6 }, { line: 6, character: 42 }],
      ]);
      assert.deepEqual(sources[0]!.signature.definitions, { topic: "'orders'" });
      assert.ok(document.dependencies!().has(path));
      assert.deepEqual(document.problems!(), []);
    }
  });

  it('change the signature of what they read when they change, and of nothing else', async () => {
    const files: Record<string, string> = { '/w/parts/read.yaml': READ };
    const document = await open(MAIN, files);
    const before = document.file().sources;
    files['/w/parts/read.yaml'] = `# Other words.\n${READ.replace('{{ topic }}', 'returns')}`;
    document.dependencyChanged!('/w/parts/read.yaml');
    const after = document.file().sources;
    assert.equal(
      explainDifference(before[0]!.signature, after[0]!.signature),
      'topic: "{{ topic }}" → "returns"; no longer refers to topic',
    );
    assert.equal(after[1]!.signature.hash, before[1]!.signature.hash);
  });

  it('include others, but not themselves without end', async () => {
    const files: Record<string, string> = {
      '/w/parts/read.yaml': `{% include "parts/inner.yaml" %}\n{% include "parts/read.yaml" %}`,
      '/w/parts/inner.yaml': READ,
    };
    const { sources } = (await open(MAIN, files)).file();
    assert.ok(sources.some(({ label }) => label === 'Orders'));
    assert.ok(sources.some(({ label }) => label === 'Clicks'));
  });

  it('are missed when they are not there, with what that means', async () => {
    const document = await open(MAIN, {});
    assert.deepEqual(
      document.file().sources.map(({ label }) => label),
      ['Clicks'],
    );
    const [problem, ...others] = document.problems!();
    assert.equal(problem?.code, 'unknown-include');
    assert.match(
      problem.message,
      /parts\/read\.yaml is not found: whether it reads anything is not known/,
    );
    assert.deepEqual(problem.range, {
      start: { line: 3, character: 0 },
      end: { line: 3, character: 31 },
    });
    assert.deepEqual(others, []);
    for (const path of ['/w/parts/read.yaml', '/w/sub/parts/read.yaml'])
      assert.ok(document.dependencies!().has(path));
    const ignored = MAIN.replace("yaml' %}", "yaml' ignore missing %}");
    assert.deepEqual((await open(ignored, {})).problems!(), []);
  });

  it('are part of what a macro of theirs gives an argument', async () => {
    const main =
      "{% from 'macros.yaml' import topic_of as t %}\npipeline:\n  transforms:\n    - type: ReadFromKafka\n      config: {topic: \"{{ t('a') }}\"}\n";
    const hash = async (macros: string): Promise<string> =>
      (await open(main, { '/w/macros.yaml': macros })).file().sources[0]!.signature.hash;
    const macro = '{% macro topic_of(x) %}x-{{ x }}{% endmacro %}\n';
    assert.equal(await hash(macro), await hash(macro));
    assert.notEqual(await hash(macro), await hash(macro.replace('x-', 'y-')));
  });

  it('keep positions right after edits behind and before them', async () => {
    const files = { '/w/parts/read.yaml': READ };
    const document = await open(MAIN, files);
    document.file();
    document.edit([
      {
        range: { start: { line: 6, character: 22 }, end: { line: 6, character: 28 } },
        text: 'views',
      },
      {
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
        text: '# first\n',
      },
    ]);
    const scratch = await open(document.text(), files);
    assert.deepEqual(document.file(), scratch.file());
    const clicks = document.file().sources.find(({ label }) => label === 'Clicks');
    assert.equal(clicks?.range.start.line, 5);
    assert.match(document.describe!({ line: 5, character: 14 })?.text ?? '', /Pub\/?Sub/i);
  });
});

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { analyzerFor } from '../../../server/src/language/language.js';
import { runPython } from './python.js';

interface Example {
  where: string;
  text: string;
  accepted: boolean;
  error: string | null;
}

/** Of the documentation: what Beam refuses too, or what stands for something that is not shown. */
const NOT_WHOLE: Record<string, string[]> = {
  'yaml-errors.md': ['unknown-key', 'unknown-transform'],
  'yaml-inline-python.md': ['unknown-key'],
  'yaml-schema.md': ['unknown-key', 'unknown-input'],
  'yaml.md': ['unknown-transform', 'input-in-chain'],
};

describe("Beam's own YAML", function () {
  this.timeout(180_000);
  let examples: Example[];
  const analyse = async (text: string) => {
    const document = await analyzerFor('yaml')!.open(text);
    return {
      file: document.file(),
      transforms: document.transforms!(),
      problems: document.problems!(),
    };
  };

  before(async () => {
    const script = fileURLToPath(new URL('yamlExamples.py', import.meta.url));
    examples = JSON.parse(await runPython([script])) as Example[];
  });

  it('is analysed: pipelines are found in it, and sources', async () => {
    let pipelines = 0;
    let sources = 0;
    for (const { text } of examples) {
      const { file, transforms } = await analyse(text);
      if (transforms.length > 0) pipelines++;
      sources += file.sources.length;
      for (const { boundedReason } of file.sources) assert.notEqual(boundedReason, '');
    }
    assert.ok(pipelines >= 140, `${pipelines} pipelines`);
    assert.ok(sources >= 110, `${sources} sources`);
  });

  it('that Beam accepts has no problem', async () => {
    const accepted = examples.filter((example) => example.accepted);
    assert.ok(accepted.length >= 30, `${accepted.length} accepted`);
    for (const { where, text } of accepted) {
      const { file, problems } = await analyse(text);
      assert.deepEqual([where, ...problems], [where]);
      assert.deepEqual([where, ...file.syntaxErrors], [where]);
    }
  });

  it('of the documentation has none but where it is not whole', async () => {
    const documented = examples.filter(({ where }) => where.includes('.md:'));
    assert.ok(documented.length > 100, `${documented.length} examples`);
    for (const { where, text } of documented) {
      const { problems } = await analyse(text);
      const known = NOT_WHOLE[where.replace(/:\d+$/, '')] ?? [];
      const unexpected = problems.filter(({ code }) => !known.includes(code));
      assert.deepEqual([where, ...unexpected], [where]);
    }
  });

  it('that Beam refuses for its types or keys has that problem', async () => {
    const REFUSALS: [RegExp, string][] = [
      [/^Unknown type or missing provider/, 'unknown-transform'],
      [/^Additional properties are not allowed/, 'unknown-key'],
      [/^Cannot define explicit inputs on chain|is part of a chain/, 'input-in-chain'],
    ];
    let count = 0;
    for (const { where, text, error } of examples) {
      const expected = REFUSALS.find(([pattern]) => pattern.test(error ?? ''))?.[1];
      if (!expected || /__\w+__/.test(text)) continue;
      const { problems } = await analyse(text);
      assert.ok(
        problems.some(({ code }) => code === expected),
        `${where}: ${error ?? ''}`,
      );
      count++;
    }
    assert.ok(count >= 20, `${count} refusals`);
  });
});

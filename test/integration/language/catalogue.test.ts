import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { analyzeText } from '../../../server/src/language/language.js';
import { TRANSFORMS } from '../../../server/src/language/python/catalogue.js';
import { runPython } from './python.js';

interface Installed {
  name: string;
  importable: boolean;
  parameters: string[];
  same: string[];
  constructed: { arguments: Record<string, string>; label: string; bounded?: boolean }[];
}

/** Those that the installed package has. */
const PRESENT = TRANSFORMS.filter(({ removed }) => !removed);

describe('The catalogue of Python reads', () => {
  let installed: Map<string, Installed>;

  before(async function () {
    this.timeout(180_000);
    const input = PRESENT.map(({ name, aliases = [] }) => ({ name, aliases }));
    const script = fileURLToPath(new URL('catalogue.py', import.meta.url));
    const output = JSON.parse(await runPython([script], JSON.stringify(input))) as Installed[];
    installed = new Map(output.map((one) => [one.name, one]));
  });

  for (const entry of PRESENT) {
    const parameters = entry.parameters.trim().split(/\s+/).filter(Boolean);

    it(`${entry.name} is what the installed package has`, () => {
      const found = installed.get(entry.name);
      assert.ok(found);
      if (found.importable) assert.deepEqual(found.same, entry.aliases ?? []);
      // Two are made by decorators or need pandas; their parameters are not to be seen.
      if (parameters.length > 0 && !/ReadFrom(?:Csv|Json)$/.test(entry.name)) {
        assert.deepEqual(found.parameters.slice(0, parameters.length), parameters);
      }
    });

    it(`${entry.name} is labelled and bounded as the analysis says`, async () => {
      for (const made of installed.get(entry.name)?.constructed ?? []) {
        const args = Object.entries(made.arguments).map(([name, value]) => `${name}=${value}`);
        const module = entry.name.slice(0, entry.name.lastIndexOf('.'));
        const code = `import apache_beam as beam\nimport ${module}\np = beam.Pipeline()\nx = p | ${entry.name}(${args.join(', ')})\n`;
        const { sources } = await analyzeText('a.py', code);
        if (entry.name.endsWith('.Impulse')) continue;
        assert.equal(sources.length, 1, code);
        assert.equal(sources[0]!.label, made.label);
        if (made.bounded !== undefined) assert.equal(sources[0]!.bounded, made.bounded);
      }
    });
  }

  it('names what earlier versions had and this one has not', async () => {
    const modules = TRANSFORMS.filter(({ removed }) => removed).map(({ name }) => name);
    assert.ok(modules.length > 0);
    const code =
      "import sys, importlib.util as u\nfor name in sys.argv[1:]: print(u.find_spec(name.rpartition('.')[0]))";
    assert.match(await runPython(['-c', code, ...modules]), /^(?:None\n)+$/);
  });

  it('agrees with Beam on what a stop makes of a periodic read, but for the word', async () => {
    const code =
      'import apache_beam as b; from apache_beam.transforms.periodicsequence import PeriodicImpulse as P; print((b.Pipeline() | P(stop_timestamp=1)).is_bounded)';
    assert.equal((await runPython(['-c', code])).trim(), 'False');
  });
});

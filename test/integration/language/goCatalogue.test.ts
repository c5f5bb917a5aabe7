import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GO_TRANSFORMS } from '../../../server/src/language/go/catalogue.js';
import { labelOf } from '../../../server/src/language/go/labels.js';
import { analyzeText } from '../../../server/src/language/language.js';

const MODULE = 'github.com/apache/beam/sdks/v2@v2.77.0';

describe('The catalogue of Go reads, and Go examples', function () {
  this.timeout(180_000);
  let sdk: string;

  before(() => {
    const output = execFileSync('go', ['mod', 'download', '-json', MODULE], { encoding: 'utf8' });
    sdk = join((JSON.parse(output) as { Dir: string }).Dir, 'go');
  });

  /** All the code of a package of the SDK. */
  function codeOf(path: string): string {
    const folder = join(sdk, 'pkg/beam', path);
    return readdirSync(folder)
      .filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
  }

  for (const entry of GO_TRANSFORMS) {
    it(`${entry.name} is what the released module has`, () => {
      const [, path = '', name = ''] = /^(.*)\.(\w+)$/.exec(entry.name) ?? [];
      const code = codeOf(path);
      const start = new RegExp(`^func ${name}\\(\\s*s (?:beam\\.)?Scope,?`, 'm').exec(code);
      assert.ok(start, `${name} in ${path}`);
      const from = start.index + start[0].length;
      const [list = ''] = code
        .slice(from)
        .split(/\)\s*(?:\(?(?:map\[string\])?(?:\[\])?(?:beam\.)?PCollection|\{\n)/);
      // `in []T, out U`: names before types.
      const found = list.split(/,\s*/).filter((part) => part.trim() !== '');
      const names = found.map((part) => {
        const [parameter = '', type = ''] = part.trim().split(/\s+/);
        return (type.startsWith('...') ? '...' : '') + parameter;
      });
      assert.deepEqual(names, entry.parameters.split(' ').filter(Boolean));
      const options =
        typeof entry.boundedness === 'object' && 'boundedBy' in entry.boundedness
          ? entry.boundedness.boundedBy
          : [];
      for (const option of options) assert.match(code, new RegExp(`^func ${option}\\(`, 'm'));
      const short = `${path.split('/').at(-1) ?? ''}.${name}`;
      const label = entry.label ?? short;
      if (path !== '' && label !== '') assert.ok(code.includes(`s.Scope("${label}")`), label);
    });
  }

  it('functions of the module are called by the scopes they make', () => {
    const folder = join(sdk, 'pkg/beam');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.go') && !/_test\.go$|^(?:runners|core|x\/hooks)/.test(name),
    );
    let count = 0;
    for (const name of files) {
      const text = readFileSync(join(folder, name), 'utf8');
      const home = name.includes('/') ? name.replace(/\/[^/]*$/, '') : '';
      const isRead = (fn: string): boolean =>
        GO_TRANSFORMS.some((one) => one.name === `${home}.${fn}`);
      for (const [, fn = '', code = ''] of text.matchAll(
        /^func ([A-Z]\w*)\(s (?:beam\.)?Scope\b.*\{\n([^]*?)^\}/gm,
      )) {
        const scope = /^\ts = s\.Scope\("([^"]+)"\)$/m.exec(code)?.[1];
        if (scope === undefined || isRead(fn)) continue;
        assert.equal(labelOf(`beam${home && `/${home}`}.${fn}`), scope, name);
        count++;
      }
    }
    assert.ok(count > 30, `${count} functions`);
  });

  it("Beam's own examples parse, and their streaming reads are found", async () => {
    const folder = join(sdk, 'examples');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.go'),
    );
    assert.ok(files.length > 40, `${files.length} files`);
    const unbounded = new Map<string, string[]>();
    for (const name of files) {
      const path = join(folder, name);
      const { sources, syntaxErrors } = await analyzeText(path, readFileSync(path, 'utf8'));
      assert.deepEqual(syntaxErrors, [], name);
      const labels = sources.filter(({ bounded }) => !bounded).map(({ label }) => label);
      if (labels.length > 0) unbounded.set(name, labels);
    }
    assert.deepEqual(unbounded.get('kafka/taxi.go'), ['pubsubio.Read', 'kafkaio.Read']);
    assert.deepEqual(unbounded.get('streaming_wordcap/wordcap.go'), ['pubsubio.Read']);
    assert.deepEqual(unbounded.get('fhirio/read_write_pubsub/read_write_pubsub.go'), [
      'pubsubio.Read',
    ]);
    assert.deepEqual(unbounded.get('timer_wordcap/wordcap.go'), [
      'generateSequence/periodic.Sequence',
    ]);
    assert.ok(unbounded.get('slowly_updating_side_input/slowly_updating_side_input.go'));
  });
});

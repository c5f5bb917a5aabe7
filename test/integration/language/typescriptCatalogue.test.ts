import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { analyzeText } from '../../../server/src/language/language.js';
import { TYPESCRIPT_TRANSFORMS } from '../../../server/src/language/typescript/catalogue.js';

const run = promisify(execFile);
const PACKAGE = 'apache-beam@2.49.0';

describe('The catalogue of TypeScript reads, and the package', function () {
  this.timeout(180_000);
  let folder: string;
  let code: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'beam-typescript-'));
    await mkdir(join(folder, 'package'));
    const { stdout } = await run('npm', ['pack', '--silent', PACKAGE], { cwd: folder });
    await run('tar', ['xzf', stdout.trim()], { cwd: folder });
    code = join(folder, 'package/dist/src/apache_beam');
  });

  after(() => rm(folder, { recursive: true, force: true }));

  for (const entry of TYPESCRIPT_TRANSFORMS) {
    it(`${entry.name} is what the released package has`, async () => {
      const [, module = '', name = ''] = /^(.*)\.(\w+)$/.exec(entry.name) ?? [];
      const types = await readFile(join(code, `${module}.d.ts`), 'utf8');
      const declared = new RegExp(`export declare function ${name}\\b[^(]*\\(`).exec(types);
      assert.ok(declared, entry.name);
      const source = await readFile(join(code, `${module}.js`), 'utf8');
      const [, list = ''] = new RegExp(`function ${name}\\(([^)]*)\\)`).exec(source) ?? [];
      const names = list
        .replace(/\/\/.*$/gm, '')
        .split(',')
        .map((part) => part.replace(/=.*$/s, '').trim())
        .filter(Boolean);
      assert.deepEqual(names, entry.parameters.split(' ').filter(Boolean));
      if (entry.label) assert.ok(source.includes(`"${entry.label}"`), entry.label);
      const options = typeof entry.boundedness === 'object' ? entry.boundedness.boundedBy : [];
      for (const option of options) assert.match(types, new RegExp(`${option}\\?:`));
    });
  }

  it('files of the package are read without an error', async () => {
    const names = await readdir(code, { recursive: true });
    const files = names.filter((name) => /(?:\.d\.ts|\.js)$/.test(name) && !name.includes('proto'));
    assert.ok(files.length > 100, `${files.length} files`);
    for (const name of files) {
      // What an import of the package itself looks like elsewhere.
      const text = (await readFile(join(code, name), 'utf8')).replaceAll(
        /(['"])(?:\.\.\/)+apache_beam\1/g,
        '"apache-beam"',
      );
      const { sources, syntaxErrors } = await analyzeText(name.replaceAll('/', '_'), text);
      assert.deepEqual(syntaxErrors, [], name);
      assert.ok(
        sources.every(({ signature }) => signature.hash !== ''),
        name,
      );
    }
  });
});

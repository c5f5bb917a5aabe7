import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { exported, late, many, nastyTexts, punctual, recorded, samples } from './recordings.js';

/** A folder of a Go module that has Beam. */
async function goModule(folder: string): Promise<string> {
  const module = path.join(folder, 'clicks');
  await mkdir(module);
  for (const name of ['go.mod', 'go.sum']) {
    await cp(path.join('test/fixtures/programs/go_ticks', name), path.join(module, name));
  }
  await writeFile(
    path.join(module, 'pipeline.go'),
    '// Package orders is tested.\npackage orders\n',
  );
  return module;
}

async function go(module: string, ...args: string[]): Promise<string> {
  return promisify(execFile)('go', args, { cwd: module, maxBuffer: 1 << 26 })
    .then(({ stdout }) => stdout)
    .catch((error: unknown) => {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      return stdout + stderr;
    });
}

describe('tests for Go', () => {
  it('of every kind of element pass as they are exported, and say what is edited into them', () =>
    withTemporaryFolder(async (folder) => {
      const store = path.join(folder, '.beam-rewind');
      const module = await goModule(folder);
      for (const [index, sample] of samples.entries()) {
        const file = path.join(module, `sample${index}_test.go`);
        await exported(store, [await recorded(store, sample)], 'go-test', file);
      }
      for (const label of ['Rows', 'Floats']) {
        const file = path.join(module, `many_${label.toLowerCase()}_test.go`);
        const recording = await recorded(store, many(label));
        const { dataFile } = await exported(store, [recording], 'go-test', file);
        assert.equal(dataFile, file.replace('_test.go', '_events_test.go'));
        assert.ok((await readFile(file, 'utf8')).length < 4000);
      }
      assert.equal(
        await promisify(execFile)('gofmt', ['-l', module]).then((out) => out.stdout),
        '',
      );

      // What is late, is late.
      const lateTest = path.join(module, 'late_test.go');
      await exported(store, [await recorded(store, late)], 'go-test', lateTest);
      const counted = `late = beam.WindowInto(s, window.NewFixedWindows(10*time.Second), late)
	counts := beam.WindowInto(s, window.NewGlobalWindows(), beam.DropKey(s, stats.Count(s, late)))
	_ = elements
	passert.Equals(s, counts, 1, 1)`;
      const text = await readFile(lateTest, 'utf8');
      const edited = text
        .replace('passert.EqualsList(s, late, elements)', counted)
        .replace('"testing"\n', '"testing"\n\t"time"\n')
        .replace('\t"github', () => {
          const beam = 'github.com/apache/beam/sdks/v2/go/pkg/beam';
          return `\t"${beam}/core/graph/window"\n\t"${beam}/transforms/stats"\n\t"github`;
        });
      await writeFile(lateTest, edited);

      // Literals mean what was recorded.
      const texts = path.join(module, 'sample0_test.go');
      const expected = nastyTexts.slice(0, -1).map((one) => {
        return `"${Buffer.from(one).toString('hex')}"`;
      });
      const compared = `	for i, want := range []string{${expected.join(', ')}} {
		if got := hex.EncodeToString([]byte(elements[i])); got != want {
			t.Errorf("%d: %s", i, got)
		}
	}
	ptest.RunAndValidate`;
      await writeFile(
        texts,
        (await readFile(texts, 'utf8'))
          .replace('\tptest.RunAndValidate', compared)
          .replace('import (', 'import (\n\t"encoding/hex"'),
      );

      // A wrong expectation fails.
      const wrong = (await readFile(path.join(module, 'sample1_test.go'), 'utf8'))
        .replaceAll('UserClicksNumbers', 'Wrong')
        .replace(
          'passert.EqualsList(s, numbers, elements)',
          'passert.EqualsList(s, numbers, elements[1:])',
        );
      await writeFile(path.join(module, 'wrong_test.go'), wrong);

      const said = await go(module, 'test', '-v', '.');
      assert.equal(said.match(/^--- PASS/gm)?.length, samples.length + 3, said);
      assert.match(said, /^--- FAIL: TestWrong/m);
      assert.equal(said.match(/^--- FAIL/gm)?.length, 1, said);
    }));

  it('are in the package of their folder, and hold readable elements', () =>
    withTemporaryFolder(async (folder) => {
      const store = path.join(folder, '.beam-rewind');
      const module = await goModule(folder);
      const pairs = samples.find(({ label }) => label === 'Pairs');
      assert.ok(pairs);
      const file = path.join(module, 'pairs_test.go');
      await exported(store, [await recorded(store, pairs)], 'go-test', file);
      const text = await readFile(file, 'utf8');
      assert.match(text, /^package orders$/m);
      assert.match(text, /add\(1000, UserClicksPairs\{Key: "b \\"", Value: -2\}\)/);
      assert.match(
        text,
        /beam\.ParDo\(s, pairOfUserClicksPairs, teststream\.Create\(s, stream\)\)/,
      );
      const two = [await recorded(store, late), await recorded(store, punctual)];
      await assert.rejects(
        exported(store, two, 'go-test', path.join(module, 'two_test.go')),
        /Choose a source with --source LABEL/,
      );
    }));
});

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { maxReadableElements } from '../../../server/src/exportedTests/recordedTest.js';
import type { TestFormat } from '../../../server/src/exportedTests/testFormats.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { pytestFolder } from '../../toolchains/pytest.js';
import { testPython } from '../testPython.js';
import { exported, late, many, nastyTexts, punctual, recorded, samples } from './recordings.js';

/** Runs a module of Python's in a folder; answers what it wrote. */
async function python(folder: string, args: string[], path?: string): Promise<string> {
  const env = { ...process.env, ...(path !== undefined && { PYTHONPATH: path }) };
  const options = { cwd: folder, env, maxBuffer: 1 << 26 };
  const { stdout, stderr } = await promisify(execFile)(
    await testPython(),
    ['-X', 'utf8', ...args],
    options,
  ).catch((error: unknown) => {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${stdout}\n${stderr}`);
  });
  return stdout + stderr;
}

describe('tests for Python', () => {
  it('of every kind of element pass as they are exported, in unittest and in pytest', () =>
    withTemporaryFolder(async (folder) => {
      const store = path.join(folder, '.beam-rewind');
      const modules: string[] = [];
      for (const [index, sample] of samples.entries()) {
        const recording = await recorded(store, sample);
        for (const format of ['python-unittest', 'python-pytest'] as TestFormat[]) {
          const module = `test_${format.replace('python-', '')}_${index}`;
          const file = path.join(folder, `${module}.py`);
          await exported(store, [recording], format, file);
          modules.push(module);
        }
      }
      const two = [await recorded(store, late), await recorded(store, punctual)];
      for (const format of ['python-unittest', 'python-pytest'] as TestFormat[]) {
        const module = `test_${format.replace('python-', '')}_two`;
        await exported(store, two, format, path.join(folder, `${module}.py`));
        modules.push(module);
      }
      const ran = await python(folder, [
        ...['-m', 'unittest'],
        ...modules.filter((name) => name.includes('unittest')),
      ]);
      assert.match(ran, new RegExp(`Ran ${samples.length + 1} tests[^]*OK`));
      const collected = await python(
        folder,
        [
          ...['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-W', 'ignore'],
          ...modules.filter((name) => name.includes('pytest')).map((name) => `${name}.py`),
        ],
        await pytestFolder(await testPython()),
      );
      assert.match(collected, new RegExp(`${samples.length + 1} passed`));
    }));

  it('hold readable elements where Python has a literal for them', () =>
    withTemporaryFolder(async (folder) => {
      const store = path.join(folder, '.beam-rewind');
      const text = async (label: string) => {
        const sample = samples.find((one) => one.label === label);
        assert.ok(sample);
        const file = path.join(folder, `test_${label.replaceAll(' ', '_')}.py`);
        await exported(store, [await recorded(store, sample)], 'python-pytest', file);
        return readFile(file, 'utf8');
      };
      assert.match(await text('Pairs'), /TimestampedValue\(\("b \\"", -2\), at\(1000\)\),/);
      assert.match(
        await text('Rows'),
        /beam\.Row\(\*\*\{"user": "ann", .*"place": beam\.Row\(city="Köln"\), "seen": at\(1740833760123\), "price": Decimal\("-19\.99"\), "raw": b"\\x00\\xff\\"\\\\"/,
      );
      const texts = await text('Texts');
      assert.match(texts, /TimestampedValue\("two\\nlines\\r\\n\\ttab\\x00nul/);
      const print = 'import json, test_Texts; print(json.dumps(test_Texts.elements()))';
      const [printed = ''] = (await python(folder, ['-c', print])).split('\n');
      assert.deepEqual(JSON.parse(printed), nastyTexts);
      const mixed = await text('python');
      assert.match(mixed, /TimestampedValue\(\("alone",\), /);
      assert.match(mixed, /TimestampedValue\(decoded\(b"\\xff.*datetime/);
      const own = await text('Of its own');
      assert.match(own, /TimestampedValue\(b"\\x01\\x02\\xff", /);
      assert.match(own, /decode them with the coder that your source has \(custom:coder:v7\)/);
    }));

  it('of many elements read them from a file beside them, wherever they are run from', () =>
    withTemporaryFolder(async (folder) => {
      const store = path.join(folder, '.beam-rewind');
      const recordings = [await recorded(store, many('python')), await recorded(store, late)];
      const file = path.join(folder, 'test_many.py');
      const { elements, dataFile } = await exported(store, recordings, 'python-unittest', file);
      assert.ok(elements > maxReadableElements);
      assert.equal(dataFile, path.join(folder, 'test_many.events.txt'));
      const text = await readFile(file, 'utf8');
      assert.ok(text.length < 5000, text);
      const run = () => python('/', ['-m', 'unittest', file]);
      assert.match(await run(), /OK/);
      // What is read is what is in the file.
      await writeFile(file, text.replace('has_length(len(elements("Late")))', 'has_length(2)'));
      await assert.rejects(run(), /3 elements, not 2/);
    }));

  it('give each of two sources its own watermark', () =>
    withTemporaryFolder(async (folder) => {
      const store = path.join(folder, '.beam-rewind');
      const two = [await recorded(store, late), await recorded(store, punctual)];
      const file = path.join(folder, 'test_two.py');
      await exported(store, two, 'python-unittest', file);
      const counted = (name: string) =>
        `${name} | "Window ${name}" >> beam.WindowInto(beam.window.FixedWindows(10))` +
        ` | "Key ${name}" >> beam.Map(lambda element: (0, element)) | "Group ${name}" >> beam.GroupByKey()` +
        ` | "List ${name}" >> beam.Map(lambda pair: sorted(pair[1]))`;
      const edited = (await readFile(file, 'utf8'))
        .replace('assert_that(late, equal_to(elements("Late"))', () => {
          return `assert_that(${counted('late')}, equal_to([["on time"], ["next"]])`;
        })
        .replace('assert_that(punctual, equal_to(elements("Punctual"))', () => {
          return `assert_that(${counted('punctual')}, equal_to([[1, 2], [13]])`;
        });
      await writeFile(file, edited);
      assert.match(await python(folder, ['-m', 'unittest', 'test_two']), /OK/);
      await writeFile(file, edited.replace('[[1, 2], [13]]', '[[1], [13]]'));
      await assert.rejects(python(folder, ['-m', 'unittest', 'test_two']), /BeamAssertException/);
    }));
});

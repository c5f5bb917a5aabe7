import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { javaTestClasspath } from '../../toolchains/javaTests.js';
import { missingJavaTools } from '../language/java.js';
import { exported, late, many, nastyTexts, punctual, recorded, samples } from './recordings.js';

/** Compiles the tests of a folder and runs them; answers what JUnit said. */
async function junit(folder: string, files: string[], classes: string[]): Promise<string> {
  const classpath = await javaTestClasspath();
  const options = { cwd: folder, maxBuffer: 1 << 26 };
  await mkdir(path.join(folder, 'out'));
  await promisify(execFile)('javac', ['-cp', classpath, '-d', 'out', ...files], options);
  const all = ['out', classpath].join(path.delimiter);
  return promisify(execFile)(
    'java',
    ['-cp', all, 'org.junit.runner.JUnitCore', ...classes],
    options,
  )
    .then(({ stdout }) => stdout)
    .catch((error: unknown) => (error as { stdout: string }).stdout);
}

describe('tests for JUnit', () => {
  before(async function () {
    const missing = await missingJavaTools();
    if (missing === undefined) return;
    assert.ok(!process.env['CI'], missing);
    console.log(`      skipped: ${missing}`);
    this.skip();
  });

  it('of every kind of element pass as they are exported, and say what is edited into them', () =>
    withTemporaryFolder(async (folder) => {
      const store = path.join(folder, '.beam-rewind');
      const files: string[] = [];
      for (const [index, sample] of samples.entries()) {
        files.push(`Sample${index}Test.java`);
        const file = path.join(folder, files.at(-1) ?? '');
        await exported(store, [await recorded(store, sample)], 'java-junit', file);
      }

      const dataFiles: string[] = [];
      for (const label of ['Rows', 'Pairs']) {
        files.push(`Many${label}Test.java`);
        const file = path.join(folder, files.at(-1) ?? '');
        const recording = await recorded(store, many(label));
        const { dataFile } = await exported(store, [recording], 'java-junit', file);
        assert.equal(dataFile, path.join(folder, `Many${label}TestEvents.java`));
        dataFiles.push(path.basename(dataFile));
        assert.ok((await readFile(file, 'utf8')).length < 3000);
      }

      // Each of two sources has its own watermark.
      const two = [await recorded(store, late), await recorded(store, punctual)];
      await mkdir(path.join(folder, 'src/test/java/org/example'), { recursive: true });
      files.push('src/test/java/org/example/TwoTest.java');
      const twoTest = path.join(folder, files.at(-1) ?? '');
      await exported(store, two, 'java-junit', twoTest);
      const counted = (name: string, type: string, counts: string) =>
        `PAssert.that(${name}.apply("W ${name}", org.apache.beam.sdk.transforms.windowing.Window.into(` +
        'org.apache.beam.sdk.transforms.windowing.FixedWindows.of(Duration.standardSeconds(10))))' +
        `.apply("C ${name}", org.apache.beam.sdk.transforms.Combine.globally(` +
        `org.apache.beam.sdk.transforms.Count.<${type}>combineFn()).withoutDefaults())).containsInAnyOrder(${counts});`;
      const edited = (await readFile(twoTest, 'utf8'))
        .replace(
          'PAssert.that(late).containsInAnyOrder(elementsOf(late()));',
          counted('late', 'String', '1L, 1L'),
        )
        .replace(
          'PAssert.that(punctual).containsInAnyOrder(elementsOf(punctual()));',
          counted('punctual', 'Long', '2L, 1L'),
        );
      await writeFile(twoTest, edited);

      // Literals mean what was recorded.
      const texts = path.join(folder, 'Sample0Test.java');
      const expected = nastyTexts.slice(0, -1).map((text) => {
        return `"${Buffer.from(text).toString('base64')}"`;
      });
      const compared = `
    String[] expected = {${expected.join(', ')}};
    for (int i = 0; i < expected.length; i++) {
      byte[] text = elementsOf(texts()).get(i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
      org.junit.Assert.assertEquals(expected[i], java.util.Base64.getEncoder().encodeToString(text));
    }
    org.junit.Assert.assertEquals(70000, elementsOf(texts()).get(expected.length).length());
    pipeline.run()`;
      await writeFile(texts, (await readFile(texts, 'utf8')).replace('pipeline.run()', compared));

      // A wrong expectation fails.
      const wrong = (await readFile(path.join(folder, 'Sample1Test.java'), 'utf8'))
        .replace('class Sample1Test', 'class WrongTest')
        .replace('elementsOf(numbers())', '0L, 1L');
      await writeFile(path.join(folder, 'WrongTest.java'), wrong);
      files.push('WrongTest.java');

      const classes = files.map((file) => {
        const name = path.basename(file, '.java');
        return name === 'TwoTest' ? `org.example.${name}` : name;
      });
      const said = await junit(folder, [...files, ...dataFiles], classes);
      assert.match(said, new RegExp(`Tests run: ${files.length},  Failures: 1`));
      assert.match(said, /1\) recordedElements\(WrongTest\)/);
    }));

  it('hold readable elements, as Java has them', () =>
    withTemporaryFolder(async (folder) => {
      const store = path.join(folder, '.beam-rewind');
      const text = async (label: string) => {
        const sample = samples.find((one) => one.label === label);
        assert.ok(sample);
        const file = path.join(folder, `${label.replaceAll(' ', '')}Test.java`);
        await exported(store, [await recorded(store, sample)], 'java-junit', file);
        return readFile(file, 'utf8');
      };
      const pairs = await text('Pairs');
      assert.match(
        pairs,
        /TestStream\.create\(KvCoder\.of\(StringUtf8Coder\.of\(\), VarLongCoder\.of\(\)\)\)/,
      );
      assert.match(pairs, /TimestampedValue\.of\(KV\.of\("b \\"", -2L\), at\(1000L\)\)/);
      assert.match(await text('Python pairs'), /KV\.of\("a", 1L\)/);
      assert.match(await text('Rows'), /\.addNullableField\("score", FieldType\.DOUBLE\)/);
      const own = await text('Of its own');
      assert.match(own, /bytes: decode them with the coder that your source has/);
      assert.match(own, /TimestampedValue\.of\(bytes\("0102ff"\), at\(0L\)\)/);
    }));
});

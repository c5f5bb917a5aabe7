import path from 'node:path';
import { camelCase, distinctIdentifiers, pascalCase } from '../identifiers.js';
import { inComment } from '../literals.js';
import type { RecordedTest } from '../recordedTest.js';
import type { ExportedTest, TestTarget } from '../source.js';
import { description, indented, pipelineName } from '../source.js';
import { checkMethods, valueMethods } from './javaMethods.js';
import type { JavaOutput } from './javaStreams.js';
import { javaOutput, streamClasses, streamMethods } from './javaStreams.js';
import { javaText, JavaValues } from './javaValue.js';

const taken = (
  'abstract assert boolean break byte case catch char class const continue default do double else enum extends final ' +
  'finally float for goto if implements import instanceof int interface long native new null package private protected ' +
  'public return short static strictfp super switch synchronized this throw throws transient try void volatile while ' +
  'true false var record yield pipeline at bytes map row elementsOf hasSize recordedElements'
).split(' ');

/**
 * A test of JUnit 4 with Beam's TestStream: one stream for each output, since Java's has one. With a data file, the streams
 * are in a class of its own.
 */
export function javaJunit(test: RecordedTest, { file, data }: TestTarget): ExportedTest {
  const values = new JavaValues();
  const names = distinctIdentifiers(
    test.outputs.map(({ label }) => label),
    (label) => camelCase(label, 'source'),
    taken,
  );
  const outputs = test.outputs.map((_, index) =>
    javaOutput(test, index, names[index] ?? '', values),
  );
  const streamsOf = data === undefined ? streamMethods : streamClasses;
  const streams = outputs.flatMap((output, index) => streamsOf(test, output, index));
  const dataClass = data === undefined ? undefined : path.parse(data).name;
  const body = outputs.flatMap((output) => checkLines(output, dataClass));
  const className =
    file === undefined
      ? `${pascalCase(pipelineName(test), 'Pipeline')}Test`
      : path.parse(file).name;
  const isCounted = outputs.some((output) => !output.isComparable);
  const held = [...schemaLines(values), ...streams, ...valueMethods(values)];
  const own = [...(dataClass === undefined ? held : []), ...checkMethods({ isCounted })];
  return {
    text: [
      ...packageLines(file),
      ...importLines([...body, ...own], values, testImports),
      '',
      ...commentLines(test, outputs, values),
      '@RunWith(JUnit4.class)',
      `public class ${className} {`,
      '  @Rule public final transient TestPipeline pipeline = TestPipeline.create();',
      '',
      '  @Test',
      '  public void recordedElements() {',
      ...indented(body, '    '),
      '',
      '    pipeline.run().waitUntilFinish();',
      '  }',
      '',
      ...indented(own, '  '),
      '}',
      '',
    ].join('\n'),
    ...(dataClass !== undefined && {
      data: [
        ...packageLines(file),
        ...importLines(held, values, []),
        '',
        `/** What was recorded, for ${className}. */`,
        `final class ${dataClass} {`,
        ...indented(held.slice(0, -1), '  '),
        '}',
        '',
      ].join('\n'),
    }),
  };
}

const testImports = [
  'org.apache.beam.sdk.testing.TestPipeline',
  'org.junit.Rule',
  'org.junit.Test',
  'org.junit.runner.RunWith',
  'org.junit.runners.JUnit4',
];

function schemaLines({ schemas }: JavaValues): string[] {
  return schemas.flatMap(({ name, lines }) => [
    `private static final Schema ${name} =`,
    '    Schema.builder()',
    ...indented(lines, '        '),
    '        .build();',
    '',
  ]);
}

function checkLines(
  { label, name, type, isComparable: compares }: JavaOutput,
  dataClass: string | undefined,
): string[] {
  const stream = dataClass === undefined ? `${name}()` : `${dataClass}.${name}()`;
  return [
    `PCollection<${type}> ${name} = pipeline.apply(${javaText(label)}, ${stream});`,
    '// Put your transforms here, and below what you expect of their output.',
    compares
      ? `PAssert.that(${name}).containsInAnyOrder(elementsOf(${stream}));`
      : `PAssert.that(${name}).satisfies(hasSize(elementsOf(${stream}).size()));`,
  ];
}

/** The package that a file's folder is, where the path has the folders of a Java project. */
function packageLines(file: string | undefined): string[] {
  const folders = file === undefined ? [] : path.dirname(file).split(path.sep);
  const root = folders.lastIndexOf('java');
  const isProject = root > 1 && folders[root - 2] === 'src';
  const names = isProject ? folders.slice(root + 1) : [];
  return names.length > 0 ? [`package ${names.join('.')};`, ''] : [];
}

const usualImports = [
  'java.util.ArrayList',
  'java.util.HashMap',
  'java.util.List',
  'java.util.Map',
  'org.apache.beam.sdk.schemas.Schema',
  'org.apache.beam.sdk.testing.PAssert',
  'org.apache.beam.sdk.testing.TestStream',
  'org.apache.beam.sdk.transforms.SerializableFunction',
  'org.apache.beam.sdk.values.KV',
  'org.apache.beam.sdk.values.PCollection',
  'org.apache.beam.sdk.values.Row',
  'org.apache.beam.sdk.values.TimestampedValue',
  'org.joda.time.Duration',
  'org.joda.time.Instant',
  'org.junit.Assert',
];

/** Imports of what some lines name. */
function importLines(lines: string[], values: JavaValues, always: string[]): string[] {
  const code = lines.join('\n').replace(/"(?:[^"\\]|\\.)*"/g, '""');
  const isUsed = (name: string) =>
    new RegExp(`\\b${name.slice(name.lastIndexOf('.') + 1)}\\b`).test(code);
  const all = [...always, ...[...usualImports, ...values.imports].filter(isUsed)];
  return [...new Set(all)].sort().map((name) => `import ${name};`);
}

function commentLines(test: RecordedTest, outputs: JavaOutput[], values: JavaValues): string[] {
  const several = [
    'A TestStream of Java has one output: each source has one of its own, with its own watermark. Beam does not',
    'define in which order two of them go on; processing time passes as the first says.',
  ];
  const bytes = outputs.flatMap(({ label, elementType: type }) =>
    type
      ? []
      : [
          `Elements of ${inComment(label)} are bytes: decode them with the coder that your source has.`,
        ],
  );
  return [
    ...description(test),
    ...(outputs.length > 1 ? several : []),
    ...(values.isTruncated
      ? ['Times within elements were finer than milliseconds, and are cut off.']
      : []),
    ...bytes,
  ].map((line) => `// ${line}`);
}

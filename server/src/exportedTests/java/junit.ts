import path from 'node:path';
import { elementType } from '../elementType.js';
import type { ElementType } from '../elementType.js';
import { camelCase, distinctIdentifiers, pascalCase } from '../identifiers.js';
import { inComment } from '../literals.js';
import type { RecordedTest, TestElement, TestEvent } from '../recordedTest.js';
import { elementsOfOutput, isEndOfTime } from '../recordedTest.js';
import type { TestTarget } from '../source.js';
import { description, indented, pipelineName, watermarkNote } from '../source.js';
import { isComparable, javaCoder } from './javaCoder.js';
import { javaHelpers } from './javaHelpers.js';
import { javaText, javaType, JavaValues } from './javaValue.js';

/** A method of Java is at most 64 KiB of byte code. */
const maxEventsInMethod = 50;
const maxCharactersInMethod = 20_000;

const taken = (
  'abstract assert boolean break byte case catch char class const continue default do double else enum extends final ' +
  'finally float for goto if implements import instanceof int interface long native new null package private protected ' +
  'public return short static strictfp super switch synchronized this throw throws transient try void volatile while ' +
  'true false var record yield pipeline at bytes map row elementsOf hasSize recordedElements'
).split(' ');

/** An output as Java has it. */
interface JavaOutput {
  label: string;
  name: string;
  type: string;
  coder: string;
  /** Undefined where the elements are bytes of the recorded coder. */
  elementType: ElementType | undefined;
  isComparable: boolean;
  expressionOf: (element: TestElement) => string;
}

/** A test of JUnit 4 with Beam's TestStream: one stream for each output, since Java's has one. */
export function javaJunit(test: RecordedTest, { file }: TestTarget): string {
  const values = new JavaValues();
  const names = distinctIdentifiers(
    test.outputs.map(({ label }) => label),
    (label) => camelCase(label, 'source'),
    taken,
  );
  const outputs = test.outputs.map((_, index) =>
    javaOutput(test, index, names[index] ?? '', values),
  );
  const streams = outputs.flatMap((output, index) => streamMethods(test, output, index));
  const body = outputs.flatMap(checkLines);
  const className =
    file === undefined
      ? `${pascalCase(pipelineName(test), 'Pipeline')}Test`
      : path.parse(file).name;
  const isCounted = outputs.some((output) => !output.isComparable);
  const helpers = javaHelpers(values, { isCounted });
  return [
    ...packageLines(file),
    ...importLines([...streams, ...body, ...helpers].join('\n'), values),
    '',
    ...commentLines(test, outputs, values),
    '@RunWith(JUnit4.class)',
    `public class ${className} {`,
    ...values.schemas.flatMap(({ name, lines }) => [
      `  private static final Schema ${name} =`,
      '      Schema.builder()',
      ...indented(lines, '          '),
      '          .build();',
      '',
    ]),
    '  @Rule public final transient TestPipeline pipeline = TestPipeline.create();',
    '',
    '  @Test',
    '  public void recordedElements() {',
    ...indented(body, '    '),
    '',
    '    pipeline.run().waitUntilFinish();',
    '  }',
    '',
    ...indented([...streams, ...helpers], '  '),
    '}',
    '',
  ].join('\n');
}

function javaOutput(
  test: RecordedTest,
  index: number,
  name: string,
  values: JavaValues,
): JavaOutput {
  const elements = elementsOfOutput(test, index);
  const output = test.outputs[index];
  const label = output?.label ?? '';
  const type = output && elementType(output, elements);
  if (type) values.addSchemas(type, label);
  const coder = type && javaCoder(type, values);
  if (!type || coder === undefined) {
    values.imports.add('org.apache.beam.sdk.coders.ByteArrayCoder');
    return {
      ...{ label, name, type: 'byte[]', coder: 'ByteArrayCoder.of()', elementType: undefined },
      isComparable: true,
      expressionOf: ({ bytes }) => values.bytes(bytes),
    };
  }
  return {
    ...{ label, name, type: javaType(type), coder, elementType: type },
    isComparable: isComparable(type),
    expressionOf: ({ value }) => values.of(value ?? null, type),
  };
}

/** The stream of an output, in methods that are short enough. */
function streamMethods(test: RecordedTest, output: JavaOutput, index: number): string[] {
  const calls = ownEvents(test, index).flatMap((event) => eventCalls(event, output));
  const parts = partsOf(calls);
  const builder = `TestStream.Builder<${output.type}>`;
  const own = [
    `private static TestStream<${output.type}> ${output.name}() {`,
    `  ${builder} stream = TestStream.create(${output.coder});`,
    ...parts.map((_, part) => `  stream = ${output.name}${part + 1}(stream);`),
    '  return stream.advanceWatermarkToInfinity();',
    '}',
    '',
  ];
  const rest = parts.flatMap((part, number) => [
    `private static ${builder} ${output.name}${number + 1}(${builder} stream) {`,
    '  return stream',
    ...indented(part.flat(), '      '),
    '  ;',
    '}',
    '',
  ]);
  return [...own, ...rest];
}

/** The events of a stream. Processing time passes for all streams at once, so it is in the first alone. */
function ownEvents({ events }: RecordedTest, index: number): TestEvent[] {
  const own: TestEvent[] = [];
  for (const event of events) {
    const last = own.at(-1);
    if (event.kind !== 'processing time') {
      if (event.output === index) own.push(event);
    } else if (index === 0) {
      if (last?.kind !== 'processing time') own.push(event);
      else own.splice(-1, 1, { ...last, millis: last.millis + event.millis });
    }
  }
  return own;
}

/** Calls of one event; each may have several lines. */
function eventCalls(event: TestEvent, output: JavaOutput): string[][] {
  switch (event.kind) {
    case 'processing time':
      return [[`.advanceProcessingTime(Duration.millis(${event.millis}L))`]];
    case 'watermark':
      if (isEndOfTime(event.millis)) return [];
      return [[`.advanceWatermarkTo(at(${event.millis}L)) // ${watermarkNote(event.millis)}`]];
    case 'elements': {
      const calls: string[][] = [];
      for (let from = 0; from < event.elements.length; from += maxEventsInMethod) {
        const some = event.elements.slice(from, from + maxEventsInMethod);
        const values = some.map((element, at) => {
          const end = at === some.length - 1 ? ')' : ',';
          const value = output.expressionOf(element);
          return `    TimestampedValue.of(${value}, at(${element.timestampMillis}L))${end}`;
        });
        calls.push(['.addElements(', ...values]);
      }
      return calls;
    }
  }
}

function partsOf(calls: string[][]): string[][][] {
  const parts: string[][][] = [];
  let part: string[][] = [];
  let lines = 0;
  let characters = 0;
  for (const call of calls) {
    const length = call.reduce((sum, line) => sum + line.length, 0);
    const isFull =
      lines + call.length > maxEventsInMethod || characters + length > maxCharactersInMethod;
    if (isFull && part.length > 0) {
      parts.push(part);
      [part, lines, characters] = [[], 0, 0];
    }
    part.push(call);
    lines += call.length;
    characters += length;
  }
  return part.length > 0 ? [...parts, part] : parts;
}

function checkLines({ label, name, type, isComparable: compares }: JavaOutput): string[] {
  return [
    `PCollection<${type}> ${name} = pipeline.apply(${javaText(label)}, ${name}());`,
    '// Put your transforms here, and below what you expect of their output.',
    compares
      ? `PAssert.that(${name}).containsInAnyOrder(elementsOf(${name}()));`
      : `PAssert.that(${name}).satisfies(hasSize(elementsOf(${name}()).size()));`,
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
  'org.apache.beam.sdk.testing.TestPipeline',
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

/** Imports of what the text names. */
function importLines(text: string, values: JavaValues): string[] {
  const code = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  const isUsed = (name: string) =>
    new RegExp(`\\b${name.slice(name.lastIndexOf('.') + 1)}\\b`).test(code);
  const always = ['org.junit.Rule', 'org.junit.Test', 'org.junit.runner.RunWith'];
  const schemas = values.schemas.length > 0 ? ['org.apache.beam.sdk.schemas.Schema'] : [];
  const all = [
    ...always,
    ...schemas,
    ...values.imports,
    'org.apache.beam.sdk.testing.TestPipeline',
    'org.junit.runners.JUnit4',
    ...usualImports.filter(isUsed),
  ];
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

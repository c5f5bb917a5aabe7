import { elementType } from '../elementType.js';
import type { ElementType } from '../elementType.js';
import { pascalCase } from '../identifiers.js';
import type { RecordedTest, TestElement, TestEvent } from '../recordedTest.js';
import { elementsOfOutput, isEndOfTime } from '../recordedTest.js';
import { indented, watermarkNote } from '../source.js';
import { isComparable, javaCoder } from './javaCoder.js';
import type { JavaValues } from './javaValue.js';
import { javaType } from './javaValue.js';

/** A method of Java is at most 64 KiB of byte code. */
const maxEventsInMethod = 50;
const maxCharactersInMethod = 20_000;
/** A class has at most 65,535 constants: an element may have some ten. */
const maxMethodsInClass = 20;

/** An output as Java has it. */
export interface JavaOutput {
  label: string;
  name: string;
  type: string;
  coder: string;
  /** Undefined where the elements are bytes of the recorded coder. */
  elementType: ElementType | undefined;
  isComparable: boolean;
  expressionOf: (element: TestElement) => string;
}

/** An output of a test; what it needs is added to the values. */
export function javaOutput(
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
export function streamMethods(test: RecordedTest, output: JavaOutput, index: number): string[] {
  const { parts, own, method } = streamParts(
    test,
    output,
    index,
    (part) => `${output.name}${part + 1}`,
  );
  return [
    ...own('private static'),
    ...parts.flatMap((part, number) =>
      method('private static', `${output.name}${number + 1}`, part),
    ),
  ];
}

/** The same in classes that are small enough: each class has an end for its constants. */
export function streamClasses(test: RecordedTest, output: JavaOutput, index: number): string[] {
  const name = pascalCase(output.name, 'Source');
  const classOf = (part: number) => `${name}${Math.floor(part / maxMethodsInClass) + 1}`;
  const { parts, own, method } = streamParts(
    test,
    output,
    index,
    (part) => `${classOf(part)}.add${part + 1}`,
  );
  const classes = [...new Set(parts.map((_, part) => classOf(part)))];
  return [
    ...own('static'),
    ...classes.flatMap((one) => [
      `private static final class ${one} {`,
      ...indented(
        parts.flatMap((part, number) =>
          classOf(number) === one ? method('private static', `add${number + 1}`, part) : [],
        ),
        '  ',
      ).slice(0, -1),
      '}',
      '',
    ]),
  ];
}

function streamParts(
  test: RecordedTest,
  { name, type, coder, ...output }: JavaOutput,
  index: number,
  callOf: (part: number) => string,
) {
  const calls = ownEvents(test, index).flatMap((event) => eventCalls(event, output));
  const parts = partsOf(calls);
  const builder = `TestStream.Builder<${type}>`;
  return {
    parts,
    own: (modifiers: string) => [
      `${modifiers} TestStream<${type}> ${name}() {`,
      `  ${builder} stream = TestStream.create(${coder});`,
      ...parts.map((_, part) => `  stream = ${callOf(part)}(stream);`),
      '  return stream.advanceWatermarkToInfinity();',
      '}',
      '',
    ],
    method: (modifiers: string, called: string, part: string[][]) => [
      `${modifiers} ${builder} ${called}(${builder} stream) {`,
      '  return stream',
      ...indented(part.flat(), '      '),
      '  ;',
      '}',
      '',
    ],
  };
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
function eventCalls(event: TestEvent, output: Pick<JavaOutput, 'expressionOf'>): string[][] {
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

import path from 'node:path';
import { elementType } from '../elementType.js';
import type { ElementType } from '../elementType.js';
import { camelCase, distinctIdentifiers, pascalCase } from '../identifiers.js';
import { inComment } from '../literals.js';
import type { RecordedTest, TestElement, TestEvent } from '../recordedTest.js';
import { elementsOfOutput, isEndOfTime } from '../recordedTest.js';
import type { ExportedTest, TestTarget } from '../source.js';
import { description, indented, pipelineName, watermarkNote } from '../source.js';
import { goBytes, goText, GoValues, hasMap } from './goValue.js';

const beamPath = 'github.com/apache/beam/sdks/v2/go/pkg/beam';

const taken = (
  'break case chan const continue default defer else fallthrough for func go goto if import interface map package range ' +
  'return select struct switch type var nil true false len append string byte t p s stream elements beam math ptest ' +
  'passert teststream register reflect testing'
).split(' ');

/** Keys and values of a KV of Beam's Go that need no struct. */
const simpleKinds = ['boolean', 'int64', 'double', 'string', 'bytes'];

/** How elements stand in the test. */
interface GoElements {
  goType: string;
  /** What the elements' structs become, if they are pairs of simple values: a KV. */
  pair?: { key: string; value: string };
  isComparable: boolean;
  isBytes: boolean;
  expressionOf: (element: TestElement) => string;
}

/**
 * A test of Go's testing package with Beam's teststream, that runs on Prism in its process.
 * @throws Error for several outputs: neither Go's test stream nor Prism's has more than one
 */
export function goTest(test: RecordedTest, { file, goPackage, data }: TestTarget): ExportedTest {
  const [output] = test.outputs;
  if (!output || test.outputs.length > 1) {
    throw new Error(
      "A test stream of Beam's Go SDK has one output, and Prism runs one in a pipeline. Choose a source with --source LABEL.",
    );
  }
  const unit = pascalCase(pipelineName(test), 'Pipeline') + pascalCase(output.label, 'Source');
  const values = new GoValues(`refOf${unit}`);
  const elements = goElements(test, values, unit);
  const events = test.events.flatMap((event) => eventLines(event, elements));
  const [name = 'source'] = distinctIdentifiers(
    [output.label],
    (label) => camelCase(label, 'source'),
    taken,
  );
  const stream = `recorded${unit}`;
  const toPair = `pairOf${unit}`;
  const created = 'teststream.Create(s, stream)';
  const packageLine = `package ${goPackage ?? packageOf(file)}`;
  const streamLines = recordedLines(stream, elements.goType, events, data !== undefined);
  const both = ['testing', `${beamPath}/testing/teststream`];
  const streamImports = values.usesMath ? ['math', ...both] : both;
  const text = [
    ...commentLines(test, values, elements),
    packageLine,
    '',
    ...importLines([
      ...(data === undefined ? streamImports : both),
      ...testImports(values, elements),
    ]),
    '',
    ...initLines(values, elements, toPair),
    `func Test${unit}(t *testing.T) {`,
    '\tif !beam.Initialized() {',
    '\t\tbeam.Init()',
    '\t}',
    `\tstream, elements := ${stream}(t)`,
    '\tp, s := beam.NewPipelineWithRoot()',
    `\t${name} := ${elements.pair ? `beam.ParDo(s, ${toPair}, ${created})` : created}`,
    '\t// Put your transforms here, and below what you expect of their output.',
    elements.isComparable && !elements.pair
      ? `\tpassert.EqualsList(s, ${name}, elements)`
      : `\tpassert.Count(s, ${name}, ${goText(output.label)}, len(elements))`,
    '\tptest.RunAndValidate(t, p)',
    '}',
    ...(elements.pair
      ? [
          '',
          `func ${toPair}(pair ${elements.goType}) (${elements.pair.key}, ${elements.pair.value}) {`,
          '\treturn pair.Key, pair.Value',
          '}',
        ]
      : []),
    ...(data === undefined ? ['', ...streamLines] : []),
    ...structLines(values),
    ...(values.usesRef
      ? ['', `func ${values.refName}[T any](value T) *T {`, '\treturn &value', '}']
      : []),
    '',
  ].join('\n');
  if (data === undefined) return { text };
  const dataLines = [packageLine, '', ...importLines(streamImports), '', ...streamLines, ''];
  return { text, data: dataLines.join('\n') };
}

/** Calls of one function: Go's compiler takes long for long ones. */
const maxCallsInFunction = 500;

/** The function that answers the stream, with the events in it, or in functions that it calls. */
function recordedLines(
  stream: string,
  goType: string,
  events: string[],
  isSplit: boolean,
): string[] {
  const parts: string[][] = [];
  for (let at = 0; isSplit && at < events.length; at += maxCallsInFunction)
    parts.push(events.slice(at, at + maxCallsInFunction));
  const calls = parts.map((_, part) => `${stream}Part${part + 1}(&stream, add, check)`);
  return [
    `// ${stream} answers what was recorded, in its order, and its elements.`,
    `func ${stream}(t *testing.T) (teststream.Config, []${goType}) {`,
    '\tt.Helper()',
    '\tstream := teststream.NewConfig()',
    `\tvar elements []${goType}`,
    '\tcheck := func(err error) {',
    '\t\tt.Helper()',
    '\t\tif err != nil {',
    '\t\t\tt.Fatal(err)',
    '\t\t}',
    '\t}',
    '\t// At an event time, in milliseconds since the epoch.',
    `\tadd := func(millis int64, element ${goType}) {`,
    '\t\tt.Helper()',
    '\t\tcheck(stream.AddElements(millis, element))',
    '\t\telements = append(elements, element)',
    '\t}',
    ...indented(isSplit ? calls : events, '\t'),
    '\tcheck(stream.AdvanceWatermarkToInfinity())',
    '\treturn stream, elements',
    '}',
    ...parts.flatMap((part, number) => [
      '',
      `func ${stream}Part${number + 1}(stream *teststream.Config, add func(int64, ${goType}), check func(error)) {`,
      ...indented(part, '\t'),
      '}',
    ]),
  ];
}

function goElements(test: RecordedTest, values: GoValues, unit: string): GoElements {
  const elements = elementsOfOutput(test, 0);
  const [output] = test.outputs;
  const type = output && elementType(output, elements);
  const own = type && typed(type, values, unit);
  if (own) return own;
  values.structs.length = 0;
  return {
    goType: '[]byte',
    isComparable: true,
    isBytes: true,
    expressionOf: ({ bytes }) => goBytes(bytes),
  };
}

function typed(type: ElementType, values: GoValues, unit: string): GoElements | undefined {
  const isWrapped = ['list', 'map', 'nullable'].includes(type.kind);
  const goType = isWrapped ? values.wrapped(type, unit) : values.goType(type, unit);
  if (goType === undefined) return undefined;
  const isInKv = (of: ElementType) => simpleKinds.includes(of.kind);
  const pair =
    type.kind === 'pair' && isInKv(type.key) && isInKv(type.value)
      ? {
          key: values.goType(type.key, unit) ?? '',
          value: values.goType(type.value, unit) ?? '',
        }
      : undefined;
  return {
    goType,
    ...(pair && { pair }),
    isComparable: !hasMap(type),
    isBytes: false,
    expressionOf: ({ value }) => {
      const expression = values.of(value ?? null, type);
      return isWrapped ? `${goType}{Value: ${expression}}` : expression;
    },
  };
}

function eventLines(event: TestEvent, { expressionOf }: GoElements): string[] {
  switch (event.kind) {
    case 'processing time':
      return [`stream.AdvanceProcessingTime(${event.millis})`];
    case 'watermark':
      if (isEndOfTime(event.millis)) return [];
      return [`check(stream.AdvanceWatermark(${event.millis})) // ${watermarkNote(event.millis)}`];
    case 'elements':
      return event.elements.map(
        (element) => `add(${element.timestampMillis}, ${expressionOf(element)})`,
      );
  }
}

function commentLines(test: RecordedTest, values: GoValues, { isBytes }: GoElements): string[] {
  const label = inComment(test.outputs[0]?.label ?? '');
  return [
    ...description(test),
    ...(values.hasTimes ? ['Times within elements are milliseconds since the epoch.'] : []),
    ...(values.isTruncated ? ['Those that were finer are cut off.'] : []),
    ...(isBytes
      ? [`Elements of ${label} are bytes: decode them with the coder that your source has.`]
      : []),
  ]
    .map((line) => `// ${line}`)
    .concat('');
}

/** What a test needs beside its stream. */
function testImports(values: GoValues, { pair }: GoElements): string[] {
  return [
    ...(values.structs.length > 0 ? ['reflect'] : []),
    beamPath,
    ...(pair ? [`${beamPath}/register`] : []),
    `${beamPath}/testing/passert`,
    `${beamPath}/testing/ptest`,
  ];
}

function importLines(paths: string[]): string[] {
  const isOfBeam = (name: string) => name.startsWith(beamPath);
  const lines = (names: string[]) => names.sort().map((name) => `\t"${name}"`);
  const standard = lines(paths.filter((name) => !isOfBeam(name)));
  return ['import (', ...standard, '', ...lines(paths.filter(isOfBeam)), ')'];
}

function initLines(values: GoValues, { pair }: GoElements, toPair: string): string[] {
  if (values.structs.length === 0) return [];
  return [
    'func init() {',
    ...values.structs.map(
      ({ name }) => `\tbeam.RegisterType(reflect.TypeOf((*${name})(nil)).Elem())`,
    ),
    ...(pair ? [`\tregister.Function1x2(${toPair})`] : []),
    '}',
    '',
  ];
}

function structLines({ structs }: GoValues): string[] {
  return structs.flatMap(({ name, fields }) => [
    '',
    `type ${name} struct {`,
    ...fields.map(({ name: field, goType, tag }) => {
      const width = (of: 'name' | 'goType') => Math.max(...fields.map((one) => one[of].length));
      return `\t${field.padEnd(width('name'))} ${goType.padEnd(width('goType'))} \`beam:"${tag}"\``;
    }),
    '}',
  ]);
}

/** A folder's name as that of a package. */
function packageOf(file: string | undefined): string {
  const folder = file === undefined ? '' : path.basename(path.dirname(file));
  const name = folder.toLowerCase().replace(/[^a-z0-9]/g, '');
  return /^[a-z]/.test(name) ? name : 'pipeline';
}

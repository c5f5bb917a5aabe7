import path from 'node:path';
import { distinctIdentifiers, snakeCase } from '../identifiers.js';
import { quotedBytes } from '../literals.js';
import type { RecordedTest, TestElement, TestEvent, TestOutput } from '../recordedTest.js';
import { isEndOfTime } from '../recordedTest.js';
import { description, indented, pipelineName, watermarkNote } from '../source.js';
import { pythonImports, pythonKeywords, PythonLiterals, pythonText } from './value.js';

/** What the two styles of a Python test have in common, as lines. */
export interface PythonParts {
  /** The docstring, imports (but `unittest`), functions, and the recorded events. */
  head: string[];
  /** What stands in the test, with the pipeline `p`. */
  body: string[];
  /** Name of the pipeline file as an identifier. */
  name: string;
  /** Text of the data file, if there is one. */
  data?: string;
}

/** Names that the test uses itself. */
const taken = [
  ...pythonKeywords,
  ...[
    'beam',
    'p',
    'at',
    'after',
    'elements',
    'events_of',
    'os',
    'decoded',
    'has_length',
    'streams',
    'self',
    'datetime',
  ],
  ...['assert_that', 'equal_to', 'unittest'],
];

/**
 * The parts of a Python test with Beam's TestStream. Two outputs are one stream with tags, which the direct runner gets right.
 * @param imports those of the style, before Beam's
 * @param data file that the events are in, beside the test
 */
export function pythonParts(
  test: RecordedTest,
  imports: string[],
  data: string | undefined,
): PythonParts {
  const { outputs } = test;
  const literals = new PythonLiterals();
  const tags = distinctIdentifiers(
    outputs.map(({ label }) => label),
    (label) => label,
    [],
  );
  const unread = new Set<TestOutput>();
  const events = test.events.flatMap((event) => {
    const tag = outputs.length > 1 && 'output' in event ? tags[event.output] : undefined;
    return (data === undefined ? eventLines : dataLines)(event, tag, (element) => {
      const literal = element.value !== undefined ? literals.of(element.value) : undefined;
      const output = 'output' in event ? outputs[event.output] : undefined;
      if (literal === undefined && output) unread.add(output);
      return literal ?? `b${quotedBytes(element.bytes)}`;
    });
  });
  const { used } = literals;
  const standard = [...imports, ...(data === undefined ? [] : ['import os'])];
  const needed = [...used].map((name) => pythonImports[name]).sort();
  const isStandard = (line: string) => !line.includes('apache_beam');
  const comparesValues = !used.has('FastPrimitivesCoder') && !literals.hasNaN;
  const head = [
    '"""' + (description(test)[0] ?? ''),
    '',
    ...description(test).slice(1),
    ...(literals.isTruncated ? ['Nanoseconds within elements are cut off.'] : []),
    ...[...unread].map(
      ({ label, coder }) =>
        `Some elements of ${label} are bytes: decode them with the coder that your source has (${coder}).`,
    ),
    '"""',
    '',
    ...[...standard, ...needed.filter(isStandard)].sort(),
    ...(standard.length > 0 || needed.some(isStandard) ? [''] : []),
    'import apache_beam as beam',
    ...[
      'from apache_beam.options.pipeline_options import PipelineOptions',
      'from apache_beam.testing.test_pipeline import TestPipeline',
      'from apache_beam.testing.test_stream import ElementEvent, ProcessingTimeEvent, TestStream, WatermarkEvent',
      `from apache_beam.testing.util import assert_that${comparesValues ? ', equal_to' : ''}`,
      'from apache_beam.transforms.window import TimestampedValue',
      'from apache_beam.utils.timestamp import MAX_TIMESTAMP, Duration, Timestamp',
      ...needed.filter((line) => !isStandard(line)),
    ].sort(),
    '',
    '',
    'def at(millis):',
    '    """An event time, in milliseconds since the epoch."""',
    '    return Timestamp(micros=millis * 1000)',
    '',
    '',
    'def after(millis):',
    '    """An advance of processing time."""',
    '    return ProcessingTimeEvent(Duration(micros=millis * 1000))',
    '',
    '',
    ...(used.has('FastPrimitivesCoder') ? decodedFunction : []),
    ...(comparesValues ? [] : lengthFunction),
    ...(data === undefined
      ? ['# What was recorded, in its order.', 'EVENTS = [', ...indented(events, '    '), ']']
      : eventsOfFile(path.basename(data))),
    '',
    '',
    'def elements(tag=None):',
    '    """The recorded elements of an output."""',
    '    recorded = [event for event in EVENTS if isinstance(event, ElementEvent) and event.tag == tag]',
    '    return [element.value for event in recorded for element in event.timestamped_values]',
  ];
  const variables = distinctIdentifiers(
    outputs.map(({ label }) => label),
    (label) => snakeCase(label, 'source'),
    taken,
  );
  return {
    head,
    body: bodyLines(variables, tags, comparesValues),
    name: snakeCase(pipelineName(test), 'pipeline'),
    ...(data !== undefined && { data: events.map((line) => `${line}\n`).join('') }),
  };
}

/** Reads a file of events. What is in it is as much code as the test: literals, as they would stand in the test. */
function eventsOfFile(name: string): string[] {
  return [
    'def events_of(name):',
    '    """The events of a file beside this one: a line for each bundle, element of it, watermark and advance of time."""',
    '    events = []',
    "    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name), encoding='utf-8') as lines:",
    '        for line in lines:',
    "            kind, value, *more = line.rstrip('\\n').split(' ', 2)",
    '            # Literals, as they would stand here.',
    '            literal = eval(more[0]) if more else None',
    "            if kind == 'element':",
    '                events[-1].timestamped_values.append(TimestampedValue(literal, at(int(value))))',
    "            elif kind == 'bundle':",
    '                events.append(ElementEvent([], tag=literal))',
    "            elif kind == 'watermark':",
    "                watermark = MAX_TIMESTAMP if value == 'end' else at(int(value))",
    '                events.append(WatermarkEvent(watermark, tag=literal))',
    '            else:',
    '                events.append(after(int(value)))',
    '    return events',
    '',
    '',
    '# What was recorded, in its order.',
    `EVENTS = events_of(${pythonText(name)})`,
  ];
}

const decodedFunction = [
  'def decoded(data):',
  '    """An object that has no literal. This unpickles what the recorded program has pickled: know where it is from."""',
  '    return FastPrimitivesCoder().decode(data)',
  '',
  '',
];

/** For elements that are not equal to themselves once more. */
const lengthFunction = [
  'def has_length(expected):',
  '    """Checks how many elements there are."""',
  '',
  '    def check(actual):',
  "        assert len(actual) == expected, f'{len(actual)} elements, not {expected}'",
  '',
  '    return check',
  '',
  '',
];

function bodyLines(variables: string[], tags: string[], comparesValues: boolean): string[] {
  const isTagged = tags.length > 1;
  const tagArgument = (index: number) => (isTagged ? pythonText(tags[index] ?? '') : '');
  const applied = isTagged
    ? [
        `streams = p | TestStream(events=EVENTS, output_tags={${tags.map(pythonText).join(', ')}})`,
        ...variables.map((name, index) => `${name} = streams[${tagArgument(index)}]`),
      ]
    : [`${variables[0] ?? 'source'} = p | TestStream(events=EVENTS, output_tags={None})`];
  return [
    ...applied,
    '# Put your transforms here, and below what you expect of their outputs.',
    ...variables.flatMap((name, index) => {
      const label = isTagged ? `, label="Check ${name}"` : '';
      const expected = `elements(${tagArgument(index)})`;
      if (comparesValues) return [`assert_that(${name}, equal_to(${expected})${label})`];
      return [`assert_that(${name}, has_length(len(${expected}))${label})`];
    }),
  ];
}

function eventLines(
  event: TestEvent,
  tag: string | undefined,
  literalOf: (element: TestElement) => string,
): string[] {
  const tagged = tag === undefined ? '' : `, tag=${pythonText(tag)}`;
  switch (event.kind) {
    case 'processing time':
      return [`after(${event.millis}),`];
    case 'watermark': {
      if (isEndOfTime(event.millis)) return [`WatermarkEvent(MAX_TIMESTAMP${tagged}),`];
      return [`WatermarkEvent(at(${event.millis})${tagged}),  # ${watermarkNote(event.millis)}`];
    }
    case 'elements':
      return [
        'ElementEvent([',
        ...event.elements.map(
          (element) =>
            `    TimestampedValue(${literalOf(element)}, at(${element.timestampMillis})),`,
        ),
        `]${tagged}),`,
      ];
  }
}

/** An event in a data file: its kind, a number and a literal, of an element or, where there are several outputs, of the tag. */
function dataLines(
  event: TestEvent,
  tag: string | undefined,
  literalOf: (element: TestElement) => string,
): string[] {
  const tagged = tag === undefined ? '' : ` ${pythonText(tag)}`;
  switch (event.kind) {
    case 'processing time':
      return [`after ${event.millis}`];
    case 'watermark':
      return [`watermark ${isEndOfTime(event.millis) ? 'end' : event.millis}${tagged}`];
    case 'elements':
      return [
        `bundle ${event.elements.length}${tagged}`,
        ...event.elements.map(
          (element) => `element ${element.timestampMillis} ${literalOf(element)}`,
        ),
      ];
  }
}

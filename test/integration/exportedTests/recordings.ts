import path from 'node:path';
import type { BeamValue } from '../../../server/src/beam/coders/beamValue.js';
import { AtomicType } from '../../../server/src/beam/proto/beam/schema_pb.js';
import { maxReadableElements } from '../../../server/src/exportedTests/recordedTest.js';
import type { Selection } from '../../../server/src/exportedTests/selection.js';
import type { TestFormat } from '../../../server/src/exportedTests/testFormats.js';
import { importRecording } from '../../../server/src/interchange/importRecording.js';
import { headerRecord, recordOfElements } from '../../../server/src/interchange/logRecords.js';
import { noFiringPane } from '../../../server/src/interchange/windowedElements.js';
import type { LogRecord } from '../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import { endRecord, watermarkRecord } from '../../../server/src/recording/logRecords.js';
import { defaultLimits } from '../../../server/src/recording/parseLimits.js';
import type { Recording } from '../../../server/src/recording/recording.js';
import { formatVersion } from '../../../server/src/recording/recording.js';
import { newRecordingId } from '../../../server/src/recording/store.js';
import type { WrittenTest } from '../../../server/src/session/exportTest.js';
import { exportTest } from '../../../server/src/session/exportTest.js';
import type { CoderSpec } from '../../unit/coders/coderSpec.js';
import { coderOf, encode, fromHex, spec, toCoders } from '../../unit/coders/coderSpec.js';
import { atomic, fastPrimitivesSpec, fieldType, rowSpec } from '../../unit/coders/everyCoder.js';

/** What a source did: elements with their event times in seconds, or a new watermark, each some ms after the last. */
export type Step = { after: number } & (
  { elements: [BeamValue, number][] } | { watermark: number }
);

/** Values of a source, one a second. */
export interface Sample {
  label: string;
  coder: CoderSpec;
  steps: Step[];
}

const startMicros = 1_740_833_760_000_000n;

/** Writes a recording of what a source did to a store. All of them begin at the same time. */
export async function recorded(store: string, { label, coder, steps }: Sample): Promise<Recording> {
  const { coderId, coders } = toCoders(coder);
  const content: LogRecord['record'][] = [headerRecord(startMicros, coders, coderId)];
  let now = startMicros;
  for (const step of steps) {
    // Arrivals are no whole ms.
    now += BigInt(step.after * 1000 + 1);
    if ('watermark' in step) content.push(watermarkRecord(now, BigInt(step.watermark * 1000)));
    else {
      const elements = step.elements.map(([value, seconds]) => ({
        timestampMillis: BigInt(Math.round(seconds * 1000)),
        pane: noFiringPane,
        element: fromHex(encode(coderOf(coder), value, 'outer')),
      }));
      content.push(recordOfElements(now, elements));
    }
  }
  content.push(endRecord(now, 'elements limit', ''));
  const facts = {
    formatVersion,
    id: newRecordingId(new Date()),
    file: path.join(path.dirname(store), 'user clicks.py'),
    pipeline: 'p',
    label,
    uniqueName: label,
    limits: defaultLimits,
  } as const;
  return importRecording(store, facts, asynchronous(content), new AbortController().signal);
}

/** Exports recordings to a file. */
export function exported(
  store: string,
  recordings: Recording[],
  format: TestFormat,
  file: string,
  selection: Selection = {},
): Promise<WrittenTest> {
  return exportTest({
    store,
    recordings,
    format,
    selection,
    output: { file, mayReplace: false },
    signal: new AbortController().signal,
    onWarning: (text) => {
      throw new Error(text);
    },
  });
}

/** Values of a coder, a second of event time apart, with a watermark behind each two. */
export function sample(label: string, coder: CoderSpec, values: BeamValue[]): Sample {
  const steps = values.flatMap((value, index): Step[] => [
    { after: 30, elements: [[value, index]] },
    ...(index % 2 === 1 ? [{ after: 20, watermark: index }] : []),
  ]);
  return { label, coder, steps };
}

const everyType = rowSpec({
  user: atomic(AtomicType.STRING),
  score: atomic(AtomicType.DOUBLE, true),
  weight: atomic(AtomicType.FLOAT),
  count: atomic(AtomicType.INT64),
  short: atomic(AtomicType.INT16),
  int: atomic(AtomicType.INT32, true),
  level: atomic(AtomicType.BYTE),
  paid: atomic(AtomicType.BOOLEAN),
  'odd name': atomic(AtomicType.STRING, true),
  class: atomic(AtomicType.STRING),
  tags: fieldType({ case: 'arrayType', value: { elementType: atomic(AtomicType.STRING, true) } }),
  marks: fieldType(
    {
      case: 'mapType',
      value: { keyType: atomic(AtomicType.STRING), valueType: atomic(AtomicType.INT32) },
    },
    true,
  ),
  place: fieldType({
    case: 'rowType',
    value: { schema: { fields: [{ name: 'city', type: atomic(AtomicType.STRING, true) }] } },
  }),
  seen: fieldType({
    case: 'logicalType',
    value: {
      urn: 'beam:logical_type:millis_instant:v1',
      representation: atomic(AtomicType.INT64),
    },
  }),
  price: fieldType({
    case: 'logicalType',
    value: { urn: 'beam:logical_type:decimal:v1', representation: atomic(AtomicType.BYTES) },
  }),
  raw: atomic(AtomicType.BYTES),
});

function everyTypeOf(user: string, isFull: boolean): BeamValue {
  return {
    kind: 'row',
    fields: [
      ['user', user],
      ['score', isFull ? 1.5 : null],
      ['weight', 0.1],
      ['count', 1n << 60n],
      ['short', -300n],
      ['int', isFull ? -70000n : null],
      ['level', -5n],
      ['paid', isFull],
      ['odd name', isFull ? 'x' : null],
      ['class', 'c'],
      ['tags', isFull ? ['x', null] : []],
      ['marks', isFull ? { kind: 'map', entries: [['k', 3n]] } : null],
      ['place', { kind: 'row', fields: [['city', isFull ? 'Köln' : null]] }],
      ['seen', { kind: 'timestamp', units: 1_740_833_760_123n, precision: 3 }],
      ['price', { kind: 'decimal', unscaled: -1999n, scale: 2 }],
      ['raw', Uint8Array.of(0, 255, 34, 92)],
    ],
  };
}

const kvOf = (key: BeamValue, value: BeamValue): BeamValue => ({ kind: 'kv', key, value });
const lengthPrefixed = (coder: CoderSpec): CoderSpec => spec('length_prefix', coder);

/** `datetime.timedelta(seconds=1)`, pickled. */
const pickle = fromHex(
  '8004952300000000000000' +
    '8c086461746574696d65948c0974696d6564656c74619493944b004b014b0087945294' +
    '2e',
);

/** Texts that a language could take for something else. */
export const nastyTexts = [
  '',
  ' plain ',
  '"quoted" \'single\' `back` ${x} $x %s {0} \\',
  '"""\'\'\'*/ // # \\u0022 \\n',
  'two\nlines\r\n\ttab\u0000nul\u0007\u001b[31m\u007f\u0085',
  'é ß Köln 日本 \u{1f600} \ud7ff\ue000',
  '\u202eright to left\u2066\u200b\ufeff\u2028\u2029',
  '0123',
  'a'.repeat(70_000),
];

/** One sample for each kind of element. */
export const samples: Sample[] = [
  sample('Texts', spec('string_utf8'), nastyTexts),
  sample('Numbers', spec('varint'), [0n, -1n, (1n << 63n) - 1n, -(1n << 63n), 5n]),
  sample('Floats', spec('double'), [0.1, -0, 5, 1e300, 5e-324, Infinity, -Infinity]),
  sample('NaN', spec('double'), [1, NaN, 2]),
  sample('Flags', spec('bool'), [true, false, true]),
  sample('Raw bytes', spec('bytes'), [
    Uint8Array.of(),
    Uint8Array.of(0, 10, 13, 34, 39, 92, 127, 128, 255),
    new TextEncoder().encode('plain'),
  ]),
  sample('Pairs', spec('kv', lengthPrefixed(spec('string_utf8')), lengthPrefixed(spec('varint'))), [
    kvOf('a', 1n),
    kvOf('b "', -2n),
    kvOf('a', 1n),
  ]),
  sample(
    'Pairs of lists',
    spec('kv', spec('bytes'), spec('iterable', spec('nullable', spec('double')))),
    [kvOf(Uint8Array.of(1), [1.5, null]), kvOf(Uint8Array.of(), [])],
  ),
  sample('Lists', spec('iterable', spec('string_utf8')), [['a', 'b'], [], ['']]),
  sample('Nullable', spec('nullable', spec('string_utf8')), ['a', null, 'b']),
  sample('Rows', everyType, [everyTypeOf('ann', true), everyTypeOf('"bob"', false)]),
  sample('python', fastPrimitivesSpec, [
    null,
    1n,
    'text',
    { kind: 'tuple', items: ['a', 1n, 2.5] },
    { kind: 'tuple', items: ['alone'] },
    { kind: 'map', entries: [['k', [true]]] },
    { kind: 'set', items: [1n] },
    { kind: 'pickle', bytes: pickle },
  ]),
  sample('Python texts', fastPrimitivesSpec, ['a', 'b']),
  sample('Python pairs', fastPrimitivesSpec, [
    { kind: 'tuple', items: ['a', 1n] },
    { kind: 'tuple', items: ['b', 2n] },
  ]),
  sample('Of its own', { urn: 'custom:coder:v7', components: [] }, [
    {
      kind: 'opaque',
      coder: 'custom:coder:v7',
      bytes: Uint8Array.of(1, 2, 255),
    },
  ]),
];

/** A sample whose elements come again and again: too many to be read in a test. */
export function many(label: string): Sample {
  const { coder, steps } = samples.find((one) => one.label === label) ?? late;
  const arrivals = steps.filter((step) => 'elements' in step);
  const elements = arrivals.flatMap((step) => step.elements);
  const times = Math.ceil((maxReadableElements + 1) / elements.length);
  const bundle = { after: 5, elements: Array.from({ length: 10 }, () => elements).flat() };
  return {
    ...{ label: `Many ${label}`, coder },
    steps: Array.from({ length: Math.ceil(times / 10) }, () => bundle),
  };
}

/** A source with an element on time, one that is early for its window, and one that is late. */
export const late: Sample = {
  label: 'Late',
  coder: spec('string_utf8'),
  steps: [
    { after: 10, elements: [['on time', 1]] },
    { after: 10, watermark: 12 },
    {
      after: 500,
      elements: [
        ['late', 2],
        ['next', 13],
      ],
    },
    { after: 10, watermark: 25 },
  ],
};

/** The same times as {@link late}, and nothing is late: its watermark comes behind the elements. */
export const punctual: Sample = {
  label: 'Punctual',
  coder: spec('varint'),
  steps: [
    { after: 15, elements: [[1n, 1]] },
    {
      after: 510,
      elements: [
        [2n, 2],
        [13n, 13],
      ],
    },
    { after: 10, watermark: 25 },
  ],
};

// eslint-disable-next-line @typescript-eslint/require-await -- what is read from a file comes so
async function* asynchronous<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

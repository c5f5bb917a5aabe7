import type { BeamValue } from '../beam/coders/beamValue.js';
import { CoderError } from '../beam/coders/coderError.js';
import { coderFor, decodeElement } from '../beam/coders/coderFor.js';
import { coderUrnTree } from '../beam/coders/coderUrnTree.js';
import type { Coder } from '../beam/proto/beam/pipeline_pb.js';
import { MAX_TIMESTAMP_MILLIS } from '../beam/urns.js';
import { elementsOf } from '../interchange/windowedElements.js';
import type { MergedRecord } from '../replay/testStream/mergeLogs.js';
import { testStreamSteps } from '../replay/testStream/steps.js';

/** Elements that stand in a test: beyond, nobody reads it, and they go to a data file beside it. */
export const maxReadableElements = 2000;
/** Characters of a test without a data file. */
export const maxReadableCharacters = 1 << 19;

/** Elements a test may have: beyond, it takes minutes to compile or to run. */
export const maxTestElements = 20_000;
/** Characters of a test with its data file. */
export const maxTestCharacters = 1 << 24;

/** What a test is made of: recorded outputs, and what happened in which order. Times are ms. */
export interface RecordedTest {
  /** Absolute path of the pipeline file. */
  file: string;
  /** When the recording was started, since the epoch. */
  startedAt: number;
  outputs: TestOutput[];
  events: TestEvent[];
}

/** A recorded output of a source. */
export interface TestOutput {
  /** The source's label, with the tag of the output if it has several. */
  label: string;
  coderId: string;
  coders: Record<string, Coder>;
  /** For people: the coder's URN tree. */
  coder: string;
}

export type TestEvent =
  | { kind: 'elements'; output: number; elements: TestElement[] }
  /** At {@link MAX_TIMESTAMP_MILLIS} the output has ended. */
  | { kind: 'watermark'; output: number; millis: bigint }
  | { kind: 'processing time'; millis: bigint };

export interface TestElement {
  /** Event time. */
  timestampMillis: bigint;
  /** Encoded by the output's coder. */
  bytes: Uint8Array;
  /** Absent where the coder cannot read it. */
  value?: BeamValue;
}

/** The elements of an output, in their order. */
export function elementsOfOutput({ events }: RecordedTest, output: number): TestElement[] {
  return events.flatMap((event) =>
    event.kind === 'elements' && event.output === output ? event.elements : [],
  );
}

/** An output as a test has it. */
export function testOutput(
  label: string,
  coderId: string,
  coders: Record<string, Coder>,
): TestOutput {
  return { label, coderId, coders, coder: coderUrnTree(coderId, coders) };
}

/**
 * The events of a test. Every output's watermark ends at the end of time, since a test has to end.
 * @throws Error if there are more than {@link maxTestElements}, or none
 */
export async function testEvents(
  merged: AsyncIterable<MergedRecord>,
  outputs: TestOutput[],
): Promise<TestEvent[]> {
  const coders = outputs.map(({ coderId, coders }) => coderFor(coderId, coders));
  const events: TestEvent[] = [];
  let count = 0;
  const steps = testStreamSteps(merged, {
    outputs: outputs.length,
    unitMicros: 1000n,
    endsOutput: () => true,
  });
  for await (const step of steps) {
    const last = events.at(-1);
    switch (step.kind) {
      case 'processing time':
        if (last?.kind === 'processing time') last.millis += step.advance;
        else events.push({ kind: 'processing time', millis: step.advance });
        break;
      case 'watermark':
        events.push({
          kind: 'watermark',
          output: step.output,
          millis: step.watermarkMillis,
        });
        break;
      case 'elements': {
        const coder = coders[step.output];
        const elements = elementsOf(step.elements.data).map(({ timestampMillis, element }) => {
          const value = coder && read(() => decodeElement(coder, element));
          return { timestampMillis, bytes: element, ...(value !== undefined && { value }) };
        });
        count += elements.length;
        if (count > maxTestElements) throw new Error(tooMuch(`${maxTestElements} elements`));
        events.push({ kind: 'elements', output: step.output, elements });
      }
    }
  }
  if (count === 0) throw new Error('There is no element in what was chosen.');
  return events;
}

/** Says that too much was chosen for a test, and how to choose less. */
export function tooMuch(limit: string): string {
  return (
    `A test has ${limit} at most, and there is more. ` +
    'Choose a part: --elements ..100, --processing-time ..30s, --event-time FROM..TO or --source LABEL.'
  );
}

function read(decode: () => BeamValue): BeamValue | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof CoderError) return undefined;
    throw error;
  }
}

/** Whether a watermark says that nothing more will come. */
export function isEndOfTime(millis: bigint): boolean {
  return millis >= MAX_TIMESTAMP_MILLIS;
}

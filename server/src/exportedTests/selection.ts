import type { MergedRecord } from '../replay/testStream/mergeLogs.js';
import type { Span } from '../replay/whatIf/cut.js';
import { cutEventTime, cutProcessingTime } from '../replay/whatIf/cut.js';
import type { Disturbance } from '../replay/whatIf/disturbance.js';
import { eachElement, isElement, movedTo } from '../replay/whatIf/disturbance.js';

/** What of a recording goes into a test; all of it where nothing is said. Each bound includes its start, not its end. */
export interface Selection {
  /** ms since the epoch. */
  eventTime?: Span;
  /** ms since the first arrival. */
  processingTime?: Span;
  /** Numbers of elements in the order of their arrival, from 1. */
  elements?: Span;
}

/** Numbers of elements, `1..100`, `..100` or `5..`, both included. @throws Error that says what is wrong */
export function parseElementsSpan(text: string): Span {
  const [, from, to] = /^(\d*)\.\.(\d*)$/.exec(text) ?? [];
  if (!from && !to) throw new Error('it is not FROM..TO, FROM.. or ..TO');
  const span = { from: from ? Number(from) : 1, to: to ? Number(to) + 1 : Infinity };
  if (span.from < 1) throw new Error('the first element is number 1');
  if (span.from >= span.to) throw new Error('it ends before it begins');
  return span;
}

/** The part of merged recordings that is chosen. */
export function selected(
  merged: AsyncIterable<MergedRecord>,
  { eventTime, processingTime, elements }: Selection,
): AsyncIterable<MergedRecord> {
  const cuts = [
    processingTime && cutProcessingTime(processingTime),
    eventTime && cutEventTime(eventTime),
    elements && cutElements(elements),
  ];
  return cuts.reduce<AsyncIterable<MergedRecord>>(
    (records, cut) => cut?.(records) ?? records,
    merged,
  );
}

/** Keeps some elements by their numbers. The watermarks before them are told when they begin; nothing is told behind them. */
function cutElements({ from, to }: Span): Disturbance {
  return async function* (merged) {
    let number = 0;
    let watermarks: MergedRecord[] = [];
    for await (const one of eachElement(merged)) {
      if (isElement(one)) number++;
      if (number >= to) return;
      if (number >= from) {
        for (const watermark of watermarks) yield movedTo(watermark, one.arrivalMicros);
        watermarks = [];
        yield one;
      } else if (one.record.case === 'watermark') {
        watermarks = watermarks.filter(({ output }) => output !== one.output);
        watermarks.push(one);
      }
    }
  };
}

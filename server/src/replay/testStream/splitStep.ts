import { forEachWindowedElement, splitWindowedValues } from '../../beam/coders/windowedValue.js';
import type { TestStreamStep } from './steps.js';

/** Elements that go into one event, bytes of the log: half of the longest message that Beam's clients of a test stream accept. */
const maxEventBytes = 2 << 20;
/** An element that is longer fits into no message that they accept, bytes: 4 MiB with what is around it. */
const maxElementBytes = (4 << 20) - 1024;

/**
 * A step as several, each short enough for one event.
 * @throws Error in words for the user, if one of its elements is too long
 */
export function splitStep(step: TestStreamStep): TestStreamStep[] {
  if (step.kind !== 'elements' || step.elements.data.length <= maxEventBytes) return [step];
  const { data } = step.elements;
  forEachWindowedElement(data, (_timestamp, _pane, elementStart, elementEnd) => {
    const bytes = elementEnd - elementStart;
    if (bytes > maxElementBytes) {
      throw new Error(
        `An element of ${bytes} bytes is too large for the direct runner of the Python SDK, which takes 4 MiB at a time. Replay on another backend.`,
      );
    }
  });
  return splitWindowedValues(data, maxEventBytes).map((part) => ({
    ...step,
    elements: { ...step.elements, data: part },
  }));
}

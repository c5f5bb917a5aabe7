import { encodeVarint, varintBytes } from '../beam/coders/varint.js';
import { forEachWindowedElement } from '../beam/coders/windowedValue.js';
import { urns } from '../beam/urns.js';
import type { EncodedDoFn } from '../beam/worker/encodedDoFn.js';

/**
 * Keeps the elements of one recorded output of a tagged test stream, whose elements are `varint output
 * number, element`. The element goes on in the form the runner asked for: length-prefixed, or, for pairs,
 * which are recorded so that their bytes mean the same everywhere, as it is.
 */
export function selectDoFn(output: number): EncodedDoFn {
  const tag = encodeVarint(output);
  return {
    process(windowedValues, bundle) {
      const parts: Uint8Array[] = [];
      const withLength = bundle.wireCoderUrn('out') !== urns.kvCoder;
      let headerStart = 0;
      forEachWindowedElement(windowedValues, (_timestamp, _pane, start, end) => {
        const tagged = windowedValues.subarray(start, end);
        if (tag.every((byte, index) => tagged[index] === byte)) {
          const element = tagged.subarray(tag.length);
          const headerEnd = start - varintBytes(end - start);
          parts.push(windowedValues.subarray(headerStart, headerEnd));
          if (withLength) parts.push(encodeVarint(element.length));
          parts.push(element);
        }
        headerStart = end;
      });
      if (parts.length > 0) bundle.emit('out', Buffer.concat(parts));
    },
    onTimers() {
      throw new Error('The select DoFn sets no timers.');
    },
    finishBundle: () => Promise.resolve(),
  };
}

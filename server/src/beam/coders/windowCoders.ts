import type { BeamValue } from './beamValue.js';
import { ByteReader } from './byteReader.js';
import { iterableCoder, lengthPrefixCoder } from './compositeCoders.js';
import type { ElementCoder } from './elementCoder.js';
import { expectInteger, expectKind } from './expectValue.js';
import { decodePane, encodePane } from './pane.js';
import {
  boolCoder,
  bytesCoder,
  decodeFlag,
  sameInAllContexts,
  stringUtf8Coder,
} from './primitiveCoders.js';

/** The one global window has no bytes. */
export const globalWindowCoder = sameInAllContexts(
  () => ({ kind: 'global window' }),
  (value) => {
    expectKind(value, 'global window');
  },
);

/** The end of the window, and how long it is. */
export const intervalWindowCoder = sameInAllContexts(
  (input) => {
    const endMillis = input.timestampMillis();
    return { kind: 'interval window', startMillis: endMillis - input.varint(), endMillis };
  },
  (value, output) => {
    const { startMillis, endMillis } = expectKind(value, 'interval window');
    output.timestampMillis(endMillis);
    output.varint(expectInteger(endMillis - startMillis, -(1n << 63n), (1n << 63n) - 1n));
  },
);

/** A window of a user's own type, behind its greatest timestamp. */
export function customWindowCoder(window: ElementCoder): ElementCoder {
  return {
    endIsKnown: window.endIsKnown,
    decode: (input, context) => ({
      kind: 'custom window',
      maxTimestampMillis: input.timestampMillis(),
      window: window.decode(input, context),
    }),
    encode(value, output, context) {
      const custom = expectKind(value, 'custom window');
      output.timestampMillis(custom.maxTimestampMillis);
      window.encode(custom.window, output, context);
    },
  };
}

/** How Python passes on windows of types it does not know. */
export const opaqueWindowCoder = customWindowCoder(lengthPrefixCoder(bytesCoder));

/** Timestamp, windows and pane, then the value in the windowed value's own context. */
export function windowedValueCoder(value: ElementCoder, window: ElementCoder): ElementCoder {
  const windows = iterableCoder(window);
  return {
    endIsKnown: value.endIsKnown,
    decode: (input, context) => ({
      kind: 'windowed value',
      timestampMillis: input.timestampMillis(),
      windows: windows.decode(input, 'nested') as BeamValue[],
      pane: decodePane(input),
      value: value.decode(input, context),
    }),
    encode(windowed, output, context) {
      const {
        timestampMillis,
        windows: of,
        pane,
        value: inner,
      } = expectKind(windowed, 'windowed value');
      output.timestampMillis(timestampMillis);
      windows.encode(of, output, 'nested');
      encodePane(pane, output);
      value.encode(inner, output, context);
    },
  };
}

/**
 * Values that all have the timestamp, windows and pane of the coder's payload; only the value is written.
 * @param payload a windowed value in the outer context, whose value does not matter
 */
export function paramWindowedValueCoder(
  value: ElementCoder,
  window: ElementCoder,
  payload: Uint8Array,
): ElementCoder {
  const constant = windowedValueCoder(bytesCoder, window).decode(new ByteReader(payload), 'outer');
  const shared = expectKind(constant, 'windowed value');
  return {
    endIsKnown: value.endIsKnown,
    decode: (input, context) => ({ ...shared, value: value.decode(input, context) }),
    encode(windowed, output, context) {
      value.encode(expectKind(windowed, 'windowed value').value, output, context);
    },
  };
}

/** Key, dynamic tag and windows of a timer, and, unless it is cleared, when and in which pane it fires. */
export function timerCoder(key: ElementCoder, window: ElementCoder): ElementCoder {
  const windows = iterableCoder(window);
  return sameInAllContexts(
    (input) => {
      const timer = {
        kind: 'timer' as const,
        userKey: key.decode(input, 'nested'),
        dynamicTimerTag: input.text(input.length()),
        windows: windows.decode(input, 'nested') as BeamValue[],
      };
      if (decodeFlag(input, 'clear bit')) return timer;
      const fireTimestampMillis = input.timestampMillis();
      const holdTimestampMillis = input.timestampMillis();
      return {
        ...timer,
        firing: { fireTimestampMillis, holdTimestampMillis, pane: decodePane(input) },
      };
    },
    (value, output) => {
      const timer = expectKind(value, 'timer');
      key.encode(timer.userKey, output, 'nested');
      stringUtf8Coder.encode(timer.dynamicTimerTag, output, 'nested');
      windows.encode(timer.windows, output, 'nested');
      boolCoder.encode(timer.firing === undefined, output, 'nested');
      if (timer.firing) {
        output.timestampMillis(timer.firing.fireTimestampMillis);
        output.timestampMillis(timer.firing.holdTimestampMillis);
        encodePane(timer.firing.pane, output);
      }
    },
  );
}

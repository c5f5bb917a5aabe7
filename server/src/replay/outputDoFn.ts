import { create } from '@bufbuild/protobuf';
import type { BeamValue } from '../beam/coders/beamValue.js';
import { ByteReader } from '../beam/coders/byteReader.js';
import { coderFor } from '../beam/coders/coderFor.js';
import { expectKind, isKinded } from '../beam/coders/expectValue.js';
import { toJson } from '../beam/coders/toJson.js';
import type { OutputCoders, PipelineOutput } from '../beam/pipeline/pipelineOutputs.js';
import { CoderSchema } from '../beam/proto/beam/pipeline_pb.js';
import type { EncodedDoFn } from '../beam/worker/encodedDoFn.js';

const windowedValueId = 'beam-rewind:told';

/**
 * Tells the elements of a PCollection as lines of JSON, one for each window that an element is in, when their bundle is
 * finished: a bundle that failed comes again.
 */
export function outputDoFn(
  label: string,
  { coderId, windowCoderId, coders }: OutputCoders,
  onLine: (line: string) => void,
): EncodedDoFn {
  const coder = coderFor(windowedValueId, {
    ...coders,
    [windowedValueId]: create(CoderSchema, {
      spec: { urn: 'beam:coder:windowed_value:v1' },
      componentCoderIds: [coderId, windowCoderId],
    }),
  });
  const bundles = new Map<string, string[]>();
  return {
    process(windowedValues, bundle) {
      const lines = bundles.get(bundle.id) ?? [];
      bundles.set(bundle.id, lines);
      const input = new ByteReader(windowedValues);
      while (input.remaining > 0) lines.push(...linesOf(label, coder.decode(input, 'nested')));
    },
    onTimers() {
      throw new Error('What tells an output sets no timers.');
    },
    finishBundle(bundleId) {
      for (const line of bundles.get(bundleId) ?? []) onLine(line);
      bundles.delete(bundleId);
      return Promise.resolve();
    },
    failBundle(bundleId) {
      bundles.delete(bundleId);
    },
  };
}

/** A DoFn for each of the outputs, in their order. */
export function tellersOf(
  outputs: PipelineOutput[],
  coders: OutputCoders[],
  onLine: (line: string) => void,
): EncodedDoFn[] {
  return coders.map((each, output) => outputDoFn(outputs[output]?.label ?? '', each, onLine));
}

function linesOf(output: string, element: BeamValue): string[] {
  if (isKinded(element) && element.kind === 'opaque') {
    throw new Error(`The windows of "${output}" are of a type that only its SDK knows.`);
  }
  const { value, windows, ...rest } = expectKind(element, 'windowed value');
  return windows.map((window) => {
    const told = toJson({ ...rest, value: inOrder(value), windows: [] });
    const { windows: _, ...members } = told as Record<string, unknown>;
    return JSON.stringify({ output, ...members, window: toJson(window) });
  });
}

/** A value whose sets and maps, which have no order, are told in one that does not depend on the run. */
function inOrder(value: BeamValue): BeamValue {
  const byText = (a: BeamValue, b: BeamValue): number => (textOf(a) < textOf(b) ? -1 : 1);
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isKinded(value)) return value;
  const { kind } = value;
  if (kind === 'set') return { ...value, items: value.items.map(inOrder).sort(byText) };
  if (kind === 'tuple') return { ...value, items: value.items.map(inOrder) };
  if (kind === 'kv') return { ...value, key: inOrder(value.key), value: inOrder(value.value) };
  if (kind === 'row') {
    return { ...value, fields: value.fields.map(([name, field]) => [name, inOrder(field)]) };
  }
  if (kind !== 'map') return value;
  const entries = value.entries.map(([key, entry]): [BeamValue, BeamValue] => [
    key,
    inOrder(entry),
  ]);
  return { ...value, entries: entries.sort(([a], [b]) => byText(a, b)) };
}

function textOf(value: BeamValue): string {
  return JSON.stringify(toJson(value));
}

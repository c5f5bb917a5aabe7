import { CoderError } from '../../beam/coders/coderError.js';
import { ByteWriter } from '../../beam/coders/byteWriter.js';
import { coderFor, decodeElement } from '../../beam/coders/coderFor.js';
import { coderUrnTree } from '../../beam/coders/coderUrnTree.js';
import type { ElementCoder } from '../../beam/coders/elementCoder.js';
import type { JsonDecoder } from '../../beam/coders/fromJson.js';
import { jsonDecoderFor } from '../../beam/coders/fromJson.js';
import { paneToJson, toJson } from '../../beam/coders/toJson.js';
import type { Coder } from '../../beam/proto/beam/pipeline_pb.js';
import type { LogRecord_Header } from '../../beam/proto/beam_rewind/recording_pb.js';
import type { Recording } from '../../recording/recording.js';
import { endReasonOf } from '../../recording/logRecords.js';
import type { LogContent } from '../logRecords.js';
import type { RecordedElement } from '../windowedElements.js';
import { elementsOf, noFiringPane } from '../windowedElements.js';
import type { ElementLine, HeaderLine, JsonLine } from './format.js';
import { formatVersion } from './format.js';

/** Characters that are gathered before they are handed on. */
const chunkCharacters = 1 << 16;

/**
 * A recording as JSON Lines, docs/interchange.md. An element has its bytes beside its JSON where the JSON alone
 * would not give them back.
 */
export async function* jsonLines(
  recording: Recording,
  content: LogContent,
): AsyncGenerator<string> {
  let membersOf: ((element: RecordedElement) => ElementMembers) | undefined;
  let bundle = 0;
  let ended = false;
  let text = '';
  const add = (line: JsonLine): void => {
    text += JSON.stringify(line) + '\n';
  };
  for await (const record of content) {
    switch (record.case) {
      case 'header':
        add(headerLine(recording, record.value));
        membersOf = elementMembers(record.value.coderId, record.value.coders);
        break;
      case 'elements': {
        if (!membersOf) throw new Error('The log does not begin with its header.');
        const arrivalMicros = Number(record.value.arrivalMicros);
        for (const element of elementsOf(record.value.data)) {
          add({ kind: 'element', bundle, arrivalMicros, ...membersOf(element) });
          if (text.length < chunkCharacters) continue;
          yield text;
          text = '';
        }
        bundle++;
        break;
      }
      case 'watermark':
        add({
          kind: 'watermark',
          arrivalMicros: Number(record.value.arrivalMicros),
          watermarkMillis: integer(record.value.watermarkMillis),
        });
        break;
      case 'end': {
        const { arrivalMicros, reason, message } = record.value;
        add({
          kind: 'end',
          arrivalMicros: Number(arrivalMicros),
          reason: endReasonOf(reason),
          ...(message && { message }),
        });
        ended = true;
        break;
      }
      case 'bundleEnd':
      case undefined:
        break;
    }
  }
  if (!ended) {
    const endedAt = recording.endedAt ?? recording.startedAt;
    add({ kind: 'end', arrivalMicros: endedAt * 1000, reason: 'interrupted' });
  }
  yield text;
}

function headerLine(recording: Recording, header: LogRecord_Header): HeaderLine {
  const { id, pipeline, label, uniqueName, output, limits } = recording;
  const { coderId, startedMicros } = header;
  const coders = Object.entries(header.coders).map(([name, { spec, componentCoderIds }]) => {
    const coder: HeaderLine['coders'][string] = { urn: spec?.urn ?? '' };
    if (spec?.payload.length) coder.payload = base64(spec.payload);
    if (componentCoderIds.length > 0) coder.components = componentCoderIds;
    return [name, coder] as const;
  });
  return {
    kind: 'header',
    format: formatVersion,
    recordingId: id,
    startedMicros: Number(startedMicros),
    pipeline,
    label,
    uniqueName,
    ...(output !== undefined && { output }),
    limits,
    coder: coderUrnTree(coderId, header.coders),
    coderId,
    coders: Object.fromEntries(coders),
  };
}

type ElementMembers = Omit<ElementLine, 'kind' | 'bundle' | 'arrivalMicros'>;

function elementMembers(
  coderId: string,
  coders: Record<string, Coder>,
): (element: RecordedElement) => ElementMembers {
  const coder = coderFor(coderId, coders);
  const fromJson = jsonDecoderFor(coderId, coders);
  return ({ timestampMillis, pane, element }) => {
    const value = valueOf(coder, element);
    const isWhole = value !== undefined && givesBack(coder, fromJson, value, element);
    return {
      timestampMillis: integer(timestampMillis),
      ...(!isNoFiringPane(pane) && { pane: paneToJson(pane) }),
      ...(value !== undefined && { value }),
      ...(!isWhole && { bytes: base64(element) }),
    };
  };
}

/** What JSON shows of an element; nothing of one that its coder cannot read. */
function valueOf(coder: ElementCoder, element: Uint8Array): unknown {
  try {
    return toJson(decodeElement(coder, element));
  } catch (error) {
    if (error instanceof CoderError) return undefined;
    throw error;
  }
}

/** Whether the text of a value, read and encoded again, is the same bytes. */
function givesBack(
  coder: ElementCoder,
  fromJson: JsonDecoder,
  value: unknown,
  element: Uint8Array,
): boolean {
  const output = new ByteWriter();
  try {
    coder.encode(fromJson(JSON.parse(JSON.stringify(value))), output, 'outer');
  } catch (error) {
    if (error instanceof CoderError) return false;
    throw error;
  }
  return Buffer.compare(output.bytes, element) === 0;
}

function isNoFiringPane(pane: RecordedElement['pane']): boolean {
  const { isFirst, isLast, timing, index, onTimeIndex } = pane;
  return (
    isFirst === noFiringPane.isFirst &&
    isLast === noFiringPane.isLast &&
    timing === noFiringPane.timing &&
    index === noFiringPane.index &&
    onTimeIndex === noFiringPane.onTimeIndex
  );
}

/** A number, or its digits where it has none that is exact. */
function integer(value: bigint): number | string {
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

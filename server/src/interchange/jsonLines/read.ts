import { create } from '@bufbuild/protobuf';
import { ByteWriter } from '../../beam/coders/byteWriter.js';
import { CoderError } from '../../beam/coders/coderError.js';
import { coderFor } from '../../beam/coders/coderFor.js';
import { jsonDecoderFor } from '../../beam/coders/fromJson.js';
import type { Coder } from '../../beam/proto/beam/pipeline_pb.js';
import { CoderSchema } from '../../beam/proto/beam/pipeline_pb.js';
import type { LogRecord } from '../../beam/proto/beam_rewind/recording_pb.js';
import { endRecord, isWrittenEndReason, watermarkRecord } from '../../recording/logRecords.js';
import { ImportError } from '../importError.js';
import { headerRecord, recordOfElements } from '../logRecords.js';
import type { RecordedElement } from '../windowedElements.js';
import { formatVersion } from './format.js';
import { isObject, LineReader } from './lineReader.js';

/** A bundle is held up to so many bytes; a larger one becomes several records. */
const maxBundleBytes = 1 << 24;

interface Bundle {
  number: unknown;
  arrivalMicros: bigint;
  bytes: number;
  elements: RecordedElement[];
}

/** What the header says beside what a log's header holds. */
export interface HeaderFacts {
  label: string | undefined;
  uniqueName: string | undefined;
  output: string | undefined;
}

/**
 * Reads JSON Lines as a log's content: those that `jsonLines` writes, or those of another program.
 * @param onHeader called before the header is yielded
 * @throws ImportError that names the line
 */
export async function* readJsonLines(
  lines: AsyncIterable<string>,
  onHeader: (facts: HeaderFacts) => void = () => undefined,
): AsyncGenerator<LogRecord['record']> {
  let number = 0;
  let encode: ElementEncoder | undefined;
  let lastArrival = 0n;
  let bundle: Bundle | undefined;
  let isEnded = false;
  for await (const text of lines) {
    number++;
    if (text.trim() === '') continue;
    const line = new LineReader(text, number);
    if (isEnded) throw line.error('nothing may follow the line of kind "end"');
    const kind = line.text('kind');
    if (!encode) {
      const header = headerOf(line, kind);
      encode = elementEncoder(line, header.coderId, header.coders);
      lastArrival = header.startedMicros;
      onHeader({
        label: line.optionalText('label'),
        uniqueName: line.optionalText('uniqueName'),
        output: line.optionalText('output'),
      });
      yield headerRecord(header.startedMicros, header.coders, header.coderId);
      continue;
    }
    const arrivalMicros = line.micros('arrivalMicros');
    if (arrivalMicros < lastArrival) throw line.error('"arrivalMicros" goes back');
    lastArrival = arrivalMicros;
    if (bundle && (kind !== 'element' || !isOfBundle(bundle, line))) {
      yield recordOfElements(bundle.arrivalMicros, bundle.elements);
      bundle = undefined;
    }
    switch (kind) {
      case 'element': {
        const element = encode(line);
        bundle ??= { number: line.member('bundle'), arrivalMicros, bytes: 0, elements: [] };
        bundle.bytes += element.length;
        bundle.elements.push({
          timestampMillis: line.millis('timestampMillis'),
          pane: line.pane(),
          element,
        });
        break;
      }
      case 'watermark':
        yield watermarkRecord(arrivalMicros, line.millis('watermarkMillis'));
        break;
      case 'end':
        isEnded = true;
        yield endOf(line, arrivalMicros);
        break;
      default:
        throw line.error('"kind" is none of "element", "watermark" and "end"');
    }
  }
  if (!isEnded) {
    throw new ImportError('the file is cut off: a line of kind "end" is missing', number + 1);
  }
}

/** Elements without a number of a bundle are bundles of their own. */
function isOfBundle({ number, bytes }: Bundle, line: LineReader): boolean {
  return number !== undefined && line.member('bundle') === number && bytes < maxBundleBytes;
}

function headerOf(line: LineReader, kind: string) {
  if (kind !== 'header') throw line.error('the first line must be of kind "header"');
  if (line.text('format') !== formatVersion) {
    throw line.error(`"format" is not "${formatVersion}"`);
  }
  const coders = Object.entries(line.object('coders')).map(([id, coder]): [string, Coder] => {
    const {
      urn,
      payload = '',
      components = [],
    }: Record<string, unknown> = isObject(coder) ? coder : {};
    if (typeof urn !== 'string' || typeof payload !== 'string' || !areTexts(components)) {
      throw line.error(`coder "${id}" is not {"urn", "payload" in base64, "components": ids}`);
    }
    const spec = { urn, payload: new Uint8Array(Buffer.from(payload, 'base64')) };
    return [id, create(CoderSchema, { spec, componentCoderIds: components })];
  });
  return {
    startedMicros: line.micros('startedMicros'),
    coders: Object.fromEntries(coders),
    coderId: line.text('coderId'),
  };
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** An interrupted recording has no end in its log; imported, it is one that somebody ended. */
function endOf(line: LineReader, arrivalMicros: bigint): LogRecord['record'] {
  const text = line.text('reason');
  const reason = text === 'interrupted' ? 'cancelled' : text;
  if (!isWrittenEndReason(reason)) throw line.error(`"${text}" is no reason why a recording ends`);
  return endRecord(arrivalMicros, reason, line.optionalText('message') ?? '');
}

type ElementEncoder = (line: LineReader) => Uint8Array;

/** The bytes of an element: as given, else those of its value. */
function elementEncoder(
  header: LineReader,
  coderId: string,
  coders: Record<string, Coder>,
): ElementEncoder {
  const make = () => ({
    coder: coderFor(coderId, coders),
    fromJson: jsonDecoderFor(coderId, coders),
  });
  let made: ReturnType<typeof make>;
  try {
    made = make();
  } catch (error) {
    throw header.error(error instanceof Error ? error.message : String(error));
  }
  return (line) => {
    const bytes = line.optionalText('bytes');
    if (bytes !== undefined) return Buffer.from(bytes, 'base64');
    const output = new ByteWriter();
    try {
      made.coder.encode(made.fromJson(line.member('value')), output, 'outer');
    } catch (error) {
      if (!(error instanceof CoderError)) throw error;
      throw line.error(`"value" is not of the recording's coder (${error.message}); give "bytes"`);
    }
    return output.bytes.slice();
  };
}

import type { PipelineSource } from '../../../server/src/language/source.js';
import { makeSignature } from '../../../server/src/language/signature.js';
import type { EndReason, Recording } from '../../../server/src/recording/recording.js';
import { openRecording } from '../../../server/src/recording/recordingWriter.js';
import { windowedValues } from '../../windowedValues.js';

const nowhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** A source as analysis finds it, e.g. `sourceOf('Clicks', { rate: '2' })`. */
export function sourceOf(
  label: string,
  args: Record<string, string> = {},
  pipeline = 'p',
): PipelineSource {
  return {
    pipeline,
    label,
    transformName: 'Read',
    bounded: false,
    boundedReason: 'it never ends',
    range: nowhere,
    statement: nowhere,
    signature: makeSignature({
      sdk: 'python',
      transform: 'Read',
      label,
      arguments: args,
      definitions: {},
    }),
  };
}

let made = 0;

/** Facts of a recording of a source; each is younger than those before. */
export function recordingOf(
  source: PipelineSource,
  file: string,
  facts: Partial<Recording> = {},
): Recording {
  made++;
  return {
    formatVersion: 2,
    id: `r${String(made).padStart(4, '0')}`,
    file,
    pipeline: source.pipeline,
    label: source.label,
    uniqueName: source.label,
    signature: source.signature,
    coder: 'beam:coder:bytes:v1',
    limits: { durationMs: 1e9, maxBytes: 1e9, maxElements: 1e9 },
    startedAt: Date.now() - 1_000_000 + made,
    elements: 0,
    bytes: 0,
    ...facts,
  };
}

/** Writes a recording of one element into a store. */
export async function storeRecording(
  store: string,
  recording: Recording,
  reason: Exclude<EndReason, 'interrupted'> = 'duration limit',
): Promise<Recording> {
  const writer = await openRecording(store, recording, {}, 'coder');
  writer.addElements(windowedValues([[1000, recording.id]]));
  await writer.flush();
  await writer.end(reason);
  return writer.recording;
}

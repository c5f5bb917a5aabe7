import { clone, create, toBinary } from '@bufbuild/protobuf';
import type { Components, Pipeline, PTransform } from '../proto/beam/pipeline_pb.js';
import {
  PipelineSchema,
  PTransformSchema,
  TestStreamPayloadSchema,
} from '../proto/beam/pipeline_pb.js';
import { urns } from '../urns.js';
import { addPcollection } from './ownTransforms.js';
import type { OutputCoders, PipelineOutput } from './pipelineOutputs.js';
import { assertRun } from './pipelineOutputs.js';
import { pcollectionOf } from './prefixLength.js';
import { prune } from './prune.js';
import { addCoder, addLengthPrefix, recordedCoder } from './recordedCoder.js';
import { recordedSources } from './recordingPipeline.js';
import { useRecordedCoder } from './replaceByWorker.js';
import type { UnboundedSource } from './unboundedSources.js';
import { transformOf } from './unboundedSources.js';

// Pipelines for the direct runner in the user's process (`server/src/assets/direct_pipeline.py`).

/** The service that serves a pipeline's test stream, or takes what it records. */
export interface ProgramService {
  /** `host:port`. */
  endpoint: string;
  /** What each output is called there, by number. */
  names: string[];
}

/**
 * As `recordingPipeline`, with transforms that send what they record to a service.
 * @param watermarkResolutionMs event time between two watermarks that are told apart, a whole number
 */
export function programRecordingPipeline(
  pipeline: Pipeline,
  sources: UnboundedSource[],
  service: ProgramService,
  watermarkResolutionMs: number,
): Pipeline {
  const recording = clone(PipelineSchema, pipeline);
  const components = componentsOf(recording);
  recording.rootTransformIds = recordedSources(components, sources);
  const outputs = sources.flatMap((source) => source.outputs.map((output) => ({ source, output })));
  outputs.forEach(({ source, output: { tag, pcollectionId } }, index) => {
    const id = `beam-rewind:record:${index}`;
    recording.rootTransformIds.push(id);
    const told = {
      coder: useRecordedCoder(components, pcollectionId),
      output: service.names[index],
      endpoint: service.endpoint,
      resolution_micros: watermarkResolutionMs * 1000,
    };
    components.transforms[id] = create(PTransformSchema, {
      uniqueName: `Beam Rewind: record ${source.uniqueName} ${tag}`,
      spec: { urn: urns.programRecord, payload: encodeJson(told) },
      inputs: { input: pcollectionId },
    });
  });
  prune(recording);
  return recording;
}

/**
 * As `replayPipeline`, with a test stream that is read from a service. It has an output for each recorded one, with a
 * watermark of its own, and one coder for them all: elements are decoded behind it.
 */
export function programReplayPipeline(
  pipeline: Pipeline,
  sources: UnboundedSource[],
  service: ProgramService,
): Pipeline {
  const replay = clone(PipelineSchema, pipeline);
  const components = componentsOf(replay);
  const bytes = addCoder(components.coders, urns.bytesCoder, []);
  const streamId = 'beam-rewind:test-stream';
  const payload = create(TestStreamPayloadSchema, {
    coderId: bytes,
    endpoint: { url: service.endpoint },
  });
  const stream = create(PTransformSchema, {
    uniqueName: 'Beam Rewind/Recording',
    spec: { urn: urns.testStream, payload: toBinary(TestStreamPayloadSchema, payload) },
  });
  const roots: string[] = [];
  let output = 0;
  for (const source of sources) {
    source.outputs.forEach(({ pcollectionId }, index) => {
      const name = service.names[output++] ?? '';
      const encoded = `beam-rewind:encoded:${name}`;
      const strategyId = components.pcollections[pcollectionId]?.windowingStrategyId ?? '';
      addPcollection(components, encoded, bytes, strategyId);
      stream.outputs[name] = encoded;
      const id = index === 0 ? source.transformId : `${source.transformId}:${index}`;
      components.transforms[id] = create(PTransformSchema, {
        uniqueName: index === 0 ? source.uniqueName : `${source.uniqueName} (output ${index + 1})`,
        spec: {
          urn: urns.programDecode,
          payload: new TextEncoder().encode(useRecordedCoder(components, pcollectionId)),
        },
        inputs: { input: encoded },
        outputs: { [mainOutput]: pcollectionId },
      });
      if (index > 0) roots.push(id);
    });
  }
  components.transforms[streamId] = stream;
  replay.rootTransformIds.unshift(streamId, ...roots);
  prune(replay);
  return replay;
}

/**
 * As `withOutputs`, with transforms that send what they are given to a service. The runner keeps elements as they are in
 * the program, whatever their coder, so that what a GroupByKey puts out can be told, too.
 * @throws Error that says why an output cannot be told
 */
export function withProgramOutputs(
  pipeline: Pipeline,
  outputs: PipelineOutput[],
  service: ProgramService,
): { pipeline: Pipeline; coders: OutputCoders[] } {
  const told = clone(PipelineSchema, pipeline);
  const components = componentsOf(told);
  const coders = outputs.map((own, output) => {
    assertRun(components, own);
    const { label, pcollectionId } = own;
    assertKept(components, label, pcollectionId);
    const { coderId, windowingStrategyId } = pcollectionOf(components, pcollectionId);
    const recorded = recordedCoder(components, coderId);
    const id = `beam-rewind:output:${output}`;
    const payload = { coder: recorded, output: service.names[output], endpoint: service.endpoint };
    components.transforms[id] = create(PTransformSchema, {
      uniqueName: `Beam Rewind: output ${output + 1} ${label}`,
      spec: { urn: urns.programOutput, payload: encodeJson(payload) },
      inputs: { input: pcollectionId },
    });
    told.rootTransformIds.push(id);
    return {
      coderId: addLengthPrefix(components.coders, recorded),
      windowCoderId: components.windowingStrategies[windowingStrategyId]?.windowCoderId ?? '',
      coders: components.coders,
    };
  });
  return { pipeline: told, coders };
}

/** The direct runner puts a transform of its own in place of a combine: what is in one is never put out. */
function assertKept(components: Components, label: string, pcollectionId: string): void {
  const isReplaced = ({ spec, outputs, subtransforms }: PTransform): boolean =>
    spec?.urn === urns.combinePerKey &&
    !Object.values(outputs).includes(pcollectionId) &&
    subtransforms.some((id) => putsOut(components, id, pcollectionId));
  const replaced = Object.values(components.transforms).find(isReplaced);
  if (!replaced) return;
  throw new Error(
    `What "${label}" puts out cannot be told: the direct runner replaces "${replaced.uniqueName}", which it is in. ` +
      'Name that, or a transform behind it.',
  );
}

function putsOut(components: Components, id: string, pcollectionId: string): boolean {
  const { outputs, subtransforms } = transformOf(components, id);
  return (
    Object.values(outputs).includes(pcollectionId) ||
    subtransforms.some((part) => putsOut(components, part, pcollectionId))
  );
}

function encodeJson(payload: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(payload));
}

/** What the Python SDK calls the output of a DoFn. */
const mainOutput = 'None';

function componentsOf({ components }: Pipeline): Components {
  if (!components) throw new Error('The pipeline has no components.');
  return components;
}

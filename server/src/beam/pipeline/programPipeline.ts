import { clone, create, toBinary } from '@bufbuild/protobuf';
import type { Components, Pipeline } from '../proto/beam/pipeline_pb.js';
import {
  PipelineSchema,
  PTransformSchema,
  TestStreamPayloadSchema,
} from '../proto/beam/pipeline_pb.js';
import { urns } from '../urns.js';
import { addPcollection } from './ownTransforms.js';
import { prune } from './prune.js';
import { addCoder } from './recordedCoder.js';
import { recordedSources } from './recordingPipeline.js';
import { useRecordedCoder } from './replaceByWorker.js';
import type { UnboundedSource } from './unboundedSources.js';

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
      spec: {
        urn: urns.programRecord,
        payload: new TextEncoder().encode(JSON.stringify(told)),
      },
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

/** What the Python SDK calls the output of a DoFn. */
const mainOutput = 'None';

function componentsOf({ components }: Pipeline): Components {
  if (!components) throw new Error('The pipeline has no components.');
  return components;
}

import { clone } from '@bufbuild/protobuf';
import type { Components, Pipeline } from '../proto/beam/pipeline_pb.js';
import { PipelineSchema, TimeDomain_Enum } from '../proto/beam/pipeline_pb.js';
import { urns } from '../urns.js';
import type { WorkerAddress } from './ownTransforms.js';
import { addParDo, addPcollection, addWorkerEnvironment, timerFamily } from './ownTransforms.js';
import { prune } from './prune.js';
import { pcollectionOf, prefixLength } from './prefixLength.js';
import { addCoder } from './recordedCoder.js';
import type { UnboundedSource } from './unboundedSources.js';
import { transformOf } from './unboundedSources.js';

/** Name of the timer family of the watermark DoFn. */
export const watermarkTimerFamily = 'watermark';

/**
 * Makes the recording job of a pipeline: the sources and what they read from are kept, the rest is cut,
 * and each output of a source, numbered in order, goes to a record sink and a watermark observer in our
 * worker. The given pipeline is left as it is.
 */
export function recordingPipeline(
  pipeline: Pipeline,
  sources: UnboundedSource[],
  worker: WorkerAddress,
): Pipeline {
  const recording = clone(PipelineSchema, pipeline);
  const components = recording.components;
  if (!components) throw new Error('The pipeline has no components.');
  recording.rootTransformIds = recordedSources(components, sources);
  sources
    .flatMap((source) => source.outputs.map((output) => ({ source, ...output })))
    .forEach(({ source, tag, pcollectionId }, output) => {
      const name = source.outputs.length > 1 ? `${source.uniqueName}.${tag}` : source.uniqueName;
      recording.rootTransformIds.push(...addSink(components, name, pcollectionId, output));
    });
  if (!recording.requirements.includes(urns.requiresStatefulProcessing)) {
    recording.requirements.push(urns.requiresStatefulProcessing);
  }
  prune(recording);
  addWorkerEnvironment(components, worker);
  return recording;
}

/** Ids of the sources, behind what they read from. */
export function recordedSources(components: Components, sources: UnboundedSource[]): string[] {
  const ids = sources.map(({ transformId }) => transformId);
  return [...upstreamOf(components, ids), ...ids];
}

/** Adds the sink and the watermark observer of one output; answers their ids. */
function addSink(
  components: Components,
  name: string,
  pcollectionId: string,
  output: number,
): string[] {
  const pcollection = pcollectionOf(components, pcollectionId);
  prefixLength(components, pcollectionId);
  const bytes = addCoder(components.coders, urns.bytesCoder, []);
  const keyed = `beam-rewind:kick:${output}`;
  addPcollection(
    components,
    keyed,
    addCoder(components.coders, urns.kvCoder, [bytes, bytes]),
    pcollection.windowingStrategyId,
  );
  const sink = `beam-rewind:record:${output}`;
  addParDo(components, {
    id: sink,
    uniqueName: `Beam Rewind/Record ${name}`,
    urn: urns.recordDoFn,
    output,
    inputs: { input: pcollectionId },
    outputs: { kick: keyed },
  });
  const watermark = `beam-rewind:watermark:${output}`;
  addParDo(components, {
    id: watermark,
    uniqueName: `Beam Rewind/Watermark of ${name}`,
    urn: urns.watermarkDoFn,
    output,
    inputs: { input: keyed },
    outputs: {},
    timerFamilySpecs: {
      [watermarkTimerFamily]: timerFamily(components, TimeDomain_Enum.EVENT_TIME),
    },
  });
  return [sink, watermark];
}

/** Leaf transforms that the given ones read from, nearest last. */
function upstreamOf(components: Components, ids: string[]): string[] {
  const leaves = Object.entries(components.transforms).filter(
    ([, transform]) => transform.subtransforms.length === 0,
  );
  const upstream: string[] = [];
  // A composite that hands its input on is a leaf that reads from itself (Python's MaybeReshuffle).
  const visited = new Set<string>();
  const visit = (id: string): void => {
    visited.add(id);
    for (const input of Object.values(transformOf(components, id).inputs)) {
      for (const [leafId, leaf] of leaves) {
        if (visited.has(leafId) || !Object.values(leaf.outputs).includes(input)) continue;
        visit(leafId);
        upstream.push(leafId);
      }
    }
  };
  ids.forEach(visit);
  return upstream;
}

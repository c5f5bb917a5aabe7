import { create } from '@bufbuild/protobuf';
import type {
  Components,
  FunctionSpec,
  Pipeline,
  TimeDomain_Enum,
  TimerFamilySpec,
} from '../proto/beam/pipeline_pb.js';
import { PTransformSchema } from '../proto/beam/pipeline_pb.js';
import { urns } from '../urns.js';
import type { WorkerAddress } from './ownTransforms.js';
import { addParDo, addPcollection, addWorkerEnvironment, timerFamily } from './ownTransforms.js';
import { addCoder, addLengthPrefix, recordedCoder } from './recordedCoder.js';
import type { SourceOutput, UnboundedSource } from './unboundedSources.js';

/** The one key under which our DoFns keep their timers. */
export const replayKey = 'r';
/** Name of the one timer family of the DoFns that emit recorded outputs. */
export const replayTimerFamily = 'replay';

/** Output of the routing DoFn on which it sends what is for a recorded output. */
export function routeTag(output: number): string {
  return String(output);
}

/** How our worker stands in for sources: a root of bytes, a DoFn that routes them, a DoFn for each output. */
export interface WorkerReplay {
  root: FunctionSpec;
  routeUrn: string;
  outputUrn: string;
  /** Of the timers that hold an output's watermark. */
  timeDomain: TimeDomain_Enum;
}

/** Replaces sources, in a pipeline that is ours to change, by DoFns of our worker. */
export function replaceByWorker(
  pipeline: Pipeline,
  sources: UnboundedSource[],
  worker: WorkerAddress,
  { root, routeUrn, outputUrn, timeDomain }: WorkerReplay,
): void {
  const { components } = pipeline;
  if (!components) return;
  addWorkerEnvironment(components, worker);
  const outputs = sources.flatMap((source) => source.outputs);
  pipeline.rootTransformIds.unshift(...addRoute(components, outputs, root, routeUrn));
  const timers = timerFamily(components, timeDomain);
  let output = 0;
  for (const source of sources) {
    pipeline.rootTransformIds.push(...replaceSource(components, source, output, outputUrn, timers));
    output += source.outputs.length;
  }
  if (!pipeline.requirements.includes(urns.requiresStatefulProcessing)) {
    pipeline.requirements.push(urns.requiresStatefulProcessing);
  }
}

/** Gives a PCollection the coder its elements were recorded by; answers it. */
export function useRecordedCoder(components: Components, pcollectionId: string): string {
  const pcollection = components.pcollections[pcollectionId];
  if (!pcollection) {
    throw new Error(
      `The pipeline refers to PCollection "${pcollectionId}", which it does not contain.`,
    );
  }
  pcollection.coderId = recordedCoder(components, pcollection.coderId);
  return pcollection.coderId;
}

/** The root and the DoFn behind it, which sends each output its own; answers their ids. */
function addRoute(
  components: Components,
  outputs: SourceOutput[],
  root: FunctionSpec,
  routeUrn: string,
): string[] {
  const rootId = 'beam-rewind:root';
  const unrouted = 'beam-rewind:unrouted';
  const bytes = addCoder(components.coders, urns.bytesCoder, []);
  // Every output to be replayed is in the global window: the strategy of any of them serves.
  const first = components.pcollections[outputs[0]?.pcollectionId ?? ''];
  const strategyId = first?.windowingStrategyId ?? '';
  addPcollection(components, unrouted, bytes, strategyId);
  components.transforms[rootId] = create(PTransformSchema, {
    uniqueName: 'Beam Rewind/Recording',
    spec: root,
    outputs: { out: unrouted },
  });
  const keyed = addCoder(components.coders, urns.kvCoder, [bytes, bytes]);
  for (const output of outputs.keys())
    addPcollection(components, routed(output), keyed, strategyId);
  const routeId = 'beam-rewind:route';
  addParDo(components, {
    id: routeId,
    uniqueName: 'Beam Rewind/Route',
    urn: routeUrn,
    output: outputs.length,
    inputs: { input: unrouted },
    outputs: Object.fromEntries(outputs.map((_, output) => [routeTag(output), routed(output)])),
  });
  return [rootId, routeId];
}

function routed(output: number): string {
  return `beam-rewind:routed:${output}`;
}

/**
 * A DoFn for each output of a source. Pairs keep their coder, since what follows may need the key; everything
 * else goes on length-prefixed. Answers the transforms to be added as roots: a source with several outputs
 * becomes several.
 */
function replaceSource(
  components: Components,
  source: UnboundedSource,
  firstOutput: number,
  urn: string,
  timers: TimerFamilySpec,
): string[] {
  return source.outputs.flatMap(({ pcollectionId }, index) => {
    const recorded = useRecordedCoder(components, pcollectionId);
    const pcollection = components.pcollections[pcollectionId];
    if (pcollection && components.coders[recorded]?.spec?.urn !== urns.kvCoder) {
      pcollection.coderId = addLengthPrefix(components.coders, recorded);
    }
    const id = index === 0 ? source.transformId : `${source.transformId}:${index}`;
    addParDo(components, {
      id,
      uniqueName: index === 0 ? source.uniqueName : `${source.uniqueName} (output ${index + 1})`,
      urn,
      output: firstOutput + index,
      inputs: { input: routed(firstOutput + index) },
      outputs: { out: pcollectionId },
      timerFamilySpecs: { [replayTimerFamily]: timers },
    });
    return index === 0 ? [] : [id];
  });
}

import { clone, create, toBinary } from '@bufbuild/protobuf';
import type { Components, Pipeline, TestStreamPayload_Event } from '../proto/beam/pipeline_pb.js';
import {
  FunctionSpecSchema,
  PipelineSchema,
  PTransformSchema,
  TestStreamPayloadSchema,
} from '../proto/beam/pipeline_pb.js';
import { urns } from '../urns.js';
import type { WorkerAddress } from './ownTransforms.js';
import {
  addParDo,
  addPcollection,
  addWorkerEnvironment,
  eventTimeTimers,
} from './ownTransforms.js';
import { prune } from './prune.js';
import { addCoder, addLengthPrefix, recordedCoder } from './recordedCoder.js';
import type { SourceOutput, UnboundedSource } from './unboundedSources.js';
import { transformOf } from './unboundedSources.js';

/** The one key under which our DoFns keep their timers. */
export const holdKey = 'r';
/** Name of the timer family of the hold DoFn. */
export const holdTimerFamily = 'hold';

/** Output of the route DoFn on which it sends what is for a recorded output. */
export function routeTag(output: number): string {
  return String(output);
}

/** True when the pipeline's recorded outputs need the tagged form of the test stream. */
function needsTags(sources: UnboundedSource[]): boolean {
  return sources.flatMap(({ outputs }) => outputs).length > 1;
}

/**
 * Makes the main job of a pipeline: its sources are replaced by a test stream of the given events, in
 * the order and with the watermarks recorded. The given pipeline is left as it is.
 *
 * One output becomes a test stream itself. Several outputs share one test stream of tagged bytes, since
 * portable runners get a test stream with several outputs wrong. Our worker routes its elements to one hold
 * DoFn for each output, which emits them and gives the output a watermark of its own.
 */
export function replayPipeline(
  pipeline: Pipeline,
  sources: UnboundedSource[],
  events: TestStreamPayload_Event[],
  worker: WorkerAddress,
): Pipeline {
  const replay = clone(PipelineSchema, pipeline);
  const components = replay.components;
  if (!components) throw new Error('The pipeline has no components.');
  const [first] = sources;
  if (first && !needsTags(sources)) {
    replaceByTestStream(components, first, events);
  } else if (first) {
    const outputs = sources.flatMap((source) => source.outputs);
    replay.rootTransformIds.unshift(...addRoutedTestStream(components, outputs, events));
    let output = 0;
    for (const source of sources) {
      replay.rootTransformIds.push(...replaceByHold(components, source, output));
      output += source.outputs.length;
    }
    addWorkerEnvironment(components, worker);
    if (!replay.requirements.includes(urns.requiresStatefulProcessing)) {
      replay.requirements.push(urns.requiresStatefulProcessing);
    }
  }
  prune(replay);
  return replay;
}

function testStreamSpec(coderId: string, events: TestStreamPayload_Event[]) {
  const payload = create(TestStreamPayloadSchema, { coderId, events });
  return create(FunctionSpecSchema, {
    urn: urns.testStream,
    payload: toBinary(TestStreamPayloadSchema, payload),
  });
}

function useRecordedCoder(components: Components, pcollectionId: string): string {
  const pcollection = components.pcollections[pcollectionId];
  if (!pcollection) {
    throw new Error(
      `The pipeline refers to PCollection "${pcollectionId}", which it does not contain.`,
    );
  }
  pcollection.coderId = recordedCoder(components, pcollection.coderId);
  return pcollection.coderId;
}

function replaceByTestStream(
  components: Components,
  source: UnboundedSource,
  events: TestStreamPayload_Event[],
): void {
  const [output] = source.outputs;
  if (!output) throw new Error(`The source "${source.uniqueName}" has no output.`);
  const transform = transformOf(components, source.transformId);
  transform.spec = testStreamSpec(useRecordedCoder(components, output.pcollectionId), events);
  transform.inputs = {};
  transform.outputs = { [output.tag]: output.pcollectionId };
  transform.subtransforms = [];
  transform.environmentId = '';
}

/** A test stream of tagged bytes and the DoFn that routes them; answers their ids. */
function addRoutedTestStream(
  components: Components,
  outputs: SourceOutput[],
  events: TestStreamPayload_Event[],
): string[] {
  const testStream = 'beam-rewind:test-stream';
  const tagged = 'beam-rewind:tagged';
  const bytes = addCoder(components.coders, urns.bytesCoder, []);
  // Every output to be replayed is in the global window: the strategy of any of them serves.
  const strategy = components.pcollections[outputs[0]?.pcollectionId ?? '']?.windowingStrategyId;
  addPcollection(components, tagged, bytes, strategy ?? '');
  components.transforms[testStream] = create(PTransformSchema, {
    uniqueName: 'Beam Rewind/Test stream',
    spec: testStreamSpec(bytes, events),
    outputs: { out: tagged },
  });
  const route = 'beam-rewind:route';
  const keyed = addCoder(components.coders, urns.kvCoder, [bytes, bytes]);
  for (const output of outputs.keys()) {
    addPcollection(components, routedPcollection(output), keyed, strategy ?? '');
  }
  addParDo(components, {
    id: route,
    uniqueName: 'Beam Rewind/Route',
    urn: urns.routeDoFn,
    output: 0,
    inputs: { input: tagged },
    outputs: Object.fromEntries(
      outputs.map((_, output) => [routeTag(output), routedPcollection(output)]),
    ),
  });
  return [testStream, route];
}

function routedPcollection(output: number): string {
  return `beam-rewind:routed:${output}`;
}

/**
 * Our worker emits the elements of each output. Pairs keep their coder, since what follows may need the key;
 * everything else arrives length-prefixed. Answers the transforms to be added as roots: a source with several
 * outputs becomes several.
 */
function replaceByHold(
  components: Components,
  source: UnboundedSource,
  firstOutput: number,
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
      urn: urns.holdDoFn,
      output: firstOutput + index,
      inputs: { input: routedPcollection(firstOutput + index) },
      outputs: { out: pcollectionId },
      timerFamilySpecs: {
        [holdTimerFamily]: eventTimeTimers(components),
      },
    });
    return index === 0 ? [] : [id];
  });
}

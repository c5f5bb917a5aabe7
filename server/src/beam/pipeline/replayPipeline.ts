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
import { addParDo, addPcollection, addWorkerEnvironment } from './ownTransforms.js';
import { prune } from './prune.js';
import { addCoder, addLengthPrefix, recordedCoder } from './recordedCoder.js';
import type { UnboundedSource } from './unboundedSources.js';
import { transformOf } from './unboundedSources.js';

/** True when the pipeline's recorded outputs need the tagged form of the test stream. */
export function needsTags(sources: UnboundedSource[]): boolean {
  return sources.flatMap(({ outputs }) => outputs).length > 1;
}

/**
 * Makes the main job of a pipeline: its sources are replaced by a test stream of the given events, in
 * the order and with the watermarks recorded. The given pipeline is left as it is.
 *
 * One output becomes a test stream itself. Several outputs share one test stream of bytes, `varint
 * output number, element`, from which our worker selects each one's: portable runners get a test stream
 * with several outputs wrong. They then share one watermark, the least of the sources'.
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
    const tagged = addTaggedTestStream(components, first, events);
    replay.rootTransformIds.unshift(tagged.transformId);
    let output = 0;
    for (const source of sources) {
      replay.rootTransformIds.push(
        ...replaceBySelection(components, source, tagged.pcollectionId, output),
      );
      output += source.outputs.length;
    }
    addWorkerEnvironment(components, worker);
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

function addTaggedTestStream(
  components: Components,
  source: UnboundedSource,
  events: TestStreamPayload_Event[],
): { transformId: string; pcollectionId: string } {
  const transformId = 'beam-rewind:test-stream';
  const pcollectionId = 'beam-rewind:tagged';
  const bytes = addCoder(components.coders, urns.bytesCoder, []);
  // Every output to be replayed is in the global window: the strategy of any of them serves.
  const strategy = components.pcollections[source.outputs[0]?.pcollectionId ?? ''];
  addPcollection(components, pcollectionId, bytes, strategy?.windowingStrategyId ?? '');
  components.transforms[transformId] = create(PTransformSchema, {
    uniqueName: 'Beam Rewind/Test stream',
    spec: testStreamSpec(bytes, events),
    outputs: { out: pcollectionId },
  });
  return { transformId, pcollectionId };
}

/**
 * Our worker selects the elements of each output from the tagged ones. Pairs keep their coder, since what
 * follows may need the key; everything else arrives length-prefixed. Answers the transforms to be added
 * as roots: a source with several outputs becomes several.
 */
function replaceBySelection(
  components: Components,
  source: UnboundedSource,
  taggedPcollectionId: string,
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
      urn: urns.selectDoFn,
      output: firstOutput + index,
      inputs: { input: taggedPcollectionId },
      outputs: { out: pcollectionId },
    });
    return index === 0 ? [] : [id];
  });
}

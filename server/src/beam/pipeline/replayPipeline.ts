import { clone, create, toBinary } from '@bufbuild/protobuf';
import type { Components, Pipeline, TestStreamPayload_Event } from '../proto/beam/pipeline_pb.js';
import {
  FunctionSpecSchema,
  PipelineSchema,
  TestStreamPayloadSchema,
  TimeDomain_Enum,
} from '../proto/beam/pipeline_pb.js';
import { urns } from '../urns.js';
import type { WorkerAddress } from './ownTransforms.js';
import { prune } from './prune.js';
import { addCoder } from './recordedCoder.js';
import { replaceByWorker, useRecordedCoder } from './replaceByWorker.js';
import type { UnboundedSource } from './unboundedSources.js';
import { transformOf } from './unboundedSources.js';

/**
 * Makes the main job of a pipeline: its sources are replaced by a test stream of the given events, in
 * the order and with the watermarks recorded. The given pipeline is left as it is.
 *
 * One output becomes a test stream itself. Several outputs share one test stream of tagged bytes, since
 * portable runners get a test stream with several outputs wrong. Our worker routes its elements to one hold
 * DoFn for each output, which emits them and gives the output a watermark of its own.
 * @param tagged the events are tagged, as they must be for several outputs
 */
export function replayPipeline(
  pipeline: Pipeline,
  sources: UnboundedSource[],
  events: TestStreamPayload_Event[],
  worker: WorkerAddress,
  tagged: boolean,
): Pipeline {
  const replay = clone(PipelineSchema, pipeline);
  const components = componentsOf(replay);
  const [first] = sources;
  if (first && !tagged) {
    replaceByTestStream(components, first, events);
  } else if (first) {
    const bytes = addCoder(components.coders, urns.bytesCoder, []);
    replaceByWorker(replay, sources, worker, {
      root: testStreamSpec(bytes, events),
      routeUrn: urns.routeDoFn,
      outputUrn: urns.holdDoFn,
      timeDomain: TimeDomain_Enum.EVENT_TIME,
    });
  }
  prune(replay);
  return replay;
}

/**
 * Makes the main job of a pipeline whose sources are replaced by what is written to their recordings now, and
 * by what is in them already: our worker reads the logs. The given pipeline is left as it is.
 */
export function followPipeline(
  pipeline: Pipeline,
  sources: UnboundedSource[],
  worker: WorkerAddress,
): Pipeline {
  const follow = clone(PipelineSchema, pipeline);
  componentsOf(follow);
  replaceByWorker(follow, sources, worker, {
    root: create(FunctionSpecSchema, { urn: urns.impulse }),
    routeUrn: urns.startDoFn,
    outputUrn: urns.followDoFn,
    timeDomain: TimeDomain_Enum.PROCESSING_TIME,
  });
  prune(follow);
  return follow;
}

function componentsOf({ components }: Pipeline): Components {
  if (!components) throw new Error('The pipeline has no components.');
  return components;
}

function testStreamSpec(coderId: string, events: TestStreamPayload_Event[]) {
  const payload = create(TestStreamPayloadSchema, { coderId, events });
  return create(FunctionSpecSchema, {
    urn: urns.testStream,
    payload: toBinary(TestStreamPayloadSchema, payload),
  });
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

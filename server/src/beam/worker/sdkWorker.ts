import { create } from '@bufbuild/protobuf';
import type * as grpc from '@grpc/grpc-js';
import { callBidi, callUnary, connect } from '../grpc.js';
import type { InstructionRequest, InstructionResponse } from '../proto/beam/fn_pb.js';
import { BeamFnControl, InstructionResponseSchema } from '../proto/beam/fn_pb.js';
import type { BundleDoFn, BundlePlan } from './bundleDescriptor.js';
import { readBundleDescriptor } from './bundleDescriptor.js';
import type { DataPlane } from './dataPlane.js';
import { openDataPlane } from './dataPlane.js';
import type { EncodedDoFn, WorkerJob } from './encodedDoFn.js';
import { processBundle } from './processBundle.js';

/** A running SDK worker of ours. */
export interface SdkWorker {
  stop(): void;
}

/** Connects to a runner's control endpoint as an SDK worker and serves its instructions until stopped. */
export function startSdkWorker(
  controlEndpoint: string,
  workerId: string,
  job: WorkerJob,
): SdkWorker {
  const client = connect(controlEndpoint);
  const metadata = { worker_id: workerId };
  const control = callBidi(client, BeamFnControl.method.control, metadata);
  const plans = new Map<string, Promise<BundlePlan>>();
  const doFns = new Map<string, EncodedDoFn>();
  const dataPlanes = new Map<string, DataPlane>();
  let stopped = false;

  const planOf = (id: string): Promise<BundlePlan> => {
    const known = plans.get(id);
    if (known) return known;
    const { getProcessBundleDescriptor } = BeamFnControl.method;
    const request = { processBundleDescriptorId: id };
    const plan = callUnary(client, getProcessBundleDescriptor, request, metadata).then(
      readBundleDescriptor,
    );
    plans.set(id, plan);
    return plan;
  };
  const doFnOf = ({ urn, output }: BundleDoFn): EncodedDoFn => {
    const key = `${urn} ${output}`;
    const doFn = doFns.get(key) ?? job.createDoFn(urn, output);
    doFns.set(key, doFn);
    return doFn;
  };
  const dataPlaneOf = (endpoint: string): DataPlane => {
    const plane = dataPlanes.get(endpoint) ?? openDataPlane(endpoint, workerId);
    dataPlanes.set(endpoint, plane);
    return plane;
  };

  const respond = (
    instructionId: string,
    response: InstructionResponse['response'],
    error = '',
  ) => {
    if (stopped) return;
    control.write(create(InstructionResponseSchema, { instructionId, response, error }));
  };
  control.on('data', (instruction: InstructionRequest) => {
    const { instructionId, request } = instruction;
    if (request.case !== 'processBundle') {
      respond(instructionId, answerTo(request));
      return;
    }
    const run = async (): Promise<void> => {
      const plan = await planOf(request.value.processBundleDescriptorId);
      await processBundle(instructionId, plan, doFnOf, dataPlaneOf);
    };
    run().then(
      () => {
        respond(instructionId, answerTo(request));
      },
      (error: unknown) => {
        if (stopped) return;
        const message = error instanceof Error ? error.message : String(error);
        job.onError(message);
        respond(instructionId, { case: undefined }, message);
      },
    );
  });
  control.on('error', (error: grpc.ServiceError) => {
    if (!stopped) job.onError(`The connection to the runner broke: ${error.details}`);
  });
  control.on('end', () => {
    control.end();
  });
  return {
    stop() {
      stopped = true;
      control.cancel();
      for (const plane of dataPlanes.values()) plane.close();
      client.close();
    },
  };
}

/** The answer to a request that asks nothing of our DoFns: an empty message of the same kind is legal for each. */
function answerTo(request: InstructionRequest['request']): InstructionResponse['response'] {
  const empty = request.case
    ? { response: { case: request.case, value: {} } }
    : { response: { case: undefined } };
  return create(InstructionResponseSchema, empty as object).response;
}

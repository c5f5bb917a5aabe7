import { create } from '@bufbuild/protobuf';
import type * as grpc from '@grpc/grpc-js';
import { callBidi, callUnary, connect } from '../grpc.js';
import type {
  DelayedBundleApplication,
  InstructionRequest,
  InstructionResponse,
} from '../proto/beam/fn_pb.js';
import {
  BeamFnControl,
  InstructionResponseSchema,
  ProcessBundleResponseSchema,
} from '../proto/beam/fn_pb.js';
import { ProvisionService } from '../proto/beam/provision_pb.js';
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

/** Where a runner waits for a worker that it asked for. */
export interface RunnerEndpoints {
  control: string;
  /** Where a worker learns who started it; some runners have none. */
  provision: string;
}

/** Connects to a runner as an SDK worker and serves its instructions until stopped. */
export function startSdkWorker(
  endpoints: RunnerEndpoints,
  workerId: string,
  job: WorkerJob,
): SdkWorker {
  const client = connect(endpoints.control);
  const metadata = { worker_id: workerId };
  const runner = runnerName(endpoints.provision, metadata);
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
  const doFnOf = ({ urn, output }: BundleDoFn, name: string): EncodedDoFn => {
    const key = `${urn} ${output}`;
    const doFn = doFns.get(key) ?? job.createDoFn(urn, output, name);
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
    const run = async (): Promise<DelayedBundleApplication[]> => {
      const plan = await planOf(request.value.processBundleDescriptorId);
      const name = await runner;
      const doFn = (of: BundleDoFn) => doFnOf(of, name);
      return processBundle(instructionId, plan, doFn, dataPlaneOf);
    };
    run().then(
      (residualRoots) => {
        const value = create(ProcessBundleResponseSchema, { residualRoots });
        respond(instructionId, { case: 'processBundle', value });
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

/** What a runner calls itself, in the metadata of its provision info; empty if it does not say. */
async function runnerName(endpoint: string, metadata: Record<string, string>): Promise<string> {
  if (!endpoint) return '';
  const client = connect(endpoint);
  try {
    const { info } = await callUnary(
      client,
      ProvisionService.method.getProvisionInfo,
      {},
      metadata,
    );
    return info?.metadata['runner'] ?? '';
  } catch {
    return ''; // provisioning is optional
  } finally {
    client.close();
  }
}

/** The answer to a request that asks nothing of our DoFns: an empty message of the same kind is legal for each. */
function answerTo(request: InstructionRequest['request']): InstructionResponse['response'] {
  const empty = request.case
    ? { response: { case: request.case, value: {} } }
    : { response: { case: undefined } };
  return create(InstructionResponseSchema, empty as object).response;
}

import { randomBytes } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { addService, listenLocally, statusError } from '../grpc.js';
import type { WorkerAddress } from '../pipeline/ownTransforms.js';
import { BeamFnExternalWorkerPool } from '../proto/beam/fn_pb.js';
import type { WorkerJob } from './encodedDoFn.js';
import type { SdkWorker } from './sdkWorker.js';
import { startSdkWorker } from './sdkWorker.js';

/** Our BeamFnExternalWorkerPool: a runner asks it for a worker for a job that we submitted. */
export interface ExternalWorkerPool {
  /** Registers a job; the address goes into its pipeline. */
  addJob(job: WorkerJob): WorkerAddress;
  close(): void;
}

/**
 * Serves the worker pool on 127.0.0.1. A runner has no way to authenticate itself, so a worker is only
 * started for a caller that knows the random token, which we put into the submitted pipeline.
 */
export async function serveExternalWorkerPool(): Promise<ExternalWorkerPool> {
  const jobs = new Map<string, WorkerJob>();
  const workers = new Map<string, SdkWorker>();
  const stopWorker = (workerId: string): void => {
    workers.get(workerId)?.stop();
    workers.delete(workerId);
  };
  const server = await listenLocally((grpcServer) => {
    addService(grpcServer, BeamFnExternalWorkerPool, {
      startWorker: ({ workerId, controlEndpoint, provisionEndpoint, params }) => {
        const job = jobs.get(params['token'] ?? '');
        if (!job) {
          const refusal = 'Beam Rewind knows no job with this token.';
          return Promise.reject(statusError(status.PERMISSION_DENIED, refusal));
        }
        stopWorker(workerId);
        const endpoints = {
          control: controlEndpoint?.url ?? '',
          provision: provisionEndpoint?.url ?? '',
        };
        workers.set(workerId, startSdkWorker(endpoints, workerId, job));
        return Promise.resolve({});
      },
      stopWorker: ({ workerId }) => {
        stopWorker(workerId);
        return Promise.resolve({});
      },
    });
  });
  return {
    addJob(job) {
      const token = randomBytes(16).toString('hex');
      jobs.set(token, job);
      return { endpoint: server.endpoint, params: { token } };
    },
    close() {
      for (const workerId of [...workers.keys()]) stopWorker(workerId);
      server.close();
    },
  };
}

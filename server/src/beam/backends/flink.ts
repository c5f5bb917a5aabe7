import type { JsonObject } from '@bufbuild/protobuf';
import type { Client } from '@grpc/grpc-js';
import { callUnary } from '../grpc.js';
import { JobService } from '../proto/beam/job_pb.js';

/** An option that only Beam's FlinkPipelineOptions have. */
const flinkOption = 'flink_master';

/** Whether a job service is in front of Flink: it describes Flink's pipeline options. One that describes none is not. */
export async function isFlink(client: Client): Promise<boolean> {
  try {
    const { options } = await callUnary(client, JobService.method.describePipelineOptions, {});
    return options.some(({ name }) => name === flinkOption);
  } catch {
    return false;
  }
}

/**
 * Pipeline options of a replay on Flink. Elements of a larger bundle, and of another subtask, would be taken
 * before the watermark that was recorded between them: FlinkPipelineOptions of the Java SDK.
 */
export const flinkReplayOptions: JsonObject = {
  'beam:option:parallelism:v1': '1',
  'beam:option:max_bundle_size:v1': '1',
};

import { onlyInProgram, programRunner, pythonDirect } from '../beam/backends/pythonDirect.js';
import type { RunningJob } from '../beam/jobService/jobService.js';
import { programRecordingPipeline } from '../beam/pipeline/programPipeline.js';
import { recordingPipeline } from '../beam/pipeline/recordingPipeline.js';
import type { UnboundedSource } from '../beam/pipeline/unboundedSources.js';
import { JobMessage_MessageImportance as Importance } from '../beam/proto/beam/job_pb.js';
import type { Pipeline } from '../beam/proto/beam/pipeline_pb.js';
import { urns } from '../beam/urns.js';
import type { ExternalWorkerPool } from '../beam/worker/externalWorkerPool.js';
import type { RecordedOutput, RecordServiceOptions } from '../recording/recordService.js';
import { serveRecordService } from '../recording/recordService.js';
import { watermarkDoFn } from '../recording/watermarkDoFn.js';

/** What a recording job is made for. */
export interface RecordingJobOptions extends Required<RecordServiceOptions<RecordedOutput>> {
  backend: string;
  watermarkResolutionMs: number;
}

/** The recording job of a pipeline, and who runs it. */
export interface SinkPipeline {
  pipeline: Pipeline;
  /** Absent: the backend's. */
  runnerEndpoint?: string;
  /** When the job has ended. */
  close: () => void;
}

/**
 * Adds record sinks to the sources of a pipeline: in our worker; or, where the direct runner in the program's own
 * process runs the job, in that process, from where they send to us. It is chosen for sources that no portable runner here can run.
 */
export async function addRecordingSinks(
  pipeline: Pipeline,
  sources: UnboundedSource[],
  running: RunningJob,
  workers: ExternalWorkerPool,
  options: RecordingJobOptions,
): Promise<SinkPipeline> {
  if (options.backend === pythonDirect) return inProgram(pipeline, sources, running, options);
  if (options.backend === 'prism' && onlyInProgram(pipeline, sources)) {
    const names = sources.map(({ uniqueName }) => `"${uniqueName}"`).join(', ');
    const note = `Prism cannot read from Pub/Sub: ${names} is recorded by the direct runner in the program's own process (${pythonDirect}).`;
    running.job.addMessage(Importance.JOB_MESSAGE_WARNING, note);
    return inProgram(pipeline, sources, running, options);
  }
  return inWorker(pipeline, sources, workers, options);
}

function inWorker(
  pipeline: Pipeline,
  sources: UnboundedSource[],
  workers: ExternalWorkerPool,
  { watermarkResolutionMs, outputOf, onSourceEnd, onError }: RecordingJobOptions,
): SinkPipeline {
  const worker = workers.addJob({
    createDoFn(urn, number) {
      const output = outputOf(number);
      if (output && urn === urns.recordDoFn) return output.sink;
      if (output && urn === urns.watermarkDoFn) {
        return watermarkDoFn(output.writer, watermarkResolutionMs, () => {
          onSourceEnd(output.writer);
        });
      }
      throw new Error(`Beam Rewind has no DoFn "${urn}" in a recording job.`);
    },
    onError,
  });
  return { pipeline: recordingPipeline(pipeline, sources, worker), close: () => undefined };
}

async function inProgram(
  pipeline: Pipeline,
  sources: UnboundedSource[],
  running: RunningJob,
  options: RecordingJobOptions,
): Promise<SinkPipeline> {
  const runnerEndpoint = programRunner(running.job.pipelineOptions);
  const count = sources.reduce((sum, { outputs }) => sum + outputs.length, 0);
  const service = await serveRecordService(count, options);
  return {
    pipeline: programRecordingPipeline(pipeline, sources, service, options.watermarkResolutionMs),
    runnerEndpoint,
    close: () => {
      service.close();
    },
  };
}

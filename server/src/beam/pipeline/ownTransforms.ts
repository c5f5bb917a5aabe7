import { create, toBinary } from '@bufbuild/protobuf';
import type { Components, TimeDomain_Enum, TimerFamilySpec } from '../proto/beam/pipeline_pb.js';
import {
  EnvironmentSchema,
  ExternalPayloadSchema,
  ParDoPayloadSchema,
  PCollectionSchema,
  PTransformSchema,
  IsBounded_Enum,
  TimerFamilySpecSchema,
} from '../proto/beam/pipeline_pb.js';
import { urns } from '../urns.js';
import { addCoder } from './recordedCoder.js';

/** Where a runner finds our own SDK worker, and how the worker knows which job it is started for. */
export interface WorkerAddress {
  /** `host:port` of our BeamFnExternalWorkerPool. */
  endpoint: string;
  /** Handed back to us in StartWorker. */
  params: Record<string, string>;
}

const environmentId = 'beam-rewind:environment';

/** A DoFn that our worker runs. `output` is the number that its payload carries. */
export interface OwnParDo {
  id: string;
  uniqueName: string;
  urn: string;
  output: number;
  inputs: Record<string, string>;
  outputs: Record<string, string>;
  timerFamilySpecs?: Record<string, TimerFamilySpec>;
}

/** Adds the environment of our worker to a pipeline. */
export function addWorkerEnvironment(components: Components, worker: WorkerAddress): void {
  components.environments[environmentId] = create(EnvironmentSchema, {
    urn: urns.externalEnvironment,
    payload: toBinary(
      ExternalPayloadSchema,
      create(ExternalPayloadSchema, { endpoint: { url: worker.endpoint }, params: worker.params }),
    ),
  });
}

/** Adds, or replaces, a transform that runs in our worker. */
export function addParDo(components: Components, parDo: OwnParDo): void {
  const payload = create(ParDoPayloadSchema, {
    doFn: { urn: parDo.urn, payload: new TextEncoder().encode(String(parDo.output)) },
    timerFamilySpecs: parDo.timerFamilySpecs ?? {},
  });
  components.transforms[parDo.id] = create(PTransformSchema, {
    uniqueName: parDo.uniqueName,
    spec: { urn: urns.parDo, payload: toBinary(ParDoPayloadSchema, payload) },
    inputs: parDo.inputs,
    outputs: parDo.outputs,
    environmentId,
  });
}

/** Adds an unbounded PCollection. */
export function addPcollection(
  components: Components,
  id: string,
  coderId: string,
  windowingStrategyId: string,
): void {
  components.pcollections[id] = create(PCollectionSchema, {
    uniqueName: id,
    coderId,
    windowingStrategyId,
    isBounded: IsBounded_Enum.UNBOUNDED,
  });
}

/** A family of timers under a bytes key in the global window, as our DoFns set them. */
export function timerFamily(components: Components, timeDomain: TimeDomain_Enum): TimerFamilySpec {
  const { coders } = components;
  const timerFamilyCoderId = addCoder(coders, urns.timerCoder, [
    addCoder(coders, urns.bytesCoder, []),
    addCoder(coders, urns.globalWindowCoder, []),
  ]);
  return create(TimerFamilySpecSchema, { timeDomain, timerFamilyCoderId });
}

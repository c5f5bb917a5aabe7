import { create } from '@bufbuild/protobuf';
import type {
  DelayedBundleApplication,
  Elements_Data,
  Elements_Timers,
} from '../proto/beam/fn_pb.js';
import {
  DelayedBundleApplicationSchema,
  Elements_DataSchema,
  Elements_TimersSchema,
} from '../proto/beam/fn_pb.js';
import type { BundleDoFn, BundlePlan } from './bundleDescriptor.js';
import type { DataPlane } from './dataPlane.js';
import type { BundleContext, EncodedDoFn } from './encodedDoFn.js';

/**
 * Runs one bundle: feeds arriving elements and timers to the DoFns until every source and every timer
 * family has ended, then sends what they emitted. Resolves when all of it was handed to the runner and then
 * every DoFn has finished the bundle: what a DoFn keeps of it, it keeps when nothing more can go wrong but the answer.
 * Answers what the DoFns deferred.
 */
export async function processBundle(
  instructionId: string,
  plan: BundlePlan,
  doFnOf: (doFn: BundleDoFn) => EncodedDoFn,
  dataPlaneOf: (endpoint: string) => DataPlane,
): Promise<DelayedBundleApplication[]> {
  const emitted = new Map<string, Uint8Array[]>();
  const deferred: DelayedBundleApplication[] = [];
  const timersSet = new Map<string, Uint8Array[]>();
  const doFns = new Map(plan.doFns.map((doFn) => [doFn.transformId, doFnOf(doFn)]));

  const push = (pcollectionId: string, windowedValues: Uint8Array): void => {
    for (const doFn of plan.doFns) {
      if (doFn.input === pcollectionId) {
        const busy = doFns.get(doFn.transformId)?.process(windowedValues, contextOf(doFn));
        if (busy) for (const endpoint of endpointsOf(plan)) dataPlaneOf(endpoint).holdUntil(busy);
      }
    }
    for (const sink of plan.sinks) {
      if (sink.pcollectionId === pcollectionId) append(emitted, sink.transformId, windowedValues);
    }
  };
  const contextOf = (doFn: BundleDoFn): BundleContext => ({
    id: instructionId,
    emit: (tag, windowedValues) => {
      push(doFn.outputs[tag] ?? '', windowedValues);
    },
    wireCoderUrn: (tag) =>
      plan.sinks.find((sink) => sink.pcollectionId === doFn.outputs[tag])?.elementCoderUrn ?? '',
    setTimers: (family, timers) => {
      append(timersSet, timerKey(doFn.transformId, family), timers);
    },
    defer: (element) => {
      const application = { transformId: doFn.transformId, inputId: doFn.inputName, element };
      deferred.push(create(DelayedBundleApplicationSchema, { application }));
    },
  });

  try {
    await receiveAll(instructionId, plan, dataPlaneOf, {
      onData(transformId, data) {
        const source = plan.sources.find((port) => port.transformId === transformId);
        if (source) push(source.pcollectionId, data);
      },
      onTimers(transformId, family, timers) {
        const doFn = plan.doFns.find((candidate) => candidate.transformId === transformId);
        if (doFn) doFns.get(transformId)?.onTimers(family, timers, contextOf(doFn));
      },
    });
    for (const doFn of plan.doFns) {
      await doFns.get(doFn.transformId)?.emitDue?.(contextOf(doFn));
    }
    await sendAll(instructionId, plan, emitted, timersSet, dataPlaneOf);
    await Promise.all([...doFns.values()].map((doFn) => doFn.finishBundle(instructionId)));
    return deferred;
  } catch (error) {
    for (const doFn of doFns.values()) doFn.failBundle?.(instructionId);
    throw error;
  }
}

interface Arrivals {
  onData(transformId: string, data: Uint8Array): void;
  onTimers(transformId: string, family: string, timers: Uint8Array): void;
}

function receiveAll(
  instructionId: string,
  plan: BundlePlan,
  dataPlaneOf: (endpoint: string) => DataPlane,
  arrivals: Arrivals,
): Promise<void> {
  const open = new Set([
    ...plan.sources.map((source) => source.transformId),
    ...timerKeys(plan).map(({ key }) => key),
  ]);
  const planes = endpointsOf(plan).map(dataPlaneOf);
  return new Promise<void>((resolve, reject) => {
    const ended = (key: string): void => {
      open.delete(key);
      if (open.size === 0) resolve();
    };
    // A DoFn that throws fails its bundle, not the stream that other bundles share.
    const guarded = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    for (const plane of planes) {
      plane.register(instructionId, {
        onData: ({ transformId, data, isLast }) => {
          guarded(() => {
            if (data.length > 0) arrivals.onData(transformId, data);
            // Beam's older form of the end of a stream is an empty message.
            if (isLast || data.length === 0) ended(transformId);
          });
        },
        onTimers: ({ transformId, timerFamilyId, timers, isLast }) => {
          guarded(() => {
            if (timers.length > 0) arrivals.onTimers(transformId, timerFamilyId, timers);
            if (isLast) ended(timerKey(transformId, timerFamilyId));
          });
        },
        onError: reject,
      });
    }
  }).finally(() => {
    for (const plane of planes) plane.unregister(instructionId);
  });
}

async function sendAll(
  instructionId: string,
  plan: BundlePlan,
  emitted: Map<string, Uint8Array[]>,
  timersSet: Map<string, Uint8Array[]>,
  dataPlaneOf: (endpoint: string) => DataPlane,
): Promise<void> {
  for (const endpoint of endpointsOf(plan)) {
    const data: Elements_Data[] = plan.sinks
      .filter((sink) => sink.endpoint === endpoint)
      .map(({ transformId }) =>
        create(Elements_DataSchema, {
          instructionId,
          transformId,
          data: concatenated(emitted.get(transformId)),
          isLast: true,
        }),
      );
    const timers: Elements_Timers[] = timerKeys(plan)
      .filter(() => endpoint === timerEndpointOf(plan))
      .map(({ transformId, family, key }) =>
        create(Elements_TimersSchema, {
          instructionId,
          transformId,
          timerFamilyId: family,
          timers: concatenated(timersSet.get(key)),
          isLast: true,
        }),
      );
    if (data.length + timers.length > 0) await dataPlaneOf(endpoint).send({ data, timers });
  }
}

function timerKeys(plan: BundlePlan): { transformId: string; family: string; key: string }[] {
  return plan.doFns.flatMap(({ transformId, timerFamilies }) =>
    timerFamilies.map((family) => ({ transformId, family, key: timerKey(transformId, family) })),
  );
}

function timerKey(transformId: string, family: string): string {
  return `${transformId}\n${family}`;
}

function timerEndpointOf(plan: BundlePlan): string {
  return plan.timerEndpoint || (plan.sources[0]?.endpoint ?? '');
}

function endpointsOf(plan: BundlePlan): string[] {
  const ports = [...plan.sources, ...plan.sinks].map(({ endpoint }) => endpoint);
  return [...new Set(timerKeys(plan).length > 0 ? [...ports, timerEndpointOf(plan)] : ports)];
}

function append(to: Map<string, Uint8Array[]>, key: string, bytes: Uint8Array): void {
  const parts = to.get(key);
  if (parts) parts.push(bytes);
  else to.set(key, [bytes]);
}

function concatenated(parts: Uint8Array[] | undefined): Uint8Array {
  return parts?.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts ?? []);
}

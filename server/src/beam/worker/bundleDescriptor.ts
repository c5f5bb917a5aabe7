import { fromBinary } from '@bufbuild/protobuf';
import type { ProcessBundleDescriptor } from '../proto/beam/fn_pb.js';
import { RemoteGrpcPortSchema } from '../proto/beam/fn_pb.js';
import { ParDoPayloadSchema } from '../proto/beam/pipeline_pb.js';
import { urns } from '../urns.js';

/** A transform of ours in a bundle. */
export interface BundleDoFn {
  transformId: string;
  urn: string;
  /** Number carried by the DoFn's payload. */
  output: number;
  /** Input PCollection, and its local name. */
  input: string;
  inputName: string;
  /** Output PCollection by tag. */
  outputs: Record<string, string>;
  timerFamilies: string[];
}

/** A port through which the runner hands us elements, or takes them. */
export interface BundlePort {
  transformId: string;
  pcollectionId: string;
  endpoint: string;
  /** URN of the element coder inside the port's windowed value coder. */
  elementCoderUrn: string;
}

/** The parts of a ProcessBundleDescriptor that our worker uses. */
export interface BundlePlan {
  sources: BundlePort[];
  sinks: BundlePort[];
  doFns: BundleDoFn[];
  /** Where timers travel; the data endpoint when the runner names none. */
  timerEndpoint: string;
}

/** Reads a bundle descriptor. @throws if it contains a transform that our worker does not run. */
export function readBundleDescriptor(descriptor: ProcessBundleDescriptor): BundlePlan {
  const plan: BundlePlan = {
    sources: [],
    sinks: [],
    doFns: [],
    timerEndpoint: descriptor.timerApiServiceDescriptor?.url ?? '',
  };
  for (const [transformId, transform] of Object.entries(descriptor.transforms)) {
    const payload = transform.spec?.payload ?? new Uint8Array();
    const input = Object.values(transform.inputs)[0] ?? '';
    if (transform.spec?.urn === urns.dataSource || transform.spec?.urn === urns.dataSink) {
      const isSource = transform.spec.urn === urns.dataSource;
      const port = fromBinary(RemoteGrpcPortSchema, payload);
      (isSource ? plan.sources : plan.sinks).push({
        transformId,
        pcollectionId: isSource ? (Object.values(transform.outputs)[0] ?? '') : input,
        endpoint: port.apiServiceDescriptor?.url ?? '',
        elementCoderUrn: elementCoderUrn(descriptor, port.coderId),
      });
    } else if (transform.spec?.urn === urns.parDo) {
      const parDo = fromBinary(ParDoPayloadSchema, payload);
      plan.doFns.push({
        transformId,
        urn: parDo.doFn?.urn ?? '',
        output: Number(new TextDecoder().decode(parDo.doFn?.payload)),
        input,
        inputName: Object.keys(transform.inputs)[0] ?? '',
        outputs: transform.outputs,
        timerFamilies: Object.keys(parDo.timerFamilySpecs),
      });
    } else if (transform.subtransforms.length === 0) {
      throw new Error(
        `The runner asks Beam Rewind's worker to run "${transform.uniqueName}" (${transform.spec?.urn ?? 'no URN'}), which is not one of its transforms.`,
      );
    }
  }
  return plan;
}

function elementCoderUrn(
  descriptor: ProcessBundleDescriptor,
  windowedValueCoderId: string,
): string {
  const element = descriptor.coders[windowedValueCoderId]?.componentCoderIds[0] ?? '';
  return descriptor.coders[element]?.spec?.urn ?? '';
}

import type { Coder, Components } from '../proto/beam/pipeline_pb.js';
import { urns } from '../urns.js';
import { pcollectionOf } from './prefixLength.js';
import { addCoder, addLengthPrefix, coderOf, recordedCoder } from './recordedCoder.js';

/** What the environments of Go's SDK are capable of begins so (graphx/translate.go). */
const goSdk = 'beam:version:sdk_base:go:';

/** Coders with which the Go SDK tells the length also where a length prefix tells it (exec/coder.go). */
const prefixedInGo: string[] = [urns.bytesCoder, urns.stringCoder];

/**
 * The coder that reads the elements of a PCollection as they are written. Where the Go SDK writes them, text and bytes have
 * their length once more within a length prefix. For reading only: runners and SDKs need the coder as it was submitted.
 * @param coderId length-prefixed
 */
export function coderAsWritten(
  components: Components,
  pcollectionId: string,
  coderId: string,
): string {
  return isWrittenByGo(components, pcollectionId)
    ? asGoWrites(components.coders, coderId)
    : coderId;
}

/** The same for the elements of a PCollection as they are recorded, which is within a length prefix. */
export function recordedCoderAsWritten(components: Components, pcollectionId: string): string {
  const coderId = recordedCoder(components, pcollectionOf(components, pcollectionId).coderId);
  if (!isWrittenByGo(components, pcollectionId)) return coderId;
  const prefixed = asGoWrites(components.coders, addLengthPrefix(components.coders, coderId));
  return coderOf(components.coders, prefixed).componentCoderIds[0] ?? coderId;
}

function isWrittenByGo({ transforms, environments }: Components, pcollectionId: string): boolean {
  const maker = Object.values(transforms).find(
    ({ subtransforms, outputs }) =>
      subtransforms.length === 0 && Object.values(outputs).includes(pcollectionId),
  );
  const capabilities = environments[maker?.environmentId ?? '']?.capabilities ?? [];
  return capabilities.some((one) => one.startsWith(goSdk));
}

function asGoWrites(coders: Record<string, Coder>, coderId: string): string {
  const { spec, componentCoderIds } = coderOf(coders, coderId);
  if (!spec || spec.payload.length > 0) return coderId;
  const { urn } = spec;
  const components = componentCoderIds.map((component) => {
    const isText = prefixedInGo.includes(coderOf(coders, component).spec?.urn ?? '');
    return urn === urns.lengthPrefixCoder && isText
      ? addCoder(coders, urns.lengthPrefixCoder, [component])
      : asGoWrites(coders, component);
  });
  const isSame = components.every((component, index) => component === componentCoderIds[index]);
  return isSame ? coderId : addCoder(coders, urn, components);
}

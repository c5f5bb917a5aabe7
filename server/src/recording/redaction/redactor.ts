import { ByteWriter } from '../../beam/coders/byteWriter.js';
import { CoderError } from '../../beam/coders/coderError.js';
import { coderFor, decodeElement } from '../../beam/coders/coderFor.js';
import { coderUrnTree } from '../../beam/coders/coderUrnTree.js';
import type { ElementCoder } from '../../beam/coders/elementCoder.js';
import { encodeVarint, varintBytes } from '../../beam/coders/varint.js';
import { forEachWindowedElement } from '../../beam/coders/windowedValue.js';
import type { Coder } from '../../beam/proto/beam/pipeline_pb.js';
import { RedactionError } from './redactionError.js';
import { redactValue } from './redactValue.js';
import type { CompiledRule, RedactionRule } from './rules.js';
import { compileRule, rulesFor } from './rules.js';

/** Takes windowed values with length-prefixed elements and answers them redacted. @throws Error in words for the user */
export type Redactor = (windowedValues: Uint8Array) => Uint8Array;

/**
 * What redacts the elements of a source before they are written; undefined where no rule applies, at no cost then.
 * @throws Error in words for the user if rules apply and the elements cannot be decoded here
 */
export function redactorFor(
  rules: RedactionRule[],
  label: string,
  coderId: string,
  coders: Record<string, Coder>,
): Redactor | undefined {
  const own = rulesFor(rules, label).map(compileRule);
  const [first] = own;
  if (!first) return undefined;
  const coder = coderFor(coderId, coders);
  if (isOpaque(coder)) {
    const tree = coderUrnTree(coderId, coders);
    throw new Error(
      refusal(first, label, `its elements are encoded by ${tree}, which only its SDK can decode`),
    );
  }
  return (windowedValues) => redacted(windowedValues, coder, own, label);
}

/** Whether values of a coder are opaque as a whole: then anything is one. */
function isOpaque(coder: ElementCoder): boolean {
  return !coder.endIsKnown;
}

function redacted(
  windowedValues: Uint8Array,
  coder: ElementCoder,
  rules: CompiledRule[],
  label: string,
): Uint8Array {
  const parts: Uint8Array[] = [];
  let headerStart = 0;
  forEachWindowedElement(windowedValues, (_timestamp, _pane, start, end) => {
    const element = redactedElement(windowedValues.subarray(start, end), coder, rules, label);
    const headerEnd = start - varintBytes(end - start);
    parts.push(
      windowedValues.subarray(headerStart, headerEnd),
      encodeVarint(element.length),
      element,
    );
    headerStart = end;
  });
  return Buffer.concat(parts);
}

function redactedElement(
  element: Uint8Array,
  coder: ElementCoder,
  rules: CompiledRule[],
  label: string,
): Uint8Array {
  let rule = rules[0];
  try {
    let value = decodeElement(coder, element);
    for (rule of rules) value = redactValue(value, rule);
    const output = new ByteWriter();
    coder.encode(value, output, 'outer');
    return output.bytes.slice();
  } catch (error) {
    if (error instanceof RedactionError)
      throw new Error(refusal(rule, label, `an element ${error.message}`));
    // What a coder says may quote the element.
    if (error instanceof CoderError)
      throw new Error(refusal(rule, label, 'an element is not of its coder'));
    throw error;
  }
}

function refusal(compiled: CompiledRule | undefined, label: string, why: string): string {
  const { field, path, pattern } = compiled?.rule ?? {};
  const members = Object.entries({ field, path, ...(pattern && { pattern: '…' }) });
  const rule = members.flatMap(([name, text]) => (text ? [`${name} ${text}`] : [])).join(', ');
  return `"${label}" is not recorded, since its redaction (${rule}) cannot be applied: ${why}. Nothing unredacted was written.`;
}

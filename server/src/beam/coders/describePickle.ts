import type { TimestampValue } from './beamValue.js';
import { CoderError } from './coderError.js';
import type { PickleCall, PickleNode } from './readPickle.js';
import { isNodeObject, readPickle } from './readPickle.js';

/** What can be told of a pickle without loading it. */
export interface PickleDescription {
  /** Class of the pickled object, or the class that was pickled. */
  typeName?: string;
  /** What Beam's own Timestamp says. */
  timestamp?: TimestampValue;
}

/** Describes a pickle; what is none, or says nothing, has no description. */
export function describePickle(bytes: Uint8Array): PickleDescription {
  let node: PickleNode;
  try {
    node = readPickle(bytes);
  } catch (error) {
    if (error instanceof CoderError) return {};
    throw error;
  }
  const typeName = typeNameOf(node);
  const timestamp = typeName === beamTimestamp ? timestampOf(node) : undefined;
  return { ...(typeName && { typeName }), ...(timestamp && { timestamp }) };
}

/** The instance attributes that a pickle restores, by name. */
export function attributesOf(node: PickleNode): Map<string, PickleNode> {
  const attributes = new Map<string, PickleNode>();
  const state = isCall(node) ? node.state : undefined;
  if (!isNodeObject(state) || state.kind !== 'dict') return attributes;
  for (let index = 0; index + 1 < state.items.length; index += 2) {
    const name = state.items[index];
    if (typeof name === 'string') attributes.set(name, state.items[index + 1] ?? null);
  }
  return attributes;
}

/** What a pickled object is made with. */
export function argumentsOf(node: PickleNode): PickleNode[] {
  return isCall(node) && isNodeObject(node.args) && node.args.kind === 'tuple'
    ? node.args.items
    : [];
}

/** The class of a pickled object, or the class that was pickled. */
export function typeNameOf(node: PickleNode): string | undefined {
  if (node instanceof Uint8Array) return 'bytes';
  if (!isNodeObject(node)) return pythonNames[typeof node];
  switch (node.kind) {
    case 'global':
      return node.name;
    case 'call':
      return madeBy(node) ?? (isCall(node.callee) ? madeBy(node.callee) : undefined);
    case 'unknown':
      return undefined;
    case 'list':
    case 'tuple':
    case 'dict':
    case 'set':
      return node.kind;
  }
}

const pythonNames: Partial<Record<string, string>> = {
  object: 'None',
  boolean: 'bool',
  bigint: 'int',
  number: 'float',
  string: 'str',
};

/** The class that a call makes an object of, or that it makes. */
function madeBy(call: PickleCall): string | undefined {
  const { callee } = call;
  if (!isNodeObject(callee) || callee.kind !== 'global') return undefined;
  const items = argumentsOf(call);
  // cloudpickle writes out the classes of the main program, with their names.
  if (/\._make_skeleton_(class|enum)$/.test(callee.name)) {
    return items.find((item) => typeof item === 'string');
  }
  // copyreg._reconstructor, numpy's _reconstruct and their like are told the class.
  const told = items[0];
  const isReconstructor = /\._[^.]*$/.test(callee.name);
  return isReconstructor && isNodeObject(told) && told.kind === 'global' ? told.name : callee.name;
}

function isCall(node: PickleNode): node is PickleCall {
  return isNodeObject(node) && node.kind === 'call';
}

const beamTimestamp = 'apache_beam.utils.timestamp.Timestamp';

/** Older SDKs keep microseconds, newer ones seconds and a fraction of a precision. */
function timestampOf(node: PickleNode): TimestampValue | undefined {
  const attributes = attributesOf(node);
  const micros = attributes.get('micros');
  if (typeof micros === 'bigint') return { kind: 'timestamp', units: micros, precision: 6 };
  const [seconds, fraction, precision] = ['_seconds', '_subseconds', '_precision'].map((name) =>
    attributes.get(name),
  );
  if (typeof seconds !== 'bigint' || typeof fraction !== 'bigint') return undefined;
  if (typeof precision !== 'bigint' || precision < 0n || precision > 9n) return undefined;
  return {
    kind: 'timestamp',
    units: seconds * 10n ** precision + fraction,
    precision: Number(precision),
  };
}

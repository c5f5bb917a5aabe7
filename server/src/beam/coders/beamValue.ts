/**
 * A decoded element. Natural values stand for themselves: every integer is a bigint and every floating
 * point number a number, so that the two stay apart; lists and iterables are arrays. All else is an
 * object that says its kind. Bytes are views of the data they were decoded from.
 */
export type BeamValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | BeamValue[]
  | KvValue
  | TupleValue
  | SetValue
  | MapValue
  | RowValue
  | TimestampValue
  | DateValue
  | DecimalValue
  | WindowValue
  | PaneInfo
  | WindowedValue
  | TimerValue
  | ShardedKeyValue
  | StateBackedValue
  | PythonObjectValue
  | PickleValue
  | OpaqueValue;

export interface KvValue {
  kind: 'kv';
  key: BeamValue;
  value: BeamValue;
}

export interface TupleValue {
  kind: 'tuple';
  items: BeamValue[];
}

export interface SetValue {
  kind: 'set';
  items: BeamValue[];
}

/** Entries in the order of the data; keys need not be text. */
export interface MapValue {
  kind: 'map';
  entries: [key: BeamValue, value: BeamValue][];
}

/** Fields in the order of the schema. */
export interface RowValue {
  kind: 'row';
  fields: [name: string, value: BeamValue][];
}

/** `units` of 10^-`precision` seconds since the epoch: 3 is milliseconds, 6 microseconds. */
export interface TimestampValue {
  kind: 'timestamp';
  units: bigint;
  precision: number;
}

/** Days since 1970-01-01. */
export interface DateValue {
  kind: 'date';
  days: bigint;
}

/** `unscaled` × 10^-`scale`. */
export interface DecimalValue {
  kind: 'decimal';
  unscaled: bigint;
  scale: number;
}

/** Times in ms since the epoch. */
export type WindowValue =
  | { kind: 'global window' }
  | { kind: 'interval window'; startMillis: bigint; endMillis: bigint }
  | { kind: 'custom window'; maxTimestampMillis: bigint; window: BeamValue };

export interface PaneInfo {
  kind: 'pane';
  isFirst: boolean;
  isLast: boolean;
  timing: 'EARLY' | 'ON_TIME' | 'LATE' | 'UNKNOWN';
  index: bigint;
  /** -1 for an early pane. */
  onTimeIndex: bigint;
}

export interface WindowedValue {
  kind: 'windowed value';
  value: BeamValue;
  timestampMillis: bigint;
  windows: BeamValue[];
  pane: PaneInfo;
}

export interface TimerValue {
  kind: 'timer';
  userKey: BeamValue;
  dynamicTimerTag: string;
  windows: BeamValue[];
  /** Absent when the timer is cleared. */
  firing?: { fireTimestampMillis: bigint; holdTimestampMillis: bigint; pane: PaneInfo };
}

export interface ShardedKeyValue {
  kind: 'sharded key';
  shardId: Uint8Array;
  key: BeamValue;
}

/** The first elements of an iterable whose rest stayed in the runner's state, under a token. */
export interface StateBackedValue {
  kind: 'state-backed';
  items: BeamValue[];
  token: Uint8Array;
}

/** A Python object in one of the deterministic forms of FastPrimitivesCoder. */
export interface PythonObjectValue {
  kind: 'python object';
  form: 'proto' | 'dataclass' | 'dataclass with names' | 'named tuple' | 'enum' | 'state';
  /** The pickled type; it is never loaded. */
  type: Uint8Array;
  /** The type's name, where it can be read off the pickle. */
  typeName?: string;
  /** Field values; for `proto` the serialized message, for `enum` its value, for `state` its state. */
  items: BeamValue[];
  /** Field names, for `dataclass with names`. */
  names?: string[];
}

/** A pickled Python object; it is never loaded. */
export interface PickleValue {
  kind: 'pickle';
  bytes: Uint8Array;
  /** Class of the object, where it can be read off the pickle. */
  typeName?: string;
  /** What Beam's own Timestamp pickles say. */
  timestamp?: TimestampValue;
}

/** Bytes of a coder that only its own SDK understands. */
export interface OpaqueValue {
  kind: 'opaque';
  /** The coder's URN tree. */
  coder: string;
  /** The SDK's class of the coder, where the coder tells. */
  coderClass?: string;
  bytes: Uint8Array;
}

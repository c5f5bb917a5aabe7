import { fromBinary } from '@bufbuild/protobuf';
import type { BeamValue, PaneInfo } from '../../../server/src/beam/coders/beamValue.js';
import { ByteReader } from '../../../server/src/beam/coders/byteReader.js';
import type {
  FieldType,
  LogicalType,
  Schema,
} from '../../../server/src/beam/proto/beam/schema_pb.js';
import { AtomicType, SchemaSchema } from '../../../server/src/beam/proto/beam/schema_pb.js';
import type { CoderSpec } from '../../unit/coders/coderSpec.js';
import { coderOf, utf8 } from '../../unit/coders/coderSpec.js';

/** A coder as standard_coders.yaml writes it. */
export interface StandardCoder {
  urn: string;
  /** Bytes as Latin-1 text. */
  payload?: string;
  components?: StandardCoder[];
  /** The elements under a state token, encoded one after the other. */
  state?: Record<string, string>;
  non_deterministic?: boolean;
}

export function latin1(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

export function toSpec({ urn, payload = '', components = [] }: StandardCoder): CoderSpec {
  return { urn, payload: latin1(payload), components: components.map(toSpec) };
}

/** A decoded value with the elements that it left in the state. */
export function withState(coder: StandardCoder, value: BeamValue): BeamValue {
  const [element] = coder.components ?? [];
  if (!element || !isOfKind(value, 'state-backed')) return value;
  const token = Buffer.from(value.token).toString('latin1');
  const input = new ByteReader(latin1(coder.state?.[token] ?? ''));
  const items = [...value.items];
  while (input.remaining > 0) items.push(coderOf(toSpec(element)).decode(input, 'nested'));
  return items;
}

function isOfKind<K extends string>(
  value: BeamValue,
  kind: K,
): value is Extract<BeamValue, { kind: K }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}

/** The value that an example of the file stands for. Its integers are bigints, its maps Maps. */
export function toValue(coder: StandardCoder, example: unknown): BeamValue {
  const component = (index: number, part: unknown): BeamValue =>
    toValue(coder.components![index]!, part);
  const part = (name: string): unknown => (example as Map<string, unknown>).get(name);
  const windows = (): BeamValue[] =>
    (part('windows') as unknown[]).map((window) => component(1, window));
  switch (coder.urn) {
    case 'beam:coder:bytes:v1':
      return utf8(example as string);
    case 'beam:coder:bool:v1':
    case 'beam:coder:string_utf8:v1':
    case 'beam:coder:varint:v1':
      return example as BeamValue;
    case 'beam:coder:double:v1':
      return Number(example);
    case 'beam:coder:kv:v1':
      return { kind: 'kv', key: component(0, part('key')), value: component(1, part('value')) };
    case 'beam:coder:global_window:v1':
      return { kind: 'global window' };
    case 'beam:coder:interval_window:v1':
      return intervalWindow(example as Map<string, bigint>);
    case 'beam:coder:custom_window:v1': {
      const window = part('window') as Map<string, bigint>;
      // The greatest timestamp of an interval window is the one before its end.
      return {
        kind: 'custom window',
        maxTimestampMillis: window.get('end')! - 1n,
        window: component(0, window),
      };
    }
    case 'beam:coder:iterable:v1':
    case 'beam:coder:state_backed_iterable:v1':
      return (example as unknown[]).map((item) => component(0, item));
    case 'beam:coder:nullable:v1':
      return example === null ? null : component(0, example);
    case 'beam:coder:sharded_key:v1':
      return {
        kind: 'sharded key',
        shardId: utf8(part('shardId') as string),
        key: component(0, part('key')),
      };
    case 'beam:coder:windowed_value:v1':
    case 'beam:coder:param_windowed_value:v1':
      return {
        kind: 'windowed value',
        value: component(0, part('value')),
        timestampMillis: part('timestamp') as bigint,
        windows: windows(),
        pane: pane(part('pane') as Map<string, unknown>),
      };
    case 'beam:coder:timer:v1': {
      const timer = {
        kind: 'timer' as const,
        userKey: component(0, part('userKey')),
        dynamicTimerTag: part('dynamicTimerTag') as string,
        windows: windows(),
      };
      if (part('clearBit') === true) return timer;
      return {
        ...timer,
        firing: {
          fireTimestampMillis: part('fireTimestamp') as bigint,
          holdTimestampMillis: part('holdTimestamp') as bigint,
          pane: pane(part('pane') as Map<string, unknown>),
        },
      };
    }
    case 'beam:coder:row:v1':
      return row(fromBinary(SchemaSchema, latin1(coder.payload ?? '')), example);
    default:
      throw new Error(`No value known for ${coder.urn}`);
  }
}

function intervalWindow(window: Map<string, bigint>): BeamValue {
  const endMillis = window.get('end')!;
  return { kind: 'interval window', startMillis: endMillis - window.get('span')!, endMillis };
}

function pane(example: Map<string, unknown>): PaneInfo {
  return {
    kind: 'pane',
    isFirst: example.get('is_first') as boolean,
    isLast: example.get('is_last') as boolean,
    timing: example.get('timing') as PaneInfo['timing'],
    index: example.get('index') as bigint,
    onTimeIndex: example.get('on_time_index') as bigint,
  };
}

function row(schema: Schema, example: unknown): BeamValue {
  const values = example as Map<string, unknown>;
  return {
    kind: 'row',
    fields: schema.fields.map(({ name, type }) => [name, fieldValue(type!, values.get(name))]),
  };
}

/** In the file, logical types are written as their representation. */
function fieldValue({ typeInfo }: FieldType, example: unknown): BeamValue {
  if (example === null) return null;
  switch (typeInfo.case) {
    case 'atomicType':
      if (typeInfo.value === AtomicType.BYTES) return utf8(example as string);
      if (typeInfo.value === AtomicType.FLOAT || typeInfo.value === AtomicType.DOUBLE) {
        return Number(example);
      }
      return example as BeamValue;
    case 'arrayType':
      return (example as unknown[]).map((item) => fieldValue(typeInfo.value.elementType!, item));
    case 'mapType':
      return {
        kind: 'map',
        entries: [...(example as Map<unknown, unknown>)].map(([key, value]) => [
          fieldValue(typeInfo.value.keyType!, key),
          fieldValue(typeInfo.value.valueType!, value),
        ]),
      };
    case 'rowType':
      return row(typeInfo.value.schema!, example);
    case 'logicalType':
      return logicalValue(typeInfo.value, example);
    case 'iterableType':
    case undefined:
      throw new Error('No value known for this type');
  }
}

function logicalValue(type: LogicalType, example: unknown): BeamValue {
  const parts = example as Map<string, bigint>;
  switch (type.urn) {
    case 'beam:logical_type:micros_instant:v1': {
      const units = parts.get('seconds')! * 1_000_000n + parts.get('micros')!;
      return { kind: 'timestamp', units, precision: 6 };
    }
    case 'beam:logical_type:timestamp:v1': {
      const argument = type.argument?.fieldValue;
      const atomic = argument?.case === 'atomicValue' ? argument.value.value : undefined;
      const precision = atomic?.case === 'int32' ? atomic.value : NaN;
      const units = parts.get('seconds')! * 10n ** BigInt(precision) + parts.get('subseconds')!;
      return { kind: 'timestamp', units, precision };
    }
    case 'beam:logical_type:millis_instant:v1':
      // The file has the encoded integer, whose sign bit is flipped.
      return {
        kind: 'timestamp',
        units: BigInt.asIntN(64, (example as bigint) ^ (1n << 63n)),
        precision: 3,
      };
    case 'beam:logical_type:decimal:v1': {
      const [whole, fraction = ''] = (example as string).split('.');
      return { kind: 'decimal', unscaled: BigInt(`${whole}${fraction}`), scale: fraction.length };
    }
    default:
      return fieldValue(type.representation!, example);
  }
}

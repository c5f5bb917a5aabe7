import type { ElementType, SimpleType } from '../elementType.js';
import { isSimple } from '../elementType.js';
import type { JavaValues } from './javaValue.js';

const coders: Partial<Record<SimpleType['kind'], string>> = {
  boolean: 'BooleanCoder',
  int64: 'VarLongCoder',
  double: 'DoubleCoder',
  string: 'StringUtf8Coder',
  bytes: 'ByteArrayCoder',
  timestamp: 'InstantCoder',
  decimal: 'BigDecimalCoder',
};

/** The expression of a coder for elements of a type; undefined where Beam's Java has none. */
export function javaCoder(type: ElementType, values: JavaValues): string | undefined {
  if (isSimple(type)) {
    const coder = coders[type.kind];
    return coder === undefined ? undefined : of(coder, []);
  }
  switch (type.kind) {
    case 'list':
      return of('ListCoder', [type.item]);
    case 'nullable':
      return of('NullableCoder', [type.of]);
    case 'pair':
      return of('KvCoder', [type.key, type.value]);
    case 'map':
      return of('MapCoder', [type.key, type.value]);
    case 'row':
      values.imports.add('org.apache.beam.sdk.coders.RowCoder');
      return `RowCoder.of(${values.schemaName(type)})`;
  }

  function of(coder: string, components: ElementType[]): string | undefined {
    const inner = components.map((component) => javaCoder(component, values));
    if (inner.includes(undefined)) return undefined;
    values.imports.add(`org.apache.beam.sdk.coders.${coder}`);
    return `${coder}.of(${inner.join(', ')})`;
  }
}

/** Whether Java's `equals` compares elements of a type by what they hold: arrays of bytes in a list or map, it does not. */
export function isComparable(type: ElementType, isWithin = false): boolean {
  if (isSimple(type)) return type.kind !== 'bytes' || !isWithin;
  switch (type.kind) {
    case 'list':
      return isComparable(type.item, true);
    case 'map':
      return isComparable(type.key, true) && isComparable(type.value, true);
    case 'pair':
      return isComparable(type.key, isWithin) && isComparable(type.value, isWithin);
    case 'nullable':
      return isComparable(type.of, isWithin);
    case 'row':
      // Rows compare what they hold, however deep.
      return true;
  }
}

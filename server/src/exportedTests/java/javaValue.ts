import type { BeamValue } from '../../beam/coders/beamValue.js';
import { isKinded } from '../../beam/coders/expectValue.js';
import { formatDecimal, textOf, toHex } from '../../beam/coders/formatScalar.js';
import { formatDate } from '../../beam/coders/formatTime.js';
import type { ElementType, RowField, SimpleType } from '../elementType.js';
import { halvesOf, isSimple, mapEntries, millisOf, plainText } from '../elementType.js';
import { distinctIdentifiers, snakeCase } from '../identifiers.js';
import { hex, quotedText } from '../literals.js';

/** Java's constants are at most 65,535 bytes long, and a character is up to three. */
const maxConstant = 20_000;

/** Methods that an expression may call, each by its name. */
export type JavaMethod = 'bytes' | 'map' | 'row';

/** Expressions of values, by their types, and what they use. */
export class JavaValues {
  readonly methods = new Set<JavaMethod>();
  /** Imports of classes, without `import` and `;`. */
  readonly imports = new Set<string>();
  /** Constants of schemas, in an order in which each refers to earlier ones. */
  readonly schemas: { name: string; lines: string[] }[] = [];
  /** A time within an element was finer than a millisecond. */
  isTruncated = false;
  private readonly schemaNames = new Map<ElementType, string>();

  /** Gives a row type, and those within it, constants for their schemas. @param name of the output */
  addSchemas(type: ElementType, name: string): void {
    if (isSimple(type)) return;
    switch (type.kind) {
      case 'row': {
        for (const field of type.fields) this.addSchemas(field.type, `${name} ${field.name}`);
        const taken = this.schemas.map((schema) => schema.name);
        const upper = (text: string) => `${snakeCase(text, 'row')}_schema`.toUpperCase();
        const [constant = ''] = distinctIdentifiers([name], upper, taken);
        this.schemaNames.set(type, constant);
        this.schemas.push({ name: constant, lines: type.fields.map((field) => this.field(field)) });
        return;
      }
      case 'list':
        this.addSchemas(type.item, name);
        return;
      case 'nullable':
        this.addSchemas(type.of, name);
        return;
      case 'map':
      case 'pair':
        this.addSchemas(type.key, `${name} key`);
        this.addSchemas(type.value, name);
    }
  }

  schemaName(type: ElementType): string {
    return this.schemaNames.get(type) ?? '';
  }

  private field({ name, type }: RowField): string {
    const isNullable = type.kind === 'nullable';
    const fieldType = this.fieldType(isNullable ? type.of : type);
    return `.add${isNullable ? 'Nullable' : ''}Field(${javaText(name)}, ${fieldType})`;
  }

  private fieldType(type: ElementType): string {
    this.imports.add('org.apache.beam.sdk.schemas.Schema.FieldType');
    if (isSimple(type)) {
      if (type.kind === 'timestamp') return 'FieldType.DATETIME';
      if (type.kind !== 'date') return `FieldType.${type.kind.toUpperCase()}`;
      this.imports.add('org.apache.beam.sdk.schemas.logicaltypes.SqlTypes');
      return 'FieldType.logicalType(SqlTypes.DATE)';
    }
    switch (type.kind) {
      case 'list':
        return `FieldType.array(${this.fieldType(type.item)})`;
      case 'map':
        return `FieldType.map(${this.fieldType(type.key)}, ${this.fieldType(type.value)})`;
      case 'nullable':
        return `${this.fieldType(type.of)}.withNullable(true)`;
      case 'row':
        return `FieldType.row(${this.schemaName(type)})`;
      case 'pair':
        throw new Error('A schema has no pairs.');
    }
  }

  /** The expression of a value. */
  of(value: BeamValue, type: ElementType): string {
    switch (type.kind) {
      case 'boolean':
      case 'int32':
        return plainText(value);
      case 'byte':
        return `(byte) ${plainText(value)}`;
      case 'int16':
        return `(short) ${plainText(value)}`;
      case 'int64':
        return `${plainText(value)}L`;
      case 'float':
        return javaNumber(value as number, 'Float', 'f');
      case 'double':
        return javaNumber(value as number, 'Double', '');
      case 'string':
        return javaText(value as string);
      case 'bytes':
        return this.bytes(value as Uint8Array);
      case 'timestamp': {
        const { millis, isTruncated } = millisOf(value);
        this.isTruncated ||= isTruncated;
        return `at(${millis}L)`;
      }
      case 'decimal':
        this.imports.add('java.math.BigDecimal');
        return `new BigDecimal("${isKinded(value) && value.kind === 'decimal' ? formatDecimal(value) : '0'}")`;
      case 'date':
        this.imports.add('java.time.LocalDate');
        return `LocalDate.parse("${isKinded(value) && value.kind === 'date' ? formatDate(value.days) : ''}")`;
      case 'nullable':
        return value === null ? `(${javaType(type)}) null` : this.of(value, type.of);
      case 'list': {
        const items = (value as BeamValue[]).map((item) => this.of(item, type.item));
        this.imports.add('java.util.Arrays');
        return `Arrays.<${javaType(type.item)}>asList(${items.join(', ')})`;
      }
      case 'map': {
        this.methods.add('map');
        const entries = mapEntries(value).flatMap(([key, entry]) => [
          this.of(key, type.key),
          this.of(entry, type.value),
        ]);
        return `map(${entries.join(', ')})`;
      }
      case 'pair': {
        const [key, half] = halvesOf(value);
        return `KV.of(${this.of(key, type.key)}, ${this.of(half, type.value)})`;
      }
      case 'row': {
        this.methods.add('row');
        const fields = isKinded(value) && value.kind === 'row' ? value.fields : [];
        const values = type.fields.map((field, index) =>
          this.of(fields[index]?.[1] ?? null, field.type),
        );
        return `row(${[this.schemaName(type), ...values].join(', ')})`;
      }
    }
  }

  /** Bytes: as text where they are text. */
  bytes(bytes: Uint8Array): string {
    const text = textOf(bytes);
    if (text !== undefined) {
      this.imports.add('java.nio.charset.StandardCharsets');
      return `${javaText(text)}.getBytes(StandardCharsets.UTF_8)`;
    }
    this.methods.add('bytes');
    return `bytes(${javaText(toHex(bytes))})`;
  }
}

/** The type of a variable. */
export function javaType(type: ElementType): string {
  if (isSimple(type)) return javaClasses[type.kind];
  switch (type.kind) {
    case 'list':
      return `List<${javaType(type.item)}>`;
    case 'map':
      return `Map<${javaType(type.key)}, ${javaType(type.value)}>`;
    case 'pair':
      return `KV<${javaType(type.key)}, ${javaType(type.value)}>`;
    case 'nullable':
      return javaType(type.of);
    case 'row':
      return 'Row';
  }
}

const javaClasses: Record<SimpleType['kind'], string> = {
  boolean: 'Boolean',
  byte: 'Byte',
  int16: 'Short',
  int32: 'Integer',
  int64: 'Long',
  float: 'Float',
  double: 'Double',
  string: 'String',
  bytes: 'byte[]',
  timestamp: 'Instant',
  decimal: 'BigDecimal',
  date: 'LocalDate',
};

/** Text as an expression. All but ASCII is escaped: a compiler may take the file for whatever its platform has. */
export function javaText(text: string): string {
  const parts: string[] = [];
  for (let at = 0; at < text.length || at === 0; at += maxConstant) {
    parts.push(javaConstant(text.slice(at, at + maxConstant)));
  }
  return parts.length === 1 ? (parts[0] ?? '') : `String.join("", ${parts.join(', ')})`;
}

function javaConstant(text: string): string {
  return quotedText(
    text,
    (codePoint) => {
      if (codePoint < 0x20) return `\\${codePoint.toString(8).padStart(3, '0')}`;
      const units = String.fromCodePoint(codePoint).split('');
      return units.map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`).join('');
    },
    false,
  );
}

function javaNumber(value: number, owner: 'Float' | 'Double', suffix: string): string {
  if (Number.isNaN(value)) return `${owner}.NaN`;
  if (!Number.isFinite(value)) return `${owner}.${value > 0 ? 'POSITIVE' : 'NEGATIVE'}_INFINITY`;
  if (Object.is(value, -0)) return `-0.0${suffix}`;
  const isShort = Number.isInteger(value) && Math.abs(value) < 1e21;
  return `${isShort ? `${value}.0` : value}${suffix}`;
}

import type { JavaValues } from './javaValue.js';

const methodLines = {
  bytes: [
    '/** Bytes of hexadecimal digits. */',
    'private static byte[] bytes(String digits) {',
    '  byte[] bytes = new byte[digits.length() / 2];',
    '  for (int i = 0; i < bytes.length; i++) {',
    '    bytes[i] = (byte) Integer.parseInt(digits.substring(2 * i, 2 * i + 2), 16);',
    '  }',
    '  return bytes;',
    '}',
    '',
  ],
  map: [
    '/** A map of keys and values by turns. */',
    '@SuppressWarnings("unchecked")',
    'private static <K, V> Map<K, V> map(Object... keysAndValues) {',
    '  Map<K, V> map = new HashMap<>();',
    '  for (int i = 0; i < keysAndValues.length; i += 2) {',
    '    map.put((K) keysAndValues[i], (V) keysAndValues[i + 1]);',
    '  }',
    '  return map;',
    '}',
    '',
  ],
  row: [
    'private static Row row(Schema schema, Object... values) {',
    '  Row.Builder row = Row.withSchema(schema);',
    '  for (Object value : values) {',
    '    row.addValue(value);',
    '  }',
    '  return row.build();',
    '}',
    '',
  ],
};

/** Methods that the elements of a test are made by. */
export function valueMethods({ methods }: JavaValues): string[] {
  return [
    '/** An event time, in milliseconds since the epoch. */',
    'private static Instant at(long millis) {',
    '  return new Instant(millis);',
    '}',
    '',
    ...[...methods].sort().flatMap((name) => methodLines[name]),
  ];
}

/** Methods that a test checks by. */
export function checkMethods({ isCounted }: { isCounted: boolean }): string[] {
  return [
    ...(isCounted
      ? [
          'private static <T> SerializableFunction<Iterable<T>, Void> hasSize(int expected) {',
          '  return elements -> {',
          '    int size = 0;',
          '    for (T element : elements) {',
          '      size++;',
          '    }',
          '    Assert.assertEquals(expected, size);',
          '    return null;',
          '  };',
          '}',
          '',
        ]
      : []),
    '/** The elements that a stream tells. */',
    'private static <T> List<T> elementsOf(TestStream<T> stream) {',
    '  List<T> elements = new ArrayList<>();',
    '  for (TestStream.Event<T> event : stream.getEvents()) {',
    '    if (event instanceof TestStream.ElementEvent) {',
    '      for (TimestampedValue<T> element : ((TestStream.ElementEvent<T>) event).getElements()) {',
    '        elements.add(element.getValue());',
    '      }',
    '    }',
    '  }',
    '  return elements;',
    '}',
  ];
}

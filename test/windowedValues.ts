/** Windowed values in the global window with length-prefixed elements, as a runner sends them. Times in ms. */
export function windowedValues(elements: [timestampMillis: number, element: string][]): Uint8Array {
  return Buffer.concat(
    elements.flatMap(([timestampMillis, element]) => {
      const header = Buffer.alloc(14);
      header.writeBigUInt64BE(BigInt.asUintN(64, BigInt(timestampMillis)) ^ (1n << 63n));
      header.writeUInt32BE(1, 8);
      header.writeUInt8(0x0f, 12);
      header.writeUInt8(element.length, 13);
      return [header, Buffer.from(element)];
    }),
  );
}

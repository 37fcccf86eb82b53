/** NumPy's file of one array (numpy.org/doc/stable/reference/generated/numpy.lib.format.html), version 1.0. */

const DESCRIPTIONS: Readonly<Partial<Record<string, string>>> = {
  bool: '|b1',
  int8: '|i1',
  uint8: '|u1',
  int16: '<i2',
  uint16: '<u2',
  int32: '<i4',
  uint32: '<u4',
  int64: '<i8',
  uint64: '<u8',
  float16: '<f2',
  float32: '<f4',
  float64: '<f8',
  complex64: '<c8',
  complex128: '<c16',
};
const MAGIC = '\x93NUMPY\x01\x00';
/** Header and all before it are a multiple of this long. */
const ALIGNMENT = 64;

/** Whether NumPy has this dtype. */
export function isOfNumpy(dtype: string): boolean {
  return DESCRIPTIONS[dtype] !== undefined;
}

/** What stands before the elements, which are little-endian and row by row. */
export function npyHeader(dtype: string, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  // As Python writes a tuple: that of one element has a comma.
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const plain = `{'descr': '${DESCRIPTIONS[dtype] ?? ''}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const before = MAGIC.length + 2;
  const size = Math.ceil((before + plain.length + 1) / ALIGNMENT) * ALIGNMENT;
  const text = `${plain.padEnd(size - before - 1)}\n`;
  const bytes = new Uint8Array(size);
  [...MAGIC].forEach((character, i) => (bytes[i] = character.charCodeAt(0)));
  new DataView(bytes.buffer).setUint16(MAGIC.length, text.length, true);
  bytes.set(new TextEncoder().encode(text), before);
  return bytes;
}

/** Event files byte by byte, for logs that no fixture has: tensors of any plugin. */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  return crc;
});

/** CRC-32C, masked as TFRecord wants it. */
function maskedCrc(bytes) {
  let crc = ~0;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

function frame(payload) {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(payload.length));
  head.writeUInt32LE(maskedCrc(head.subarray(0, 8)), 8);
  const foot = Buffer.alloc(4);
  foot.writeUInt32LE(maskedCrc(payload));
  return Buffer.concat([head, payload, foot]);
}

function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

export const varintField = (number, value) => Buffer.concat([varint(number << 3), varint(value)]);
export const bytesField = (number, ...parts) => {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
};

/** A TensorProto of float32, of int64 if it has `integers`, or of strings. */
export function tensor(shape, { floats, integers, strings }) {
  const sizes = shape.map((size) => bytesField(2, varintField(1, size)));
  const numbers = floats ? Float32Array.from(floats) : BigInt64Array.from(integers ?? []);
  const content = strings ? strings.map((s) => bytesField(8, s)) : [bytesField(4, Buffer.from(numbers.buffer))];
  return Buffer.concat([varintField(1, floats ? 1 : integers ? 9 : 7), bytesField(2, ...sizes), ...content]);
}

/**
 * @param {{tag: string, step: number | bigint, tensor?: Buffer, plugin?: string}[]} values one event each; without a
 *   tensor, nothing but the tag
 */
export function eventFile(values) {
  const wallTime = Buffer.alloc(9);
  wallTime.writeDoubleLE(1.7e9, 1);
  wallTime[0] = 9; // field 1, 64 bits
  const records = values.map(({ tag, step, tensor: content, plugin }) => {
    const metadata = plugin === undefined ? [] : [bytesField(9, bytesField(1, bytesField(1, plugin)))];
    const value = [bytesField(1, tag), ...metadata, ...(content ? [bytesField(8, content)] : [])];
    return frame(Buffer.concat([wallTime, varintField(2, step), bytesField(5, bytesField(1, ...value))]));
  });
  return Buffer.concat([frame(Buffer.concat([wallTime, bytesField(3, 'brain.Event:2')])), ...records]);
}

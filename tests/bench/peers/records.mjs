// TFRecord framing in JavaScript, as the two JavaScript readers use it.

/** The tables of slice-by-8, the fastest way by JavaScript that was found. */
const TABLES = (() => {
  const tables = Array.from({ length: 8 }, () => new Int32Array(256));
  for (let b = 0; b < 256; b++) {
    let crc = b;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
    tables[0][b] = crc;
  }
  for (let k = 1; k < 8; k++) {
    for (let b = 0; b < 256; b++) tables[k][b] = (tables[k - 1][b] >>> 8) ^ tables[0][tables[k - 1][b] & 255];
  }
  return tables;
})();
const [T0, T1, T2, T3, T4, T5, T6, T7] = TABLES;

/** CRC-32C of bytes [at, end), masked as records store it. */
export function maskedCrc(bytes, at, end) {
  let crc = -1;
  for (; at + 8 <= end; at += 8) {
    crc ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    crc =
      T7[crc & 255] ^
      T6[(crc >>> 8) & 255] ^
      T5[(crc >>> 16) & 255] ^
      T4[crc >>> 24] ^
      T3[bytes[at + 4]] ^
      T2[bytes[at + 5]] ^
      T1[bytes[at + 6]] ^
      T0[bytes[at + 7]];
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ T0[(crc ^ bytes[at]) & 255];
  crc = ~crc;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Calls `use(start, end)` for the payload of each record. @throws where a CRC is wrong */
export function forEachRecord(bytes, view, use) {
  for (let at = 0; at < bytes.length;) {
    const length = view.getUint32(at, true);
    const start = at + 12;
    const end = start + length;
    if (maskedCrc(bytes, at, at + 8) !== view.getUint32(at + 8, true)) throw new Error(`length CRC at ${at}`);
    if (maskedCrc(bytes, start, end) !== view.getUint32(end, true)) throw new Error(`data CRC at ${at}`);
    use(start, end);
    at = end + 4;
  }
}

/** Points of one tag as growing columns. */
export class Columns {
  size = 0;
  steps = new Float64Array(1024);
  times = new Float64Array(1024);
  values = new Float32Array(1024);

  push(step, time, value) {
    if (this.size === this.steps.length) {
      for (const name of ['steps', 'times', 'values']) {
        const grown = new this[name].constructor(2 * this.size);
        grown.set(this[name]);
        this[name] = grown;
      }
    }
    this.steps[this.size] = step;
    this.times[this.size] = time;
    this.values[this.size++] = value;
  }
}

/**
 * A ZIP of stored files, part by part, so that it need not be in memory: PKWARE's APPNOTE 6.3.10, with sizes of 64 bits
 * where they are needed (4.3.14, 4.5.3). Names are UTF-8 (flag 11).
 */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});

/** Of more, the check sum is made with pauses, so that the page stays alive. */
const AT_ONCE = 2 << 20;

async function crc32(bytes: Uint8Array): Promise<number> {
  let crc = ~0;
  for (let from = 0; from < bytes.length; from += AT_ONCE) {
    if (from > 0) await new Promise((done) => setTimeout(done));
    for (const byte of bytes.subarray(from, from + AT_ONCE)) crc = (TABLE[(crc ^ byte) & 255] as number) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

/** Little-endian fields below each other. */
function fields(...values: readonly (readonly [value: number | bigint, bytes: 2 | 4 | 8])[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(values.reduce((sum, [, bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [value, bytes] of values) {
    if (bytes === 2) view.setUint16(at, Number(value), true);
    else if (bytes === 4) view.setUint32(at, Number(value), true);
    else view.setBigUint64(at, BigInt(value), true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}

const UTF8 = 1 << 11;
const VERSION = 45;
const MAX_32 = 0xffff_ffff;
const MAX_16 = 0xffff;
/** 1980-01-01, the first day there is: when it was written is not known. */
const NO_DATE = 33;

export class ZipWriter {
  private offset = 0;
  private readonly central: Uint8Array<ArrayBuffer>[] = [];

  /** The bytes of a file, in order. A file is smaller than 4 GiB. One after the other. */
  async add(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>[]> {
    const encoded = new TextEncoder().encode(name);
    const common = fields(
      [UTF8, 2], [0, 2], [0, 2], [NO_DATE, 2], [await crc32(bytes), 4], [bytes.length, 4], [bytes.length, 4], [encoded.length, 2],
    ); // prettier-ignore
    const isFar = this.offset >= MAX_32;
    const extra = isFar ? fields([1, 2], [8, 2], [this.offset, 8]) : new Uint8Array();
    this.central.push(
      fields([0x02014b50, 4], [VERSION, 2], [VERSION, 2]),
      common,
      fields([extra.length, 2], [0, 2], [0, 2], [0, 2], [0, 4], [isFar ? MAX_32 : this.offset, 4]),
      encoded,
      extra,
    );
    return this.count([fields([0x04034b50, 4], [VERSION, 2]), common, fields([0, 2]), encoded, bytes]);
  }

  /** What comes after the last file. */
  end(): Uint8Array<ArrayBuffer>[] {
    const start = this.offset;
    this.count(this.central);
    const [size, end] = [this.offset - start, this.offset];
    const files = this.central.length / 5;
    const far = [
      fields([0x06064b50, 4], [44, 8], [VERSION, 2], [VERSION, 2], [0, 4], [0, 4], [files, 8], [files, 8], [size, 8], [start, 8]),
      fields([0x07064b50, 4], [0, 4], [end, 8], [1, 4]),
    ]; // prettier-ignore
    const isFar = files >= MAX_16 || end >= MAX_32;
    const few = Math.min(files, MAX_16);
    const last = fields([0x06054b50, 4], [0, 2], [0, 2], [few, 2], [few, 2], [Math.min(size, MAX_32), 4], [Math.min(start, MAX_32), 4], [0, 2]); // prettier-ignore
    return [...this.central, ...(isFar ? far : []), last];
  }

  private count(parts: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer>[] {
    for (const part of parts) this.offset += part.length;
    return parts;
  }
}

// Writes zip and tar archives for tests, with any lie.
import { constants, crc32, deflateRawSync } from 'node:zlib';

/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {Uint8Array} [data] before it is compressed
 * @property {boolean} [stored] not compressed; in a zip
 * @property {Uint8Array} [packed] stands in the archive in place of the compressed data
 * @property {number} [size] that is told
 * @property {number} [flags] of the entry; bit 0 = encrypted
 * @property {number} [method] of compression, that is told
 * @property {string} [type] in a tar: '1' = a hard link
 */

/**
 * APPNOTE.TXT 4.3: local headers with their data, the central directory, its end.
 * @param {readonly Entry[]} entries
 * @param {{disk?: number}} [lies] `disk`: number of this one, 0 if it is the only one
 */
export function zipOf(entries, { disk = 0 } = {}) {
  const files = [];
  const directory = [];
  let offset = 0;
  for (const { name, data = new Uint8Array(), stored = false, packed, flags = 0, ...told } of entries) {
    const bytes = packed ?? (stored ? data : deflateRawSync(data));
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(told.method ?? (stored ? 0 : 8), 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(told.size ?? data.length, 18);
    common.writeUInt16LE(path.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    files.push(Buffer.from('PK\x03\x04'), common, path, bytes);
    directory.push(Buffer.from('PK\x01\x02\x14\x03'), common, place, path);
    offset += 30 + path.length + bytes.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(disk, 0);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...files, listed, Buffer.from('PK\x05\x06'), end]);
}

/**
 * POSIX.1-2008, ustar.
 * @param {readonly Pick<Entry, 'name' | 'data' | 'type'>[]} entries names of at most 100 bytes, or 155 and 100 parted by a '/'
 */
export function tarOf(entries) {
  const blocks = entries.flatMap(({ name, data = new Uint8Array(), type = '0' }) => {
    const header = Buffer.alloc(512);
    const slash = Buffer.byteLength(name) > 100 ? name.indexOf('/', name.length - 100) : -1;
    header.write(name.slice(slash + 1), 0);
    header.write('0000644\x000000000\x000000000\x00', 100);
    header.write(`${data.length.toString(8).padStart(11, '0')}\x0000000000000\x00        0`, 124);
    header.write(type, 156);
    header.write('ustar\x0000', 257);
    if (slash > 0) header.write(name.slice(0, slash), 345);
    const sum = header.reduce((all, byte) => all + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\x00 `, 148);
    return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/**
 * Raw deflate of so many times 64 MiB of zeros, made of the same piece again and again.
 * @param {number} times
 */
export function deflatedZeros(times) {
  const piece = deflateRawSync(Buffer.alloc(64 << 20), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  // A last block with nothing in it.
  return Buffer.concat([...Array(times).fill(piece), Buffer.of(3, 0)]);
}

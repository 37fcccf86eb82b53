// Scalar events read by hand in JavaScript: what somebody would write who knows the format and wants it fast. CRCs are
// checked, tags are interned by a hash of their bytes, nothing is allocated for an event.
import { Columns, forEachRecord } from './records.mjs';

const text = new TextDecoder();

/** Columns by tag of a file of scalars, in either form. */
export function readScalars(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tags = new Map(); // hash → [{bytes, columns}]
  let at = 0;

  const varint = () => {
    let value = bytes[at++];
    if (value < 128) return value;
    value &= 127;
    for (let scale = 128; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const skip = (type) => {
    if (type === 0) varint();
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else {
      const length = varint();
      at += length;
    }
  };
  const columnsOf = (start, end) => {
    let hash = end - start;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]) | 0;
    let list = tags.get(hash);
    if (!list) tags.set(hash, (list = []));
    search: for (const { bytes: tag, columns } of list) {
      if (tag.length !== end - start) continue;
      for (let i = 0; i < tag.length; i++) if (tag[i] !== bytes[start + i]) continue search;
      return columns;
    }
    const columns = new Columns();
    list.push({ bytes: bytes.slice(start, end), columns });
    return columns;
  };
  /** The number of a TensorProto with one float. */
  const tensor = (end) => {
    let value = NaN;
    while (at < end) {
      const tag = varint();
      if (tag === 0x22 || tag === 0x2a) {
        const length = varint();
        value = view.getFloat32(at, true);
        at += length;
      } else skip(tag & 7);
    }
    return value;
  };
  const summaryValue = (end, step, time) => {
    let start = 0;
    let stop = 0;
    let value = NaN;
    while (at < end) {
      const tag = varint();
      if (tag === 0x0a) {
        stop = varint();
        start = at;
        at = stop += at;
      } else if (tag === 0x15) {
        value = view.getFloat32(at, true);
        at += 4;
      } else if (tag === 0x42) {
        const length = varint();
        value = tensor(at + length);
      } else skip(tag & 7);
    }
    columnsOf(start, stop).push(step, time, value);
  };

  forEachRecord(bytes, view, (start, end) => {
    let time = 0;
    let step = 0;
    at = start;
    while (at < end) {
      const tag = varint();
      if (tag === 0x09) {
        time = view.getFloat64(at, true);
        at += 8;
      } else if (tag === 0x10) step = varint();
      else if (tag === 0x2a) {
        let stop = varint();
        stop += at;
        while (at < stop) {
          if (varint() === 0x0a) {
            const length = varint();
            summaryValue(at + length, step, time);
          } else throw new Error(`no value at ${at}`);
        }
      } else skip(tag & 7);
    }
  });
  return new Map([...tags.values()].flat().map(({ bytes: tag, columns }) => [text.decode(tag), columns]));
}

import { Fault } from '../../faults/fault';
import type { Payload } from '../payload';
import type { WasmValues } from './wasm_values';

/** Between payloads of a series lie those of others: up to this many bytes are read along rather than left out. */
const MAX_GAP = 128 << 10;
/** At most so much is read at once, unless one payload is longer, bytes. */
const MAX_READ = 4 << 20;
/** So many reads are under way at a time: a host answers each after a while. */
const READS_AT_A_TIME = 6;

/** Gives `length` bytes at `offset` of a file; rejects when they are gone. */
type Read = (place: { file: number; offset: number; length: number }) => Promise<Uint8Array>;

/** A stretch of a file, and the payloads in it. */
interface Stretch {
  file: number;
  from: number;
  to: number;
  payloads: Payload[];
}

/** Payloads of one series as few stretches of their files. */
export function stretchesOf(missing: readonly Payload[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const payload of [...missing].sort((a, b) => a.file - b.file || a.offset - b.offset)) {
    const last = stretches.at(-1);
    const end = payload.offset + payload.length;
    if (last?.file === payload.file && payload.offset - last.to <= MAX_GAP && end - last.from <= MAX_READ) {
      last.payloads.push(payload);
      last.to = Math.max(last.to, end);
    } else {
      stretches.push({ file: payload.file, from: payload.offset, to: end, payloads: [payload] });
    }
  }
  return stretches;
}

/**
 * Reads and decodes histograms.
 *
 * @param wanted where those are that are not decoded yet
 * @throws Fault `histograms_too_big` when the series has more than may be kept.
 */
export async function decodeHistograms(
  values: WasmValues,
  series: number,
  wanted: readonly Payload[],
  read: Read,
): Promise<void> {
  const stretches = stretchesOf(wanted);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let stretch = stretches[next++]; stretch; stretch = stretches[next++]) {
      const { file, from, to, payloads } = stretch;
      const bytes = await read({ file, offset: from, length: to - from });
      for (const payload of payloads) {
        const { point, offset, length } = payload;
        const own = bytes.subarray(offset - from, offset - from + length);
        if (!values.addHistogram(series, point, payload, own)) throw new Fault({ code: 'histograms_too_big' });
      }
    }
  };
  await Promise.all(Array.from({ length: READS_AT_A_TIME }, work));
}

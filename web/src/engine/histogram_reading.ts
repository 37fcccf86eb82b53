import { Fault } from './fault';
import type { MissingHistogram, WasmLog } from './wasm_log';

/** Between payloads of a series lie those of others: up to this many bytes are read along rather than left out. */
const MAX_GAP = 128 << 10;
/** At most so much is read at once, unless one payload is longer, bytes. */
const MAX_READ = 4 << 20;
/** So many reads are under way at a time: a host answers each after a while. */
const READS_AT_A_TIME = 6;

/** Others that are asked for meanwhile may take the place of what was decoded: it is tried so often. */
const ROUNDS = 3;

/** Gives bytes [from, to) of a file; rejects when they are gone. */
type Read = (file: number, from: number, to: number) => Promise<Uint8Array>;

/** A stretch of a file, and the payloads in it. */
interface Stretch {
  file: number;
  from: number;
  to: number;
  payloads: MissingHistogram[];
}

/** Payloads of one series as few stretches of their files. */
export function stretchesOf(missing: readonly MissingHistogram[]): Stretch[] {
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
 * Reads and decodes the histograms of some points that are not decoded yet.
 *
 * @throws Fault `histograms_too_big` when the series has more than may be kept.
 */
export async function decodeHistograms(log: WasmLog, series: number, points: Uint32Array, read: Read): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const missing = log.missingHistograms(series, points);
    if (missing.length === 0) return;
    await decode(log, series, missing, read);
  }
  throw new Fault({ code: 'histograms_too_big' });
}

async function decode(log: WasmLog, series: number, missing: readonly MissingHistogram[], read: Read): Promise<void> {
  const stretches = stretchesOf(missing);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let stretch = stretches[next++]; stretch; stretch = stretches[next++]) {
      const { file, from, to, payloads } = stretch;
      const bytes = await read(file, from, to);
      for (const { point, offset, length } of payloads) {
        const payload = bytes.subarray(offset - from, offset - from + length);
        if (!log.addHistogram(series, point, payload)) throw new Fault({ code: 'histograms_too_big' });
      }
    }
  };
  await Promise.all(Array.from({ length: READS_AT_A_TIME }, work));
}

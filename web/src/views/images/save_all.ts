import type { Engine } from '../../engine/engine';
import { asWireError, Fault } from '../../faults/fault';
import { bytesOf } from '../../engine/values/media';
import { imageFileName } from './image_text';
import { ZipWriter } from '../zip';

/** What is to be saved: every image of a series. */
export interface SavedSeries {
  series: number;
  tag: string;
  run: string;
}

export interface SavedCount {
  images: number;
  /** Points that could not be read. */
  failed: number;
}

/** Where the parts of a file go. */
interface Sink {
  write(part: BlobPart): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

/** Only what is used of it: few browsers have it. */
interface Picker {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<{ createWritable(): Promise<Sink> }>;
}

/** Parts of this size are handed over together, bytes. */
const PART_BYTES = 4 << 20;

/**
 * Where a person wants it on the disk, part by part; else in the browser's own store of Blobs, from which it is
 * downloaded. Neither is in the memory of the page. To be called while a person acts.
 *
 * @returns undefined = the person does not want to.
 */
export async function openSink(name: string): Promise<Sink | undefined> {
  const { showSaveFilePicker: pick } = globalThis as Picker;
  if (pick) {
    try {
      return await (await pick({ suggestedName: name })).createWritable();
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return undefined;
      // In a frame of another site there is none.
    }
  }
  let parts: Blob[] = [];
  return {
    write(part) {
      parts.push(new Blob([part]));
      return Promise.resolve();
    },
    close() {
      const url = URL.createObjectURL(new Blob(parts, { type: 'application/zip' }));
      Object.assign(document.createElement('a'), { href: url, download: name }).click();
      // The download has begun by then.
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
      return Promise.resolve();
    },
    abort() {
      parts = [];
      return Promise.resolve();
    },
  };
}

/**
 * Writes every image of all series as a ZIP. What cannot be read is left out and counted.
 *
 * @param tell called with what was saved until now.
 * @throws Fault `cancelled` when the signal aborts, or why nothing could be written
 */
export async function saveAll(
  engine: Engine,
  all: readonly SavedSeries[],
  sink: Sink,
  signal: AbortSignal,
  tell: (count: SavedCount) => void,
): Promise<void> {
  const zip = new ZipWriter();
  const count = { images: 0, failed: 0 };
  const names = new Map<string, number>();
  let waiting: Uint8Array<ArrayBuffer>[] = [];
  const flush = async (): Promise<void> => {
    const parts = waiting;
    waiting = [];
    await sink.write(new Blob(parts));
  };
  try {
    for (const { series, tag, run } of all) {
      const { points, steps, hasPayload } = await engine.points(series);
      for (const [i, point] of points.entries()) {
        if (hasPayload[i] !== 1) continue;
        const media = await engine.media(series, point, signal).catch((error: unknown) => {
          if (signal.aborted) throw new Fault({ code: 'cancelled' });
          return void asWireError(error);
        });
        if (!media || media.error !== '') count.failed++;
        if (!media) continue;
        for (const [sample, item] of media.items.entries()) {
          const name = imageFileName({ tag, run, sample, step: undefined }, steps[i] as bigint, item.mime);
          // Of a run that was restarted, a step may be there twice; and two runs may have one name in the eyes of a disk.
          const times = names.get(name) ?? 0;
          names.set(name, times + 1);
          const own = times === 0 ? name : name.replace(/(\.\w+)$/, ` (${times + 1})$1`);
          waiting.push(...(await zip.add(own, bytesOf(media, item))));
          count.images++;
        }
        if (waiting.reduce((sum, part) => sum + part.length, 0) >= PART_BYTES) await flush();
        tell({ ...count });
      }
    }
    waiting.push(...zip.end());
    await flush();
    await sink.close();
  } catch (error) {
    await sink.abort().catch(() => undefined);
    throw error;
  }
}

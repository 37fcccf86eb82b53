import type { Engine } from '../../engine/engine';
import { Fault } from '../../faults/fault';
import { bytesOf, type ImageItem, type MediaItem, type MediaPoint } from '../../engine/values/media';
import type { Source } from './pixels/jobs';

interface Read {
  point: Promise<MediaPoint | undefined>;
  abort: AbortController;
  readers: number;
}

/** Reads points for whoever shows their samples: what several ask for at once is read once, and cancelled with the last of them. */
export class PointReads {
  private readonly reads = new Map<string, Read>();

  constructor(private readonly engine: Engine) {}

  /** Rejects with a Fault, `cancelled` when the signal aborts. */
  async read(series: number, point: number, signal: AbortSignal): Promise<MediaPoint | undefined> {
    const key = `${series} ${point}`;
    let read = this.reads.get(key);
    if (!read) {
      const abort = new AbortController();
      read = { point: this.engine.media(series, point, abort.signal), abort, readers: 0 };
      this.reads.set(key, read);
      const end = (): void => void this.reads.delete(key);
      read.point.then(end, end);
    }
    const { abort } = read;
    read.readers++;
    const leave = (): void => {
      read.readers--;
      if (read.readers > 0) return;
      this.reads.delete(key);
      abort.abort();
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      const value = await read.point;
      if (signal.aborted) throw new Fault({ code: 'cancelled' });
      return value;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }
}

/** One for each item, however often it is asked for. */
const sources = new WeakMap<MediaItem, Source>();

/** The bytes of an item as the worker takes them. */
export function sourceOf(point: MediaPoint, item: ImageItem, key: string): Source {
  const known = sources.get(item);
  if (known) return known;
  const source: Source = { key, blob: new Blob([bytesOf(point, item)], { type: item.mime }) };
  sources.set(item, source);
  return source;
}

import { isLocal, sizeOf, slice, stream } from '../sources/read';
import type { SourceRef } from '../sources/source_ref';
import { asReadError, Fault } from './fault';
import type { RemoteReads } from './remote_reads';

/** How the worker reads any source: local ones itself, URLs through the page. Whatever fails is thrown as a Fault. */
export class SourceReader {
  /** @param signal ends what waits for a host. */
  constructor(
    private readonly remote: RemoteReads,
    private readonly signal: AbortSignal,
  ) {}

  /** In bytes; undefined for a URL: what a manifest says may be old, and the end will tell. */
  async size(source: SourceRef): Promise<number | undefined> {
    return isLocal(source) ? attempt(sizeOf(source)) : undefined;
  }

  /** Bytes from `from` on; `size` as {@link size} answered. */
  async *stream(source: SourceRef, from: number, size: number | undefined): AsyncGenerator<Uint8Array> {
    if (!isLocal(source)) {
      yield* this.remote.stream(source, from, undefined, this.signal);
      return;
    }
    try {
      yield* stream(source, from, size ?? (await sizeOf(source)));
    } catch (error) {
      throw new Fault(asReadError(error));
    }
  }

  /** Bytes [from, from + length), fewer at the end of the file; in a buffer of their own. */
  async slice(source: SourceRef, from: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (isLocal(source)) return new Uint8Array(await attempt(slice(source, from, from + length)));
    return collect(this.remote.stream(source, from, from + length, this.signal));
  }

  /** The same source with its bytes in memory. */
  async load(source: SourceRef): Promise<SourceRef> {
    const { id, path } = source;
    const bytes = isLocal(source)
      ? await attempt(sizeOf(source).then((size) => slice(source, 0, size)))
      : (await collect(this.remote.stream(source, 0, undefined, this.signal))).buffer;
    return { id, path, size: bytes.byteLength, bytes };
  }
}

async function attempt<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw new Fault(asReadError(error));
  }
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const all: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    all.push(piece);
    length += piece.length;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of all) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

import { isLocal, sizeOf, slice, stream } from '../sources/read';
import type { SourceRef } from '../sources/source_ref';
import { asReadError, Fault } from '../faults/fault';
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
    if ('of' in source) return source.size;
    return isLocal(source) ? attempt(sizeOf(source)) : undefined;
  }

  /** Bytes from `from` on; `size` as {@link size} answered. */
  async *stream(source: SourceRef, from: number, size: number | undefined): AsyncGenerator<Uint8Array> {
    if ('of' in source) {
      if (from < source.size) yield* this.stream(source.of, source.from + from, source.from + source.size);
      return;
    }
    if (!isLocal(source)) {
      yield* this.remote.stream(source, from, size, this.signal);
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
    if ('of' in source) {
      const left = Math.min(length, source.size - from);
      return left > 0 ? this.slice(source.of, source.from + from, left) : new Uint8Array();
    }
    if (isLocal(source)) return new Uint8Array(await attempt(slice(source, from, from + length)));
    return collect(this.remote.stream(source, from, from + length, this.signal));
  }

  /** The same source with its bytes in memory. */
  async load(source: SourceRef): Promise<SourceRef & { bytes: ArrayBuffer }> {
    const { id, path } = source;
    const bytes = isLocal(source)
      ? await attempt(sizeOf(source).then((size) => slice(source, 0, size)))
      : (await collect(this.stream(source, 0, undefined))).buffer;
    return { id, path, size: bytes.byteLength, bytes };
  }
}

/** A stream whose start can be looked at before it is read. What fails meanwhile fails when it is read. */
export class PeekedStream {
  private readonly taken: Uint8Array[] = [];
  private failure: { error: unknown } | undefined;

  constructor(private readonly stream: AsyncGenerator<Uint8Array>) {}

  /** The first `length` bytes, fewer if there are no more. */
  async start(length: number): Promise<Uint8Array> {
    for (let at = 0; at < length;) {
      const next = await this.stream.next().catch((error: unknown) => void (this.failure = { error }));
      if (!next || next.done) break;
      this.taken.push(next.value);
      at += next.value.length;
    }
    const [first = new Uint8Array(), ...others] = this.taken;
    return (others.length === 0 ? first : concat(this.taken)).subarray(0, length);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      yield* this.taken.splice(0);
      if (this.failure) throw this.failure.error;
      yield* this.stream;
    } finally {
      await this.close();
    }
  }

  /** Reads no more of it. */
  async close(): Promise<void> {
    await this.stream.return(undefined);
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
  for await (const piece of pieces) all.push(piece);
  return concat(all);
}

function concat(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

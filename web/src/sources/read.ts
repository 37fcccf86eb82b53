import type { SourceRef } from './source_ref';

/**
 * A source whose bytes this very thread can read; a URL is read by the page alone (`read_url.ts`), a part by whoever can
 * read the whole.
 */
export type LocalRef = Exclude<SourceRef, { url: string } | { of: SourceRef }>;

export function isLocal(ref: SourceRef): ref is LocalRef {
  return !('url' in ref) && !('of' in ref);
}

/** A handle gives a fresh File each time: an old one cannot be read once the file has grown. */
async function blobOf(ref: LocalRef): Promise<Blob> {
  if ('handle' in ref) return ref.handle.getFile();
  return 'blob' in ref ? ref.blob : new Blob([ref.bytes]);
}

/** The size now, in bytes. @throws DOMException */
export async function sizeOf(ref: LocalRef): Promise<number> {
  return 'bytes' in ref ? ref.bytes.byteLength : (await blobOf(ref)).size;
}

/** Bytes [from, to), fewer at the end of the file. @throws DOMException */
export async function slice(ref: LocalRef, from: number, to: number): Promise<ArrayBuffer> {
  return 'bytes' in ref ? ref.bytes.slice(from, to) : (await blobOf(ref)).slice(from, to).arrayBuffer();
}

/**
 * Bytes [from, to) in pieces of whatever size the browser likes. A file that grows meanwhile is gone on with: its first
 * `to` bytes are still the same. @throws DOMException
 */
export async function* stream(ref: LocalRef, from: number, to: number): AsyncGenerator<Uint8Array> {
  if ('bytes' in ref) {
    yield new Uint8Array(ref.bytes, from, Math.max(0, to - from));
    return;
  }
  for (let failedAt = -1; from < to;) {
    try {
      for await (const bytes of chunks((await blobOf(ref)).slice(from, to).stream())) {
        yield bytes;
        from += bytes.length;
      }
      return;
    } catch (error) {
      const changed = error instanceof DOMException && error.name === 'NotReadableError';
      if (!changed || !('handle' in ref) || failedAt === from) throw error;
      failedAt = from;
    }
  }
}

/** The chunks of a stream, the next one always on its way. (Not every browser iterates over streams itself.) */
export async function* chunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  const read = (): ReturnType<typeof reader.read> => {
    const next = reader.read();
    // It is awaited below, or, when the caller stops early, not wanted.
    next.catch(() => undefined);
    return next;
  };
  try {
    for (let next = read(); ;) {
      const { value, done } = await next;
      if (done) return;
      next = read();
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

import { Fault } from '../faults/fault';
import { isLocal, sizeOf, slice } from './read';
import { sizeOfUrl, streamUrl } from './read_url';
import type { SourceRef } from './source_ref';

/**
 * A small file as text. Only the page calls this: it may fetch.
 *
 * @throws Fault `file_too_large` beyond `limit` bytes, or whatever keeps it from being read; DOMException
 */
export async function readText(
  source: SourceRef,
  limit: number,
  signal: AbortSignal = new AbortController().signal,
): Promise<string> {
  return new TextDecoder().decode(await readBytes(source, limit, signal));
}

/**
 * A file of at most `limit` bytes. Only the page calls this: it may fetch.
 *
 * @throws Fault and DOMException as {@link readText}
 */
export async function readBytes(
  source: SourceRef,
  limit: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  // One byte more tells whether there is more.
  const bytes = await readRange(source, 0, limit + 1, signal);
  if (bytes.length > limit) throw new Fault({ code: 'file_too_large' });
  return bytes;
}

/**
 * Bytes [from, to) of a file, fewer at its end. Only the page calls this: it may fetch.
 *
 * @throws Fault and DOMException as {@link readText}
 */
export async function readRange(
  source: SourceRef,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  if (isLocal(source)) return new Uint8Array(await slice(source, from, to));
  if ('of' in source) return readRange(source.of, source.from + from, source.from + Math.min(to, source.size), signal);
  const pieces: BlobPart[] = [];
  // Where the size is known, no host is asked for what lies behind the end.
  const end = Math.min(to, source.size ?? Infinity);
  for await (const piece of streamUrl(source, from, end, signal)) pieces.push(piece as Uint8Array<ArrayBuffer>);
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/** The size of a file; of a URL as far as a manifest tells it. Only the page calls this. @throws Fault; DOMException */
export async function sizeOfSource(source: SourceRef, signal: AbortSignal): Promise<number> {
  if ('of' in source) return source.size;
  return isLocal(source) ? sizeOf(source) : (source.size ?? sizeOfUrl(source, signal));
}

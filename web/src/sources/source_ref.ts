import type { UrlRef } from './read_url';

/**
 * A place where bytes can be read from, as data: structured-cloneable, so that it can be posted to the worker and kept
 * for "read again". A handle is preferred to the `File` it gives: every `slice()` of a `File` fails once the file has
 * grown, a fresh `getFile()` does not.
 */
export type SourceRef = {
  /** Unique within the page. */
  id: number;
  /** Path below what was dropped or picked, '/' between names, with the file's name. */
  path: string;
  size?: number;
} & ({ blob: Blob } | { handle: FileSystemFileHandle } | UrlRef | { bytes: ArrayBuffer } | Part);

/** `size` bytes of another source, from `from` on: a file that stands in an archive as it is. */
interface Part {
  of: SourceRef;
  from: number;
  size: number;
}

import type { WireError } from './protocol';

/** An error that knows what it is: what a {@link WireError} is thrown as, on either side of the seam. */
export class Fault extends Error {
  constructor(readonly error: WireError) {
    super([error.code, error.detail].filter(Boolean).join(': '));
  }
}

/** What went wrong, as it crosses the seam. What nobody foresaw is a bug. */
export function asWireError(error: unknown): WireError {
  if (error instanceof Fault) return error.error;
  return { code: 'bug', detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
}

/** Why the bytes of a local file could not be read. */
export function asReadError(error: unknown): WireError {
  if (!(error instanceof DOMException)) return asWireError(error);
  // Browsers refuse a File whose file has another size or time than when it was chosen.
  if (error.name === 'NotReadableError') return { code: 'changed_on_disk', detail: error.name };
  return { code: 'unreadable', detail: error.name };
}

/** A fault as it crosses a seam: a code and facts. `model/errors.ts` makes the sentence. */
export interface WireError {
  code: ErrorCode;
  file?: string;
  offset?: number;
  /** Of the file, in bytes: it was read up to `offset`, and no further. */
  size?: number;
  detail?: string;
  /** What was gone over, of `too_big` and its like. */
  limit?: number;
  /** Where in the file it is, of `bad_manifest`: `files[3]`. */
  place?: string;
}

/** The codes of `wasm/base/error_code.h` (same names) and those that only the web side can meet. */
export type ErrorCode =
  | 'too_big'
  | 'not_an_event_file'
  | 'bad_archive'
  | 'unsupported'
  | 'no_event_files'
  | 'nested_archive'
  | 'several_of_a_name'
  | 'cancelled'
  | 'changed_on_disk'
  | 'value_too_big'
  | 'histograms_too_big'
  | 'undecodable'
  | 'unreadable'
  | 'network'
  | 'offline'
  | 'cors'
  | 'mixed_content'
  | 'http_status'
  | 'changed_on_host'
  | 'no_parts'
  | 'wrong_sha256'
  | 'bad_url'
  | 'too_many_urls'
  | 'bad_manifest'
  | 'not_a_listing'
  | 'listing_too_big'
  | 'bad_hub_place'
  | 'bad_hub_answer'
  | 'no_manifest'
  | 'file_too_large'
  | 'bad_hparams'
  | 'bad_bookmarks'
  | 'not_a_graph'
  | 'bad_link_data'
  | 'wasm_abort'
  | 'bug';

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

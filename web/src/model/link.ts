import { VERSION } from './url_state';

/**
 * What a link names to be opened, in the hash beside the state (`url_state.ts`): `#v=1&url=…&url=…`. It stays as it is
 * while the state changes, and a person can read in it which host is asked.
 */
const SOURCE_FIELDS = ['url'];

/** The URLs that a hash names, in its order. */
export function linkedUrls(hash: string): string[] {
  return new URLSearchParams(hash.replace(/^#/, '')).getAll('url');
}

/** The part of a hash that says what is opened; '' = nothing is. */
export function sourcePart(hash: string): string {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  const kept = [...params].filter(([name]) => SOURCE_FIELDS.includes(name));
  return new URLSearchParams(kept).toString().replace(/%(?:2F|2C|3A)/g, decodeURIComponent);
}

/** A hash of a state as `encodeState` makes it, with what is opened. */
export function withSources(hash: string, sources: string): string {
  if (sources === '') return hash;
  return hash === '' ? `v=${VERSION}&${sources}` : hash.replace(/^v=\d+/, `$&&${sources}`);
}

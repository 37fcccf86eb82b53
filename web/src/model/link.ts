import { VERSION } from './url_state';

/**
 * What a link names to be opened, in the hash beside the state (`url_state.ts`): `#v=1&url=…&url=…&hf=…`. It stays as it
 * is while the state changes, and a person can read in it which host is asked.
 */
const SOURCE_FIELDS = ['url', 'hf'];

/** No link names more URLs: it could make a page ask as many hosts. */
export const MAX_LINKED = 32;

/** The URLs that a hash names, in its order; those of the Hugging Face Hub (`hf=user/repo`) are `hf://user/repo`. */
export function linkedUrls(hash: string): string[] {
  return [...sourceParams(hash)].map(([name, value]) =>
    // No URL has a space: who wrote a plus into a link by hand meant it.
    name === 'hf' ? `hf://${value}` : value.replaceAll(' ', '+'),
  );
}

/** The part of a hash that names such URLs. */
export function sourcesOf(urls: readonly string[]): string {
  return written(urls.map((url) => (url.startsWith('hf://') ? ['hf', url.slice('hf://'.length)] : ['url', url])));
}

/** The part of a hash that says what is opened; '' = nothing is. */
export function sourcePart(hash: string): string {
  return sourcesOf(linkedUrls(hash));
}

/** A hash of a state as `encodeState` makes it, with what is opened. */
export function withSources(hash: string, sources: string): string {
  if (sources === '') return hash;
  return hash === '' ? `v=${VERSION}&${sources}` : hash.replace(/^v=\d+/, `$&&${sources}`);
}

function sourceParams(hash: string): [string, string][] {
  return [...new URLSearchParams(hash.replace(/^#/, ''))].filter(([name]) => SOURCE_FIELDS.includes(name));
}

function written(params: string[][]): string {
  // A fragment may hold these as they are.
  return new URLSearchParams(params).toString().replace(/%(?:2F|2C|3A|40)/g, decodeURIComponent);
}

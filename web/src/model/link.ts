import { VERSION } from './url_state';

/**
 * What a link names to be opened, in the hash beside the state (`url_state.ts`): `#v=1&url=…&url=…`. It stays as it is
 * while the state changes, and a person can read in it which host is asked.
 */
const SOURCE_FIELDS = ['url', 'data', 'name'];
/** No name of a folder is longer; one in a link may be. */
const MAX_NAME = 200;

/** The URLs that a hash names, in its order. */
export function linkedUrls(hash: string): string[] {
  return new URLSearchParams(hash.replace(/^#/, '')).getAll('url');
}

/** The logs that a hash holds itself (`sources/packed_logs.ts`); undefined = none. */
export function linkedData(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, '')).get('data') ?? undefined;
}

/** What was open where a link was made, of which it holds only how it is seen, or the logs themselves; '' = unknown. */
export function linkedName(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, '')).get('name')?.slice(0, MAX_NAME) ?? '';
}

/** Whether a hash says where the logs come from: whoever opens the link need not have them. */
export function isElsewhere(hash: string): boolean {
  return linkedUrls(hash).length > 0 || linkedData(hash) !== undefined;
}

/** The part of a hash that says what is opened; '' = nothing is. */
export function sourcePart(hash: string): string {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  return writtenSources([...params].filter(([name]) => SOURCE_FIELDS.includes(name)));
}

/** Such a part, of its fields. */
export function writtenSources(fields: readonly [name: string, value: string][]): string {
  return new URLSearchParams([...fields]).toString().replace(/%(?:2F|2C|3A)/g, decodeURIComponent);
}

/** Where the page at `/` is, as the URL of one of the three says. */
export function siteRoot(page: string): string {
  return new URL(page.replace(/[?#].*$/s, '').replace(/(?:\/(?:open|embed))?\/(?:index\.html)?$/, '/')).href;
}

/** A hash of a state as `encodeState` makes it, with what is opened. */
export function withSources(hash: string, sources: string): string {
  if (sources === '') return hash;
  return hash === '' ? `v=${VERSION}&${sources}` : hash.replace(/^v=\d+/, `$&&${sources}`);
}

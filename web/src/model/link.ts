import { asFragment } from './fragment';
import { VERSION } from './url_state';

/**
 * What a link names to be opened, in the hash beside the state (`url_state.ts`): `#v=1&url=…&url=…&hf=…`. It stays as it
 * is while the state changes, and a person can read in it which host is asked.
 */
/** No name of a folder is longer; one in a link may be. */
const MAX_NAME = 200;

/** No link names more URLs: it could make a page ask as many hosts. */
export const MAX_LINKED = 32;

/** The URLs that a hash names, in its order; those of the Hugging Face Hub (`hf=user/repo`) are `hf://user/repo`. */
export function linkedUrls(hash: string): string[] {
  // In a URL that was written into a link by hand, a plus is meant as one; and no URL has a space.
  const meant = hash.replace(/(?<=^#?|&)url=[^&]*/g, (field) => field.replaceAll('+', '%2B'));
  return fieldsOf(meant, ['url', 'hf']).map(([name, value]) =>
    name === 'hf' ? `hf://${value}` : value.replaceAll(' ', '%20'),
  );
}

/** The part of a hash that names such URLs. */
export function sourcesOf(urls: readonly string[]): string {
  return writtenSources(
    urls.map((url) => (url.startsWith('hf://') ? ['hf', url.slice('hf://'.length)] : ['url', url])),
  );
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
  const urls = sourcesOf(linkedUrls(hash));
  const others = writtenSources(fieldsOf(hash, ['data', 'name']));
  return urls === '' || others === '' ? urls + others : `${urls}&${others}`;
}

/** Such a part, of its fields. */
export function writtenSources(fields: readonly [name: string, value: string][]): string {
  // Of a revision on the Hub.
  return asFragment(fields).replaceAll('%40', '@');
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

function fieldsOf(hash: string, names: readonly string[]): [string, string][] {
  return [...new URLSearchParams(hash.replace(/^#/, ''))].filter(([name]) => names.includes(name));
}

/** The link to what is seen, and what is to be said of it. Pure, but for the compression. */
import type { OpenFile } from '../sources/event_files';
import { isElsewhere, linkedData, linkedUrls, siteRoot, sourcePart, withSources, writtenSources } from './link';
import type { State } from './state';
import { plural } from './format';
import { hostOf } from '../sources/link_url';

/**
 * Where the logs come from, for whoever gets the link: from hosts that it names, out of the link itself, from the server
 * that the page itself comes from, or from nowhere: they are local files.
 */
export type Origin =
  | { kind: 'hosts'; hosts: readonly string[] }
  | { kind: 'link' }
  | { kind: 'server'; host: string; isThisComputer: boolean }
  | { kind: 'local' };

/** @param page URL of the page with its hash */
export function originOf(page: string, files: readonly OpenFile[]): Origin {
  const { hash, host, hostname } = new URL(page);
  const urls = linkedUrls(hash);
  if (urls.length > 0) {
    // Anybody may have written them.
    return { kind: 'hosts', hosts: [...new Set(urls.map((url) => hostOf(url) ?? url))] };
  }
  if (linkedData(hash) !== undefined) return { kind: 'link' };
  if (!files.some(({ source }) => 'url' in source)) return { kind: 'local' };
  return { kind: 'server', host, isThisComputer: isThisComputer(hostname) };
}

/** Whether a host, with its port or without, is the computer that asks it. */
export function isThisComputer(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
}

/** The sources that a link names. @param data the logs, to be put into it; undefined = not */
export function sourcesToShare(page: string, name: string, origin: Origin, data: string | undefined): string {
  const { hash } = new URL(page);
  if (isElsewhere(hash)) return sourcePart(hash);
  if (origin.kind === 'server') return '';
  return writtenSources([...(data === undefined ? [] : [['data', data] as [string, string]]), ['name', name]]);
}

/** @param encoded the state as `encodeState` writes it */
export function shareLink(page: string, origin: Origin, encoded: string, sources: string): string {
  const hash = withSources(encoded, sources);
  return `${siteRoot(page)}${origin.kind === 'hosts' ? 'open/' : ''}${hash === '' ? '' : `#${hash}`}`;
}

/** What the link carries, in words: "8 runs, 3 pins, zoom and scales included". */
export function contentText(state: State, visibleRuns: number): string {
  const parts = [
    plural(visibleRuns, 'run'),
    ...(state.pins.value.length > 0 ? [plural(state.pins.value.length, 'pin')] : []),
    ...(state.runFilter.value !== '' || state.tagFilter.value !== '' ? ['filters'] : []),
    ...(state.zoom.value.size > 0 ? ['zoom'] : []),
    ...(state.yOfTag.value.size > 0 || state.y.value !== 'linear' ? ['scales'] : []),
    ...(state.colours.value.size > 0 ? ['colours'] : []),
  ];
  const last = parts.pop() as string;
  return `${parts.length > 0 ? `${parts.join(', ')} and ` : ''}${last} included`;
}

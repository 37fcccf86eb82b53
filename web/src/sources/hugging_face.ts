/**
 * Repositories of the Hugging Face Hub, by its public API: `…/api/models/USER/REPO/tree/REVISION/PATH?recursive=true`
 * lists files in pages that the Link header joins, `…/USER/REPO/resolve/REVISION/PATH` is the bytes of one.
 */
import { Fault } from '../faults/fault';
import { nextSourceId } from './event_files';
import type { SourceRef } from './source_ref';

/** Where the Hub is. */
export const HUB = 'https://huggingface.co';
/** Of an answer of the API, and how many there may be. */
export const MAX_PAGE_BYTES = 8 << 20;
const MAX_PAGES = 200;

/** A place in a repository: `[datasets/|spaces/]user/repo[@revision][/path]`. */
export interface HubPlace {
  type: 'models' | 'datasets' | 'spaces';
  /** `user/repo`. */
  repo: string;
  /** A branch, a tag or a commit. */
  revision: string;
  /** '' = all of it. */
  path: string;
}

/** One page of the API: its text, and what its Link header says. */
export interface HubPage {
  text: string;
  link: string | null;
}

const NAME = '[A-Za-z0-9][\\w.-]*';
const TYPES = /^(datasets|spaces|models)\//;
const PLACE = new RegExp(`^(?:(datasets|spaces|models)/)?(${NAME}/${NAME})(?:@([^/@]+))?(?:/(.*))?$`);

/** @throws Fault `bad_hub_place` */
export function parseHubPlace(text: string): HubPlace {
  const [, type = 'models', repo, revision = 'main', rest = ''] = PLACE.exec(text) ?? [];
  const path = rest.replace(/\/+$/, '');
  const rev = decode(revision);
  const names = [...(path === '' ? [] : path.split('/')), ...(rev?.split('/') ?? [''])];
  // eslint-disable-next-line no-control-regex
  const isBad = names.some((name) => name === '' || name === '.' || name === '..' || /[\\\0-\x1f\x7f]/.test(name));
  const isCutOff = repo === undefined || TYPES.test(repo);
  if (isCutOff || rev === undefined || isBad) throw new Fault({ code: 'bad_hub_place', detail: text });
  return { type: type as HubPlace['type'], repo, revision: rev, path };
}

/** The place that a page of the Hub shows, as its address says; undefined = it is no such page. */
export function hubPlaceOfPage(url: string): string | undefined {
  const [, type = '', repo, revision, path = ''] =
    new RegExp(`^${HUB}/(datasets/|spaces/)?(${NAME}/${NAME})(?:/tree/([^/?#]+)(/[^?#]*)?)?/?(?:[?#].*)?$`).exec(url) ??
    [];
  if (repo === undefined || TYPES.test(repo) || /^(api|docs)\//.test(repo)) return undefined;
  return `${type}${repo}${revision === undefined ? '' : `@${revision}`}${decode(path) ?? path}`;
}

/** Where the bytes of a file are. */
export function hubFileUrl({ type, repo, revision }: HubPlace, path: string): string {
  const prefix = type === 'models' ? '' : `${type}/`;
  return `${HUB}/${prefix}${repo}/resolve/${encodeURIComponent(revision)}/${encodePath(path)}`;
}

/**
 * All files at a place.
 *
 * @param read fetches one page
 * @returns files by their paths, which begin with `name` in place of the place's path
 * @throws Fault `bad_hub_answer`, or what `read` throws
 */
export async function listHub(
  place: HubPlace,
  name: string,
  read: (url: string) => Promise<HubPage>,
): Promise<SourceRef[]> {
  const { type, repo, revision, path } = place;
  const tree = `${HUB}/api/${type}/${repo}/tree/${encodeURIComponent(revision)}`;
  const below = path === '' ? '' : `${path}/`;
  const refs: SourceRef[] = [];
  let url: string | undefined = `${tree}${path === '' ? '' : `/${encodePath(path)}`}?recursive=true`;
  for (let pages = 0; url !== undefined; pages++) {
    if (pages === MAX_PAGES) throw new Fault({ code: 'listing_too_big', detail: 'pages', limit: MAX_PAGES, file: url });
    const page: HubPage = await read(url);
    for (const { path: file, size } of filesOf(page.text, url)) {
      if (!file.startsWith(below)) continue;
      const ref = { id: nextSourceId(), path: `${name}/${file.slice(below.length)}`, url: hubFileUrl(place, file) };
      refs.push(size === undefined ? ref : { ...ref, size });
    }
    url = nextOf(page.link, tree);
  }
  return refs;
}

function filesOf(text: string, url: string): { path: string; size?: number }[] {
  const bad = (): Fault => new Fault({ code: 'bad_hub_answer', file: url });
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch {
    throw bad();
  }
  if (!Array.isArray(entries)) throw bad();
  return entries.flatMap((entry: unknown) => {
    const { type, path, size } = (entry ?? {}) as Record<string, unknown>;
    if (type !== 'file' || typeof path !== 'string') return [];
    if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) throw bad();
    return [typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? { path, size } : { path }];
  });
}

/** The next page, which only the Hub itself can have. */
function nextOf(link: string | null, tree: string): string | undefined {
  const next = /<([^<>]*)>\s*;\s*rel="?next"?/i.exec(link ?? '')?.[1];
  if (next === undefined) return undefined;
  // A repository that was renamed is another tree.
  if (!next.startsWith(`${HUB}/api/`)) throw new Fault({ code: 'bad_hub_answer', file: tree });
  return next;
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

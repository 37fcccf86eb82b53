/**
 * Listings of folders as web servers write them: nginx, Apache, `python -m http.server`, and others that do it as they
 * do. Only their links are looked at, and of those only the ones to what is directly in the folder.
 */
import { Fault, asWireError } from '../faults/fault';
import { nextSourceId } from './event_files';
import type { SourceRef } from './source_ref';

export const MAX_LISTING_BYTES = 8 << 20;
const MAX_DEPTH = 16;
const MAX_FOLDERS = 1000;
const MAX_FILES = 50_000;
/** Listings that are asked for at a time. */
export const AT_ONCE = 6;

/** A page that a host answered with, by the URL that it came from in the end. */
export interface Page {
  url: string;
  html: string;
}

/** What is in a listed folder. */
export interface Listing {
  files: { name: string; url: string }[];
  folders: { name: string; url: string }[];
}

/** Only what says that it is a listing is one: else a link to any page would be a walk through its site. */
const TITLE = /<(?:title|h1)[^<>]{0,200}>\s{0,20}(?:index of|directory listing for)\b/i;
/** Without `<` or `>` in between, so that no text takes longer than it is long. */
const LINK = /<a\s[^<>]*?href=(?:"([^"<>]*)"|'([^'<>]*)')/gi;

/** What a listing has in it; undefined = the page is none. */
export function parseListing({ url, html }: Page): Listing | undefined {
  if (!TITLE.test(html)) return undefined;
  const [files, folders] = [new Map<string, string>(), new Map<string, string>()];
  const folder = folderOf(url);
  for (const [, double, single] of html.matchAll(LINK)) {
    const below = nameBelow(folder, decodeEntities(double ?? single ?? ''));
    if (below) (below.isFolder ? folders : files).set(below.name, below.url);
  }
  const list = (found: Map<string, string>): Listing['files'] =>
    [...found].map(([name, link]) => ({ name, url: link }));
  return { files: list(files), folders: list(folders) };
}

/**
 * Everything below a listed folder.
 *
 * @param root the page of the folder
 * @param read fetches the page of a folder in it
 * @returns files by their paths, which begin with `name`; and the folders that could not be read
 * @throws Fault `not_a_listing`, or `listing_too_big`
 */
export async function walkListing(
  root: Page,
  name: string,
  read: (url: string) => Promise<Page>,
): Promise<{ refs: SourceRef[]; unreadable: string[] }> {
  const first = parseListing(root);
  if (!first) throw new Fault({ code: 'not_a_listing', file: root.url });
  const [refs, unreadable]: [SourceRef[], string[]] = [[], []];
  const tooBig = (limit: number, detail: string): Fault =>
    new Fault({ code: 'listing_too_big', detail, limit, file: root.url });
  const queue: { path: string; url: string; depth: number }[] = [];
  let folders = 0;
  const take = ({ files, folders: found }: Listing, path: string, depth: number): void => {
    for (const file of files) refs.push({ id: nextSourceId(), path: `${path}/${file.name}`, url: file.url });
    for (const folder of found) queue.push({ path: `${path}/${folder.name}`, url: folder.url, depth: depth + 1 });
    if (refs.length > MAX_FILES) throw tooBig(MAX_FILES, 'files');
    if ((folders += found.length) > MAX_FOLDERS) throw tooBig(MAX_FOLDERS, 'folders');
  };
  take(first, name, 0);
  const top = folderOf(root.url);
  while (queue.length > 0) {
    const batch = queue.splice(0, AT_ONCE);
    // A link to a folder above it, as some servers follow, has no end.
    if (batch.some(({ depth }) => depth > MAX_DEPTH)) throw tooBig(MAX_DEPTH, 'levels');
    const listings = await Promise.all(
      batch.map(async ({ url }) => {
        try {
          const page = await read(url);
          return page.url.startsWith(top) ? parseListing(page) : undefined;
        } catch (error) {
          if (error instanceof DOMException) throw error;
          // One folder that is refused costs only itself.
          return void asWireError(error);
        }
      }),
    );
    listings.forEach((listing, i) => {
      const { path, depth } = batch[i] as (typeof batch)[number];
      if (listing) take(listing, path, depth);
      else unreadable.push(path);
    });
  }
  return { refs, unreadable };
}

/** The URL that what is in a folder begins with. */
function folderOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.slice(0, pathname.lastIndexOf('/') + 1);
}

/** What a link leads to, if that is directly in the folder. */
function nameBelow(folder: string, link: string): { name: string; url: string; isFolder: boolean } | undefined {
  if (!URL.canParse(link, folder)) return undefined;
  const { href: url, search, hash } = new URL(link, folder);
  // Those with a query sort the listing.
  if (!url.startsWith(folder) || search !== '' || hash !== '' || /[?#]/.test(link)) return undefined;
  const rest = url.slice(folder.length);
  const isFolder = rest.endsWith('/');
  const name = decoded(isFolder ? rest.slice(0, -1) : rest);
  // eslint-disable-next-line no-control-regex
  if (name === '' || name === '.' || name === '..' || /[/\\\0-\x1f\x7f]/.test(name)) return undefined;
  return { name, url, isFolder };
}

/** Less its escapes, as far as they are any. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const ENTITIES: Partial<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[String(name)] ?? String(whole);
    const code = decimal === undefined ? parseInt(String(hex), 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : String(whole);
  });
}

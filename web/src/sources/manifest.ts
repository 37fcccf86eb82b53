import { asWireError, Fault } from '../faults/fault';
import { nextSourceId, selectEventFiles, type Opened } from './event_files';
import { mayBeAlone, type Neighbour } from './find_neighbours';
import { isNeighbourKind } from './neighbours.mjs';
import { readText } from './read_text';
import type { SourceRef } from './source_ref';

/** More is no list of logs. The text is parsed in one go, so that the page stands still for as long. */
export const MAX_MANIFEST_BYTES = 32 << 20;
const MAX_FILES = 100_000;
const MAX_NAME = 1000;
const MAX_PATH = 4096;

/** A file of a manifest. */
interface Listed {
  path: string;
  /** Absolute. */
  url?: string;
  size: number;
  sha256?: string;
}

/**
 * The logs that are served beside the page, if a `<meta name="tensorpane-logs">` says where. Without it nothing is
 * asked of the host.
 *
 * @throws Fault when the manifest cannot be fetched or understood.
 */
export async function readManifest(page: Document): Promise<Opened | undefined> {
  const place = page.querySelector<HTMLMetaElement>('meta[name="tensorpane-logs"]')?.content;
  if (place === undefined) return undefined;
  const url = new URL(place, page.baseURI).href;
  const text = await readText({ id: nextSourceId(), path: place, url }, MAX_MANIFEST_BYTES).catch((error: unknown) => {
    const { code, detail } = asWireError(error);
    throw new Fault({ code: 'no_manifest', file: url, detail: code === 'http_status' ? `HTTP ${detail}` : (detail ?? code) }); // prettier-ignore
  });
  return openManifest(text, url);
}

/**
 * What a manifest names (`docs/manifest.md`), whoever wrote it: nothing in it is taken on trust.
 *
 * @param text JSON
 * @param base URL of the manifest, to which those in it are relative, and whose host they are at.
 * @throws Fault `bad_manifest`
 */
export async function openManifest(text: string, base: string): Promise<Opened> {
  const bad = (detail: string, place?: string): Fault =>
    new Fault({ code: 'bad_manifest', detail, file: base, ...(place === undefined ? {} : { place }) });
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    throw bad('json');
  }
  if (!isRecord(manifest)) throw bad('json');
  const { version, name, files, beside = [] } = manifest;
  if (version !== 1) throw bad(typeof version === 'number' && version > 1 ? 'newer' : 'version');
  if (typeof name !== 'string' || name.length > MAX_NAME) throw bad('name');
  if (!Array.isArray(files)) throw bad('files');
  if (!Array.isArray(beside)) throw bad('beside');
  if (files.length + beside.length > MAX_FILES) throw bad('too_many');

  const taken = new Set<string>();
  const read = (entry: unknown, place: string): Listed => {
    if (!isRecord(entry)) throw bad('entry', place);
    const { path, url, size, sha256 } = entry;
    if (typeof path !== 'string' || !isPath(path)) throw bad('path', place);
    if (taken.has(path)) throw bad('twice', place);
    taken.add(path);
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw bad('size', place);
    if (sha256 !== undefined && !(typeof sha256 === 'string' && /^[0-9a-f]{64}$/i.test(sha256))) throw bad('sha256', place); // prettier-ignore
    const listed: Listed = { path, size, ...(sha256 === undefined ? {} : { sha256 }) };
    if (url === undefined) return listed;
    if (typeof url !== 'string' || url.length > MAX_PATH || !URL.canParse(url, base)) throw bad('url', place);
    const { href, origin, protocol } = new URL(url, base);
    if (!/^https?:$/.test(protocol)) throw bad('url', place);
    if (origin !== new URL(base).origin) throw bad('other_host', place);
    return { ...listed, url: href };
  };

  const root = name.replaceAll('/', ' ');
  const refs = files.map((entry, i): SourceRef => {
    const { path, url, size, sha256 } = read(entry, `files[${i}]`);
    if (url === undefined) throw bad('url', `files[${i}]`);
    return { id: nextSourceId(), path: `${root}/${path}`, size, url, ...(sha256 === undefined ? {} : { sha256 }) };
  });
  const neighbours = beside.flatMap((entry: unknown, i): Neighbour[] => {
    const { path, url, size, sha256 } = read(entry, `beside[${i}]`);
    const { kind, isPart } = entry as Record<string, unknown>;
    // One that is new to this page is left alone.
    if (typeof kind !== 'string' || !isNeighbourKind(kind)) return [];
    const part = isPart === true ? { isPart } : {};
    if (url === undefined) return [{ path, kind, size, ...part }];
    const source = { id: nextSourceId(), path, size, url, ...(sha256 === undefined ? {} : { sha256 }) };
    return [{ path, kind, size, ...part, source }];
  });
  // Files of embeddings that no config names are said to be some.
  const hasConfig = neighbours.some(({ kind }) => kind === 'projector_config');
  const stated = neighbours.map((file): Neighbour => {
    const isAlone = file.kind === 'embedding' && !hasConfig && !file.isPart && mayBeAlone(file.path);
    return isAlone ? { ...file, alone: true } : file;
  });
  return { ...(await selectEventFiles([root], refs)), beside: stated, name };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether it is a path below where it is, '/' between names, as a person can read it. */
function isPath(path: string): boolean {
  // eslint-disable-next-line no-control-regex
  if (path.length > MAX_PATH || /[\0-\x1f\x7f\\]/.test(path)) return false;
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}

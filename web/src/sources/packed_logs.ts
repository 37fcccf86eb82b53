/**
 * Small logs inside of a link: the `data` field of a hash, which `docs/links.md` describes for whoever writes one. It is,
 * deflated and in base64url, a line of JSON, `[["path", size], …]`, and behind it the bytes of these files.
 */
import { Fault } from '../faults/fault';
import { deflated, fromBase64Url, inflated, toBase64Url } from '../model/deflate';
import { nextSourceId, selectEventFiles, type Opened } from './event_files';
import { isEventFile } from './log_names.mjs';

/** No more goes into a link, bytes: such a link still passes through chats and mails. */
export const MAX_PACKED = 6000;
/** Nor is more taken out of one: bytes, files, letters of a path. */
export const MAX_UNPACKED = 1 << 20;
const MAX_FILES = 200;
const MAX_PATH = 500;

export interface PackedFile {
  /** Below the log directory, '/' between names. */
  path: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** What a link says in its `data`; undefined = they are too large for that. */
export async function packLogs(files: readonly PackedFile[]): Promise<string | undefined> {
  const head = `${JSON.stringify(files.map(({ path, bytes }) => [path, bytes.length]))}\n`;
  const packed = new Uint8Array(await new Blob([head, ...files.map(({ bytes }) => bytes)]).arrayBuffer());
  if (files.length > MAX_FILES || packed.length > MAX_UNPACKED || !files.every(({ path }) => isPath(path))) return;
  const small = await deflated(packed);
  return small.length > MAX_PACKED ? undefined : toBase64Url(small);
}

/** @throws Fault `bad_link_data` */
export async function unpackLogs(data: string): Promise<PackedFile[]> {
  const bad = (detail: string): Fault => new Fault({ code: 'bad_link_data', detail });
  if (data.length > Math.ceil((MAX_PACKED * 4) / 3)) throw bad('too long');
  const bytes = await inflatedData(data).catch(() => {
    throw bad('');
  });
  if (!bytes) throw bad('unpacks to more than 1 MB');
  const lineEnd = bytes.indexOf(10);
  const list = listOf(new TextDecoder().decode(bytes.subarray(0, Math.max(0, lineEnd))));
  if (!list) throw bad('no list of files');
  if (!list.every(([path]) => isPath(path))) throw bad('a path that leads elsewhere');
  if (new Set(list.map(([path]) => path)).size < list.length) throw bad('two files of one name');
  let at = lineEnd + 1;
  const files = list.map(([path, size]) => ({ path, bytes: bytes.slice(at, (at += size)) }));
  if (at !== bytes.length) throw bad('sizes that do not add up');
  return files;
}

/**
 * Opens what a link holds. Only event files are taken.
 *
 * @param name of the log directory, as the link says; '' = it does not.
 * @throws Fault `bad_link_data`
 */
export async function openPacked(data: string, name: string): Promise<Opened> {
  const root = name.replaceAll('/', ' ').slice(0, MAX_PATH) || 'Logs of the link';
  const refs = (await unpackLogs(data))
    .filter(({ path }) => isEventFile(path))
    .map(({ path, bytes }) => ({
      id: nextSourceId(),
      path: `${root}/${path}`,
      size: bytes.length,
      blob: new Blob([bytes]),
    }));
  return selectEventFiles([root], refs);
}

async function inflatedData(data: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return inflated(fromBase64Url(data), MAX_UNPACKED);
}

function listOf(json: string): [path: string, size: number][] | undefined {
  try {
    const list: unknown = JSON.parse(json);
    const isFile = (one: unknown): boolean =>
      Array.isArray(one) &&
      one.length === 2 &&
      typeof one[0] === 'string' &&
      Number.isSafeInteger(one[1]) &&
      one[1] >= 0;
    return Array.isArray(list) && list.length <= MAX_FILES && list.every(isFile)
      ? (list as [string, number][])
      : undefined;
  } catch {
    return undefined;
  }
}

/** It stays below the directory, in any system's way of writing paths. */
function isPath(path: string): boolean {
  // eslint-disable-next-line no-control-regex
  if (path.length > MAX_PATH || /[\\\u0000-\u001f\u007f]/.test(path)) return false;
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}

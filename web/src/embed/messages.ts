/**
 * The messages of `docs/embed-api.md`: what a page around an embed may ask. Whoever frames this page writes them, so
 * nothing in them is taken on trust: each is read field by field into one of ours, or refused with a sentence.
 */
import type { TensorPaneFile, TensorPaneRequest, TensorPaneRequestType, TensorPaneVersion } from '../../public/tensorpane'; // prettier-ignore
import { MAX_LINKED } from '../model/link';

export const API_VERSION: TensorPaneVersion = 1;

const MAX_FILES = 10_000;
const MAX_PATH = 4096;
const MAX_STATE = 1 << 20;
const MAX_TEXT = 1000;
const MAX_TOKENS = 32;

/** A message that is no request of ours: why. */
export class BadMessage extends Error {}

type Fields = Readonly<Record<string, unknown>>;

const READERS: { [T in TensorPaneRequestType]: (fields: Fields) => Omit<TensorPaneRequest<T>, 'tensorpane' | 'id'> } = {
  ping: () => ({ type: 'ping' }),
  open: ({ files, urls }) => ({ type: 'open', files: readFiles(files), urls: readUrls(urls) }),
  getState: () => ({ type: 'getState' }),
  setState: ({ state }) => ({ type: 'setState', state: readText(state, 'state', MAX_STATE) }),
  export({ what, tag }) {
    if (what !== 'png') throw new BadMessage('export: what must be "png"');
    return { type: 'export', what, ...(tag === undefined ? {} : { tag: readText(tag, 'tag', MAX_PATH) }) };
  },
  setStyle: ({ scheme, tokens }) => ({
    type: 'setStyle',
    ...(scheme === 'light' || scheme === 'dark' ? { scheme } : {}),
    tokens: readTokens(tokens),
  }),
  fail: ({ what, why }) => ({
    type: 'fail',
    what: readText(what, 'what', MAX_TEXT),
    why: readText(why, 'why', MAX_TEXT),
  }),
};

/** Whether a message is meant for this page; others on the same page may send what they like. */
export function isOurs(data: unknown): data is Fields {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, 'tensorpane');
}

/** What names the answer to a message, whatever else is wrong with it. */
export function idOf(data: Fields): { id?: string | number } {
  const id = own(data, 'id');
  return typeof id === 'number' || (typeof id === 'string' && id.length <= MAX_TEXT) ? { id } : {};
}

/** @throws BadMessage */
export function readRequest(data: Fields): TensorPaneRequest {
  const version = own(data, 'tensorpane');
  if (version !== API_VERSION) throw new BadMessage(`tensorpane must be ${API_VERSION}, the version of the messages`);
  const type = own(data, 'type');
  if (typeof type !== 'string' || !Object.hasOwn(READERS, type)) {
    throw new BadMessage(`type must be one of ${Object.keys(READERS).join(', ')}`);
  }
  const request = READERS[type as TensorPaneRequestType](ownFields(data));
  return { tensorpane: API_VERSION, ...request };
}

/** Without what every object has. */
function ownFields(data: Fields): Fields {
  return Object.assign(Object.create(null) as Fields, data);
}

function own(data: Fields, name: string): unknown {
  return Object.hasOwn(data, name) ? data[name] : undefined;
}

function readFiles(files: unknown): TensorPaneFile[] {
  if (!Array.isArray(files) || files.length === 0) throw new BadMessage('files must be a list of {path, blob}');
  if (files.length > MAX_FILES) throw new BadMessage(`files: more than ${MAX_FILES}`);
  const taken = new Set<string>();
  return files.map((file: unknown, i) => {
    const { path, blob } = (typeof file === 'object' && file !== null ? file : {}) as Fields;
    if (typeof path !== 'string' || !isPath(path))
      throw new BadMessage(`files[${i}].path must be a path below a folder`);
    if (taken.has(path)) throw new BadMessage(`files[${i}].path is there twice`);
    if (!(blob instanceof Blob)) throw new BadMessage(`files[${i}].blob must be a Blob or File`);
    taken.add(path);
    return { path, blob };
  });
}

/** Whether it is a path below where it is, '/' between names, as a person can read it. */
function isPath(path: string): boolean {
  // eslint-disable-next-line no-control-regex
  if (path.length > MAX_PATH || /[\0-\x1f\x7f\\]/.test(path)) return false;
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}

function readUrls(urls: unknown): string[] {
  if (urls === undefined) return [];
  if (!Array.isArray(urls) || urls.length > MAX_LINKED) throw new BadMessage(`urls must be at most ${MAX_LINKED} URLs`);
  return urls.map((url: unknown) => {
    const isWeb = typeof url === 'string' && url.length <= MAX_PATH && /^https?:/.test(url) && URL.canParse(url);
    if (!isWeb) throw new BadMessage('urls must be of http or https');
    return new URL(url).href;
  });
}

/** Names of custom properties, and values that fetch nothing. */
function readTokens(tokens: unknown): Record<string, string> {
  if (tokens === undefined) return {};
  if (typeof tokens !== 'object' || tokens === null) throw new BadMessage('tokens must be an object');
  const entries = Object.entries(tokens);
  if (entries.length > MAX_TOKENS) throw new BadMessage(`tokens: more than ${MAX_TOKENS}`);
  for (const [name, value] of entries as [string, unknown][]) {
    if (!/^--tp-[a-z0-9-]{1,32}$/.test(name)) throw new BadMessage('tokens are named --tp-…');
    if (typeof value !== 'string' || value.length > 200 || /url\(|image|[{};\\]/i.test(value)) {
      throw new BadMessage(`${name} must be a short value without URLs`);
    }
  }
  return Object.fromEntries(entries as [string, string][]);
}

function readText(text: unknown, name: string, limit: number): string {
  if (typeof text !== 'string') throw new BadMessage(`${name} must be a text`);
  if (text.length > limit) throw new BadMessage(`${name} is longer than ${limit} characters`);
  return text;
}

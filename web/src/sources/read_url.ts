import { Fault, type WireError } from '../faults/fault';
import { differ, fetchUrl, hasGrown, type Answer, type Identity } from './fetch_url';
import { chunks } from './read';

/** A file at a URL. */
export interface UrlRef {
  url: string;
  /** What its SHA-256 has to be, in hexadecimal digits. */
  sha256?: string;
}

/** How long is waited before a broken read is gone on with, each time that nothing came, ms. */
const WAITS = [500, 1000, 2000, 4000];
/** Browsers digest only what is in memory as a whole: larger files are not checked. */
const MAX_CHECKED = 64 << 20;
/** What of hosts that send no parts is kept, all together, in bytes: the browser has to put it somewhere. */
const MAX_KEPT = 2 ** 31;
/** Pieces are kept in Blobs of this size, which are not in this thread's memory. */
const PART_BYTES = 4 << 20;

/** What is known of the files that were read, by URL. */
const files = new Map<string, RemoteFile>();
/** Origins that have answered once: they are worth another try. */
const answered = new Set<string>();
let keptBytes = 0;

interface RemoteFile {
  /** As it was answered last. */
  identity?: Identity;
  /** Unknown before the first answer. */
  sendsParts?: boolean;
  isChecked?: boolean;
  /** All of it, on its way: where its host sends no parts, and when parts are wanted before it was checked. */
  whole?: Promise<Blob>;
  /** What that takes. */
  keptBytes?: number;
}

/** How a read ends that got no further: resolves = it is tried again. */
export type OnStall = (error: WireError, signal: AbortSignal) => Promise<void>;

const giveUp: OnStall = (error) => Promise.reject(new Fault(error));

/**
 * Bytes [from, to) of a URL; `to` undefined = to its end. Only the page calls this, so that its policy alone decides
 * where a request may go. What breaks is gone on with where it broke, if the file is still the same; after some tries,
 * `onStall` decides. A host that sends no parts is read once, from the beginning, and its file kept.
 *
 * @throws Fault; DOMException AbortError
 */
export async function* streamUrl(
  ref: UrlRef,
  from: number,
  to: number | undefined,
  signal: AbortSignal,
  onStall: OnStall = giveUp,
): AsyncGenerator<Uint8Array> {
  const file = fileAt(ref.url);
  const isWhole = from === 0 && to === undefined;
  const isUnchecked = ref.sha256 !== undefined && !file.isChecked && (file.identity?.size ?? 0) <= MAX_CHECKED;
  if (file.whole || (!isWhole && (file.sendsParts === false || isUnchecked))) {
    yield* chunks((await wholeOf(ref, signal, onStall)).slice(from, to).stream());
  } else if (isWhole) {
    yield* streamWhole(ref, file, signal, onStall);
  } else {
    yield* streamOn(ref, file, from, to, signal, onStall);
  }
}

/** The size of a file, which is fetched as a whole if its host does not tell. @throws Fault; DOMException AbortError */
export async function sizeOfUrl(ref: UrlRef, signal: AbortSignal): Promise<number> {
  const file = fileAt(ref.url);
  if (!file.identity) {
    const answer = await fetchUrl(ref.url, 0, undefined, signal);
    if (!answer) return 0;
    note(ref.url, answer);
    await answer.body.cancel();
  }
  return file.identity?.size ?? (await wholeOf(ref, signal, giveUp)).size;
}

/** Remembers what an answer says of a file; what is known of another one that was there before is forgotten. */
export function note(url: string, { identity, isPart }: Answer): void {
  answered.add(new URL(url).origin);
  const file = fileAt(url);
  if (file.identity && differ(file.identity, identity)) {
    keptBytes -= file.keptBytes ?? 0;
    delete file.whole;
    delete file.keptBytes;
    delete file.isChecked;
  }
  Object.assign(file, { identity, sendsParts: isPart });
}

function fileAt(url: string): RemoteFile {
  let file = files.get(url);
  if (!file) files.set(url, (file = {}));
  return file;
}

/** As {@link streamOn} from beginning to end; what is to be kept is, and what is to be checked. */
async function* streamWhole(
  ref: UrlRef,
  file: RemoteFile,
  signal: AbortSignal,
  onStall: OnStall,
): AsyncGenerator<Uint8Array> {
  let kept: Keeper | undefined = new Keeper();
  for await (const bytes of streamOn(ref, file, 0, undefined, signal, onStall)) {
    // The first bytes come with word of whether there are parts.
    const room = file.sendsParts === false ? MAX_KEPT - keptBytes : ref.sha256 === undefined ? 0 : MAX_CHECKED;
    if (kept && kept.size + bytes.length > room) kept = undefined;
    // Whoever gets them may give them away.
    kept?.add(bytes.slice());
    yield bytes;
  }
  if (!kept) return;
  const blob = kept.blob();
  await check(ref, file, blob);
  if (file.sendsParts !== false || file.whole) return;
  keptBytes += file.keptBytes = blob.size;
  file.whole = Promise.resolve(blob);
}

/** All of a file; those who ask meanwhile share it. */
async function wholeOf(ref: UrlRef, signal: AbortSignal, onStall: OnStall): Promise<Blob> {
  const file = fileAt(ref.url);
  const whole = (file.whole ??= fetchWhole(ref, file, signal, onStall));
  try {
    return await whole;
  } catch (error) {
    if (file.whole === whole) delete file.whole;
    // Who asked first wants it no more.
    const isOthers = error instanceof DOMException && error.name === 'AbortError' && !signal.aborted;
    if (isOthers) return wholeOf(ref, signal, onStall);
    throw error;
  }
}

async function fetchWhole(ref: UrlRef, file: RemoteFile, signal: AbortSignal, onStall: OnStall): Promise<Blob> {
  const kept = new Keeper();
  for await (const bytes of streamOn(ref, file, 0, undefined, signal, onStall)) {
    kept.add(bytes);
    if (keptBytes + kept.size > MAX_KEPT) throw new Fault({ code: 'no_parts', limit: MAX_KEPT, file: ref.url });
  }
  const blob = kept.blob();
  await check(ref, file, blob);
  keptBytes += file.keptBytes = blob.size;
  return blob;
}

async function check({ url, sha256 }: UrlRef, file: RemoteFile, blob: Blob): Promise<void> {
  // Pages of hosts without TLS have no `subtle`: what comes over such a wire proves nothing anyway.
  const subtle = (crypto as Partial<Crypto>).subtle;
  if (sha256 === undefined || blob.size > MAX_CHECKED || !subtle) return;
  const digest = new Uint8Array(await subtle.digest('SHA-256', await blob.arrayBuffer()));
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hex !== sha256.toLowerCase()) throw new Fault({ code: 'wrong_sha256', file: url });
  file.isChecked = true;
}

/** Bytes [from, to), from as many answers as it takes. */
async function* streamOn(
  { url }: UrlRef,
  file: RemoteFile,
  from: number,
  to: number | undefined,
  signal: AbortSignal,
  onStall: OnStall,
): AsyncGenerator<Uint8Array> {
  let at = from;
  /** Of the first answer. */
  let own: Identity | undefined;
  for (let failures = 0; ;) {
    try {
      const answer = await fetchUrl(url, at, to, signal);
      const before = own ?? file.identity;
      // Nothing is there any more where there was something, or something else than was asked for.
      const isShorter = !answer && at < (before?.size ?? 0);
      if (isShorter || (answer && answer.from > at)) {
        await answer?.body.cancel();
        throw new Fault({ code: 'changed_on_host', file: url });
      }
      if (!answer) return;
      const { identity } = answer;
      if (before && differ(before, identity) && (own || !hasGrown(before, identity))) {
        await answer.body.cancel();
        throw new Fault({ code: 'changed_on_host', file: url });
      }
      own ??= identity;
      note(url, answer);
      const end = Math.min(to ?? Infinity, identity.size ?? Infinity);
      let position = answer.from;
      for await (const bytes of chunks(answer.body)) {
        const wanted = bytes.subarray(Math.max(0, at - position), to === undefined ? undefined : Math.max(0, to - position)); // prettier-ignore
        position += bytes.length;
        if (wanted.length === 0) continue;
        at += wanted.length;
        failures = 0;
        yield wanted;
        if (to !== undefined && at >= to) return;
      }
      if (at >= end || end === Infinity) return;
      throw new TypeError('the answer is too short');
    } catch (error) {
      const broken = brokenBy(error, url);
      if (!broken) throw error;
      if (!answered.has(new URL(url).origin)) throw error instanceof Fault ? error : new Fault(broken);
      const wait = WAITS[failures++];
      if (wait !== undefined) await pause(wait, signal);
      else {
        await onStall(broken, signal);
        failures = 0;
      }
    }
  }
}

/** What may be better next time: undefined = nothing. */
function brokenBy(error: unknown, url: string): WireError | undefined {
  // What breaks while a body is read is a TypeError, too.
  if (error instanceof TypeError) return { code: 'network', detail: error.message, file: url };
  if (!(error instanceof Fault)) return undefined;
  const { code, detail } = error.error;
  const isBusy = code === 'http_status' && /^(429|5\d\d)$/.test(detail ?? '');
  return isBusy || code === 'network' || code === 'offline' ? error.error : undefined;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}

/** Makes one Blob of many pieces. */
class Keeper {
  size = 0;
  private readonly parts: Blob[] = [];
  private pieces: Uint8Array<ArrayBuffer>[] = [];
  private bytes = 0;

  add(piece: Uint8Array): void {
    this.pieces.push(piece as Uint8Array<ArrayBuffer>);
    this.size += piece.length;
    this.bytes += piece.length;
    if (this.bytes >= PART_BYTES) this.put();
  }

  blob(): Blob {
    this.put();
    return new Blob(this.parts);
  }

  private put(): void {
    this.parts.push(new Blob(this.pieces));
    [this.pieces, this.bytes] = [[], 0];
  }
}

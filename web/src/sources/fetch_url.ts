/**
 * Every request that the page makes for what it opens goes through here: it names the host first, sends nothing along,
 * and tells faults apart as far as browsers let it.
 */
import { Fault, type WireError } from '../faults/fault';
import { nameHost } from './hosts';

/** What an answer says of the file that it is from; what is absent is not told to other origins, or not at all. */
export interface Identity {
  etag?: string;
  modified?: string;
  /** Of the whole file, in bytes. */
  size?: number;
}

/** The answer to a request for bytes from some offset on. */
export interface Answer {
  /** After redirects. */
  url: string;
  type: string;
  /** Its Link header. */
  link: string | null;
  body: ReadableStream<Uint8Array>;
  /** Offset of its first byte: 0 when the host sends no parts, or was asked for the whole. */
  from: number;
  isPart: boolean;
  identity: Identity;
}

/**
 * Asks for bytes [from, to) of a URL; `to` undefined = to the end. A range is always asked for, even if it is the whole:
 * so the answer is not compressed on the way, and its length is that of the file. A simple range needs no leave of the
 * host (Fetch, "CORS-safelisted request-header"), `If-Range` would: who goes on with a file compares the answers.
 *
 * @returns undefined = there is nothing behind `from`
 * @throws Fault; DOMException AbortError
 */
export async function fetchUrl(
  url: string,
  from: number,
  to: number | undefined,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  if (!/^https?:$/.test(new URL(url).protocol)) throw new Fault({ code: 'bad_url', file: url });
  nameHost(url);
  const range = `bytes=${from}-${to === undefined ? '' : to - 1}`;
  const response = await fetch(url, { headers: { Range: range }, credentials: 'same-origin', signal }).catch(
    async (error: unknown) => {
      // fetch() tells all that goes wrong on the way as a TypeError.
      if (error instanceof TypeError) throw new Fault(await reasonOf(url, error, signal));
      throw error;
    },
  );
  const finalUrl = response.url || url;
  nameHost(finalUrl, url);
  if (response.status === 416) return undefined;
  if (!response.ok || !response.body) {
    throw new Fault({ code: 'http_status', detail: String(response.status), file: url });
  }
  const isPart = response.status === 206;
  const { headers } = response;
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('Content-Range') ?? '') ?? [];
  const start = isPart ? Number(first ?? from) : 0;
  const length = headers.get('Content-Length');
  const toEnd = length === null || (isPart && to !== undefined) ? undefined : start + Number(length);
  const size = total === undefined || total === '*' ? toEnd : Number(total);
  const [etag, modified] = [headers.get('ETag'), headers.get('Last-Modified')];
  return {
    url: finalUrl,
    type: headers.get('Content-Type') ?? '',
    link: headers.get('Link'),
    body: response.body,
    from: start,
    isPart,
    identity: {
      ...(etag === null ? {} : { etag }),
      ...(modified === null ? {} : { modified }),
      ...(size === undefined ? {} : { size }),
    },
  };
}

/** Why there was no answer. To ask again for less tells whether the host is there, and only forbids to be read. */
async function reasonOf(url: string, { message }: TypeError, signal: AbortSignal): Promise<WireError> {
  const here = globalThis.location as Location | undefined;
  const { protocol, hostname, origin } = new URL(url);
  if ((globalThis.navigator as Navigator | undefined)?.onLine === false) return { code: 'offline', file: url };
  const isLoopback = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if (here?.protocol === 'https:' && protocol === 'http:' && !isLoopback) return { code: 'mixed_content', file: url };
  if (here && origin !== here.origin) {
    const isThere = await fetch(url, { method: 'HEAD', mode: 'no-cors', credentials: 'omit', signal }).then(() => true, () => false); // prettier-ignore
    signal.throwIfAborted();
    if (isThere) return { code: 'cors', file: url };
  }
  return { code: 'network', detail: message, file: url };
}

/** Whether two answers are from different files, as far as they tell. */
export function differ(a: Identity, b: Identity): boolean {
  return (['etag', 'modified', 'size'] as const).some(
    (key) => a[key] !== undefined && b[key] !== undefined && a[key] !== b[key],
  );
}

/** Whether the second one may be the first one after more was written to its end. */
export function hasGrown({ size: before = 0 }: Identity, { size: now = 0 }: Identity): boolean {
  return now > before;
}

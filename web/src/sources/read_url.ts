import { Fault } from '../engine/fault';
import { chunks } from './read';

/**
 * Bytes [from, to) of a URL; `to` undefined = to its end. Only the page calls this, so that its policy alone decides
 * where a request may go. A host without Range support is read from the beginning.
 *
 * @throws Fault `network` or `http_status`; DOMException AbortError
 */
export async function* streamUrl(
  url: string,
  from: number,
  to: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const whole = from === 0 && to === undefined;
  const headers: HeadersInit = whole ? {} : { Range: `bytes=${from}-${to === undefined ? '' : to - 1}` };
  const response = await fetch(url, { headers, signal }).catch(asNetworkFault);
  // "Range not satisfiable": there is nothing behind `from`.
  if (response.status === 416) return;
  if (!response.ok || !response.body) throw new Fault({ code: 'http_status', detail: String(response.status) });
  let at = response.status === 206 ? from : 0;
  try {
    for await (const bytes of chunks(response.body)) {
      const wanted = bytes.subarray(Math.max(0, from - at), to === undefined ? undefined : Math.max(0, to - at));
      at += bytes.length;
      if (wanted.length > 0) yield wanted;
      if (to !== undefined && at >= to) return;
    }
  } catch (error) {
    asNetworkFault(error);
  }
}

function asNetworkFault(error: unknown): never {
  // fetch() tells all that goes wrong on the way as a TypeError.
  if (error instanceof TypeError) throw new Fault({ code: 'network', detail: error.message });
  throw error;
}

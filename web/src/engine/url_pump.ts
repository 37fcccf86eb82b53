import { streamUrl } from '../sources/read_url';
import { untilRetried } from '../sources/stalls';
import { asWireError } from '../faults/fault';
import type { Notice, RequestBody } from './protocol';

type ReadNotice = Extract<Notice, { type: 'read' }>;
type ChunkBody = Extract<RequestBody, { type: 'chunk' | 'chunkFailed' }>;

/** Chunks on the way that the worker has not used up; more would pile up in its memory. */
const UNANSWERED = 4;

/** The page's end of reading URL sources: fetches what the worker asks for and hands it over, no faster than it is used. */
export class UrlPump {
  private readonly reads = new Map<number, AbortController>();

  /** @param send posts a request; resolves when the worker has answered it. */
  constructor(private readonly send: (request: ChunkBody, transfer: Transferable[]) => Promise<unknown>) {}

  async read({ read, source, from, to }: ReadNotice): Promise<void> {
    const abort = new AbortController();
    this.reads.set(read, abort);
    try {
      if (!('url' in source)) throw new Error('the page reads URLs only');
      const unanswered = new Set<Promise<unknown>>();
      const send = async (bytes: ArrayBuffer, done: boolean): Promise<void> => {
        const answer = this.send({ type: 'chunk', read, bytes, done }, [bytes]).finally(() =>
          unanswered.delete(answer),
        );
        unanswered.add(answer);
        if (unanswered.size >= UNANSWERED) await Promise.race(unanswered);
      };
      for await (const bytes of streamUrl(source, from, to, abort.signal, untilRetried)) {
        await send(ownBuffer(bytes), false);
      }
      // The response is read: to abort it now would only make the browser call it failed.
      this.reads.delete(read);
      await send(new ArrayBuffer(0), true);
    } catch (error) {
      // Nobody waits for a read that is done.
      if (!abort.signal.aborted) await this.send({ type: 'chunkFailed', read, error: asWireError(error) }, []);
    } finally {
      this.reads.delete(read);
    }
  }

  /** The worker wants no more of this read. */
  done(read: number): void {
    this.reads.get(read)?.abort();
  }
}

/** The bytes in a buffer of their own, which can be transferred. */
function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && bytes.length === buffer.byteLength ? buffer : bytes.slice().buffer;
}

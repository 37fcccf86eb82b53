import type { SourceRef } from '../sources/source_ref';
import { Fault, type WireError } from '../faults/fault';
import type { Notice } from './protocol';

interface Chunk {
  bytes: Uint8Array;
  done: boolean;
  /** Lets the page send one more. */
  answer: () => void;
}

/** The worker's end of reading URL sources: the page fetches, see {@link Notice} `read`. */
export class RemoteReads {
  private next = 1;
  private readonly reads = new Map<number, RemoteRead>();

  constructor(private readonly post: (notice: Notice) => void) {}

  /**
   * Bytes [from, to) of a URL source; `to` undefined = to its end. @throws Fault; `cancelled` when the signal aborts,
   * even if the host says nothing more.
   */
  async *stream(
    source: SourceRef,
    from: number,
    to: number | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const id = this.next++;
    const read = new RemoteRead();
    const cancel = (): void => read.fail({ code: 'cancelled' });
    signal.addEventListener('abort', cancel);
    if (signal.aborted) cancel();
    this.reads.set(id, read);
    this.post({ type: 'read', read: id, source, from, ...(to === undefined ? {} : { to }) });
    try {
      for (;;) {
        const chunk = await read.take();
        try {
          if (chunk.bytes.length > 0) yield chunk.bytes;
        } finally {
          chunk.answer();
        }
        if (chunk.done) return;
      }
    } finally {
      signal.removeEventListener('abort', cancel);
      this.reads.delete(id);
      read.close();
      this.post({ type: 'readDone', read: id });
    }
  }

  /** Resolves when the chunk is used up; at once when nobody wants it any more. */
  deliver(read: number, bytes: ArrayBuffer, done: boolean): Promise<void> {
    const open = this.reads.get(read);
    return new Promise((answer) => {
      if (open) open.put({ bytes: new Uint8Array(bytes), done, answer });
      else answer();
    });
  }

  fail(read: number, error: WireError): void {
    this.reads.get(read)?.fail(error);
  }
}

/** A queue between the page's chunks and the loop that decodes them. */
class RemoteRead {
  private readonly chunks: Chunk[] = [];
  private error: WireError | undefined;
  private wake: (() => void) | undefined;

  put(chunk: Chunk): void {
    this.chunks.push(chunk);
    this.wake?.();
  }

  fail(error: WireError): void {
    this.error = error;
    this.wake?.();
  }

  async take(): Promise<Chunk> {
    for (;;) {
      const chunk = this.chunks.shift();
      if (chunk) return chunk;
      if (this.error) throw new Fault(this.error);
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  close(): void {
    for (const { answer } of this.chunks) answer();
  }
}

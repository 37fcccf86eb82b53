import { readRange } from '../../sources/read_text';
import type { SourceRef } from '../../sources/source_ref';
import type { FileNeed } from './embeddings_protocol';

/** Read at once of a file that is read from front to back, at most, bytes: hosts are asked as often as it takes. */
const MAX_AHEAD_BYTES = 8 << 20;

/**
 * Reads more than is asked for, once a file is read on where it was left, and then the next while that is worked on. It reads
 * ahead no more than was read before: of a part of a large file little is read in vain.
 */
export class ReadAhead {
  private source: SourceRef | undefined;
  /** Where what was read last ends. */
  private end = 0;
  /** Bytes read without a gap. */
  private run = 0;
  private next: Promise<Uint8Array<ArrayBuffer>> | undefined;
  private readonly ended = new AbortController();

  /** @param signal calls off all that is read */
  constructor(
    signal: AbortSignal,
    private readonly read = readRange,
  ) {
    signal.addEventListener('abort', () => this.stop(), { signal: this.ended.signal });
    if (signal.aborted) this.stop();
  }

  /**
   * @param size of the file, bytes
   * @returns bytes from where they are needed on: at the end of the file fewer than are needed, else a multiple of them
   * @throws Fault; DOMException
   */
  async bytes(source: SourceRef, { offset, length }: FileNeed, size: number): Promise<Uint8Array<ArrayBuffer>> {
    const { signal } = this.ended;
    const goesOn = source === this.source && offset === this.end;
    if (!goesOn) [this.run, this.next] = [0, undefined];
    const count = (): number => length * Math.max(1, Math.floor(Math.min(this.run, MAX_AHEAD_BYTES) / length));
    const bytes = await (this.next ?? this.read(source, offset, offset + count(), signal));
    [this.source, this.end, this.next] = [source, offset + bytes.length, undefined];
    this.run += bytes.length;
    if (goesOn && this.end < size) {
      this.next = this.read(source, this.end, this.end + count(), signal);
      // It is thrown when it is awaited, if it is.
      this.next.catch(() => undefined);
    }
    return bytes;
  }

  /** Calls off what is on its way. */
  stop(): void {
    this.ended.abort();
  }
}

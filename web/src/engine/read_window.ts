/** What is read from first, and beyond what was asked for, in bytes. */
const FIRST_BYTES = 32 << 10;
const MAX_BYTES = 1 << 20;

/**
 * Reads a file piece by piece with fewer and larger reads: small pieces that follow each other come out of one. It
 * reads ahead the farther, the longer nothing is skipped.
 */
export class ReadWindow {
  private bytes: Uint8Array<ArrayBuffer> = new Uint8Array();
  private from = 0;
  private ahead = FIRST_BYTES;

  /** @param readAt bytes of the file, fewer at its end. */
  constructor(private readonly readAt: (offset: number, length: number) => Promise<Uint8Array<ArrayBuffer>>) {}

  /** Bytes [offset, offset + length), fewer at the end of the file; they may be a view of more. */
  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const end = this.from + this.bytes.length;
    if (offset < this.from || offset + length > end) {
      // What is left of the window is not worth a read of its own.
      const follows = offset >= this.from && offset <= end + this.ahead && end > 0;
      this.ahead = follows ? Math.min(2 * this.ahead, MAX_BYTES) : FIRST_BYTES;
      this.bytes = await this.readAt(offset, Math.max(length, this.ahead));
      this.from = offset;
    }
    return this.bytes.subarray(offset - this.from, offset - this.from + length);
  }
}

/**
 * What every module has for bulk data (`wasm/bindings/exchange.h`): it crosses by pointer and length. A view of wasm
 * memory must not outlive the function that made it: memory grows and detaches it silently.
 */
export interface Exchange {
  /** A buffer of at least `bytes` in wasm memory to write input to; valid until the next call. */
  reserveInput(bytes: number): number;
  /** Where the last answer is, and how long it is in bytes; valid until the next call. */
  numbersPointer(): number;
  numbersSize(): number;
  textPointer(): number;
  textSize(): number;
  dataPointer(): number;
  dataSize(): number;
  /** Gives back the memory of input and answers. */
  releaseBuffers(): void;
}

/** Bytes of a word of input and answers. */
export const WORD = Float64Array.BYTES_PER_ELEMENT;
/** Answers larger than this are not left in wasm memory, bytes. */
const RELEASED_FROM = 1 << 20;

/**
 * A session with values in place of pointers: the only class that touches the heap. Everything it returns is a copy; all
 * calls are synchronous. A WebAssembly.RuntimeError that comes out of one is the end: every later call throws it again,
 * because nothing in the memory can be relied on any more.
 */
export class WasmMemory<S extends Exchange> {
  private death: WebAssembly.RuntimeError | undefined;
  /** Tags are what they are, also those that begin with a byte order mark. */
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(
    private readonly wasm: { HEAPU8: Uint8Array },
    private readonly session: S,
  ) {}

  get dead(): boolean {
    return this.death !== undefined;
  }

  call<T>(ask: (session: S) => T): T {
    if (this.death) throw this.death;
    try {
      return ask(this.session);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) this.death = error;
      throw error;
    }
  }

  /** Makes the bytes the input of the next call. @returns how many they are. */
  setInput(bytes: Uint8Array): number {
    const at = this.session.reserveInput(bytes.length) >>> 0;
    this.wasm.HEAPU8.set(bytes, at);
    return bytes.length;
  }

  setInputNumbers(numbers: ArrayLike<number>): void {
    const at = this.session.reserveInput(numbers.length * WORD) >>> 0;
    new Float64Array(this.wasm.HEAPU8.buffer, at, numbers.length).set(numbers);
  }

  /** The last answer, as what it is. */
  data(): Uint8Array<ArrayBuffer> {
    return this.copy(this.session.dataPointer(), this.session.dataSize());
  }

  numbers(): Float64Array<ArrayBuffer> {
    return new Float64Array(this.copy(this.session.numbersPointer(), this.session.numbersSize()).buffer);
  }

  text(): string {
    return this.decoder.decode(this.textBytes());
  }

  textBytes(): Uint8Array<ArrayBuffer> {
    return this.copy(this.session.textPointer(), this.session.textSize());
  }

  /** The texts of an answer, one behind the other, by their lengths in bytes. */
  texts(lengths: Float64Array): string[] {
    const bytes = this.textBytes();
    let at = 0;
    return Array.from(lengths, (length) => this.decoder.decode(bytes.subarray(at, (at += length))));
  }

  /** Gives memory back after an answer of so many bytes, with its input, if that is much. */
  release(size: number): void {
    if (size > RELEASED_FROM) this.call((session) => session.releaseBuffers());
  }

  private copy(pointer: number, size: number): Uint8Array<ArrayBuffer> {
    const at = pointer >>> 0;
    return this.wasm.HEAPU8.slice(at, at + (size >>> 0));
  }
}

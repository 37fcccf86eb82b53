import type { Answer } from './asker';
import { asWireError, Fault, type WireError } from '../faults/fault';

export type Post<M> = (message: M, transfer: Transferable[]) => void;

/** What a request is answered with, and the buffers in it that change hands. */
export type Body = [body: unknown, transfer: Transferable[]];

/**
 * The end of a seam that answers: gives each request exactly one answer, keeps what can be cancelled, and remembers how
 * its wasm died.
 */
export class Answerer {
  private death: WireError | undefined;
  /** Requests that can be cancelled, by what names them. */
  private readonly running = new Map<string, AbortController>();

  /** @param died told once, of the end of the wasm */
  constructor(private readonly died: (error: WireError) => void) {}

  /** Answers one request. Never throws. */
  async answer(id: number, post: Post<Answer>, find: () => Promise<Body> | Body): Promise<void> {
    try {
      const [body, transfer] = await find();
      post({ id, ok: true, body }, transfer);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) this.die(error);
      post({ id, ok: false, error: this.death ?? asWireError(error) }, []);
    }
  }

  /** Runs what can be cancelled under this name. */
  async cancellable<T>(key: string, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    this.running.set(key, abort);
    try {
      return await run(abort.signal);
    } finally {
      this.running.delete(key);
    }
  }

  cancel(key: string): void {
    this.running.get(key)?.abort();
  }

  die(error: unknown): void {
    if (this.death) return;
    const aborted = error instanceof WebAssembly.RuntimeError;
    this.death = aborted ? { code: 'wasm_abort', detail: error.message } : asWireError(error);
    this.died(this.death);
  }

  /** @throws Fault when the wasm has died. */
  living<T>(wasm: T | undefined): T {
    if (this.death) throw new Fault(this.death);
    if (!wasm) throw new Error('asked before init');
    return wasm;
  }
}

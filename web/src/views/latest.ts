import { batch, signal, type ReadonlySignal } from '@preact/signals-core';
import { asWireError, type WireError } from '../faults/fault';
import { counted } from '../ui/pending';

/** What is asked anew when the question changes: only the answer to the latest one counts, and the others are called off. */
export class Latest<T> {
  private readonly found = signal<T | undefined>(undefined);
  private readonly asking = signal(false);
  private readonly failed = signal<WireError | undefined>(undefined);
  private abort: AbortController | undefined;

  /** The last answer, also while the next one is awaited. */
  readonly value: ReadonlySignal<T | undefined> = this.found;
  readonly busy: ReadonlySignal<boolean> = this.asking;
  /** Why there is no answer to the latest question; called off counts, too. */
  readonly fault: ReadonlySignal<WireError | undefined> = this.failed;

  ask(question: (signal: AbortSignal) => Promise<T>): void {
    this.abort?.abort();
    const abort = (this.abort = new AbortController());
    batch(() => {
      this.asking.value = true;
      this.failed.value = undefined;
    });
    const end = (value: T | undefined, fault: WireError | undefined): void => {
      if (this.abort !== abort) return;
      batch(() => {
        this.asking.value = false;
        this.failed.value = fault;
        if (!fault) this.found.value = value;
      });
    };
    void counted(
      question(abort.signal).then(
        (value) => end(value, undefined),
        (error: unknown) => end(undefined, asWireError(error)),
      ),
    );
  }

  /** Calls off what is asked; what was answered stays. */
  cancel(): void {
    this.abort?.abort();
  }

  /** There is no question any more, and no answer. */
  clear(): void {
    this.abort?.abort();
    this.abort = undefined;
    batch(() => {
      this.asking.value = false;
      this.failed.value = undefined;
      this.found.value = undefined;
    });
  }
}

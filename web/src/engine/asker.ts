import { Fault, type WireError } from '../faults/fault';

/** A message that answers the request of this id. */
export type Answer = { id: number; ok: true; body: unknown } | { id: number; ok: false; error: WireError };

/** As much of a Worker, or of a MessagePort, as asking needs. */
export type Send = (message: { id: number; type: string }, transfer: Transferable[]) => void;

/**
 * The end of a seam that asks: posts requests, and takes the one answer that each gets.
 *
 * @template B requests without their ids
 * @template R what each type of them is answered with
 */
export class Asker<B extends { type: string }, R> {
  private next = 1;
  private fault: WireError | undefined;
  private readonly waiting = new Map<number, { resolve: (body: never) => void; reject: (error: unknown) => void }>();

  constructor(private readonly send: Send) {}

  /** The id that the next request gets. */
  get nextId(): number {
    return this.next;
  }

  /** How many requests are not answered. */
  get unanswered(): number {
    return this.waiting.size;
  }

  /** Rejects with the Fault that the other end tells. */
  ask<T extends B>(request: T, transfer: Transferable[] = []): Promise<R[T['type'] & keyof R]> {
    if (this.fault) return Promise.reject(new Fault(this.fault));
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.send({ ...request, id }, transfer);
      this.waiting.set(id, { resolve, reject });
    });
  }

  /** As {@link ask}; when the signal aborts, so does the request, by one of type `cancel`, and it rejects as cancelled. */
  async askUnless<T extends B>(
    signal: AbortSignal,
    request: T,
    transfer: Transferable[] = [],
  ): Promise<R[T['type'] & keyof R]> {
    if (signal.aborted) throw new Fault({ code: 'cancelled' });
    const target = this.next;
    const cancel = (): void => {
      if (!this.fault) this.send({ id: this.next++, type: 'cancel', target } as never, []);
    };
    signal.addEventListener('abort', cancel);
    try {
      const body = await this.ask(request, transfer);
      // The answer may have been on its way already: who called it off gets none.
      if (signal.aborted) throw new Fault({ code: 'cancelled' });
      return body;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** Takes in what the other end posted as an answer. */
  take(answer: Answer): void {
    const asked = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.ok) asked?.resolve(answer.body as never);
    else asked?.reject(new Fault(answer.error));
  }

  /** The other end has died: nothing is answered any more. */
  fail(error: WireError): void {
    this.fault ??= error;
    const lost = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of lost) reject(new Fault(error));
  }
}

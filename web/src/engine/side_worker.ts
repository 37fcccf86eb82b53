import { Asker, type Answer } from './asker';
import { Fault, type WireError } from '../faults/fault';
import type { Notice } from './protocol';

/** As much of a Worker as is used. */
export interface SideWorkerPort {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<Answer | Extract<Notice, { type: 'fatal' }>>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

/** Starts a worker, and gets the wasm that is posted to it. */
export type StartSideWorker = () => Promise<[SideWorkerPort, WebAssembly.Module | ArrayBuffer]>;

/** Gives the reading worker one end of a channel. */
export type Connect = (port: MessagePort) => Promise<unknown>;

/** The first message to it. */
interface Init {
  type: 'init';
  wasm: WebAssembly.Module | ArrayBuffer;
  /** Absent: it asks for no bytes. */
  reader?: MessagePort;
}

/** A worker while it lives. */
export interface Living<B extends { type: string }, R> {
  readonly asker: Asker<B, R>;
  readonly terminate: () => void;
}

/**
 * The page's side of a worker beside the one that reads, of which it may ask for bytes by itself. It is started by the first
 * question and, when its memory was not enough or it was stopped, anew by the next one: what was read is with the other.
 *
 * @template B requests without their ids; one is {@link Init}
 * @template R what each type of them is answered with
 */
export class SideWorker<B extends { type: string }, R> {
  private running: Promise<Living<B, R>> | undefined;
  private fault: WireError | undefined;
  private asked = 0;
  private ended = false;
  /** What `running` has become, once it has started. */
  private current: Living<B, R> | undefined;

  /** @param connect absent: it asks for no bytes */
  constructor(
    private readonly startWorker: StartSideWorker,
    private readonly connect?: Connect,
  ) {}

  /** How many questions are not answered. */
  get unanswered(): number {
    return this.asked;
  }

  /** @throws Fault when the worker cannot be started, or the logs are gone */
  async living(): Promise<Living<B, R>> {
    if (this.fault) throw new Fault(this.fault);
    return (this.running ??= this.start());
  }

  /** Runs what is a question, as far as {@link unanswered} goes. */
  async counted<T>(answer: () => Promise<T>): Promise<T> {
    this.asked++;
    try {
      return await answer();
    } finally {
      this.asked--;
    }
  }

  /** Ends this one, whatever it does; it answers everything as cancelled, and the next question starts another. */
  stop(living: Living<B, R>): void {
    living.terminate();
    if (this.current === living) this.running = this.current = undefined;
    living.asker.fail({ code: 'cancelled' });
  }

  /** The logs are gone: nothing is answered any more. */
  fail(error: WireError): void {
    this.fault = error;
    void this.running?.then(
      ({ asker }) => asker.fail(error),
      () => undefined,
    );
  }

  /** Ends the worker for good: nothing is answered any more. */
  end(): void {
    this.ended = true;
    this.current?.terminate();
  }

  private async start(): Promise<Living<B, R>> {
    let worker: SideWorkerPort | undefined;
    try {
      const [port, wasm] = await this.startWorker();
      worker = port;
      const asker = new Asker<B, R>((message, transfer) => port.postMessage(message, transfer));
      const living: Living<B, R> = { asker, terminate: () => port.terminate() };
      this.current = living;
      if (this.ended) port.terminate();
      const end = (error: WireError): void => {
        port.terminate();
        if (this.current === living) this.running = this.current = undefined;
        asker.fail(error);
      };
      port.onmessage = ({ data }) => ('ok' in data ? asker.take(data) : end(data.error));
      port.onerror = (event) => end({ code: 'bug', detail: event.message });
      const reader = await this.readerPort();
      const init: Init = { type: 'init', wasm, ...(reader ? { reader } : {}) };
      await asker.ask(init as unknown as B, reader ? [reader] : []);
      return living;
    } catch (error) {
      worker?.terminate();
      this.running = this.current = undefined;
      throw error;
    }
  }
  private async readerPort(): Promise<MessagePort | undefined> {
    if (!this.connect) return undefined;
    const { port1, port2 } = new MessageChannel();
    await this.connect(port1);
    return port2;
  }
}

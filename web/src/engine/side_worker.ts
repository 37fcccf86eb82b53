import { Asker, type Answer } from './asker';
import { Fault } from './fault';
import type { Notice, WireError } from './protocol';

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
  reader: MessagePort;
}

/** A worker while it lives. */
export interface Living<B extends { type: string }, R> {
  readonly asker: Asker<B, R>;
  /** It was ended by `stop`: what it was asked can be asked of the next one. */
  readonly stopped: boolean;
}

/**
 * The page's side of a worker beside the one that reads, of which it asks for bytes by itself. It is started by the first
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
  private terminate: (() => void) | undefined;

  constructor(
    private readonly startWorker: StartSideWorker,
    private readonly connect: Connect,
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

  /** Ends this one, whatever it does; it answers everything as cancelled. */
  stop(living: Living<B, R>): void {
    if (living.stopped) return;
    (living as { stopped: boolean }).stopped = true;
    this.terminate?.();
    this.running = undefined;
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
    this.terminate?.();
  }

  private async start(): Promise<Living<B, R>> {
    let worker: SideWorkerPort | undefined;
    let asker: Asker<B, R> | undefined;
    const end = (error: WireError): void => {
      asker?.fail(error);
      worker?.terminate();
      this.running = undefined;
    };
    try {
      const [port, wasm] = await this.startWorker();
      worker = port;
      this.terminate = (): void => port.terminate();
      if (this.ended) this.terminate();
      const started = new Asker<B, R>((message, transfer) => port.postMessage(message, transfer));
      asker = started;
      port.onmessage = ({ data }) => ('ok' in data ? started.take(data) : end(data.error));
      port.onerror = (event) => end({ code: 'bug', detail: event.message });
      const { port1, port2 } = new MessageChannel();
      await this.connect(port1);
      const init: Init = { type: 'init', wasm, reader: port2 };
      await started.ask(init as unknown as B, [port2]);
      return { asker: started, stopped: false };
    } catch (error) {
      worker?.terminate();
      this.running = undefined;
      throw error;
    }
  }
}

import { Asker, type Answer } from './asker';
import { WorkerGif, WorkerSound, type AskUnless, type Close } from './clips';
import { Fault } from './fault';
import type { ClipFacts, GifClip, MediaPoint, SoundClip } from './media';
import type { Notice, WireError } from './protocol';
import { ValueCache } from './value_cache';
import type { PointValue } from './values';
import type { ValuesReplies, ValuesRequestBody } from './values_protocol';

/** As much of a Worker as is used. */
export interface ValuesPort {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<Answer | Extract<Notice, { type: 'fatal' }>>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

/** Starts a worker that runs `values_worker_entry.ts`, and gets what is posted to it. */
export type StartValues = () => Promise<[ValuesPort, WebAssembly.Module | ArrayBuffer]>;

type ValuesAsker = Asker<ValuesRequestBody, ValuesReplies>;

/** Decoded values that are kept, bytes. */
const KEPT_VALUES = 64 << 20;
/** Encoded images and sounds that are kept, bytes. */
const KEPT_MEDIA = 48 << 20;

/**
 * The page's side of the worker that decodes payloads. It is started by the first question, and when its memory was not
 * enough, anew by the next one: what was read is with the other worker.
 */
export class ValuesClient {
  private running: Promise<ValuesAsker> | undefined;
  private fault: WireError | undefined;
  private asked = 0;
  private ended = false;
  private stop: (() => void) | undefined;
  private readonly values = new ValueCache<PointValue>(KEPT_VALUES);
  private readonly mediaKept = new ValueCache<MediaPoint>(KEPT_MEDIA);

  /** @param connect gives the reading worker one end of a channel. */
  constructor(
    private readonly startWorker: StartValues,
    private readonly connect: (port: MessagePort) => Promise<unknown>,
  ) {}

  /** How many questions are not answered. */
  get unanswered(): number {
    return this.asked;
  }

  /** Asks the worker. Rejects with a Fault; `cancelled` when the signal aborts. */
  async ask<R extends ValuesRequestBody>(
    request: R,
    signal?: AbortSignal,
    transfer: Transferable[] = [],
  ): Promise<ValuesReplies[R['type']]> {
    return this.counted(async () => {
      const asker = await this.started();
      return signal ? asker.askUnless(signal, request, transfer) : asker.ask(request, transfer);
    });
  }

  async value(series: number, point: number, signal: AbortSignal): Promise<PointValue | undefined> {
    const key = `${series} ${point}`;
    const kept = this.values.get(key);
    if (kept) return kept;
    const value = await this.ask({ type: 'value', series, point }, signal);
    if (!value) return undefined;
    this.values.put(key, value, value.numbers.buffer.byteLength + weightOf(value));
    return value;
  }

  async content(series: number, point: number, signal?: AbortSignal): Promise<ArrayBuffer | undefined> {
    return (await this.ask({ type: 'content', series, point }, signal)) ?? undefined;
  }

  async media(series: number, point: number, signal: AbortSignal): Promise<MediaPoint | undefined> {
    const key = `${series} ${point}`;
    const kept = this.mediaKept.get(key);
    if (kept) return kept;
    const media = await this.ask({ type: 'media', series, point }, signal);
    if (!media) return undefined;
    this.mediaKept.put(key, media, media.bytes.byteLength);
    return media;
  }

  async openGif(bytes: Uint8Array, signal: AbortSignal): Promise<GifClip> {
    const { ask, close, opened } = await this.openClip(true, bytes, signal);
    return new WorkerGif(ask, close, opened.clip, ...opened.facts);
  }

  async openSound(bytes: Uint8Array, signal: AbortSignal): Promise<SoundClip> {
    const { ask, close, opened } = await this.openClip(false, bytes, signal);
    return new WorkerSound(ask, close, opened.clip, ...opened.facts);
  }

  /** The logs are gone: nothing is answered any more. */
  fail(error: WireError): void {
    this.fault = error;
    void this.running?.then(
      (asker) => asker.fail(error),
      () => undefined,
    );
  }

  /** Ends the worker for good: nothing is answered any more. */
  end(): void {
    this.ended = true;
    this.stop?.();
  }

  /** A clip is in the memory of the worker that opened it: it is asked of that one, also when there is another. */
  private async openClip(
    isGif: boolean,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<{ ask: AskUnless; close: Close; opened: ClipFacts }> {
    const copy = await copyOf(bytes, signal);
    return this.counted(async () => {
      const asker = await this.started();
      const close: Close = (clip) => void asker.ask({ type: 'closeClip', clip }).catch(() => undefined);
      // Not to be called off: what is open must be closed.
      const opened = await asker.ask({ type: 'openClip', isGif, bytes: copy }, [copy.buffer]);
      if (signal.aborted) {
        close(opened.clip);
        throw new Fault({ code: 'cancelled' });
      }
      return { ask: (unless, request) => this.counted(() => asker.askUnless(unless, request)), close, opened };
    });
  }

  private async counted<T>(answer: () => Promise<T>): Promise<T> {
    this.asked++;
    try {
      return await answer();
    } finally {
      this.asked--;
    }
  }

  private async started(): Promise<ValuesAsker> {
    if (this.fault) throw new Fault(this.fault);
    return (this.running ??= this.start());
  }

  private async start(): Promise<ValuesAsker> {
    let worker: ValuesPort | undefined;
    let asker: ValuesAsker | undefined;
    const end = (error: WireError): void => {
      asker?.fail(error);
      worker?.terminate();
      this.running = undefined;
    };
    try {
      const [port, wasm] = await this.startWorker();
      worker = port;
      this.stop = (): void => port.terminate();
      if (this.ended) this.stop();
      const started: ValuesAsker = new Asker((message, transfer) => port.postMessage(message, transfer));
      asker = started;
      port.onmessage = ({ data }) => ('ok' in data ? started.take(data) : end(data.error));
      port.onerror = (event) => end({ code: 'bug', detail: event.message });
      const { port1, port2 } = new MessageChannel();
      await this.connect(port1);
      await started.ask({ type: 'init', wasm, reader: port2 }, [port2]);
      return started;
    } catch (error) {
      worker?.terminate();
      this.running = undefined;
      throw error;
    }
  }
}

/** So many bytes are copied before the page may do something else. */
const COPIED_AT_ONCE = 16 << 20;

/** For the worker to have: the bytes stay with whoever has them. */
async function copyOf(bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const copy = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += COPIED_AT_ONCE) {
    if (at > 0) await new Promise((resolve) => setTimeout(resolve));
    if (signal.aborted) throw new Fault({ code: 'cancelled' });
    copy.set(bytes.subarray(at, at + COPIED_AT_ONCE), at);
  }
  return copy;
}

/** About as many bytes as the facts take. */
function weightOf({ facts }: PointValue): number {
  const perText = 64;
  if (facts.kind !== 'tensor') return perText;
  const strings = (facts.strings ?? []).map((string) => (typeof string === 'string' ? string : string.start));
  return strings.reduce((sum, text) => sum + perText + 2 * text.length, perText);
}

import { WorkerGif, WorkerSound, type AskUnless, type Close } from './clips';
import { Fault, type WireError } from '../../faults/fault';
import type { ClipFacts, GifClip, MediaPoint, SoundClip } from './media';
import { SideWorker, type Connect, type StartSideWorker } from '../side_worker';
import { ValueCache } from '../value_cache';
import type { PointValue } from './values';
import type { ValuesReplies, ValuesRequestBody } from './values_protocol';

/** Decoded values that are kept, bytes. */
const KEPT_VALUES = 64 << 20;
/** Encoded images and sounds that are kept, bytes. */
const KEPT_MEDIA = 48 << 20;

/** The page's side of the worker that decodes payloads, and what of its answers is kept. */
export class ValuesClient {
  private readonly worker: SideWorker<ValuesRequestBody, ValuesReplies>;
  private readonly values = new ValueCache<PointValue>(KEPT_VALUES);
  private readonly mediaKept = new ValueCache<MediaPoint>(KEPT_MEDIA);

  constructor(startWorker: StartSideWorker, connect: Connect) {
    this.worker = new SideWorker(startWorker, connect);
  }

  /** How many questions are not answered. */
  get unanswered(): number {
    return this.worker.unanswered;
  }

  /** Asks the worker. Rejects with a Fault; `cancelled` when the signal aborts. */
  async ask<R extends ValuesRequestBody>(
    request: R,
    signal?: AbortSignal,
    transfer: Transferable[] = [],
  ): Promise<ValuesReplies[R['type']]> {
    return this.worker.counted(async () => {
      const { asker } = await this.worker.living();
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
    this.worker.fail(error);
  }

  /** Ends the worker for good: nothing is answered any more. */
  end(): void {
    this.worker.end();
  }

  /** A clip is in the memory of the worker that opened it: it is asked of that one, also when there is another. */
  private async openClip(
    isGif: boolean,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<{ ask: AskUnless; close: Close; opened: ClipFacts }> {
    const copy = await copyOf(bytes, signal);
    return this.worker.counted(async () => {
      const { asker } = await this.worker.living();
      const close: Close = (clip) => void asker.ask({ type: 'closeClip', clip }).catch(() => undefined);
      // Not to be called off: what is open must be closed.
      const opened = await asker.ask({ type: 'openClip', isGif, bytes: copy }, [copy.buffer]);
      if (signal.aborted) {
        close(opened.clip);
        throw new Fault({ code: 'cancelled' });
      }
      return { ask: (unless, request) => this.worker.counted(() => asker.askUnless(unless, request)), close, opened };
    });
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

import { effect, signal, untracked } from '@preact/signals-core';
import { html, nothing } from 'lit';
import type { Engine } from '../../../engine/engine';
import { asWireError } from '../../../faults/fault';
import type { ImageItem } from '../../../engine/values/media';
import { errorText } from '../../../model/errors';
import { formatExact } from '../../../model/format';
import { icon } from '../../../ui/icons';
import { counted } from '../../../ui/pending';
import { WatchElement } from '../../../ui/watch';
import { openFrames, type FrameSource } from './frame_source';
import { endsOf, frameAt, startOf, stripOf } from './frames';
import { Playback, SPEEDS } from './playback';
import './player.css';

const STRIP = 10;
/** Frames that Shift with an arrow goes. */
const FAST = 10;

/**
 * Plays an animation: GIF, APNG or WebP. Players that share a `playback` are in sync. It decodes while it is in the
 * page, one frame at a time, and the newest that is wanted: what is too slow leaves frames out, and never waits.
 */
export class Player extends WatchElement {
  static override properties = {
    item: { attribute: false },
    bytes: { attribute: false },
    engine: { attribute: false },
    playback: { attribute: false },
    label: {},
  };
  declare item: ImageItem;
  /** Of the item alone. */
  declare bytes: Uint8Array<ArrayBuffer>;
  declare engine: Engine;
  /** A clock that others share; undefined = its own. */
  declare playback: Playback | undefined;
  /** What it shows, for who cannot see it. */
  declare label: string;
  private readonly fault = signal('');
  private readonly damaged = signal(false);
  /** Where nothing takes it apart, the browser plays it as it likes. */
  private readonly plain = signal<string | undefined>(undefined);
  private readonly own = new Playback();
  private ends: Float64Array = new Float64Array();
  private source: Promise<FrameSource | undefined> | undefined;
  private abort = new AbortController();
  private drawn = -1;
  private busy = false;
  /** Frames of the strip that are still to be drawn, by their places. */
  private stripLeft: [place: number, frame: number][] = [];
  private stops: (() => void)[] = [];
  private readonly resizes = new ResizeObserver(() => {
    const strip = this.querySelector<HTMLCanvasElement>('.strip canvas');
    if (!strip || strip.width === Math.round(strip.clientWidth * devicePixelRatio)) return;
    this.emptyStrip();
    void counted(this.work());
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('player');
    if (this.hasUpdated) this.open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.close();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('item')) this.ends = endsOf(this.item.times);
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (['item', 'bytes', 'playback', 'engine'].some((name) => changed.has(name))) this.open();
  }

  private get clock(): Playback {
    return this.playback ?? this.own;
  }

  private get frames(): number {
    return this.item.times.length;
  }

  /** The frame that is to be seen now; reads the clock. */
  private get frame(): number {
    return frameAt(this.ends, this.clock.time.value);
  }

  private open(): void {
    this.close();
    this.abort = new AbortController();
    this.fault.value = '';
    const { signal: aborted } = this.abort;
    this.source = openFrames(this.item, this.bytes, this.engine, aborted);
    this.source.then(
      (source) => {
        if (!source && !aborted.aborted) this.showPlain();
      },
      (error: unknown) => this.fail(error),
    );
    this.drawn = -1;
    this.emptyStrip();
    const strip = this.querySelector('.strip');
    if (strip) this.resizes.observe(strip);
    this.stops = [
      ...(this.frames > 1 ? [this.clock.join(this.ends.at(-1) ?? 0)] : []),
      effect(() => {
        void this.frame;
        const work = untracked(() => this.work());
        if (!this.clock.playing.peek()) void counted(work);
      }),
    ];
  }

  /** All of the strip is to be drawn, as large as it is. */
  private emptyStrip(): void {
    this.stripLeft = this.frames > 1 ? stripOf(this.frames, STRIP).map((frame, place) => [place, frame]) : [];
    const strip = this.querySelector<HTMLCanvasElement>('.strip canvas');
    if (!strip) return;
    // Setting its size empties it.
    strip.width = Math.round(strip.clientWidth * devicePixelRatio);
    strip.height = Math.round(strip.clientHeight * devicePixelRatio);
  }

  private close(): void {
    this.resizes.disconnect();
    this.abort.abort();
    for (const stop of this.stops.splice(0)) stop();
    const plain = this.plain.peek();
    if (plain !== undefined) URL.revokeObjectURL(plain);
    this.plain.value = undefined;
    this.source?.then((source) => source?.close()).catch(() => undefined);
    this.source = undefined;
  }

  private showPlain(): void {
    this.plain.value = URL.createObjectURL(new Blob([this.bytes], { type: this.item.mime }));
  }

  private fail(error: unknown): void {
    const fault = asWireError(error);
    if (fault.code !== 'cancelled') this.fault.value = errorText(fault);
  }

  /** Draws what is wanted, one after the other: the frame first, then what is left of the strip. */
  private async work(): Promise<void> {
    const { source, abort } = this;
    if (this.busy || !source) return;
    this.busy = true;
    try {
      const frames = await source;
      while (frames && !abort.signal.aborted) {
        const wanted = this.clock.playing.peek() || this.drawn < 0 ? undefined : this.stripLeft[0];
        const frame = frameAt(this.ends, this.clock.time.peek());
        if (frame !== this.drawn) await this.draw(frames, frame, abort.signal);
        else if (wanted) await this.drawInStrip(frames, ...wanted, abort.signal);
        else break;
      }
    } catch (error) {
      if (!abort.signal.aborted) this.fail(error);
    } finally {
      this.busy = false;
    }
    if (abort.signal.aborted && this.source && this.source !== source) void this.work();
  }

  private async draw(frames: FrameSource, number: number, aborted: AbortSignal): Promise<void> {
    this.drawn = number;
    const frame = await frames.frame(number, aborted);
    const canvas = this.querySelector<HTMLCanvasElement>('.picture canvas');
    if (canvas && !aborted.aborted) {
      const { width, height } = frame;
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      const context = canvas.getContext('2d');
      context?.clearRect(0, 0, width, height);
      context?.drawImage(frame.image, 0, 0);
      // For tests, and for who looks what is there.
      canvas.dataset['frame'] = String(number);
    }
    this.damaged.value = frame.damaged;
    this.fault.value = '';
    frame.close();
  }

  private async drawInStrip(frames: FrameSource, place: number, number: number, aborted: AbortSignal): Promise<void> {
    this.stripLeft.shift();
    // What cannot be decoded is told when it is to be seen.
    const frame = await frames.frame(number, aborted).catch(() => undefined);
    if (!frame) return;
    const canvas = this.querySelector<HTMLCanvasElement>('.strip canvas');
    const context = canvas?.getContext('2d');
    if (canvas && context && !aborted.aborted) {
      const cell = canvas.width / Math.min(STRIP, this.frames);
      const scale = Math.min((cell - 2) / frame.width, canvas.height / frame.height);
      const [width, height] = [frame.width * scale, frame.height * scale];
      context.drawImage(frame.image, place * cell + (cell - width) / 2, (canvas.height - height) / 2, width, height);
    }
    frame.close();
  }

  override render() {
    const { width, height } = this.item;
    const plain = this.plain.value;
    const fault = this.fault.value;
    const small = width <= 256 && height <= 256 ? 'small' : '';
    return html`<div
        class="picture ${small}"
        role="img"
        aria-label=${this.label}
        tabindex=${this.frames > 1 && plain === undefined ? '0' : nothing}
        @keydown=${(event: KeyboardEvent) => this.onKey(event)}
        @click=${() => this.frames > 1 && this.clock.toggle()}
      >
        ${
          plain === undefined
            ? html`<canvas aria-hidden="true" width=${width || 1} height=${height || 1}></canvas>`
            : html`<img src=${plain} alt="" @error=${() => this.fail(asUndecodable())} />`
        }
        ${fault === '' ? nothing : html`<p class="note e" role="alert">${fault}</p>`}
        ${this.damaged.value ? html`<p class="over w">Parts of this frame are missing or damaged</p>` : nothing}
      </div>
      ${this.controls(plain !== undefined)}`;
  }

  private controls(isPlain: boolean) {
    if (isPlain) return html`<p class="controls m3">Plays by itself: this browser cannot take it apart</p>`;
    if (this.frames < 2) return nothing;
    const { clock, frames, frame } = this;
    const playing = clock.playing.value;
    const place = `${(frame / (frames - 1)) * 100}%`;
    const count = Math.min(STRIP, frames);
    // The last picture of the strip that is not after it.
    const near = stripOf(frames, STRIP).findLastIndex((one) => one <= frame);
    const where = `frame ${formatExact(frame + 1)} of ${formatExact(frames)}`;
    return html`<div class="strip" @click=${(event: MouseEvent) => this.pick(event)}>
        <canvas aria-hidden="true"></canvas>
        <i .style=${`left: ${(near / count) * 100}%; width: ${100 / count}%`}></i>
      </div>
      <div class="controls" role="group" aria-label="Frames">
        <button class="btn ico" aria-label="Previous frame" title="Previous frame  ←" @click=${() => this.step(-1)}>
          ${icon('left', 's')}</button
        ><button
          class="btn ico play"
          aria-label=${playing ? 'Pause frames' : 'Play frames'}
          title=${playing ? 'Pause  Space' : 'Play  Space'}
          @click=${() => clock.toggle()}
        >
          ${icon(playing ? 'pause' : 'play')}</button
        ><button class="btn ico" aria-label="Next frame" title="Next frame  →" @click=${() => this.step(1)}>
          ${icon('right', 's')}
        </button>
        <div
          class="track"
          role="slider"
          tabindex="0"
          aria-label="Frame"
          aria-valuemin="1"
          aria-valuemax=${frames}
          aria-valuenow=${frame + 1}
          aria-valuetext=${where}
          @pointerdown=${(event: PointerEvent) => this.grab(event)}
          @pointermove=${(event: PointerEvent) => this.drag(event)}
          @keydown=${(event: KeyboardEvent) => this.onKey(event)}
        >
          <em .style=${`width: ${place}`}></em><b .style=${`left: ${place}`}></b>
        </div>
        <span class="nw where">${where}</span>
        <select
          aria-label="Speed"
          @change=${(event: Event) => (clock.speed.value = Number((event.target as HTMLSelectElement).value))}
        >
          ${SPEEDS.map((speed) => html`<option value=${speed} ?selected=${speed === clock.speed.value}>${speed}×</option>`)}
        </select>
        <button
          class="btn ico toggle"
          aria-label="Loop"
          title="Play again and again"
          aria-pressed=${clock.loop.value}
          @click=${() => (clock.loop.value = !clock.loop.value)}
        >
          ${icon('loop', 's')}
        </button>
      </div>`;
  }

  /** Shows a frame, and rests there. */
  private show(frame: number): void {
    this.clock.pause();
    this.clock.seek(startOf(this.ends, Math.max(0, Math.min(frame, this.frames - 1))));
  }

  private step(by: number): void {
    this.show(untracked(() => this.frame) + by);
  }

  private pick(event: MouseEvent): void {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    const frames = stripOf(this.frames, STRIP);
    const place = Math.floor(((event.clientX - left) / width) * frames.length);
    this.show(frames[Math.max(0, Math.min(place, frames.length - 1))] as number);
  }

  private grab(event: PointerEvent): void {
    if (event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.drag(event);
  }

  private drag(event: PointerEvent): void {
    const track = event.currentTarget as Element;
    if (!track.hasPointerCapture(event.pointerId)) return;
    const { left, width } = track.getBoundingClientRect();
    this.show(Math.round(((event.clientX - left) / width) * (this.frames - 1)));
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || this.frames < 2) return;
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (by !== undefined) this.step(event.shiftKey ? by * FAST : by);
    else if (event.key === ' ') this.clock.toggle();
    else if (event.key === 'Home') this.show(0);
    else if (event.key === 'End') this.show(this.frames - 1);
    else return;
    // The step of all cards is not meant.
    event.preventDefault();
  }
}

function asUndecodable(): { code: 'undecodable' } {
  return { code: 'undecodable' };
}

customElements.define('tp-player', Player);

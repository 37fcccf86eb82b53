import { effect, signal, untracked } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit';
import { chartTheme } from '../../charts/chart_theme';
import { colourOf } from '../../charts/colour_ramp';
import { cancelDrawing, queueDrawing } from '../../charts/draw_queue';
import type { State } from '../../model/state';
import { spanAbout, spanMoved } from './sound_span';
import { counted } from '../../ui/pending';
import { WatchElement } from '../../ui/watch';
import type { OpenSound } from './open_sound';
import type { Position, SoundDesk, Span } from './sound_desk';
import { frequencyText, frequencyTicks, paintWaveform, spectrogramPixels, windowOf } from './sound_paint';

/** More columns than any screen is wide would only cost time. */
const MOST_COLUMNS = 4096;
const MOST_BANDS = 512;
/** Shorter selections are clicks, px. */
const LEAST_DRAG = 4;

/** A picture of a sound over its time: with the cursor, the selection, and the gestures for both. */
abstract class SoundPicture extends WatchElement {
  static override properties = {
    state: { attribute: false },
    sound: { attribute: false },
    desk: { attribute: false },
    soundKey: { attribute: false },
    tag: {},
    label: {},
    colour: {},
  };
  declare state: State;
  declare sound: OpenSound;
  declare desk: SoundDesk;
  /** What the desk calls the sound. */
  declare soundKey: string;
  /** Whose sounds are drawn over the same time. */
  declare tag: string;
  declare label: string;
  declare colour: string;
  protected readonly size = signal<readonly [width: number, height: number]>([0, 0]);
  private abort = new AbortController();
  private stops: (() => void)[] = [];
  private dragFrom: number | undefined;
  private panFrom: number | undefined;
  private readonly resizes = new ResizeObserver(([entry]) => {
    if (!entry) return;
    const [width, height] = [entry.contentRect.width, entry.contentRect.height].map((side) =>
      Math.round(side * devicePixelRatio),
    ) as [number, number];
    const [oldWidth, oldHeight] = this.size.peek();
    if (width !== oldWidth || height !== oldHeight) this.size.value = [width, height];
  });

  /** Asks for what is drawn; reads the signals that it depends on. undefined = there is nothing to ask yet. */
  protected abstract ask(signal: AbortSignal): Promise<void> | undefined;
  /** Draws what was answered; reads the signals that it depends on. */
  protected abstract paint(canvas: HTMLCanvasElement): void;

  protected beside(): TemplateResult | typeof nothing {
    return nothing;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.end();
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (['sound', 'colour', 'state'].some((name) => changed.has(name))) this.start();
  }

  private start(): void {
    this.end();
    const frame = this.querySelector('.frame');
    if (frame) this.resizes.observe(frame);
    this.stops = [
      effect(() => {
        this.abort.abort();
        this.abort = new AbortController();
        const asked = this.ask(this.abort.signal);
        // What was cancelled, or went wrong with the engine, is told elsewhere.
        if (asked) void counted(asked).catch(() => undefined);
      }),
      effect(() => {
        this.track();
        queueDrawing(this, () => this.paintNow());
      }),
    ];
  }

  private end(): void {
    for (const stop of this.stops.splice(0)) stop();
    this.abort.abort();
    this.resizes.disconnect();
    cancelDrawing(this);
  }

  /** Reads the signals that the picture depends on. */
  protected abstract track(): void;

  private paintNow(): void {
    const canvas = this.querySelector('canvas');
    if (canvas) this.paint(canvas);
  }

  /** What is drawn: all, or what was zoomed to; reads signals. */
  protected get shownSpan(): Span {
    const { length } = this.sound;
    const [from, to] = this.state.soundZoom.value.get(this.tag) ?? [0, length];
    return from < length ? { from, to } : { from: 0, to: length };
  }

  /** The same in samples of each channel. */
  protected get shownFrames(): [from: number, to: number] {
    const { from, to } = this.shownSpan;
    const rate = this.sound.clip.value?.sampleRate ?? 0;
    return [from * rate, to * rate];
  }

  /** @param span undefined = all of it. */
  private zoom(span: Span | undefined): void {
    const { soundZoom } = this.state;
    const zooms = new Map(soundZoom.peek());
    const isAll = !span || (span.from <= 0 && span.to >= this.sound.length);
    if (isAll) zooms.delete(this.tag);
    else zooms.set(this.tag, [span.from, span.to]);
    soundZoom.value = zooms;
  }

  private get position(): Position {
    return this.desk.position(this.soundKey);
  }

  override render() {
    const { length } = this.sound;
    const { at, selection } = this.position;
    const shown = this.shownSpan;
    const percent = (seconds: number): number =>
      length > 0 ? Math.max(0, Math.min(100, ((seconds - shown.from) / (shown.to - shown.from)) * 100)) : 0;
    const span = selection.value;
    const isZoomed = shown.from > 0 || shown.to < length;
    return html`${this.beside()}
      <div
        class="frame"
        role="slider"
        tabindex="0"
        aria-label=${this.label}
        aria-valuemin="0"
        aria-valuemax=${length.toFixed(3)}
        aria-valuenow=${Math.min(at.value, length).toFixed(3)}
        aria-valuetext=${this.valueText(at.value, length)}
        title="Click: go there. Drag, or Shift with ← →: select what is played. Ctrl with the wheel, or + −: zoom; Shift and drag: move; Z: zoom to what is selected; double click, or 0: all"
        @pointerdown=${(event: PointerEvent) => this.grab(event)}
        @pointermove=${(event: PointerEvent) => this.drag(event)}
        @pointerup=${(event: PointerEvent) => this.drop(event)}
        @keydown=${(event: KeyboardEvent) => this.onKey(event)}
        @dblclick=${() => this.zoom(undefined)}
        @wheel=${this.onWheel}
      >
        <canvas aria-hidden="true"></canvas>
        ${
          span && span.to > shown.from && span.from < shown.to
            ? html`<i
                class="span"
                .style=${`left: ${percent(span.from)}%; width: ${percent(span.to) - percent(span.from)}%`}
              ></i>`
            : nothing
        }
        ${at.value > 0 && at.value >= shown.from && at.value <= Math.min(length, shown.to) ? html`<i class="cursor" .style=${`left: ${percent(at.value)}%`}></i>` : nothing}
        ${isZoomed ? html`<span class="from">${timeText(shown.from, shown)}</span><span class="to">${timeText(shown.to, shown)}</span>` : nothing}
      </div>`;
  }

  private valueText(at: number, length: number): string {
    const span = this.position.selection.value;
    const selected = span ? `, selected ${span.from.toFixed(2)} to ${span.to.toFixed(2)} s` : '';
    const { from, to } = this.shownSpan;
    const part =
      from > 0 || to < length ? `, shown ${timeText(from, { from, to })} to ${timeText(to, { from, to })}` : '';
    return `${Math.min(at, length).toFixed(2)} of ${length.toFixed(2)} s${selected}${part}`;
  }

  private secondsAt(event: MouseEvent): number {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    const { from, to } = this.shownSpan;
    return from + Math.max(0, Math.min(1, (event.clientX - left) / width)) * (to - from);
  }

  private grab(event: PointerEvent): void {
    if (event.button !== 0 || this.sound.length <= 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    if (event.shiftKey) this.panFrom = event.clientX;
    else this.dragFrom = this.secondsAt(event);
  }

  private drag(event: PointerEvent): void {
    const { dragFrom, panFrom } = this;
    const { clientWidth } = event.currentTarget as Element;
    const shown = untracked(() => this.shownSpan);
    const width = shown.to - shown.from;
    if (panFrom !== undefined) {
      this.zoom(spanMoved(shown, ((panFrom - event.clientX) / clientWidth) * width, this.sound.length));
      this.panFrom = event.clientX;
    }
    if (dragFrom === undefined) return;
    const to = this.secondsAt(event);
    const pixels = (Math.abs(to - dragFrom) / width) * clientWidth;
    if (pixels < LEAST_DRAG) return;
    this.position.selection.value = { from: Math.min(dragFrom, to), to: Math.max(dragFrom, to) };
  }

  private drop(event: PointerEvent): void {
    const from = this.dragFrom;
    this.panFrom = undefined;
    if (from === undefined) return;
    this.dragFrom = undefined;
    const span = this.position.selection.peek();
    const to = this.secondsAt(event);
    const isDrag = span && to !== from && (span.from === Math.min(from, to) || span.to === Math.max(from, to));
    if (isDrag) {
      this.desk.seek(this.soundKey, span.from);
    } else {
      this.position.selection.value = undefined;
      this.desk.seek(this.soundKey, from);
    }
  }

  /** As charts do: a plain wheel scrolls the page. */
  private readonly onWheel = {
    handleEvent: (event: WheelEvent): void => {
      if ((!event.ctrlKey && !event.metaKey) || this.sound.length <= 0) return;
      event.preventDefault();
      const factor = Math.exp(Math.max(-1, Math.min(1, event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.003))));
      this.zoomBy(factor, this.secondsAt(event));
    },
    passive: false,
  };

  private zoomBy(factor: number, about: number): void {
    this.zoom(
      spanAbout(
        untracked(() => this.shownSpan),
        factor,
        about,
        this.sound.length,
      ),
    );
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { at, selection } = this.position;
    const shown = untracked(() => this.shownSpan);
    const length = this.sound.length;
    const width = shown.to - shown.from;
    const about = at.peek() >= shown.from && at.peek() <= shown.to ? at.peek() : shown.from + width / 2;
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    const to = { Home: 0, End: length }[event.key];
    if (by !== undefined && event.shiftKey) {
      const span = selection.peek() ?? { from: at.peek(), to: at.peek() };
      const end = Math.max(span.from, Math.min(length, span.to + (by * width) / 50));
      selection.value = end > span.from ? { from: span.from, to: end } : undefined;
    } else if (by !== undefined) {
      this.desk.seek(this.soundKey, Math.min(length, at.peek() + (by * width) / 100));
    } else if (to !== undefined) {
      this.desk.seek(this.soundKey, to);
    } else if (event.key === ' ') {
      this.desk.toggle(this.soundKey, this.sound.sound(this.state.normalise));
    } else if (event.key === '+' || event.key === '-' || event.key === '−') {
      this.zoomBy(event.key === '+' ? 0.5 : 2, about);
    } else if (event.key === '0') {
      this.zoom(undefined);
    } else if (event.key === 'z' && selection.peek()) {
      this.zoom(selection.peek());
    } else if (event.key === 'Escape' && selection.peek()) {
      selection.value = undefined;
    } else {
      return;
    }
    // The step of all cards is not meant.
    event.preventDefault();
  }
}

/** In as many digits as what is shown needs: "1.234 s". */
function timeText(seconds: number, { from, to }: Span): string {
  return `${seconds.toFixed(Math.max(2, Math.min(6, Math.ceil(1 - Math.log10(to - from)))))} s`;
}

/** Least and greatest samples over time, a lane for each channel, in the colour of the run. */
export class Waveform extends SoundPicture {
  private readonly peaks = signal<Float32Array | undefined>(undefined);

  protected override ask(signal: AbortSignal): Promise<void> | undefined {
    const clip = this.sound.clip.value;
    const [width] = this.size.value;
    if (!clip || width === 0) return undefined;
    const [from, to] = this.shownFrames;
    return clip
      .waveform(from, to, Math.min(MOST_COLUMNS, width), signal)
      .then((answer) => void (signal.aborted || (this.peaks.value = answer)));
  }

  protected override track(): void {
    void [this.peaks.value, this.sound.normalGain.value, this.state.normalise.value, chartTheme.value, this.size.value];
  }

  protected override paint(canvas: HTMLCanvasElement): void {
    const peaks = this.peaks.peek();
    const channels = this.sound.clip.peek()?.channels;
    const [width, height] = this.size.peek();
    const context = canvas.getContext('2d');
    if (!peaks || !channels || !context) return;
    Object.assign(canvas, { width, height });
    const gain = this.state.normalise.peek() ? this.sound.normalGain.peek() : 1;
    paintWaveform(context, peaks, channels, gain, [this.colour, chartTheme.peek().grid]);
  }
}

/** How loud each frequency is over time, in ink. */
export class Spectrogram extends SoundPicture {
  private readonly levels = signal<{ bands: number; levels: Float32Array } | undefined>(undefined);

  protected override ask(signal: AbortSignal): Promise<void> | undefined {
    const clip = this.sound.clip.value;
    const [width, height] = this.size.value;
    const scale = this.state.frequencyScale.value;
    if (!clip || width === 0 || height === 0) return undefined;
    const [columns, bands] = [Math.min(MOST_COLUMNS, width), Math.min(MOST_BANDS, height)];
    const [from, to] = this.shownFrames;
    const query = { from, to, columns, bands, scale, window: windowOf(clip.sampleRate) };
    return clip
      .spectrogram(query, signal)
      .then((levels) => void (signal.aborted || (this.levels.value = { bands, levels })));
  }

  protected override track(): void {
    void [this.levels.value, this.state.soundRange.value, chartTheme.value];
  }

  protected override paint(canvas: HTMLCanvasElement): void {
    const answer = this.levels.peek();
    const context = canvas.getContext('2d');
    if (!answer || !context) return;
    const { bands, levels } = answer;
    const [width, height] = [levels.length / bands, bands];
    Object.assign(canvas, { width, height });
    const pixels = spectrogramPixels(levels, bands, this.state.soundRange.peek(), colourOf(chartTheme.peek().ink));
    context.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), width, height), 0, 0);
  }

  protected override beside() {
    const rate = this.sound.clip.value?.sampleRate;
    if (rate === undefined) return nothing;
    const [low, middle, high] = frequencyTicks(this.state.frequencyScale.value, rate);
    return html`<div class="ticks" aria-hidden="true">
      <span>${frequencyText(high)}</span><span>${frequencyText(middle)}</span><span>${frequencyText(low)} Hz</span>
    </div>`;
  }
}

customElements.define('tp-waveform', Waveform);
customElements.define('tp-spectrogram', Spectrogram);

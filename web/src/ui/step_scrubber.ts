import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import type { StepUnion } from '../engine/values/values';
import { formatExact, plural } from '../model/format';
import type { State } from '../model/state';
import { indexNear, namedStep, placeOf, shownIndex, stepOfIndex, ticksOf, writtenStep } from '../model/steps';
import { icon } from './icons';
import { WatchElement } from './watch';

/** Playing, a step is shown so long. */
const PLAY_MS = 300;
const FAST = 10;
/** Of what was typed and is no step, so many characters are repeated. */
const MAX_UNREAD = 40;

/**
 * The step of all cards, docked below a view. Sets `state.step`; takes ← → (Shift: ten) and Space from wherever nothing
 * else wants them.
 */
export class StepScrubber extends WatchElement {
  static override properties = { state: { attribute: false }, union: { attribute: false } };
  declare state: Pick<State, 'step'>;
  /** The steps that there are. */
  declare union: StepUnion;
  private readonly width = signal(0);
  private readonly playing = signal(false);
  /** What was typed and is no step; '' = nothing. */
  private readonly unread = signal('');
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly resizes = new ResizeObserver(([entry]) => (this.width.value = entry?.contentRect.width ?? 0));
  /** Computed anew only when the steps or the width change. */
  private ticksKept: { union: StepUnion; width: number; tall: string; short: string } | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.className = 'scrub';
    this.setAttribute('role', 'group');
    this.setAttribute('aria-label', 'Step');
    addEventListener('keydown', this.onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.onKey);
    this.resizes.disconnect();
    this.pause();
  }

  protected override updated(): void {
    const track = this.querySelector('.track');
    if (track) this.resizes.observe(track);
  }

  override render() {
    const { union } = this;
    const index = shownIndex(union, this.state.step.value);
    const step = index === undefined ? undefined : union.steps[index];
    if (index === undefined || step === undefined) return nothing;
    const count = union.steps.length;
    const wanted = this.state.step.value ?? step;
    // Before the first step, that one is shown.
    const named = wanted < step ? step : wanted;
    const unread = this.unread.value;
    const place = `${placeOf(union, step) * 100}%`;
    const where = `${formatExact(index + 1)} of ${formatExact(count)}`;
    const playing = this.playing.value;
    return html`<button
        class="btn ico"
        aria-label="Previous step"
        title="Previous step  ←"
        aria-disabled=${index === 0}
        @click=${() => this.move(-1)}
      >
        ${icon('left')}</button
      ><button
        class="btn ico"
        aria-label=${playing ? 'Pause' : 'Play'}
        title=${playing ? 'Pause  Space' : 'Play  Space'}
        aria-disabled=${count < 2}
        @click=${() => this.toggle()}
      >
        ${icon(playing ? 'pause' : 'play')}</button
      ><button
        class="btn ico"
        aria-label="Next step"
        title="Next step  →"
        aria-disabled=${index === count - 1}
        @click=${() => this.move(1)}
      >
        ${icon('right')}
      </button>
      <span class="lb" aria-hidden="true">Step</span>
      <input
        class="num"
        type="text"
        inputmode="numeric"
        aria-label="Step, as a number"
        title=${`Steps ${formatExact(union.steps[0] as bigint)} to ${formatExact(union.steps[count - 1] as bigint)}`}
        aria-invalid=${unread === '' ? nothing : 'true'}
        .value=${formatExact(named)}
        @input=${() => (this.unread.value = '')}
        @change=${(event: Event) => this.name(event.target as HTMLInputElement)}
        @blur=${() => (this.unread.value = '')}
      />
      ${
        unread === ''
          ? nothing
          : html`<p class="unread small e" role="alert">
              “${unread}” is no step: a whole number, such as 42,400, 42.4k or 1e6
            </p>`
      }
      <div
        class="track"
        role="slider"
        tabindex="0"
        aria-label="Step"
        aria-valuemin="1"
        aria-valuemax=${count}
        aria-valuenow=${index + 1}
        aria-valuetext=${`${formatExact(step)}, ${where}`}
        @pointerdown=${(event: PointerEvent) => this.grab(event)}
        @pointermove=${(event: PointerEvent) => this.drag(event)}
      >
        ${this.ticks()}
        <em .style=${`width: ${place}`}></em>
        <b .style=${`left: ${place}`}></b>
      </div>
      <span class="m3 small count" title=${plural(count, 'step')}>${where}</span>`;
  }

  private ticks() {
    const [union, width] = [this.union, this.width.value];
    if (this.ticksKept?.union !== union || this.ticksKept.width !== width) {
      const { tall, short } = ticksOf(union, width);
      const path = (pixels: readonly number[], from: number, to: number): string =>
        pixels.map((x) => `M${x + 0.5} ${from}V${to}`).join('');
      this.ticksKept = { union, width, tall: path(tall, 9, 19), short: path(short, 12, 16) };
    }
    const { tall, short } = this.ticksKept;
    return html`<svg aria-hidden="true">
      <path d=${tall} />
      <path class="miss" d=${short} />
    </svg>`;
  }

  private show(index: number): void {
    this.state.step.value = stepOfIndex(this.union, index);
  }

  private move(by: number): void {
    this.pause();
    const index = shownIndex(this.union, this.state.step.value);
    if (index !== undefined) this.show(index + by);
  }

  /** Goes to the step that a person typed; what is none is said, and the field has the step that is shown again. */
  private name(input: HTMLInputElement): void {
    this.pause();
    const step = writtenStep(input.value);
    this.unread.value = step === undefined ? input.value.slice(0, MAX_UNREAD) : '';
    if (step !== undefined) this.state.step.value = namedStep(this.union, step);
    this.requestUpdate();
    void this.updateComplete.then(() => {
      const shown = this.state.step.value ?? this.union.steps.at(-1);
      if (shown !== undefined) input.value = formatExact(shown);
    });
  }

  private grab(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.pause();
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.drag(event);
  }

  private drag(event: PointerEvent): void {
    const track = event.currentTarget as Element;
    if (!track.hasPointerCapture(event.pointerId)) return;
    const { left, width } = track.getBoundingClientRect();
    this.show(indexNear(this.union, (event.clientX - left) / width));
  }

  private toggle(): void {
    if (this.playing.value) return this.pause();
    // From the end, it plays all.
    if (this.state.step.value === undefined) this.show(0);
    this.playing.value = true;
    this.timer = setInterval(() => {
      const index = shownIndex(this.union, this.state.step.value) ?? 0;
      this.show(index + 1);
      if (this.state.step.value === undefined) this.pause();
    }, PLAY_MS);
  }

  private pause(): void {
    clearInterval(this.timer);
    this.playing.value = false;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (target.matches('input, textarea, select, [role=tab], [role=radio], [role=treeitem]')) return;
    const count = this.union.steps.length;
    const onTrack = target.matches('.track');
    const by = { ArrowLeft: -1, ArrowRight: 1, ...(onTrack && { ArrowDown: -1, ArrowUp: 1 }) }[event.key];
    if (by !== undefined) this.move(event.shiftKey ? by * FAST : by);
    else if (event.key === ' ' && !target.matches('button, summary, a')) this.toggle();
    else if (onTrack && event.key === 'Home') this.show(0);
    else if (onTrack && event.key === 'End') this.show(count - 1);
    else return;
    event.preventDefault();
  };
}

customElements.define('tp-step-scrubber', StepScrubber);

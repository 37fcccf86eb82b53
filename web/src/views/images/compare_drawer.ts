import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { formatExact, tagLabel } from '../../model/format';
import { DEFAULT_GAIN, MAX_GAIN, type ImageComparison, type ImagePlace } from '../../model/state';
import { choice } from '../../ui/choice';
import { icon } from '../../ui/icons';
import { counted } from '../../ui/pending';
import { slider } from '../../ui/slider';
import { WatchElement } from '../../ui/watch';
import type { Board } from './board';
import { ImagePicture } from './image_picture';
import { channelNames } from './image_text';
import { ask } from './pixels/image_worker';
import { WINDOW } from './pixels/ssim';
import type { Comparison, Pixel } from './pixels/jobs';
import { samePlace } from './matrix';
import { PlacedImage } from './placed_image';
import { psnrText, scoreText, ssimText, TargetScore, type Score } from './target_score';

const MODES: readonly (readonly [ImageComparison, string, string])[] = [
  ['side', 'Side by side', 'Both beside each other'],
  ['swipe', 'Swipe', 'A left of a line, B right of it'],
  ['difference', 'Difference', 'Where and how much they differ'],
  ['blink', 'Blink', 'One in place of the other, again and again'],
];
const BLINK_MS = 600;
/** Pixels of the longer side, on the screen. */
const MAX_SIDE = 1024;
const YES: ReadonlySignal<boolean> = signal(true);

/** Two images against each other. */
export class ImageCompare extends WatchElement {
  static override properties = { board: { attribute: false } };
  declare board: Board;
  /** Where the line of a swipe is, of the width. */
  private readonly swiped = signal(0.5);
  private readonly showsB = signal(false);
  private readonly numbers = signal<Comparison | undefined>(undefined);
  private readonly pixels = signal<{ x: number; y: number; a: Pixel; b: Pixel } | undefined>(undefined);
  private readonly difference = new ImagePicture();
  private hovering: AbortController | undefined;
  private stops: (() => void)[] = [];
  private readonly a = computed(() => this.placed(this.board.context.state.imageA.value));
  private readonly b = computed(() => this.placed(this.board.context.state.imageB.value));

  private readonly scoreOfA = computed(() => this.scored(this.a.value));
  private readonly scoreOfB = computed(() => this.scored(this.b.value));

  private scored(placed: PlacedImage | undefined): TargetScore | undefined {
    return placed && new TargetScore(this.board, placed, YES);
  }

  private placed(place: ImagePlace | undefined): PlacedImage | undefined {
    return place && new PlacedImage(this.board, place.tag, place, YES, () => MAX_SIDE);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'complementary');
    this.setAttribute('aria-label', 'Compare images');
    this.stops = [
      ...[this.a, this.b, this.scoreOfA, this.scoreOfB].map((side) =>
        effect(() => {
          const placed = side.value;
          untracked(() => placed?.start());
          return () => untracked(() => placed?.stop());
        }),
      ),
      effect(() => this.compare()),
      effect(() => {
        if (this.board.context.state.imageComparison.value !== 'blink') return;
        // Whoever wants nothing to move, changes it by hand.
        if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
        const timer = setInterval(() => (this.showsB.value = !this.showsB.peek()), BLINK_MS);
        return () => clearInterval(timer);
      }),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.stops.splice(0)) stop();
    this.difference.clear();
  }

  private compare(): (() => void) | undefined {
    const [a, b] = [this.a.value?.item.value?.source, this.b.value?.item.value?.source];
    const ramp = this.board.ramp.value;
    const gain = this.board.context.state.imageGain.value;
    untracked(() => (this.pixels.value = undefined));
    if (!a || !b) {
      untracked(() => (this.numbers.value = undefined));
      return undefined;
    }
    const abort = new AbortController();
    const { signal: aborted } = abort;
    const work = async (): Promise<void> => {
      const numbers = await ask('compare', { a, b }, aborted);
      this.numbers.value = numbers;
      if (!numbers?.sameSize) return;
      const drawn = await ask('difference', { a, b, gain, ramp, maxSide: MAX_SIDE }, aborted);
      if (drawn) this.difference.take(drawn);
    };
    void counted(work().catch(() => undefined));
    return () => abort.abort();
  }

  override render() {
    const { state } = this.board.context;
    const mode = state.imageComparison;
    const both = this.a.value && this.b.value;
    return html`<header>
        <h2 class="st">Compare</h2>
        <span class="grow"></span>
        <button
          class="btn ico"
          aria-label="Swap A and B"
          title="Swap A and B"
          @click=${() => ([state.imageA.value, state.imageB.value] = [state.imageB.peek(), state.imageA.peek()])}
        >
          ${icon('loop')}
        </button>
        <button
          class="btn ico"
          aria-label="Close"
          @click=${() => (state.imageA.value = state.imageB.value = undefined)}
        >
          ${icon('close')}
        </button>
      </header>
      <div class="body">
        <div class="sides">
          ${this.side('A', this.a.value)} ${this.side('B', this.b.value)} ${this.targetButton()}
          ${choice('Compare', MODES, mode.value, (one) => (mode.value = one))}
        </div>
        ${
          both
            ? html`<div class="pictures">${this.pictures(mode.value)}</div>
                <div class="figures">${this.figures(mode.value)}</div>`
            : html`<p class="m3">
                Pick the other image with the button A or B on it, or with its key: Shift A, Shift B
              </p>`
        }
      </div>`;
  }

  /** A against the target of its sample; without A, B. */
  private targetButton() {
    const { state } = this.board.context;
    const [kept, other] = state.imageA.value ? [state.imageA, state.imageB] : [state.imageB, state.imageA];
    const target = kept.value && this.board.targetOf(kept.value.sample);
    if (!target || samePlace(target, other.value)) return nothing;
    return html`<button class="btn line" @click=${() => (other.value = target)}>Compare with the target</button>`;
  }

  private side(name: 'A' | 'B', placed: PlacedImage | undefined) {
    if (!placed) return html`<p class="who"><b class="mark">${name}</b> <span class="m3">none yet</span></p>`;
    const { shown, state } = this.board.context;
    const { place } = placed;
    const { shown: point } = placed;
    const step = point?.kind === 'point' ? point.step : undefined;
    const signal = name === 'A' ? state.imageA : state.imageB;
    return html`<p class="who">
      <b class="mark">${name}</b>
      <span class="el" title=${tagLabel(place.tag)}
        >${shown.runLabel(place.run)} ·
        #${place.sample}${step === undefined ? '' : ` · step ${formatExact(step)}`}</span
      >
      <label class="row" title="This step stays, whatever the scrubber says"
        ><input
          class="cb"
          type="checkbox"
          aria-label=${`Pin the step of ${name}`}
          .checked=${place.step !== undefined}
          ?disabled=${place.step === undefined && step === undefined}
          @change=${() => (signal.value = { ...place, step: place.step === undefined ? step : undefined })}
        />
        Pin</label
      >
    </p>`;
  }

  private pictures(mode: ImageComparison) {
    const [a, b] = [this.a.value, this.b.value];
    if (!a || !b) return nothing;
    const missing = [a, b].some(({ item, picture }) => !item.value || (picture.shown.value && picture.shown.value.kind !== 'drawn')); // prettier-ignore
    if (missing) return html`<p class="m3">One of them is no image that can be compared at this step</p>`;
    const rendering = `image-rendering: ${this.board.context.state.smoothImages.value ? 'auto' : 'pixelated'};`;
    const of = (placed: PlacedImage, style = '') => placed.picture.canvas(`${rendering} ${style}`);
    if (mode === 'side') {
      return html`<div class="stack" @pointermove=${this.onPointer}>
        <div class="pane">${of(a)}</div>
        <div class="pane">${of(b)}</div>
      </div>`;
    }
    if (mode === 'difference') {
      if (this.numbers.value && !this.numbers.value.sameSize) return nothing;
      return html`<div class="pane" @pointermove=${this.onPointer}>${this.difference.canvas(rendering)}</div>`;
    }
    if (mode === 'blink') {
      const shows = this.showsB.value;
      return html`<div class="pane over" @pointermove=${this.onPointer}>
          ${of(a, shows ? 'visibility: hidden' : '')}${of(b, shows ? '' : 'visibility: hidden')}
        </div>
        <button class="btn line" @click=${() => (this.showsB.value = !shows)}>${shows ? 'B' : 'A'} is shown</button>`;
    }
    const at = this.swiped.value * 100;
    return html`<div class="pane over" @pointermove=${this.onSwipe} @pointerdown=${this.onSwipe}>
        ${of(a, `clip-path: inset(0 ${100 - at}% 0 0)`)}${of(b, `clip-path: inset(0 0 0 ${at}%)`)}
        <i class="line" .style=${`left: ${at}%`}></i>
      </div>
      ${slider({
        label: 'Place of the line',
        value: this.swiped.value,
        min: 0,
        max: 1,
        step: 0.01,
        byDefault: 0.5,
        hasField: false,
        set: (place) => (this.swiped.value = place),
      })}`;
  }

  private otherSize() {
    return html`<p class="m3">They are not of one size: no pixel of one stands for a pixel of the other</p>`;
  }

  /** What the difference is, in numbers and, unless it is the picture itself, in small. */
  private figures(mode: ImageComparison) {
    const numbers = this.numbers.value;
    if (!numbers) return nothing;
    if (!numbers.sameSize) return this.otherSize();
    const { imageGain, smoothImages } = this.board.context.state;
    const gain = imageGain.value;
    const most = (2 ** numbers.bits - 1) / gain;
    const rendering = `image-rendering: ${smoothImages.value ? 'auto' : 'pixelated'}`;
    return html`<p class="what">
        <span class="md nw">|A − B|</span>
        <span class="m3 nw">mean over channels, × ${formatExact(gain)}</span>
        ${slider({ label: 'Factor of the difference', value: gain, min: 1, max: MAX_GAIN, step: 1, byDefault: DEFAULT_GAIN, hasField: false, set: (factor) => (imageGain.value = Math.round(factor)) })}
      </p>
      <div class="small-difference">
        ${mode === 'difference' ? nothing : this.difference.canvas(rendering)}
        <p class="legend" title="What the colours of the difference stand for">
          0<i></i>${formatExact(Number(most.toFixed(most < 10 ? 1 : 0)))}
        </p>
      </div>
      ${this.table(numbers)}`;
  }

  private table({ psnr, ssim, max, mean, bits }: Comparison) {
    const [ofA, ofB] = [this.scoreOfA.value?.score.value, this.scoreOfB.value?.score.value];
    const perSide = (name: string, text: (score: Score) => string) =>
      html`<tr>
        <th scope="row">${name}</th>
        ${[ofA, ofB].map((score) => html`<td title=${score ? scoreText(score) : nothing}>${score ? text(score) : ''}</td>`)}
      </tr>`;
    const pixels = this.pixels.value;
    const row = (name: string, ...values: string[]) =>
      html`<tr>
        <th scope="row">${name}</th>
        ${values.map((value) => html`<td colspan=${values.length === 1 ? 2 : nothing}>${value}</td>`)}
      </tr>`;
    const heads = html`<tr class="heads">
      <td></td>
      <th scope="col">A</th>
      <th scope="col">B</th>
    </tr>`;
    return html`<table>
      <tbody>
        ${row('PSNR', psnr === Infinity ? 'the same' : `${psnr.toFixed(2)} dB`)}
        ${row('SSIM', Number.isNaN(ssim) ? `– (less than ${WINDOW} pixels)` : ssim.toFixed(4).replace('-', '−'))}
        ${row(`Max |A − B|${bits === 8 ? '' : ` (${bits} bit)`}`, String(Number(max.toFixed(2))))}
        ${row('Mean |A − B|', mean.toPrecision(3))} ${ofA || ofB || pixels ? heads : nothing}
        ${
          ofA || ofB
            ? html`${perSide('PSNR to target', psnrText)}
              ${perSide('SSIM to target', (score) => ssimText(score) || '–')}`
            : nothing
        }
        ${
          pixels
            ? pixelRows(pixels.a.values, pixels.b.values).map(([channel, ...values], i) =>
                row(i === 0 ? `Pixel ${pixels.x}, ${pixels.y} ${channel}` : channel, ...values),
              )
            : nothing
        }
      </tbody>
    </table>`;
  }

  private readonly onSwipe = (event: PointerEvent): void => {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    if (event.buttons === 1) this.swiped.value = Math.max(0, Math.min(1, (event.clientX - left) / width));
    this.onPointer(event);
  };

  private readonly onPointer = (event: PointerEvent): void => {
    const canvas = (event.target as Element).closest('.pane')?.querySelector('canvas');
    const [a, b] = [this.a.peek()?.picture, this.b.peek()?.picture];
    const size = a?.shown.peek();
    if (!canvas || !a || !b || size?.kind !== 'drawn') return;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const x = Math.floor(((event.clientX - left) / width) * size.width);
    const y = Math.floor(((event.clientY - top) / height) * size.height);
    this.hovering?.abort();
    if (x < 0 || y < 0 || x >= size.width || y >= size.height) return;
    const { signal: aborted } = (this.hovering = new AbortController());
    Promise.all([a.pixel(x, y, aborted), b.pixel(x, y, aborted)]).then(
      ([one, other]) => {
        if (one && other && !aborted.aborted) this.pixels.value = { x, y, a: one, b: other };
      },
      () => undefined,
    );
  };
}

/** The values of each channel of two pixels, which need not have the same channels. */
function pixelRows(a: readonly number[], b: readonly number[]): [channel: string, a: string, b: string][] {
  const names = channelNames(Math.max(a.length, b.length));
  return names.map((name, i) => [name, String(a[i] ?? ''), String(b[i] ?? '')]);
}

customElements.define('tp-image-compare', ImageCompare);

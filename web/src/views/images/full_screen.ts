import { computed, signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { ImagePlace } from '../../model/state';
import { formatExact, tagLabel } from '../../model/format';
import { shownIndex, stepOfIndex } from '../../model/steps';
import type { StepUnion } from '../../engine/values';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import type { Board } from './board';
import type { ImageCell, Zoom } from './image_cell';
import './image_cell';
import { samePlace } from './matrix';

const MAX_ZOOM = 64;
/** Of the head, and of the caption of the image, px. */
const HEAD_PX = 56;

/** What keys do, as they are said. */
const HINTS = [
  ['← →', 'step'],
  ['↑ ↓', 'image'],
  ['+ −', 'zoom'],
  ['0', 'fit'],
  ['1', 'pixels'],
] as const;
const FIT: Zoom = { of: 'fit', by: 1 };
const PIXELS: Zoom = { of: 'pixels', by: 1 };

/**
 * One image over the whole window. Arrows: step before and after, image before and after; + −: zoom; 0: as large as it
 * fits; 1: a pixel of the screen for each of its own; Esc: back.
 */
export class ImageFull extends WatchElement {
  static override properties = {
    board: { attribute: false },
    places: { attribute: false },
    union: { attribute: false },
  };
  declare board: Board;
  /** All images, in order: up and down go through them. */
  declare places: () => ImagePlace[];
  declare union: StepUnion | undefined;
  /** The image that had the focus given. */
  private focused: ImageCell | undefined;
  private readonly zoom = signal(FIT);
  private readonly size = signal({ width: innerWidth, height: innerHeight });
  private readonly place = computed(() => this.board.full.value);
  private readonly onSize = (): void => void (this.size.value = { width: innerWidth, height: innerHeight });

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('resize', this.onSize);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('resize', this.onSize);
  }

  protected override firstUpdated(): void {
    this.querySelector('dialog')?.showModal();
  }

  protected override updated(): void {
    void this.focusImage();
  }

  /** Another image is another element: the keys go with it. */
  private async focusImage(): Promise<void> {
    const cell = this.querySelector<ImageCell>('tp-image-cell');
    if (!cell || cell === this.focused) return;
    this.focused = cell;
    await cell.updateComplete;
    cell.querySelector<HTMLElement>('.frame')?.focus();
  }

  override render() {
    const place = this.place.value;
    if (!place) return nothing;
    const { width, height } = this.size.value;
    const zoom = this.zoom.value;
    const box = { width, height: height - HEAD_PX, zoom };
    const { shown } = this.board.context;
    return html`<dialog class="scroll" aria-label="Image" @keydown=${this.onKey} @close=${() => this.close()}>
      <header>
        <h2 class="el">${tagLabel(place.tag)} · ${shown.runLabel(place.run)} · #${place.sample}</h2>
        <span class="m3 small nw">${this.stepText(place)}</span>
        <span class="grow"></span>
        <p class="hints m3 small" aria-hidden="true">
          ${HINTS.map(([keys, what]) => html`<span class="nw"><kbd>${keys}</kbd> ${what}</span>`)}
        </p>
        <button
          class="btn"
          aria-pressed=${zoom.of === 'fit'}
          title="As large as it fits  0"
          @click=${() => (this.zoom.value = FIT)}
        >
          Fit
        </button>
        <button
          class="btn"
          aria-pressed=${zoom.of === 'pixels'}
          title="A pixel of the screen for each of its own  1"
          @click=${() => (this.zoom.value = PIXELS)}
        >
          1 : 1
        </button>
        <button class="btn ico" aria-label="Smaller" title="Smaller  −" @click=${() => this.scale(1 / 2)}>−</button>
        <span class="nw small zoom" role="status">${zoomText(zoom)}</span>
        <button class="btn ico" aria-label="Larger" title="Larger  +" @click=${() => this.scale(2)}>+</button>
        <button
          class="btn ico"
          aria-label="Close"
          title="Close  Esc"
          @click=${() => this.querySelector('dialog')?.close()}
        >
          ${icon('close')}
        </button>
      </header>
      ${keyed(
        JSON.stringify([place.tag, place.run, place.sample, place.step?.toString()]),
        html`<tp-image-cell
          .board=${this.board}
          .section=${place.tag}
          .place=${place}
          .axis=${'run'}
          .box=${box}
        ></tp-image-cell>`,
      )}
    </dialog>`;
  }

  private stepText({ step }: ImagePlace): string {
    const { union } = this;
    const index = union && shownIndex(union, this.board.context.state.step.value);
    const of = step ?? (union && index !== undefined ? union.steps[index] : undefined);
    return of === undefined ? '' : `step ${formatExact(of)}`;
  }

  private scale(by: number): void {
    const zoom = this.zoom.peek();
    this.zoom.value = { ...zoom, by: Math.max(1 / MAX_ZOOM, Math.min(MAX_ZOOM, zoom.by * by)) };
  }

  private close(): void {
    this.board.full.value = undefined;
  }

  /** To another image, of those there are. */
  private go(by: number): void {
    const places = this.places();
    const at = places.findIndex((one) => samePlace(one, this.place.peek()));
    const next = places[at + by];
    if (next) this.board.full.value = next;
  }

  private step(by: number): void {
    const { state } = this.board.context;
    const { union } = this;
    const index = union && shownIndex(union, state.step.peek());
    // An image of a step of its own is beside those of others.
    if (this.place.peek()?.step !== undefined) this.go(by);
    else if (union && index !== undefined) state.step.value = stepOfIndex(union, index + by);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey)
      return this.stop(event);
    if (event.key === 'ArrowLeft') this.step(-1);
    else if (event.key === 'ArrowRight') this.step(1);
    else if (event.key === 'ArrowUp') this.go(-1);
    else if (event.key === 'ArrowDown') this.go(1);
    else if (event.key === '+' || event.key === '=') this.scale(2);
    else if (event.key === '-') this.scale(1 / 2);
    else if (event.key === '0') this.zoom.value = FIT;
    else if (event.key === '1') this.zoom.value = PIXELS;
    else return this.stop(event);
    event.preventDefault();
    this.stop(event);
  };

  /** What is behind does not hear of it. */
  private stop(event: KeyboardEvent): void {
    event.stopPropagation();
  }
}

/** "Fit", "Fit × 2", "1 : 1", "2 : 1", "1 : 4" */
function zoomText({ of, by }: Zoom): string {
  const factor = (value: number): string => formatExact(value);
  if (of === 'pixels') return by < 1 ? `1 : ${factor(1 / by)}` : `${factor(by)} : 1`;
  return by === 1 ? 'Fit' : by < 1 ? `Fit ÷ ${factor(1 / by)}` : `Fit × ${factor(by)}`;
}

customElements.define('tp-image-full', ImageFull);

import { computed, signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { ImagePlace } from '../../model/state';
import { formatExact, tagLabel } from '../../model/format';
import { shownIndex, stepOfIndex } from '../../model/steps';
import type { StepUnion } from '../../engine/values/values';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import type { Board } from './board';
import type { ImageCell, Zoom } from './image_cell';
import './image_cell';
import { samePlace } from './matrix';

const MAX_ZOOM = 64;
/** Of the caption of the image, px. */
const CAPTION_PX = 20;
const FIT: Zoom = { of: 'fit', by: 1 };
const PIXELS: Zoom = { of: 'pixels', by: 1 };

/**
 * One image over the whole window. Arrows: step before and after, image before and after; + −: zoom; 0: as large as it
 * fits; 1: a pixel of the screen for each of its own; A: the one or the other; Esc: back. A button does what each does.
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
  private readonly sizes = new ResizeObserver(() => this.measure());

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }

  protected override firstUpdated(): void {
    this.querySelector('dialog')?.showModal();
    this.measure();
    for (const element of this.querySelectorAll('dialog, header')) this.sizes.observe(element);
  }

  /** The image has what the head leaves, which takes more rows where it is narrow. */
  private measure(): void {
    const head = this.querySelector('header')?.offsetHeight ?? 0;
    const [width, height] = [innerWidth, Math.max(CAPTION_PX, innerHeight - head - CAPTION_PX)];
    const { value: before } = this.size;
    if (width !== before.width || height !== before.height) this.size.value = { width, height };
  }

  protected override updated(): void {
    void this.focusImage();
  }

  /** Another image is another element: the keys go with it. */
  private async focusImage(): Promise<void> {
    const cell = this.querySelector<ImageCell>('tp-image-cell');
    if (!cell || cell === this.focused) return;
    // Who goes on by a button, stays on it.
    const isOnButton = this.focused !== undefined && document.activeElement?.matches('tp-image-full header button');
    this.focused = cell;
    if (isOnButton) return;
    await cell.updateComplete;
    cell.querySelector<HTMLElement>('.frame')?.focus();
  }

  override render() {
    const place = this.place.value;
    if (!place) return nothing;
    const { width, height } = this.size.value;
    const zoom = this.zoom.value;
    const box = { width, height, zoom };
    const { shown } = this.board.context;
    return html`<dialog class="scroll" aria-label="Image" @keydown=${this.onKey} @close=${() => this.close()}>
      <header>
        <h2 class="el">${tagLabel(place.tag)} · ${shown.runLabel(place.run)} · #${place.sample}</h2>
        <div class="row controls">
          <span class="row">
            ${this.button('Previous step', '←', icon('left'), () => this.step(-1))}
            <span class="m2 small nw">${this.stepText(place)}</span>
            ${this.button('Next step', '→', icon('right'), () => this.step(1))}
          </span>
          <span class="row">
            ${this.button('Previous image', '↑', icon('up'), () => this.go(-1))}
            <span class="m2 small nw">${this.placeText(place)}</span>
            ${this.button('Next image', '↓', icon('down'), () => this.go(1))}
          </span>
          <span class="row">
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
            ${this.button('Smaller', '−', '−', () => this.scale(1 / 2))}
            <span class="nw small zoom" role="status">${zoomText(zoom)}</span>
            ${this.button('Larger', '+', '+', () => this.scale(2))}
          </span>
        </div>
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

  private button(name: string, key: string, sign: unknown, act: () => void) {
    return html`<button class="btn ico" aria-label=${name} title=${`${name}  ${key}`} @click=${act}>${sign}</button>`;
  }

  /** "3 of 12" */
  private placeText(place: ImagePlace): string {
    const places = this.places();
    const at = places.findIndex((one) => samePlace(one, place));
    return at < 0 ? '' : `${formatExact(at + 1)} of ${formatExact(places.length)}`;
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
    else if (event.key === 'a') this.zoom.value = this.zoom.peek().of === 'pixels' ? FIT : PIXELS;
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

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
import type { ImageCell } from './image_cell';
import './image_cell';
import { samePlace } from './matrix';

const MAX_ZOOM = 64;
/** Of the head, and of the caption of the image, px. */
const HEAD_PX = 56;

/** One image over the whole window. Arrows: step before and after, image before and after; + − 0: zoom; Esc: back. */
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
  private readonly zoom = signal(1);
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
    const box = { width, height: height - HEAD_PX, zoom: this.zoom.value };
    const { shown } = this.board.context;
    return html`<dialog class="scroll" aria-label="Image" @keydown=${this.onKey} @close=${() => this.close()}>
      <header>
        <h2 class="el">${tagLabel(place.tag)} · ${shown.runLabel(place.run)} · #${place.sample}</h2>
        <span class="m3 small nw">${this.stepText(place)}</span>
        <span class="grow"></span>
        <button class="btn ico" aria-label="Smaller" title="Smaller  −" @click=${() => this.scale(1 / 2)}>−</button>
        <span class="nw small">${formatExact(Math.round(this.zoom.value * 100))} %</span>
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
    this.zoom.value = Math.max(1 / MAX_ZOOM, Math.min(MAX_ZOOM, this.zoom.peek() * by));
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
    else if (event.key === '0') this.zoom.value = 1;
    else return this.stop(event);
    event.preventDefault();
    this.stop(event);
  };

  /** What is behind does not hear of it. */
  private stop(event: KeyboardEvent): void {
    event.stopPropagation();
  }
}

customElements.define('tp-image-full', ImageFull);

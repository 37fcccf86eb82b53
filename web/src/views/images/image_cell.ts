import { effect, signal, untracked } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit';
import { asWireError } from '../../faults/fault';
import { bytesOf, type ImageItem, type MediaPoint } from '../../engine/values/media';
import { errorText, mediaFaultText } from '../../model/errors';
import { formatExact, formatWall, tagLabel } from '../../model/format';
import type { ImageAxis, ImagePlace } from '../../model/state';
import { wideGroupOf } from '../../model/tag_groups';
import { icon } from '../../ui/icons';
import { placePopover } from '../../ui/place_popover';
import { saveBytes } from '../../ui/save';
import { WatchElement } from '../../ui/watch';
import { whenNear } from '../cards/near';
import type { ShownPoint } from '../cards/point_watch';
import type { Board } from './board';
import type { ImageRow } from './image_row';
import { factsText, imageFileName, pixelText, unknownText } from './image_text';
import { samePlace } from './matrix';
import type { Pictured } from './image_picture';
import { PlacedImage } from './placed_image';
import { psnrText, scoreText, ssimText, TargetScore } from './target_score';

type Shown = ShownPoint<MediaPoint>;

/** How large an image is seen: so many times as large as it fits, or so many pixels of the screen for each of its own. */
export interface Zoom {
  of: 'fit' | 'pixels';
  by: number;
}

/** What can be done with an image: in its tools, or in its menu where there is no pointer that hovers. */
interface Action {
  name: string;
  /** What it does, and its key. */
  title: string;
  sign: TemplateResult;
  /** undefined = it is not on or off. */
  pressed?: boolean;
  act: () => void;
}

let menus = 0;

/** One image: a sample of what a run wrote under a tag at a step. */
export class ImageCell extends WatchElement {
  static override properties = {
    board: { attribute: false },
    section: { attribute: false },
    place: { attribute: false },
    axis: { attribute: false },
    box: { attribute: false },
  };
  declare board: Board;
  declare section: string;
  /** Never changes. */
  declare place: ImagePlace;
  /** What its column is, which it says above itself. */
  declare axis: ImageAxis | 'target' | 'tag and sample';
  /** In place of the size of all: px. */
  declare box: { width: number; height: number; zoom: Zoom } | undefined;
  private readonly near = signal(false);
  private readonly readout = signal('');
  private readonly notice = signal<{ of: Shown; text: string } | undefined>(undefined);
  private readonly boxed = signal<ImageCell['box']>(undefined);
  private placed: PlacedImage | undefined;
  private score: TargetScore | undefined;
  private stops: (() => void)[] = [];
  private hovering: AbortController | undefined;
  /** What nobody sees does not exist. */
  private readonly menuOpen = signal(false);
  private readonly menuId = `image-menu-${menus++}`;
  /** The pixel under the pointer or the keys. */
  private at: [x: number, y: number] | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    const isOfSection = this.axis !== 'target';
    this.placed ??= new PlacedImage(this.board, this.section, this.place, this.near, () => this.maxSide(), isOfSection);
    const { picture } = this.placed;
    this.placed.start();
    this.score ??= new TargetScore(this.board, this.placed, this.near);
    this.score.start();
    this.stops = [
      whenNear(this, (near) => (this.near.value = near)),
      effect(() => {
        void picture.shown.value;
        // What is under the pointer is another pixel now.
        if (this.at) untracked(() => this.at && this.read(...this.at));
      }),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.placed?.stop();
    this.score?.stop();
    for (const stop of this.stops.splice(0)) stop();
    this.leave();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('box')) this.boxed.value = this.box;
  }

  /** px */
  private get height(): number {
    return this.boxed.value?.height ?? this.board.context.state.imageHeight.value;
  }

  private get width(): number {
    return this.boxed.value?.width ?? this.board.cellWidth(this.section);
  }

  private get isActual(): boolean {
    return !this.boxed.value && this.board.context.state.imageFit.value === 'actual';
  }

  /** Pixels of the screen that the longer side may take. */
  private maxSide(): number {
    if (this.isActual || this.boxed.value) return Infinity;
    return Math.max(this.height, this.width) * devicePixelRatio;
  }

  private get label(): string {
    const { tag, run, sample, step } = this.place;
    const { shown } = this.board.context;
    const at = step === undefined ? '' : `, step ${formatExact(step)}`;
    return `${tagLabel(tag)}, ${shown.runLabel(run)}, sample ${sample}${at}`;
  }

  /** Pixels of what is drawn; undefined = nothing is, or nothing that can be compared. */
  get drawnSize(): { width: number; height: number } | undefined {
    const pictured = this.placed?.picture.shown.peek();
    return pictured?.kind === 'drawn' ? pictured : undefined;
  }

  override render() {
    const shown = this.placed?.shown;
    const { imageA, imageB } = this.board.context.state;
    const score = this.score?.score.value;
    const marks = [
      ...(samePlace(imageA.value, this.place) ? ['A'] : []),
      ...(samePlace(imageB.value, this.place) ? ['B'] : []),
    ];
    const said = [this.readout.value, score ? scoreText(score) : ''].filter((text) => text !== '').join('; ');
    return html`<p class="cap small">${this.caption()}${this.where(shown)}</p>
      <div
        class="frame ${marks.length > 0 ? 'picked' : ''}"
        role="img"
        aria-label=${this.label}
        aria-description=${said || nothing}
        tabindex="0"
        .style=${`height: ${this.height}px`}
        @pointerdown=${this.onPointer}
        @pointermove=${this.onPointer}
        @pointerleave=${this.leave}
        @keydown=${this.onKey}
        @dblclick=${() => (this.board.full.value = this.place)}
      >
        ${this.body(shown)}
      </div>
      ${this.readout.value === '' ? nothing : html`<p class="readout small" aria-hidden="true">${this.readout.value}</p>`}
      ${marks.length > 0 ? html`<p class="marks" aria-hidden="true">${marks.map((name) => html`<b class="mark">${name}</b>`)}</p>` : nothing}
      ${
        score && this.axis !== 'target'
          ? html`<p class="score" aria-hidden="true" title=${scoreText(score)}>
              ${psnrText(score)} ${ssimText(score) === '' ? nothing : html`<span>SSIM ${ssimText(score)}</span>`}
            </p>`
          : nothing
      }
      ${this.tools(shown)}`;
  }

  private caption() {
    const { shown } = this.board.context;
    const { run, sample, step, tag } = this.place;
    if (this.axis === 'target') {
      return html`<b>Target</b
        ><span class="m3 el">${step === undefined ? shown.runLabel(run) : `step ${formatExact(step)}`}</span>`;
    }
    if (this.axis === 'sample') return html`<span>#${sample}</span>`;
    if (this.axis === 'step') {
      if (step === undefined) return nothing;
      // In a film strip, the one that all other views show.
      return this.board.context.state.step.value === step
        ? html`<b>${formatExact(step)}</b>`
        : html`<span>${formatExact(step)}</span>`;
    }
    if (this.axis === 'tag' || this.axis === 'tag and sample') {
      const at = this.axis === 'tag' ? nothing : html`<span class="m2">#${sample}</span>`;
      // The head says the group, but that of the pinned.
      const group = `${wideGroupOf(tag)}/`;
      const isSaid = tag.startsWith(group) && tag !== group && !this.closest<ImageRow>('tp-image-row')?.pinned;
      const name = isSaid ? tag.slice(group.length) : tag;
      const slash = name.lastIndexOf('/') + 1;
      const title = `${tag}, ${shown.runLabel(run)}  ${this.board.sizeOf(this.section)}`;
      // The path gives way first, the leaf never.
      return html`<span class="name" title=${title}
          ><span class="m3 el">${name.slice(0, slash)}</span
          ><span class="el">${tagLabel(name.slice(slash))}</span></span
        >${at}`;
    }
    // An address may name a run that there is none of.
    const style = this.placed?.series.value === undefined ? undefined : shown.lineStyle(run);
    return html`${style ? html`<i class="sw d${style.ring % 4}" .style=${`--c: ${style.colour}`}></i>` : nothing}<span
        class="el"
        title=${shown.runLabel(run)}
        >${shown.runLabel(run)}</span
      >`;
  }

  /** Which step is shown, where it is another one than the scrubber's. */
  private where(shown: Shown | undefined) {
    if (this.place.step !== undefined) return nothing;
    if (shown?.kind !== 'point' && shown?.kind !== 'failed') return nothing;
    const wanted = this.board.context.state.step.value ?? this.board.lastStep();
    // Of a log that grows, its last step may not be known yet.
    if (wanted === undefined || wanted <= shown.step) return nothing;
    return html`<span
      class="m3 nw earlier"
      title=${`Nearest before ${formatExact(wanted)}: ${formatWall(shown.wallTime)}`}
      >step ${formatExact(shown.step)}</span
    >`;
  }

  private body(shown: Shown | undefined) {
    if (this.placed?.series.value === undefined) return html`<p class="note">Nothing was written</p>`;
    if (!shown) return nothing;
    const notice = this.notice.value;
    if (notice?.of === shown) return html`<p class="note e" role="alert">${notice.text}</p>`;
    if (shown.kind === 'nothing') return html`<p class="note">Nothing was written</p>`;
    if (shown.kind === 'later') return html`<p class="note">First at step ${formatExact(shown.first)}</p>`;
    if (shown.kind === 'failed') {
      return html`<div class="note e" role="alert">
        <p>${errorText(shown.error)}</p>
        <button class="btn line" @click=${() => this.placed?.retry()}>Try again</button>
      </div>`;
    }
    if (!this.placed.isThere) return html`<p class="note">Not at this step</p>`;
    if (!shown.value) return html`<p class="note">Nothing was written at this step</p>`;
    if (shown.value.error !== '') return this.lost(mediaFaultText(shown.value.error));
    const item = this.placed.item.value;
    if (!item) return html`<p class="note">No sample ${this.place.sample} at this step</p>`;
    const { picture } = this.placed;
    const pictured = picture.shown.value;
    if (pictured?.kind === 'lost') return this.lost(`${unknownText(item.item)}. ${pictured.why}`);
    if (pictured?.kind === 'inert') return this.browserImage(pictured.url, item.item);
    const { smoothImages } = this.board.context.state;
    const { brightness, contrast } = this.board.look(this.section);
    const filter = brightness === 1 && contrast === 1 ? '' : `filter: brightness(${brightness}) contrast(${contrast});`;
    return html`${picture.canvas(
      `${this.sizeStyle(pictured)} ${filter} image-rendering: ${smoothImages.value ? 'auto' : 'pixelated'}`,
    )}`;
  }

  private sizeStyle(pictured: Pictured | undefined): string {
    if (!pictured || pictured.kind !== 'drawn') return '';
    const { width, height } = pictured;
    const { of, by }: Zoom = this.boxed.value?.zoom ?? { of: 'fit', by: 1 };
    const fit = of === 'fit' ? Math.min(this.height / height, this.width / width) : 1 / devicePixelRatio;
    const scale = this.isActual ? 1 : fit * by;
    return `width: ${width * scale}px; height: ${height * scale}px;`;
  }

  /** What nothing but the browser knows how to draw: nothing in it can do anything there. */
  private browserImage(url: string, item: ImageItem) {
    return html`<img
      src=${url}
      alt=""
      class=${this.board.context.state.imageFit.value}
      @error=${() => this.placed?.picture.lose(errorText({ code: 'undecodable' }))}
      title=${unknownText(item)}
    />`;
  }

  /** What it is, why it is not shown, and the way out. */
  private lost(why: string) {
    return html`<div class="note e" role="alert">
      <p title=${why}>${why}</p>
      <button class="btn line" @click=${() => void this.save()}>Save the bytes</button>
    </div>`;
  }

  private tools(shown: Shown | undefined) {
    const actions = this.actions(shown);
    if (actions.length === 0) return nothing;
    return html`<div class="tools">
        ${actions.map(
          ({ name, title, sign, pressed, act }) =>
            html`<button
              class="btn ico"
              aria-label=${name}
              title=${title}
              aria-pressed=${pressed ?? nothing}
              @click=${act}
            >
              ${sign}
            </button>`,
        )}
      </div>
      ${this.menu(actions)}`;
  }

  /** The same for fingers; of an image that flows, also what its row can. */
  private menu(own: readonly Action[]) {
    const pin: Action = {
      name: 'Pin',
      title: 'Pin to the top  P',
      sign: icon('pin', 's'),
      act: () => void this.dispatchEvent(new Event('pin', { bubbles: true })),
    };
    const actions = this.closest('.flow') ? [...own, pin] : own;
    const pop = (): HTMLElement => this.querySelector('.pop') as HTMLElement;
    return html`<button
        class="open-menu"
        popovertarget=${this.menuId}
        aria-label="What can be done with it"
        aria-haspopup="true"
        @click=${(event: Event) => placePopover(pop(), event.currentTarget as Element)}
      >
        <span>${icon('more')}</span>
      </button>
      <div
        id=${this.menuId}
        class="pop"
        popover
        @beforetoggle=${(event: ToggleEvent) => (this.menuOpen.value = event.newState === 'open')}
      >
        ${
          this.menuOpen.value
            ? actions.map(
                ({ name, sign, pressed, act }) =>
                  html`<button
                    class="mi"
                    aria-pressed=${pressed ?? nothing}
                    @click=${() => {
                      pop().hidePopover();
                      act();
                    }}
                  >
                    <span class="sign">${sign}</span>${name}${pressed ? icon('check', 'm3') : nothing}
                  </button>`,
              )
            : nothing
        }
      </div>`;
  }

  private actions(shown: Shown | undefined): Action[] {
    if (shown?.kind !== 'point' && shown?.kind !== 'failed') return [];
    const item = this.placed?.item.value;
    const facts = item && factsText(item.item, bytesOf(item.point, item.item));
    const save: Action = {
      name: 'Save the bytes',
      title: facts === undefined ? 'Save the bytes as they are in the log  S' : `Save  ${facts}  S`,
      sign: icon('save', 's'),
      act: () => void this.save(),
    };
    if (!item) return [save];
    const { imageA, imageB } = this.board.context.state;
    const side = (name: string, at: typeof imageA): Action => ({
      name: `Compare as ${name}`,
      title: `Compare as ${name}  Shift ${name}`,
      sign: html`<b>${name}</b>`,
      pressed: samePlace(at.value, this.place),
      act: () => this.pick(at),
    });
    const target: Action = {
      name: 'Target',
      title: this.isTarget ? 'Unpin the target  T' : 'Pin as the target that all are held against  T',
      sign: html`<b>T</b>`,
      pressed: this.isTarget,
      act: () => this.pinTarget(),
    };
    const full: Action = {
      name: 'Full screen',
      title: 'Full screen  Enter',
      sign: icon('full', 's'),
      act: () => void (this.board.full.value = this.place),
    };
    return [side('A', imageA), side('B', imageB), target, ...(this.boxed.value ? [] : [full]), save];
  }

  private pick(side: Board['context']['state']['imageA']): void {
    side.value = samePlace(side.peek(), this.place) ? undefined : this.place;
  }

  private get isTarget(): boolean {
    return this.axis === 'target' || this.score?.score.value?.kind === 'target';
  }

  /** Pins it, at its step of now, or unpins it. */
  private pinTarget(): void {
    const shown = untracked(() => this.placed?.shown);
    const { imageTarget } = this.board.context.state;
    if (untracked(() => this.isTarget)) imageTarget.value = undefined;
    else if (shown?.kind === 'point' && this.placed?.item.peek())
      imageTarget.value = { ...this.place, step: shown.step };
  }

  private async save(): Promise<void> {
    const shown = untracked(() => this.placed?.shown);
    if (shown?.kind !== 'point' && shown?.kind !== 'failed') return;
    const item = this.placed?.item.peek();
    try {
      if (item) {
        saveBytes(bytesOf(item.point, item.item), imageFileName(this.place, shown.step, item.item.mime));
        return;
      }
      const content = await this.board.context.engine.content(this.placed?.series.peek() as number, shown.point);
      if (content) saveBytes(content, imageFileName(this.place, shown.step, ''));
    } catch (error) {
      this.notice.value = { of: shown, text: errorText(asWireError(error)) };
    }
  }

  // ---- the pixel

  private readonly onPointer = (event: PointerEvent): void => {
    const canvas = this.querySelector('canvas');
    const pictured = this.placed?.picture.shown.peek();
    if (!canvas || pictured?.kind !== 'drawn') return;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const x = Math.floor(((event.clientX - left) / width) * pictured.width);
    const y = Math.floor(((event.clientY - top) / height) * pictured.height);
    if (x < 0 || y < 0 || x >= pictured.width || y >= pictured.height) this.leave();
    else if (!this.at || this.at[0] !== x || this.at[1] !== y) this.read(x, y);
  };

  private readonly leave = (): void => {
    this.hovering?.abort();
    this.at = undefined;
    this.readout.value = '';
  };

  private read(x: number, y: number): void {
    this.at = [x, y];
    this.hovering?.abort();
    const { signal } = (this.hovering = new AbortController());
    this.placed?.picture.pixel(x, y, signal).then(
      (pixel) => {
        if (!signal.aborted) this.readout.value = pixel ? pixelText(x, y, pixel) : '';
      },
      () => undefined,
    );
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const { imageA, imageB } = this.board.context.state;
    const pictured = this.placed?.picture.shown.peek();
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    // With Shift, keys go from pixel to pixel; without, the step of all cards is meant.
    if (by && event.shiftKey && pictured?.kind === 'drawn') {
      const [x, y] = this.at ?? [Math.floor(pictured.width / 2), Math.floor(pictured.height / 2)];
      const within = (at: number, end: number): number => Math.max(0, Math.min(end - 1, at));
      this.read(within(x + (by[0] as number), pictured.width), within(y + (by[1] as number), pictured.height));
    } else if (event.key === 'Enter') this.board.full.value = this.place;
    else if (event.shiftKey && event.key.toLowerCase() === 'a') this.pick(imageA);
    else if (event.shiftKey && event.key.toLowerCase() === 'b') this.pick(imageB);
    else if (event.key.toLowerCase() === 't') this.pinTarget();
    else if (event.key.toLowerCase() === 's') void this.save();
    else return;
    event.preventDefault();
  };
}

customElements.define('tp-image-cell', ImageCell);

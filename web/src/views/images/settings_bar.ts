import { html } from 'lit';
import { IMAGE_AXES, IMAGE_CHANNELS, IMAGE_HEIGHTS, type ImageAxis, type ImageChannel } from '../../model/state';
import { choice } from '../../ui/choice';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import { sheetHead } from '../sheet_head';
import { tagFilter } from '../tag_filter';
import type { ViewContext } from '../view_def';
import type { Board } from './board';
import { axesOf } from './matrix';

const AXIS_NAMES: Record<ImageAxis, string> = { sample: 'Sample', run: 'Run', step: 'Step', tag: 'Tag' };
const CHANNEL_NAMES: Record<ImageChannel, string> = { all: 'All', red: 'Red', green: 'Green', blue: 'Blue', alpha: 'Alpha' }; // prettier-ignore
const FITS = [
  ['fit', 'Fit', 'Each image fits into a square'],
  ['height', 'Height', 'All images have one height'],
  ['actual', 'Actual', 'A pixel for each pixel'],
] as const;

/** What rows and columns are, and how every image is seen. */
export class ImageSettings extends WatchElement {
  static override properties = { context: { attribute: false }, board: { attribute: false } };
  declare context: ViewContext;
  declare board: Board;

  override connectedCallback(): void {
    super.connectedCallback();
    this.className = 'bar';
    this.setAttribute('role', 'group');
    this.setAttribute('aria-label', 'Image settings');
  }

  override render() {
    const { state } = this.context;
    const { rows, columns } = axesOf(state.imageRows.value, state.imageColumns.value);
    return html`${sheetHead('Tags and images')} ${tagFilter(this.context)}
      <div class="row">
        <span class="lb">Rows</span
        >${this.axis('Rows', rows, (axis) => this.setAxes(axis, axis === columns ? rows : columns))}
      </div>
      <div class="row">
        <span class="lb">Columns</span
        >${this.axis('Columns', columns, (axis) => this.setAxes(axis === rows ? columns : rows, axis))}
      </div>
      <div class="row">${this.size()}</div>
      <div class="row opt2">${this.fit()}</div>
      <div class="row opt1">${this.smooth()}</div>
      <button class="btn more-settings" popovertarget="more-images">More${icon('down', 's m3')}</button>
      <div id="more-images" class="pop settings" popover>
        <div class="row opt2">${this.fit()}</div>
        <div class="row opt1">${this.smooth()}</div>
        ${this.look()}
      </div>`;
  }

  private setAxes(rows: ImageAxis, columns: ImageAxis): void {
    const { state } = this.context;
    state.imageRows.value = rows;
    state.imageColumns.value = columns;
  }

  private axis(label: string, chosen: ImageAxis, choose: (axis: ImageAxis) => void) {
    return html`<select
      class="sel"
      aria-label=${label}
      @change=${(event: Event) => choose((event.target as HTMLSelectElement).value as ImageAxis)}
    >
      ${IMAGE_AXES.map((axis) => html`<option value=${axis} .selected=${axis === chosen}>${AXIS_NAMES[axis]}</option>`)}
    </select>`;
  }

  private size() {
    const { imageHeight } = this.context.state;
    const [least, most] = IMAGE_HEIGHTS;
    // Evenly by factors, as sizes are seen.
    const place = Math.log(imageHeight.value / least) / Math.log(most / least);
    return html`<span class="lb">Size</span
      ><input
        type="range"
        aria-label="Size of images"
        aria-valuetext=${`${imageHeight.value} pixels`}
        min="0"
        max="1"
        step="0.05"
        .valueAsNumber=${place}
        .style=${`--filled: ${place * 100}%`}
        @input=${(event: Event) => {
          const factor = (most / least) ** (event.target as HTMLInputElement).valueAsNumber;
          imageHeight.value = Math.round(least * factor);
        }}
      />`;
  }

  private fit() {
    const { imageFit } = this.context.state;
    return choice('Fit', FITS, imageFit.value, (fit) => (imageFit.value = fit));
  }

  private smooth() {
    const { smoothImages } = this.context.state;
    const choices = [
      ['pixels', 'Pixels'],
      ['smooth', 'Smooth'],
    ] as const;
    return choice('Scaling', choices, smoothImages.value ? 'smooth' : 'pixels', (one) => (smoothImages.value = one === 'smooth')); // prettier-ignore
  }

  /** Of all images that have no look of their own. */
  private look() {
    return lookFields(this.board, '');
  }
}

/** The look of a section; '' = of all that have none of their own. */
export function lookFields(board: Board, section: string) {
  const look = board.look(section);
  const factor = (key: 'brightness' | 'contrast', name: string) =>
    html`<label class="row"
      ><span class="lb">${name}</span
      ><input
        class="num"
        type="text"
        inputmode="decimal"
        aria-label=${name}
        .value=${look[key].toFixed(2)}
        @change=${(event: Event) => {
          const input = event.target as HTMLInputElement;
          const value = Number(input.value.replace(',', '.'));
          if (value >= 0 && value <= 100 && input.value.trim() !== '') board.setLook(section, { [key]: value });
          input.value = board.look(section)[key].toFixed(2);
        }}
    /></label>`;
  const channels = IMAGE_CHANNELS.map((channel) => [channel, CHANNEL_NAMES[channel]] as const);
  return html`${factor('brightness', 'Brightness')} ${factor('contrast', 'Contrast')}
    <div class="row">
      <span class="lb">Channel</span
      >${choice('Channel', channels, look.channel, (channel) => board.setLook(section, { channel }))}
    </div>
    <label class="row" title="Grey images and single channels in the colours of heat maps">
      <input
        class="cb"
        type="checkbox"
        .checked=${look.falseColour}
        @change=${(event: Event) => board.setLook(section, { falseColour: (event.target as HTMLInputElement).checked })}
      />
      False colours
    </label>`;
}

customElements.define('tp-image-settings', ImageSettings);

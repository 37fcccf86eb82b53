import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { asWireError } from '../../faults/fault';
import { errorText } from '../../model/errors';
import { plural } from '../../model/format';
import { DEFAULT_IMAGE_HEIGHT, IMAGE_AXES, IMAGE_HEIGHTS, type ImageAxis } from '../../model/state';
import { choice } from '../../ui/choice';
import { icon } from '../../ui/icons';
import { counted } from '../../ui/pending';
import { slider } from '../../ui/slider';
import { WatchElement } from '../../ui/watch';
import { sheetHead } from '../sheet_head';
import { tagFilter } from '../tag_filter';
import type { ViewContext } from '../view_def';
import type { Board } from './board';
import { lookFields } from './look_fields';
import { axesOf } from './matrix';
import { openSink, saveAll, type SavedCount, type SavedSeries } from './save_all';

const AXIS_NAMES: Record<ImageAxis, string> = { sample: 'Sample', run: 'Run', step: 'Step', tag: 'Tag' };
const FITS = [
  ['fit', 'Fit', 'Each image fits into a square'],
  ['height', 'Height', 'All images have one height'],
  ['actual', 'Actual', 'A pixel for each pixel'],
] as const;

/** What rows and columns are, and how every image is seen. */
export class ImageSettings extends WatchElement {
  static override properties = {
    context: { attribute: false },
    board: { attribute: false },
    series: { attribute: false },
    sampleCount: { attribute: false },
    comparing: { attribute: false },
    compare: { attribute: false },
  };
  declare context: ViewContext;
  declare board: Board;
  /** What is saved with all. */
  declare series: () => SavedSeries[];
  /** Of the samples that one may choose from. */
  declare sampleCount: number;
  declare comparing: boolean;
  /** Begins to compare two images, or ends it. */
  declare compare: () => void;
  private readonly saving = signal<{ count: SavedCount; abort: AbortController } | undefined>(undefined);
  /** What became of the last saving. */
  private readonly outcome = signal('');

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
      ${rows === 'sample' || columns === 'sample' ? nothing : html`<div class="row sample">${this.sample()}</div>`}
      <div class="row">${this.size()}</div>
      <div class="row opt2">${this.fit()}</div>
      <div class="row opt1">${this.smooth()}</div>
      <button class="btn more-settings" popovertarget="more-images">More${icon('down', 's m3')}</button>
      <div id="more-images" class="pop settings" popover>
        <div class="row opt2">${this.fit()}</div>
        <div class="row opt1">${this.smooth()}</div>
        ${lookFields(this.board, '')}
      </div>
      <span class="grow"></span>
      ${this.saveAll()}
      <button
        class="btn"
        aria-pressed=${this.comparing}
        title="Compare two images: these are the first two, others by the buttons A and B on them  V"
        @click=${() => this.compare()}
      >
        ${icon('panel')}Compare
      </button>`;
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

  private sample() {
    const { imageSample } = this.context.state;
    const chosen = imageSample.value;
    // One that an address names is there before any image is read.
    const samples = Array.from({ length: Math.max(this.sampleCount, chosen + 1) }, (_, sample) => sample);
    return html`<span class="lb">Sample</span
      ><select
        class="sel"
        aria-label="Sample"
        title="Sample of all images"
        @change=${(event: Event) => (imageSample.value = Number((event.target as HTMLSelectElement).value))}
      >
        ${samples.map((sample) => html`<option value=${sample} .selected=${sample === chosen}>#${sample}</option>`)}
      </select>`;
  }

  private size() {
    const { imageHeight } = this.context.state;
    const [least, most] = IMAGE_HEIGHTS;
    // Evenly by factors, as sizes are seen.
    const placeOf = (height: number): number => Math.log(height / least) / Math.log(most / least);
    return html`<span class="lb">Size</span>${slider({
        label: 'Size of images',
        value: placeOf(imageHeight.value),
        valueText: `${imageHeight.value} pixels`,
        min: 0,
        max: 1,
        step: 0.05,
        byDefault: placeOf(DEFAULT_IMAGE_HEIGHT),
        hasField: false,
        set: (place) => (imageHeight.value = Math.round(least * (most / least) ** place)),
      })}`;
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

  private saveAll() {
    const saving = this.saving.value;
    if (saving) {
      return html`<span class="small m2" role="status">${plural(saving.count.images, 'image')} saved…</span
        ><button class="btn line" @click=${() => saving.abort.abort()}>Cancel</button>`;
    }
    const outcome = this.outcome.value;
    return html`${outcome === '' ? nothing : html`<span class="small m2 el" role="status">${outcome}</span>`}<button
        class="btn ico"
        aria-label="Save all as ZIP"
        title="Save every image of the shown runs and tags, of all steps, as ZIP"
        @click=${() => void this.save()}
      >
        ${icon('save')}
      </button>`;
  }

  private async save(): Promise<void> {
    const sink = await openSink('images.zip');
    if (!sink) return;
    const abort = new AbortController();
    this.saving.value = { count: { images: 0, failed: 0 }, abort };
    let last = { images: 0, failed: 0 };
    try {
      await counted(
        saveAll(this.context.engine, this.series(), sink, abort.signal, (count) => {
          last = count;
          this.saving.value = { count, abort };
        }),
      );
      const failed = last.failed > 0 ? `, ${plural(last.failed, 'value')} could not be read` : '';
      this.outcome.value = `${plural(last.images, 'image')} saved${failed}`;
    } catch (error) {
      this.outcome.value = abort.signal.aborted ? '' : `Not saved: ${errorText(asWireError(error))}`;
    } finally {
      this.saving.value = undefined;
    }
  }
}

customElements.define('tp-image-settings', ImageSettings);

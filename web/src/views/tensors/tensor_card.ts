import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { asWireError } from '../../faults/fault';
import type { PointValue, TensorFacts } from '../../engine/values/values';
import { errorText, tensorFaultText } from '../../model/errors';
import { formatBytes, formatExact, formatStep, formatValue, plural, tagLabel } from '../../model/format';
import { icon } from '../../ui/icons';
import { saveBytes } from '../../ui/save';
import { WatchElement } from '../../ui/watch';
import { whenNear } from '../cards/near';
import { PointWatch, type ShownPoint } from '../cards/point_watch';
import { pinButton } from '../cards/pins';
import { shownStep } from '../cards/shown_step';
import type { ViewContext } from '../view_def';
import './element_table';
import './heat_map';
import { isOfNumpy, npyHeader } from '../npy';
import { boundText, fileName, typeText } from './tensor_text';

/** More elements are not listed, even where a heat map has them. */
const MAX_LISTED = 10_000;
/** No browser has a canvas that is longer. */
const MAX_SIDE = 16_384;

type TensorValue = PointValue & { facts: TensorFacts };
type Shown = ShownPoint<PointValue>;

/** What one run wrote under one tag, at the step of the scrubber. */
export class TensorCard extends WatchElement {
  static override properties = {
    pinned: { type: Boolean },
    context: { attribute: false },
    series: { attribute: false },
  };
  declare context: ViewContext;
  /** It is kept at the top of its view. */
  declare pinned: boolean;
  declare series: number;
  private readonly near = signal(false);
  /** Why saving failed, until another value is shown. */
  private readonly saveError = signal<{ of: Shown; text: string } | undefined>(undefined);
  private watch: PointWatch<PointValue> | undefined;
  private stopNear: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.watch ??= new PointWatch(this.context, this.series, this.near, {
      read: (point, signal) => this.context.engine.value(this.series, point, signal),
    });
    this.watch.start();
    this.stopNear = whenNear(this, (near) => (this.near.value = near));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watch?.stop();
    this.stopNear?.();
  }

  private get tag(): string {
    return this.context.engine.catalogue.tag(this.series);
  }

  private get run(): string {
    return this.context.engine.catalogue.runName(this.series);
  }

  override render() {
    const { engine, shown: shownRuns } = this.context;
    const shown = this.watch?.shown.value;
    const slash = this.tag.lastIndexOf('/') + 1;
    const style = shownRuns.lineStyle(this.run);
    const label = shownRuns.runLabel(this.run);
    const plugin = engine.catalogue.plugin(this.series);
    return html`<header>
        <h3 title=${tagLabel(this.tag)}>
          <span>${this.tag.slice(0, slash)}</span><b>${this.tag.slice(slash) || tagLabel(this.tag)}</b>
        </h3>
        <span class="flag el" title="Plugin">${plugin || 'no plugin'}</span>
        ${this.tools(shown)} ${pinButton(this.pinned)}
      </header>
      <p class="facts">
        <i class="sw d${style.ring % 4}" .style=${`--c: ${style.colour}`}></i>
        <span class="el" title=${label}>${label}</span>
        <span class="grow"></span>
        ${this.typeOf(shown)}
      </p>
      <div class="body">${this.body(shown)}</div>
      <p class="where">${this.where(shown)}</p>`;
  }

  private typeOf(shown: Shown | undefined) {
    if (shown?.kind !== 'point' || !shown.value) return nothing;
    const { facts } = shown.value;
    return html`<span class="type m2 nw">${facts.kind === 'tensor' ? typeText(facts) : facts.storage}</span>`;
  }

  private tools(shown: Shown | undefined) {
    const point = shown?.kind === 'point' || shown?.kind === 'failed' ? shown : undefined;
    if (!point) return nothing;
    const facts = point.kind === 'point' ? point.value?.facts : undefined;
    if (point.kind === 'point' && !facts) return nothing;
    const tensor = facts?.kind === 'tensor' && facts.error === undefined ? facts : undefined;
    const what = tensor ? 'numbers' : 'bytes';
    return html`<div class="tools">
      ${
        tensor && isOfNumpy(tensor.dtype)
          ? html`<button class="btn npy" title="Save for NumPy (.npy)" @click=${() => this.save(point, tensor, 'npy')}>
              ${icon('save', 's')}npy
            </button>`
          : nothing
      }
      <button
        class="btn bin"
        title=${tensor ? 'Save the elements, little-endian (.bin)' : 'Save the bytes as they are in the file (.bin)'}
        aria-label=${`Save ${what} as bin`}
        @click=${() => this.save(point, tensor, 'bin')}
      >
        ${icon('save', 's')}bin
      </button>
    </div>`;
  }

  private body(shown: Shown | undefined) {
    if (!shown) return nothing;
    const failure = this.saveError.value;
    if (failure && failure.of === shown) return html`<p class="note e" role="alert">${failure.text}</p>`;
    if (shown.kind === 'nothing') return html`<p class="note">Nothing was written</p>`;
    if (shown.kind === 'later') {
      return html`<p class="note">Nothing at or before this step. The first is ${formatExact(shown.first)}</p>`;
    }
    if (shown.kind === 'failed') {
      return html`<div class="note e" role="alert">
        <p>${errorText(shown.error)}</p>
        <button class="btn line" @click=${() => this.watch?.retry()}>Retry</button>
      </div>`;
    }
    const { value } = shown;
    if (!value) return html`<p class="note">Nothing was written at this step</p>`;
    const { facts } = value;
    if (facts.kind !== 'tensor') {
      return html`<p class="note">A ${facts.storage} of ${formatBytes(facts.bytes)}, which is not drawn yet</p>`;
    }
    if (facts.error !== undefined)
      return html`<p class="note e">${tensorFaultText(facts.error, facts.dtypeNumber)}</p>`;
    return this.elements({ ...value, facts });
  }

  private elements(value: TensorValue) {
    const { facts, numbers } = value;
    const { count = 0, shape, strings } = facts;
    if (count === 0) return html`<p class="note">No elements</p>`;
    const isListed = (strings?.length ?? numbers.length) > 0;
    const isMatrix = shape.length === 2 && shape.every((size) => size > 1) && !facts.dtype.startsWith('complex');
    const wantsMap = isListed && isMatrix && !strings && shape.every((size) => size <= MAX_SIDE);
    const listable = isListed && count <= MAX_LISTED;
    const name = `${tagLabel(this.tag)}, ${this.context.shown.runLabel(this.run)}, ${typeText(facts)}`;
    if (wantsMap && !(this.context.state.matrixNumbers.value && listable)) {
      return html`<tp-heat-map
          .value=${value}
          .label=${`Heat map: ${name}`}
          @cell-read=${(event: CustomEvent<string>) => this.context.announce(event.detail)}
        ></tp-heat-map>
        ${this.stats(facts)}`;
    }
    if (listable) {
      return html`<tp-element-table .value=${value} .label=${`Elements: ${name}`}></tp-element-table
        >${this.stats(facts)}`;
    }
    return html`<p class="note">
        ${plural(count, strings || facts.dtype === 'string' ? 'string' : 'number')}, too many to list
      </p>
      ${this.stats(facts)}`;
  }

  private stats(facts: TensorFacts) {
    if (facts.nan === undefined) return nothing;
    const cells: [name: string, text: string, full: string][] = [];
    if (facts.min !== undefined && facts.max !== undefined && facts.mean !== undefined) {
      const [min, max] = [boundText(facts, facts.min), boundText(facts, facts.max)];
      cells.push(['Min', min.text, min.full], ['Mean', formatValue(facts.mean), formatExact(facts.mean)]);
      cells.push(['Max', max.text, max.full]);
    }
    const counts = [['NaN', facts.nan], ['∞', facts.positiveInfinite ?? 0], ['−∞', facts.negativeInfinite ?? 0]] as const; // prettier-ignore
    for (const [name, count] of counts) {
      if (name === 'NaN' || count > 0) cells.push([name, formatStep(count), formatExact(count)]);
    }
    return html`<dl class="stats">
      ${cells.map(
        ([name, text, full]) =>
          html`<div>
            <dt>${name}</dt>
            <dd title=${full} class=${name === 'NaN' && text !== '0' ? 'w' : ''}>${text}</dd>
          </div>`,
      )}
    </dl>`;
  }

  /** Which step is shown, and that it is another one than the scrubber's. */
  private where(shown: Shown | undefined) {
    if (shown?.kind !== 'point' && shown?.kind !== 'failed') return nothing;
    return html`${shownStep(shown, this.context.state.step.value)}
      <span class="grow"></span>
      <span class="m3 nw">${plural(shown.count, 'step')}</span>`;
  }

  private async save(
    shown: Shown & { kind: 'point' | 'failed' },
    tensor: TensorFacts | undefined,
    ending: 'bin' | 'npy',
  ): Promise<void> {
    const name = fileName(this.tag, this.context.shown.runLabel(this.run), shown.step, tensor, ending);
    try {
      const content = await this.context.engine.content(this.series, shown.point);
      if (!content) return;
      const parts = ending === 'npy' && tensor ? [npyHeader(tensor.dtype, tensor.shape), content] : [content];
      saveBytes(new Blob(parts), name);
    } catch (error) {
      this.saveError.value = { of: shown, text: errorText(asWireError(error)) };
    }
  }
}

customElements.define('tp-tensor-card', TensorCard);

import { html, nothing } from 'lit';
import { plural } from '../../model/format';
import { choice } from '../../ui/choice';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import { sheetHead } from '../sheet_head';
import { tagFilter } from '../tag_filter';
import type { ViewContext } from '../view_def';
import { xChoice } from '../x_choice';
import { MODES } from './modes';

/** How every histogram of the view is drawn. */
export class HistogramSettings extends WatchElement {
  static override properties = { context: { attribute: false } };
  declare context: ViewContext;

  override connectedCallback(): void {
    super.connectedCallback();
    this.className = 'bar';
    this.setAttribute('role', 'group');
    this.setAttribute('aria-label', 'Histogram settings');
  }

  override render() {
    const { histogramMode: mode } = this.context.state;
    return html`${sheetHead('Tags and histograms')} ${tagFilter(this.context)}
      <div class="row">
        <span class="lb">Show as</span>${choice('Show as', MODES, mode.value, (one) => (mode.value = one))}
        ${this.alike()}
      </div>
      <div class="row opt1">${xChoice(this.context, 'Axis of steps')}</div>
      ${this.range('opt2')}
      <button class="btn more-settings" popovertarget="more-histograms">More${icon('down', 's m3')}</button>
      <div id="more-histograms" class="pop settings" popover>
        <div class="row opt1">${xChoice(this.context, 'Axis of steps')}</div>
        ${mode.value === 'offset' || mode.value === 'overlay' ? html`<div class="row">${this.bins()}</div>` : nothing}
        ${mode.value === 'bands' ? nothing : html`<div class="row">${this.measure()}</div>`}
        <div class="row">${this.scale()}</div>
        ${this.range('opt2')}
      </div>`;
  }

  /** The way back from what single tags are shown as. */
  private alike() {
    const { histogramModeOfTag: own } = this.context.state;
    const { size } = own.value;
    if (size === 0) return nothing;
    return html`<button
      class="btn ico"
      aria-label="Reset ${plural(size, 'tag')}"
      title="Reset ${plural(size, 'tag')} shown in a way of ${size === 1 ? 'its' : 'their'} own"
      @click=${() => (own.value = new Map())}
    >
      ${icon('undo', 's')}
    </button>`;
  }

  private bins() {
    const { histogramBins: bins } = this.context.state;
    const choices = [['logged', 'As logged', 'The buckets as they were written'], ['compatible', '30', 'TensorBoard’s thirty bins of equal width']] as const; // prettier-ignore
    return html`<span class="lb">Bins</span>${choice('Bins', choices, bins.value, (one) => (bins.value = one))}`;
  }

  private measure() {
    const { histogramMeasure: measure } = this.context.state;
    const choices = [['density', 'Density', 'Share of all values for each unit of value'], ['count', 'Count', 'How many values a bin has'], ['cumulative', 'Cumulative', 'Share of the values up to there']] as const; // prettier-ignore
    return html`<span class="lb">Height</span
      >${choice('Height', choices, measure.value, (one) => (measure.value = one))}`;
  }

  private scale() {
    const { histogramScale: scale } = this.context.state;
    const choices = [['linear', 'Lin'], ['log', 'Log'], ['symlog', 'Symlog']] as const; // prettier-ignore
    return html`<span class="lb">Values</span
      >${choice('Scale of values', choices, scale.value, (one) => (scale.value = one))}`;
  }

  private range(classes: string) {
    const { sameRange } = this.context.state;
    return html`<label
      class="row ${classes}"
      title="But for those that would be no more than a bar, or make bars of the others"
    >
      <input
        class="cb"
        type="checkbox"
        .checked=${sameRange.value}
        @change=${(event: Event) => (sameRange.value = (event.target as HTMLInputElement).checked)}
      />
      Same range in group
    </label>`;
  }
}

customElements.define('tp-histogram-settings', HistogramSettings);

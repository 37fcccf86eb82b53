import { html } from 'lit';
import type { YScale } from '../../model/state';
import { choice } from '../../ui/choice';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import { sheetHead } from '../sheet_head';
import { tagFilter } from '../tag_filter';
import type { ViewContext } from '../view_def';
import { xChoice } from '../x_choice';

const DEFAULT_SMOOTHING = 0.6;
const MAX_SMOOTHING = 0.999;

/** How every chart of the view is drawn. */
export class ScalarSettings extends WatchElement {
  static override properties = { context: { attribute: false } };
  declare context: ViewContext;

  override connectedCallback(): void {
    super.connectedCallback();
    this.className = 'bar';
    this.setAttribute('role', 'group');
    this.setAttribute('aria-label', 'Chart settings');
  }

  override render() {
    return html`${sheetHead('Tags and scales')} ${tagFilter(this.context)} ${this.smoothing()}
      <div class="row">${xChoice(this.context, 'Horizontal axis')}</div>
      <div class="row opt1">${this.yScale()}</div>
      ${this.clip('opt2')}
      <button class="btn more-settings" popovertarget="more-settings">More${icon('down', 's m3')}</button>
      <div id="more-settings" class="pop settings" popover>
        <div class="row opt1">${this.yScale()}</div>
        ${this.clip('')}
      </div>`;
  }

  private smoothing() {
    const { smoothing } = this.context.state;
    const set = (value: number): void => {
      if (Number.isFinite(value)) smoothing.value = Math.min(MAX_SMOOTHING, Math.max(0, value));
    };
    const read = (event: Event): number => (event.target as HTMLInputElement).valueAsNumber;
    return html`<div class="row">
      <span class="lb">Smoothing</span>
      <input
        type="range"
        aria-label="Smoothing"
        min="0"
        max=${MAX_SMOOTHING}
        step="0.001"
        .valueAsNumber=${smoothing.value}
        .style=${`--filled: ${(smoothing.value / MAX_SMOOTHING) * 100}%`}
        @input=${(event: Event) => set(Math.round(read(event) * 100) / 100 || 0)}
        @dblclick=${() => set(DEFAULT_SMOOTHING)}
        @keydown=${(event: KeyboardEvent) => {
          const by = { ArrowRight: 0.01, ArrowUp: 0.01, ArrowLeft: -0.01, ArrowDown: -0.01 }[event.key];
          if (by === undefined) return;
          event.preventDefault();
          set(Math.round((smoothing.value + by * (event.shiftKey ? 10 : 1)) * 1000) / 1000);
        }}
      />
      <input
        class="num"
        type="text"
        inputmode="decimal"
        aria-label="Smoothing, as a number"
        .value=${smoothing.value.toFixed(Number.isInteger(Math.round(smoothing.value * 1e5) / 1e3) ? 2 : 3)}
        @change=${(event: Event) => {
          const input = event.target as HTMLInputElement;
          set(Number.parseFloat(input.value.replace(',', '.')));
          this.requestUpdate();
          input.value = smoothing.value.toString();
        }}
      />
    </div>`;
  }

  private yScale() {
    const { y } = this.context.state;
    const choices = [['linear', 'Lin'], ['log', 'Log'], ['symlog', 'Symlog']] as const; // prettier-ignore
    return html`<span class="lb">Y</span
      >${choice<YScale>('Vertical scale', choices, y.value, (scale) => (y.value = scale))}`;
  }

  private clip(classes: string) {
    const { clipOutliers } = this.context.state;
    return html`<label class="row ${classes}">
      <input
        class="cb"
        type="checkbox"
        .checked=${clipOutliers.value}
        @change=${(event: Event) => (clipOutliers.value = (event.target as HTMLInputElement).checked)}
      />
      Clip outliers
    </label>`;
  }
}

customElements.define('tp-scalar-settings', ScalarSettings);

import { html, nothing, type TemplateResult } from 'lit';
import { tagLabel } from '../model/format';
import { ChartCard } from '../views/scalars/chart_card';
import type { LineValues } from '../views/scalars/readout';
import { EndLabels, endName, endsWidth, MAX_LABELLED } from './end_labels';

/** A chart without tools: its values are at the ends of its lines. */
export class EmbedChart extends ChartCard {
  protected override createReadout(): LineValues {
    return new EndLabels();
  }

  /** Narrow charts have three, too; times of day are longer than numbers. */
  protected override get tickPx(): number {
    return this.context.state.x.value === 'wall' ? 60 : 40;
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.near.value && !this.plot) return nothing;
    const label = tagLabel(this.tag);
    const cut = label.lastIndexOf('/') + 1;
    const scale = this.scale.value;
    const labelled = this.series.value.length <= MAX_LABELLED;
    this.classList.toggle('labelled', labelled);
    const names = labelled ? this.series.value.map((series) => endName(this.context.shown.line(series).label)) : [];
    this.style.setProperty('--ends', `${endsWidth(names)}px`);
    return html`
      <h2 class="el" title=${label}>
        <span class="m3">${label.slice(0, cut)}</span>${label.slice(cut)}
        ${scale === 'linear' ? nothing : html`<span class="flag">${scale}</span>`}
      </h2>
      <div class="plot-slot">${this.preparePlot().element}${this.readout.element} ${this.message()}</div>
    `;
  }

  /** What is drawn, on the ground of the page. */
  async picture(): Promise<Blob> {
    const drawn = this.plot?.picture();
    if (!drawn) throw new Error('nothing is drawn');
    return new Promise((resolve, reject) =>
      drawn.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('nothing is drawn')))),
    );
  }
}

customElements.define('tp-embed-chart', EmbedChart);

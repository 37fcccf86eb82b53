import { computed } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { formatExact, tagLabel } from '../model/format';
import { WatchElement } from '../ui/watch';
import { blank } from '../views/blank';
import '../views/scalars/scalars.css';
import type { ViewContext } from '../views/view_def';
import type { EmbedChart } from './embed_chart';
import './embed_chart';

/** More charts are for the whole page. */
const MAX_CHARTS = 48;

/** Charts of scalars beside and below each other, which share the height that there is. */
export class Figures extends WatchElement {
  static override properties = { context: { attribute: false } };
  declare context: ViewContext;
  private readonly tags = computed(() => this.context.shown.tags('scalars'));

  override render() {
    const tags = this.tags.value;
    const more = tags.length - MAX_CHARTS;
    this.classList.add('scroll');
    return html`${blank(this.context, 'scalars') ?? nothing}
      <div class="figures">
        ${repeat(
          tags.slice(0, MAX_CHARTS),
          (tag) => tag,
          (tag) =>
            html`<tp-embed-chart
              role="article"
              aria-label=${tagLabel(tag)}
              .tag=${tag}
              .context=${this.context}
            ></tp-embed-chart>`,
        )}
      </div>
      ${more > 0 ? html`<p class="blank">${formatExact(more)} more: fewer tags show all</p>` : nothing}`;
  }

  /** The picture of the chart of a tag, by default of the first. */
  picture(tag: string | undefined): Promise<Blob> {
    const charts = [...this.querySelectorAll<EmbedChart>('tp-embed-chart')];
    const chart = tag === undefined ? charts[0] : charts.find((one) => one.tag === tag);
    if (!chart) throw new Error(tag === undefined ? 'there is no chart' : `there is no chart of ${tag}`);
    return chart.picture();
  }
}

customElements.define('tp-figures', Figures);

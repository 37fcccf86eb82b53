import { html, nothing } from 'lit';
import { formatExact, formatStep, plural } from '../../model/format';
import '../../ui/filter_field';
import type { FilterField } from '../../ui/filter_field';
import { WatchElement } from '../../ui/watch';
import type { ViewContext } from '../view_def';

/** More rows than this are counted, not drawn. */
const MAX_ROWS = 500;

/** What there is of a kind of data that is not drawn yet: its tags, in how many runs, and how much. */
export class ListedView extends WatchElement {
  static override properties = { context: { attribute: false }, kind: {} };
  declare context: ViewContext;
  /** Id of the view that it stands in for. */
  declare kind: string;

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('view');
  }

  override render() {
    const { shown, state, engine } = this.context;
    const { catalogue } = engine;
    const tags = shown.tags(this.kind);
    const rows = tags.slice(0, MAX_ROWS).map((tag) => {
      const series = shown.allSeriesOf(this.kind, tag);
      let [steps, last] = [0, -Infinity];
      for (const one of series) {
        steps += catalogue.number(one, 'count');
        last = Math.max(last, catalogue.number(one, 'maxStep'));
      }
      return { tag, runs: series.length, steps, last };
    });
    return html`<div class="bar" role="group" aria-label="Tags">
        <tp-filter-field
          class="tag-filter"
          label="Filter tags"
          hint="/"
          .value=${state.tagFilter.value}
          .error=${shown.tagFilterError.value}
          @change=${(event: Event) => (state.tagFilter.value = (event.target as FilterField).value)}
        ></tp-filter-field>
        <span class="m2">Not drawn yet</span>
      </div>
      <div class="scroll" tabindex="0" role="region" aria-label="Tags">
        <table class="tbl listed">
          <thead>
            <tr>
              <th scope="col">Tag</th>
              <th scope="col" class="n">Runs</th>
              <th scope="col" class="n">Records</th>
              <th scope="col" class="n">Last step</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ tag, runs, steps, last }) =>
                html`<tr>
                  <td class="el" title=${tag}>${tag}</td>
                  <td class="n">${formatExact(runs)}</td>
                  <td class="n">${formatExact(steps)}</td>
                  <td class="n" title=${formatExact(last)}>${formatStep(last)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
        ${tags.length > MAX_ROWS ? html`<p class="blank">${plural(tags.length - MAX_ROWS, 'more tag')}</p>` : nothing}
      </div>`;
  }
}

customElements.define('tp-listed', ListedView);

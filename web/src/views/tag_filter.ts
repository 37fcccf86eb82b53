import { html, type TemplateResult } from 'lit';
import '../ui/filter_field';
import type { FilterField } from '../ui/filter_field';
import type { ViewContext } from './view_def';

/** The field that filters the tags of every view, at the same place in each: first in its settings. `/` leads there. */
export function tagFilter({ state, shown }: ViewContext): TemplateResult {
  return html`<tp-filter-field
    class="tag-filter"
    label="Filter tags"
    hint="/"
    .value=${state.tagFilter.value}
    .error=${shown.tagFilterError.value}
    @change=${(event: Event) => (state.tagFilter.value = (event.target as FilterField).value)}
  ></tp-filter-field>`;
}

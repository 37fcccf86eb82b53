import { html, type TemplateResult } from 'lit';
import { viewSubject } from '../model/views';
import type { ViewContext } from './view_def';

/** Never blank: says which filter hides everything, with the way out. undefined = there is something to show. */
export function blank({ state, shown, engine }: ViewContext, kind: string): TemplateResult | undefined {
  const { runFilter, tagFilter } = state;
  const clear = (filter: typeof runFilter) => button('Clear', () => (filter.value = ''));
  const hidden = shown.hidden.value;
  if (hidden === 'filter') return message(`No run matches “${runFilter.value}”`, clear(runFilter));
  if (hidden === 'selection') {
    const showAll = button('Show all', () => shown.show(shown.matching.value, true));
    if (runFilter.value === '') return message('No run is shown', showAll);
    return message(`No run that matches “${runFilter.value}” is shown`, html`${showAll} ${clear(runFilter)}`);
  }
  if (shown.tags(kind).length > 0) return undefined;
  if (tagFilter.value !== '') return message(`No tag matches “${tagFilter.value}”`, clear(tagFilter));
  return engine.loading.value ? html`` : message(`${viewSubject(kind)}: none in these logs`, html``);
}

/** In place of what is not there: why, and the ways out. */
export function message(text: string, ways: TemplateResult): TemplateResult {
  return html`<p class="blank">${text} ${ways}</p>`;
}

export function button(text: string, act: () => void): TemplateResult {
  return html`<button class="btn line" @click=${act}>${text}</button>`;
}

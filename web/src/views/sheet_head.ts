import { html, type TemplateResult } from 'lit';

/** The head of settings where they are a sheet over a narrow screen, with the way back: a `done` event. */
export function sheetHead(title: string): TemplateResult {
  const done = (event: Event): unknown => event.target?.dispatchEvent(new Event('done', { bubbles: true }));
  return html`<div class="sheet-head">
    <h2>${title}</h2>
    <span class="grow"></span>
    <button class="btn st" @click=${done}>Done</button>
  </div>`;
}

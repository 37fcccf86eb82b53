import { html, nothing } from 'lit';
import type { Source } from './source';

/** What is looked for, and the way to stop it. */
export function seekingLine({ seeking }: Source) {
  const [first] = seeking;
  if (!first) return nothing;
  const more = seeking.length > 1 ? ` and ${seeking.length - 1} more` : '';
  return html`<p class="seeking" role="status">
    <span class="el">Opening ${first.what}${more}</span>
    <button class="btn line" @click=${() => seeking.forEach(({ stop }) => stop())}>Cancel</button>
  </p>`;
}

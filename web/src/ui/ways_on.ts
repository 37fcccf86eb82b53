import { html, nothing } from 'lit';
import type { Message } from '../model/opening';

/** What a person can do about a message. */
export function waysOn({ retry, download }: Message) {
  if (!retry && download === undefined) return nothing;
  return html`<div class="row ways">
    ${retry ? html`<button class="btn line" @click=${retry}>Retry</button>` : nothing}
    ${
      download === undefined
        ? nothing
        : html`<a class="btn line" href=${download} download target="_blank" rel="noopener noreferrer">Download it</a>`
    }
  </div>`;
}

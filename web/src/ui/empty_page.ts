import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { asWireError } from '../faults/fault';
import { errorText } from '../model/errors';
import type { State } from '../model/state';
import { firstFetch, urlFromText } from '../sources/link_url';
import type { Source } from './source';
import { hostsText } from './hosts_text';
import { icon, mark } from './icons';
import { seekingLine } from './seeking_line';
import { themeButton } from './theme';
import { WatchElement } from './watch';
import { waysOn } from './ways_on';

/**
 * What there is before anything is open: the whole window takes a drop. Fires `choose-folder`, `choose-files` and
 * `open-url`.
 */
export class EmptyPage extends WatchElement {
  static override properties = { state: { attribute: false }, source: { attribute: false } };
  declare state: State;
  declare source: Source;

  /** As it was typed. */
  private readonly url = signal('');

  override render() {
    const { message, takesUrls } = this.source;
    return html`<header>
        ${mark}<span class="st">Tensorpane</span><span class="grow"></span>${themeButton(this.state)}
      </header>
      <main class="zone">
        <div>
          ${
            this.source.awaited === ''
              ? html`<h1>Drop TensorBoard logs here</h1>
                  <p class="types">A log folder, event files, or a .zip or .tar.gz of them</p>`
              : html`<h1>Drop ${this.source.awaited} here</h1>
                  <p class="types">
                    This link has a view of it ready, but not the files: open the same folder to see it
                  </p>`
          }
          <div class="cta">
            <button class="btn fill" @click=${() => this.dispatchEvent(new Event('choose-folder', { bubbles: true }))}>
              ${icon('folder')}Choose folder
            </button>
            <button class="btn line" @click=${() => this.dispatchEvent(new Event('choose-files', { bubbles: true }))}>
              ${icon('file', 'm2')}Choose files
            </button>
            ${takesUrls ? this.urlField() : nothing}
          </div>
          ${this.urlNote()} ${this.privacy()} ${seekingLine(this.source)}
          ${
            message
              ? html`<div class="message e" role=${message.retry ? 'alert' : 'status'}>
                  ${message.text}${waysOn(message)}
                </div>`
              : nothing
          }
        </div>
      </main>`;
  }

  private urlField() {
    return html`<div class="field">
      ${icon('link', 'm3')}
      <input
        type="url"
        placeholder="Paste a URL"
        aria-label="URL of logs"
        aria-describedby="url-note"
        autocomplete="off"
        spellcheck="false"
        .value=${this.url.value}
        @input=${(event: Event) => (this.url.value = (event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && this.openUrl()}
      />
      <button class="btn line" @click=${() => this.openUrl()}>Open</button>
    </div>`;
  }

  /** What was pasted: the URL that is meant, or why there is none; undefined = nothing was. */
  private pasted(): { url: string } | { fault: string } | undefined {
    if (this.url.value.trim() === '') return undefined;
    try {
      return { url: urlFromText(this.url.value) };
    } catch (error) {
      return { fault: errorText(asWireError(error)) };
    }
  }

  private openUrl(): void {
    const pasted = this.pasted();
    if (!pasted) this.querySelector('input')?.focus();
    else if ('url' in pasted) {
      this.dispatchEvent(new CustomEvent('open-url', { detail: pasted.url, bubbles: true }));
    }
  }

  /** Names the host before anything is asked of it. */
  private urlNote() {
    const pasted = this.pasted();
    return html`<p id="url-note" class="url-note" aria-live="polite">
      ${
        !pasted
          ? nothing
          : 'fault' in pasted
            ? html`<span class="e">${pasted.fault}</span>`
            : html`<span class="m2"
                >Open fetches from <b class="md">${new URL(firstFetch(pasted.url)).host}</b>, which learns your IP
                address and what is fetched, nothing else</span
              >`
      }
    </p>`;
  }

  private privacy() {
    const { mayFetch, hosts } = this.source;
    const named = hosts.length > 0 ? html`. It fetches from <b class="md">${hostsText(hosts)}</b>` : nothing;
    return html`<p class="priv">
      ${icon('lock', 'm2')}<span
        >Your files are read inside this tab and never
        uploaded${mayFetch ? html`. This page asks only the hosts that a link names${named}` : nothing}</span
      >
    </p>`;
  }
}

customElements.define('tp-empty', EmptyPage);

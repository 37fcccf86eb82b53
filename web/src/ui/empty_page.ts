import { html, nothing } from 'lit';
import { icon, mark } from './icons';
import { themeButton } from './theme';
import { WatchElement } from './watch';
import type { State } from '../model/state';

/** What there is before anything is open: the whole window takes a drop. Fires `choose-folder` and `choose-files`. */
export class EmptyPage extends WatchElement {
  static override properties = { state: { attribute: false }, awaited: {}, message: {} };
  declare state: State;
  /** The folder that the link was made of; '' = there is no link, or it does not say. */
  declare awaited: string;
  /** Why nothing was opened; '' = nothing was tried. */
  declare message: string;

  override render() {
    return html`<header>
        ${mark}<span class="st">Tensorpane</span><span class="grow"></span>${themeButton(this.state)}
      </header>
      <main class="zone">
        <div>
          ${
            this.awaited === ''
              ? html`<h1>Drop TensorBoard logs here</h1>
                  <p class="types">A log folder, event files, or a .zip or .tar.gz of them</p>`
              : html`<h1>Drop ${this.awaited} here</h1>
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
          </div>
          <p class="priv">${icon('lock', 'm2')}<span>Your files are read inside this tab and never uploaded</span></p>
          ${this.message ? html`<p class="message e" role="status">${this.message}</p>` : nothing}
        </div>
      </main>`;
  }
}

customElements.define('tp-empty', EmptyPage);

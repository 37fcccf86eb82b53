import { html, type TemplateResult } from 'lit';
import './dialogs.css';
import { icon } from './icons';
import { WatchElement } from './watch';

/**
 * A dialog over the page, open from when it is there. Escape and a click beside it end it; no key reaches what lies under it.
 * Fires `close` when it is done.
 */
export abstract class Dialog extends WatchElement {
  protected abstract readonly heading: string;

  protected abstract body(): TemplateResult;

  override render() {
    return html`<dialog
      class="dlg"
      aria-labelledby="dialog-heading"
      @close=${() => this.dispatchEvent(new Event('close'))}
      @keydown=${(event: Event) => event.stopPropagation()}
      @pointerdown=${(event: Event) => event.target === event.currentTarget && this.close()}
    >
      <div class="dlg-in">
        <header>
          <h2 id="dialog-heading">${this.heading}</h2>
          <span class="grow"></span>
          <button class="btn ico" aria-label="Close" @click=${() => this.close()}>${icon('close')}</button>
        </header>
        ${this.body()}
      </div>
    </dialog>`;
  }

  protected override firstUpdated(): void {
    this.querySelector('dialog')?.showModal();
  }

  protected close(): void {
    this.querySelector('dialog')?.close();
  }
}

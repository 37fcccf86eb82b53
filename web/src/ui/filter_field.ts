import { html, nothing } from 'lit';
import { icon } from './icons';
import { WatchElement } from './watch';

/**
 * The field that filters names: plain text is a substring, `/…/` or the `.*` button a regular expression, `!` excludes.
 * Fires `change` with nothing more: read `value`.
 */
export class FilterField extends WatchElement {
  static override properties = { value: {}, label: {}, hint: {}, error: {} };
  declare value: string;
  /** Placeholder and accessible name. */
  declare label: string;
  /** The key that leads here. */
  declare hint: string;
  /** Why the filter cannot be used, which is said under the field; '' = it can. */
  declare error: string;

  constructor() {
    super();
    this.value = this.label = this.hint = this.error = '';
  }

  override render() {
    const regular = this.isRegular();
    return html`<div class="field ${this.error ? 'bad' : ''}">
      ${icon('search', 's m3')}
      <input
        type="search"
        spellcheck="false"
        autocomplete="off"
        placeholder=${this.label}
        aria-label=${this.label}
        aria-invalid=${this.error !== ''}
        .value=${this.value}
        @input=${(event: InputEvent) => this.set((event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && this.set('')}
      />
      ${this.hint && this.value === '' ? html`<kbd aria-hidden="true">${this.hint}</kbd>` : nothing}
      <button
        class="rx"
        title="Regular expression"
        aria-label="Regular expression"
        aria-pressed=${regular}
        @click=${() => this.set(regular ? this.value.replace(/^\/|\/$/g, '') : `/${this.value}/`)}
      >
        .*
      </button>
      ${this.error ? html`<p class="e small" role="status">${this.error}</p>` : nothing}
    </div>`;
  }

  private isRegular(): boolean {
    return this.value.startsWith('/');
  }

  private set(value: string): void {
    this.value = value;
    this.dispatchEvent(new Event('change'));
  }
}

customElements.define('tp-filter-field', FilterField);

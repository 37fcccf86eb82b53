import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { tagLabel } from '../../model/format';
import type { HistogramTagMode } from '../../model/state';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import type { ViewContext } from '../view_def';
import { MODES, titleOf } from './modes';

let count = 0;

/** How one tag is drawn, in place of how all are. Fires `mode-chosen`: its cards may be others then. */
export class ModeMenu extends WatchElement {
  static override properties = { context: { attribute: false }, tag: { attribute: false } };
  declare context: ViewContext;
  declare tag: string;
  /** What nobody sees does not exist: there may be any number of cards. */
  private readonly open = signal(false);
  private readonly popoverId = `histogram-mode-${count++}`;

  override render() {
    const hasOwn = this.context.state.histogramModeOfTag.value.has(this.tag);
    return html`<button
        class="btn ico"
        popovertarget=${this.popoverId}
        aria-label=${`Show ${tagLabel(this.tag)} as`}
        title="Show this tag as"
        aria-pressed=${hasOwn}
        @click=${(event: Event) => this.place(event.currentTarget as Element)}
      >
        ${icon('bars')}
      </button>
      <div
        id=${this.popoverId}
        class="pop"
        popover
        @beforetoggle=${(event: ToggleEvent) => (this.open.value = event.newState === 'open')}
      >
        ${this.open.value ? this.items() : nothing}
      </div>`;
  }

  private items() {
    const { histogramMode, histogramModeOfTag } = this.context.state;
    const own = histogramModeOfTag.value.get(this.tag);
    const item = (mode: HistogramTagMode | undefined, title: string, hint: string) =>
      html`<button class="mi" aria-current=${own === mode ? 'true' : nothing} @click=${() => this.choose(mode)}>
        <span class="check">${own === mode ? icon('check', 's') : nothing}</span>${title}<span class="m3">${hint}</span>
      </button>`;
    return html`${item(undefined, 'As all others', titleOf(histogramMode.value))}
    ${MODES.map(([mode, title, hint]) => (mode === 'tags' ? nothing : item(mode, title, hint)))}`;
  }

  private choose(mode: HistogramTagMode | undefined): void {
    const { histogramModeOfTag } = this.context.state;
    this.querySelector<HTMLElement>('.pop')?.hidePopover();
    this.querySelector<HTMLElement>('button')?.focus();
    const modes = new Map(histogramModeOfTag.value);
    if (mode) modes.set(this.tag, mode);
    else modes.delete(this.tag);
    histogramModeOfTag.value = modes;
    this.dispatchEvent(new CustomEvent('mode-chosen', { bubbles: true, detail: this.tag }));
  }

  /** Below the button. */
  private place(button: Element): void {
    const { bottom, right } = button.getBoundingClientRect();
    const inset = `${Math.min(bottom, innerHeight - 200)}px ${Math.max(8, innerWidth - right)}px auto auto`;
    this.querySelector<HTMLElement>('.pop')?.style.setProperty('inset', inset);
  }
}

customElements.define('tp-histogram-mode', ModeMenu);

import { html, nothing } from 'lit';
import { formatExact } from '../model/format';
import type { ViewDef } from '../views/view_def';
import { counted } from './pending';
import { WatchElement } from './watch';

/** A view that has something, with the number of its tags. */
export interface Tab {
  view: ViewDef;
  /** undefined = it is not known yet. */
  count: number | undefined;
}

/** As it stands behind the title. */
export function countOf(count: number | undefined) {
  return count === undefined ? nothing : html`<b>${formatExact(count)}</b>`;
}

/** The views as a row of tabs, one stop for the keyboard. What does not fit scrolls. Fires `open-view` with an id. */
export class TabRow extends WatchElement {
  static override properties = { tabs: { attribute: false }, open: { attribute: false } };
  declare tabs: readonly Tab[];
  declare open: ViewDef | undefined;
  private readonly resizes = new ResizeObserver(() => this.follow());
  private followed: ViewDef | undefined;
  private width = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.className = 'tabs';
    this.setAttribute('role', 'tablist');
    this.setAttribute('aria-label', 'Views');
    this.addEventListener('keydown', (event) => this.onKey(event));
    this.addEventListener('scroll', () => this.showMore());
    this.resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizes.disconnect();
  }

  override render() {
    return this.tabs.map(
      ({ view, count }) =>
        html`<button
          class="tab"
          role="tab"
          aria-selected=${view === this.open}
          tabindex=${view === this.open ? nothing : -1}
          @click=${() => this.choose(view)}
        >
          ${view.title} ${countOf(count)}
        </button>`,
    );
  }

  protected override updated(): void {
    // In the frame that lays them out anyway: here the whole page would be laid out for it, with all that is being made.
    void counted(new Promise((frame) => requestAnimationFrame(frame)).then(() => this.measure()));
  }

  /** Tabs that come or get longer numbers push the others away. */
  private measure(): void {
    const { scrollWidth } = this;
    if (this.followed !== this.open || this.width !== scrollWidth) this.follow();
    [this.followed, this.width] = [this.open, scrollWidth];
    this.showMore();
  }

  /** The open tab is always in sight. */
  private follow(): void {
    this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
    this.showMore();
  }

  private showMore(): void {
    const { scrollLeft, clientWidth, scrollWidth } = this;
    this.classList.toggle('more-before', scrollLeft > 1);
    this.classList.toggle('more-after', scrollLeft + clientWidth < scrollWidth - 1);
  }

  private choose(view: ViewDef): void {
    this.dispatchEvent(new CustomEvent('open-view', { detail: view.id }));
  }

  private onKey(event: KeyboardEvent): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    const at = this.tabs.findIndex(({ view }) => view === this.open);
    const next = (at + by + this.tabs.length) % this.tabs.length;
    const tab = this.tabs[next];
    if (tab) this.choose(tab.view);
    this.querySelectorAll<HTMLElement>('.tab')[next]?.focus();
  }
}

customElements.define('tp-tabs', TabRow);

import { signal } from '@preact/signals-core';
import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { WatchElement } from '../../ui/watch';
import { RowHeights } from './row_heights';

/** Rows exist this far beyond what is seen, px. */
const SPARE_PX = 300;

/**
 * Rows that scroll, of which only those near the visible part exist: any number of them costs the same. Their heights
 * are what they turn out to be. Fires `rows` when others exist than before, or the same ones anew.
 */
export class VirtualRows extends WatchElement {
  static override properties = {
    rows: { attribute: false },
    row: { attribute: false },
    label: {},
    estimate: {},
    kind: {},
  };
  /** Another array is another content, which begins at its top. */
  declare rows: readonly unknown[];
  declare row: (row: never, index: number) => TemplateResult;
  /** Name of the region. */
  declare label: string;
  /** Height of a row before it was measured, px. */
  declare estimate: number;
  /** Role of the rows together: table, if each is a row. */
  declare kind: 'table' | 'presentation';
  private heights = new RowHeights(0, 1);
  private known: readonly unknown[] | undefined;
  private readonly place = signal({ top: 0, height: 0, spare: 0 });
  private readonly measured = signal(0);
  private frame = 0;
  private spareFrame = 0;
  private readonly resizes = new ResizeObserver(() => this.onResize());
  private observed = new Set<Element>();

  constructor() {
    super();
    this.kind = 'presentation';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('virtual-rows');
    this.tabIndex = 0;
    this.setAttribute('role', 'region');
    this.addEventListener('scroll', this.look);
    this.addEventListener('keydown', this.onKey);
    this.resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('scroll', this.look);
    this.removeEventListener('keydown', this.onKey);
    this.resizes.disconnect();
    this.observed.clear();
    cancelAnimationFrame(this.frame);
    cancelAnimationFrame(this.spareFrame);
  }

  /** Scrolls until a row is at the top, as far as there is enough below it. */
  async showRow(index: number): Promise<void> {
    // What comes into being on the way may have another height than was thought.
    for (let turn = 0; turn < 3; turn++) {
      this.scrollTop = this.heights.topOf(index);
      this.look();
      await this.updateComplete;
      await new Promise(requestAnimationFrame);
      this.measure(this.observed);
      await this.updateComplete;
    }
  }

  /** Scrolls a part of what exists into view, if it is not. @param box where it is in the window, as often as asked. */
  async showBox(box: () => DOMRect): Promise<void> {
    // As in showRow.
    for (let turn = 0; turn < 3; turn++) {
      const { top, bottom, left, right } = box();
      const seen = this.getBoundingClientRect();
      const isSeen = top >= seen.top && bottom <= seen.top + this.clientHeight;
      if (!isSeen) this.scrollTop += top - seen.top - this.clientHeight / 3;
      if (left < seen.left || right > seen.left + this.clientWidth)
        this.scrollLeft += left - seen.left - this.clientWidth / 3;
      this.look();
      await this.updateComplete;
      await new Promise(requestAnimationFrame);
      this.measure(this.observed);
      await this.updateComplete;
    }
  }

  /** The element of a row, if it exists. */
  elementOf(index: number): HTMLElement | undefined {
    return this.querySelector<HTMLElement>(`:scope > div > [data-row='${index}']`) ?? undefined;
  }

  private readonly look = (): void => {
    const { scrollTop: top, clientHeight: height } = this;
    const before = this.place.peek();
    if (before.top === top && before.height === height) return;
    // Far from before, what is seen comes first, and what is beyond it a frame later: each takes its time.
    const isFar = Math.abs(top - before.top) > height || height > before.height;
    this.place.value = { top, height, spare: isFar ? 0 : SPARE_PX };
    cancelAnimationFrame(this.spareFrame);
    if (isFar) this.spareFrame = requestAnimationFrame(() => (this.place.value = { top, height, spare: SPARE_PX }));
  };

  /** The arrows are for what scrolls sideways. */
  private readonly onKey = (event: KeyboardEvent): void => {
    if (/^Arrow(Left|Right)$/.test(event.key) && this.scrollWidth > this.clientWidth) event.stopPropagation();
  };

  private onResize(): void {
    // Drawn in the same turn, rows that change would be observed without end.
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      this.look();
      this.measure(this.observed);
    });
  }

  private measure(elements: Iterable<Element>): void {
    let changed = false;
    for (const element of elements) {
      const { height } = element.getBoundingClientRect();
      if (height > 0 && this.heights.set(Number((element as HTMLElement).dataset['row']), height)) changed = true;
    }
    if (!changed) return;
    const isAtEnd = this.scrollTop > 0 && this.scrollTop + this.clientHeight >= this.scrollHeight - 1;
    this.measured.value++;
    // Whoever went to the end wants to be there, also when it turns out to be farther.
    if (isAtEnd) void this.updateComplete.then(() => (this.scrollTop = this.scrollHeight));
  }

  protected override updated(): void {
    const now = new Set<Element>(this.querySelectorAll(':scope > div > [data-row]'));
    for (const element of this.observed) if (!now.has(element)) this.resizes.unobserve(element);
    for (const element of now) if (!this.observed.has(element)) this.resizes.observe(element);
    this.observed = now;
    this.dispatchEvent(new Event('rows'));
  }

  override render() {
    this.setAttribute('aria-label', this.label);
    if (this.rows !== this.known) {
      // Rows that were added below leave the others where they are.
      const isMore = this.known?.[0] !== undefined && this.known[0] === this.rows[0];
      this.known = this.rows;
      this.heights = new RowHeights(this.rows.length, this.estimate);
      if (!isMore) this.scrollTop = 0;
    }
    void this.measured.value;
    const { top, height, spare } = this.place.value;
    const { heights, rows } = this;
    const first = heights.rowAt(Math.max(0, top - spare));
    const end = rows.length === 0 ? 0 : heights.rowAt(top + height + spare) + 1;
    const indices = Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
    return html`<div
      role=${this.kind}
      .style=${`padding-top: ${heights.topOf(first)}px; padding-bottom: ${heights.height - heights.topOf(Math.max(first, end))}px`}
    >
      ${repeat(
        indices,
        (i) => i,
        (i) => html`<div data-row=${i}>${this.row(rows[i] as never, i)}</div>`,
      )}
    </div>`;
  }
}

customElements.define('tp-virtual-rows', VirtualRows);

import { signal } from '@preact/signals-core';
import { html } from 'lit';
import type { PointValue, TensorFacts } from '../../engine/values/values';
import { formatExact } from '../../model/format';
import { rowLabel, rowsOf } from '../../model/tensor_rows';
import { WatchElement } from '../../ui/watch';
import { elementText, indexText } from './tensor_text';

/** px; the style sheet says the same. */
const ROW_PX = 20;
const COLUMN_PX = 84;
/** Rows and columns beyond the visible ones that exist, too. */
const SPARE = 4;

/** Which of some equal parts are seen. */
function seen(scrolled: number, size: number, part: number, count: number): { from: number; to: number } {
  const first = Math.floor(scrolled / part);
  return {
    from: Math.max(0, Math.min(first, count) - SPARE),
    to: Math.min(count, first + Math.ceil(size / part) + SPARE),
  };
}

/** The elements of a tensor as a table, of which only the cells that are seen exist. */
export class ElementTable extends WatchElement {
  static override properties = { value: { attribute: false }, label: {} };
  declare value: PointValue & { facts: TensorFacts };
  declare label: string;
  private readonly place = signal({ top: 0, left: 0, width: 0, height: 0 });
  private readonly resizes = new ResizeObserver(() => this.measure());

  override connectedCallback(): void {
    super.connectedCallback();
    this.className = 'element-table';
    this.tabIndex = 0;
    this.setAttribute('role', 'region');
    this.addEventListener('scroll', () => this.measure());
    this.addEventListener('keydown', (event) => this.onKey(event));
    this.resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizes.disconnect();
  }

  private measure(): void {
    const { scrollTop: top, scrollLeft: left, clientWidth: width, clientHeight: height } = this;
    this.place.value = { top, left, width, height };
  }

  /** The arrows are for what scrolls. */
  private onKey(event: KeyboardEvent): void {
    if (event.key.startsWith('Arrow') && this.scrollWidth > this.clientWidth) event.stopPropagation();
  }

  override render() {
    this.setAttribute('aria-label', this.label);
    const { shape, strings } = this.value.facts;
    const { rows, columns } = rowsOf(shape);
    const { top, left, width, height } = this.place.value;
    const shownRows = seen(top, height, ROW_PX, rows);
    const columnPx = strings ? Math.max(COLUMN_PX, (width - COLUMN_PX) / columns) : COLUMN_PX;
    const shownColumns = seen(left, width, columnPx, columns);
    const rowNumbers = range(shownRows);
    const columnNumbers = range(shownColumns);
    const across = `grid-template-columns: ${COLUMN_PX}px repeat(${columnNumbers.length}, ${columnPx}px)`;
    const indent = `padding-left: ${shownColumns.from * columnPx}px; ${across}`;
    const size = `height: ${(rows + 1) * ROW_PX}px; width: ${COLUMN_PX + columns * columnPx}px`;
    return html`<div role="table" aria-rowcount=${rows + 1} aria-colcount=${columns + 1} .style=${size}>
      <div role="row" aria-rowindex="1" class="head" .style=${indent}>
        <span role="columnheader" class="index">Index</span>
        ${columnNumbers.map(
          (column) =>
            html`<span role="columnheader" aria-colindex=${column + 2}
              >${shape.length < 2 ? 'Value' : formatExact(column)}</span
            >`,
        )}
      </div>
      ${rowNumbers.map(
        (row) =>
          html`<div role="row" aria-rowindex=${row + 2} .style=${`top: ${(row + 1) * ROW_PX}px; ${indent}`}>
            <span role="rowheader" class="index">${rowLabel(shape, row)}</span>
            ${columnNumbers.map((column) => this.cell(row, column, columns))}
          </div>`,
      )}
    </div>`;
  }

  private cell(row: number, column: number, columns: number) {
    const { text, full } = elementText(this.value, row * columns + column);
    const index = indexText(this.value.facts.shape, row, column);
    const title = index === '' ? full : `${index} ${full}`;
    return html`<span role="cell" aria-colindex=${column + 2} title=${title}>${text}</span>`;
  }
}

function range({ from, to }: { from: number; to: number }): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

customElements.define('tp-element-table', ElementTable);

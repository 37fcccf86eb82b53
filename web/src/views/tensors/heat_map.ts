import { effect, signal } from '@preact/signals-core';
import { html } from 'lit';
import { chartTheme } from '../../charts/chart_theme';
import { colourOf, paintCells, rampOf } from '../../charts/colour_ramp';
import { cancelDrawing, queueDrawing } from '../../charts/draw_queue';
import type { PointValue, TensorFacts } from '../../engine/values/values';
import { WatchElement } from '../../ui/watch';
import { boundText, elementText, indexText } from './tensor_text';

interface Cell {
  row: number;
  column: number;
}

/**
 * A matrix as colours, with a read-out of the cell under the pointer; with the focus, arrows go from cell to cell. Fires
 * `cell-read` with what is to be said of it.
 */
export class HeatMap extends WatchElement {
  static override properties = { value: { attribute: false }, label: {} };
  declare value: PointValue & { facts: TensorFacts };
  declare label: string;
  private readonly cell = signal<Cell | undefined>(undefined);
  private stop: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.className = 'heat-map';
    // The colours are those of the theme.
    this.stop = effect(() => {
      void chartTheme.value;
      queueDrawing(this, () => this.paint());
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop?.();
    cancelDrawing(this);
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('value')) queueDrawing(this, () => this.paint());
  }

  private get size(): [rows: number, columns: number] {
    const [rows = 0, columns = 0] = this.value.facts.shape;
    return [rows, columns];
  }

  private paint(): void {
    const canvas = this.querySelector('canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return;
    const { facts, numbers } = this.value;
    const [rows, columns] = this.size;
    const theme = chartTheme.peek();
    // What has a minimum as a word is true or false.
    const bounds = facts.dtype === 'bool' ? ([0, 1] as const) : ([Number(facts.min), Number(facts.max)] as const);
    canvas.width = columns;
    canvas.height = rows;
    const image = context.createImageData(columns, rows);
    const pixels = new Uint32Array(image.data.buffer);
    paintCells(numbers, bounds, rampOf(theme.sequential), colourOf(theme.warn), pixels);
    context.putImageData(image, 0, 0);
  }

  override render() {
    const { facts } = this.value;
    const [rows, columns] = this.size;
    const cell = this.cell.value;
    const inside = cell && cell.row < rows && cell.column < columns ? cell : undefined;
    const frame = `aspect-ratio: ${columns} / ${rows}; --wide: ${columns / rows}`;
    const mark =
      inside &&
      `left: ${(inside.column / columns) * 100}%; top: ${(inside.row / rows) * 100}%; width: ${100 / columns}%; height: ${100 / rows}%`;
    return html`<div
        class="map"
        role="img"
        tabindex="0"
        aria-label=${this.label}
        @pointermove=${(event: PointerEvent) => this.point(event)}
        @pointerleave=${() => (this.cell.value = undefined)}
        @blur=${() => (this.cell.value = undefined)}
        @keydown=${(event: KeyboardEvent) => this.onKey(event)}
      >
        <div class="frame" .style=${frame}>
          <canvas aria-hidden="true"></canvas>
          ${mark ? html`<i .style=${mark}></i>` : ''}
        </div>
      </div>
      <p class="legend">
        ${
          inside
            ? html`<span class="at">${this.textOf(inside)}</span>`
            : facts.min === undefined || facts.max === undefined
              ? html`<span class="m3">No finite number</span>`
              : html`<span title=${boundText(facts, facts.min).full}>${boundText(facts, facts.min).text}</span
                  ><span class="ramp" aria-hidden="true"></span
                  ><span title=${boundText(facts, facts.max).full}>${boundText(facts, facts.max).text}</span>`
        }
      </p>`;
  }

  private textOf({ row, column }: Cell): string {
    const [, columns] = this.size;
    return `${indexText(this.value.facts.shape, row, column)} ${elementText(this.value, row * columns + column).full}`;
  }

  private point(event: PointerEvent): void {
    const frame = (event.currentTarget as Element).querySelector('.frame');
    if (!frame) return;
    const { left, top, width, height } = frame.getBoundingClientRect();
    const [rows, columns] = this.size;
    const column = Math.floor(((event.clientX - left) / width) * columns);
    const row = Math.floor(((event.clientY - top) / height) * rows);
    const inside = row >= 0 && row < rows && column >= 0 && column < columns;
    const before = this.cell.peek();
    if (!inside) this.cell.value = undefined;
    else if (before?.row !== row || before.column !== column) this.cell.value = { row, column };
  }

  private onKey(event: KeyboardEvent): void {
    const by: Partial<Record<string, [number, number]>> = {
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
    };
    const move = by[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [rows, columns] = this.size;
    const at = this.cell.peek();
    const clamp = (place: number, count: number): number => Math.max(0, Math.min(count - 1, place));
    const cell = at
      ? { row: clamp(at.row + move[0], rows), column: clamp(at.column + move[1], columns) }
      : { row: 0, column: 0 };
    this.cell.value = cell;
    this.dispatchEvent(new CustomEvent('cell-read', { detail: this.textOf(cell) }));
  }
}

customElements.define('tp-heat-map', HeatMap);

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { formatExact, tagLabel } from '../../model/format';
import type { ImageAxis } from '../../model/state';
import { WatchElement } from '../../ui/watch';
import { GAP_PX, type Board } from './board';
import './image_cell';
import { placeIn, rowKey, type Item, type Section } from './matrix';

/** A row of the matrix. Only images near the visible part exist; empty space stands for the others. */
export class ImageRow extends WatchElement {
  static override properties = {
    board: { attribute: false },
    section: { attribute: false },
    row: { attribute: false },
    columnAxis: { attribute: false },
  };
  declare board: Board;
  declare section: Section;
  declare row: Item;
  declare columnAxis: ImageAxis;

  get key(): string {
    return rowKey(this.section, this.row);
  }

  override render() {
    const { board, section } = this;
    const { columns } = section;
    const width = board.cellWidth(section.name);
    const pitch = width + GAP_PX;
    const [from, to] = board.columns(section.name, columns.length);
    const gap = (count: number) =>
      count > 0 ? html`<span class="space" .style=${`width: ${count * pitch}px`}></span>` : nothing;
    return html`<div class="row-head small">${this.label()}</div>
      ${gap(from)}
      ${repeat(
        columns.slice(from, to),
        (column) => JSON.stringify(placeKey(column)),
        (column) => {
          const place = placeIn(section, this.row, column);
          if (!place) return nothing;
          return html`<tp-image-cell
            .style=${`width: ${width}px`}
            .board=${board}
            .section=${section.name}
            .place=${place}
            .axis=${this.columnAxis}
          ></tp-image-cell>`;
        },
      )}
      ${gap(columns.length - to)}`;
  }

  private label() {
    const { shown } = this.board.context;
    const { tag, run, sample, step } = this.row;
    if (tag !== undefined) return html`<b class="el" title=${tag}>${tagLabel(tag)}</b>`;
    if (sample !== undefined) return html`<b>#${sample}</b>`;
    if (step !== undefined) return html`<b>${formatExact(step)}</b>`;
    if (run === undefined) return nothing;
    const style = shown.lineStyle(run);
    return html`<i class="sw d${style.ring % 4}" .style=${`--c: ${style.colour}`}></i
      ><b class="el" title=${shown.runLabel(run)}>${shown.runLabel(run)}</b>`;
  }
}

function placeKey({ tag, run, sample, step }: Item): unknown {
  return [tag, run, sample, step?.toString()];
}

customElements.define('tp-image-row', ImageRow);

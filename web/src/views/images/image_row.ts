import { html, nothing } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { repeat } from 'lit/directives/repeat.js';
import { formatExact, tagLabel } from '../../model/format';
import type { ImageAxis } from '../../model/state';
import { groupLabel } from '../../model/tag_groups';
import { WatchElement } from '../../ui/watch';
import { pinButton } from '../cards/pins';
import { GAP_PX, type Board } from './board';
import type { ImageCell } from './image_cell';
import './group_look';
import './image_cell';
import { placeIn, rowKey, type Item, type Section } from './matrix';

/** A row of the matrix. Only images near the visible part exist; empty space stands for the others. */
export class ImageRow extends WatchElement {
  static override properties = {
    board: { attribute: false },
    section: { attribute: false },
    row: { attribute: false },
    columnAxis: { attribute: false },
    pinned: { type: Boolean },
    flows: { attribute: false },
  };
  declare board: Board;
  declare section: Section;
  declare row: Item;
  declare columnAxis: ImageAxis;
  /** It is above its section, whose name it then says. */
  declare pinned: boolean;
  /** Its only image is beside those of other tags, and says what it is by itself. */
  declare flows: boolean;

  get key(): string {
    return rowKey(this.section, this.row);
  }

  /** With its images. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const done = await super.getUpdateComplete();
    await Promise.all([...this.querySelectorAll<ImageCell>('tp-image-cell')].map((cell) => cell.updateComplete));
    return done;
  }

  /** Gives the focus to the image that is below or above the one that had it. */
  async focusMain(): Promise<void> {
    await this.updateComplete;
    const off = (frame: Element): number => Math.abs(frame.getBoundingClientRect().left - this.board.focusedLeft);
    const frames = [...this.querySelectorAll<HTMLElement>('.frame')].sort((one, other) => off(one) - off(other));
    frames[0]?.focus({ preventScroll: true });
  }

  override render() {
    const { board, section } = this;
    const { columns } = section;
    if (this.flows) return this.flowing();
    const width = board.cellWidth(section.name);
    const pitch = width + GAP_PX;
    const [from, to] = board.columns(section.name, columns.length);
    const gap = (count: number) =>
      count > 0 ? html`<span class="space" .style=${`width: ${count * pitch}px`}></span>` : nothing;
    return html`<div class="row-head small">
        ${this.pinned ? html`<span class="m3 el" title=${groupLabel(section.name)}>${groupLabel(section.name)}</span>` : nothing}
        <span class="row">${this.label()}</span> <span class="m2 nw">${board.sizeOf(section.name)}</span>
        ${pinButton(this.pinned)}
      </div>
      ${this.target(width)} ${gap(from)}
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

  private flowing() {
    const { board, section, row } = this;
    const place = placeIn(section, row, section.columns[0] ?? {});
    if (!place) return nothing;
    return html`<tp-image-cell
        .board=${board}
        .section=${section.name}
        .place=${place}
        .axis=${section.rows.length > 1 ? 'tag and sample' : 'tag'}
      ></tp-image-cell>
      <div class="row-head">
        <div class="tools">
          <tp-group-look .board=${board} .section=${section.name}></tp-group-look>${pinButton(this.pinned)}
        </div>
      </div>`;
  }

  /** What all images of the row are held against, or the first of them. */
  private target(width: number) {
    const { board, section, row } = this;
    const { sample = board.context.state.imageTarget.value?.sample ?? 0 } = { ...section.base, ...row };
    const place = board.targetOf(sample);
    if (!place) return nothing;
    return keyed(
      JSON.stringify(placeKey(place)),
      html`<tp-image-cell
        class="target"
        .style=${`width: ${width}px`}
        .board=${board}
        .section=${section.name}
        .place=${place}
        .axis=${'target'}
      ></tp-image-cell>`,
    );
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

import { signal } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes, formatExact, plural } from '../../model/format';
import type { TextFormat } from '../../model/state';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import type { Block } from '../text_work/markdown';
import { piecesOf } from '../text_work/pieces';
import { safeMarkdown } from '../text_work/safe_html';
import { ask } from '../text_work/text_worker';
import { MOST_FOUND, TextMarks } from './text_marks';
import { isSingle, tableRows, type TableRow, type TextValue } from './text_value';
import './virtual_rows';
import type { VirtualRows } from './virtual_rows';

/** Longer texts are not formatted: what of it is seen is seen sooner. */
const MAX_MARKDOWN = 4_000_000;
/** Of a longer text in a table only the beginning is shown, since a row exists as a whole. */
const MAX_CELL = 5000;
/** More columns of a table are left out. */
const MAX_COLUMNS = 100;

interface BlockRow {
  label: string;
  cells: readonly (readonly Block[])[];
}

const formatted = new WeakMap<TextValue, Promise<Block[][] | undefined>>();

/** The blocks of the texts of a value; undefined = they cannot be formatted. */
function format(value: TextValue): Promise<Block[][] | undefined> {
  let blocks = formatted.get(value);
  if (!blocks) formatted.set(value, (blocks = ask('markdown', value.strings)));
  return blocks;
}

/** One text, or a table of them, as Markdown or as it is. */
export class TextBody extends WatchElement {
  static override properties = {
    value: { attribute: false },
    format: {},
    wrap: { attribute: false },
    label: {},
    search: {},
    flat: { attribute: false },
  };
  declare value: TextValue;
  declare format: TextFormat;
  declare wrap: boolean;
  declare label: string;
  /** What is marked in it (model/filter.ts); '' = nothing. */
  declare search: string;
  /** All that is shown exists, and does not scroll by itself: for beginnings of texts. */
  declare flat: boolean;
  private readonly shown = signal<{ of: TextValue; rows: readonly (Block | BlockRow)[]; note: string } | undefined>(
    undefined,
  );
  private wanted: TextValue | undefined;
  private wantedFormat: TextFormat | undefined;
  private readonly marks = new TextMarks();
  private readonly found = signal<Found | undefined>(undefined);
  private finding = new AbortController();
  private sought: { rows: readonly (Block | BlockRow)[] | undefined; search: string } = { rows: undefined, search: '' };

  constructor() {
    super();
    this.search = '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.marks.clear();
  }

  protected override willUpdate(): void {
    if (this.value === this.wanted && this.format === this.wantedFormat) return;
    this.wanted = this.value;
    this.wantedFormat = this.format;
    void this.prepare(this.value, this.format);
  }

  protected override updated(): void {
    this.mark();
    const [rows, { search }] = [this.shown.peek()?.rows, this];
    if (this.flat || (rows === this.sought.rows && search === this.sought.search)) return;
    this.sought = { rows, search };
    void this.find(rows, search);
  }

  private readonly mark = (): void => {
    // An update may come after it was taken away.
    if (this.isConnected) void this.marks.show([...this.querySelectorAll('.piece, .markdown')], this.search);
  };

  /** Counts what is searched in all of the text, also where none of it exists yet, and goes to the first of it. */
  private async find(rows: readonly (Block | BlockRow)[] | undefined, filter: string): Promise<void> {
    this.finding.abort();
    const { signal: abort } = (this.finding = new AbortController());
    this.found.value = undefined;
    if (!rows || filter === '') return;
    const blocks = rows.map(blocksIn);
    const places = await ask('find', { filter, blocks: blocks.flat(), most: MOST_FOUND }, abort).catch(() => undefined);
    if (abort.aborted || !places) return;
    let at = 0;
    const counts = blocks.map(({ length }) => {
      const count = places.slice(at, at + length).reduce((sum, one) => sum + one.length / 2, 0);
      at += length;
      return count;
    });
    this.found.value = { counts, count: counts.reduce((sum, one) => sum + one, 0), at: -1 };
    await this.step(1);
  }

  /** To the next or previous place of what is searched; around at the ends. */
  async step(by: 1 | -1): Promise<void> {
    const found = this.found.peek();
    const rows = this.querySelector<VirtualRows>('tp-virtual-rows');
    if (!found || !rows || found.count === 0) return;
    const at = (Math.max(found.at, by < 0 ? 0 : -1) + by + found.count) % found.count;
    this.found.value = { ...found, at };
    let [row, inRow] = [0, at];
    for (; inRow >= (found.counts[row] ?? 0); row++) inRow -= found.counts[row] ?? 0;
    const { value, search } = this;
    if (!rows.elementOf(row)) await rows.showRow(row);
    await this.marks.show([...this.querySelectorAll('.piece, .markdown')], search);
    const element = rows.elementOf(row);
    if (!element || value !== this.value || search !== this.search || this.found.peek()?.at !== at) return;
    for (const mark of this.marks.in(this)) mark.setCurrent(false);
    const marks = this.marks.in(element);
    // What is read of a block may differ from what was thought of it.
    const mark = marks[Math.min(inRow, marks.length - 1)];
    mark?.setCurrent(true);
    if (mark) await rows.showBox(() => mark.box());
  }

  private async prepare(value: TextValue, wanted: TextFormat): Promise<void> {
    let blocks: Block[][] | undefined;
    let note = '';
    if (wanted === 'markdown') {
      const size = value.strings.reduce((sum, text) => sum + text.length, 0);
      blocks = size > MAX_MARKDOWN ? undefined : await format(value).catch(() => undefined);
      if (value !== this.value || wanted !== this.format) return;
      const isPartly = blocks?.some((one) => one.some((block) => 'text' in block));
      if (isPartly) note = 'Parts that are too long are not formatted';
      if (!blocks) note = `Not formatted: it is too ${size > MAX_MARKDOWN ? 'long' : 'intricate'}`;
    }
    this.shown.value = { of: value, rows: isSingle(value) ? singleRows(value, blocks) : rowsOf(value, blocks), note };
  }

  override render() {
    this.className = `text-body as-${this.format}${this.wrap ? '' : ' no-wrap'}`;
    const shown = this.shown.value;
    if (!shown) return nothing;
    const { of, rows, note } = shown;
    const notes = [note, of.missing].filter((text) => text !== '');
    const columns = Math.max(0, ...tableRows(of).slice(0, 1).map(({ cells }) => cells.length)); // prettier-ignore
    if (!isSingle(of) && columns > MAX_COLUMNS) notes.push(`The first ${MAX_COLUMNS} of ${columns} columns`);
    const saying = [this.places(), ...notes.map((text) => html`<p class="note-line w">${text}</p>`)];
    if (isSingle(of) && (of.strings[0] ?? '').trim() === '') {
      return html`<p class="note">${of.strings[0] ? 'Only spaces' : 'An empty text'}</p>`;
    }
    if (rows.length === 0) return html`<p class="note">No texts: the shape is [${of.shape.join(', ')}]</p>`;
    const row = isSingle(of) ? blockHtml : tableRow;
    if (this.flat) {
      return html`${saying}
        <div class="flat" role=${isSingle(of) ? 'presentation' : 'table'}>
          ${rows.map((one) => row(one as never))}
        </div>`;
    }
    return html`${saying}<tp-virtual-rows
        kind=${isSingle(of) ? 'presentation' : 'table'}
        .rows=${rows}
        .row=${row}
        .estimate=${isSingle(of) ? 400 : 24}
        .label=${this.label}
        @rows=${this.mark}
      ></tp-virtual-rows>`;
  }

  /** How often it has what is searched, and the way to each place. */
  private places() {
    const found = this.found.value;
    if (!found) return nothing;
    const { count, at } = found;
    const most = count === MOST_FOUND ? 'the first ' : '';
    const where = count === 0 ? 'Not found at this step' : at < 0 ? plural(count, 'match', 'matches') : `Match ${formatExact(at + 1)} of ${most}${formatExact(count)}`; // prettier-ignore
    const button = (by: 1 | -1, name: string, key: string) =>
      html`<button
        class="btn ico"
        aria-label=${name}
        title=${`${name}  ${key}`}
        ?disabled=${count === 0}
        @click=${() => this.step(by)}
      >
        ${icon(by < 0 ? 'up' : 'down')}
      </button>`;
    return html`<div class="found-head small">
      <span class="m3 nw" role="status">${where}</span>
      ${button(-1, 'Previous match', 'Shift+F3')}${button(1, 'Next match', 'F3')}
    </div>`;
  }
}

/** Where what is searched is: how often in each row, in all, and which of it was gone to (−1 = none). */
interface Found {
  counts: readonly number[];
  count: number;
  at: number;
}

function blocksIn(row: Block | BlockRow): readonly Block[] {
  return 'cells' in row ? row.cells.flat() : [row];
}

function singleRows({ strings }: TextValue, blocks: Block[][] | undefined): Block[] {
  return blocks?.[0] ?? piecesOf(strings[0] ?? '').map((text) => ({ text }));
}

function rowsOf(value: TextValue, blocks: Block[][] | undefined): BlockRow[] {
  const columns = tableRows(value)[0]?.cells.length ?? 0;
  return tableRows(value).map(({ label, cells }: TableRow, i) => ({
    label,
    cells: cells.slice(0, MAX_COLUMNS).map((text, j) => {
      if (text.length > MAX_CELL) return [{ text: `${text.slice(0, MAX_CELL)}… (the beginning of ${formatBytes(text.length)})` }]; // prettier-ignore
      return blocks?.[i * columns + j] ?? [{ text }];
    }),
  }));
}

/** Sanitised once it is shown, and kept: it is moved back in when it comes into view again. */
const safe = new WeakMap<Block, Element>();

function blockHtml(block: Block): Element {
  let shown = safe.get(block);
  if (!shown) {
    shown = 'text' in block ? pieceOf(block.text) : safeMarkdown(block);
    safe.set(block, shown);
  }
  return shown;
}

function pieceOf(text: string): Element {
  const element = document.createElement('div');
  element.className = 'piece';
  element.textContent = text.replace(/\r?\n$/, '');
  return element;
}

function tableRow({ label, cells }: BlockRow): TemplateResult {
  return html`<div role="row" class="cells">
    <span role="rowheader" class="index">${label}</span>
    ${cells.map((cell) => html`<div role="cell">${cell.map(blockHtml)}</div>`)}
  </div>`;
}

customElements.define('tp-text-body', TextBody);

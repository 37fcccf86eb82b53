import { signal } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes } from '../../model/format';
import type { TextFormat } from '../../model/state';
import { WatchElement } from '../../ui/watch';
import type { Block } from './markdown';
import { safeFragment } from './safe_html';
import { isSingle, piecesOf, tableRows, type TableRow, type TextValue } from './text_value';
import { ask } from './text_worker';
import './virtual_rows';

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
    flat: { attribute: false },
  };
  declare value: TextValue;
  declare format: TextFormat;
  declare wrap: boolean;
  declare label: string;
  /** All that is shown exists, and does not scroll by itself: for beginnings of texts. */
  declare flat: boolean;
  private readonly shown = signal<{ of: TextValue; rows: readonly (Block | BlockRow)[]; note: string } | undefined>(
    undefined,
  );
  private wanted: TextValue | undefined;
  private wantedFormat: TextFormat | undefined;

  protected override willUpdate(): void {
    if (this.value === this.wanted && this.format === this.wantedFormat) return;
    this.wanted = this.value;
    this.wantedFormat = this.format;
    void this.prepare(this.value, this.format);
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
    const saying = notes.map((text) => html`<p class="note-line w">${text}</p>`);
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
        .estimate=${isSingle(of) ? 800 : 24}
        .label=${this.label}
      ></tp-virtual-rows>`;
  }
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
const safe = new WeakMap<Block, TemplateResult | Element>();

function blockHtml(block: Block): TemplateResult | Element {
  let shown = safe.get(block);
  if (!shown) {
    shown =
      'text' in block ? html`<div class="piece">${block.text.replace(/\r?\n$/, '')}</div>` : markdownOf(block.html);
    safe.set(block, shown);
  }
  return shown;
}

function markdownOf(unsafe: string): Element {
  const element = document.createElement('div');
  element.className = 'markdown';
  element.append(safeFragment(unsafe));
  return element;
}

function tableRow({ label, cells }: BlockRow): TemplateResult {
  return html`<div role="row" class="cells">
    <span role="rowheader" class="index">${label}</span>
    ${cells.map((cell) => html`<div role="cell">${cell.map(blockHtml)}</div>`)}
  </div>`;
}

customElements.define('tp-text-body', TextBody);

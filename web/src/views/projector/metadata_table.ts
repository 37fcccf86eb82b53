import { signal } from '@preact/signals-core';
import { html, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { MetadataColumn } from '../../engine/embeddings/embeddings';
import { asWireError } from '../../faults/fault';
import { errorText } from '../../model/errors';
import { formatExact, plural } from '../../model/format';
import { icon } from '../../ui/icons';
import { counted } from '../../ui/pending';
import { RowWindow } from '../../ui/row_window';
import { WatchElement } from '../../ui/watch';
import './metadata_table.css';
import { columnTitle } from './projector_text';
import { sortRows, type MetadataSource, type RowOrder } from './sort_rows';

/** Height of the head, which stays above the rows (base.css, .tbl th). */
const HEAD_PX = 24;
/** More columns are not shown. */
const MAX_COLUMNS = 50;
/** So many rows are remembered. */
const MAX_KEPT = 2000;
/** In the order of the file. */
const BY_ROW: RowOrder = { column: -1, descending: false };

/** What a click on a row, or a key there, is told as: `pickrow`, which bubbles. */
export type PickRowEvent = CustomEvent<{ row: number }>;

/** What is known of all points, or of some: a line each, of which only those exist that are near the window. */
export class MetadataTable extends WatchElement {
  static override properties = {
    source: { attribute: false },
    filter: { attribute: false },
    selected: { attribute: false },
    label: {},
  };
  declare source: MetadataSource;
  /** The only rows that are listed, ascending; undefined = all. */
  declare filter: Uint32Array<ArrayBuffer> | undefined;
  /** Rows that are marked; when others are, the first of them is scrolled to. */
  declare selected: ArrayLike<number>;
  /** Name of the table. */
  declare label: string;

  private readonly window = new RowWindow(HEAD_PX);
  private readonly order = signal(BY_ROW);
  /** The rows as they stand; undefined = all, as in the file. */
  private readonly lines = signal<Uint32Array<ArrayBuffer> | undefined>(undefined);
  private readonly isSorting = signal(false);
  private readonly fault = signal('');
  /** Cells of rows that were seen. */
  private readonly cells = signal<ReadonlyMap<number, readonly string[]>>(new Map());
  /** Which line has the focus, if any has. */
  private readonly current = signal(0);
  /** 1 = the row is selected. */
  private marks = new Uint8Array();
  private seen: readonly number[] = [];
  private isFilling = false;
  private sorting = new AbortController();

  constructor() {
    super();
    this.selected = [];
    this.label = 'Metadata';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sorting.abort();
    this.window.stop();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('source')) {
      this.cells.value = new Map();
      this.order.value = BY_ROW;
      this.fault.value = '';
    }
    if (changed.has('source') || changed.has('filter')) this.sort();
    if (changed.has('source') || changed.has('selected')) {
      this.marks = new Uint8Array(this.source.facts.rows);
      for (let i = 0; i < this.selected.length; i++) this.marks[this.selected[i] as number] = 1;
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.window.watch(this.querySelector<HTMLElement>('.metadata-rows'));
    if (changed.has('selected')) this.showSelected();
    void counted(this.fill());
  }

  private get count(): number {
    return this.lines.value?.length ?? this.source.facts.rows;
  }

  private rowAt(line: number): number {
    return this.lines.value?.[line] ?? line;
  }

  private showSelected(): void {
    const row = this.selected[0];
    if (row === undefined) return;
    const lines = this.lines.peek();
    const line = lines ? lines.indexOf(row) : row;
    if (line < 0 || line >= this.count) return;
    this.current.value = line;
    this.window.show(line);
  }

  private setOrder(order: RowOrder): void {
    this.order.value = order;
    this.sort();
  }

  /** Until it is done, the rows stand as before, if they are the same ones. */
  private sort(): void {
    this.sorting.abort();
    const abort = (this.sorting = new AbortController());
    const { source, filter } = this;
    const order = this.order.peek();
    const lines = this.lines.peek();
    const isAll = order.column < 0 && !order.descending;
    if (isAll || lines?.length !== filter?.length) this.lines.value = filter;
    this.isSorting.value = !isAll;
    this.current.value = 0;
    if (isAll) return this.showSelected();
    const rows = filter ?? rowsTo(source.facts.rows);
    const end = (): boolean => !abort.signal.aborted && ((this.isSorting.value = false), true);
    void counted(
      sortRows(source, rows, order, abort.signal).then(
        (sorted) => {
          if (!end()) return;
          this.lines.value = sorted;
          this.showSelected();
        },
        (error: unknown) => {
          if (end()) this.fault.value = errorText(asWireError(error));
        },
      ),
    );
  }

  /** Fetches cells of what is seen, until all are there: one question at a time, however fast the rows pass. */
  private async fill(): Promise<void> {
    if (this.isFilling) return;
    this.isFilling = true;
    try {
      for (let missing = this.missing(); missing.length > 0; missing = this.missing()) {
        const { source } = this;
        const fetched = await this.fetch(source, missing);
        if (source !== this.source) continue;
        const kept = this.cells.peek();
        this.cells.value = new Map([...(kept.size > MAX_KEPT ? [] : kept), ...fetched]);
        await this.updateComplete;
      }
    } catch (error) {
      this.fault.value = errorText(asWireError(error));
    } finally {
      this.isFilling = false;
    }
  }

  private missing(): number[] {
    if (this.fault.peek() !== '' || !this.isConnected) return [];
    const cells = this.cells.peek();
    return this.seen.filter((row) => !cells.has(row)).sort((a, b) => a - b);
  }

  /** Rows that follow each other are one question for each column. */
  private async fetch(source: MetadataSource, rows: readonly number[]): Promise<[row: number, cells: string[]][]> {
    const columns = this.columns(source).map((_, i) => i);
    const runs: { from: number; count: number }[] = [];
    for (const row of rows) {
      const last = runs.at(-1);
      if (last && last.from + last.count === row) last.count++;
      else runs.push({ from: row, count: 1 });
    }
    const found = runs.map(async ({ from, count }) => {
      const texts = await Promise.all(columns.map((column) => source.texts(column, from, count)));
      return Array.from({ length: count }, (_, i): [number, string[]] => [from + i, texts.map((cells) => cells[i] ?? '')]); // prettier-ignore
    });
    return (await Promise.all(found)).flat();
  }

  private columns({ facts }: MetadataSource): MetadataColumn[] {
    return facts.columns.slice(0, MAX_COLUMNS);
  }

  override render() {
    const { source, count } = this;
    const columns = this.columns(source);
    const { first, end, before, after } = this.window.range(count);
    const lines = Array.from({ length: end - first }, (_, i) => first + i);
    this.seen = lines.map((line) => this.rowAt(line));
    // One that exists can always be reached.
    const focusable = Math.max(first, Math.min(end - 1, this.current.value));
    return html`<p class="m3 small metadata-status" role="status">${this.status()}</p>
      <div
        class="metadata-rows scroll"
        @keydown=${(event: KeyboardEvent) => this.onKey(event)}
        @copy=${(event: ClipboardEvent) => this.onCopy(event)}
      >
        <table
          class="tbl"
          role="grid"
          aria-label=${this.label}
          aria-multiselectable="true"
          aria-rowcount=${count + 1}
          aria-colcount=${columns.length + 1}
          aria-busy=${this.isSorting.value}
          .style=${`--columns: ${columns.length}`}
        >
          <thead>
            <tr aria-rowindex="1">
              ${this.head(-1, '#', true)}
              ${columns.map((column, i) => this.head(i, columnTitle(column, i), column.type === 'number'))}
            </tr>
          </thead>
          <tbody>
            <tr aria-hidden="true" .style=${`height: ${before}px`}></tr>
            ${repeat(
              lines,
              (line) => line,
              (line) => this.line(line, columns, line === focusable),
            )}
            <tr aria-hidden="true" .style=${`height: ${after}px`}></tr>
          </tbody>
        </table>
      </div>`;
  }

  private status() {
    const { rows, columns } = this.source.facts;
    if (this.fault.value !== '') return html`<span class="e">${this.fault.value}</span>`;
    const found = this.filter ? `${formatExact(this.filter.length)} of ${plural(rows, 'row')}` : plural(rows, 'row');
    const beyond = columns.length - MAX_COLUMNS;
    return [
      found,
      ...(this.isSorting.value ? ['sorting …'] : []),
      ...(beyond > 0 ? [`the first ${MAX_COLUMNS} of ${formatExact(columns.length)} columns`] : []),
    ].join(' · ');
  }

  private head(column: number, title: string, isNumber: boolean) {
    const order = this.order.value;
    const isSorted = order.column === column;
    const next = { column, descending: isSorted && !order.descending };
    return html`<th
      scope="col"
      class=${isNumber ? 'n' : ''}
      aria-sort=${isSorted ? (order.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button title=${title} @click=${() => this.setOrder(next)}>
        <span class="el">${title}</span>${isSorted ? icon(order.descending ? 'down' : 'up', 's') : nothing}
      </button>
    </th>`;
  }

  private line(line: number, columns: readonly MetadataColumn[], isFocusable: boolean) {
    const row = this.rowAt(line);
    const cells = this.cells.value.get(row);
    const isSelected = this.marks[row] === 1;
    return html`<tr
      class=${isSelected ? 'sel' : ''}
      aria-rowindex=${line + 2}
      aria-selected=${isSelected}
      tabindex=${isFocusable ? 0 : -1}
      data-line=${line}
      @focus=${() => (this.current.value = line)}
      @click=${() => this.onClick(line)}
    >
      <th scope="row" class="n m3">${this.source.rowOf(row)}</th>
      ${columns.map(({ type }, i) => {
        const cell = cells?.[i] ?? '';
        return html`<td class=${type === 'number' ? 'n' : ''} title=${cell || nothing}>${cell}</td>`;
      })}
    </tr>`;
  }

  private onClick(line: number): void {
    // Who marks a text wants that.
    if (getSelection()?.isCollapsed === false) return;
    this.current.value = line;
    this.pick(line);
  }

  private pick(line: number): void {
    const event: PickRowEvent = new CustomEvent('pickrow', { detail: { row: this.rowAt(line) }, bubbles: true });
    this.dispatchEvent(event);
  }

  private lineOf(target: EventTarget | null): number | undefined {
    const element = (target as HTMLElement | null)?.closest<HTMLElement>('tr[data-line]');
    return element ? Number(element.dataset['line']) : undefined;
  }

  private onKey(event: KeyboardEvent): void {
    const line = this.lineOf(event.target);
    if (line === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const { page } = this.window;
    const last = this.count - 1;
    const to = { ArrowDown: line + 1, ArrowUp: line - 1, PageDown: line + page, PageUp: line - page, Home: 0, End: last }[event.key]; // prettier-ignore
    if (to !== undefined) this.goTo(Math.max(0, Math.min(last, to)));
    else if (event.key === ' ' || event.key === 'Enter') this.pick(line);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private goTo(line: number): void {
    this.current.value = line;
    this.window.show(line);
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>(`tr[data-line='${line}']`)?.focus({ preventScroll: true }),
    );
  }

  /** Where no text is marked, the row is copied. */
  private onCopy(event: ClipboardEvent): void {
    const line = this.lineOf(event.target);
    const cells = line === undefined ? undefined : this.cells.value.get(this.rowAt(line));
    if (!cells || getSelection()?.isCollapsed === false) return;
    event.clipboardData?.setData('text/plain', cells.join('\t'));
    event.preventDefault();
  }
}

function rowsTo(count: number): Uint32Array<ArrayBuffer> {
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}

customElements.define('tp-metadata-table', MetadataTable);

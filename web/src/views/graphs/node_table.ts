import { effect, signal, untracked } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { asWireError } from '../../faults/fault';
import { TABLE_COLUMNS, type OpCount, type TableColumn, type TableRow } from '../../engine/graphs/graphs';
import { errorText } from '../../model/errors';
import { formatBytes, formatExact, plural } from '../../model/format';
import type { GraphSort } from '../../model/state';
import { icon } from '../../ui/icons';
import { counted } from '../../ui/pending';
import { RowWindow } from '../../ui/row_window';
import { WatchElement } from '../../ui/watch';
import { Latest } from '../latest';
import type { GraphDesk } from './graph_desk';

import { formatMicros, shortDevice } from './graph_text';
import { sign } from './swatch';

/** Rows that are fetched in one go. */
const CHUNK = 200;
/** Height of the head, which stays above the rows (base.css, .tbl th). */
const HEAD_PX = 24;

const TITLES: Record<TableColumn, string> = {
  name: 'Name',
  op: 'Type',
  device: 'Device',
  shape: 'Shape',
  time: 'Time',
  memory: 'Memory',
};
/** Of these the most comes first. */
const NUMBERS: readonly TableColumn[] = ['time', 'memory'];

/** All nodes of a graph that the search lets through, a row each; and beside them how many there are of each op. */
export class NodeTable extends WatchElement {
  static override properties = { desk: { attribute: false } };
  declare desk: GraphDesk;
  private readonly window = new RowWindow(HEAD_PX);
  private readonly rows = signal<ReadonlyMap<number, TableRow>>(new Map());
  private readonly total = signal<number | undefined>(undefined);
  private readonly fault = signal('');
  private readonly ops = new Latest<readonly OpCount[]>();
  private readonly byTime = signal(false);
  private readonly current = signal(0);
  /** What the rows are of. */
  private question = new AbortController();
  private readonly asked = new Set<number>();
  private stops: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.stops = [
      effect(() => {
        const { state } = this.desk.context;
        const [facts, sort] = [this.desk.opened.facts.value, state.graphTable.value];
        void state.graphSearch.value;
        untracked(() => {
          this.question.abort();
          this.question = new AbortController();
          this.asked.clear();
          this.rows.value = new Map();
          this.current.value = 0;
          if (facts && sort) this.want(0);
        });
      }),
      effect(() => {
        const facts = this.desk.opened.facts.value;
        untracked(() => facts && this.ops.ask(async () => (await this.desk.opened.graphs()).ops(facts.graph)));
      }),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.stops) stop();
    this.question.abort();
    this.window.stop();
  }

  protected override updated(): void {
    this.window.watch(this.querySelector<HTMLElement>('.node-rows'));
  }

  private want(at: number): void {
    const from = Math.floor(at / CHUNK) * CHUNK;
    const { state } = this.desk.context;
    const [facts, sort] = [this.desk.opened.facts.value, state.graphTable.value];
    if (!facts || !sort || this.asked.has(from)) return;
    this.asked.add(from);
    const { signal } = this.question;
    const fetch = async (): Promise<void> => {
      try {
        const graphs = await this.desk.opened.graphs();
        const query = state.graphSearch.value.trim();
        const page = await graphs.table(facts.graph, { query, sort: sort.column, descending: sort.descending, from, count: CHUNK }, signal); // prettier-ignore
        if (signal.aborted) return;
        const rows = new Map(this.rows.value);
        page.rows.forEach((row, i) => rows.set(from + i, row));
        this.rows.value = rows;
        this.total.value = page.total;
        this.fault.value = '';
      } catch (error) {
        const fault = asWireError(error);
        if (!signal.aborted && fault.code !== 'cancelled') this.fault.value = errorText(fault);
      }
    };
    void counted(fetch());
  }

  override render() {
    const { desk } = this;
    const { state } = desk.context;
    const sort = state.graphTable.value;
    const facts = desk.opened.facts.value;
    if (!sort || !facts) return nothing;
    const columns = TABLE_COLUMNS.filter(
      (column) =>
        (column !== 'time' || facts.has.time) &&
        (column !== 'memory' || facts.has.memory) &&
        (column !== 'device' || facts.has.devices) &&
        (column !== 'shape' || facts.has.shapes),
    );
    const total = this.total.value ?? 0;
    const { first, end, before, after } = this.window.range(total);
    const indices = Array.from({ length: end - first }, (_, i) => first + i);
    for (const i of indices) if (!this.rows.value.has(i)) this.want(i);
    const search = state.graphSearch.value.trim();
    return html`<div class="node-table">
        <p class="m3 small node-count" role="status">
          ${this.fault.value !== '' ? html`<span class="e">${this.fault.value}</span>` : total === 0 && search !== '' ? `No node matches “${search}”` : plural(total, 'node')}
        </p>
        <div class="node-rows scroll" @keydown=${(event: KeyboardEvent) => this.onKey(event, total)}>
          <table class="tbl" aria-rowcount=${total + 1}>
            <thead>
              <tr>
                ${columns.map((column) => this.head(column, sort))}
              </tr>
            </thead>
            <tbody>
              <tr aria-hidden="true" .style=${`height: ${before}px`}></tr>
              ${repeat(
                indices,
                (i) => i,
                (i) => this.row(i, columns),
              )}
              <tr aria-hidden="true" .style=${`height: ${after}px`}></tr>
            </tbody>
          </table>
        </div>
      </div>
      ${this.histogram(this.ops.value.value ?? [])}`;
  }

  private head(column: TableColumn, sort: GraphSort) {
    const isSorted = sort.column === column;
    const order = isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none';
    const next = { column, descending: isSorted ? !sort.descending : NUMBERS.includes(column) };
    return html`<th class=${NUMBERS.includes(column) ? 'n' : ''} aria-sort=${order}>
      <button @click=${() => (this.desk.context.state.graphTable.value = next)}>
        ${TITLES[column]}${isSorted ? icon(sort.descending ? 'down' : 'up', 's') : nothing}
      </button>
    </th>`;
  }

  private row(i: number, columns: readonly TableColumn[]) {
    const row = this.rows.value.get(i);
    if (!row) return html`<tr aria-hidden="true" .style=${`height: ${this.window.rowHeight}px`}></tr>`;
    const isSelected = row.path === this.desk.context.state.graphNode.value;
    const text: Record<TableColumn, string> = {
      name: row.path,
      op: row.op,
      device: shortDevice(row.device),
      shape: row.shape,
      time: formatMicros(row.micros),
      memory: Number.isNaN(row.memory) ? '–' : formatBytes(row.memory),
    };
    return html`<tr
      class=${isSelected ? 'sel' : ''}
      aria-rowindex=${i + 2}
      aria-selected=${isSelected}
      tabindex=${i === this.current.value ? 0 : -1}
      data-row=${i}
      @focus=${() => (this.current.value = i)}
      @click=${() => {
        this.current.value = i;
        this.desk.selection.select(row.path);
      }}
      @dblclick=${() => this.draw(row.path)}
    >
      ${columns.map((column) =>
        column === 'name'
          ? html`<th scope="row" class="el start" title=${row.path}><bdi>${sign(row.difference)}${row.path}</bdi></th>`
          : html`<td class=${NUMBERS.includes(column) ? 'n' : ''} title=${column === 'device' ? row.device : nothing}>
              ${text[column]}
            </td>`,
      )}
    </tr>`;
  }

  private draw(path: string): void {
    this.desk.context.state.graphTable.value = undefined;
    this.desk.selection.reveal(path);
  }

  private onKey(event: KeyboardEvent, total: number): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>('tr[data-row]');
    if (!row) return;
    const at = Number(row.dataset['row']);
    const { page } = this.window;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: total - 1 }[
      event.key
    ];
    const path = this.rows.value.get(at)?.path;
    if (to !== undefined) this.goTo(Math.max(0, Math.min(total - 1, to)));
    else if (event.key === ' ' && path !== undefined) this.desk.selection.select(path);
    else if (event.key === 'Enter' && path !== undefined) this.draw(path);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private goTo(at: number): void {
    this.current.value = at;
    this.window.show(at);
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>(`tr[data-row='${at}']`)?.focus({ preventScroll: true }),
    );
  }

  /** How many nodes each op has, or what they take. */
  private histogram(ops: readonly OpCount[]) {
    const hasTime = this.desk.opened.facts.value?.has.time === true;
    const isFiltered = this.desk.context.state.graphSearch.value.trim() !== '';
    const byTime = hasTime && this.byTime.value;
    const size = ({ count, micros }: OpCount): number => (byTime ? micros || 0 : count);
    const sorted = [...ops].sort((a, b) => size(b) - size(a) || (a.op < b.op ? -1 : 1));
    const most = Math.max(1e-9, ...sorted.slice(0, 1).map(size));
    return html`<section class="op-bars" aria-label="Nodes by type">
      <div class="sub">
        ${plural(ops.length, 'type')}${isFiltered ? ' in the whole graph' : ''}<span class="x"></span>
        ${
          hasTime
            ? html`<button class="link" @click=${() => (this.byTime.value = !byTime)}>
                By ${byTime ? 'count' : 'time'}
              </button>`
            : nothing
        }
      </div>
      <ul class="scroll" tabindex="0">
        ${sorted.slice(0, 500).map(
          (one) =>
            html`<li>
              <button
                class="bars"
                title="Show the nodes of this type"
                @click=${() => (this.desk.context.state.graphSearch.value = `op:${one.op}`)}
              >
                <span class="el">${one.op}</span>
                <span class="m3 nw">${byTime ? formatMicros(one.micros) : formatExact(one.count)}</span>
                <i><b .style=${`width: ${(100 * size(one)) / most}%`}></b></i>
              </button>
            </li>`,
        )}
      </ul>
    </section>`;
  }
}

customElements.define('tp-graph-table', NodeTable);

import { computed, signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Engine } from '../engine/engine';
import { colourName, SLOTS } from '../model/colours';
import { formatCount, formatExact, formatValue, plural } from '../model/format';
import { fileTexts, placeTexts, PURGE_CHOICES, restartBadge, restartText } from '../model/restart_text';
import type { RunNode } from '../model/run_tree';
import type { Shown } from '../model/shown';
import type { State } from '../model/state';
import type { Hover } from '../views/hover';
import { choice } from './choice';
import './filter_field';
import type { FilterField } from './filter_field';
import { icon } from './icons';
import { WatchElement } from './watch';

/** One line of the tree as it is folded now. */
interface Row {
  node: RunNode;
  depth: number;
  /** Run names at and below it. */
  runs: readonly string[];
  folded: boolean;
}

/** Rows beyond the visible ones that exist, above and below. */
const SPARE_ROWS = 10;
const POINT_AFTER_MS = 80;
/** Colours to choose from: the base colours, and as many dashed ones as there are dashes. */
const COLOUR_RINGS = 4;

/** Which runs are shown: a tree folded by path, with the value of one tag for each run. */
export class RunPanel extends WatchElement {
  static override properties = {
    engine: { attribute: false },
    state: { attribute: false },
    shown: { attribute: false },
    hover: { attribute: false },
  };
  declare engine: Engine;
  declare state: State;
  declare shown: Shown;
  declare hover: Hover;

  private readonly top = signal(0);
  private readonly height = signal(800);
  /** Path of the row that the keyboard is on. */
  private readonly current = signal('');
  /** Path of the row that was clicked last: where a range begins. */
  private clicked = '';
  /** The run whose restarts are looked at. */
  private readonly restartRun = signal('');
  /** The run whose colour is being chosen. */
  private readonly colourRun = signal('');
  private pointTimer = 0;
  private readonly resizes = new ResizeObserver(([entry]) => (this.height.value = entry?.contentRect.height ?? 800));

  private readonly rows = computed((): Row[] => {
    const rows: Row[] = [];
    const add = (node: RunNode, depth: number): string[] => {
      const folded = this.state.closedFolders.value.has(node.path);
      const row: Row = { node, depth, runs: [], folded };
      const at = rows.push(row);
      const runs = node.run === undefined ? [] : [node.run];
      for (const child of node.children) runs.push(...add(child, depth + 1));
      row.runs = runs;
      if (folded) rows.length = at;
      return runs;
    };
    for (const node of this.shown.tree.value) add(node, 0);
    return rows;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'complementary');
    this.setAttribute('aria-label', 'Runs');
  }

  protected override firstUpdated(): void {
    const tree = this.querySelector('.tree');
    if (tree) this.resizes.observe(tree);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizes.disconnect();
  }

  override render() {
    const { shown } = this;
    const [all, visible] = [shown.matching.value, shown.visible.value];
    const values = shown.valueColumn(this.hover.values.value);
    return html`<div class="sheet-head">
        <h2>Runs</h2>
        <span class="m3">${visible.size} of ${shown.runs.value.length} shown</span>
        <span class="grow"></span>
        <button class="btn st" @click=${() => this.dispatchEvent(new Event('done', { bubbles: true }))}>Done</button>
      </div>
      <div class="hd">
        <tp-filter-field
          label="Filter runs"
          .value=${this.state.runFilter.value}
          .error=${shown.runFilterError.value}
          @change=${(event: Event) => (this.state.runFilter.value = (event.target as FilterField).value)}
        ></tp-filter-field>
        ${this.foldSwitch()}
      </div>
      <div class="colh">
        <label>
          <input
            class="cb"
            type="checkbox"
            aria-label="Show all runs"
            ?disabled=${all.length === 0}
            .checked=${all.length > 0 && visible.size === all.length}
            .indeterminate=${visible.size > 0 && visible.size < all.length}
            @change=${(event: Event) => shown.show(all, (event.target as HTMLInputElement).checked)}
          />
          <span>${visible.size} of ${shown.runs.value.length} shown</span>
        </label>
        <span class="v" title=${values.tag}><span class="el">${values.tag}</span><span>${values.at}</span></span>
      </div>
      ${
        all.length === 0 && shown.runs.value.length > 0
          ? html`<div class="blank">
              No run matches<button class="btn line" @click=${() => (this.state.runFilter.value = '')}>Clear</button>
            </div>`
          : nothing
      }
      ${this.tree(values.of)} ${this.restartMenu()} ${this.colourMenu()}
      <div class="ft el">${this.totals()}</div>`;
  }

  /** Only where there is something to fold. */
  private foldSwitch() {
    const { fold } = this.state;
    const { size } = this.shown.subRuns.found.value;
    if (size === 0) return nothing;
    return html`<label
      class="by"
      title="Show what add_scalars and add_hparams wrote as parts of the run that called them"
    >
      <input
        class="cb"
        type="checkbox"
        .checked=${fold.value}
        @change=${(event: Event) => (fold.value = (event.target as HTMLInputElement).checked)}
      />
      Fold sub-runs <span class="m3">${formatExact(size)}</span>
    </label>`;
  }

  /** Only the rows in sight exist: logs of thousands of runs are usual in sweeps. */
  private tree(valueOf: (run: string) => number | undefined) {
    const rows = this.rows.value;
    const rowHeight = this.rowHeight();
    const first = Math.max(0, Math.floor(this.top.value / rowHeight) - SPARE_ROWS);
    const count = Math.ceil(this.height.value / rowHeight) + 2 * SPARE_ROWS;
    const seen = rows.slice(first, first + count);
    const currentRow = rows.findIndex(({ node }) => node.path === this.current.value);
    return html`<div
      class="tree"
      role="tree"
      aria-label="Runs, folded by path"
      aria-multiselectable="true"
      @scroll=${(event: Event) => (this.top.value = (event.target as HTMLElement).scrollTop)}
      @keydown=${(event: KeyboardEvent) => this.onKey(event)}
      @pointerleave=${() => this.pointAt(undefined)}
    >
      <div role="none" .style=${`height: ${first * rowHeight}px`}></div>
      ${repeat(
        seen,
        (row) => row.node.path,
        (row, i) => this.row(row, valueOf, first + i === Math.max(0, currentRow)),
      )}
      <div role="none" .style=${`height: ${Math.max(0, rows.length - first - seen.length) * rowHeight}px`}></div>
    </div>`;
  }

  private row(row: Row, valueOf: (run: string) => number | undefined, focusable: boolean) {
    const { node, depth, runs } = row;
    const { shown } = this;
    const label = node.run === undefined ? node.path : shown.runLabel(node.run);
    const leaf = label === node.run || node.run === undefined ? node.name : label;
    const subRuns = node.run === undefined ? 0 : shown.subRuns.count(node.run);
    const cancelled = node.run === undefined ? '' : shown.cancelledText(node.run);
    const shownRuns = runs.filter((run) => shown.visible.value.has(run)).length;
    const checked = shownRuns === 0 ? 'false' : shownRuns === runs.length ? 'true' : 'mixed';
    const isFolder = node.children.length > 0;
    const style = node.run === undefined ? undefined : shown.lineStyle(node.run);
    const value = node.run === undefined || shownRuns === 0 ? undefined : valueOf(node.run);
    const hot = node.run !== undefined && this.hover.lineRun.value === node.run;
    const only = shown.isOnly(runs);
    const classes = `tr ${isFolder ? 'fold' : ''} ${checked === 'false' ? 'off' : ''} ${hot ? 'hot' : ''} ${only ? 'is-only' : ''}`;
    return html`<div
      class=${classes}
      role="treeitem"
      aria-level=${depth + 1}
      aria-checked=${checked}
      aria-expanded=${isFolder ? String(!row.folded) : nothing}
      tabindex=${focusable ? 0 : -1}
      data-path=${node.path}
      .style=${`--depth: ${depth}${style ? `; --c: ${style.colour}` : ''}`}
      @click=${(event: MouseEvent) => this.onClick(event, row)}
      @focus=${() => (this.current.value = node.path)}
      @pointerenter=${() => this.pointAt(node.run)}
    >
      ${isFolder ? html`<span class="chev">${icon(row.folded ? 'right' : 'down', 's')}</span>` : nothing}
      <span class="cb ${checked === 'true' ? 'on' : checked === 'mixed' ? 'mix' : ''}"></span>
      ${style ? html`<span class="sw d${style.ring}" title="Colour  C"></span>` : nothing}
      <span class="nm" title=${label}
        ><span class="sr">${label.slice(0, label.length - leaf.length)}</span>${leaf}${
          isFolder ? html`<small>${shownRuns}/${runs.length}</small>` : nothing
        }${subRuns > 0 ? html`<small title="${plural(subRuns, 'sub-run')} folded in">+${formatExact(subRuns)}</small>` : nothing}</span
      >
      <button
        class="only"
        tabindex="-1"
        title=${only ? 'Show what was shown before  O' : 'Show nothing else  O'}
        aria-label="Only ${label}"
      >
        Only
      </button>
      ${cancelled ? html`<span class="w small" title="Reading was cancelled">${cancelled}</span>` : nothing}
      ${node.run === undefined ? nothing : this.restartBadge(node.run)}
      <span class="v ${value !== undefined && !Number.isFinite(value) ? 'w' : ''}" title=${value ?? ''}
        >${value === undefined ? '' : formatValue(value)}</span
      >
    </div>`;
  }

  /** Where the run was restarted, and how many points that concerns; opens {@link restartMenu}. */
  private restartBadge(run: string) {
    const restarts = this.shown.restarts.value.get(run);
    if (!restarts) return nothing;
    const text = restartText(restarts, this.state.purge.value);
    // The name begins with what is seen, so that it can be said.
    const badge = restartBadge(restarts, this.state.purge.value);
    return html`<button
      class="restart w small"
      tabindex="-1"
      title="${text}  R"
      aria-label="${badge}: ${text}"
      data-run=${run}
    >
      ${icon('undo', 's')}${badge}
    </button>`;
  }

  /** Where a run was restarted, what its files are, and what is kept of all such runs. */
  private restartMenu() {
    const run = this.restartRun.value;
    const restarts = this.shown.restarts.value.get(run);
    const reports = [...this.engine.restarts.value.values()].filter(
      (report) => this.shown.subRuns.ownerOf(report.run) === run,
    );
    const { purge } = this.state;
    return html`<div
      class="pop restarts"
      role="dialog"
      aria-label="Restarts of ${this.shown.runLabel(run)}"
      popover
      @toggle=${(event: ToggleEvent) => event.newState === 'closed' && this.focusRow(this.current.value)}
    >
      ${restarts ? html`<div class="md">${restartText(restarts, purge.value)}</div>` : nothing}
      ${reports.map(
        (report) =>
          html`${report.run === run ? nothing : html`<div class="md">${this.shown.runLabel(report.run)}</div>`}
            <ul class="m2 small">
              ${placeTexts(report, purge.value).map((text) => html`<li>${text}</li>`)}
            </ul>
            ${
              report.fileCount > 1
                ? html`<ul class="m3 small">
                    ${fileTexts(report).map((text) => html`<li>${text}</li>`)}
                  </ul>`
                : nothing
            }`,
      )}
      <div class="lb">Of all runs that were restarted</div>
      ${choice('Restarts', PURGE_CHOICES, purge.value, (value) => (purge.value = value))}
    </div>`;
  }

  private openRestarts(run: string): void {
    if (!this.shown.restarts.value.has(run)) return;
    this.restartRun.value = run;
    this.openMenu('.pop.restarts', `.restart[data-run="${CSS.escape(run)}"]`);
  }

  /** Opens a menu of one run below what it belongs to. */
  private openMenu(menuSelector: string, anchorSelector: string): void {
    void this.updateComplete.then(() => {
      const menu = this.querySelector<HTMLElement>(menuSelector);
      const anchor = this.querySelector<HTMLElement>(anchorSelector);
      if (!menu || !anchor) return;
      menu.showPopover();
      const at = anchor.getBoundingClientRect();
      menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - menu.offsetWidth - 8))}px`;
      menu.style.top = `${Math.max(8, Math.min(at.bottom, innerHeight - menu.offsetHeight - 8))}px`;
      (menu.querySelector<HTMLElement>('[aria-checked=true]') ?? menu.querySelector('button'))?.focus();
    });
  }

  private openColours({ path, run }: RunNode): void {
    if (run === undefined) return;
    this.colourRun.value = run;
    this.openMenu('.pop.colours', `.tr[data-path="${CSS.escape(path)}"] .sw`);
  }

  /** All colours of a run, in rings of the base colours, each with a dash of its own. */
  private colourMenu() {
    const run = this.colourRun.value;
    if (!this.shown.runs.value.includes(run)) return nothing;
    const chosen = this.shown.slot(run);
    const slots = Array.from({ length: COLOUR_RINGS * SLOTS }, (_, slot) => slot);
    return html`<div
      class="pop colours"
      role="dialog"
      aria-label="Colour of ${this.shown.runLabel(run)}"
      popover
      @toggle=${(event: ToggleEvent) => event.newState === 'closed' && this.focusRow(this.current.value)}
    >
      <div class="lb el">Colour of ${this.shown.runLabel(run)}</div>
      <div
        class="swatches"
        role="radiogroup"
        aria-label="Colour"
        @keydown=${(event: KeyboardEvent) => this.onColourKey(event)}
      >
        ${slots.map((slot) => {
          const { colour, ring } = this.shown.styleOfSlot(slot);
          const name = colourName(slot);
          return html`<button
            role="radio"
            aria-checked=${slot === chosen}
            aria-label=${name}
            title=${name}
            tabindex=${slot === (chosen < slots.length ? chosen : 0) ? nothing : -1}
            .style=${`--c: ${colour}`}
            @click=${() => this.chooseColour(slot)}
          >
            <span class="sw d${ring}"></span>
          </button>`;
        })}
      </div>
      <button
        class="mi"
        aria-disabled=${!this.state.colours.value.has(run)}
        @click=${() => this.chooseColour(undefined)}
      >
        Its own colour
      </button>
    </div>`;
  }

  private chooseColour(slot: number | undefined): void {
    this.shown.setSlot(this.colourRun.value, slot);
    this.querySelector<HTMLElement>('.pop.colours')?.hidePopover();
  }

  private onColourKey(event: KeyboardEvent): void {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: SLOTS, ArrowUp: -SLOTS }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const buttons = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('button')];
    const at = buttons.indexOf(event.target as HTMLElement);
    buttons[(at + by + buttons.length) % buttons.length]?.focus();
  }

  /** The run under the pointer stands out in the charts, once the pointer rests there. */
  private pointAt(run: string | undefined): void {
    clearTimeout(this.pointTimer);
    this.pointTimer = window.setTimeout(() => (this.hover.rowRun.value = run), POINT_AFTER_MS);
  }

  private onClick(event: MouseEvent, row: Row): void {
    const target = event.target as HTMLElement;
    if (row.node.run !== undefined && target.closest('.restart')) {
      this.current.value = row.node.path;
      return this.openRestarts(row.node.run);
    }
    if (row.node.run !== undefined && target.closest('.sw')) {
      this.current.value = row.node.path;
      return this.openColours(row.node);
    }
    if (target.closest('.only') || target.closest('.nm')) {
      if (row.node.run === undefined && target.closest('.nm')) this.toggleFold(row);
      else this.shown.only(row.runs);
    } else if (target.closest('.chev')) {
      this.toggleFold(row);
    } else if (event.shiftKey) {
      this.showRange(this.rows.value.find(({ node }) => node.path === this.clicked) ?? row, row);
    } else if (event.altKey) {
      for (const run of row.runs) this.shown.show([run], !this.shown.visible.value.has(run));
    } else {
      this.toggleShown(row);
    }
    this.clicked = row.node.path;
    this.focusRow(row.node.path);
  }

  private toggleShown(row: Row): void {
    const all = row.runs.every((run) => this.shown.visible.value.has(run));
    this.shown.show(row.runs, !all);
  }

  /** Shows or hides the rows from one to another, as the first one is. */
  private showRange(from: Row, to: Row): void {
    const rows = this.rows.value;
    const [a, b] = [rows.indexOf(from), rows.indexOf(to)];
    const shown = from.runs.every((run) => this.shown.visible.value.has(run));
    const runs = rows.slice(Math.min(a, b), Math.max(a, b) + 1).flatMap((row) => {
      // An open folder is no more than where the others are.
      if (row.folded) return row.runs;
      return row.node.run === undefined ? [] : [row.node.run];
    });
    this.shown.show(runs, shown);
  }

  private toggleFold(row: Row, folded = !row.folded): void {
    if (row.node.children.length === 0) return;
    const next = new Set(this.state.closedFolders.value);
    if (folded) next.add(row.node.path);
    else next.delete(row.node.path);
    this.state.closedFolders.value = next;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = this.rows.value;
    const at = Math.max(
      0,
      rows.findIndex(({ node }) => node.path === this.current.value),
    );
    const row = rows[at];
    if (!row) return;
    const go = (to: number): void => this.focusRow(rows[Math.max(0, Math.min(rows.length - 1, to))]?.node.path ?? '');
    const reach = (to: number): void => {
      const next = rows[to];
      if (event.shiftKey && next) this.showRange(row, next);
      go(to);
    };
    const parent = (): number => {
      for (let i = at; i >= 0; i--) if ((rows[i] as Row).depth < row.depth) return i;
      return at;
    };
    const isOpen = row.node.children.length > 0 && !row.folded;
    const steps: Record<string, () => unknown> = {
      ArrowDown: () => reach(at + 1),
      ArrowUp: () => reach(at - 1),
      ArrowRight: () => (isOpen ? go(at + 1) : this.toggleFold(row, false)),
      ArrowLeft: () => (isOpen ? this.toggleFold(row, true) : go(parent())),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      ' ': () => this.toggleShown(row),
      Enter: () => this.toggleShown(row),
      o: () => this.shown.only(row.runs),
      c: () => this.openColours(row.node),
      r: () => row.node.run !== undefined && this.openRestarts(row.node.run),
    };
    const step = steps[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!step) return;
    event.preventDefault();
    step();
  }

  private focusRow(path: string): void {
    this.current.value = path;
    const at = this.rows.value.findIndex(({ node }) => node.path === path);
    const tree = this.querySelector('.tree') as HTMLElement;
    const [top, rowHeight] = [at * this.rowHeight(), this.rowHeight()];
    if (top < tree.scrollTop) tree.scrollTop = top;
    else if (top + rowHeight > tree.scrollTop + tree.clientHeight) tree.scrollTop = top + rowHeight - tree.clientHeight;
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>(`.tr[data-path="${CSS.escape(path)}"]`)?.focus({ preventScroll: true }),
    );
  }

  private rowHeight(): number {
    return matchMedia('(pointer: coarse)').matches ? 44 : 24;
  }

  private totals(): string {
    const { runs, tagCount, pointCount } = this.shown.totals.value;
    const points = `${formatCount(pointCount)} ${pointCount === 1 ? 'point' : 'points'}`;
    const loading = this.engine.loading.value;
    return `${plural(runs, 'run')}${loading ? ' found' : ''} · ${plural(tagCount, 'tag')}${loading ? ' so far' : ''} · ${points}`;
  }
}

customElements.define('tp-run-panel', RunPanel);

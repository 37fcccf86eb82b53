import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { GraphFacts } from '../../engine/graphs/graphs';
import { formatExact, plural, tagLabel } from '../../model/format';
import { FIRST_GRAPH, type GraphForm, type GraphPlace } from '../../model/state';
import { readable } from '../../model/graph_paths';
import { choice } from '../../ui/choice';
import { icon } from '../../ui/icons';
import { RowWindow } from '../../ui/row_window';
import { WatchElement } from '../../ui/watch';
import { sheetHead } from '../sheet_head';
import { FORM_TITLES, momentAt, whenOf, type Chosen } from './graph_choice';
import type { GraphDesk } from './graph_desk';
import { momentTitle } from './graph_text';
import { missingFor, type Line } from './outline_rows';
import { sign, swatch } from './swatch';

/** What is typed in one go finds a row, ms. */
const TYPING_MS = 700;

/** The panel beside a drawing: which graph it is, all its nodes by name, and what was taken out. */
export class GraphPanel extends WatchElement {
  static override properties = { desk: { attribute: false } };
  declare desk: GraphDesk;
  private readonly window = new RowWindow();
  /** Path of the row that has the keys. */
  private readonly current = signal('');
  private typed = { text: '', at: 0 };

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('graph-panel');
    this.setAttribute('role', 'complementary');
    this.setAttribute('aria-label', 'Graph');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.window.stop();
  }

  protected override updated(): void {
    this.window.watch(this.querySelector<HTMLElement>('.tree'));
    this.showSelected();
  }

  private drawnLines: readonly Line[] = [];
  /** The selection that was scrolled to, in a list of this height: whoever scrolls on is not called back. */
  private seen = { path: '', height: 0 };

  /** What was selected elsewhere is seen here, too, as soon as its row has come. */
  private showSelected(): void {
    const { outline, context } = this.desk;
    const selected = context.state.graphNode.value;
    if (selected === '') return void (this.seen = { path: '', height: 0 });
    const height = this.querySelector('.tree')?.clientHeight ?? 0;
    if (selected === this.seen.path && height === this.seen.height) return;
    const lines = this.drawnLines;
    const at = lines.findIndex(({ row }) => row?.path === selected);
    // Its row may be one of the many of a level that have not come.
    const missing = at === -1 ? missingFor(lines, selected) : undefined;
    if (missing) return outline.want(missing.parent, missing.at);
    if (at === -1) return;
    this.seen = { path: selected, height };
    this.window.show(at);
  }

  override render() {
    const { desk } = this;
    const facts = desk.opened.facts.value;
    return html`${sheetHead('Outline')}
      <div class="hd">${this.picker()}</div>
      <div class="colh"><span>Outline</span><span class="grow"></span><span>${this.unit(facts)}</span></div>
      ${this.tree()} ${this.takenOut()}
      <div class="ft el">${facts ? html`${this.totals(facts)}${this.took()}` : nothing}</div>`;
  }

  private unit(facts: GraphFacts | undefined): string {
    return facts?.form === 'layers' ? 'Layers' : 'Ops';
  }

  private took() {
    const took = this.desk.drawn.scene.value.value?.scene.took;
    if (took === undefined) return nothing;
    const text = `${formatExact(Math.round(took))} ms`;
    return html`<span title="Laid out in ${text}"> · ${text}</span>`;
  }

  private totals(facts: GraphFacts): string {
    const nodes = facts.form === 'layers' ? plural(facts.nodes, 'layer') : plural(facts.nodes, 'op');
    return `${nodes} · ${plural(facts.edges, 'edge')}`;
  }

  // ---- which graph

  private picker() {
    const { desk } = this;
    const { state, shown } = desk.context;
    const [chosen, runs, files] = [desk.opened.chosen.value, desk.opened.runs.value, desk.opened.files.value];
    if (!chosen) return nothing;
    const place = (part: Partial<GraphPlace>): GraphPlace => {
      return { ...FIRST_GRAPH, form: state.graph.value.form, ...part };
    };
    const style = chosen.kind === 'series' ? shown.lineStyle(runOf(desk, chosen)) : undefined;
    const label = chosen.kind === 'series' ? shown.runLabel(chosen.run) : chosen.name;
    return html`<label class="pick btn line" title=${label}>
        ${style ? html`<i class="sw d${style.ring % 4}" .style=${`--c: ${style.colour}`}></i>` : icon('file', 's m3')}
        <select
          aria-label="Run"
          @change=${(event: Event) => {
            const [kind, ...name] = (event.target as HTMLSelectElement).value;
            desk.change.choose(place(kind === 'f' ? { form: 'file', run: name.join('') } : { run: name.join(''), form: state.graph.value.form === 'file' ? '' : state.graph.value.form })); // prettier-ignore
          }}
        >
          ${runs.map(
            ({ run }) =>
              html`<option value="r${run}" ?selected=${chosen.kind === 'series' && chosen.run === run}>
                ${shown.runLabel(run)}
              </option>`,
          )}
          ${files.map(
            (name) =>
              html`<option value="f${name}" ?selected=${chosen.kind === 'file' && chosen.name === name}>
                ${name}
              </option>`,
          )}
        </select>
        ${icon('down', 's m3')}
      </label>
      ${chosen.kind === 'series' ? this.formPicker(chosen, place) : nothing}`;
  }

  private formPicker(chosen: Extract<Chosen, { kind: 'series' }>, place: (part: Partial<GraphPlace>) => GraphPlace) {
    const { desk } = this;
    const { run, form, tag } = chosen;
    const forms = desk.opened.runs.value.find((one) => one.run === run)?.forms;
    const tags = forms?.get(form) ?? [];
    const moments = desk.opened.momentsAt(chosen.series);
    return html`${
      forms && forms.size > 1
        ? choice<GraphForm>(
            'Graph kind',
            [...forms.keys()].map((one) => [one, FORM_TITLES[one]] as const),
            form,
            (one) => desk.change.choose(place({ run, form: one })),
          )
        : nothing
    }
    ${
      tags.length > 1
        ? this.select(
            'Tag',
            tags.map((one) => tagLabel(one.tag)),
            tags.findIndex((one) => one.tag === tag),
            (i) => desk.change.choose(place({ run, form, tag: tags[i]?.tag ?? '' })),
          )
        : nothing
    }
    ${
      moments.length > 1
        ? this.select(
            'Step',
            moments.map((one) => momentTitle(one, moments)),
            momentAt(moments, desk.context.state.graph.value),
            (i) => desk.change.choose(place({ run, form, tag, ...whenOf(moments, i) })),
          )
        : nothing
    }`;
  }

  private select(label: string, titles: readonly string[], chosen: number, choose: (i: number) => void) {
    return html`<label class="pick btn line">
      <span class="lb">${label}</span>
      <select
        aria-label=${label}
        @change=${(event: Event) => choose((event.target as HTMLSelectElement).selectedIndex)}
      >
        ${titles.map((title, i) => html`<option ?selected=${i === chosen}>${title}</option>`)}
      </select>
      ${icon('down', 's m3')}
    </label>`;
  }

  // ---- the outline

  private tree() {
    const { desk } = this;
    const lines = (this.drawnLines = desk.outline.lines());
    const { first, end, before, after } = this.window.range(lines.length);
    const seen = lines.slice(first, end);
    for (const line of seen) if (!line.row) desk.outline.want(line.parent, line.at);
    const selected = desk.context.state.graphNode.value;
    const isThere = (path: string): boolean => lines.some(({ row }) => row?.path === path);
    const current = isThere(this.current.value)
      ? this.current.value
      : isThere(selected)
        ? selected
        : lines[0]?.row?.path;
    return html`<div
      class="tree"
      role="tree"
      aria-label="Graph outline"
      tabindex=${lines.length === 0 ? 0 : nothing}
      @keydown=${(event: KeyboardEvent) => this.onKey(event, lines)}
    >
      <div role="none" .style=${`height: ${before}px`}></div>
      ${repeat(
        seen,
        ({ parent, at }) => `${at} ${parent}`,
        (line) => this.line(line, selected, current),
      )}
      <div role="none" .style=${`height: ${after}px`}></div>
    </div>`;
  }

  private line({ row, depth, open, position, of }: Line, selected: string, current: string | undefined) {
    if (!row) return html`<div class="tr" role="none"></div>`;
    const { path, label, kind, ops, expandable } = row;
    const isSelected = path === selected;
    const isAside = row.aside && !this.desk.context.state.graphPutBack.value.includes(path);
    return html`<div
      class="tr ${isSelected ? 'sel' : ''} ${open ? 'md' : ''}"
      role="treeitem"
      aria-level=${depth + 1}
      aria-setsize=${of}
      aria-posinset=${position}
      aria-selected=${isSelected}
      aria-expanded=${expandable ? String(open) : nothing}
      tabindex=${path === current ? 0 : -1}
      data-path=${path}
      title=${readable(path)}
      .style=${`--depth: ${Math.min(depth, 24)}`}
      @focus=${() => (this.current.value = path)}
      @click=${(event: MouseEvent) => {
        this.current.value = path;
        if ((event.target as Element).closest('.chev') && expandable) this.desk.drawn.toggle(path);
        else this.desk.selection.reveal(path);
      }}
      @dblclick=${() => expandable && this.desk.drawn.toggle(path)}
    >
      <span class="chev">${expandable ? icon(open ? 'down' : 'right', 's') : nothing}</span>
      ${swatch(kind, this.desk.drawn.colour.value === 'structure' ? row.colour : NaN)}<span
        class="nm ${isAside ? 'm3' : ''}"
        >${sign(row.difference)}${label}</span
      >
      <span class="v m3">${kind === 'op' || kind === 'stub' ? '' : formatExact(Math.round(ops))}</span>
    </div>`;
  }

  private onKey(event: KeyboardEvent, lines: readonly Line[]): void {
    if (event.ctrlKey || event.metaKey) return;
    const path = (event.target as HTMLElement).dataset['path'];
    const at = lines.findIndex(({ row }) => row?.path === path);
    const line = lines[at];
    const row = line?.row;
    if (!line || !row) return;
    const { page } = this.window;
    const isLetter = event.key.length === 1 && event.key !== ' ';
    if ((event.altKey && event.key === 'ArrowUp') || event.key === 'Escape') this.goAround(lines, row.path);
    else if (event.altKey) return;
    else if (event.key === 'ArrowDown') this.goTo(lines, at + 1);
    else if (event.key === 'ArrowUp') this.goTo(lines, at - 1);
    else if (event.key === 'PageDown') this.goTo(lines, Math.min(lines.length - 1, at + page));
    else if (event.key === 'PageUp') this.goTo(lines, Math.max(0, at - page));
    else if (event.key === 'Home') this.goTo(lines, 0);
    else if (event.key === 'End') this.goTo(lines, lines.length - 1);
    else if (event.key === 'ArrowRight' && row.expandable && !line.open) this.desk.drawn.setOpen(row.path, true);
    else if (event.key === 'ArrowRight' && line.open) this.goTo(lines, at + 1);
    else if (event.key === 'ArrowLeft' && line.open) this.desk.drawn.setOpen(row.path, false);
    else if (event.key === 'ArrowLeft')
      this.goTo(lines, lines.findLastIndex((one, i) => i < at && one.depth < line.depth)); // prettier-ignore
    else if (event.key === 'Enter' && row.expandable && row.path === this.desk.context.state.graphNode.value)
      this.desk.drawn.toggle(row.path);
    else if (event.key === 'Enter' || event.key === ' ') this.desk.selection.reveal(row.path);
    else if (isLetter) this.type(event.key, lines, at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** The next row whose name begins with what is typed. */
  private type(letter: string, lines: readonly Line[], at: number): void {
    const now = performance.now();
    const isFresh = now - this.typed.at > TYPING_MS;
    this.typed = { text: (isFresh ? '' : this.typed.text) + letter.toLowerCase(), at: now };
    for (let i = 0; i < lines.length; i++) {
      const next = (at + i + (isFresh ? 1 : 0)) % lines.length;
      if (lines[next]?.row?.label.toLowerCase().startsWith(this.typed.text)) return this.goTo(lines, next);
    }
  }

  /** Selects what is around a row, as in the drawing; at the top nothing is selected any more. */
  private goAround(lines: readonly Line[], path: string): void {
    if (this.desk.context.state.graphNode.value !== path) this.desk.selection.select(path);
    const to = this.desk.selection.selectAround();
    const at = lines.findIndex(({ row }) => row?.path === to);
    if (at !== -1) this.goTo(lines, at);
  }

  private goTo(lines: readonly Line[], at: number): void {
    const path = lines[at]?.row?.path;
    if (at < 0 || at >= lines.length) return;
    this.window.show(at);
    if (path === undefined) return;
    this.current.value = path;
    void this.updateComplete.then(() => {
      const rows = [...this.querySelectorAll<HTMLElement>('.tree .tr')];
      rows.find((row) => row.dataset['path'] === path)?.focus({ preventScroll: true });
    });
  }

  // ---- what was taken out

  private takenOut() {
    const { desk } = this;
    const out = desk.drawn.scene.value.value?.scene.takenOut ?? [];
    if (out.length === 0) return nothing;
    return html`<div class="colh out-head">
        <span>Taken out of the drawing</span><span class="grow"></span>
        <button
          class="link"
          @click=${() =>
            desk.drawn.setDrawn(
              out.map(({ path }) => path),
              true,
            )}
        >
          Put back
        </button>
      </div>
      <ul class="out">
        ${out.slice(0, 100).map(
          ({ path, edges, byHand }) =>
            html`<li class="tr">
              <span class="pill"></span>
              <button class="nm el" title=${readable(path)} @click=${() => desk.selection.select(path)}>
                ${readable(path)}
              </button>
              <span class="m3 small" title=${byHand ? 'By hand' : 'It has so many edges that they would cover the rest'}
                >${plural(edges, 'edge')}</span
              >
              <button
                class="btn ico"
                aria-label="Put back ${path}"
                title="Put back"
                @click=${() => desk.drawn.setDrawn([path], true)}
              >
                ${icon('undo', 's')}
              </button>
            </li>`,
        )}
      </ul>`;
  }
}

/** The run whose colour it has: its own or, of a sub-run, that of the run which it is a part of. */
function runOf({ context: { shown } }: GraphDesk, { run }: { run: string }): string {
  return shown.subRuns.ownerOf(run);
}

customElements.define('tp-graph-panel', GraphPanel);

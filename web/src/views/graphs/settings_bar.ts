import { effect, signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { GRAPH_COLOURS, TRACE_DIRECTIONS, type GraphColour, type TraceDirection } from '../../engine/graphs/graphs';
import { formatExact } from '../../model/format';
import { around, parentOf, titleOf } from '../../model/graph_paths';
import { choice } from '../../ui/choice';
import { icon } from '../../ui/icons';
import { placeBeside } from '../../ui/place_popover';
import { WatchElement } from '../../ui/watch';
import { sheetHead } from '../sheet_head';
import { LazyCode } from '../lazy_code';
import { compareMenu } from './compare';
import { reasonAgainst } from './graph_colours';
import type { GraphDesk } from './graph_desk';
import { hitsText } from './graph_text';

const COLOUR_TITLES: Record<GraphColour, string> = {
  structure: 'Structure',
  op: 'Operation',
  device: 'Device',
  cluster: 'XLA cluster',
  time: 'Compute time',
  memory: 'Memory',
  difference: 'Difference',
};
const WAY_TITLES: Record<TraceDirection, string> = { inputs: 'Inputs', outputs: 'Outputs', both: 'Both' };
const DEPTHS = [1, 2, 3, 5, 10, Infinity];
/** Hits around the one that was gone to, which are listed. */
const LISTED = 40;
/** More of a path is never seen. */
const MAX_CRUMBS = 8;

/** Without focus in the field the hits go, and what is being pressed would move away before it is let go. */
function keepFocus(event: Event): void {
  event.preventDefault();
}

/** Where in the graph we are, what is searched, how it is drawn, and what can be done with all of it. Fires `save` (a format) and `fit`. */
export class GraphSettings extends WatchElement {
  static override properties = { desk: { attribute: false } };
  declare desk: GraphDesk;
  private readonly searching = signal(false);
  private readonly line = new LazyCode(() => import('./differences_line'));
  private stopWanting: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.className = 'bar graph-bar';
    this.setAttribute('role', 'group');
    this.setAttribute('aria-label', 'Graph settings');
    this.stopWanting = effect(() => {
      if (this.desk.context.state.graphAgainst.value) this.line.want();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopWanting?.();
  }

  private differences() {
    if (!this.desk.context.state.graphAgainst.value) return nothing;
    return this.line.value.value?.differences(this.desk) ?? this.line.missing();
  }

  override render() {
    const { state } = this.desk.context;
    const isTable = state.graphTable.value !== undefined;
    return html`<div class="of-search" @mousedown=${keepFocus}>${sheetHead('Search')}</div>
      <div class="of-settings">${sheetHead('Settings')}</div>
      ${this.crumbs()} ${this.search()} ${this.differences()} ${isTable ? nothing : this.colours('opt1')}
      ${isTable ? nothing : this.trace('opt1')}
      <div class="row graph-tools">
        ${
          isTable
            ? nothing
            : html`<button
                class="btn ico"
                aria-label="Fit"
                title="Fit  0"
                @click=${() => this.dispatchEvent(new Event('fit'))}
              >
                ${icon('fit')}
              </button>`
        }
        <button
          class="btn ico"
          aria-label="Table of nodes"
          title="Table of nodes"
          aria-pressed=${isTable}
          @click=${() => (state.graphTable.value = isTable ? undefined : { column: 'name', descending: false })}
        >
          ${icon('grid')}
        </button>
        ${compareMenu(this.desk)} ${this.save()}
      </div>
      <button class="btn more-settings" popovertarget="more-graph">More${icon('down', 's m3')}</button>
      <div id="more-graph" class="pop settings" popover>
        ${isTable ? nothing : this.colours('', 'more-')} ${isTable ? nothing : this.trace('', 'more-')}
      </div>`;
  }

  private crumbs() {
    const { desk } = this;
    const path = desk.context.state.graphNode.value;
    const paths = path === '' ? [] : [...around(path), path];
    const go = (to: string) => () => {
      if (to !== '') return desk.selection.reveal(to);
      desk.selection.select('');
      this.dispatchEvent(new Event('fit'));
    };
    return html`<nav class="crumb" aria-label="Path">
      <button @click=${go('')} title="All of it">main</button>
      ${paths.length > 3 ? html`<span class="long"></span>` : nothing}
      ${
        paths.length > 1
          ? html`<span class="step dots"
              >${icon('right', 's')}<button
                aria-label="Up to ${parentOf(path)}"
                title=${path}
                @click=${go(parentOf(path))}
              >
                …
              </button></span
            >`
          : nothing
      }
      ${paths.slice(-MAX_CRUMBS).map((to) => {
        const isLast = to === path;
        return html`<span class="step ${isLast ? '' : 'mid'}"
          >${icon('right', 's')}<button
            class="el"
            title=${to}
            aria-current=${isLast ? 'true' : nothing}
            @click=${go(to)}
          >
            ${titleOf(to)}
          </button></span
        >`;
      })}
    </nav>`;
  }

  // ---- search

  private search() {
    const { desk } = this;
    const { graphSearch } = desk.context.state;
    const hits = desk.search.hits.value.value;
    const query = graphSearch.value;
    const problem = query.trim() === '' ? '' : (hits?.problem ?? '');
    const known = query.trim() !== '' && hits && problem === '';
    const step = (by: 1 | -1, title: string, name: 'up' | 'down') =>
      html`<button class="btn ico" aria-label=${title} title=${title} @click=${() => desk.search.step(by)}>
        ${icon(name, 's')}
      </button>`;
    return html`<div
      class="graph-search tag-filter ${known ? 'known' : ''}"
      @focusin=${() => (this.searching.value = true)}
      @focusout=${({ relatedTarget, currentTarget }: FocusEvent) => {
        if (!(currentTarget as Element).contains(relatedTarget as Element | null)) this.searching.value = false;
      }}
    >
      <div class="field ${problem ? 'bad' : ''}">
        ${icon('search', 's m3')}
        <input
          type="search"
          spellcheck="false"
          autocomplete="off"
          placeholder="Search nodes"
          aria-label="Search nodes"
          aria-invalid=${problem !== ''}
          title="Names, /pattern/, op:MatMul, device:GPU, shape:64, in:encoder"
          .value=${query}
          @input=${(event: Event) => (graphSearch.value = (event.target as HTMLInputElement).value)}
          @keydown=${(event: KeyboardEvent) => this.onSearchKey(event)}
        />
        ${
          known
            ? html`<span
                  class="m3 nw small"
                  role="status"
                  title=${hits.total > hits.hits.length ? `The first ${formatExact(hits.hits.length)} can be gone to` : nothing}
                  >${hitsText(desk.search.at.value, hits.total)}</span
                >
                ${step(-1, 'Previous match', 'up')} ${step(1, 'Next match', 'down')}`
            : query === ''
              ? html`<kbd aria-hidden="true">/</kbd>`
              : nothing
        }
        ${problem ? html`<p class="e small" role="status">${problem}</p>` : nothing}
      </div>
      ${known && this.searching.value && hits.hits.length > 0 && desk.context.state.graphTable.value === undefined ? this.hitList() : nothing}
    </div>`;
  }

  private hitList() {
    const { desk } = this;
    const hits = desk.search.hits.value.value?.hits ?? [];
    const from = Math.max(0, Math.min(desk.search.at.value - LISTED / 2, hits.length - LISTED));
    return html`<ul class="hits" aria-label="Matches" @mousedown=${keepFocus}>
      ${hits.slice(from, from + LISTED).map(
        ({ path, kind }, i) =>
          html`<li>
            <button
              class="mi"
              tabindex="-1"
              aria-current=${from + i === desk.search.at.value ? 'true' : nothing}
              title=${path}
              @click=${() => {
                desk.search.goTo(from + i);
                this.dispatchEvent(new Event('done', { bubbles: true }));
              }}
            >
              <span class=${kind === 'op' || kind === 'stub' ? 'pill' : 'sq'}></span
              ><span class="el start"><bdi>${path}</bdi></span>
            </button>
          </li>`,
      )}
    </ul>`;
  }

  private onSearchKey(event: KeyboardEvent): void {
    const { desk } = this;
    if (event.key === 'Enter') desk.search.step(event.shiftKey ? -1 : 1);
    else if (event.key === 'ArrowDown') desk.search.step(1);
    else if (event.key === 'ArrowUp') desk.search.step(-1);
    else if (event.key === 'Escape') desk.context.state.graphSearch.value = '';
    else return;
    event.preventDefault();
  }

  // ---- how it is drawn

  private colours(classes: string, prefix = '') {
    const { desk } = this;
    const facts = desk.opened.facts.value;
    const shown = desk.drawn.colour.value;
    const id = `${prefix}graph-colours`;
    return html`<div class="row ${classes}">
      <span class="lb">Colour</span>
      <button class="btn line" popovertarget=${id}>${COLOUR_TITLES[shown]}${icon('down', 's m3')}</button>
      <div id=${id} class="pop colours-menu" popover @beforetoggle=${placeBeside} role="menu">
        ${GRAPH_COLOURS.map((colour) => {
          const reason = facts ? reasonAgainst(colour, facts) : '';
          return html`<button
            class="mi"
            role="menuitemradio"
            aria-checked=${colour === shown}
            aria-disabled=${reason !== ''}
            title=${reason}
            popovertarget=${reason === '' ? id : nothing}
            popovertargetaction="hide"
            @click=${() => reason === '' && (desk.context.state.graphColour.value = colour)}
          >
            <span class="check">${colour === shown ? icon('check', 's') : nothing}</span>${COLOUR_TITLES[colour]}${
              reason === '' ? nothing : html`<span class="m3 small">${reason}</span>`
            }
          </button>`;
        })}
      </div>
    </div>`;
  }

  private trace(classes: string, prefix = '') {
    const { state } = this.desk.context;
    const { graphTrace, graphTraceDepth } = state;
    const isOn = graphTrace.value !== 'off';
    const id = `${prefix}graph-trace`;
    const depth = (value: number): string => (value === Infinity ? 'to the end' : formatExact(value));
    return html`<div class="row ${classes}">
      <label class="row" title="Follow edges from the selected node">
        <input
          class="cb"
          type="checkbox"
          .checked=${isOn}
          @change=${(event: Event) => (graphTrace.value = (event.target as HTMLInputElement).checked ? 'both' : 'off')}
        />
        Trace
      </label>
      ${
        isOn
          ? html`<button class="btn line" popovertarget=${id} title="Direction and depth of the trace">
                ${WAY_TITLES[graphTrace.value as TraceDirection]},
                ${depth(graphTraceDepth.value)}${icon('down', 's m3')}
              </button>
              <div id=${id} class="pop trace-menu" popover @beforetoggle=${placeBeside}>
                <div class="row">
                  ${choice<TraceDirection>(
                    'Direction',
                    TRACE_DIRECTIONS.map((way) => [way, WAY_TITLES[way]] as const),
                    graphTrace.value as TraceDirection,
                    (way) => (graphTrace.value = way),
                  )}
                </div>
                <div class="row">
                  <span class="lb">Edges</span>
                  ${choice(
                    'Depth',
                    DEPTHS.map((one) => [String(one), one === Infinity ? 'All' : String(one)] as const),
                    String(graphTraceDepth.value),
                    (one) => (graphTraceDepth.value = Number(one)),
                  )}
                </div>
              </div>`
          : nothing
      }
    </div>`;
  }

  private save() {
    const item = (format: string, hint: string) =>
      html`<button
        class="mi"
        popovertarget="graph-save"
        popovertargetaction="hide"
        @click=${() => this.dispatchEvent(new CustomEvent('save', { detail: format }))}
      >
        ${format}<span class="m3">${hint}</span>
      </button>`;
    return html`<button class="btn ico" aria-label="Download" title="Download what is seen" popovertarget="graph-save">
        ${icon('save')}
      </button>
      <div id="graph-save" class="pop" popover @beforetoggle=${placeBeside}>
        ${item('SVG', 'as it is seen')} ${item('PNG', 'as it is seen, 2×')}
        ${item('DOT', 'boxes and edges, for Graphviz')} ${item('JSON', 'boxes, edges and places')}
      </div>`;
  }
}

customElements.define('tp-graph-settings', GraphSettings);

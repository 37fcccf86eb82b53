import { batch, signal } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit';
import type { GraphFacts, NodeAttribute, NodeFacts, NodePort } from '../../engine/graphs/graphs';
import { asWireError } from '../../faults/fault';
import { errorText } from '../../model/errors';
import { formatBytes, formatCount, formatExact, plural } from '../../model/format';
import { isIn, isInStack, readable, titleOf } from '../../model/graph_paths';
import { icon } from '../../ui/icons';
import { counted } from '../../ui/pending';
import { placeBeside } from '../../ui/place_popover';
import { WatchElement } from '../../ui/watch';
import { MAX_SUMMED } from './area';
import type { GraphDesk } from './graph_desk';
import { formatMicros, formatShare, kindName, shortDevice } from './graph_text';
import { SelectedFacts } from './selected_facts';
import { sign } from './swatch';

/** So many of a list are shown before a person asks for more. */
const FIRST = 12;

/** What is known of the selected node, or of the boxes that are selected together. Fires `save` (a format) and `zoom` of these. */
export class NodePanel extends WatchElement {
  static override properties = { desk: { attribute: false } };
  declare desk: GraphDesk;
  /** Lists that are shown whole, by heading. */
  private readonly whole = signal<ReadonlySet<string>>(new Set());
  /** Attributes that were fetched: their text, or why there is none. By path and name. */
  private readonly fetched = signal<ReadonlyMap<string, string>>(new Map());
  private shownPath = '';
  private selected!: SelectedFacts;
  private stops: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'complementary');
    this.setAttribute('aria-label', 'Node');
    this.tabIndex = -1;
    this.addEventListener('keydown', this.onKey);
    this.selected = new SelectedFacts(this.desk);
    this.stops = this.selected.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('keydown', this.onKey);
    for (const stop of this.stops) stop();
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.desk.selection.select('');
  };

  override render() {
    const { desk } = this;
    const path = desk.context.state.graphNode.value;
    const facts = desk.opened.facts.value;
    const paths = desk.context.state.graphArea.value;
    if (facts && paths.length > 0) return this.area(paths, facts);
    const node = this.selected.node.value.value;
    if (path === '' || !facts) return nothing;
    if (this.shownPath !== path) {
      this.shownPath = path;
      this.whole.value = new Set();
    }
    const isKnown = node?.path === path;
    const missing = !isKnown && !this.selected.node.busy.value;
    const fault = this.selected.node.fault.value;
    return html`<section>
        <h2>
          <span class="el" title=${path}>${isKnown ? sign(node.difference) : nothing}${titleOf(path)}</span>
          <span class="grow"></span>
          <button class="btn ico" aria-label="Copy name" title="Copy name" @click=${() => void copy(desk, path)}>
            ${icon('copy')}
          </button>
          <button class="btn ico" aria-label="Close" title="Close  Esc" @click=${() => desk.selection.select('')}>
            ${icon('close')}
          </button>
        </h2>
        <div class="path mono m2">${readable(path)}</div>
        ${isKnown ? this.numbers(node, facts) : nothing}
        ${missing ? html`<p class="m2 small">${fault ? errorText(fault) : 'This graph has no node of this name'}</p>` : nothing}
        ${isKnown ? this.actions(node) : nothing}
      </section>
      ${isKnown ? this.parts(node) : nothing}`;
  }

  private numbers(node: NodeFacts, facts: GraphFacts) {
    const isGroup = node.kind === 'group' || node.kind === 'stack';
    const { identical, identicalCount } = node;
    return html`<dl class="kv">
      ${fact('Type', node.op === '' ? kindName(node.kind) : node.op)}
      ${isGroup ? fact(nounOf(facts), formatExact(node.ops)) : nothing}
      ${fact('Parameters', known(node.parameters, formatCount))}
      ${node.device === '' ? nothing : fact('Device', html`<span title=${node.device}>${shortDevice(node.device)}</span>`)}
      ${node.cluster === '' ? nothing : fact('XLA cluster', node.cluster)} ${timeOf(node)}
      ${fact('Output memory', known(node.memory, formatBytes))}
      ${node.outputShapes.length > 0 && !isGroup ? fact(node.outputShapes.length > 1 ? 'Shapes' : 'Shape', node.outputShapes.join(', ')) : nothing}
      ${identicalCount > 0 ? fact('Identical to', this.identical(identical, identicalCount)) : nothing}
    </dl>`;
  }

  /** Several boxes together. */
  private area(paths: readonly string[], facts: GraphFacts) {
    const { desk } = this;
    const all = this.selected.area.value.value;
    const title = plural(paths.length, 'box', 'boxes');
    return html`<section>
        <h2>
          <span class="el">${title}</span>
          <span class="grow"></span>
          <button class="btn ico" aria-label="Close" title="Close  Esc" @click=${() => desk.selection.select('')}>
            ${icon('close')}
          </button>
        </h2>
        ${
          all
            ? html`<dl class="kv">
                ${fact(nounOf(facts), formatExact(all.ops))} ${fact('Parameters', known(all.parameters, formatCount))}
                ${timeOf(all)} ${fact('Output memory', known(all.memory, formatBytes))}
              </dl>`
            : nothing
        }
        ${paths.length > MAX_SUMMED ? html`<p class="m2 small">Only the first ${formatExact(MAX_SUMMED)} are summed</p>` : nothing}
        <div class="acts-row">
          <button class="btn line" @click=${() => this.takeOut(paths)}>Take out</button>
          <button class="btn line" @click=${() => this.dispatchEvent(new CustomEvent('zoom', { detail: paths }))}>
            Zoom in
          </button>
          ${['DOT', 'JSON'].map(
            (format) =>
              html`<button
                class="btn line"
                title="Download these boxes and the edges between them"
                @click=${() => this.dispatchEvent(new CustomEvent('save', { detail: format }))}
              >
                ${format}
              </button>`,
          )}
        </div>
      </section>
      ${this.list('Selected', paths.length, paths, (path) => html`<li>${this.to(path)}</li>`)}
      ${all && all.inside.length > 0 ? this.inside(all) : nothing}`;
  }

  private takeOut(paths: readonly string[]): void {
    batch(() => {
      this.desk.drawn.setDrawn(paths, false);
      this.desk.selection.select('');
    });
  }

  private identical(paths: readonly string[], count: number) {
    return html`<button class="link" popovertarget="identical">${plural(count, 'node')}</button>
      <div id="identical" class="pop list" popover @beforetoggle=${placeBeside}>
        ${paths.map(
          (path) =>
            html`<button
              class="mi"
              popovertarget="identical"
              popovertargetaction="hide"
              @click=${() => this.desk.selection.reveal(path)}
            >
              <span class="el">${path}</span>
            </button>`,
        )}
        ${count > paths.length ? html`<p class="m3 small">${formatExact(count - paths.length)} more</p>` : nothing}
      </div>`;
  }

  private actions(node: NodeFacts) {
    const { desk } = this;
    const index = desk.drawn.scene.value.value;
    const out = index?.scene.takenOut.some(({ path }) => path === node.path) ?? false;
    const box = index?.scene.boxes[index.byPath.get(node.path) ?? -1];
    const choosing = desk.selection.choosing.value;
    return html`<div class="acts-row">
        ${
          box?.expandable
            ? html`<button class="btn line" @click=${() => desk.drawn.setOpen(box.path, !box.open)}>
                ${box.open ? 'Close box' : 'Open box'}
              </button>`
            : nothing
        }
        <button class="btn line" @click=${() => desk.drawn.setDrawn([node.path], out)}>
          ${out ? 'Put back' : 'Take out'}
        </button>
        <button
          class="btn line"
          aria-pressed=${choosing}
          title="Shortest path along the edges to a node that is selected next"
          @click=${() => (desk.selection.choosing.value = !choosing)}
        >
          Path from here…
        </button>
      </div>
      ${choosing ? html`<p class="m2 small" role="status">Select the other end, in the drawing or the outline</p>` : nothing}`;
  }

  private parts(node: NodeFacts) {
    return html`${this.way(node)} ${this.missing()}
      ${node.changes.length > 0 ? this.list('Changes', node.changes.length, node.changes, (change) => html`<li class="wrap">${change}</li>`) : nothing}
      <section>
        ${this.ports('Inputs', node.inputs, node.inputCount)} ${this.ports('Outputs', node.outputs, node.outputCount)}
        ${this.ports('Control', node.controls, node.controlCount)}
      </section>
      ${node.attributes.length > 0 ? this.attributeList(node) : nothing}
      ${node.inside.length > 0 ? this.inside(node) : nothing}`;
  }

  /** The shortest path that is shown. */
  private way(node: NodeFacts) {
    const { desk } = this;
    const to = desk.context.state.graphPathTo.value;
    const traced = desk.trace.traced.value.value;
    if (to === '') return nothing;
    const path = traced && 'path' in traced ? traced.path : undefined;
    const end = html`<button class="link x" @click=${() => (desk.context.state.graphPathTo.value = '')}>Clear</button>`;
    if (!path || desk.trace.traced.busy.value) {
      return html`<section><div class="sub">Path to ${titleOf(to)}${end}</div></section>`;
    }
    if (path.length === 0) {
      return html`<section>
        <div class="sub">Path to ${titleOf(to)}${end}</div>
        <p class="small">No edges lead from ${titleOf(node.path)} to ${titleOf(to)}, neither way</p>
      </section>`;
    }
    const out = this.desk.drawn.scene.value.value?.scene.takenOut ?? [];
    const outOf = (one: string): string | undefined =>
      out.find(({ path }) => isIn(one, path) || isInStack(one, path))?.path;
    const step = (one: string) => {
      const missing = outOf(one);
      return html`<li>
        ${this.to(one)}${missing === undefined ? nothing : this.putBack(missing, 'Taken out: put back')}
      </li>`;
    };
    return html`<section>
      <div class="sub">Path to ${titleOf(to)}, ${plural(path.length - 1, 'edge')}${end}</div>
      <ol class="ports">
        ${path.slice(0, 200).map(step)}
      </ol>
      ${path.length > 200 ? html`<p class="m3 small">${formatExact(path.length - 200)} more</p>` : nothing}
    </section>`;
  }

  /** What would be on the trace that is shown if it were in the drawing. */
  private missing() {
    const paths = this.desk.trace.missing.value.value ?? [];
    if (paths.length === 0) return nothing;
    const row = (path: string) => html`<li>${this.to(path)}${this.putBack(path, 'Put back')}</li>`;
    return this.list('Traced, but taken out', paths.length, paths, row);
  }

  private putBack(path: string, text: string) {
    return html`<button class="link nw" @click=${() => this.desk.drawn.setDrawn([path], true)}>${text}</button>`;
  }

  private to(path: string) {
    return html`<button class="link el" title=${path} @click=${() => this.desk.selection.reveal(path)}>
      ${shortened(path)}
    </button>`;
  }

  private ports(title: string, ports: readonly NodePort[], count: number) {
    const row = ({ path, shape, stub }: NodePort) => {
      const [size = '', type = ''] = shape.split(' ');
      return html`<li>
        ${stub ? html`<span class="el w" title="Nothing has the name ${path}">${path}</span>` : this.to(path)}
        <span class="m2 nw">${size} <span class="m3">${type}</span></span>
      </li>`;
    };
    return html`<div class="sub">${title}<span class="x">${formatExact(count)}</span></div>
      <ul class="ports">
        ${this.cut(title, ports).map(row)}
      </ul>
      ${this.more(title, ports.length, count)}`;
  }

  /** @param total how many there are of which `all` are listed; not what is counted, if that is something else */
  private list<T>(title: string, count: number, all: readonly T[], row: (one: T) => TemplateResult, total = count) {
    return html`<section>
      <div class="sub">${title}<span class="x">${formatExact(count)}</span></div>
      <ul class="ports">
        ${this.cut(title, all).map(row)}
      </ul>
      ${this.more(title, all.length, total)}
    </section>`;
  }

  private cut<T>(title: string, all: readonly T[]): readonly T[] {
    return this.whole.value.has(title) ? all : all.slice(0, FIRST);
  }

  private more(title: string, listed: number, count: number) {
    const isWhole = this.whole.value.has(title);
    if (!isWhole && listed > FIRST)
      return html`<button class="link small" @click=${() => (this.whole.value = new Set([...this.whole.value, title]))}>
        ${formatExact(count - FIRST)} more
      </button>`;
    return listed < count ? html`<p class="m3 small">${formatExact(count - listed)} more</p>` : nothing;
  }

  private attributeList({ path, attributes }: NodeFacts) {
    const row = (attribute: NodeAttribute) => {
      const { name, text, size, cut } = attribute;
      const full = this.fetched.value.get(`${path}\n${name}`);
      const isLong = (full ?? text).length > 24;
      return html`<li class=${isLong ? 'attribute long' : 'attribute'}>
        <span class="m3">${name}</span>
        <span class="mono value" title=${isLong ? nothing : text}>${full ?? text}</span>
        ${
          cut && full === undefined
            ? html`<button class="link small" @click=${() => this.fetch(path, name)}>
                Show all ${formatBytes(size)}
              </button>`
            : nothing
        }
        <button
          class="btn ico copy"
          aria-label="Copy ${name}"
          title="Copy"
          @click=${() => void this.copyAttribute(path, attribute)}
        >
          ${icon('copy', 's')}
        </button>
      </li>`;
    };
    return this.list('Attributes', attributes.length, attributes, row);
  }

  private async wholeOf(path: string, name: string): Promise<string> {
    const graph = this.desk.opened.facts.value?.graph ?? 0;
    return (await this.desk.opened.graphs()).attribute(graph, path, name);
  }

  private fetch(path: string, name: string): void {
    const put = (text: string): void => {
      this.fetched.value = new Map(this.fetched.value).set(`${path}\n${name}`, text);
    };
    void counted(this.wholeOf(path, name).then(put, (error: unknown) => put(errorText(asWireError(error)))));
  }

  private async copyAttribute(path: string, { name, text, cut }: NodeAttribute): Promise<void> {
    await copy(this.desk, cut ? await this.wholeOf(path, name) : text);
  }

  private inside({ inside, ops }: Pick<NodeFacts, 'inside' | 'ops'>) {
    const byTime = inside.some(({ micros }) => !Number.isNaN(micros));
    const size = (one: { count: number; micros: number }): number => (byTime ? one.micros || 0 : one.count);
    const most = Math.max(...inside.map(size), 1e-9);
    const row = (one: NodeFacts['inside'][number]) => {
      const text = byTime ? formatMicros(one.micros) : `×${formatExact(one.count)}`;
      const title = `${plural(one.count, 'node')}${byTime ? `, ${formatMicros(one.micros)}` : ''}`;
      return html`<li class="bars" title=${title}>
        <span class="el">${one.name}</span><span class="m3 nw">${text}</span>
        <i><b .style=${`width: ${(100 * size(one)) / most}%`}></b></i>
      </li>`;
    };
    // The ops are counted, their types are listed: how many types there are is not known.
    return this.list('Operations inside', ops, inside, row, inside.length);
  }
}

function fact(name: string, value: TemplateResult | string | undefined) {
  return value === undefined
    ? nothing
    : html`<dt>${name}</dt>
        <dd>${value}</dd>`;
}

/** NaN = it is not known. */
function known(value: number, text: (value: number) => string): string | undefined {
  return Number.isNaN(value) ? undefined : text(value);
}

function timeOf({ micros, timeShare }: Pick<NodeFacts, 'micros' | 'timeShare'>) {
  if (Number.isNaN(micros)) return nothing;
  return fact('Compute time', html`${formatMicros(micros)} <span class="m3">(${formatShare(timeShare)})</span>`);
}

function nounOf({ form }: GraphFacts): string {
  return form === 'layers' ? 'Layers' : 'Operations';
}

/** A path by its last two names: what is around it is seen in the drawing. */
function shortened(path: string): string {
  const names = readable(path).split('/');
  return names.length <= 2 ? names.join('/') : `…/${names.slice(-2).join('/')}`;
}

async function copy({ context }: GraphDesk, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    context.announce('Copied');
  } catch {
    context.announce('The browser does not allow copying here');
  }
}

customElements.define('tp-graph-node', NodePanel);

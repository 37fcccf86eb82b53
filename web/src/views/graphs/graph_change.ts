import { batch, effect, untracked } from '@preact/signals-core';
import { inSameStep } from '../../model/same_step';
import { FIRST_GRAPH, type GraphPlace } from '../../model/state';
import { counted } from '../../ui/pending';
import type { ViewContext } from '../view_def';
import type { GraphSelection } from './graph_selection';
import type { OpenedGraph } from './opened_graph';

/** From one graph to another, and what of the one before stays. */
export class GraphChange {
  /** A link has said which graph it wants: no other one comes in its place. */
  private readonly linkNames: boolean;
  private known: ReadonlySet<string> | undefined;
  /** The graph that was chosen, and is not open yet. */
  private chosen: GraphPlace | undefined;

  constructor(
    private readonly context: ViewContext,
    private readonly opened: OpenedGraph,
    private readonly selection: GraphSelection,
  ) {
    const { run, form } = context.state.graph.peek();
    this.linkNames = run !== '' || form !== '';
  }

  /** Shows files that are opened, and forgets what another graph has not, from now on. Returns the ends of that. */
  start(): (() => void)[] {
    return [effect(() => this.showNewFile()), effect(() => this.dropUnknown())];
  }

  /** Another graph is seen as it is at first, and of what was set of the one before that stays which it has nodes for. */
  choose(place: GraphPlace): void {
    const { state } = this.context;
    const drawnOf = (): string | undefined => {
      const chosen = this.opened.chosen.value;
      return chosen?.kind === 'series' ? `${chosen.run}/${chosen.form}` : chosen?.name;
    };
    const before = drawnOf();
    batch(() => {
      state.graph.value = place;
      if (drawnOf() === before) return;
      this.chosen = place;
      state.graphCamera.value = undefined;
    });
  }

  /** @param place what was before; undefined = nothing is compared any more */
  compareWith(place: GraphPlace | undefined): void {
    const { state } = this.context;
    batch(() => {
      state.graphAgainst.value = place;
      state.graphColour.value = 'auto';
    });
  }

  /** A file that is opened while another graph is shown is what somebody wants to see now. */
  private showNewFile(): void {
    const { opened } = this;
    const files = opened.files.value;
    untracked(() => {
      const fresh = files.findLast((file) => this.known && !this.known.has(file));
      this.known = new Set(files);
      const isOpen = opened.facts.value !== undefined || opened.answer.fault.value !== undefined;
      if (fresh === undefined || this.linkNames || !isOpen) return;
      this.choose({ ...FIRST_GRAPH, form: 'file', run: fresh });
      this.context.announce(`Graph of ${fresh}`);
    });
  }

  /** What a graph that was chosen has no node for is not selected or open any more; what a link names stays. */
  private dropUnknown(): void {
    const { opened } = this;
    const [facts, busy] = [opened.facts.value, opened.answer.busy.value];
    const { chosen } = this;
    if (!facts || busy || !chosen) return;
    this.chosen = undefined;
    untracked(() => {
      // Who has undone it is back where all of that is known.
      if (this.context.state.graph.value !== chosen) return;
      void counted(this.keepKnown(facts.graph, chosen).catch(() => undefined));
    });
  }

  private async keepKnown(graph: number, chosen: GraphPlace): Promise<void> {
    const { graph: place, graphNode, graphPathTo, graphArea, graphOpen } = this.context.state;
    const graphs = await this.opened.graphs();
    const unknown = new Set<string>();
    for (const path of new Set([graphNode.value, graphPathTo.value, ...graphArea.value, ...(graphOpen.value ?? [])])) {
      if (path !== '' && !(await graphs.node(graph, path))) unknown.add(path);
    }
    // What is open stays known until another graph is: by then the choice may be undone.
    if (unknown.size === 0 || place.value !== chosen) return;
    const isKnown = (path: string): boolean => !unknown.has(path);
    inSameStep(() => {
      if (!isKnown(graphPathTo.value)) graphPathTo.value = '';
      if (!isKnown(graphNode.value)) this.selection.select('');
      graphArea.value = graphArea.value.filter(isKnown);
      const open = [...(graphOpen.value ?? [])].filter(isKnown);
      graphOpen.value = open.length > 0 ? new Set(open) : undefined;
    });
  }
}

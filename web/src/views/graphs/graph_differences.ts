import { effect, signal, untracked } from '@preact/signals-core';
import type { TablePage } from '../../engine/graphs/graphs';
import { counted } from '../../ui/pending';
import { Latest } from '../latest';
import type { ViewContext } from '../view_def';
import type { GraphSelection } from './graph_selection';
import type { OpenedGraph } from './opened_graph';

/** How many nodes are not the same in two graphs. */
export interface Differences {
  any: number;
  added: number;
  removed: number;
  changed: number;
}

/** What is not the same in two graphs that are compared, and going through that. */
export class GraphDifferences {
  readonly counts = new Latest<Differences>();
  /** Which of them was gone to last; -1 = none yet. */
  readonly at = signal(-1);

  constructor(
    private readonly context: ViewContext,
    private readonly opened: OpenedGraph,
    private readonly selection: GraphSelection,
  ) {}

  /** Counts them, from now on. Returns the ends of that. */
  start(): (() => void)[] {
    return [
      effect(() => {
        const facts = this.opened.facts.value;
        untracked(() => {
          this.at.value = -1;
          if (facts?.compared) this.counts.ask((signal) => this.countAll(facts.graph, signal));
          else this.counts.clear();
        });
      }),
    ];
  }

  private async countAll(graph: number, signal: AbortSignal): Promise<Differences> {
    const count = async (kind: string): Promise<number> => (await this.list(graph, kind, 0, 0, signal)).total;
    return {
      added: await count('added'),
      removed: await count('removed'),
      changed: await count('changed'),
      // The worker keeps what it asked last: one after the other of these is gone to.
      any: await count('any'),
    };
  }

  /** Nodes that are not the same, in the order of their names. */
  private async list(
    graph: number,
    kind: string,
    from: number,
    count: number,
    signal: AbortSignal,
  ): Promise<TablePage> {
    return (await this.opened.graphs()).table(graph, { query: `difference:${kind}`, sort: 'name', descending: false, from, count }, signal); // prettier-ignore
  }

  /** Goes to the next one or the one before. */
  step(by: 1 | -1): void {
    const graph = this.opened.facts.value?.graph;
    const any = this.counts.value.value?.any ?? 0;
    if (graph === undefined || any === 0) return;
    const before = this.at.value;
    const at = (this.at.value = before === -1 && by === -1 ? any - 1 : (before + by + any) % any);
    const ask = this.list(graph, 'any', at, 1, new AbortController().signal);
    const go = ({ rows: [row] }: TablePage): void => {
      if (!row || this.at.value !== at || this.opened.facts.value?.graph !== graph) return;
      this.selection.pass(row.path);
      this.context.announce(`${row.difference}: ${row.path}`);
    };
    // Without an answer nothing is gone to; the next one is the one behind it.
    void counted(ask.then(go, () => undefined));
  }
}

import { effect, signal, untracked } from '@preact/signals-core';
import type { GraphHits } from '../../engine/graphs/graphs';
import { Latest } from '../latest';
import type { ViewContext } from '../view_def';
import type { GraphSelection } from './graph_selection';
import type { OpenedGraph } from './opened_graph';

/** What is searched for, and going through what is found. */
export class GraphSearch {
  readonly hits = new Latest<GraphHits>();
  /** Which of the hits was gone to last; -1 = none yet. */
  readonly at = signal(-1);

  /** Enter was pressed before anything was found. */
  private stepOnceFound: 1 | -1 | undefined;

  constructor(
    private readonly context: ViewContext,
    private readonly opened: OpenedGraph,
    private readonly selection: GraphSelection,
  ) {}

  /** Searches, from now on. Returns the ends of that. */
  start(): (() => void)[] {
    const { state } = this.context;
    return [
      effect(() => {
        const [facts, query] = [this.opened.facts.value, state.graphSearch.value.trim()];
        untracked(() => {
          this.at.value = -1;
          this.stepOnceFound = undefined;
          if (!facts || query === '') this.hits.clear();
          else this.hits.ask(async (signal) => (await this.opened.graphs()).search(facts.graph, query, signal));
        });
      }),
      effect(() => {
        if (this.hits.busy.value || this.stepOnceFound === undefined) return;
        const by = this.stepOnceFound;
        this.stepOnceFound = undefined;
        untracked(() => this.step(by));
      }),
    ];
  }

  /** Goes to the next hit or the one before; while they are looked for, as soon as they are found. */
  step(by: 1 | -1): void {
    if (this.hits.busy.value) {
      this.stepOnceFound = by;
      return;
    }
    const hits = this.hits.value.value?.hits ?? [];
    if (hits.length === 0) return;
    this.goTo((this.at.value + by + hits.length + (this.at.value === -1 && by === -1 ? 1 : 0)) % hits.length);
  }

  goTo(at: number): void {
    const hit = this.hits.value.value?.hits[at];
    if (!hit) return;
    this.at.value = at;
    this.selection.pass(hit.path);
    this.context.announce(`Match ${at + 1}: ${hit.path}`);
  }
}

import { effect, untracked } from '@preact/signals-core';
import type { GraphFacts, ShortestPath, Trace } from '../../engine/graphs/graphs';
import { isIn, isInStack } from '../../model/graph_paths';
import { Latest } from '../latest';
import type { ViewContext } from '../view_def';
import type { DrawnGraph } from './drawn_graph';
import type { OpenedGraph } from './opened_graph';

/** Nodes out of the drawing of which it is looked whether they are on a trace. */
const MAX_MISSING = 50;

/** What the selected node is joined to, as far as is asked: a trace along edges, or the shortest path to another node. */
export class GraphTrace {
  readonly traced = new Latest<Trace | ShortestPath | undefined>();
  /** What is on the way that is shown, and taken out of the drawing; by path. */
  readonly missing = new Latest<readonly string[]>();

  constructor(
    private readonly context: ViewContext,
    private readonly opened: OpenedGraph,
    private readonly drawn: DrawnGraph,
  ) {}

  /** Traces, from now on. Returns the ends of that. */
  start(): (() => void)[] {
    return [effect(() => this.trace())];
  }

  private trace(): void {
    const { state } = this.context;
    const facts = this.opened.facts.value;
    const scene = this.drawn.scene.value.value;
    const from = state.graphNode.value;
    const to = state.graphPathTo.value;
    const [way, depth] = [state.graphTrace.value, state.graphTraceDepth.value];
    untracked(() => {
      this.missing.clear();
      if (!facts || !scene || from === '' || (to === '' && way === 'off')) return this.traced.clear();
      const graphs = this.opened.graphs();
      const out = scene.scene.takenOut.map(({ path }) => path);
      if (to !== '') {
        this.traced.ask(async (signal) => (await graphs).shortestPath(facts.graph, from, to, signal));
      } else if (way !== 'off') {
        this.traced.ask(async (signal) => (await graphs).trace(facts.graph, from, way, depth, signal));
        this.missing.ask(async (signal) => {
          const found: string[] = [];
          for (const path of out.slice(0, MAX_MISSING)) {
            const [begin, end] = way === 'inputs' ? [path, from] : [from, path];
            const { path: between } = await (await graphs).shortestPath(facts.graph, begin, end, signal);
            if (isOnTrace(between, way === 'both' ? undefined : begin, depth)) found.push(path);
          }
          return found;
        });
      }
    });
  }

  /** What a node is joined to by single edges. */
  async joinedTo(path: string): Promise<Trace> {
    const { graph } = this.opened.facts.value as GraphFacts;
    return (await this.opened.graphs()).trace(graph, path, 'both', 1, new AbortController().signal);
  }
}

/**
 * Whether a shortest way is part of a trace: it leads along the edges from where it was to begin, as far as is traced.
 *
 * @param between its nodes, from the other end if there is no way from this one
 * @param begin undefined = either end will do
 */
export function isOnTrace(between: readonly string[], begin: string | undefined, depth: number): boolean {
  const [first] = between;
  if (first === undefined || between.length - 1 > depth) return false;
  return begin === undefined || isIn(first, begin) || isInStack(first, begin);
}

import { effect, untracked } from '@preact/signals-core';
import type { NodeFacts } from '../../engine/graphs/graphs';
import { Latest } from '../latest';
import { MAX_SUMMED, sumOf, type AreaFacts } from './area';
import type { GraphDesk } from './graph_desk';

/** What is known of what is selected. */
export class SelectedFacts {
  readonly node = new Latest<NodeFacts | undefined>();
  /** What the boxes that are selected together are in all. */
  readonly area = new Latest<AreaFacts>();

  constructor(private readonly desk: GraphDesk) {}

  /** Asks for it, from now on. Returns the ends of that. */
  start(): (() => void)[] {
    const { opened, context } = this.desk;
    const { state } = context;
    return [
      effect(() => {
        const [facts, path] = [opened.facts.value, state.graphNode.value];
        if (!facts || path === '') untracked(() => this.node.clear());
        else untracked(() => this.node.ask(async () => (await opened.graphs()).node(facts.graph, path)));
      }),
      effect(() => {
        const [facts, paths] = [opened.facts.value, state.graphArea.value];
        if (!facts || paths.length === 0) untracked(() => this.area.clear());
        else untracked(() => this.area.ask((signal) => this.sum(facts.graph, paths, signal)));
      }),
    ];
  }

  private async sum(graph: number, paths: readonly string[], signal: AbortSignal): Promise<AreaFacts> {
    const graphs = await this.desk.opened.graphs();
    const nodes: NodeFacts[] = [];
    for (const path of paths.slice(0, MAX_SUMMED)) {
      const node = await graphs.node(graph, path);
      if (signal.aborted) break;
      if (node) nodes.push(node);
    }
    return sumOf(nodes);
  }
}

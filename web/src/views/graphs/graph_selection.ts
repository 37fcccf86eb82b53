import { batch, computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import { parentOf } from '../../model/graph_paths';
import { inSameStep } from '../../model/same_step';
import type { ViewContext } from '../view_def';
import type { DrawnGraph } from './drawn_graph';
import type { OpenedGraph } from './opened_graph';

/** Which node or boxes are selected, and the ways to select another. */
export class GraphSelection {
  /** A node is selected, or several boxes are. */
  readonly isSelected: ReadonlySignal<boolean>;
  /** The second node of a shortest path is to be chosen. */
  readonly choosing = signal(false);

  private wasTable = false;
  /** What was selected when the table was opened. */
  private selectedBefore = '';

  constructor(
    private readonly context: ViewContext,
    private readonly opened: OpenedGraph,
    private readonly drawn: DrawnGraph,
  ) {
    const { graphNode, graphArea } = context.state;
    this.isSelected = computed(() => graphNode.value !== '' || graphArea.value.length > 0);
  }

  /** Shows what is selected, from now on. Returns the ends of that. */
  start(): (() => void)[] {
    return [effect(() => this.showSelected())];
  }

  /** A node that is selected is there to be seen: in a link that opens nothing, and after it was selected in the table. */
  private showSelected(): void {
    const { state } = this.context;
    const facts = this.opened.facts.value;
    const isTable = state.graphTable.value !== undefined;
    untracked(() => {
      const path = state.graphNode.value;
      if (isTable && !this.wasTable) this.selectedBefore = path;
      const isNew = this.wasTable && !isTable && path !== this.selectedBefore;
      if (facts) this.wasTable = isTable;
      if (!facts || isTable || path === '') return;
      const nothingSet = state.graphOpen.value === undefined && !state.graphCamera.value;
      if (isNew || (nothingSet && path.includes('/'))) inSameStep(() => this.drawn.bringIntoView(path, false));
    });
  }

  /** Selects a node, or the other end of a shortest path if that is to be chosen; '' = none. */
  select(path: string): void {
    const { state } = this.context;
    batch(() => {
      if (this.choosing.value && path !== '' && path !== state.graphNode.value) {
        state.graphPathTo.value = path;
      } else {
        state.graphNode.value = path;
        state.graphPathTo.value = '';
      }
      state.graphArea.value = [];
      this.choosing.value = false;
    });
  }

  /** Selects several boxes together; one alone is the selected node. */
  selectAll(paths: readonly string[]): void {
    batch(() => {
      this.select(paths.length === 1 ? (paths[0] as string) : '');
      if (paths.length > 1) this.context.state.graphArea.value = paths;
    });
  }

  /** Selects the box around what is selected, and says which; '' = there was none, and nothing is selected any more. */
  selectAround(): string {
    const { graphNode } = this.context.state;
    const path = this.choosing.value ? graphNode.value : parentOf(graphNode.value);
    this.choosing.value = false;
    this.select(path);
    return path;
  }

  /** Opens all around a node, selects it and brings it into the middle. */
  reveal(path: string): void {
    batch(() => {
      this.select(path);
      this.drawn.bringIntoView(path, false);
    });
  }

  /** The same of one of many that are gone through: what it opens is closed when the next one is gone to. */
  pass(path: string): void {
    batch(() => {
      this.select(path);
      this.drawn.bringIntoView(path, true);
    });
  }
}

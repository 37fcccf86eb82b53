import { batch, computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import type { GraphColour, Scene, SceneQuery } from '../../engine/graphs/graphs';
import { around, closedUnder, isIn, isInStack } from '../../model/graph_paths';
import { inSameStep } from '../../model/same_step';
import { Latest } from '../latest';
import type { ViewContext } from '../view_def';
import { centred, keep, type Camera } from './camera';
import { dominantIn } from './dominant';
import { colourOf } from './graph_colours';
import type { OpenedGraph } from './opened_graph';
import { SceneIndex } from './scene_index';

/** Boxes in each other that are opened by themselves, and how much may be in each of them. */
const MAX_DOMINANT = 8;
const MAX_INSIDE = 500;

/** What of the graph is open, and how that is drawn. */
export class DrawnGraph {
  readonly scene = new Latest<SceneIndex>();
  /** The colours that are drawn: those that are wanted, if the graph has them. */
  readonly colour: ReadonlySignal<GraphColour>;
  /** Boxes that are open, by path. */
  readonly open: ReadonlySignal<ReadonlySet<string>>;
  /** Where it is seen from right now. */
  camera: Camera = { x: 0, y: 0, zoom: 1 };

  /** What is open while nobody has opened or closed anything. */
  private readonly dominant = signal<ReadonlySet<string>>(new Set());
  /** What the last hit or difference opened that was gone to: the next one closes it. */
  private trail: ReadonlySet<string> = new Set();
  /** What is to be seen by itself and is one of a stack, and whether it is one of many that are gone through; '' = nothing. */
  private revealed = { path: '', isPassing: false };

  constructor(
    private readonly context: ViewContext,
    private readonly opened: OpenedGraph,
  ) {
    const { state } = context;
    this.colour = computed(() => {
      const [facts, chosen] = [opened.facts.value, opened.chosen.value];
      const form = chosen?.kind === 'series' ? chosen.form : undefined;
      return facts ? colourOf(state.graphColour.value, facts, form) : 'structure';
    });
    this.open = computed(() => state.graphOpen.value ?? this.dominant.value);
  }

  /** Draws what is open, from now on. Returns the ends of that. */
  start(): (() => void)[] {
    return [effect(() => this.draw()), effect(() => this.takeOutOfStack())];
  }

  private draw(): void {
    const { state } = this.context;
    const facts = this.opened.facts.value;
    void this.opened.attempt.value;
    const query = {
      open: state.graphOpen.value,
      putBack: state.graphPutBack.value,
      takenOut: state.graphTakenOut.value,
      colour: this.colour.value,
    };
    // Nobody sees it beside a table.
    if (state.graphTable.value) return;
    untracked(() => {
      if (!facts) return this.scene.clear();
      this.scene.ask(async (signal) => new SceneIndex(await this.sceneOf(facts.graph, query, signal), query.colour));
    });
  }

  /** What is drawn; of a graph in which nobody has opened or closed anything, what is in the boxes that are dominant. */
  private async sceneOf(
    graph: number,
    { open, ...query }: Omit<SceneQuery, 'open'> & { open: ReadonlySet<string> | undefined },
    signal: AbortSignal,
  ): Promise<Scene> {
    const graphs = await this.opened.graphs();
    if (open) return graphs.scene(graph, { ...query, open: [...open] }, signal);
    const dominant: string[] = [];
    for (;;) {
      const scene = await graphs.scene(graph, { ...query, open: dominant }, signal);
      const path = dominant.length < MAX_DOMINANT ? dominantIn(scene) : undefined;
      if (path === undefined || (await graphs.outline(graph, path, 0, 1)).total > MAX_INSIDE) {
        if (!signal.aborted) this.dominant.value = new Set(dominant);
        return scene;
      }
      dominant.push(path);
    }
  }

  // ---- what is open

  /** Opens a box or closes it; it stays where it is seen. */
  toggle(path: string): void {
    this.setOpen(path, !this.open.value.has(path));
  }

  setOpen(path: string, wanted: boolean): void {
    const { state } = this.context;
    const open = this.open.value;
    if (open.has(path) === wanted) return;
    const next = wanted
      ? closedUnder([...open, path])
      : new Set([...open].filter((one) => !isIn(one, path) && !isInStack(one, path)));
    const scene = this.scene.value.value;
    batch(() => {
      if (scene) state.graphCamera.value = keep(this.camera, scene, path);
      this.trail = new Set([...this.trail].filter((one) => one !== path));
      state.graphOpen.value = next;
    });
  }

  /** Takes nodes out of the drawing, or puts them back. */
  setDrawn(paths: readonly string[], drawn: boolean): void {
    const { state } = this.context;
    const without = (list: readonly string[]): string[] => list.filter((path) => !paths.includes(path));
    batch(() => {
      state.graphTakenOut.value = drawn ? without(state.graphTakenOut.value) : [...without(state.graphTakenOut.value), ...paths]; // prettier-ignore
      state.graphPutBack.value = drawn ? [...without(state.graphPutBack.value), ...paths] : without(state.graphPutBack.value); // prettier-ignore
    });
  }

  // ---- what is gone to

  /**
   * Opens all around a node and brings it into the middle.
   *
   * @param isPassing it is one of many that are gone through: what it opens is closed when the next one is gone to
   */
  bringIntoView(path: string, isPassing: boolean): void {
    const { state } = this.context;
    batch(() => {
      this.revealed = { path, isPassing };
      const before = isPassing ? withoutTrail(this.open.value, this.trail) : this.open.value;
      const open = closedUnder([...before, ...around(path)]);
      // What a person goes to by itself stays open.
      this.trail = new Set(isPassing ? added(open, before) : [...this.trail].filter((one) => !isIn(path, one)));
      state.graphOpen.value = open;
      if (!state.graphTable.value) state.graphCamera.value = centred(path, this.camera.zoom);
    });
  }

  private takeOutOfStack(): void {
    const index = this.scene.value.value;
    const { path, isPassing } = this.revealed;
    if (!index || path === '' || this.scene.busy.value) return;
    this.revealed = { path: '', isPassing };
    const isStacked = !index.byPath.has(path) && index.stackOf(path) !== undefined;
    if (!isStacked) return;
    inSameStep(() => {
      const before = this.open.value;
      const open = closedUnder([...before, path]);
      if (isPassing) this.trail = new Set([...this.trail, ...added(open, before)]);
      this.context.state.graphOpen.value = open;
    });
  }
}

/** Those of the open boxes that stay when a trail is closed: what it did not open, and what is around that. */
export function withoutTrail(open: ReadonlySet<string>, trail: ReadonlySet<string>): Set<string> {
  return closedUnder(added(open, trail));
}

/** What one set has and another one has not. */
function added(after: ReadonlySet<string>, before: ReadonlySet<string>): string[] {
  return [...after].filter((path) => !before.has(path));
}

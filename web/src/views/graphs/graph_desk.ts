import { batch, computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import type {
  GraphColour,
  GraphFacts,
  GraphHits,
  GraphPoint,
  Graphs,
  GraphSource,
  NodeFacts,
  OpCount,
  Scene,
  SceneQuery,
  ShortestPath,
  TablePage,
  Trace,
} from '../../engine/graphs/graphs';
import type { SeriesPoints } from '../../engine/values/values';
import { around, closedUnder, isIn, isInStack, parentOf } from '../../model/graph_paths';
import { FIRST_GRAPH, type GraphPlace } from '../../model/state';
import { counted } from '../../ui/pending';
import { growthOf } from '../cards/growth';
import type { ViewContext } from '../view_def';
import { dominantIn } from './dominant';
import { MAX_SUMMED, sumOf, type AreaFacts } from './area';
import { centred, keep, type Camera } from './camera';
import {
  chosenOf,
  defaultColour,
  graphsOf,
  inFileOrder,
  momentAt,
  momentsOf,
  type Chosen,
  type Moment,
} from './graph_choice';
import { Latest } from '../latest';
import { OutlineRows } from './outline_rows';
import { SceneIndex } from './scene_index';

/** Boxes in each other that are opened by themselves, and how much may be in each of them. */
const MAX_DOMINANT = 8;
const MAX_INSIDE = 500;
/** Nodes out of the drawing of which it is looked whether they are on a trace. */
const MAX_MISSING = 50;

/** How many nodes are not the same in two graphs. */
export interface Differences {
  any: number;
  added: number;
  removed: number;
  changed: number;
}

/** All that the parts of the view share: which graph is open, and what is known of it. Nothing in it is set by a person. */
export class GraphDesk {
  readonly opened = new Latest<GraphFacts>();
  readonly drawn = new Latest<SceneIndex>();
  readonly node = new Latest<NodeFacts | undefined>();
  /** What the boxes that are selected together are in all. */
  readonly area = new Latest<AreaFacts>();
  readonly hits = new Latest<GraphHits>();
  readonly traced = new Latest<Trace | ShortestPath | undefined>();
  /** What is on the way that is shown, and taken out of the drawing; by path. */
  readonly missing = new Latest<readonly string[]>();
  readonly ops = new Latest<readonly OpCount[]>();
  readonly differences = new Latest<Differences>();
  readonly outline: OutlineRows;
  /** Which of the hits, and of the differences, was gone to last; -1 = none yet. */
  readonly hit = signal(-1);
  readonly difference = signal(-1);
  /** The second node of a shortest path is to be chosen. */
  readonly choosing = signal(false);
  /** Where the drawing is seen from right now. */
  camera: Camera = { x: 0, y: 0, zoom: 1 };

  /** What is open while nobody has opened or closed anything. */
  private readonly dominant = signal<ReadonlySet<string>>(new Set());
  /** A link has said which graph it wants: no other one comes in its place. */
  private readonly linkNames: boolean;
  private readonly attempt = signal(0);
  private readonly points = signal<ReadonlyMap<number, SeriesPoints>>(new Map());
  /** Graphs that the worker has open, by what they are of. */
  private readonly held = new Map<string, GraphFacts>();
  private stops: (() => void)[] = [];

  readonly files: ReadonlySignal<readonly string[]>;
  readonly runs;
  readonly chosen: ReadonlySignal<Chosen | undefined>;
  readonly against: ReadonlySignal<Chosen | undefined>;
  readonly facts: ReadonlySignal<GraphFacts | undefined>;
  /** The colours that are drawn: those that are wanted, if the graph has them. */
  readonly colour: ReadonlySignal<GraphColour>;
  /** Boxes that are open, by path. */
  readonly open: ReadonlySignal<ReadonlySet<string>>;
  /** A node is selected, or several boxes are. */
  readonly isSelected: ReadonlySignal<boolean>;

  constructor(readonly context: ViewContext) {
    const { shown, engine, state } = context;
    const { catalogue } = engine;
    const { run, form } = state.graph.peek();
    this.linkNames = run !== '' || form !== '';
    this.outline = new OutlineRows(this);
    this.files = computed(() => inFileOrder(shown.graphFiles.value.map(({ path }) => path)));
    this.runs = computed(() => {
      void growthOf(engine).value;
      const series = shown.tags('graphs').flatMap((tag) => shown.seriesOf('graphs', tag));
      const rank = new Map(shown.runs.value.map((run, i) => [run, i]));
      const all = series.map((one) => {
        return { run: catalogue.runName(one), tag: catalogue.tag(one), plugin: catalogue.plugin(one), series: one };
      });
      return graphsOf(all).sort((a, b) => (rank.get(a.run) ?? Infinity) - (rank.get(b.run) ?? Infinity));
    });
    this.chosen = computed(() => chosenOf(this.runs.value, this.files.value, state.graph.value));
    this.against = computed(() => {
      const place = state.graphAgainst.value;
      return place && chosenOf(this.runs.value, this.files.value, place);
    });
    // Of a graph that could not be opened nothing is to be seen, also not the one before it.
    this.facts = computed(() => (this.opened.fault.value ? undefined : this.opened.value.value));
    this.colour = computed(() => {
      const wanted = state.graphColour.value;
      const facts = this.facts.value;
      const chosen = this.chosen.value;
      if (!facts) return 'structure';
      if (wanted === 'auto') return defaultColour(facts, chosen?.kind === 'series' ? chosen.form : undefined);
      return reasonAgainst(wanted, facts) === '' ? wanted : 'structure';
    });
    this.isSelected = computed(() => state.graphNode.value !== '' || state.graphArea.value.length > 0);
    this.open = computed(() => state.graphOpen.value ?? this.dominant.value);
  }

  /** What answers about graphs; it comes with the first graph. */
  graphs(): Promise<Graphs> {
    return this.context.engine.graphs();
  }

  start(): void {
    if (this.stops.length > 0) return;
    const { state } = this.context;
    this.stops = [
      effect(() => this.watchPoints()),
      effect(() => this.showNewFile()),
      effect(() => this.openChosen()),
      effect(() => this.dropUnknown()),
      effect(() => this.draw()),
      effect(() => this.takeOutOfStack()),
      effect(() => this.showSelected()),
      effect(() => this.trace()),
      effect(() => {
        const [facts, path] = [this.facts.value, state.graphNode.value];
        if (!facts || path === '') untracked(() => this.node.clear());
        else untracked(() => this.node.ask(async () => (await this.graphs()).node(facts.graph, path)));
      }),
      effect(() => {
        const [facts, paths] = [this.facts.value, state.graphArea.value];
        if (!facts || paths.length === 0) untracked(() => this.area.clear());
        else untracked(() => this.area.ask((signal) => this.sum(facts.graph, paths, signal)));
      }),
      effect(() => {
        const [facts, query] = [this.facts.value, state.graphSearch.value.trim()];
        untracked(() => {
          this.hit.value = -1;
          this.stepOnceFound = undefined;
          if (!facts || query === '') this.hits.clear();
          else this.hits.ask(async (signal) => (await this.graphs()).search(facts.graph, query, signal));
        });
      }),
      effect(() => {
        if (this.hits.busy.value || this.stepOnceFound === undefined) return;
        const by = this.stepOnceFound;
        this.stepOnceFound = undefined;
        untracked(() => this.stepHit(by));
      }),
      effect(() => {
        const facts = this.facts.value;
        const wanted = state.graphTable.value !== undefined;
        if (facts && wanted) untracked(() => this.ops.ask(async () => (await this.graphs()).ops(facts.graph)));
      }),
      effect(() => {
        const facts = this.facts.value;
        untracked(() => {
          this.difference.value = -1;
          if (facts?.compared) this.differences.ask((signal) => this.compareAll(facts.graph, signal));
          else this.differences.clear();
        });
      }),
      effect(() => {
        const facts = this.facts.value;
        untracked(() => this.outline.reset(facts?.graph));
      }),
    ];
  }

  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
  }

  /** The graphs of a series, as far as they are known yet. */
  momentsAt(series: number): readonly Moment[] {
    const points = this.points.value.get(series);
    return points ? momentsOf(points) : [];
  }

  // ---- what is open

  private watchPoints(): void {
    void growthOf(this.context.engine).value;
    const needed = [this.chosen.value, this.against.value].flatMap((chosen) => {
      if (chosen?.kind !== 'series') return [];
      const graph = this.runs.value.find(({ run }) => run === chosen.run)?.forms.get('ops')?.[0];
      return chosen.form === 'profile' && graph ? [chosen.series, graph.series] : [chosen.series];
    });
    for (const series of needed) {
      void this.context.engine.points(series).then(
        (points) => {
          const known = this.points.peek().get(series);
          if (known && known.steps.length === points.steps.length) return;
          this.points.value = new Map(this.points.peek()).set(series, points);
        },
        // Without points the engine is dead, which the shell says.
        () => undefined,
      );
    }
  }

  /** What to open, and what that is called; undefined = it is not known yet. */
  private sourceOf(chosen: Chosen, place: GraphPlace): { key: string; source: GraphSource } | undefined {
    if (chosen.kind === 'file') {
      const source = this.context.shown.graphFiles.value.find(({ path }) => path === chosen.name)?.source;
      return source && { key: `file ${chosen.name}`, source: { kind: 'file', name: chosen.name, source } };
    }
    const { form, series } = chosen;
    const own = this.pointOf(series, place);
    if (!own) return undefined;
    if (form !== 'profile') return { key: `${own.series} ${own.point}`, source: { kind: 'point', of: own } };
    // What ran is seen in the graph that it ran in, where that was written.
    const graph = this.runs.value.find(({ run }) => run === chosen.run)?.forms.get('ops')?.[0];
    const of = graph ? this.pointOf(graph.series, { step: place.step, time: undefined }) : own;
    if (!of) return undefined;
    return { key: `${of.series} ${of.point} ${own.series} ${own.point}`, source: { kind: 'point', of, profile: own } };
  }

  /** The point of a series that a place names; undefined = its points are not known yet. */
  private pointOf(series: number, when: Pick<GraphPlace, 'step' | 'time'>): GraphPoint | undefined {
    const points = this.points.value.get(series);
    if (!points) return undefined;
    const moments = momentsOf(points);
    return { series, point: points.points[moments[momentAt(moments, when)]?.at ?? 0] ?? 0 };
  }

  private known: ReadonlySet<string> | undefined;
  /** A file that is opened while another graph is shown is what somebody wants to see now. */
  private showNewFile(): void {
    const files = this.files.value;
    untracked(() => {
      const fresh = added(new Set(files), this.known ?? new Set(files)).at(-1);
      this.known = new Set(files);
      const isOpen = this.facts.value !== undefined || this.opened.fault.value !== undefined;
      if (fresh === undefined || this.linkNames || !isOpen) return;
      this.choose({ ...FIRST_GRAPH, form: 'file', run: fresh });
      this.context.announce(`Graph of ${fresh}`);
    });
  }

  private openedKey = '';
  private openChosen(): void {
    const { state } = this.context;
    const attempt = this.attempt.value;
    const chosen = this.chosen.value;
    const wanted = chosen && this.sourceOf(chosen, state.graph.value);
    const against = this.against.value;
    const before = against && this.sourceOf(against, state.graphAgainst.value ?? state.graph.value);
    if (!chosen) {
      this.openedKey = '';
      return untracked(() => this.opened.clear());
    }
    // It is not known yet where they are.
    if (!wanted || (against && !before)) return;
    const key = JSON.stringify([wanted.key, before?.key, attempt]);
    if (key === this.openedKey) return;
    this.openedKey = key;
    untracked(() =>
      this.opened.ask(async (signal) => {
        const graphs = await this.graphs();
        const open = async ({ key, source }: { key: string; source: GraphSource }): Promise<GraphFacts> => {
          const known = this.held.get(key);
          if (known) return known;
          const facts = await graphs.open(source, signal);
          this.held.set(key, facts);
          return facts;
        };
        const after = await open(wanted);
        const needed = new Set([wanted.key]);
        let facts = after;
        if (before) {
          const other = await open(before);
          const both = `${before.key} → ${wanted.key}`;
          facts = this.held.get(both) ?? (await graphs.compare(other.graph, after.graph, signal));
          this.held.set(both, facts);
          needed.add(before.key).add(both);
        }
        if (signal.aborted) return facts;
        // What is not shown any more costs memory.
        for (const [name, { graph }] of this.held) {
          if (needed.has(name)) continue;
          this.held.delete(name);
          graphs.close(graph);
        }
        return facts;
      }),
    );
  }

  /** Another graph was chosen, which is not open yet. */
  private isLeaving = false;
  /** What a graph that was chosen has no node for is not selected or open any more; what a link names stays. */
  private dropUnknown(): void {
    const [facts, busy] = [this.facts.value, this.opened.busy.value];
    if (!facts || busy || !this.isLeaving) return;
    this.isLeaving = false;
    untracked(() => void counted(this.keepKnown(facts.graph).catch(() => undefined)));
  }

  private async keepKnown(graph: number): Promise<void> {
    const { graphNode, graphPathTo, graphArea, graphOpen } = this.context.state;
    const graphs = await this.graphs();
    const unknown = new Set<string>();
    for (const path of new Set([graphNode.value, graphPathTo.value, ...graphArea.value, ...(graphOpen.value ?? [])])) {
      if (path !== '' && !(await graphs.node(graph, path))) unknown.add(path);
    }
    if (unknown.size === 0 || this.facts.value?.graph !== graph) return;
    const isKnown = (path: string): boolean => !unknown.has(path);
    batch(() => {
      if (!isKnown(graphPathTo.value)) graphPathTo.value = '';
      if (!isKnown(graphNode.value)) this.select('');
      graphArea.value = graphArea.value.filter(isKnown);
      const open = [...(graphOpen.value ?? [])].filter(isKnown);
      graphOpen.value = open.length > 0 ? new Set(open) : undefined;
    });
  }

  retry(): void {
    this.attempt.value++;
  }

  private draw(): void {
    const { state } = this.context;
    const facts = this.facts.value;
    void this.attempt.value;
    const query = {
      open: state.graphOpen.value,
      putBack: state.graphPutBack.value,
      takenOut: state.graphTakenOut.value,
      colour: this.colour.value,
    };
    // Nobody sees it beside a table.
    if (state.graphTable.value) return;
    untracked(() => {
      if (!facts) return this.drawn.clear();
      this.drawn.ask(async (signal) => new SceneIndex(await this.sceneOf(facts.graph, query, signal), query.colour));
    });
  }

  /** What is drawn; of a graph in which nobody has opened or closed anything, what is in the boxes that are dominant. */
  private async sceneOf(
    graph: number,
    { open, ...query }: Omit<SceneQuery, 'open'> & { open: ReadonlySet<string> | undefined },
    signal: AbortSignal,
  ): Promise<Scene> {
    const graphs = await this.graphs();
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

  /** What the last hit or difference opened that was gone to: the next one closes it. */
  private trail: ReadonlySet<string> = new Set();
  /** What is to be seen by itself and is one of a stack; '' = nothing. */
  private revealed = '';
  private takeOutOfStack(): void {
    const index = this.drawn.value.value;
    const path = this.revealed;
    if (!index || path === '' || this.drawn.busy.value) return;
    this.revealed = '';
    const isStacked = !index.byPath.has(path) && index.stackOf(path) !== undefined;
    if (!isStacked) return;
    untracked(() => {
      const before = this.open.value;
      const open = closedUnder([...before, path]);
      if (this.stepping) this.trail = new Set([...this.trail, ...added(open, before)]);
      this.context.state.graphOpen.value = open;
    });
  }

  private wasTable = false;
  /** What was selected when the table was opened. */
  private selectedBefore = '';
  /** A node that is selected is there to be seen: in a link that opens nothing, and after it was selected in the table. */
  private showSelected(): void {
    const { state } = this.context;
    const facts = this.facts.value;
    const isTable = state.graphTable.value !== undefined;
    untracked(() => {
      const path = state.graphNode.value;
      if (isTable && !this.wasTable) this.selectedBefore = path;
      const isNew = this.wasTable && !isTable && path !== this.selectedBefore;
      if (facts) this.wasTable = isTable;
      if (!facts || isTable || path === '') return;
      const nothingSet = state.graphOpen.value === undefined && !state.graphCamera.value;
      if (isNew || (nothingSet && path.includes('/'))) this.bringIntoView(path, false);
    });
  }

  /** What a node is joined to by single edges. */
  async joinedTo(path: string): Promise<Trace> {
    const { graph } = this.facts.value as GraphFacts;
    return (await this.graphs()).trace(graph, path, 'both', 1, new AbortController().signal);
  }

  private trace(): void {
    const { state } = this.context;
    const facts = this.facts.value;
    const scene = this.drawn.value.value;
    const from = state.graphNode.value;
    const to = state.graphPathTo.value;
    const [way, depth] = [state.graphTrace.value, state.graphTraceDepth.value];
    untracked(() => {
      this.missing.clear();
      if (!facts || !scene || from === '' || (to === '' && way === 'off')) return this.traced.clear();
      const out = scene.scene.takenOut.map(({ path }) => path);
      if (to !== '') {
        this.traced.ask(async (signal) => (await this.graphs()).shortestPath(facts.graph, from, to, signal));
      } else if (way !== 'off') {
        this.traced.ask(async (signal) => (await this.graphs()).trace(facts.graph, from, way, depth, signal));
        this.missing.ask(async (signal) => {
          const graphs = await this.graphs();
          const found: string[] = [];
          for (const path of out.slice(0, MAX_MISSING)) {
            const [begin, end] = way === 'inputs' ? [path, from] : [from, path];
            const { path: between } = await graphs.shortestPath(facts.graph, begin, end, signal);
            if (isOnTrace(between, way === 'both' ? undefined : begin, depth)) found.push(path);
          }
          return found;
        });
      }
    });
  }

  private async sum(graph: number, paths: readonly string[], signal: AbortSignal): Promise<AreaFacts> {
    const graphs = await this.graphs();
    const nodes: NodeFacts[] = [];
    for (const path of paths.slice(0, MAX_SUMMED)) {
      const node = await graphs.node(graph, path);
      if (signal.aborted) break;
      if (node) nodes.push(node);
    }
    return sumOf(nodes);
  }

  private async compareAll(graph: number, signal: AbortSignal): Promise<Differences> {
    const count = async (kind: string): Promise<number> => (await this.differing(graph, kind, 0, 0, signal)).total;
    return {
      added: await count('added'),
      removed: await count('removed'),
      changed: await count('changed'),
      // The worker keeps what it asked last: one after the other of these is gone to.
      any: await count('any'),
    };
  }

  /** Nodes that are not the same, in the order of their names. */
  private async differing(
    graph: number,
    kind: string,
    from: number,
    count: number,
    signal: AbortSignal,
  ): Promise<TablePage> {
    return (await this.graphs()).table(graph, { query: `difference:${kind}`, sort: 'name', descending: false, from, count }, signal); // prettier-ignore
  }

  // ---- what a person does

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
    const scene = this.drawn.value.value;
    batch(() => {
      if (scene) state.graphCamera.value = keep(this.camera, scene, path);
      this.trail = new Set([...this.trail].filter((one) => one !== path));
      state.graphOpen.value = next;
    });
  }

  closeAll(): void {
    const { state } = this.context;
    batch(() => {
      state.graphOpen.value = new Set();
      state.graphCamera.value = undefined;
    });
  }

  /** Opens all around a node, selects it and brings it into the middle. */
  reveal(path: string): void {
    batch(() => {
      this.select(path);
      this.bringIntoView(path, false);
    });
  }

  private step(path: string): void {
    batch(() => {
      this.select(path);
      this.bringIntoView(path, true);
    });
  }

  /** The last thing that was revealed was one of many that are gone through. */
  private stepping = false;
  private bringIntoView(path: string, stepping: boolean): void {
    const { state } = this.context;
    batch(() => {
      this.revealed = path;
      this.stepping = stepping;
      const before = stepping ? withoutTrail(this.open.value, this.trail) : this.open.value;
      const open = closedUnder([...before, ...around(path)]);
      // What a person goes to by itself stays open.
      this.trail = new Set(stepping ? added(open, before) : [...this.trail].filter((one) => !isIn(path, one)));
      state.graphOpen.value = open;
      if (!state.graphTable.value) state.graphCamera.value = centred(path, this.camera.zoom);
    });
  }

  /** Enter was pressed before anything was found. */
  private stepOnceFound: 1 | -1 | undefined;
  stepHit(by: 1 | -1): void {
    if (this.hits.busy.value) {
      this.stepOnceFound = by;
      return;
    }
    const hits = this.hits.value.value?.hits ?? [];
    if (hits.length === 0) return;
    this.goToHit((this.hit.value + by + hits.length + (this.hit.value === -1 && by === -1 ? 1 : 0)) % hits.length);
  }

  goToHit(at: number): void {
    const hit = this.hits.value.value?.hits[at];
    if (!hit) return;
    this.hit.value = at;
    this.step(hit.path);
    this.context.announce(`Match ${at + 1}: ${hit.path}`);
  }

  stepDifference(by: 1 | -1): void {
    const graph = this.facts.value?.graph;
    const any = this.differences.value.value?.any ?? 0;
    if (graph === undefined || any === 0) return;
    const before = this.difference.value;
    const at = (this.difference.value = before === -1 && by === -1 ? any - 1 : (before + by + any) % any);
    const ask = this.differing(graph, 'any', at, 1, new AbortController().signal);
    const go = ({ rows: [row] }: TablePage): void => {
      if (!row || this.difference.value !== at || this.facts.value?.graph !== graph) return;
      this.step(row.path);
      this.context.announce(`${row.difference}: ${row.path}`);
    };
    // Without an answer nothing is gone to; the next one is the one behind it.
    void counted(ask.then(go, () => undefined));
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

  /** Another graph is seen as it is at first, and of what was set of the one before that stays which it has nodes for. */
  choose(place: GraphPlace): void {
    const { state } = this.context;
    const drawnOf = (): string | undefined => {
      const chosen = this.chosen.value;
      return chosen?.kind === 'series' ? `${chosen.run}/${chosen.form}` : chosen?.name;
    };
    const before = drawnOf();
    batch(() => {
      state.graph.value = place;
      if (drawnOf() === before) return;
      this.isLeaving = true;
      state.graphCamera.value = undefined;
    });
  }

  compareWith(place: GraphPlace | undefined): void {
    const { state } = this.context;
    batch(() => {
      state.graphAgainst.value = place;
      state.graphColour.value = 'auto';
    });
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

/** Why boxes cannot have these colours; '' = they can. */
export function reasonAgainst(colour: GraphColour, { has, compared }: GraphFacts): string {
  if (colour === 'device' && !has.devices) return 'No node names a device';
  if (colour === 'cluster' && !has.clusters) return 'XLA has compiled none of it';
  if (colour === 'time' && !has.time) return 'Needs a profile of a step (run metadata)';
  if (colour === 'memory' && !has.memory) return 'Needs a profile of a step (run metadata)';
  if (colour === 'difference' && !compared) return 'Needs a second graph to compare with';
  return '';
}

/** Those of the open boxes that stay when a trail is closed: what it did not open, and what is around that. */
export function withoutTrail(open: ReadonlySet<string>, trail: ReadonlySet<string>): Set<string> {
  return closedUnder(added(open, trail));
}

function added(after: ReadonlySet<string>, before: ReadonlySet<string>): string[] {
  return [...after].filter((path) => !before.has(path));
}

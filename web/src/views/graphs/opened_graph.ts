import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import type { GraphFacts, GraphPoint, Graphs, GraphSource } from '../../engine/graphs/graphs';
import type { SeriesPoints } from '../../engine/values/values';
import type { GraphPlace } from '../../model/state';
import { growthOf } from '../cards/growth';
import { Latest } from '../latest';
import type { ViewContext } from '../view_def';
import {
  chosenOf,
  graphsOf,
  inFileOrder,
  momentAt,
  momentsOf,
  type Chosen,
  type Moment,
  type RunGraphs,
} from './graph_choice';

/** Which graphs there are, and which of them is open. */
export class OpenedGraph {
  /** What the worker says of it; while the next one is awaited, of the one before. */
  readonly answer = new Latest<GraphFacts>();
  readonly files: ReadonlySignal<readonly string[]>;
  readonly runs: ReadonlySignal<readonly RunGraphs[]>;
  readonly chosen: ReadonlySignal<Chosen | undefined>;
  readonly against: ReadonlySignal<Chosen | undefined>;
  /** Of what is to be seen: of a graph that could not be opened nothing is, also not the one before it. */
  readonly facts: ReadonlySignal<GraphFacts | undefined>;
  /** Counts how often all was asked anew. */
  readonly attempt = signal(0);

  private readonly points = signal<ReadonlyMap<number, SeriesPoints>>(new Map());
  /** Graphs that the worker has open, by what they are of. */
  private readonly held = new Map<string, GraphFacts>();
  /** What is open, or was asked for. */
  private openedKey = '';

  constructor(private readonly context: ViewContext) {
    const { shown, engine, state } = context;
    const { catalogue } = engine;
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
    this.facts = computed(() => (this.answer.fault.value ? undefined : this.answer.value.value));
  }

  /** Opens what is chosen, from now on. Returns the ends of that. */
  start(): (() => void)[] {
    return [effect(() => this.watchPoints()), effect(() => this.openChosen())];
  }

  /** What answers about graphs; it comes with the first graph. */
  graphs(): Promise<Graphs> {
    return this.context.engine.graphs();
  }

  /** Opens, and draws, once more what could not be. */
  retry(): void {
    this.attempt.value++;
  }

  /** The graphs of a series, as far as they are known yet. */
  momentsAt(series: number): readonly Moment[] {
    const points = this.points.value.get(series);
    return points ? momentsOf(points) : [];
  }

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

  private openChosen(): void {
    const { state } = this.context;
    const attempt = this.attempt.value;
    const chosen = this.chosen.value;
    const wanted = chosen && this.sourceOf(chosen, state.graph.value);
    const against = this.against.value;
    const before = against && this.sourceOf(against, state.graphAgainst.value ?? state.graph.value);
    if (!chosen) {
      this.openedKey = '';
      return untracked(() => this.answer.clear());
    }
    // It is not known yet where they are.
    if (!wanted || (against && !before)) return;
    const key = JSON.stringify([wanted.key, before?.key, attempt]);
    if (key === this.openedKey) return;
    this.openedKey = key;
    untracked(() =>
      this.answer.ask(async (signal) => {
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
}

import { batch, computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import type {
  ProjectionFrame,
  ProjectionOptions,
  ProjectionProgress,
  Projections,
  Preparation,
} from '../../engine/projections/projections';
import type { ProjectionSettings } from '../../model/state';
import { counted } from '../../ui/pending';
import { Latest } from '../latest';
import type { ViewContext } from '../view_def';
import { dimensionAlong, type OpenEmbedding } from './open_embedding';
import { areOnOnePlace, flippedTo, inSpace, placesOf, type Places } from './places';
import { rowsOfTerms, type PointTerms } from './point_terms';

/** Pictures of other steps that are kept: numbers in all. */
const MAX_KEPT = 30_000_000;
/** Steps a second are told after so long, ms. */
const RATE_AFTER_MS = 500;

/** Where a projection stands. */
export type Running = 'off' | 'running' | 'paused';

/** What a projection made, and of what. */
export interface Picture {
  /** Known by its `points`: what else is known of them may come later. */
  of: OpenEmbedding;
  options: ProjectionOptions;
  frame: ProjectionFrame;
  /** It was kept elsewhere, or its run was left: the worker knows nothing of it. */
  isKept: boolean;
}

/** What is asked of the projection worker, what comes of it, and where points are seen. */
export class Projecting {
  /** How the run that was started last ended; its frames come in `progress` and `picture`. */
  readonly run = new Latest<ProjectionProgress>();
  readonly progress = signal<ProjectionProgress | undefined>(undefined);
  readonly running = signal<Running>('off');
  /** Steps a second, of the run. */
  readonly rate = signal(0);
  /** What is asked for; undefined = nothing can be yet. */
  readonly options: ReadonlySignal<ProjectionOptions | undefined>;
  /** The points that the ends of axes mean. */
  readonly axisTerms = new Latest<{
    of: OpenEmbedding;
    axes: ProjectionSettings['axes'];
    ends: readonly { from: PointTerms; to: PointTerms }[];
  }>();
  /** What is seen: of what is open, or, until there is a picture of that, of another step of it. */
  readonly picture = signal<Picture | undefined>(undefined);
  /** What is asked for and has made nothing to be seen yet: the picture is that of before. */
  readonly awaited = signal<ProjectionOptions | undefined>(undefined);
  readonly places = signal<Places | undefined>(undefined);
  /** All points fall on one place: there is nothing to see. */
  readonly isOnePlace: ReadonlySignal<boolean>;
  /** x, y and z of each point; undefined = there is no picture. */
  readonly space: ReadonlySignal<Float32Array<ArrayBuffer> | undefined>;

  /** Where points of another step of the same embedding were seen, by the same method: this one is laid over it. */
  private reference: { places: Places; method: ProjectionOptions['method'] } | undefined;
  /** Pictures of steps that were seen, and of runs that were left while they were paused, by what they are of. */
  private readonly seen = new Map<string, ProjectionFrame>();
  private readonly again = signal(0);
  /** What was kept elsewhere is shown once its step is open, in place of what is until then. */
  private kept: { frame: ProjectionFrame; step: number | undefined; shownOver: OpenEmbedding | undefined } | undefined;
  private stops: (() => void)[] = [];

  constructor(
    private readonly context: ViewContext,
    private readonly open: ReadonlySignal<OpenEmbedding | undefined>,
  ) {
    this.options = computed(() => this.optionsOf());
    this.isOnePlace = computed(() => this.places.value !== undefined && areOnOnePlace(this.places.value));
    this.space = computed(() => {
      const places = this.places.value;
      return places && inSpace(places);
    });
  }

  start(): void {
    const { state } = this.context;
    this.stops = [
      effect(() => {
        const [open, method, axes] = [this.open.value, state.projection.value, state.projectionSettings.value.axes];
        untracked(() => {
          if (open && method === 'axes') this.axisTerms.ask((signal) => this.resolved(open, axes, signal));
          else this.axisTerms.clear();
        });
      }),
      effect(() => this.project()),
      effect(() => this.place()),
    ];
    if (this.isAway) this.resume();
    this.isAway = false;
  }

  private isAway = false;
  /** Nobody sees it: it waits until somebody does. */
  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
    this.isAway = this.running.peek() === 'running';
    if (this.isAway) this.pause();
  }

  private projections(): Promise<Projections> {
    return this.context.engine.projections();
  }

  private preparing: { set: number; preparation: Preparation; done: Promise<void> } | undefined;
  /**
   * The worker, once points are seen there as they are to be: what asks about them awaits this. Points that are seen
   * so already are left alone, since preparing them ends their projection.
   */
  async prepared({ points: { set } }: OpenEmbedding, preparation: Preparation): Promise<Projections> {
    const projections = await this.projections();
    if (this.preparing?.set !== set || this.preparing.preparation !== preparation)
      this.preparing = { set, preparation, done: projections.prepare(set, preparation) };
    await this.preparing.done;
    return projections;
  }

  // ---- what is asked

  private optionsOf(): ProjectionOptions | undefined {
    const { projection, projectionIs3d, projectionSettings } = this.context.state;
    const { perplexity, learningRate, neighbours, minDistance, metric, seed, axes } = projectionSettings.value;
    const dimensions = projectionIs3d.value ? 3 : 2;
    switch (projection.value) {
      case 'pca':
        return { method: 'pca' };
      case 'tsne':
        return { method: 'tsne', dimensions, perplexity, metric, seed, ...(learningRate > 0 && { learningRate }) };
      case 'umap':
        return { method: 'umap', dimensions, neighbours, minDistance, metric, seed };
      case 'axes': {
        const found = this.axisTerms.value.value;
        const open = this.open.value;
        if (!found || found.axes !== axes || found.of !== open) return undefined;
        const ends = found.ends.slice(0, dimensions);
        // An axis to nowhere would be one to the middle of all.
        if (ends.some(({ from, to }) => from.problem !== '' || to.problem !== '')) return undefined;
        return {
          method: 'axes',
          axes: axes
            .slice(0, dimensions)
            .map((axis, i) =>
              axis.kind === 'dimension'
                ? { kind: 'dimension', index: dimensionAlong(open, i, axis.index) }
                : { kind: 'between', from: ends[i]?.from.points ?? [], to: ends[i]?.to.points ?? [] },
            ),
        };
      }
    }
  }

  private async resolved(open: OpenEmbedding, axes: ProjectionSettings['axes'], signal: AbortSignal) {
    const reader = await this.context.engine.embeddings();
    const find = (text: string): Promise<PointTerms> => rowsOfTerms(reader, open, text, signal);
    const ends = await Promise.all(
      axes.map(async (axis) => {
        const [from, to] = axis.kind === 'dimension' ? ['', ''] : [axis.from, axis.to];
        return { from: await find(from), to: await find(to) };
      }),
    );
    return { of: open, axes, ends };
  }

  // ---- what comes of it

  private ran = '';
  private project(): void {
    const [open, options, preparation] = [this.open.value, this.options.value, this.context.state.preparation.value];
    const again = this.again.value;
    untracked(() => {
      if (!open || open.points.points === 0) {
        this.ran = '';
        this.kept = undefined;
        return this.clear();
      }
      const before = this.picture.peek();
      const isSame = before?.of.points === open.points || (before && isStepOf(before.of, open));
      if (!isSame) this.clear();
      // The points that axes name are still looked for.
      if (!options) return;
      const places = this.places.peek();
      if (before && before.of.points !== open.points && isSame && places)
        this.reference = { places, method: before.options.method };
      const key = JSON.stringify([open.points.set, options, preparation, again]);
      if (this.kept) {
        const { frame, step, shownOver } = this.kept;
        const isThere = step === undefined || open.step.step === step;
        if (!isThere && open.points === shownOver?.points) return;
        this.kept = undefined;
        if (isThere) {
          this.ran = key;
          return this.show(open, options, frame);
        }
      }
      // Who comes back to the view finds it as it was.
      if (key === this.ran && !this.run.fault.peek()) return;
      this.ran = key;
      const ofStep = JSON.stringify([open.embedding.run, open.embedding.name, open.step.step, open.points.points, options, preparation]); // prettier-ignore
      const left = this.seen.get(ofStep);
      // The worker has it no more, and what was paused does not run unasked.
      if (left && left.progress.stage !== 'done') return this.show(open, options, left);
      this.follow(
        open,
        options,
        async (onFrame, signal) => {
          const projections = await this.prepared(open, preparation);
          return projections.start(open.points.set, options, onFrame, signal);
        },
        ofStep,
      );
    });
  }

  private clear(): void {
    this.leave();
    this.run.clear();
    this.reference = undefined;
    batch(() => {
      this.picture.value = undefined;
      this.awaited.value = undefined;
      this.places.value = undefined;
      this.progress.value = undefined;
      this.running.value = 'off';
    });
  }

  /** @param key what the picture is kept by, and what is shown meanwhile was; '' = neither */
  private follow(
    open: OpenEmbedding,
    options: ProjectionOptions,
    work: (onFrame: (frame: ProjectionFrame) => void, signal: AbortSignal) => Promise<ProjectionProgress>,
    key = '',
  ): void {
    this.leave();
    const meanwhile = this.seen.get(key);
    const show = (frame: ProjectionFrame): void => void (this.picture.value = { of: open, options, frame, isKept: false }); // prettier-ignore
    batch(() => {
      this.running.value = 'running';
      this.rate.value = 0;
      this.awaited.value = options;
      if (meanwhile) show(meanwhile);
    });
    let since: { at: number; step: number } | undefined;
    this.run.ask(async (signal) => {
      let last: ProjectionFrame | undefined;
      const onFrame = (frame: ProjectionFrame): void => {
        if (signal.aborted) return;
        const { progress } = frame;
        this.latest = { key, frame };
        // It was paused before it had begun.
        if (this.running.peek() === 'paused') this.told((projections, set) => projections.pause(set));
        if (progress.stage === 'layout') {
          const now = performance.now();
          since ??= { at: now, step: progress.step };
          if (now > since.at + RATE_AFTER_MS) this.rate.value = ((progress.step - since.step) * 1000) / (now - since.at); // prettier-ignore
        }
        batch(() => {
          this.progress.value = progress;
          if (frame.positions.length === 0) return;
          last = frame;
          if (meanwhile && progress.stage !== 'done') return;
          this.awaited.value = undefined;
          show(frame);
        });
      };
      try {
        const progress = await work(onFrame, signal);
        if (last && key !== '') this.keep(key, last);
        return progress;
      } finally {
        if (!signal.aborted) this.running.value = 'off';
      }
    });
  }

  /** What came last of the run, and what it is kept by. */
  private latest: { key: string; frame: ProjectionFrame } | undefined;
  /** What is paused ends as another one takes its place: as far as it came it is kept. */
  private leave(): void {
    const { latest } = this;
    this.latest = undefined;
    if (latest && latest.key !== '' && this.running.peek() === 'paused' && !this.isAway)
      this.keep(latest.key, latest.frame);
  }

  private keep(key: string, frame: ProjectionFrame): void {
    this.seen.delete(key);
    this.seen.set(key, frame);
    let numbers = 0;
    for (const [name, { positions }] of [...this.seen].reverse()) {
      numbers += positions.length;
      if (numbers > MAX_KEPT) this.seen.delete(name);
    }
  }

  private turn = 0;
  /**
   * Where the points of the picture are seen. Of another step, t-SNE and UMAP are laid over what was seen before, since
   * how they lie is nobody's choice; components of PCA only have a sign to choose; axes are what they are.
   */
  private place(): void {
    const { projectionIs3d, projectionSettings } = this.context.state;
    const picture = this.picture.value;
    const [is3d, components] = [projectionIs3d.value, projectionSettings.value.components];
    if (!picture) return;
    const { method } = picture.options;
    const places = placesOf(picture.frame, method === 'pca' ? components : [0, 1, 2], is3d);
    const turn = ++this.turn;
    untracked(() => {
      const { reference } = this;
      const to = reference?.method === method && reference.places.columns === places.columns ? reference.places : undefined; // prettier-ignore
      if (!to || method === 'axes' || picture.isKept) this.places.value = places;
      else if (method === 'pca') this.places.value = flippedTo(places, to);
      else
        void counted(
          this.projections()
            .then((projections) => projections.align(places.values, to.values, places.columns))
            .then(
              (values) => {
                if (turn === this.turn) this.places.value = { values, columns: places.columns };
              },
              () => undefined,
            ),
        );
    });
  }

  // ---- what a person does

  private told(tell: (projections: Projections, set: number) => void): void {
    const open = this.open.peek();
    if (open) void this.projections().then((projections) => tell(projections, open.points.set));
  }

  pause(): void {
    if (this.running.peek() !== 'running') return;
    this.running.value = 'paused';
    this.told((projections, set) => projections.pause(set));
  }

  resume(): void {
    if (this.running.peek() !== 'paused') return;
    this.running.value = 'running';
    this.told((projections, set) => projections.resume(set));
  }

  /** So many steps more of what was made last; not of what was kept elsewhere. */
  more(steps: number): void {
    const picture = this.picture.peek();
    if (!picture || picture.isKept || picture.of.points !== this.open.peek()?.points) return;
    const { of, options } = picture;
    this.follow(of, options, async (onFrame, signal) =>
      (await this.projections()).more(of.points.set, steps, onFrame, signal),
    );
  }

  perturb(steps: number): void {
    this.told((projections, set) => projections.perturb(set));
    if (this.running.peek() === 'off') this.more(steps);
  }

  restart(): void {
    this.seen.clear();
    this.again.value++;
  }

  /**
   * Shows places that were kept elsewhere, in place of what the state, which is set in the same batch, would project.
   *
   * @param step that they are of, once it is open; undefined = whichever is
   */
  showKept(frame: ProjectionFrame, step?: number): void {
    this.kept = { frame, step, shownOver: this.open.peek() };
    this.again.value++;
  }

  private show(of: OpenEmbedding, options: ProjectionOptions, frame: ProjectionFrame): void {
    this.leave();
    this.run.clear();
    batch(() => {
      this.running.value = 'off';
      this.progress.value = frame.progress;
      const isSeen = frame.positions.length > 0;
      if (isSeen) this.picture.value = { of, options, frame, isKept: true };
      this.awaited.value = isSeen ? undefined : options;
    });
  }
}

function isStepOf(before: OpenEmbedding, open: OpenEmbedding): boolean {
  const [one, other] = [before.embedding, open.embedding];
  return one.run === other.run && one.name === other.name && before.points.points === open.points.points;
}

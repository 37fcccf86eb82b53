import { batch, computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import type { Embedding, EmbeddingProblem, Embeddings, EmbeddingStep, FoundEmbeddings } from '../../engine/embeddings';
import { asWireError } from '../../engine/fault';
import type {
  KeptNeighbours,
  Neighbours,
  ProjectionFrame,
  ProjectionOptions,
  ProjectionProgress,
  Projections,
} from '../../engine/projections';
import type { StepUnion } from '../../engine/values';
import { errorText } from '../../model/errors';
import { openedEmbeddings } from '../../model/opened_embeddings';
import { MAX_NEIGHBOURS, type ProjectionSettings } from '../../model/state';
import { counted } from '../../ui/pending';
import { Latest } from '../latest';
import type { ViewContext } from '../view_def';
import { bookmarkFaultText, readBookmarks, type Bookmark } from './bookmarks';
import { LabelBook } from './label_book';
import { PointLook } from './point_look';
import type { PublishedEmbedding } from './projector_exports';
import { inSpace, placesOf, type Places } from './places';
import { columnNamed, pointsOf, type OpenEmbedding } from './open_embedding';
import { rowsOfTerms, type PointTerms } from './point_terms';
import { findRows, readQuery } from './row_search';

/** Rows of an embedding are given to the other worker in pieces of so many numbers. */
const PIECE = 1 << 20;
/** Pictures of other steps that are kept: numbers in all. */
const MAX_KEPT_PICTURES = 30_000_000;

/** Where a projection stands. */
export type Running = 'off' | 'running' | 'paused';

/** How far the picture can be trusted. */
export interface Trust {
  whole: KeptNeighbours;
  selected: KeptNeighbours | undefined;
}

/** All that the parts of the view share: which embedding is open, its picture, and what is known of its points. */
export class ProjectorDesk {
  readonly found = new Latest<FoundEmbeddings>();
  readonly opened = new Latest<OpenEmbedding>();
  /** Share of the bytes that are read, 0 to 1. */
  readonly readShare = signal(0);
  /** How the projection that was started last ended; its frames come in `progress` and `places`. */
  readonly projected = new Latest<ProjectionProgress>();
  readonly progress = signal<ProjectionProgress | undefined>(undefined);
  readonly running = signal<Running>('off');
  /** Steps a second, of the projection that runs. */
  readonly rate = signal(0);
  readonly neighbours = new Latest<Neighbours>();
  readonly trust = new Latest<Trust>();
  readonly matches = new Latest<Uint32Array>();
  /** Of each point to the middle of those that are selected. */
  readonly distances = new Latest<Float32Array>();
  /** The cells of the row that is selected. */
  readonly cells = new Latest<readonly string[]>();
  /** What the pointer is on; -1 = no point. */
  readonly hovered = signal(-1);

  readonly embeddings: ReadonlySignal<readonly Embedding[]>;
  readonly chosen: ReadonlySignal<Embedding | undefined>;
  readonly step: ReadonlySignal<EmbeddingStep | undefined>;
  /** Open, and not only what was before one that could not be opened. */
  readonly open: ReadonlySignal<OpenEmbedding | undefined>;
  /** Points that are selected, by their number among the points. */
  readonly selected: ReadonlySignal<readonly number[]>;
  readonly labelColumn: ReadonlySignal<number>;
  readonly labels: ReadonlySignal<LabelBook | undefined>;
  /** x, y and z of each point; undefined = there is no picture yet. */
  readonly space: ReadonlySignal<Float32Array<ArrayBuffer> | undefined>;

  /** How its points are drawn. */
  readonly look: PointLook;

  /** What came of the projection last. */
  readonly frame = signal<ProjectionFrame | undefined>(undefined);
  readonly bookmarks = signal<readonly Bookmark[]>([]);
  /** Why those of a file beside the embedding could not be read. */
  readonly bookmarkFaults = signal<readonly string[]>([]);
  /** Steps of the embedding that is open; undefined = it has none. */
  readonly steps: ReadonlySignal<StepUnion | undefined>;
  readonly places = signal<Places | undefined>(undefined);
  private readonly attempt = signal(0);
  private stops: (() => void)[] = [];
  /** Where the points of another step of the same embedding were seen: this one is laid over it. */
  private reference: Places | undefined;
  /** Pictures of steps that were seen, by what they are of. */
  private readonly pictures = new Map<string, ProjectionFrame>();

  constructor(readonly context: ViewContext) {
    const { state } = context;
    this.embeddings = computed(() => this.found.value.value?.embeddings ?? []);
    this.chosen = computed(() => {
      const { run, name } = state.embedding.value;
      const all = this.embeddings.value;
      return all.find((one) => one.run === run && one.name === name) ?? all.find((one) => one.steps.some(({ isReadable }) => isReadable)) ?? all[0]; // prettier-ignore
    });
    this.step = computed(() => {
      const steps = this.chosen.value?.steps ?? [];
      const wanted = state.step.value;
      return wanted === undefined ? steps.at(-1) : (steps.findLast(({ step }) => step <= Number(wanted)) ?? steps[0]);
    });
    this.open = computed(() => (this.opened.fault.value ? undefined : this.opened.value.value));
    this.selected = computed(() => {
      const open = this.open.value;
      return open ? pointsOf(open, state.points.value) : [];
    });
    this.labelColumn = computed(() => columnNamed(this.open.value?.metadata, state.pointLabel.value));
    this.labels = computed(() => {
      const metadata = this.open.value?.metadata;
      const column = this.labelColumn.value;
      if (!metadata || metadata.rows === 0 || column === -1) return undefined;
      return new LabelBook(metadata.rows, async (from, count) =>
        counted((await this.reader()).texts(metadata.table, column, from, count)),
      );
    });
    this.space = computed(() => {
      const places = this.places.value;
      return places && inSpace(places);
    });
    this.steps = computed(() => {
      const steps = this.chosen.value?.steps.map(({ step }) => step) ?? [];
      if (steps.length === 0 || steps.some((step) => !Number.isSafeInteger(step))) return undefined;
      const all = BigInt64Array.from(steps, BigInt);
      return { steps: all, inEveryRun: new Uint8Array(all.length).fill(1) };
    });
    this.look = new PointLook(this);
  }

  /** Changes with what is open. */
  get openedName(): string {
    return this.openedKey;
  }

  reader(): Promise<Embeddings> {
    return this.context.engine.embeddings();
  }

  projections(): Promise<Projections> {
    return this.context.engine.projections();
  }

  start(): void {
    if (this.stops.length > 0) return;
    const { state } = this.context;
    this.look.start();
    this.stops = [
      effect(() => this.find()),
      effect(() => this.openChosen()),
      effect(() => this.project()),
      effect(() => this.showFrame()),
      effect(() => {
        const [open, [first], k, metric] = [this.open.value, this.selected.value, state.neighbourCount.value, state.pointMetric.value]; // prettier-ignore
        const count = Math.min(k, MAX_NEIGHBOURS, (open?.points.points ?? 0) - 1);
        untracked(() => {
          if (!open || first === undefined || count < 1) return this.neighbours.clear();
          this.neighbours.ask(async () => (await this.projections()).neighbours(open.points.set, first, count, metric));
        });
      }),
      effect(() => {
        const [open, selected, metric, wanted] = [this.open.value, this.selected.value, state.pointMetric.value, state.pointColour.value.by === 'distance']; // prettier-ignore
        untracked(() => {
          if (!open || selected.length === 0 || !wanted) return this.distances.clear();
          this.distances.ask(async () =>
            (await this.projections()).distances(open.points.set, Uint32Array.from(selected), metric),
          );
        });
      }),
      effect(() => {
        const metadata = this.open.value?.metadata;
        const query = state.pointSearch.value.trim();
        untracked(() => {
          if (!metadata || query === '') return this.matches.clear();
          const asked = readQuery(query, false, metadata);
          if (asked.kind === 'none' || asked.kind === 'bad') return this.matches.clear();
          this.matches.ask(async (signal) => findRows(await this.reader(), metadata, asked, signal));
        });
      }),
      effect(() => {
        const metadata = this.open.value?.metadata;
        const [first] = this.selected.value;
        untracked(() => {
          if (!metadata || first === undefined || first >= metadata.rows) return this.cells.clear();
          this.cells.ask(async () => (await this.reader()).row(metadata.table, first));
        });
      }),
      effect(() => this.measureTrust()),
      effect(() => {
        const open = this.open.value;
        untracked(() => void counted(this.readKept(open)));
      }),
    ];
  }

  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
    this.look.stop();
    const open = this.opened.value.peek();
    if (open && this.running.peek() === 'running') this.pause();
  }

  /** The file's row of a point. */
  rowOf(point: number): number {
    const rows = this.open.value?.rows;
    return rows ? (rows[point] ?? -1) : point;
  }

  /** Of rows of the file those that are points, by their number there. */
  pointsOf(rows: readonly number[]): number[] {
    const open = this.open.value;
    return open ? pointsOf(open, rows) : [];
  }

  /** The column of labels, for a file. */
  labelSource(): { name: string; texts: (from: number, count: number) => Promise<string[]> } | undefined {
    const metadata = this.open.value?.metadata;
    const column = this.labelColumn.value;
    if (!metadata || column < 0) return undefined;
    const texts = async (from: number, count: number) =>
      (await this.reader()).texts(metadata.table, column, from, count);
    return { name: metadata.columns[column]?.name ?? '', texts };
  }

  /** All that is known of the embedding, for a file: its numbers are read once more, since only the worker keeps them. */
  async published(): Promise<PublishedEmbedding> {
    const open = this.open.value;
    if (!open) throw new Error('no embedding is open');
    const reader = await this.reader();
    const { signal } = new AbortController();
    const { values, facts } = await reader.read(open.step.place, signal);
    const { metadata, step } = open;
    const bytes = open.sprite && step.sprite && (await reader.bytes(step.sprite.path, signal));
    return {
      name: open.embedding.name,
      values,
      columns: facts.columns,
      metadata: metadata && {
        facts: metadata,
        texts: (column, from, count) => reader.texts(metadata.table, column, from, count),
      },
      sprite: bytes && step.sprite && { ...step.sprite, bytes, ending: step.sprite.path.split('.').at(-1) ?? 'png' },
      bookmarks: this.bookmarks.value,
      isPart: open.rows !== undefined,
    };
  }

  /** How a person names a point: its label, or its row. */
  nameOf(point: number): string {
    void this.labels.value?.version.value;
    const label = this.labels.value?.get(point);
    return label === undefined || label === '' ? `#${this.rowOf(point)}` : label;
  }

  // ---- what is open

  private find(): void {
    const { engine, shown } = this.context;
    void shown.embeddingFiles.value;
    void shown.matrices.value;
    // What is still read grows all the time.
    if (engine.loading.value && this.found.value.value) return;
    untracked(() => this.found.ask((signal) => openedEmbeddings(engine, shown, signal)));
  }

  private openedKey = '';
  private openChosen(): void {
    const [embedding, step, attempt] = [this.chosen.value, this.step.value, this.attempt.value];
    if (!embedding || !step) {
      this.openedKey = '';
      return untracked(() => this.opened.clear());
    }
    const key = JSON.stringify([
      embedding.run,
      embedding.name,
      Number.isNaN(step.step) ? '' : step.step,
      step,
      attempt,
    ]);
    if (key === this.openedKey) return;
    this.openedKey = key;
    untracked(() => {
      this.readShare.value = 0;
      this.opened.ask((signal) => this.openStep(embedding, step, signal));
    });
  }

  private async openStep(embedding: Embedding, step: EmbeddingStep, signal: AbortSignal): Promise<OpenEmbedding> {
    const [reader, projections] = await Promise.all([this.reader(), this.projections()]);
    const before = this.opened.value.peek();
    const nothing = { embedding, step, rows: undefined, metadata: undefined, sprite: undefined };
    if (!step.isReadable) {
      const none = { set: -1, points: 0, dimensions: 0, excludedCount: 0, excluded: [], constant: false };
      return { ...nothing, tensor: { rows: 0, columns: 0, fileRows: 0, faults: [], names: [] }, points: none, problems: step.problems }; // prettier-ignore
    }
    const { facts, values, rows } = await reader.read(step.place, signal, (share) => (this.readShare.value = share));
    const problems = [...step.problems, ...(facts.problem ? [facts.problem] : [])];
    const points = await projections.open(Math.max(1, facts.columns), piecesOf(values, facts.columns), signal);
    let metadata = facts.metadata;
    if (step.metadata !== undefined) {
      const opened = await reader.openMetadata(step.metadata, rows, signal).catch((error: unknown) => {
        if (signal.aborted || asWireError(error).code === 'cancelled') throw error;
        problems.push({ fault: 'unreadable', path: step.metadata ?? '', text: String(error) });
      });
      if (opened?.problem) problems.push(opened.problem);
      else if (opened) metadata = opened;
    }
    const sprite = step.sprite && (await spriteOf(reader, step.sprite, signal, problems));
    if (before) {
      projections.close(before.points.set);
      if (before.metadata) reader.closeMetadata(before.metadata.table);
    }
    const isSame = before?.embedding.run === embedding.run && before.embedding.name === embedding.name;
    this.reference = isSame && before.points.points === points.points ? this.places.peek() : undefined;
    if (!isSame) this.pictures.clear();
    return { ...nothing, tensor: facts, rows, points, metadata, sprite, problems };
  }

  private keptOf = '';
  /** Bookmarks that a config names beside the embedding are there from the beginning. */
  private async readKept(open: OpenEmbedding | undefined): Promise<void> {
    const path = open?.step.bookmarks;
    const of = open ? `${open.embedding.run}\n${open.embedding.name}` : '';
    if (!open || of === this.keptOf) return;
    this.keptOf = of;
    batch(() => {
      this.bookmarks.value = [];
      this.bookmarkFaults.value = [];
    });
    if (path === undefined || open.points.points === 0) return;
    const size = { points: open.points.points, dimensions: open.tensor.columns };
    try {
      const bytes = await (await this.reader()).bytes(path, new AbortController().signal);
      const { bookmarks, faults } = await readBookmarks(new TextDecoder().decode(bytes), size);
      if (this.keptOf !== of) return;
      batch(() => {
        this.bookmarks.value = bookmarks;
        this.bookmarkFaults.value = faults.map((fault) => bookmarkFaultText(fault, size));
      });
    } catch (error) {
      this.bookmarkFaults.value = [`Bookmarks: ${errorText(asWireError(error))}`];
    }
  }

  retry(): void {
    this.attempt.value++;
  }

  // ---- its picture

  /** What is asked of the projection, and what the same picture is known by; undefined = it is not known yet. */
  readonly options = computed((): ProjectionOptions | undefined => {
    const { projection, projectionIs3d, projectionSettings } = this.context.state;
    const { perplexity, learningRate, neighbours, minDistance, metric, seed } = projectionSettings.value;
    switch (projection.value) {
      case 'pca':
        return { method: 'pca' };
      case 'tsne':
        return {
          method: 'tsne',
          dimensions: projectionIs3d.value ? 3 : 2,
          perplexity,
          metric,
          seed,
          ...(learningRate > 0 && { learningRate }),
        };
      case 'umap':
        return { method: 'umap', dimensions: projectionIs3d.value ? 3 : 2, neighbours, minDistance, metric, seed };
      case 'axes': {
        const found = this.axisTerms.value.value;
        if (found?.axes !== projectionSettings.value.axes) return undefined;
        const { ends } = found;
        const last = Math.max(0, (this.open.value?.tensor.columns ?? 1) - 1);
        const count = projectionIs3d.value ? 3 : 2;
        return {
          method: 'axes',
          axes: projectionSettings.value.axes.slice(0, count).map(
            (axis, i) =>
              axis.kind === 'dimension' ? { kind: 'dimension' as const, index: Math.min(axis.index, last) } : { kind: 'between' as const, from: ends[i]?.from.points ?? [], to: ends[i]?.to.points ?? [] }, // prettier-ignore
          ),
        };
      }
    }
  });

  /** The points that the ends of axes mean. */
  readonly axisTerms = new Latest<{
    axes: ProjectionSettings['axes'];
    ends: readonly { from: PointTerms; to: PointTerms }[];
  }>();
  private resolveAxes(): void {
    const { projection, projectionSettings } = this.context.state;
    const open = this.open.value;
    const axes = projectionSettings.value.axes;
    if (projection.value !== 'axes' || !open) return;
    untracked(() =>
      this.axisTerms.ask(async (signal) => {
        const reader = await this.reader();
        const find = (text: string): Promise<PointTerms> => rowsOfTerms(reader, open, text, signal);
        const ends = (axis: (typeof axes)[number]) => (axis.kind === 'dimension' ? ['', ''] : [axis.from, axis.to]);
        const found = axes.map(async (axis) => {
          const [from = '', to = ''] = ends(axis);
          return { from: await find(from), to: await find(to) };
        });
        return { axes, ends: await Promise.all(found) };
      }),
    );
  }

  private project(): void {
    const { preparation } = this.context.state;
    this.resolveAxes();
    const [open, options, prepared] = [this.open.value, this.options.value, preparation.value];
    void this.again.value;
    untracked(() => {
      // The points that axes name are still looked for.
      if (open && !options) return;
      if (!open || open.points.points === 0 || !options) {
        this.projected.clear();
        batch(() => {
          this.frame.value = undefined;
          this.places.value = undefined;
          this.progress.value = undefined;
          this.running.value = 'off';
        });
        return;
      }
      const { kept } = this;
      this.kept = undefined;
      if (kept) {
        this.projected.clear();
        batch(() => {
          this.running.value = 'off';
          this.isKept.value = true;
          this.progress.value = kept.progress;
          this.frame.value = kept;
        });
        return;
      }
      const key = JSON.stringify([open.step.step, options, prepared]);
      this.run(async (projections, onFrame, signal) => {
        await projections.prepare(open.points.set, prepared);
        const progress = await projections.start(open.points.set, options, onFrame, signal);
        const frame = this.frame.peek();
        if (frame) this.keep(key, frame);
        return progress;
      }, this.pictures.get(key));
    });
  }

  /** @param meanwhile what is shown until the first frame comes */
  private run(
    work: (
      projections: Projections,
      onFrame: (frame: ProjectionFrame) => void,
      signal: AbortSignal,
    ) => Promise<ProjectionProgress>,
    meanwhile?: ProjectionFrame,
  ): void {
    batch(() => {
      this.running.value = 'running';
      this.isKept.value = false;
      this.rate.value = 0;
    });
    if (meanwhile) this.frame.value = meanwhile;
    let since: { at: number; step: number } | undefined;
    this.projected.ask(async (signal) => {
      const onFrame = (frame: ProjectionFrame): void => {
        if (signal.aborted) return;
        const { progress } = frame;
        if (progress.stage === 'layout') {
          const now = performance.now();
          since ??= { at: now, step: progress.step };
          if (now > since.at + 500) this.rate.value = ((progress.step - since.step) * 1000) / (now - since.at);
        }
        batch(() => {
          this.progress.value = progress;
          if (frame.positions.length > 0 && (!meanwhile || progress.stage === 'done')) this.frame.value = frame;
        });
      };
      try {
        return await work(await this.projections(), onFrame, signal);
      } finally {
        if (!signal.aborted) this.running.value = 'off';
      }
    });
  }

  private keep(key: string, frame: ProjectionFrame): void {
    this.pictures.delete(key);
    this.pictures.set(key, frame);
    let numbers = 0;
    for (const [name, { positions }] of [...this.pictures].reverse()) {
      numbers += positions.length;
      if (numbers > MAX_KEPT_PICTURES) this.pictures.delete(name);
    }
  }

  private framesShown = 0;
  /** What came of the projection is what is seen; of another step, laid over what was seen before. */
  private showFrame(): void {
    const { projectionIs3d, projectionSettings } = this.context.state;
    const frame = this.frame.value;
    if (!frame) return;
    const isPca = frame.progress.method === 'pca';
    const places = placesOf(frame, isPca ? projectionSettings.value.components : [0, 1, 2], projectionIs3d.value);
    const { reference } = this;
    const turn = ++this.framesShown;
    untracked(() => {
      if (!reference || reference.columns !== places.columns) {
        this.places.value = places;
        return;
      }
      const aligned = this.projections().then((projections) =>
        projections.align(places.values, reference.values, places.columns),
      );
      void counted(
        aligned.then(
          (values) => {
            if (turn === this.framesShown) this.places.value = { values, columns: places.columns };
          },
          () => undefined,
        ),
      );
    });
  }

  pause(): void {
    const open = this.open.value;
    if (!open || this.running.value !== 'running') return;
    this.running.value = 'paused';
    void this.projections().then((projections) => projections.pause(open.points.set));
  }

  resume(): void {
    const open = this.open.value;
    if (!open || this.running.value !== 'paused') return;
    this.running.value = 'running';
    void this.projections().then((projections) => projections.resume(open.points.set));
  }

  /** The picture stays as it is. */
  halt(): void {
    this.projected.cancel();
    this.running.value = 'off';
  }

  more(steps: number): void {
    const open = this.open.value;
    if (!open) return;
    this.run((projections, onFrame, signal) => projections.more(open.points.set, steps, onFrame, signal));
  }

  perturb(): void {
    const open = this.open.value;
    if (!open) return;
    void this.projections().then((projections) => projections.perturb(open.points.set));
    if (this.running.value === 'off') this.more(250);
  }

  private readonly again = signal(0);
  restart(): void {
    this.pictures.clear();
    this.again.value++;
  }

  private kept: ProjectionFrame | undefined;
  /** What is seen was kept elsewhere: the worker knows nothing of it. */
  readonly isKept = signal(false);
  /** Shows places that were kept elsewhere, in place of what the state, which is set in the same batch, would project. */
  showKept(frame: ProjectionFrame): void {
    this.kept = frame;
    this.again.value++;
  }

  private measureTrust(): void {
    const { state } = this.context;
    const open = this.open.value;
    const [places, running, progress] = [this.places.value, this.running.value, this.progress.value];
    const [k, metric, selected] = [state.neighbourCount.value, state.pointMetric.value, this.selected.value];
    const components = state.projectionSettings.value.components;
    untracked(() => {
      if (!open || !places || !progress || open.points.constant || open.points.points <= 2) return this.trust.clear();
      if (this.isKept.value) return this.trust.clear();
      // What moves is measured when it rests.
      if (running === 'running') return;
      const count = Math.min(k, open.points.points - 2);
      const columns = (progress.method === 'pca' ? components : [0, 1, 2]).filter((column, i) => i < places.columns && column < progress.columns); // prettier-ignore
      this.trust.ask(async () => {
        const projections = await this.projections();
        const of = (rows: readonly number[]): Promise<KeptNeighbours> =>
          projections.kept(open.points.set, count, metric, Uint32Array.from(rows), columns);
        return { whole: await of([]), selected: selected.length > 0 ? await of(selected) : undefined };
      });
    });
  }

  // ---- what a person does

  choose(embedding: Embedding): void {
    const { state } = this.context;
    batch(() => {
      state.embedding.value = { run: embedding.run, name: embedding.name };
      state.step.value = undefined;
      state.points.value = [];
      state.isolatedPoints.value = [];
      state.hiddenPoints.value = [];
      state.hiddenClasses.value = new Set();
      state.pointCamera.value = undefined;
    });
  }

  /** What was seen from somewhere in space is seen as a whole in the plane, and the other way round. */
  setDimensions(is3d: boolean): void {
    const { state } = this.context;
    batch(() => {
      state.projectionIs3d.value = is3d;
      state.pointCamera.value = undefined;
    });
  }

  /** @param add to those that are selected; one that is among them goes out */
  select(points: readonly number[], add = false): void {
    const { state } = this.context;
    const rows = points.map((point) => this.rowOf(point));
    if (!add) {
      state.points.value = rows;
      return;
    }
    const before = new Set(state.points.value);
    const isOut = rows.length > 0 && rows.every((row) => before.has(row));
    if (isOut) state.points.value = state.points.value.filter((row) => !rows.includes(row));
    else state.points.value = [...before, ...rows.filter((row) => !before.has(row))];
  }

  /** What "isolate" and "hide" are about: the selection with its neighbours or, without one, what was found. */
  readonly marked = computed((): readonly number[] => {
    const selected = this.selected.value;
    if (selected.length === 1) return [...selected, ...(this.neighbours.value.value?.rows ?? [])];
    if (selected.length > 0) return selected;
    return [...(this.matches.value.value ?? [])];
  });

  isolate(): void {
    const rows = this.marked.value.map((point) => this.rowOf(point));
    this.context.state.isolatedPoints.value = rows.sort((a, b) => a - b);
  }

  hide(): void {
    const { state } = this.context;
    const rows = new Set([...state.hiddenPoints.value, ...this.marked.value.map((point) => this.rowOf(point))]);
    batch(() => {
      state.hiddenPoints.value = [...rows].sort((a, b) => a - b);
      state.points.value = [];
    });
  }

  showAll(): void {
    const { state } = this.context;
    batch(() => {
      state.isolatedPoints.value = [];
      state.hiddenPoints.value = [];
      state.hiddenClasses.value = new Set();
    });
  }
}

/** Whole rows, of copies that can be handed over. */
function piecesOf(values: Float32Array<ArrayBuffer>, columns: number): Float32Array<ArrayBuffer>[] {
  const step = Math.max(1, Math.floor(PIECE / Math.max(1, columns))) * Math.max(1, columns);
  if (values.length <= step) return [values];
  const pieces: Float32Array<ArrayBuffer>[] = [];
  for (let at = 0; at < values.length; at += step) pieces.push(values.slice(at, at + step));
  return pieces;
}

async function spriteOf(
  reader: Embeddings,
  { path, width, height }: NonNullable<EmbeddingStep['sprite']>,
  signal: AbortSignal,
  problems: EmbeddingProblem[],
): Promise<OpenEmbedding['sprite']> {
  try {
    const bytes = await reader.bytes(path, signal);
    return { image: await createImageBitmap(new Blob([bytes])), width, height };
  } catch (error) {
    if (signal.aborted || asWireError(error).code === 'cancelled') throw error;
    problems.push({ fault: 'no_picture', path });
    return undefined;
  }
}

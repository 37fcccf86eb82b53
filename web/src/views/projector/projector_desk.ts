import { batch, computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import type {
  Embedding,
  Embeddings,
  EmbeddingStep,
  FoundEmbeddings,
  MetadataFacts,
} from '../../engine/embeddings/embeddings';
import { asWireError, type WireError } from '../../faults/fault';
import type { Neighbours } from '../../engine/projections/projections';
import type { StepUnion } from '../../engine/values/values';
import { chosenAmong, inOrder } from '../../model/embedding_order';
import { openedEmbeddings } from '../../model/opened_embeddings';
import { MAX_NEIGHBOURS } from '../../model/state';
import { counted } from '../../ui/pending';
import { Latest } from '../latest';
import type { ViewContext } from '../view_def';
import { KeptBookmarks } from './kept_bookmarks';
import { LabelBook } from './label_book';
import { closeEmbedding, openEmbedding, withLabels } from './opener';
import { PointLook } from './point_look';
import type { PublishedEmbedding, SavedColumn } from './projector_exports';
import { showOpenedLater } from './opened_later';
import { columnTitle } from './projector_text';
import { columnNamed, pointsOf, type OpenEmbedding } from './open_embedding';
import { Projecting } from './projecting';
import { findRows, readQuery } from './row_search';
import { measureTrust, type Trust } from './trust';

/** All that the parts of the view share: which embedding is open, its picture, and what is known of its points. */
export class ProjectorDesk {
  readonly found = new Latest<FoundEmbeddings>();
  readonly opened = new Latest<OpenEmbedding>();
  /** Share of the bytes that are read, 0 to 1. */
  readonly readShare = signal(0);
  readonly neighbours = new Latest<Neighbours>();
  readonly trust = new Latest<Trust>();
  readonly matches = new Latest<Uint32Array<ArrayBuffer>>();
  /** Of each point to the middle of those that are selected. */
  readonly distances = new Latest<Float32Array>();
  /** The cells of the row that is selected. */
  readonly cells = new Latest<readonly string[]>();
  /** Why what is known of points could not be told; undefined = all is well. It is there again when all is read anew. */
  readonly lost = signal<WireError | undefined>(undefined);
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
  /** How its points are projected, and where they are seen. */
  readonly projecting: Projecting;
  /** How its points are drawn. */
  readonly look: PointLook;

  readonly bookmarks = new KeptBookmarks(() => this.reader());
  /** Steps of the embedding that is open; undefined = it has none. */
  readonly steps: ReadonlySignal<StepUnion | undefined>;
  private readonly showOpened: () => void;
  private readonly attempt = signal(0);
  private stops: (() => void)[] = [];
  constructor(readonly context: ViewContext) {
    const { state } = context;
    this.embeddings = computed(() => inOrder(this.found.value.value?.embeddings ?? []));
    this.chosen = computed(() => chosenAmong(this.embeddings.value, state.embedding.value));
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
      return new LabelBook(metadata.rows, (from, count) =>
        counted(this.ask(metadata, (reader) => reader.texts(metadata.table, column, from, count))),
      );
    });
    this.steps = computed(() => {
      const steps = this.chosen.value?.steps.map(({ step }) => step) ?? [];
      if (steps.length === 0 || steps.some((step) => !Number.isSafeInteger(step))) return undefined;
      const all = BigInt64Array.from(steps, BigInt);
      return { steps: all, inEveryRun: new Uint8Array(all.length).fill(1) };
    });
    this.projecting = new Projecting(context, this.open);
    this.look = new PointLook(this);
    this.showOpened = showOpenedLater(this);
  }

  /** Changes with what is open. */
  get openedName(): string {
    return this.openedKey;
  }

  private reader(): Promise<Embeddings> {
    return this.context.engine.embeddings();
  }

  /**
   * Asks about the metadata of what is open; a fault is in `lost`, too.
   *
   * @throws Fault
   */
  async ask<T>(metadata: MetadataFacts, question: (reader: Embeddings) => Promise<T>): Promise<T> {
    try {
      return await question(await this.reader());
    } catch (error) {
      const fault = asWireError(error);
      // Of what is closed nothing is to be told.
      const isOpen = this.open.peek()?.metadata === metadata;
      if (isOpen && fault.code !== 'cancelled') this.lost.value ??= fault;
      throw error;
    }
  }

  start(): void {
    if (this.stops.length > 0) return;
    const { state } = this.context;
    this.stops = [
      effect(() => this.find()),
      effect(this.showOpened),
      effect(() => this.openChosen()),
      effect(() => this.closeBefore()),
      effect(() => {
        const [open, [first], k, metric] = [this.open.value, this.selected.value, state.neighbourCount.value, state.pointMetric.value]; // prettier-ignore
        const preparation = state.preparation.value;
        const count = Math.min(k, MAX_NEIGHBOURS, (open?.points.points ?? 0) - 1);
        untracked(() => {
          if (!open || first === undefined || count < 1) return this.neighbours.clear();
          this.neighbours.ask(async () =>
            (await this.projecting.prepared(open, preparation)).neighbours(open.points.set, first, count, metric),
          );
        });
      }),
      effect(() => {
        const [open, selected, metric, wanted] = [this.open.value, this.selected.value, state.pointMetric.value, state.pointColour.value.by === 'distance']; // prettier-ignore
        const preparation = state.preparation.value;
        untracked(() => {
          if (!open || selected.length === 0 || !wanted) return this.distances.clear();
          this.distances.ask(async () =>
            (await this.projecting.prepared(open, preparation)).distances(
              open.points.set,
              Uint32Array.from(selected),
              metric,
            ),
          );
        });
      }),
      effect(() => {
        const metadata = this.open.value?.metadata;
        const query = state.pointSearch.value.trim();
        untracked(() => {
          // What was found in another table are other points.
          if (metadata?.table !== this.searched) this.matches.clear();
          this.searched = metadata?.table;
          if (!metadata || query === '') return this.matches.clear();
          const asked = readQuery(query, metadata);
          if (asked.error !== '') return this.matches.clear();
          this.matches.ask((signal) => this.ask(metadata, (reader) => findRows(reader, metadata, asked.terms, signal)));
        });
      }),
      effect(() => {
        const metadata = this.open.value?.metadata;
        const [first] = this.selected.value;
        untracked(() => {
          if (!metadata || first === undefined || first >= metadata.rows) return this.cells.clear();
          this.cells.ask(() => this.ask(metadata, (reader) => reader.row(metadata.table, first)));
        });
      }),
      effect(() => measureTrust(this)),
      effect(() => {
        const open = this.open.value;
        if (open) untracked(() => void counted(this.bookmarks.turnTo(open)));
      }),
    ];
    this.projecting.start();
    this.look.start();
  }

  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
    this.look.stop();
    this.projecting.stop();
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

  /** The columns that the picture shows, for a file: of labels, and of colours. */
  savedColumns(): SavedColumn[] {
    const metadata = this.open.value?.metadata;
    if (!metadata) return [];
    const shown = new Set([this.labelColumn.value, this.look.colourColumn.value]);
    return [...shown].flatMap((column): SavedColumn[] => {
      const facts = metadata.columns[column];
      if (!facts) return [];
      const texts = (from: number, count: number) =>
        this.ask(metadata, (reader) => reader.texts(metadata.table, column, from, count));
      return [{ name: columnTitle(facts, column), texts }];
    });
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
      bookmarks: this.bookmarks.all.value,
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
    untracked(() => this.askFound());
  }

  private askFound(): void {
    const { engine, shown } = this.context;
    this.found.ask((signal) => openedEmbeddings(engine, shown, signal));
  }

  private openedKey = '';
  private openedLabels: string | undefined;
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
      { ...step, metadata: undefined },
      attempt,
    ]);
    const isSame = key === this.openedKey;
    if (isSame && step.metadata === this.openedLabels) return;
    this.openedKey = key;
    this.openedLabels = step.metadata;
    untracked(() => {
      const { engine } = this.context;
      // What was asked before would come without them.
      const open = isSame && !this.opened.busy.value ? this.open.value : undefined;
      if (open) return this.opened.ask((signal) => withLabels(engine, open, step, signal));
      this.readShare.value = 0;
      this.opened.ask((signal) =>
        openEmbedding(engine, embedding, step, signal, (share) => (this.readShare.value = share)),
      );
    });
  }

  private searched: number | undefined;

  private held: OpenEmbedding | undefined;
  /** What is not open any more costs memory. */
  private closeBefore(): void {
    const open = this.open.value;
    const before = this.held;
    this.held = open;
    if (before === open) return;
    if (before) void closeEmbedding(this.context.engine, before, open);
    untracked(() => (this.lost.value = undefined));
  }

  /** Looks for embeddings again, if that went wrong; else reads what is chosen again. */
  retry(): void {
    if (this.found.fault.peek()) this.askFound();
    else this.attempt.value++;
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
      state.otherClassesHidden.value = false;
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
    const out = new Set(rows);
    if (isOut) state.points.value = state.points.value.filter((row) => !out.has(row));
    else state.points.value = [...before, ...rows.filter((row) => !before.has(row))];
  }

  /** What "isolate" and "hide" are about, as far as it is shown: the selection with its neighbours or, without one, what was found. */
  readonly marked = computed((): readonly number[] => {
    const selected = this.selected.value;
    if (selected.length === 0) return [...(this.look.shownMatches.value ?? [])];
    const near = selected.length === 1 ? (this.neighbours.value.value?.rows ?? []) : [];
    return [...selected, ...near].filter((point) => !this.look.isHidden(point));
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
      state.otherClassesHidden.value = false;
    });
  }
}

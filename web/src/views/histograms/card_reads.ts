/** What a card has of the engine: its drawing, and what is drawn at the step. No DOM. */
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals-core';
import { asWireError, type WireError } from '../../faults/fault';
import type { HistogramMode } from '../../model/state';
import type { ViewContext } from '../view_def';
import { fetchDrawing, type Drawing } from './drawing';
import { isReadable, rangeOfCard, type GroupRange, type Range } from './group_ranges';
import { topOf, type SeriesHistograms, type Top } from './layout';
import { fetchDistances, fetchMarks, type Mark } from './marks';
import { isAtStep, isUpright } from './modes';

/** What it depends on, beside the state of the page. */
export interface ReadFor {
  readonly mode: ReadonlySignal<HistogramMode>;
  readonly all: ReadonlySignal<readonly SeriesHistograms[]>;
  /** Absent where several series are drawn over each other. */
  readonly one: ReadonlySignal<SeriesHistograms | undefined>;
  /** Whether anybody may see it: nothing is asked for otherwise. */
  readonly near: ReadonlySignal<boolean>;
  /** Of the plot, px; 0 = not known yet. */
  readonly size: ReadonlySignal<{ width: number; height: number }>;
  readonly group: ReadonlySignal<GroupRange | undefined>;
}

export class CardReads {
  private readonly drawn = signal<Drawing | undefined>(undefined);
  private readonly failed = signal<WireError | undefined>(undefined);
  private readonly marked = signal<readonly Mark[]>([]);
  private readonly apart = signal<ReadonlyMap<number, number>>(new Map());
  private drawingAsked: AbortController | undefined;
  private marksAsked: AbortController | undefined;
  private stops: (() => void)[] = [];

  /** The last one, also while the next is awaited. */
  readonly drawing: ReadonlySignal<Drawing | undefined> = this.drawn;
  /** Why there is no newer drawing. */
  readonly error: ReadonlySignal<WireError | undefined> = this.failed;
  readonly marks: ReadonlySignal<readonly Mark[]> = this.marked;
  /** Wasserstein distance to what is compared with, by series. */
  readonly distances: ReadonlySignal<ReadonlyMap<number, number>> = this.apart;

  constructor(
    /** Known once the card is in the page. */
    private readonly contextOf: () => ViewContext,
    private readonly card: ReadFor,
  ) {}

  start(): void {
    this.stops = [effect(() => void this.askDrawing()), effect(() => void this.askMarks())];
  }

  stop(): void {
    for (const stop of this.stops) stop();
    this.drawingAsked?.abort();
    this.marksAsked?.abort();
  }

  /** Those that are seen; undefined = all. */
  private readonly steps = computed(() => {
    if (!isAtStep(this.card.mode.value)) return undefined;
    const [step, base] = [this.contextOf().state.step.value, this.contextOf().state.histogramBase.value];
    return base === undefined ? [step] : [step, base];
  });
  /** Of its own values; where none is at the step, of those of all steps. */
  readonly range = computed(
    () => rangeOfCard(this.card.all.value, this.steps.value) ?? rangeOfCard(this.card.all.value, undefined),
  );
  /**
   * What it is drawn over: the range of the group, if it is to be shared, unless it would make a bar of this one, or has
   * no place for it. undefined = not known yet.
   */
  readonly drawnRange = computed((): { range: Range; isOwn: boolean } | undefined => {
    const { sameRange, histogramScale } = this.contextOf().state;
    const own = this.range.value;
    if (!own) return undefined;
    if (!sameRange.value) return { range: own, isOwn: false };
    const shared = this.card.group.value?.at(this.steps.value, histogramScale.value);
    // What is still being read changes anyway: better seen than waited for.
    if (!shared) return this.contextOf().engine.loading.value ? { range: own, isOwn: false } : undefined;
    const isOwn = shared === 'none' || !isReadable(own, shared, histogramScale.value);
    return { range: isOwn ? own : shared, isOwn };
  });

  private async askDrawing(): Promise<void> {
    this.drawingAsked?.abort();
    this.drawingAsked = undefined;
    const { state, engine } = this.contextOf();
    const range = this.drawnRange.value?.range;
    const { width, height } = this.card.size.value;
    const one = this.card.one.value;
    const wanted = {
      mode: this.card.mode.value,
      bins: state.histogramBins.value,
      measure: state.histogramMeasure.value,
      scale: state.histogramScale.value,
      x: state.x.value,
    };
    if (!this.card.near.value || width === 0 || !range) return;
    const abort = new AbortController();
    this.drawingAsked = abort;
    try {
      const drawing = await fetchDrawing(engine, { ...wanted, range, width, height }, one, abort.signal);
      if (abort.signal.aborted) return;
      this.failed.value = undefined;
      this.drawn.value = drawing;
    } catch (error) {
      if (!abort.signal.aborted) this.failed.value = asWireError(error);
    }
  }

  /** Asks for the histograms at the step, and at the one that is compared with. */
  private async askMarks(): Promise<void> {
    this.marksAsked?.abort();
    this.marksAsked = undefined;
    const { state, engine } = this.contextOf();
    const shown = { step: state.step.value, base: state.histogramBase.value };
    const [drawing, all] = [this.drawn.value, this.card.all.value];
    if (!this.card.near.value || !drawing || isUpright(drawing.wanted.mode)) return;
    const abort = new AbortController();
    this.marksAsked = abort;
    try {
      const marks = await fetchMarks(engine, drawing, all, shown, abort.signal);
      const distances = isAtStep(drawing.wanted.mode)
        ? await fetchDistances(engine, marks, shown.base !== undefined, abort.signal)
        : new Map<number, number>();
      if (abort.signal.aborted) return;
      this.marked.value = marks;
      this.apart.value = distances;
    } catch (error) {
      if (!abort.signal.aborted) this.failed.value = asWireError(error);
    }
  }

  /** What is as high as can be, of what is drawn. */
  readonly top = computed((): Top => {
    const drawing = this.drawn.value;
    if (!drawing || drawing.steps) return drawing?.top ?? { height: 1, largest: 1 };
    const cells = this.marked.value.flatMap(({ rows }) => [...rows.cells]);
    return topOf(Float64Array.from(cells), drawing.wanted.measure);
  });
}

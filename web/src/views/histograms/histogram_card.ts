import { computed, effect, signal, untracked } from '@preact/signals-core';
import { html, nothing } from 'lit';
import type { Axis, Tick } from '../../charts/axis';
import { chartTheme } from '../../charts/chart_theme';
import { cancelDrawing, queueDrawing } from '../../charts/draw_queue';
import { asWireError } from '../../engine/fault';
import { factsAt, type HistogramFacts } from '../../engine/values/histograms';
import type { WireError } from '../../engine/protocol';
import { errorText, histogramFaultText } from '../../model/errors';
import { assignSlots, paletteOf, styleOfSlot, type LineStyle } from '../../model/colours';
import { formatCount, formatExact, formatValue, formatX, plural, tagLabel } from '../../model/format'; // prettier-ignore
import type { HistogramMode } from '../../model/state';
import { pointAt } from '../../model/steps';
import { groupLabel } from '../../model/tag_groups';
import { icon } from '../../ui/icons';
import { fileNamePart, saveBytes } from '../../ui/save';
import { WatchElement } from '../../ui/watch';
import { enlargeButton, type HasMain } from '../cards/enlarge';
import { whenNear } from '../cards/near';
import { pinButton } from '../cards/pins';
import { shownStep } from '../cards/shown_step';
import type { ViewContext } from '../view_def';
import { compatibleRows, fetchDrawing, middlesOf, type Drawing, type Rows, type StepsDrawing } from './drawing';
import { isReadable, rangeOfCard, type GroupRange, type Range } from './group_ranges';
import { nearestPoint, topOf, type SeriesHistograms, type Top } from './layout';
import './mode_menu';
import { isAtStep, isUpright, titleOf } from './modes';
import {
  mixed,
  paintBands,
  paintCurve,
  paintHeat,
  paintOverlay,
  paintRidges,
  rowOf,
  type Area,
  type Scale,
} from './paint';
import { SeriesWatch } from './series_watch';

/** Columns of the read-out, and which percentile each is. */
const COLUMNS = [['Min', 0], ['p7', 1], ['p16', 2], ['Median', 4], ['p84', 6], ['p93', 7], ['Max', 8]] as const; // prettier-ignore

/** Above the highest, for the marks of what is cut and half of a line, px. */
const CUT_ROOM_PX = 3;

/** Of labels on the axes: a sign, a line, and what is between two at least. */
const SIGN_PX = 6;
const LINE_PX = 12;
const APART_PX = 6;
/** Of the read-out of several series: rows at rest, and when all are wanted, before it scrolls. */
const ROWS = 3;
const MOST_ROWS = 9;
/** Of the read-out of a narrow card: a longer number is rounded more. */
const MAX_CELL = 6;

/** A histogram at the step: cells in the edges of the drawing. */
interface Mark {
  of: SeriesHistograms;
  /** Index among the points of its series. */
  point: number;
  rows: Rows;
  /** At the step that is compared with. */
  isBase: boolean;
}

/** A histogram that has nothing to show at the step. */
interface Lost {
  of: SeriesHistograms;
  /** Index among the points of its series. */
  point: number;
  isDamaged: boolean;
}

/**
 * The histograms of one tag: of one run at every step, or of several runs at the step of the scrubber. Or those of
 * several tags of a run, there.
 */
export class HistogramCard extends WatchElement implements HasMain {
  static override properties = {
    pinned: { type: Boolean },
    context: { attribute: false },
    tag: { attribute: false },
    series: { attribute: false },
    leftOut: { attribute: false },
  };
  declare context: ViewContext;
  /** It is kept at the top of its view. */
  declare pinned: boolean;
  /** Of several tags: the name of their group. */
  declare tag: string;
  declare series: readonly number[];
  /** How many series more there would be if all were drawn. */
  declare leftOut: number;

  private readonly drawnAs = signal<HistogramMode>('offset');
  private readonly ofGroup = signal<GroupRange | undefined>(undefined);
  /** Of several series, all are read out. */
  private readonly allRows = signal(false);
  private readonly seen = signal(false);
  /** Enlarged, it lies outside of the scroll area. */
  private readonly covers = signal(false);
  private readonly near = computed(() => this.seen.value || this.covers.value);
  private readonly size = signal({ width: 0, height: 0 });
  private readonly wanted = signal<readonly number[]>([]);
  private watch: SeriesWatch | undefined;
  private readonly drawing = signal<Drawing | undefined>(undefined);
  private readonly error = signal<WireError | undefined>(undefined);
  /** Index of the point under the pointer. */
  private readonly hovered = signal<number | undefined>(undefined);
  /** The plot whose canvas was painted last: it is another one after a note stood in its place. */
  private plotSeen: Element | undefined;
  private stepSeen: bigint | undefined;
  private readonly marks = signal<readonly Mark[]>([]);
  /** Wasserstein distance to what is compared with, by series. */
  private readonly distances = signal<ReadonlyMap<number, number>>(new Map());
  /** Why the payload of a damaged histogram is none, or could not be saved. */
  private readonly reason = signal<{ series: number; point: number; text: string } | undefined>(undefined);
  private reasonAsked: AbortController | undefined;
  private drawingAsked: AbortController | undefined;
  private marksAsked: AbortController | undefined;
  /** Of the painting of marks, in the queue. */
  private readonly marksOwner = {};
  private stops: (() => void)[] = [];
  private readonly resizes = new ResizeObserver(() => this.measure());

  private readonly all = computed(() => {
    const watched = this.watch?.watched.value;
    return watched?.kind === 'series' ? watched.series : [];
  });
  /** Absent where several series are drawn over each other. */
  private readonly one = computed(() => (isAtStep(this.mode) ? undefined : this.all.value[0]));

  get mode(): HistogramMode {
    return this.drawnAs.value;
  }
  set mode(mode: HistogramMode) {
    this.drawnAs.value = mode;
  }

  get groupRange(): GroupRange | undefined {
    return this.ofGroup.value;
  }
  set groupRange(range: GroupRange | undefined) {
    this.ofGroup.value = range;
  }

  /** It covers the view. */
  get large(): boolean {
    return this.covers.value;
  }
  set large(large: boolean) {
    this.covers.value = large;
  }

  async focusMain(): Promise<void> {
    await this.updateComplete;
    this.querySelector<HTMLElement>('.plot')?.focus({ preventScroll: true });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.wanted.value = this.series;
    this.watch ??= new SeriesWatch(this.context, this.wanted, this.near);
    this.watch.start();
    this.stops = [
      whenNear(this, (near) => (this.seen.value = near)),
      effect(() => (this.near.value && this.context.state.sameRange.value ? this.ofGroup.value?.use() : undefined)),
      effect(() => void this.askDrawing()),
      effect(() => void this.askMarks()),
      effect(() => void this.askReason()),
      effect(() => this.queuePaint()),
      effect(() => this.queueMarks()),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watch?.stop();
    this.resizes.disconnect();
    this.plotSeen = undefined;
    for (const stop of this.stops) stop();
    this.drawingAsked?.abort();
    this.marksAsked?.abort();
    this.reasonAsked?.abort();
    cancelDrawing(this);
    cancelDrawing(this.marksOwner);
  }

  protected override willUpdate(): void {
    const before = this.wanted.peek();
    const isSame = before.length === this.series.length && before.every((one, i) => one === this.series[i]);
    if (!isSame) this.wanted.value = this.series;
  }

  protected override updated(): void {
    const plot = this.querySelector('.plot');
    if (!plot || plot === this.plotSeen) return;
    this.plotSeen = plot;
    this.resizes.observe(plot);
    queueDrawing(this, () => this.paint());
    queueDrawing(this.marksOwner, () => this.paintMarks());
  }

  private measure(): void {
    const plot = this.querySelector('.plot');
    if (!plot || plot.clientWidth === 0) return;
    const { clientWidth: width, clientHeight: height } = plot;
    const now = this.size.peek();
    if (now.width !== width || now.height !== height) this.size.value = { width, height };
  }

  // ---- what is drawn

  /** Those that are seen; undefined = all. */
  private readonly steps = computed(() => {
    if (!isAtStep(this.mode)) return undefined;
    const [step, base] = [this.context.state.step.value, this.context.state.histogramBase.value];
    return base === undefined ? [step] : [step, base];
  });
  /** Of its own values; where none is at the step, of those of all steps. */
  private readonly range = computed(
    () => rangeOfCard(this.all.value, this.steps.value) ?? rangeOfCard(this.all.value, undefined),
  );
  /**
   * What it is drawn over: the range of the group, if it is to be shared, unless it would make a bar of this one, or has
   * no place for it. undefined = not known yet.
   */
  private readonly drawnRange = computed((): { range: Range; isOwn: boolean } | undefined => {
    const { sameRange, histogramScale } = this.context.state;
    const own = this.range.value;
    if (!own) return undefined;
    if (!sameRange.value) return { range: own, isOwn: false };
    const shared = this.ofGroup.value?.at(this.steps.value, histogramScale.value);
    // What is still being read changes anyway: better seen than waited for.
    if (!shared) return this.context.engine.loading.value ? { range: own, isOwn: false } : undefined;
    const isOwn = shared === 'none' || !isReadable(own, shared, histogramScale.value);
    return { range: isOwn ? own : shared, isOwn };
  });

  private async askDrawing(): Promise<void> {
    this.drawingAsked?.abort();
    this.drawingAsked = undefined;
    const { state, engine } = this.context;
    const range = this.drawnRange.value?.range;
    const { width, height } = this.size.value;
    const one = this.one.value;
    const wanted = {
      mode: this.mode,
      bins: state.histogramBins.value,
      measure: state.histogramMeasure.value,
      scale: state.histogramScale.value,
      x: state.x.value,
    };
    if (!this.near.value || width === 0 || !range) return;
    const abort = new AbortController();
    this.drawingAsked = abort;
    try {
      const drawing = await fetchDrawing(engine, { ...wanted, range, width, height }, one, abort.signal);
      if (abort.signal.aborted) return;
      this.error.value = undefined;
      this.drawing.value = drawing;
    } catch (error) {
      if (!abort.signal.aborted) this.error.value = asWireError(error);
    }
  }

  /** Asks for the histograms at the step, and at the one that is compared with. */
  private async askMarks(): Promise<void> {
    // Whoever moves the step wants to see it, wherever the pointer rests.
    if (this.context.state.step.value !== this.stepSeen) untracked(() => (this.hovered.value = undefined));
    this.stepSeen = this.context.state.step.value;
    this.marksAsked?.abort();
    this.marksAsked = undefined;
    const { state, engine } = this.context;
    const [step, base, drawing, all] = [
      state.step.value,
      state.histogramBase.value,
      this.drawing.value,
      this.all.value,
    ];
    if (!this.near.value || !drawing || isUpright(drawing.wanted.mode)) return;
    const isOfMany = isAtStep(drawing.wanted.mode);
    const { edges, value } = drawing;
    const abort = new AbortController();
    this.marksAsked = abort;
    const { measure, bins } = drawing.wanted;
    const places = middlesOf(edges, value);
    const markAt = async (of: SeriesHistograms, at: bigint | undefined, isBase: boolean): Promise<Mark[]> => {
      const point = pointAt(of.points.steps, at);
      if (point === undefined) return [];
      const { steps } = drawing;
      const known = steps?.order.indexOf(point) ?? -1;
      if (steps?.rows && known >= 0) {
        return [{ of, point, rows: { cells: rowOf(steps.rows, known), places: steps.rows.places }, isBase }];
      }
      // As the rows that it is drawn over.
      if (!isOfMany && bins === 'compatible') {
        const rows = await compatibleRows(engine, of, Uint32Array.of(point), measure, value, abort.signal);
        return rows ? [{ of, point, rows, isBase }] : [];
      }
      const points = Uint32Array.of(of.points.points[point] as number);
      const query = { series: of.series, points, rows: new Uint32Array(1), edges, measure };
      return [{ of, point, rows: { cells: await engine.histogramGrid(query, abort.signal), places }, isBase }];
    };
    try {
      const asked = all.flatMap((of) => [
        ...(isOfMany && base !== undefined ? [markAt(of, base, true)] : []),
        markAt(of, step, false),
      ]);
      const marks = (await Promise.all(asked)).flat();
      const distances = isOfMany ? await this.distancesOf(marks, abort.signal) : new Map<number, number>();
      if (abort.signal.aborted) return;
      this.marks.value = marks;
      this.distances.value = distances;
    } catch (error) {
      if (!abort.signal.aborted) this.error.value = asWireError(error);
    }
  }

  /** What is as high as can be, of what is drawn. */
  private readonly top = computed((): Top => {
    const drawing = this.drawing.value;
    if (!drawing || drawing.steps) return drawing?.top ?? { height: 1, largest: 1 };
    const cells = this.marks.value.flatMap(({ rows }) => [...rows.cells]);
    return topOf(Float64Array.from(cells), drawing.wanted.measure);
  });

  /** How far each series is from itself at the step that is compared with or, without one, from the first of them. */
  private async distancesOf(marks: readonly Mark[], signal: AbortSignal): Promise<Map<number, number>> {
    const place = ({ of, point }: Mark) => ({ series: of.series, point: of.points.points[point] as number });
    const current = marks.filter(({ isBase }) => !isBase);
    const hasBase = this.context.state.histogramBase.peek() !== undefined;
    const pairs = current.flatMap((mark, i) => {
      const other = hasBase ? marks.find(({ isBase, of }) => isBase && of === mark.of) : i > 0 ? current[0] : undefined;
      return other ? [[mark, other] as const] : [];
    });
    const found = await Promise.all(
      pairs.map(async ([mark, other]) => {
        const distance = await this.context.engine.histogramDistance(place(other), place(mark), signal);
        return [mark.of.series, distance] as const;
      }),
    );
    return new Map(found);
  }

  /** The first that has no values at the step; of several series, if none has any. */
  private readonly lost = computed((): Lost | undefined => {
    const { step } = this.context.state;
    const shown = this.all.value.flatMap((of) => {
      const point = pointAt(of.points.steps, step.value);
      return point === undefined ? [] : [{ of, point, count: factsAt(of.facts, point).count }];
    });
    if (shown.some(({ count }) => count > 0)) return undefined;
    const [first] = shown;
    return first && { of: first.of, point: first.point, isDamaged: Number.isNaN(first.count) };
  });

  private async askReason(): Promise<void> {
    const lost = this.lost.value;
    this.reasonAsked?.abort();
    if (!this.near.value || !lost?.isDamaged) return;
    const abort = new AbortController();
    this.reasonAsked = abort;
    const [series, point] = [lost.of.series, lost.of.points.points[lost.point] as number];
    try {
      const value = await this.context.engine.value(series, point, abort.signal);
      if (abort.signal.aborted) return;
      const text = value ? histogramFaultText(value.facts) : 'Nothing was written at this step';
      this.reason.value = { series, point, text };
    } catch (error) {
      if (!abort.signal.aborted) this.reason.value = { series, point, text: errorText(asWireError(error)) };
    }
  }

  private reasonOf({ of, point, isDamaged }: Lost): string {
    const known = this.reason.value;
    if (known?.series === of.series && known.point === of.points.points[point]) return known.text;
    if (isDamaged) return 'Damaged';
    return factsAt(of.facts, point).mended ? 'Not one edge is a finite number' : 'This histogram has no values';
  }

  private async save({ of: { series, points }, point }: Lost): Promise<void> {
    const { engine, shown } = this.context;
    const { catalogue } = engine;
    const [run, tag] = [shown.runLabel(catalogue.runName(series)), catalogue.tag(series)];
    const place = points.points[point] as number;
    try {
      const content = await engine.content(series, place);
      const name = `${fileNamePart(run)}.${fileNamePart(tag)}.step${points.steps[point]}.bin`.replace(/^\.+/, '');
      if (content) saveBytes(content, name);
    } catch (error) {
      this.reason.value = { series, point: place, text: errorText(asWireError(error)) };
    }
  }

  // ---- on the canvas

  private queuePaint(): void {
    const drawing = this.drawing.value;
    void [chartTheme.value, this.all.value];
    if (drawing && !drawing.steps) void this.marks.value;
    queueDrawing(this, () => this.paint());
  }

  /** What follows the step and the pointer has a canvas of its own: the other one is much work, and stays as it is. */
  private queueMarks(): void {
    void [this.drawing.value, chartTheme.value, this.marks.value, this.hovered.value];
    queueDrawing(this.marksOwner, () => this.paintMarks());
  }

  /** The colour of its run; where tags of one run are drawn, one that its name stands for as that of a run does. */
  private styleOf(series: number): LineStyle {
    const { engine, shown } = this.context;
    if (this.mode !== 'tags') return shown.lineStyle(engine.catalogue.runName(series));
    return styleOfSlot(this.slots.value.get(engine.catalogue.tag(series)) ?? 0, paletteOf(chartTheme.value.dark));
  }

  private readonly slots = computed(() =>
    assignSlots(
      this.wanted.value.map((one) => this.context.engine.catalogue.tag(one)),
      new Map(),
    ),
  );

  /** A canvas of a drawing, empty. */
  private areaOf(name: 'cells' | 'marks', drawing: Drawing): Area | undefined {
    const canvas = this.querySelector<HTMLCanvasElement>(`canvas.${name}`);
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return undefined;
    const { width, height } = drawing.wanted;
    const ratio = devicePixelRatio;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== wide) canvas.width = wide;
    if (canvas.height !== high) canvas.height = high;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return { context, width, height };
  }

  private paint(): void {
    const drawing = this.drawing.peek();
    const area = drawing && this.areaOf('cells', drawing);
    if (!area) return;
    if (drawing.steps) this.paintSteps(area, drawing, drawing.steps);
    else this.paintMany(area, drawing);
  }

  private paintSteps(area: Area, drawing: Drawing, steps: StepsDrawing): void {
    const one = this.one.peek();
    if (!one) return;
    const theme = chartTheme.peek();
    const { colour } = this.styleOf(one.series);
    const { rows, order, columns } = steps;
    if (drawing.wanted.mode === 'bands') {
      paintBands(area, one.facts, steps.x, order, { x: steps.axis, value: drawing.value }, colour, theme);
      return;
    }
    if (!rows) return;
    const scale = scaleOf(drawing, steps);
    if (columns) {
      paintHeat(area, rows, columns, scale, colour, theme);
    } else if (drawing.wanted.mode === 'offset') {
      const bases = Array.from(order, (point) => footOf(drawing, steps, point));
      paintRidges(area, rows, bases, scale, colour, theme);
    } else {
      paintOverlay(area, rows, order.length, scale, colour, theme);
    }
  }

  /** The histogram at the step and the one under the pointer, where steps are drawn as lines. */
  private paintMarks(): void {
    const drawing = this.drawing.peek();
    const area = drawing && this.areaOf('marks', drawing);
    const steps = drawing?.steps;
    if (!area || !steps?.rows || steps.columns) return;
    const theme = chartTheme.peek();
    const scale = scaleOf(drawing, steps);
    const curve = (rows: Rows, point: number, stroke: string): void =>
      paintCurve(area, rows, footOf(drawing, steps, point), scale, { stroke, cut: theme.warn });
    for (const { point, rows } of this.marks.peek()) curve(rows, point, theme.ink);
    const hovered = this.hovered.peek();
    const index = hovered === undefined ? -1 : steps.order.indexOf(hovered);
    if (hovered === undefined || index < 0) return;
    curve({ cells: rowOf(steps.rows, index), places: steps.rows.places }, hovered, theme.focus);
  }

  private paintMany(area: Area, { wanted: { measure } }: Drawing): void {
    const marks = this.marks.peek();
    const theme = chartTheme.peek();
    const cumulative = measure === 'cumulative';
    const scale = { top: this.top.peek(), height: area.height - CUT_ROOM_PX, cumulative };
    for (const { of, rows, isBase } of marks) {
      const { colour, dash } = this.styleOf(of.series);
      const style = {
        stroke: isBase ? mixed(theme.background, colour, 0.6) : colour,
        cut: theme.warn,
        dash: isBase ? [3, 3] : dash,
        ...(marks.length <= 4 && !isBase && !cumulative ? { fill: mixed(theme.background, colour, 0.13) } : {}),
      };
      paintCurve(area, rows, area.height, scale, style);
    }
  }

  // ---- the pointer

  private point(event: PointerEvent): void {
    const { x, y } = this.placeOf(event);
    const drawing = this.drawing.peek();
    const steps = drawing?.steps;
    if (!drawing || !steps || drawing.wanted.mode === 'overlay') return;
    const { height } = drawing.wanted;
    const fraction = isUpright(drawing.wanted.mode) ? x : (y * height - steps.ridge) / (height - steps.ridge);
    const nearest = nearestPoint(steps.x, steps.axis.valueAt(fraction), steps.order);
    if (nearest !== this.hovered.peek()) this.hovered.value = nearest;
  }

  private placeOf(event: PointerEvent): { x: number; y: number } {
    const { left, top, width, height } = (event.currentTarget as Element).getBoundingClientRect();
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
  }

  /** Leads all cards to the step under the pointer. */
  private choose(): void {
    const hovered = this.hovered.peek();
    const step = hovered === undefined ? undefined : this.one.peek()?.points.steps[hovered];
    if (step !== undefined) this.context.state.step.value = step;
  }

  /** Leads all cards to another step of this one. */
  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      this.querySelector<HTMLElement>('.tools button')?.focus();
      return;
    }
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    // Enlarged, arrows alone lead to other cards.
    if (by === undefined || (this.large && event.key.startsWith('Arrow') && !event.shiftKey)) return;
    event.preventDefault();
    const { step } = this.context.state;
    const steps = [...new Set(this.all.value.flatMap(({ points }) => [...points.steps]))].sort((a, b) => (a < b ? -1 : 1)); // prettier-ignore
    const at = steps.findLastIndex((one) => step.value === undefined || one <= step.value);
    const next = steps[Math.max(0, Math.min(steps.length - 1, at + by * (event.shiftKey ? 10 : 1)))];
    if (next === undefined) return;
    // The last one is that of the scrubber which follows what comes.
    step.value = next;
    this.context.announce(`step ${formatExact(next)}`);
  }

  // ---- what is said

  override render() {
    this.classList.toggle('of-many', isAtStep(this.mode));
    this.style.setProperty('--rows', String(this.allRows.value ? Math.min(MOST_ROWS, this.series.length) : ROWS));
    const slash = this.tag.lastIndexOf('/') + 1;
    const isOfTags = this.mode === 'tags';
    const name = isOfTags ? groupLabel(this.tag) : this.tag.slice(slash) || tagLabel(this.tag);
    return html`<header>
        <h3 title=${isOfTags ? name : tagLabel(this.tag)}>
          <span>${isOfTags ? '' : this.tag.slice(0, slash)}</span><b>${name}</b>
        </h3>
        ${this.flags()}
        ${this.mode === 'runs' ? html`<span class="flag">${plural(this.series.length, 'run')}</span>` : this.runFlag()}
        <span class="tools" role="group" aria-label="Histogram tools">
          ${isOfTags ? nothing : html`<tp-histogram-mode .context=${this.context} .tag=${this.tag}></tp-histogram-mode>`}
          ${enlargeButton(this.large)}
        </span>
        ${pinButton(this.pinned)}
      </header>
      ${this.body()}`;
  }

  private runFlag() {
    const [first] = this.series;
    const run = first === undefined ? '' : this.context.engine.catalogue.runName(first);
    const style = this.context.shown.lineStyle(run);
    const label = this.context.shown.runLabel(run);
    return html`<span class="flag el" title=${label}
      ><i class="sw d${style.ring % 4}" .style=${`--c: ${style.colour}`}></i>${label}</span
    >`;
  }

  /** In what it differs from what is chosen for all, and what of it is not seen. */
  private flags() {
    const { histogramModeOfTag } = this.context.state;
    const { height, largest } = this.top.value;
    const hasOwnRange = this.drawnRange.value?.isOwn === true;
    return html`${histogramModeOfTag.value.has(this.tag) && this.mode !== 'runs' ? html`<span class="flag">${titleOf(this.mode)}</span>` : nothing}
    ${
      hasOwnRange
        ? html`<span
            class="flag"
            title="The others of the group share a range that it does not fit, or where it would be no more than a bar"
            >own range</span
          >`
        : nothing
    }
    ${
      this.isMended()
        ? html`<span
            class="flag w"
            title="Edges are infinite, no numbers, in no order or overlap, or counts are none: what is drawn and read out is of what could be mended or left out"
            >mended</span
          >`
        : nothing
    }
    ${
      this.hasHidden()
        ? html`<span class="flag w" title="A logarithmic scale has no zero and nothing below it">≤ 0 not shown</span>`
        : nothing
    }
    ${
      largest > height
        ? html`<span
            class="flag w"
            title="Peaks are cut at ${formatValue(height)}, where there is a bar over them. The highest is ${formatValue(largest)}"
            >clipped</span
          >`
        : nothing
    }
    ${
      this.leftOut > 0
        ? html`<span class="flag w" title="Filter the tags to choose which are drawn"
            >${formatExact(this.leftOut)} not shown</span
          >`
        : nothing
    }`;
  }

  /** Whether what is read out had to be mended first. */
  private isMended(): boolean {
    const one = this.one.value;
    const index = this.shownPoint();
    if (one) return index !== undefined && factsAt(one.facts, index).mended;
    return this.marks.value.some(({ of, point }) => factsAt(of.facts, point).mended);
  }

  /** Whether there are values that a logarithmic axis does not have. */
  private hasHidden(): boolean {
    return this.context.state.histogramScale.value === 'log' && (this.range.value?.[0] ?? 1) <= 0;
  }

  private body() {
    const watched = this.watch?.watched.value;
    const error = watched?.kind === 'failed' ? watched.error : this.error.value;
    if (error) {
      return html`<div class="note e" role="alert">
        <p>${errorText(error)}</p>
        <button class="btn line" @click=${() => this.watch?.retry()}>Retry</button>
      </div>`;
    }
    const nothingThere = watched && this.all.value.every(({ points }) => points.steps.length === 0);
    if (nothingThere) return html`<div class="note">Nothing was written</div>`;
    if (watched && !this.range.value) return this.nothingDrawn();
    return html`${this.plot()}${isAtStep(this.mode) ? this.manyReadout() : this.stepReadout()}`;
  }

  /** Where no step has a value: why that of the step has none, and the way out. */
  private nothingDrawn() {
    const lost = this.lost.value;
    if (!lost) return html`<div class="note">No histogram here has a value</div>`;
    return html`<div class="note ${lost.isDamaged ? 'e' : ''}" role=${lost.isDamaged ? 'alert' : nothing}>
      <p>${this.reasonOf(lost)}</p>
      <button class="btn line" @click=${() => this.save(lost)}>Save the bytes</button>
    </div>`;
  }

  private plot() {
    const drawing = this.drawing.value;
    return html`<div
      class="plot"
      role="img"
      tabindex="0"
      aria-label=${this.summary()}
      @pointermove=${(event: PointerEvent) => this.point(event)}
      @pointerleave=${() => (this.hovered.value = undefined)}
      @click=${() => this.choose()}
      @keydown=${(event: KeyboardEvent) => this.onKey(event)}
    >
      <canvas class="cells" aria-hidden="true"></canvas><canvas class="marks" aria-hidden="true"></canvas>
      ${drawing ? this.axes(drawing) : nothing}
    </div>`;
  }

  private axes({ value, steps, wanted }: Drawing) {
    // Where a tick would meet the label of the step there is none.
    const across = (ticks: readonly Tick[], axis: Axis, other?: { at: number; label: string }) =>
      ticks.map(({ value: tick, label }) => {
        const place = axis.fraction(tick);
        const room = ((label.length + (other?.label.length ?? 0)) * SIGN_PX) / 2 + APART_PX;
        if (other && Math.abs(place * wanted.width - other.at) < room) return nothing;
        return html`<li class=${place < 0.04 ? 'f' : place > 0.96 ? 'z' : ''} .style=${`left: ${place * 100}%`}>${label}</li>`; // prettier-ignore
      });
    if (isUpright(wanted.mode) && steps) {
      const index = this.shownPoint();
      const at = index === undefined ? undefined : steps.axis.fraction(steps.x[index] as number) * wanted.width;
      const marker =
        index === undefined || at === undefined
          ? undefined
          : {
              at: Math.min(wanted.width - 12, Math.max(12, at)),
              label: formatX(wanted.x, steps.x[index] as number),
            };
      return html`<ol class="yt" aria-hidden="true">
          ${value.ticks.map(({ value: tick, label }) => html`<li .style=${`top: ${(1 - value.fraction(tick)) * 100}%`}>${label}</li>`)}
        </ol>
        <ol class="xt" aria-hidden="true">
          ${across(steps.axis.ticks, steps.axis, marker)}
        </ol>
        ${
          marker
            ? html`<i class="xh" .style=${`left: ${at}px`}></i
                ><span class="xlab" aria-hidden="true" .style=${`left: ${marker.at}px`}>${marker.label}</span>`
            : nothing
        }`;
    }
    return html`<ol class="xt" aria-hidden="true">
        ${across(value.ticks, value)}
      </ol>
      ${
        steps && wanted.mode === 'offset'
          ? html`<ol class="st-axis" aria-hidden="true">
              ${this.stepTicks(steps, wanted).map(({ label, foot }) => html`<li .style=${`top: ${foot}px`}>${label}</li>`)}
            </ol>`
          : nothing
      }`;
  }

  /** The last step has a label always, and those too near to it have none. */
  private stepTicks({ axis, x, order, ridge }: StepsDrawing, wanted: Drawing['wanted']) {
    const footAt = (value: number): number => ridge + axis.fraction(value) * (wanted.height - ridge);
    const ticks = axis.ticks.map(({ value, label }) => ({ label, foot: footAt(value) }));
    const last = x[order.at(-1) ?? -1];
    if (last === undefined || wanted.x === 'wall') return ticks;
    const foot = footAt(last);
    return [...ticks.filter((tick) => foot - tick.foot > LINE_PX), { label: formatX(wanted.x, last), foot }];
  }

  private summary(): string {
    const { mode } = this;
    const names = { offset: 'Histograms behind each other', heat: 'Heat map', bands: 'Percentiles', overlay: 'Histograms over each other', runs: 'Histograms of runs', tags: 'Histograms of tags' }; // prettier-ignore
    const one = this.one.value;
    const range = this.range.value;
    const what = one
      ? plural(one.points.steps.length, 'step')
      : plural(this.series.length, this.mode === 'tags' ? 'tag' : 'run');
    const values = range ? `, values ${formatValue(range[0])} to ${formatValue(range[1])}` : '';
    return `${names[mode]}: ${tagLabel(this.tag)}, ${what}${values}`;
  }

  /** Index of the point that is read out: under the pointer, or at the step. */
  private shownPoint(): number | undefined {
    const one = this.one.value;
    if (!one) return undefined;
    const hovered = this.hovered.value;
    if (hovered !== undefined && hovered < one.points.steps.length) return hovered;
    return pointAt(one.points.steps, this.context.state.step.value);
  }

  private stepReadout() {
    const one = this.one.value;
    const index = this.shownPoint();
    const facts = one && index !== undefined ? factsAt(one.facts, index) : undefined;
    return html`<div class="ro">
        <table>
          <thead>
            <tr>
              ${COLUMNS.map(([name]) => html`<th class="n" scope="col">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            <tr>
              ${COLUMNS.map(([, percentile]) => number(facts?.percentiles[percentile], MAX_CELL))}
            </tr>
          </tbody>
        </table>
      </div>
      <p class="where">${one ? this.where(one, index, facts) : nothing}</p>`;
  }

  private where(one: SeriesHistograms, index: number | undefined, facts: HistogramFacts | undefined) {
    const { steps, wallTimes } = one.points;
    if (index === undefined || !facts) {
      const [first] = steps;
      return first === undefined ? nothing : html`<span class="m3">The first step is ${formatExact(first)}</span>`;
    }
    const point = { step: steps[index] as bigint, wallTime: wallTimes[index] as number };
    // What the pointer is over is not what the scrubber wants.
    const wanted = this.hovered.value === undefined ? this.context.state.step.value : undefined;
    return html`${shownStep(point, wanted)}
      <span class="grow"></span>
      ${
        Number.isNaN(facts.count)
          ? this.damaged()
          : html`<span class="m2 nw" title="Mean: ${formatExact(facts.mean)}">μ ${formatValue(facts.mean, 3)}</span>
              <span class="m2 nw" title="Standard deviation: ${formatExact(facts.deviation)}"
                >σ ${formatValue(facts.deviation, 2)}</span
              >
              <span class="m2 nw" title=${zerosTitle(facts)}>${zerosText(facts)}</span>
              <span class="m3 nw" title="${formatExact(facts.count)} values">n ${formatCount(facts.count)}</span>`
      }`;
  }

  /** What the read-out has no numbers of. */
  private damaged() {
    const lost = this.lost.value;
    if (!lost || this.hovered.value !== undefined) return html`<span class="w nw">damaged</span>`;
    return html`<span class="w el" title=${this.reasonOf(lost)}>${this.reasonOf(lost)}</span
      ><button class="btn ico" aria-label="Save the bytes" title="Save the bytes" @click=${() => this.save(lost)}>
        ${icon('save', 's')}
      </button>`;
  }

  private manyReadout() {
    const base = this.context.state.histogramBase.value;
    const current = this.marks.value.filter(({ isBase }) => !isBase);
    const rows = this.allRows.value || this.large ? current : current.slice(0, ROWS);
    const isOfTags = this.mode === 'tags';
    const [one, label] = isOfTags ? ['tag', groupLabel(this.tag)] : ['run', tagLabel(this.tag)];
    return html`<div
        class="ro many"
        tabindex="0"
        role="region"
        aria-label=${`${isOfTags ? 'Tags' : 'Runs'} at the step: ${label}`}
      >
        <table>
          <thead>
            <tr>
              <th scope="col">${isOfTags ? 'Tag' : 'Run'}</th>
              <th class="n" scope="col">Median</th>
              <th class="n" scope="col">Mean</th>
              <th class="n" scope="col">SD</th>
              <th
                class="n"
                scope="col"
                title=${base === undefined ? `Wasserstein distance from the first ${one}` : `Wasserstein distance from step ${formatExact(base)}`}
              >
                W₁
              </th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(({ of, point }) => {
              const facts = factsAt(of.facts, point);
              const { catalogue } = this.context.engine;
              const style = this.styleOf(of.series);
              const label = isOfTags
                ? this.nameInGroup(catalogue.tag(of.series))
                : this.context.shown.runLabel(catalogue.runName(of.series));
              const step = of.points.steps[point] as bigint;
              const slash = label.lastIndexOf('/') + 1;
              return html`<tr>
                <th
                  class="el"
                  scope="row"
                  title=${`${isOfTags ? tagLabel(catalogue.tag(of.series)) : label}, step ${formatExact(step)}`}
                >
                  <div>
                    <i class="sw d${style.ring % 4}" .style=${`--c: ${style.colour}`}></i
                    ><span class="m3">${label.slice(0, slash)}</span><b>${label.slice(slash)}</b>
                  </div>
                </th>
                ${[facts.percentiles[4], facts.mean, facts.deviation, this.distances.value.get(of.series)].map((one) => number(one))}
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
      <p class="where">${this.moreRows(current.length)}${this.compareWith(base)}</p>`;
  }

  private nameInGroup(tag: string): string {
    return tag.startsWith(`${this.tag}/`) ? tag.slice(this.tag.length + 1) : tagLabel(tag);
  }

  private moreRows(count: number) {
    if (count <= ROWS || this.large) return nothing;
    const all = this.allRows.value;
    return html`<button
      class="btn"
      aria-expanded=${all}
      title=${all ? 'Show fewer' : 'Show all'}
      @click=${() => (this.allRows.value = !all)}
    >
      ${all ? count : ROWS} of ${count}
    </button>`;
  }

  /** Which step they are compared with. */
  private compareWith(base: bigint | undefined) {
    const { state } = this.context;
    if (base !== undefined) {
      return html`<span class="m2 el">Dashed: step ${formatExact(base)}</span><span class="grow"></span
        ><button class="btn" @click=${() => (state.histogramBase.value = undefined)}>Stop comparing</button>`;
    }
    const latest = this.marks.value.reduce<bigint | undefined>((most, { of, point }) => {
      const step = of.points.steps[point] as bigint;
      return most === undefined || step > most ? step : most;
    }, undefined);
    if (latest === undefined) return nothing;
    return html`<span class="grow"></span
      ><button class="btn" @click=${() => (state.histogramBase.value = latest)}>
        Compare others with step ${formatExact(latest)}
      </button>`;
  }
}

/** How high its rows are drawn. */
function scaleOf({ top, wanted: { measure } }: Drawing, { ridge }: StepsDrawing): Scale {
  return { top, height: ridge - CUT_ROOM_PX, cumulative: measure === 'cumulative' };
}

/** Where the row of a point stands, px. */
function footOf({ wanted: { mode, height } }: Drawing, { axis, x, ridge }: StepsDrawing, point: number): number {
  return mode === 'offset' ? ridge + axis.fraction(x[point] as number) * (height - ridge) : height;
}

function number(value: number | undefined, most = Infinity) {
  const isKnown = value !== undefined && !Number.isNaN(value);
  return html`<td class="n" title=${isKnown ? formatExact(value) : nothing}>
    ${isKnown ? shortened(value, most) : '–'}
  </td>`;
}

function shortened(value: number, most: number): string {
  const text = formatValue(value, 2);
  return text.length > most ? formatValue(value, 1) : text;
}

function zerosText({ zeros }: HistogramFacts): string {
  return Number.isNaN(zeros) ? '' : `zeros ${formatValue(zeros * 100, 2)} %`;
}

function zerosTitle({ zeros }: HistogramFacts): string {
  return Number.isNaN(zeros) ? 'The buckets do not tell how many values are zero' : 'Share of the values that are zero';
}

customElements.define('tp-histogram-card', HistogramCard);

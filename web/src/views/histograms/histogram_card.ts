import { computed, effect, signal, untracked } from '@preact/signals-core';
import { html, nothing } from 'lit';
import type { Tick } from '../../charts/axis';
import { chartTheme } from '../../charts/chart_theme';
import { cancelDrawing, queueDrawing } from '../../charts/draw_queue';
import { asWireError } from '../../engine/fault';
import { factsAt, type HistogramFacts } from '../../engine/histograms';
import type { WireError } from '../../engine/protocol';
import { errorText } from '../../model/errors';
import { formatCount, formatExact, formatValue, formatX, plural, tagLabel } from '../../model/format'; // prettier-ignore
import { pointAt } from '../../model/steps';
import { WatchElement } from '../../ui/watch';
import { whenNear } from '../cards/near';
import { pinButton } from '../cards/pins';
import { shownStep } from '../cards/shown_step';
import type { ViewContext } from '../view_def';
import {
  compatibleRows,
  fetchDrawing,
  isUpright,
  middlesOf,
  type Drawing,
  type Rows,
  type StepsDrawing,
} from './drawing';
import type { GroupRanges, Range } from './group_ranges';
import { nearestPoint, rangeOf, topOf, type SeriesHistograms } from './layout';
import { mixed, paintBands, paintCurve, paintHeat, paintOverlay, paintRidges, type Area } from './paint';
import { SeriesWatch } from './series_watch';

/** Columns of the read-out, and which percentile each is. */
const COLUMNS = [['Min', 0], ['p7', 1], ['p16', 2], ['Median', 4], ['p84', 6], ['p93', 7], ['Max', 8]] as const; // prettier-ignore

/** A histogram at the step: cells in the edges of the drawing. */
interface Mark {
  of: SeriesHistograms;
  /** Index among the points of its series. */
  point: number;
  rows: Rows;
  /** At the step that is compared with. */
  isBase: boolean;
}

/** The histograms of one tag: of one run at every step, or of several runs at the step of the scrubber. */
export class HistogramCard extends WatchElement {
  static override properties = {
    pinned: { type: Boolean },
    context: { attribute: false },
    tag: { attribute: false },
    series: { attribute: false },
    ranges: { attribute: false },
  };
  declare context: ViewContext;
  /** It is kept at the top of its view. */
  declare pinned: boolean;
  declare tag: string;
  declare series: readonly number[];
  declare ranges: GroupRanges;

  private readonly near = signal(false);
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
  private drawingAsked: AbortController | undefined;
  private marksAsked: AbortController | undefined;
  private stops: (() => void)[] = [];
  private readonly resizes = new ResizeObserver(() => this.measure());

  private readonly all = computed(() => {
    const watched = this.watch?.watched.value;
    return watched?.kind === 'series' ? watched.series : [];
  });
  /** Absent where runs are drawn over each other. */
  private readonly one = computed(() => (this.mode === 'runs' ? undefined : this.all.value[0]));

  private get mode() {
    return this.context.state.histogramMode.value;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.wanted.value = this.series;
    this.watch ??= new SeriesWatch(this.context, this.wanted, this.near);
    this.watch.start();
    this.stops = [
      whenNear(this, (near) => (this.near.value = near)),
      effect(() => this.tellRange()),
      effect(() => void this.askDrawing()),
      effect(() => void this.askMarks()),
      effect(() => this.queuePaint()),
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
    cancelDrawing(this);
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
  }

  private measure(): void {
    const plot = this.querySelector('.plot');
    if (!plot || plot.clientWidth === 0) return;
    const { clientWidth: width, clientHeight: height } = plot;
    const now = this.size.peek();
    if (now.width !== width || now.height !== height) this.size.value = { width, height };
  }

  // ---- what is drawn

  private get key(): string {
    return `${this.tag}\n${this.wanted.peek().join(' ')}`;
  }

  private readonly range = computed((): Range | undefined => {
    const ranges = this.all.value.flatMap((one) => [rangeOf(one) ?? []].filter((range) => range.length === 2));
    if (ranges.length === 0) return undefined;
    return [Math.min(...ranges.map(([min]) => min)), Math.max(...ranges.map(([, max]) => max))];
  });

  private tellRange(): void {
    if (this.range.value) this.ranges.put(this.key, this.tag, this.range.value);
  }

  private async askDrawing(): Promise<void> {
    this.drawingAsked?.abort();
    this.drawingAsked = undefined;
    const { state, engine } = this.context;
    const own = this.range.value;
    const range = state.sameRange.value ? (this.ranges.ofGroup(this.tag) ?? own) : own;
    const { width, height } = this.size.value;
    const one = this.one.value;
    const wanted = {
      mode: this.mode,
      bins: state.histogramBins.value,
      measure: state.histogramMeasure.value,
      scale: state.histogramScale.value,
      x: state.x.value,
    };
    if (!this.near.value || width === 0 || !range || !own) return;
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
    const isOfRuns = drawing.wanted.mode === 'runs';
    const { edges, value } = drawing;
    const abort = new AbortController();
    this.marksAsked = abort;
    const { measure, bins } = drawing.wanted;
    const places = middlesOf(edges, value);
    const markAt = async (of: SeriesHistograms, at: bigint | undefined, isBase: boolean): Promise<Mark[]> => {
      const point = pointAt(of.points.steps, at);
      if (point === undefined) return [];
      // As the rows that it is drawn over.
      if (!isOfRuns && bins === 'compatible') {
        const rows = await compatibleRows(engine, of, Uint32Array.of(point), measure, value, abort.signal);
        return rows ? [{ of, point, rows, isBase }] : [];
      }
      const points = Uint32Array.of(of.points.points[point] as number);
      const query = { series: of.series, points, rows: new Uint32Array(1), edges, measure };
      return [{ of, point, rows: { cells: await engine.histogramGrid(query, abort.signal), places }, isBase }];
    };
    try {
      const asked = all.flatMap((of) => [
        ...(isOfRuns && base !== undefined ? [markAt(of, base, true)] : []),
        markAt(of, step, false),
      ]);
      const marks = (await Promise.all(asked)).flat();
      const distances = isOfRuns ? await this.distancesOf(marks, abort.signal) : new Map<number, number>();
      if (abort.signal.aborted) return;
      this.marks.value = marks;
      this.distances.value = distances;
    } catch (error) {
      if (!abort.signal.aborted) this.error.value = asWireError(error);
    }
  }

  /** How far each run is from itself at the step that is compared with or, without one, from the first run. */
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

  // ---- on the canvas

  private queuePaint(): void {
    const drawing = this.drawing.value;
    void [chartTheme.value, this.all.value];
    // What follows the step and the pointer is drawn on the canvas only where values go across.
    if (drawing && !isUpright(drawing.wanted.mode)) void [this.marks.value, this.hovered.value];
    queueDrawing(this, () => this.paint());
  }

  private styleOf(series: number) {
    return this.context.shown.lineStyle(this.context.engine.catalogue.runName(series));
  }

  private paint(): void {
    const drawing = this.drawing.peek();
    const canvas = this.querySelector('canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context || !drawing) return;
    const { width, height } = drawing.wanted;
    const ratio = devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const area = { context, width, height };
    if (drawing.steps) this.paintSteps(area, drawing, drawing.steps);
    else this.paintRuns(area, drawing);
  }

  private paintSteps(area: Area, drawing: Drawing, steps: StepsDrawing): void {
    const one = this.one.peek();
    if (!one) return;
    const theme = chartTheme.peek();
    const { colour } = this.styleOf(one.series);
    const { mode } = drawing.wanted;
    const { rows, order, columns, ridge } = steps;
    if (mode === 'bands') {
      paintBands(area, one.facts, steps.x, order, { x: steps.axis, value: drawing.value }, colour, theme);
      return;
    }
    if (!rows) return;
    if (columns) {
      paintHeat(area, rows, columns, drawing.top, colour, theme);
      return;
    }
    const scale = { top: drawing.top, height: ridge };
    const baseOf = (point: number): number => this.footOf(steps, point, area.height);
    if (mode === 'offset') paintRidges(area, rows, Array.from(order, baseOf), scale, colour, theme);
    else paintOverlay(area, rows, order.length, scale, colour, theme);
    for (const { point, rows: mark } of this.marks.peek()) {
      paintCurve(area, mark, mode === 'offset' ? baseOf(point) : area.height, scale, { stroke: theme.ink });
    }
    const hovered = this.hovered.peek();
    const index = hovered === undefined ? -1 : order.indexOf(hovered);
    if (hovered === undefined || index < 0) return;
    const places = rows.places;
    const cells = rows.cells.slice(index * places.length, (index + 1) * places.length);
    paintCurve(area, { cells, places }, mode === 'offset' ? baseOf(hovered) : area.height, scale, {
      stroke: theme.focus,
    });
  }

  private footOf({ axis, x, ridge }: StepsDrawing, point: number, height: number): number {
    return ridge + axis.fraction(x[point] as number) * (height - ridge);
  }

  private paintRuns(area: Area, { wanted: { measure } }: Drawing): void {
    const marks = this.marks.peek();
    const theme = chartTheme.peek();
    const [top] = topOf(Float64Array.from(marks.flatMap(({ rows }) => [...rows.cells])));
    for (const { of, rows, isBase } of marks) {
      const { colour } = this.styleOf(of.series);
      const fill = marks.length <= 4 && !isBase && measure !== 'cumulative' ? `${colour}22` : undefined;
      const style = { stroke: isBase ? mixed(theme.background, colour, 0.6) : colour, dash: isBase ? [3, 3] : [], foot: measure !== 'cumulative', ...(fill === undefined ? {} : { fill }) }; // prettier-ignore
      paintCurve(area, rows, area.height, { top, height: area.height - 4 }, style);
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

  // ---- what is said

  override render() {
    this.classList.toggle('of-runs', this.mode === 'runs');
    const slash = this.tag.lastIndexOf('/') + 1;
    const [first] = this.series;
    const run = first === undefined ? '' : this.context.engine.catalogue.runName(first);
    const style = this.context.shown.lineStyle(run);
    const label = this.context.shown.runLabel(run);
    return html`<header>
        <h3 title=${tagLabel(this.tag)}>
          <span>${this.tag.slice(0, slash)}</span><b>${this.tag.slice(slash) || tagLabel(this.tag)}</b>
        </h3>
        ${
          this.hasHidden()
            ? html`<span class="flag w" title="A logarithmic scale has no zero and nothing below it"
                >≤ 0 not shown</span
              >`
            : nothing
        }
        ${
          this.drawing.value?.cut
            ? html`<span class="flag w" title="Peaks more than three times as high as all else are cut">clipped</span>`
            : nothing
        }
        ${
          this.mode === 'runs'
            ? html`<span class="flag">${plural(this.series.length, 'run')}</span>`
            : html`<span class="flag el" title=${label}
                ><i class="sw d${style.ring % 4}" .style=${`--c: ${style.colour}`}></i>${label}</span
              >`
        }
        ${pinButton(this.pinned)}
      </header>
      ${this.body()}`;
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
    if (watched && !this.range.value) return html`<div class="note">No histogram here has a value</div>`;
    return html`${this.plot()}${this.mode === 'runs' ? this.runsReadout() : this.stepReadout()}`;
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
    >
      <canvas aria-hidden="true"></canvas>
      ${drawing ? this.axes(drawing) : nothing}
    </div>`;
  }

  private axes({ value, steps, wanted }: Drawing) {
    const across = (ticks: readonly Tick[], at: (tick: number) => number) =>
      ticks.map(({ value: tick, label }) => {
        const place = at(tick);
        return html`<li class=${place < 0.04 ? 'f' : place > 0.96 ? 'z' : ''} .style=${`left: ${place * 100}%`}>${label}</li>`; // prettier-ignore
      });
    if (isUpright(wanted.mode) && steps) {
      const index = this.shownPoint();
      const at = index === undefined ? undefined : steps.axis.fraction(steps.x[index] as number) * 100;
      return html`<ol class="yt" aria-hidden="true">
          ${value.ticks.map(({ value: tick, label }) => html`<li .style=${`top: ${(1 - value.fraction(tick)) * 100}%`}>${label}</li>`)}
        </ol>
        <ol class="xt" aria-hidden="true">
          ${across(steps.axis.ticks, (tick) => steps.axis.fraction(tick))}
        </ol>
        ${
          at === undefined || index === undefined
            ? nothing
            : html`<i class="xh" .style=${`left: ${at}%`}></i
                ><span class="xlab" aria-hidden="true" .style=${`left: ${Math.min(96, Math.max(4, at))}%`}
                  >${formatX(wanted.x, steps.x[index] as number)}</span
                >`
        }`;
    }
    return html`<ol class="xt" aria-hidden="true">
        ${across(value.ticks, (tick) => value.fraction(tick))}
      </ol>
      ${
        steps && wanted.mode === 'offset'
          ? html`<ol class="st-axis" aria-hidden="true">
              ${steps.axis.ticks.map(({ value: tick, label }) => {
                const foot = steps.ridge + steps.axis.fraction(tick) * (wanted.height - steps.ridge);
                return html`<li .style=${`top: ${foot}px`}>${label}</li>`;
              })}
            </ol>`
          : nothing
      }`;
  }

  private summary(): string {
    const { mode } = this;
    const names = { offset: 'Histograms behind each other', heat: 'Heat map', bands: 'Percentiles', overlay: 'Histograms over each other', runs: 'Histograms of runs' }; // prettier-ignore
    const one = this.one.value;
    const range = this.range.value;
    const what = one ? plural(one.points.steps.length, 'step') : plural(this.series.length, 'run');
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
              ${COLUMNS.map(([, percentile]) => number(facts?.percentiles[percentile]))}
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
          ? html`<span class="w nw">damaged</span>`
          : html`<span class="m2 nw" title="Mean: ${formatExact(facts.mean)}">μ ${formatValue(facts.mean, 3)}</span>
              <span class="m2 nw" title="Standard deviation: ${formatExact(facts.deviation)}"
                >σ ${formatValue(facts.deviation, 2)}</span
              >
              <span class="m2 nw" title=${zerosTitle(facts)}>${zerosText(facts)}</span>
              <span class="m3 nw" title="${formatExact(facts.count)} values">n ${formatCount(facts.count)}</span>`
      }`;
  }

  private runsReadout() {
    const base = this.context.state.histogramBase.value;
    const current = this.marks.value.filter(({ isBase }) => !isBase);
    return html`<div class="ro runs" tabindex="0" role="region" aria-label=${`Runs at the step: ${tagLabel(this.tag)}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th class="n" scope="col">Median</th>
              <th class="n" scope="col">Mean</th>
              <th class="n" scope="col">SD</th>
              <th
                class="n"
                scope="col"
                title=${base === undefined ? 'Wasserstein distance from the first run' : `Wasserstein distance from step ${formatExact(base)}`}
              >
                W₁
              </th>
            </tr>
          </thead>
          <tbody>
            ${current.map(({ of, point }) => {
              const facts = factsAt(of.facts, point);
              const run = this.context.engine.catalogue.runName(of.series);
              const style = this.styleOf(of.series);
              const label = this.context.shown.runLabel(run);
              const step = of.points.steps[point] as bigint;
              const slash = label.lastIndexOf('/') + 1;
              return html`<tr>
                <th class="el" scope="row" title=${`${label}, step ${formatExact(step)}`}>
                  <div>
                    <i class="sw d${style.ring % 4}" .style=${`--c: ${style.colour}`}></i
                    ><span class="m3">${label.slice(0, slash)}</span><b>${label.slice(slash)}</b>
                  </div>
                </th>
                ${[facts.percentiles[4], facts.mean, facts.deviation, this.distances.value.get(of.series)].map(number)}
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
      <p class="where">${this.compareWith(base)}</p>`;
  }

  /** Which step the runs are compared with. */
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

function number(value: number | undefined) {
  const isKnown = value !== undefined && !Number.isNaN(value);
  return html`<td class="n" title=${isKnown ? formatExact(value) : nothing}>
    ${isKnown ? formatValue(value, 2) : '–'}
  </td>`;
}

function zerosText({ zeros }: HistogramFacts): string {
  return Number.isNaN(zeros) ? '' : `zeros ${formatValue(zeros * 100, 2)} %`;
}

function zerosTitle({ zeros }: HistogramFacts): string {
  return Number.isNaN(zeros) ? 'The buckets do not tell how many values are zero' : 'Share of the values that are zero';
}

customElements.define('tp-histogram-card', HistogramCard);

import { computed, effect, signal, untracked } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit';
import { chartTheme } from '../../charts/chart_theme';
import type { Box } from '../../charts/gestures';
import { mainPoints } from '../../charts/nearest';
import { Plot, type PlotLine, type Scene } from '../../charts/plot';
import type { Pick } from '../../engine/engine';
import type { ChartLines } from '../../engine/lines';
import type { ChartQuery } from '../../engine/protocol';
import { formatValue, formatX, tagLabel } from '../../model/format';
import { isRange } from '../../model/range';
import type { YScale, Zoom } from '../../model/state';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import { enlargeButton, type HasMain } from '../cards/enlarge';
import { pinButton } from '../cards/pins';
import type { ViewContext } from '../view_def';
import { axesOf, chartQuery, chartSummary, isClipped, isInView, progress } from './chart_facts';
import { growthOf } from '../cards/growth';
import { whenNear } from '../cards/near';
import { drawnNumbers, exactNumbers, Readout, seenFirst, type LineValues, type ReadoutRow } from './readout';

/** A line within this distance of the pointer stands out, px. */
const HOT_PX = 12;
/** The others are dimmed when the pointer has stayed on a line for this long. */
const DIM_AFTER_MS = 80;
const Y_SCALES: readonly YScale[] = ['linear', 'log', 'symlog'];

/** What is drawn, and what it was asked for. */
interface Answer {
  series: Uint32Array;
  query: ChartQuery;
  lines: ChartLines;
}

/** The exact points at one x, of the series of an answer. */
interface Exact {
  x: number;
  answer: Answer;
  picks: readonly (Pick | undefined)[];
}

/** The chart of one tag with its read-out: every shown run is a line. */
export class ChartCard extends WatchElement implements HasMain {
  static override properties = {
    pinned: { type: Boolean },
    tag: {},
    context: { attribute: false },
  };
  declare tag: string;
  declare context: ViewContext;
  /** It is kept at the top of its view. */
  declare pinned: boolean;

  private readonly inView = signal(false);
  /** Enlarged, it lies outside of the scroll area. */
  protected readonly near = computed(() => this.inView.value || this.covers.value);
  private readonly covers = signal(false);
  private readonly pixels = signal(0);
  private readonly answer = signal<Answer | undefined>(undefined);
  /** Why there is no chart. */
  private readonly failed = signal<'' | 'computed' | 'drawn'>('');
  /** Some of the lines lies above or below of what is shown. */
  private readonly clipped = signal(false);
  /** It is zoomed to where no line is. */
  private readonly missed = signal(false);
  /** Rises to ask again what has not changed. */
  private readonly attempt = signal(0);
  protected plot: Plot | undefined;
  protected readonly readout: LineValues = this.createReadout();
  private disposers: (() => void)[] = [];
  private frame = 0;
  private hotTimer = 0;
  private readonly hot = signal(-1);
  private exact: Exact | undefined;
  /** The crosshair is where the keys have led it. */
  private byKeys = false;
  /** The line that the arrow keys walk along. */
  private keyLine = 0;

  protected readonly series = computed(() => this.context.shown.seriesOf('scalars', this.tag));
  protected readonly scale = computed(
    () => this.context.state.yOfTag.value.get(this.tag) ?? this.context.state.y.value,
  );
  private readonly zoom = computed(() => this.context.state.zoom.value.get(this.tag));
  /** Changes when a shown series has new points. */
  private readonly fingerprint = computed(() => {
    const { catalogue } = this.context.engine;
    void growthOf(this.context.engine).value;
    return this.series.value.map((series) => `${series}:${catalogue.number(series, 'count')}`).join();
  });

  /** It covers the view. */
  get large(): boolean {
    return this.covers.value;
  }
  set large(large: boolean) {
    this.covers.value = large;
  }

  async focusMain(): Promise<void> {
    // Whoever looks whether it is near has not seen it yet.
    this.inView.value = true;
    this.requestUpdate();
    await this.updateComplete;
    this.plot?.element.focus({ preventScroll: true });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.disposers = [
      whenNear(this, (near) => (this.inView.value = near)),
      effect(() => {
        if (!this.near.value) this.plot?.sleep();
      }),
      effect(() => this.ask()),
      effect(() => this.drawScene()),
      effect(() => this.followHover()),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const dispose of this.disposers) dispose();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.hotTimer);
    this.plot?.destroy();
    this.plot?.element.remove();
    this.plot = undefined;
    this.inView.value = false;
  }

  /** Width that a tick of x takes at least, px. */
  protected get tickPx(): number {
    return 70;
  }

  /** What tells the values of the lines. */
  protected createReadout(): LineValues {
    return new Readout();
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.near.value && !this.plot) return nothing;
    const label = tagLabel(this.tag);
    const cut = label.lastIndexOf('/') + 1;
    const scale = this.scale.value;
    return html`
      <header>
        <h3 title=${label}><span>${label.slice(0, cut)}</span><b>${label.slice(cut)}</b></h3>
        ${this.clipped.value ? html`<span class="flag" title="Values lie above or below">clipped</span>` : nothing}
        ${scale === 'linear' ? nothing : html`<span class="flag">${scale}</span>`}
        <span class="tools" role="group" aria-label="Chart tools">
          <button
            class="btn ico"
            aria-label="Y scale: ${scale}"
            title="Y scale: linear, log, symlog  Y"
            @click=${() => this.nextScale()}
          >
            ${icon('log')}
          </button>
          <button class="btn ico" aria-label="Fit" title="Fit to data  0" @click=${() => this.setZoom(undefined)}>
            ${icon('fit')}
          </button>
          ${enlargeButton(this.large)}
        </span>
        ${pinButton(this.pinned)}
      </header>
      <div class="plot-slot">${this.preparePlot().element} ${this.message()}</div>
      ${this.readout.element}
    `;
  }

  protected message(): TemplateResult | typeof nothing {
    if (this.failed.value !== '') {
      return html`<div class="plot-message" role="status">
        <span>This chart could not be ${this.failed.value}</span>
        <button class="btn line" @click=${() => this.attempt.value++}>Retry</button>
      </div>`;
    }
    const series = this.series.value;
    if (series.length === 0) return html`<div class="plot-message">No shown run has this tag</div>`;
    // A writer may name a tag and give it no value.
    const { catalogue } = this.context.engine;
    void this.fingerprint.value;
    if (!series.some((one) => catalogue.number(one, 'count') > 0)) {
      return html`<div class="plot-message">Nothing was written</div>`;
    }
    if (!this.missed.value) return nothing;
    return html`<div class="plot-message" role="status">
      <span>No points of ${series.length === 1 ? 'this run' : 'these runs'} in the zoom</span>
      <button class="btn line" @click=${() => this.setZoom(undefined)}>Fit</button>
    </div>`;
  }

  protected override updated(): void {
    if (!this.plot) return;
    this.plot.element.setAttribute('aria-label', chartSummary(tagLabel(this.tag), this.series.value, this.context));
  }

  protected preparePlot(): Plot {
    if (this.plot) return this.plot;
    this.plot = new Plot(
      {
        hover: (at) => {
          // A pointer that leaves does not take away where the keys have led to.
          if (at || !this.byKeys) this.hoverAt(at);
        },
        zoom: (box) => this.zoomTo(box),
        reset: () => this.setZoom(undefined),
      },
      (pixels) => (this.pixels.value = pixels),
    );
    const { element } = this.plot;
    element.tabIndex = 0;
    element.setAttribute('role', 'img');
    element.addEventListener('keydown', (event) => this.onKey(event));
    element.addEventListener('blur', () => this.hoverAt(undefined));
    return this.plot;
  }

  /** Asks for the lines whenever what is shown, or the data, changes. */
  private ask(): void {
    const { state, engine } = this.context;
    void this.attempt.value;
    void this.fingerprint.value;
    // The worker has been told already (pages/page.ts).
    void state.purge.value;
    const [pixels, zoom] = [this.pixels.value, this.zoom.value];
    if (!this.near.value || pixels === 0) return;
    const query = chartQuery(state, this.series.value, this.scale.value, zoom, pixels);
    engine.lines(this.tag, query).then(
      (lines) => {
        if (!lines) return;
        this.failed.value = '';
        this.answer.value = { series: query.series, query, lines };
      },
      () => (this.failed.value = 'computed'),
    );
  }

  /** Shows the answer, on the axes that are wanted now: until the next one comes, the old lines are stretched. */
  private drawScene(): void {
    const [answer, zoom, scale] = [this.answer.value, this.zoom.value, this.scale.value];
    if (!answer || !this.near.value) return;
    try {
      this.show(this.sceneOf(answer, zoom, scale));
    } catch (error) {
      // One chart that cannot be drawn leaves the others as they are.
      console.warn(error);
      this.failed.value = 'drawn';
    }
  }

  private sceneOf(answer: Answer, zoom: Zoom | undefined, scale: YScale): Scene {
    const hot = this.hotLine();
    const { lines, query } = answer;
    void chartTheme.value;
    const { shown } = this.context;
    const plotLines = lines.lines.map((line, i): PlotLine => {
      const { colour, dash } = shown.line(answer.series[i] as number).style;
      return { line, colour, dash };
    });
    const width = untracked(() => this.pixels.value) / devicePixelRatio;
    const most = Math.max(2, Math.min(6, Math.floor(width / this.tickPx)));
    const { x, y, exactY } = axesOf(lines, query.x, zoom, scale, most);
    this.clipped.value = !exactY && isClipped(lines, x, y, scale);
    // Lines of another zoom say nothing of this one.
    const isOfZoom = zoom !== undefined && Object.is(query.from, zoom.x[0]) && Object.is(query.to, zoom.x[1]);
    this.missed.value = isOfZoom && !isInView(lines, x, y, scale);
    return { x, y, lines: plotLines, hot };
  }

  private scene: Scene | undefined;

  private show(scene: Scene): void {
    this.scene = scene;
    this.plot?.show(scene);
    untracked(() => this.scheduleHover());
  }

  /** The run that a line belongs to. */
  private runOf(answer: Answer, line: number): string {
    return this.context.shown.line(answer.series[line] as number).run;
  }

  /** The line that stands out: the one under the pointer, or that of the run whose row is. */
  private hotLine(): number {
    const answer = this.answer.value;
    const run = this.context.hover.rowRun.value;
    if (!answer || run === undefined || this.hot.value >= 0) return this.hot.value;
    const own = [...answer.series.keys()].filter((i) => this.runOf(answer, i) === run);
    // None of several stands for all.
    return own.length === 1 ? (own[0] as number) : -1;
  }

  // ---- hovering

  private hoverAt(at: { x: number; y: number } | undefined): void {
    const { hover } = this.context;
    const { plot, scene } = this;
    this.byKeys = false;
    if (!at || !plot || !scene) {
      if (hover.crosshair.value?.tag === this.tag) this.leave();
      return;
    }
    const area = plot.area();
    const x = scene.x.valueAt(Math.min(1, Math.max(0, (at.x - area.left) / area.width)));
    let [nearest, distance] = [-1, Infinity];
    const points = plot.pointsAt(x);
    points.forEach((point, i) => {
      const away = point ? Math.hypot(point.left - at.x, point.top - at.y) : Infinity;
      if (away < distance) [nearest, distance] = [i, away];
    });
    // The crosshair keeps to points that exist: those of the nearest line.
    hover.crosshair.value = { tag: this.tag, x: points[nearest]?.x ?? x };
    this.pointerTop = at.y;
    this.setHot(distance <= HOT_PX ? nearest : -1);
  }

  private pointerTop: number | undefined;

  private leave(): void {
    const { hover } = this.context;
    this.pointerTop = undefined;
    hover.crosshair.value = undefined;
    hover.values.value = undefined;
    this.setHot(-1);
  }

  private setHot(line: number): void {
    clearTimeout(this.hotTimer);
    const answer = this.answer.value;
    this.context.hover.lineRun.value = line < 0 || !answer ? undefined : this.runOf(answer, line);
    if (line === this.hot.value) return;
    this.hotTimer = window.setTimeout(() => (this.hot.value = line), line < 0 ? 0 : DIM_AFTER_MS);
  }

  private followHover(): void {
    void this.context.hover.crosshair.value;
    this.scheduleHover();
  }

  private scheduleHover(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.paintHover());
  }

  private paintHover(): void {
    const { plot, scene } = this;
    const answer = this.answer.peek();
    if (!plot || !scene || !answer || !this.near.peek()) return;
    const { hover, state, engine } = this.context;
    const crosshair = hover.crosshair.peek();
    const kind = answer.query.x;
    const own = crosshair?.tag === this.tag;
    plot.setCrosshair(crosshair && { x: crosshair.x, label: own ? formatX(kind, crosshair.x) : undefined });
    // At rest: the last of each run, or of what is shown of it.
    const x = crosshair?.x ?? scene.x.max;
    this.fillReadout(answer, x, crosshair !== undefined);
    if (this.exact?.x === x && this.exact.answer === answer) return;
    void engine
      .pick(this.tag, answer.series, kind, x, state.smoothing.peek())
      .then((picks) => {
        if (!picks || this.answer.peek() !== answer) return;
        this.exact = { x, answer, picks };
        this.fillReadout(answer, x, hover.crosshair.peek() !== undefined);
      })
      .catch(() => undefined); // The read-out keeps what is drawn.
  }

  private fillReadout(answer: Answer, x: number, hovering: boolean): void {
    const { plot, scene } = this;
    if (!plot || !scene) return;
    const { hover, shown } = this.context;
    const smoothing = answer.query.smoothing > 0;
    const exact = this.exact?.x === x && this.exact.answer === answer ? this.exact.picks : undefined;
    const drawn = plot.pointsAt(x);
    const hot = this.hot.peek();
    const hotRun = hot < 0 ? hover.rowRun.peek() : undefined;
    const unsorted = answer.lines.lines.flatMap((line, i): (ReadoutRow & { top: number })[] => {
      const point = drawn[i];
      const pick = exact?.[i];
      if (!point && !pick) return [];
      const { run, label, style } = shown.line(answer.series[i] as number);
      const { colour, ring } = style;
      const numbers = pick ? exactNumbers(pick) : drawnNumbers(line, x, answer.query.x);
      const at = scene.x.fraction(pick?.x ?? point?.x ?? x);
      const away = hovering && Math.abs(at - scene.x.fraction(x)) * plot.area().width > 3;
      return [
        {
          run,
          label,
          colour,
          dashRing: ring,
          ...numbers,
          hot: i === hot || run === hotRun,
          away,
          top: away || !point ? Infinity : point.top,
        },
      ];
    });
    const direction = progress(answer.lines);
    const order = (row: ReadoutRow): number => {
      const value = (smoothing ? row.smoothed : row.value) ?? NaN;
      return Number.isFinite(value) ? direction * value : Infinity;
    };
    const own = hover.crosshair.peek()?.tag === this.tag;
    const rows = seenFirst(
      unsorted.sort((a, b) => order(a) - order(b)),
      own ? this.pointerTop : undefined,
    );
    const label = formatX(answer.query.x, x);
    if (hovering) this.readout.showAt(answer.query.x === 'step' ? `Step ${label}` : label, rows, smoothing);
    else this.readout.showLast(Number.isFinite(answer.query.from), rows, smoothing);
    if (own && exact) {
      const value = (row: ReadoutRow): number => (smoothing ? row.smoothed : row.value) ?? NaN;
      hover.values.value = {
        tag: this.tag,
        at: label,
        byRun: shown.subRuns.byOwner(rows.map((row) => [row.run, value(row)] as const)),
      };
    }
  }

  // ---- zooming

  private zoomTo(box: Box): void {
    const { scene } = this;
    if (!scene) return;
    const before = this.zoom.value;
    const range = (axis: Scene['x'], part: [number, number]): [number, number] =>
      rounded(axis.valueAt(part[0]), axis.valueAt(part[1]));
    const fitted: [number, number] = [NaN, NaN];
    const x = box.x ? range(scene.x, box.x) : (before?.x ?? fitted);
    const y = box.y ? range(scene.y, box.y) : (before?.y ?? fitted);
    if ((box.x && !isRange(...x)) || (box.y && !isRange(...y))) return;
    this.setZoom({ x, y });
  }

  private setZoom(zoom: Zoom | undefined): void {
    const { state } = this.context;
    const all = new Map(state.zoom.value);
    if (zoom) all.set(this.tag, zoom);
    else if (!all.delete(this.tag)) return;
    state.zoom.value = all;
  }

  private nextScale(): void {
    const { yOfTag, y } = this.context.state;
    const next = Y_SCALES[(Y_SCALES.indexOf(this.scale.value) + 1) % Y_SCALES.length] as YScale;
    const all = new Map(yOfTag.value);
    if (next === y.value) all.delete(this.tag);
    else all.set(this.tag, next);
    yOfTag.value = all;
    // A range chosen on one scale means little on another.
    const zoom = this.zoom.value;
    if (zoom) this.setZoom({ x: zoom.x, y: [NaN, NaN] });
  }

  // ---- keyboard

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // Enlarged, arrows alone lead to other charts.
    const walks = !this.large || event.shiftKey;
    const steps: Record<string, () => void> = {
      ...(walks && {
        ArrowLeft: () => this.walk(event.shiftKey ? -0.1 : -1),
        ArrowRight: () => this.walk(event.shiftKey ? 0.1 : 1),
      }),
      Home: () => this.walk(-Infinity),
      End: () => this.walk(Infinity),
      Enter: () => this.querySelector<HTMLElement>('.tools button')?.focus(),
      ...(this.large ? {} : { Escape: () => this.hoverAt(undefined) }),
      n: () => {
        this.keyLine++;
        this.walk(0);
      },
      '+': () => this.zoomTo({ x: [0.2, 0.8] }),
      '-': () => this.zoomTo({ x: [-1 / 3, 4 / 3] }),
      '0': () => this.setZoom(undefined),
      y: () => this.nextScale(),
    };
    const step = steps[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!step) return;
    event.preventDefault();
    step();
  }

  /** Moves the crosshair along one line: by points (whole numbers), by a part of what is shown, or to an end. */
  private walk(by: number): void {
    const { plot, scene } = this;
    const { hover } = this.context;
    const lines = scene?.lines ?? [];
    if (!plot || !scene || lines.length === 0) return;
    this.keyLine %= lines.length;
    const points = mainPoints((lines[this.keyLine] as PlotLine).line);
    const xs: number[] = [];
    for (let i = 0; i < points.length; i += 2) {
      if (Number.isFinite(points[i + 1]) && points[i] !== xs[xs.length - 1]) xs.push(points[i] as number);
    }
    if (xs.length === 0) return;
    const from = hover.crosshair.value?.tag === this.tag ? hover.crosshair.value.x : (xs[0] as number);
    let at = xs.reduce((best, x, i) => (Math.abs(x - from) < Math.abs((xs[best] as number) - from) ? i : best), 0);
    at = Number.isInteger(by) || !Number.isFinite(by) ? at + by : at + Math.round(by * xs.length);
    const x = xs[Math.min(xs.length - 1, Math.max(0, at))] as number;
    const point = plot.pointsAt(x)[this.keyLine];
    this.byKeys = true;
    this.pointerTop = point?.top;
    hover.crosshair.value = { tag: this.tag, x };
    this.setHot(this.keyLine);
    const answer = this.answer.value;
    if (!answer || !point) return;
    const { label } = this.context.shown.line(answer.series[this.keyLine] as number);
    const place = `${answer.query.x === 'step' ? 'step ' : ''}${formatX(answer.query.x, x)}`;
    this.context.announce(`${place}, ${label} ${formatValue(point.y)}, ${this.keyLine + 1} of ${lines.length}`);
  }
}

/** A range to a ten-thousandth of itself: what a hand can point at, and short in a link. */
function rounded(from: number, to: number): [number, number] {
  const digits = Math.ceil(Math.log10(Math.max(Math.abs(from), Math.abs(to)) / Math.abs(to - from))) + 5;
  const round = (value: number): number => Number(value.toPrecision(Math.min(17, Math.max(5, digits))));
  return [round(from), round(to)];
}

customElements.define('tp-chart-card', ChartCard);

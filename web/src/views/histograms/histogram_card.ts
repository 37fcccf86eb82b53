import { computed, effect, signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { chartTheme } from '../../charts/chart_theme';
import { cancelDrawing, queueDrawing } from '../../charts/draw_queue';
import { factsAt, type HistogramFacts } from '../../engine/values/histograms';
import { errorText } from '../../model/errors';
import { assignSlots, paletteOf, styleOfSlot, type LineStyle } from '../../model/colours';
import { formatExact, formatValue, plural, tagLabel } from '../../model/format';
import type { HistogramMode } from '../../model/state';
import { pointAt } from '../../model/steps';
import { groupLabel } from '../../model/tag_groups';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import { enlargeButton, type HasMain } from '../cards/enlarge';
import { whenNear } from '../cards/near';
import { pinButton } from '../cards/pins';
import { shownStep } from '../cards/shown_step';
import type { ViewContext } from '../view_def';
import { cardFlags } from './card_flags';
import { CardReads } from './card_reads';
import type { Drawing } from './drawing';
import type { GroupRange } from './group_ranges';
import { nearestPoint, type SeriesHistograms } from './layout';
import { LostHistogram, lostAt } from './lost_histogram';
import type { Mark } from './marks';
import './mode_menu';
import { isAtStep, isUpright } from './modes';
import type { Area } from './paint';
import { areaOf, paintMany, paintMarks, paintSteps } from './paint_card';
import { plotAxes } from './plot_axes';
import { momentsOf, percentilesTable, seriesTable, type SeriesRow } from './readout';
import { SeriesWatch } from './series_watch';

/** Of the read-out of several series: rows at rest, and when all are wanted, before it scrolls. */
const ROWS = 3;
const MOST_ROWS = 9;
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
  /** Index of the point under the pointer. */
  private readonly hovered = signal<number | undefined>(undefined);
  /** The plot whose canvas was painted last: it is another one after a note stood in its place. */
  private plotSeen: Element | undefined;
  private lostOne: LostHistogram | undefined;
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
  private readonly reads = new CardReads(() => this.context, {
    mode: this.drawnAs,
    all: this.all,
    one: this.one,
    near: this.near,
    size: this.size,
    group: this.ofGroup,
  });

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
    this.lostOne ??= new LostHistogram(this.context);
    this.reads.start();
    this.stops = [
      whenNear(this, (near) => (this.seen.value = near)),
      effect(() => (this.near.value && this.context.state.sameRange.value ? this.ofGroup.value?.use() : undefined)),
      // Whoever moves the step wants to see it, wherever the pointer rests.
      effect(() => {
        void this.context.state.step.value;
        this.hovered.value = undefined;
      }),
      effect(() => void this.lostOne?.ask(this.near.value ? this.lost.value : undefined)),
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
    this.reads.stop();
    this.lostOne?.stop();
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

  private readonly lost = computed(() => lostAt(this.all.value, this.context.state.step.value));

  // ---- on the canvas

  private queuePaint(): void {
    const drawing = this.reads.drawing.value;
    void [chartTheme.value, this.all.value];
    if (drawing && !drawing.steps) void this.reads.marks.value;
    queueDrawing(this, () => this.paint());
  }

  /** What follows the step and the pointer has a canvas of its own: the other one is much work, and stays as it is. */
  private queueMarks(): void {
    void [this.reads.drawing.value, chartTheme.value, this.reads.marks.value, this.hovered.value];
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

  private areaOf(name: 'cells' | 'marks', drawing: Drawing): Area | undefined {
    return areaOf(this.querySelector<HTMLCanvasElement>(`canvas.${name}`), drawing);
  }

  private paint(): void {
    const drawing = this.reads.drawing.peek();
    const area = drawing && this.areaOf('cells', drawing);
    if (!area) return;
    const theme = chartTheme.peek();
    const one = this.one.peek();
    if (!drawing.steps) {
      paintMany(area, drawing, this.reads.marks.peek(), this.reads.top.peek(), (series) => this.styleOf(series), theme);
    } else if (one) {
      paintSteps(area, drawing, drawing.steps, one, this.styleOf(one.series).colour, theme);
    }
  }

  private paintMarks(): void {
    const drawing = this.reads.drawing.peek();
    const area = drawing && this.areaOf('marks', drawing);
    if (area) paintMarks(area, drawing, this.reads.marks.peek(), this.hovered.peek(), chartTheme.peek());
  }

  // ---- the pointer

  private point(event: PointerEvent): void {
    const { x, y } = this.placeOf(event);
    const drawing = this.reads.drawing.peek();
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

  private flags() {
    const { histogramModeOfTag } = this.context.state;
    return cardFlags({
      ownMode: histogramModeOfTag.value.has(this.tag) && this.mode !== 'runs' ? this.mode : undefined,
      hasOwnRange: this.reads.drawnRange.value?.isOwn === true,
      isMended: this.isMended(),
      hasHidden: this.hasHidden(),
      top: this.reads.top.value,
      leftOut: this.leftOut,
    });
  }

  /** Whether what is read out had to be mended first. */
  private isMended(): boolean {
    const one = this.one.value;
    const index = this.shownPoint();
    if (one) return index !== undefined && factsAt(one.facts, index).mended;
    return this.reads.marks.value.some(({ of, point }) => factsAt(of.facts, point).mended);
  }

  /** Whether there are values that a logarithmic axis does not have. */
  private hasHidden(): boolean {
    return this.context.state.histogramScale.value === 'log' && (this.reads.range.value?.[0] ?? 1) <= 0;
  }

  private body() {
    const watched = this.watch?.watched.value;
    const error = watched?.kind === 'failed' ? watched.error : this.reads.error.value;
    if (error) {
      return html`<div class="note e" role="alert">
        <p>${errorText(error)}</p>
        <button class="btn line" @click=${() => this.watch?.retry()}>Retry</button>
      </div>`;
    }
    const nothingThere = watched && this.all.value.every(({ points }) => points.steps.length === 0);
    if (nothingThere) return html`<div class="note">Nothing was written</div>`;
    if (watched && !this.reads.range.value) return this.nothingDrawn();
    return html`${this.plot()}${isAtStep(this.mode) ? this.manyReadout() : this.stepReadout()}`;
  }

  /** Where no step has a value: why that of the step has none, and the way out. */
  private nothingDrawn() {
    const lost = this.lost.value;
    if (!lost) return html`<div class="note">No histogram here has a value</div>`;
    return html`<div class="note ${lost.isDamaged ? 'e' : ''}" role=${lost.isDamaged ? 'alert' : nothing}>
      <p>${this.lostOne?.reasonOf(lost)}</p>
      <button class="btn line" @click=${() => this.lostOne?.save(lost)}>Save the bytes</button>
    </div>`;
  }

  private plot() {
    const drawing = this.reads.drawing.value;
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
      ${drawing ? plotAxes(drawing, this.shownPoint()) : nothing}
    </div>`;
  }

  private summary(): string {
    const { mode } = this;
    const names = { offset: 'Histograms behind each other', heat: 'Heat map', bands: 'Percentiles', overlay: 'Histograms over each other', runs: 'Histograms of runs', tags: 'Histograms of tags' }; // prettier-ignore
    const one = this.one.value;
    const range = this.reads.range.value;
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
    return html`<div class="ro">${percentilesTable(facts)}</div>
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
      ${Number.isNaN(facts.count) ? this.damaged() : momentsOf(facts)}`;
  }

  /** What the read-out has no numbers of. */
  private damaged() {
    const lost = this.lost.value;
    if (!lost || this.hovered.value !== undefined) return html`<span class="w nw">damaged</span>`;
    return html`<span class="w el" title=${this.lostOne?.reasonOf(lost)}>${this.lostOne?.reasonOf(lost)}</span
      ><button
        class="btn ico"
        aria-label="Save the bytes"
        title="Save the bytes"
        @click=${() => this.lostOne?.save(lost)}
      >
        ${icon('save', 's')}
      </button>`;
  }

  private manyReadout() {
    const base = this.context.state.histogramBase.value;
    const current = this.reads.marks.value.filter(({ isBase }) => !isBase);
    const rows = this.allRows.value || this.large ? current : current.slice(0, ROWS);
    const isOfTags = this.mode === 'tags';
    const [one, label] = isOfTags ? ['tag', groupLabel(this.tag)] : ['run', tagLabel(this.tag)];
    return html`<div
        class="ro many"
        tabindex="0"
        role="region"
        aria-label=${`${isOfTags ? 'Tags' : 'Runs'} at the step: ${label}`}
      >
        ${seriesTable(
          isOfTags ? 'Tag' : 'Run',
          rows.map((mark) => this.seriesRow(mark)),
          `Wasserstein distance from ${base === undefined ? `the first ${one}` : `step ${formatExact(base)}`}`,
        )}
      </div>
      <p class="where">${this.moreRows(current.length)}${this.compareWith(base)}</p>`;
  }

  private seriesRow({ of: { series, points, facts }, point }: Mark): SeriesRow {
    const { engine, shown } = this.context;
    const tag = engine.catalogue.tag(series);
    const isOfTags = this.mode === 'tags';
    const label = isOfTags ? this.nameInGroup(tag) : shown.runLabel(engine.catalogue.runName(series));
    return {
      label,
      title: `${isOfTags ? tagLabel(tag) : label}, step ${formatExact(points.steps[point] as bigint)}`,
      style: this.styleOf(series),
      facts: factsAt(facts, point),
      distance: this.reads.distances.value.get(series),
    };
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
    const latest = this.reads.marks.value.reduce<bigint | undefined>((most, { of, point }) => {
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

customElements.define('tp-histogram-card', HistogramCard);

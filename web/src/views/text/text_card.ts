import { computed, effect, signal, untracked } from '@preact/signals-core';
import { html, nothing } from 'lit';
import type { SeriesPoints } from '../../engine/values/values';
import { errorText } from '../../model/errors';
import { formatExact, plural, tagLabel } from '../../model/format';
import { pointAt } from '../../model/steps';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import { growthOf } from '../cards/growth';
import { whenNear } from '../cards/near';
import { atStep, PointWatch, type ChoosePoint, type ShownPoint } from '../cards/point_watch';
import { enlargeButton } from '../cards/enlarge';
import { pinButton } from '../cards/pins';
import { shownStep } from '../cards/shown_step';
import type { ViewContext } from '../view_def';
import { isText, readText, type NoText } from './read_text';
import './text_body';
import type { TextBody } from './text_body';
import './text_diff';
import { textLabel } from './text_label';
import './text_list';
import type { TextList } from './text_list';
import './text_steps';
import { saveText, textTools } from './text_tools';
import type { TextValue } from './text_value';

type Value = TextValue | NoText;
type Shown = ShownPoint<Value>;
type ShownText = Shown & { kind: 'point'; value: TextValue };

/** The text of one run under one tag: that of the step of the scrubber, a list of all, or what differs from another. */
export class TextCard extends WatchElement {
  static override properties = {
    pinned: { type: Boolean },
    context: { attribute: false },
    series: { attribute: false },
    places: { attribute: false },
    search: {},
    againstRun: { attribute: false },
    otherRuns: { attribute: false },
    large: { attribute: false },
  };
  declare context: ViewContext;
  /** It is kept at the top of its view. */
  declare pinned: boolean;
  declare series: number;
  /** Indices of the points that a search found; undefined = nothing is searched. */
  declare places: readonly number[] | undefined;
  /** What is marked in the texts (model/filter.ts); '' = nothing. */
  declare search: string;
  /** The run that others are compared with. */
  declare againstRun: string;
  /** How many other runs have this text. */
  declare otherRuns: number;
  declare large: boolean;
  private readonly seen = signal(false);
  /** Enlarged, it lies outside of the scroll area. */
  private readonly covers = signal(false);
  private readonly near = computed(() => this.seen.value || this.covers.value);
  /** Why copying or saving failed, until another value is shown. */
  private readonly failure = signal<{ of: Shown | undefined; text: string } | undefined>(undefined);
  private readonly points = signal<SeriesPoints | undefined>(undefined);
  private readonly against = signal<PointWatch<Value> | undefined>(undefined);
  private readonly againstName = signal('');
  private watch: PointWatch<Value> | undefined;
  private stops: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    const { state, engine, shown } = this.context;
    this.watch ??= this.watchOf(this.series);
    this.watch.start();
    const againstSeries = computed(() => {
      const comparison = state.textComparison.value;
      if (comparison !== 'runs') return comparison === 'steps' ? this.series : undefined;
      const run = this.againstName.value;
      const series = shown.allSeriesOf('text', this.tag).find((one) => engine.catalogue.runName(one) === run);
      return series === this.series ? undefined : series;
    });
    this.stops = [
      whenNear(this, (near) => (this.seen.value = near)),
      effect(() => {
        const [series, isOfSteps] = [againstSeries.value, state.textComparison.value === 'steps'];
        untracked(() => {
          this.against.value?.stop();
          const chooser = (): ChoosePoint => this.otherStep(state.textAgainst.value, state.step.value);
          this.against.value = series === undefined ? undefined : this.watchOf(series, isOfSteps ? chooser : undefined);
          this.against.value?.start();
        });
      }),
      effect(() => {
        void growthOf(engine).value;
        if (this.near.value) void this.findPoints();
      }),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watch?.stop();
    this.against.value?.stop();
    for (const stop of this.stops) stop();
  }

  private watchOf(series: number, chooser?: () => ChoosePoint): PointWatch<Value> {
    return new PointWatch<Value>(this.context, series, this.near, {
      read: (point, signal) => readText(this.context.engine, series, point, signal),
      ...(chooser && { chooser }),
    });
  }

  /** The step that was named, or the one before the one that is shown. */
  private otherStep(named: bigint | undefined, step: bigint | undefined): ChoosePoint {
    if (named !== undefined) return atStep(named);
    return (steps) => {
      const shown = pointAt(steps, step);
      return shown === undefined ? undefined : pointAt(steps, (steps[shown] as bigint) - 1n);
    };
  }

  private async findPoints(): Promise<void> {
    const points = await this.context.engine.points(this.series).catch(() => undefined);
    // Without points the engine is dead, which the shell says.
    if (points) this.points.value = points;
  }

  private get tag(): string {
    return this.context.engine.catalogue.tag(this.series);
  }

  private get run(): string {
    return this.context.engine.catalogue.runName(this.series);
  }

  private get isList(): boolean {
    const { state } = this.context;
    return state.textComparison.value === 'off' && state.textList.value;
  }

  protected override willUpdate(): void {
    this.covers.value = this.large;
    this.againstName.value = this.againstRun;
  }

  override render() {
    const { shown: runs, state } = this.context;
    const shown = this.watch?.shown.value;
    const label = textLabel(this.tag);
    const slash = label.lastIndexOf('/') + 1;
    const style = runs.lineStyle(this.run);
    const run = runs.runLabel(this.run);
    return html`<header>
        <h3 title=${tagLabel(this.tag)}><span>${label.slice(0, slash)}</span><b>${label.slice(slash) || label}</b></h3>
        <i class="sw d${style.ring % 4}" .style=${`--c: ${style.colour}`}></i>
        <span class="run el m2" title=${run}>${run}</span>
        ${this.isList ? nothing : this.tools(shown)} ${enlargeButton(this.large)} ${pinButton(this.pinned)}
      </header>
      <div class="body">${this.isList ? this.list() : this.body(shown, state.textComparison.value)}</div>
      <p class="where">${this.isList ? this.count() : this.where(shown)}</p>`;
  }

  private get name(): string {
    return `${textLabel(this.tag)}, ${this.context.shown.runLabel(this.run)}`;
  }

  private tools(shown: Shown | undefined) {
    if (shown?.kind !== 'failed' && (shown?.kind !== 'point' || !shown.value)) return nothing;
    const { context, series } = this;
    const place = { series, point: shown.point, step: shown.step };
    const failed = (why: string): void => void (this.failure.value = { of: shown, text: why });
    if (shown.kind === 'point' && isText(shown.value)) return textTools(context, place, shown.value, failed);
    const save = (): Promise<void> => saveText(context, place, undefined).then((why) => void (why && failed(why)));
    return html`<div class="tools">
      <button class="btn" title="Save the bytes (.bin)" @click=${save}>${icon('save', 's')}Save the bytes</button>
    </div>`;
  }

  private body(shown: Shown | undefined, comparison: 'off' | 'steps' | 'runs') {
    if (!shown) return nothing;
    const failure = this.failure.value;
    if (failure && failure.of === shown) return html`<p class="note e" role="alert">${failure.text}</p>`;
    const text = shown.kind === 'point' && isText(shown.value) ? (shown as ShownText) : undefined;
    if (!text) return note(shown, 'at or before this step', () => this.watch?.retry());
    if (comparison === 'off') return this.text(text);
    if (comparison === 'runs') return this.comparison(text, comparison);
    const points = this.points.value;
    const before = this.against.value?.shown.value;
    return html`<div class="with-steps">
      <div class="compared">${this.comparison(text, comparison)}</div>
      ${
        points && points.steps.length > 0
          ? html`<tp-text-steps
              .context=${this.context}
              .series=${this.series}
              .points=${points}
              .a=${before?.kind === 'point' ? before.step : undefined}
              .b=${text.step}
              .label=${`All steps: ${this.name}`}
            ></tp-text-steps>`
          : nothing
      }
    </div>`;
  }

  private text({ value }: ShownText) {
    const { state } = this.context;
    return html`<tp-text-body
      .value=${value}
      .format=${state.textFormat.value}
      .wrap=${state.textWrap.value}
      .search=${this.search}
      .label=${`Text: ${this.name}`}
    ></tp-text-body>`;
  }

  private comparison(text: ShownText, comparison: 'steps' | 'runs') {
    const { state, shown: runs } = this.context;
    const watch = this.against.value;
    const other = runs.runLabel(this.againstRun);
    if (!watch) {
      let why = `${other} has no such text`;
      if (this.otherRuns === 0) why = 'No other run that is shown has this text';
      else if (this.run === this.againstRun) why = 'The others are compared with this run';
      return html`<p class="note-line m3">${why}</p>
        ${this.text(text)}`;
    }
    const before = watch.shown.value;
    if (!before) return nothing;
    const of = comparison === 'runs' ? `${other}: ` : '';
    if (before.kind !== 'point' || !isText(before.value)) {
      const where = comparison === 'runs' ? 'at or before this step' : 'before this step';
      // What there is to read stays.
      const isMissing = before.kind === 'later' || before.kind === 'nothing' || (before.kind === 'point' && !before.value); // prettier-ignore
      if (isMissing)
        return html`<p class="note-line m3">${of}${nothingText(before, where)}</p>
          ${this.text(text)}`;
      return html`<div class="note">${of && html`<p>${other}</p>`}${note(before, where, () => watch.retry())}</div>`;
    }
    const own = comparison === 'runs' ? `${runs.runLabel(this.run)}: ` : '';
    const names = [`${of}step ${formatExact(before.step)}`, `${own}step ${formatExact(text.step)}`] as const;
    return html`<tp-text-diff
      .older=${before.value}
      .newer=${text.value}
      .wrap=${state.textWrap.value}
      .names=${names}
      .label=${`Differences: ${this.name}`}
    ></tp-text-diff>`;
  }

  private list() {
    const points = this.points.value;
    if (!points) return nothing;
    if (points.steps.length === 0) return html`<p class="note">Nothing was written</p>`;
    return html`<tp-text-list
      .context=${this.context}
      .series=${this.series}
      .points=${points}
      .places=${this.places}
      .search=${this.search}
      .label=${`Steps: ${this.name}`}
      @open-step=${(event: CustomEvent<bigint>) => this.openStep(event.detail)}
    ></tp-text-list>`;
  }

  /** Shows one step of the list alone. */
  private openStep(step: bigint): void {
    const { state } = this.context;
    state.step.value = step;
    state.textList.value = false;
  }

  /** To the next or previous place of what is searched, or the entry that has one. */
  step(by: 1 | -1): void {
    void this.querySelector<TextList | TextBody>(':is(tp-text-list, .body > tp-text-body)')?.step(by);
  }

  /** How many steps the list has. */
  private count() {
    const count = this.points.value?.steps.length ?? 0;
    const found = this.places && html`<span class="nw">${formatExact(this.places.length)} of</span>`;
    return html`${found ?? nothing}<span class="m3 nw">${plural(count, 'step')}</span>`;
  }

  /** Which step is shown, and that it is another one than the scrubber's. */
  private where(shown: Shown | undefined) {
    if (shown?.kind !== 'point' && shown?.kind !== 'failed') return nothing;
    return html`${shownStep(shown, this.context.state.step.value)}
      <span class="grow"></span>
      <span class="m3 nw">${plural(shown.count, 'step')}</span>`;
  }
}

/** Why there is no text to show. */
function note(shown: Shown, where: string, retry: () => void) {
  if (shown.kind === 'failed') {
    return html`<div class="note e" role="alert">
      <p>${errorText(shown.error)}</p>
      <button class="btn line" @click=${retry}>Retry</button>
    </div>`;
  }
  if (shown.kind !== 'point' || !shown.value) return html`<p class="note">${nothingText(shown, where)}</p>`;
  return html`<p class="note e">${isText(shown.value) ? '' : shown.value.reason}</p>`;
}

/** Of a step that has nothing. */
function nothingText(shown: Shown, where: string): string {
  if (shown.kind === 'nothing') return 'Nothing was written';
  if (shown.kind === 'later') return `Nothing ${where}. The first is ${formatExact(shown.first)}`;
  return 'Nothing was written at this step';
}

customElements.define('tp-text-card', TextCard);

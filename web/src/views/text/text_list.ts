import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { asWireError } from '../../engine/fault';
import type { SeriesPoints } from '../../engine/values';
import { errorText } from '../../model/errors';
import { formatBytes, formatExact, formatWall } from '../../model/format';
import { WatchElement } from '../../ui/watch';
import type { ViewContext } from '../view_def';
import { isText, readText, type NoText } from './read_text';
import './text_body';
import { isSingle, piecesOf, type TextValue } from './text_value';
import './virtual_rows';

/** So much of each text is shown, characters or cells. */
const BEGINNING = 2000;
const MAX_CELLS = 100;

interface Entry {
  step: bigint;
  wallTime: number;
  point: number;
  hasPayload: boolean;
}

/** The steps of a text below each other; an entry is read when it comes near. Fires `open-step` with a step. */
export class TextList extends WatchElement {
  static override properties = {
    context: { attribute: false },
    series: { attribute: false },
    points: { attribute: false },
    places: { attribute: false },
    label: {},
  };
  declare context: ViewContext;
  declare series: number;
  declare points: SeriesPoints;
  /** Which of the points, by index; undefined = all. */
  declare places: readonly number[] | undefined;
  declare label: string;
  private made: { points: SeriesPoints; places: readonly number[] | undefined; entries: Entry[] } | undefined;

  private entries(): Entry[] {
    const { points, places } = this;
    if (this.made?.points !== points || this.made.places !== places) {
      const at = places ?? Array.from(points.points.keys());
      const kept = new Map(this.made?.entries.map((entry) => [entry.point, entry]));
      const entries = at.map(
        (i): Entry =>
          kept.get(points.points[i] as number) ?? {
            step: points.steps[i] as bigint,
            wallTime: points.wallTimes[i] as number,
            point: points.points[i] as number,
            hasPayload: points.hasPayload[i] === 1,
          },
      );
      this.made = { points, places, entries };
    }
    return this.made.entries;
  }

  override render() {
    return html`<tp-virtual-rows
      .rows=${this.entries()}
      .row=${(entry: Entry) =>
        html`<tp-text-entry .context=${this.context} .series=${this.series} .entry=${entry}></tp-text-entry>`}
      .estimate=${72}
      .label=${this.label}
    ></tp-virtual-rows>`;
  }
}

type Read = { value: TextValue | NoText | undefined } | { error: string };

/** One step of a list. */
export class TextEntry extends WatchElement {
  static override properties = {
    context: { attribute: false },
    series: { attribute: false },
    entry: { attribute: false },
  };
  declare context: ViewContext;
  declare series: number;
  declare entry: Entry;
  private readonly read = signal<Read | undefined>(undefined);
  private asked: { entry: Entry; abort: AbortController } | undefined;
  private shown: { of: TextValue; value: TextValue; isWhole: boolean } | undefined;

  protected override willUpdate(): void {
    if (this.asked?.entry === this.entry) return;
    this.asked?.abort.abort();
    this.asked = { entry: this.entry, abort: new AbortController() };
    this.read.value = undefined;
    void this.fetch(this.asked);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // It was cancelled when it was taken away.
    if (this.asked?.abort.signal.aborted) this.asked = undefined;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.asked?.abort.abort();
  }

  private async fetch({ entry, abort }: { entry: Entry; abort: AbortController }): Promise<void> {
    let read: Read;
    try {
      const { engine } = this.context;
      read = { value: entry.hasPayload ? await readText(engine, this.series, entry.point, abort.signal) : undefined };
    } catch (error) {
      read = { error: errorText(asWireError(error)) };
    }
    if (!abort.signal.aborted) this.read.value = read;
  }

  override render() {
    const { step, wallTime } = this.entry;
    return html`<p class="entry-head">
        <button class="btn" title="Show this step alone" @click=${() => this.open()}>
          <span class="lb">Step</span> ${formatExact(step)}
        </button>
        <span class="m3 small">${formatWall(wallTime)}</span>
      </p>
      ${this.body(this.read.value)}`;
  }

  private body(read: Read | undefined) {
    if (!read) return nothing;
    if ('error' in read) return html`<p class="note-line e">${read.error}</p>`;
    const { value } = read;
    if (!value) return html`<p class="note-line m3">Nothing was written at this step</p>`;
    if (!isText(value)) return html`<p class="note-line e">${value.reason}</p>`;
    if (this.shown?.of !== value) this.shown = { of: value, ...beginningOf(value) };
    const { textFormat, textWrap } = this.context.state;
    const size = value.strings.reduce((sum, text) => sum + text.length, 0);
    return html`<tp-text-body
        .value=${this.shown.value}
        .format=${textFormat.value}
        .wrap=${textWrap.value}
        .flat=${true}
      ></tp-text-body>
      ${
        this.shown.isWhole
          ? nothing
          : html`<button class="btn line more" @click=${() => this.open()}>Show all ${formatBytes(size)}</button>`
      }`;
  }

  private open(): void {
    this.dispatchEvent(new CustomEvent('open-step', { detail: this.entry.step, bubbles: true }));
  }
}

function beginningOf(value: TextValue): { value: TextValue; isWhole: boolean } {
  const { shape, strings } = value;
  if (isSingle(value)) {
    const text = strings[0] ?? '';
    if (text.length <= BEGINNING) return { value, isWhole: true };
    return {
      value: { shape, strings: piecesOf(text.slice(0, BEGINNING + 1), BEGINNING).slice(0, 1), missing: '' },
      isWhole: false,
    };
  }
  const isWhole = strings.length <= MAX_CELLS && strings.every((text) => text.length <= BEGINNING);
  if (isWhole) return { value, isWhole };
  const cells = strings.slice(0, MAX_CELLS).map((text) => piecesOf(text.slice(0, BEGINNING), BEGINNING)[0] ?? '');
  return { value: { shape, strings: cells, missing: '' }, isWhole };
}

customElements.define('tp-text-entry', TextEntry);
customElements.define('tp-text-list', TextList);

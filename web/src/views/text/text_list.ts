import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import type { SeriesPoints } from '../../engine/values/values';
import { formatBytes, formatExact, formatWall } from '../../model/format';
import { WatchElement } from '../../ui/watch';
import { piecesOf } from '../text_work/pieces';
import { ask } from '../text_work/text_worker';
import type { ViewContext } from '../view_def';
import { Entries, EntryElement, type Entry, type Read } from './entries';
import { isText } from './read_text';
import './text_body';
import { isSingle, type TextValue } from './text_value';
import { textTools } from './text_tools';
import './virtual_rows';
import type { VirtualRows } from './virtual_rows';

/** So much of each text is shown, characters or cells. */
const SHOWN = 2000;
const MAX_CELLS = 100;
/** So much before what was found is shown, characters at most. */
const BEFORE_FOUND = 300;

/** The steps of a text below each other; an entry is read when it comes near. Fires `open-step` with a step. */
export class TextList extends WatchElement {
  static override properties = {
    context: { attribute: false },
    series: { attribute: false },
    points: { attribute: false },
    places: { attribute: false },
    search: {},
    label: {},
  };
  declare context: ViewContext;
  declare series: number;
  declare points: SeriesPoints;
  /** Which of the points, by index; undefined = all. */
  declare places: readonly number[] | undefined;
  /** What is marked in each (model/filter.ts); '' = nothing. */
  declare search: string;
  declare label: string;
  private readonly entries = new Entries();
  /** Index of the entry that the last step led to. */
  private readonly at = signal(-1);

  /** To the next or previous entry; around at the ends. */
  async step(by: 1 | -1): Promise<void> {
    const { length } = this.entries.of(this.points, this.places);
    if (length === 0) return;
    this.at.value = (Math.max(this.at.value, by < 0 ? 0 : -1) + by + length) % length;
    await this.querySelector<VirtualRows>('tp-virtual-rows')?.showRow(this.at.value);
  }

  override render() {
    const at = this.at.value;
    return html`<tp-virtual-rows
      .rows=${this.entries.of(this.points, this.places)}
      .row=${(entry: Entry, i: number) =>
        html`<tp-text-entry
          class=${i === at ? 'current' : ''}
          .context=${this.context}
          .series=${this.series}
          .entry=${entry}
          .search=${this.search}
        ></tp-text-entry>`}
      .estimate=${72}
      .label=${this.label}
    ></tp-virtual-rows>`;
  }
}

/** What is shown of a text. */
interface Part {
  of: TextValue;
  search: string;
  value: TextValue;
  isWhole: boolean;
}

/** One step of a list: the beginning of its text, or what is about the first place of what is searched. */
export class TextEntry extends EntryElement {
  static override properties = { search: {} };
  declare search: string;
  private readonly cutOut = signal<Part | undefined>(undefined);
  private wanted: { of: TextValue; search: string } | undefined;
  private readonly failure = signal('');

  override render() {
    const { step, wallTime, point } = this.entry;
    const read = this.read.value;
    const value = read && 'value' in read && isText(read.value) ? read.value : undefined;
    const place = { series: this.series, point, step };
    const failure = this.failure.value;
    return html`<p class="entry-head">
        <button class="btn" title="Show this step alone" @click=${() => this.open()}>
          <span class="lb">Step</span> ${formatExact(step)}
        </button>
        <span class="m3 small grow el">${formatWall(wallTime)}</span>
        ${value ? textTools(this.context, place, value, (why) => (this.failure.value = why)) : nothing}
      </p>
      ${failure === '' ? nothing : html`<p class="note-line e" role="alert">${failure}</p>`} ${this.body(read)}`;
  }

  private body(read: Read | undefined) {
    if (!read) return nothing;
    if ('error' in read) return html`<p class="note-line e">${read.error}</p>`;
    const { value } = read;
    if (!value) return html`<p class="note-line m3">Nothing was written at this step</p>`;
    if (!isText(value)) return html`<p class="note-line e">${value.reason}</p>`;
    const part = this.cutOut.value;
    if (part?.of !== value || part.search !== this.search) void this.cut(value, this.search);
    // Until another part is found, the one before stays.
    if (part?.of !== value) return nothing;
    const { textFormat, textWrap } = this.context.state;
    const size = value.strings.reduce((sum, text) => sum + text.length, 0);
    return html`<tp-text-body
        .value=${part.value}
        .format=${textFormat.value}
        .wrap=${textWrap.value}
        .search=${this.search}
        .flat=${true}
      ></tp-text-body>
      ${
        part.isWhole
          ? nothing
          : html`<button class="btn line more" @click=${() => this.open()}>Show all ${formatBytes(size)}</button>`
      }`;
  }

  private async cut(of: TextValue, search: string): Promise<void> {
    if (this.wanted?.of === of && this.wanted.search === search) return;
    this.wanted = { of, search };
    const text = of.strings[0] ?? '';
    let place = 0;
    if (search !== '' && isSingle(of) && text.length > SHOWN) {
      const found = await ask('find', { filter: search, blocks: [{ text }], most: 1 }).catch(() => undefined);
      if (this.wanted.of !== of || this.wanted.search !== search) return;
      place = found?.[0]?.[0] ?? 0;
    }
    this.cutOut.value = { of, search, ...partOf(of, place) };
  }

  private open(): void {
    this.dispatchEvent(new CustomEvent('open-step', { detail: this.entry.step, bubbles: true }));
  }
}

/** @param place what has to be seen of a single text, in characters. */
function partOf(value: TextValue, place: number): { value: TextValue; isWhole: boolean } {
  const { shape, strings } = value;
  if (isSingle(value)) {
    const text = strings[0] ?? '';
    if (text.length <= SHOWN) return { value, isWhole: true };
    const line = text.lastIndexOf('\n', place) + 1;
    const from = place < SHOWN / 2 ? 0 : Math.max(line, place - BEFORE_FOUND);
    const part = piecesOf(text.slice(from, from + SHOWN + 1), SHOWN).slice(0, 1);
    return { value: { shape, strings: part, missing: '' }, isWhole: false };
  }
  const isWhole = strings.length <= MAX_CELLS && strings.every((text) => text.length <= SHOWN);
  if (isWhole) return { value, isWhole };
  const cells = strings.slice(0, MAX_CELLS).map((text) => piecesOf(text.slice(0, SHOWN), SHOWN)[0] ?? '');
  return { value: { shape, strings: cells, missing: '' }, isWhole };
}

customElements.define('tp-text-entry', TextEntry);
customElements.define('tp-text-list', TextList);

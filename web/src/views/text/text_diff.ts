import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { formatExact, plural } from '../../model/format';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import { foldRows, rowOf, type Diff, type DiffRow, type Fold, type Part, type Side } from '../text_work/diff';
import { plainText, type TextValue } from './text_value';
import { linesOf } from '../text_work/pieces';
import { ask } from '../text_work/text_worker';
import './virtual_rows';
import type { VirtualRows } from './virtual_rows';

/** Texts of more characters together are not compared. */
const MAX_COMPARED = 8_000_000;

interface Compared {
  before: TextValue;
  after: TextValue;
  /** undefined = they are too long or differ too much to be compared in time. */
  diff: Diff | undefined;
  lines: readonly [before: readonly string[], after: readonly string[]];
}

/** Two texts side by side; one below the other where there is little room. What differs is marked, by line and word. */
export class TextDiff extends WatchElement {
  static override properties = {
    older: { attribute: false },
    newer: { attribute: false },
    wrap: { attribute: false },
    label: {},
    names: { attribute: false },
  };
  declare older: TextValue;
  declare newer: TextValue;
  declare wrap: boolean;
  declare label: string;
  /** What the texts are, for their heads. */
  declare names: readonly [before: string, after: string];
  private readonly compared = signal<Compared | undefined>(undefined);
  private readonly opened = signal<ReadonlySet<number>>(new Set());
  private asked: AbortController | undefined;
  private wanted: readonly TextValue[] = [];
  private folded: { diff: Diff; opened: ReadonlySet<number>; rows: (number | Fold)[] } | undefined;
  /** Index of the row that the last step to a change led to. */
  private at = -1;

  protected override willUpdate(): void {
    const { older: before, newer: after } = this;
    if (before === this.wanted[0] && after === this.wanted[1]) return;
    this.wanted = [before, after];
    this.asked?.abort();
    this.asked = new AbortController();
    void this.compare(before, after, this.asked.signal);
  }

  private async compare(before: TextValue, after: TextValue, abort: AbortSignal): Promise<void> {
    const texts = [plainText(before), plainText(after)] as const;
    const isLong = texts[0].length + texts[1].length > MAX_COMPARED;
    const diff = isLong ? undefined : await ask('diff', texts, abort).catch(() => undefined);
    if (abort.aborted) return;
    this.opened.value = new Set();
    this.at = -1;
    this.compared.value = { before, after, diff, lines: [linesOf(texts[0]), linesOf(texts[1])] };
  }

  private rows(diff: Diff): (number | Fold)[] {
    const opened = this.opened.value;
    if (this.folded?.diff !== diff || this.folded.opened !== opened) {
      this.folded = { diff, opened, rows: foldRows(diff, opened) };
    }
    return this.folded.rows;
  }

  override render() {
    this.className = `text-diff${this.wrap ? '' : ' no-wrap'}`;
    const compared = this.compared.value;
    if (!compared) return nothing;
    const { diff, lines } = compared;
    if (!diff) return html`<p class="note">These texts are too long, or differ too much, to be compared</p>`;
    if (diff.changed.length === 0) return html`<p class="note">Both texts are empty</p>`;
    const count = diff.changedCount;
    const missing = [compared.before, compared.after].some((text) => text.missing !== '');
    const [before, after] = this.names;
    return html`<div class="diff-head small">
        <span class="el" title=${before}><b aria-hidden="true">−</b> ${before}</span>
        <span class="el" title=${after}><b aria-hidden="true">+</b> ${after}</span>
        <span class="changes">
          <span class="m3 nw" role="status">${count === 0 ? 'No difference' : `${plural(count, 'line')} changed`}</span>
          <button
            class="btn ico"
            aria-label="Previous change"
            title="Previous change"
            ?disabled=${count === 0}
            @click=${() => this.step(-1)}
          >
            ${icon('up')}
          </button>
          <button
            class="btn ico"
            aria-label="Next change"
            title="Next change"
            ?disabled=${count === 0}
            @click=${() => this.step(1)}
          >
            ${icon('down')}
          </button>
        </span>
      </div>
      ${missing ? html`<p class="note-line w">Only the beginnings are compared</p>` : nothing}
      <tp-virtual-rows
        .rows=${this.rows(diff)}
        .row=${(row: number | Fold) => (typeof row === 'number' ? diffRow(rowOf(diff, ...lines, row)) : this.fold(row))}
        .estimate=${18}
        .label=${this.label}
      ></tp-virtual-rows>`;
  }

  private fold({ from, count }: Fold) {
    return html`<button class="fold m3" @click=${() => (this.opened.value = new Set([...this.opened.value, from]))}>
      ${plural(count, 'unchanged line')}
    </button>`;
  }

  /** To the first row of the next or previous stretch of changes; around at the ends. */
  private step(by: 1 | -1): void {
    const rows = this.folded?.rows ?? [];
    const changed = this.folded?.diff.changed;
    const isChanged = (i: number): boolean => typeof rows[i] === 'number' && changed?.[rows[i]] === 1;
    const starts = rows.flatMap((_, i) => (isChanged(i) && !isChanged(i - 1) ? [i] : []));
    const next = by > 0 ? starts.find((i) => i > this.at) : starts.findLast((i) => i < this.at);
    this.at = next ?? starts.at(by > 0 ? 0 : -1) ?? -1;
    void this.querySelector<VirtualRows>('tp-virtual-rows')?.showRow(Math.max(0, this.at - 1));
  }
}

function diffRow({ before, after, changed }: DiffRow) {
  return html`<div class=${changed ? 'diff-row' : 'diff-row same'}>
    ${side(before, changed ? 'del' : '')}${side(after, changed ? 'ins' : '')}
  </div>`;
}

function side(shown: Side | undefined, kind: 'del' | 'ins' | '') {
  if (!shown) return html`<span class="side gap"></span>`;
  return html`<span class="side ${kind}"
    ><span class="ln">${formatExact(shown.line)}</span
    ><span class="line">${shown.parts.map((part) => marked(part, kind))}</span></span
  >`;
}

function marked({ text, changed }: Part, kind: 'del' | 'ins' | '') {
  if (!changed || kind === '') return text;
  return kind === 'del' ? html`<del>${text}</del>` : html`<ins>${text}</ins>`;
}

customElements.define('tp-text-diff', TextDiff);

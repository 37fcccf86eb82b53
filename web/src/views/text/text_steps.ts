import { html, nothing } from 'lit';
import type { SeriesPoints } from '../../engine/values/values';
import { formatExact, formatWall, plural } from '../../model/format';
import { WatchElement } from '../../ui/watch';
import type { ViewContext } from '../view_def';
import { Entries, EntryElement, type Entry } from './entries';
import { isText } from './read_text';
import { plainText, type TextValue } from './text_value';
import './virtual_rows';
import type { VirtualRows } from './virtual_rows';

/** Characters of a text that a row has room for. */
const LINE = 80;

/** All steps of a text in short, and which two are held against each other: A, the older, and B. */
export class TextSteps extends WatchElement {
  static override properties = {
    context: { attribute: false },
    series: { attribute: false },
    points: { attribute: false },
    a: { attribute: false },
    b: { attribute: false },
    label: {},
  };
  declare context: ViewContext;
  declare series: number;
  declare points: SeriesPoints;
  /** Steps that are compared; undefined = there is none. */
  declare a: bigint | undefined;
  declare b: bigint | undefined;
  declare label: string;
  private readonly entries = new Entries();

  protected override firstUpdated(): void {
    const at = this.entries.of(this.points, undefined).findIndex(({ step }) => step === this.b);
    if (at > 0) void this.querySelector<VirtualRows>('tp-virtual-rows')?.showRow(Math.max(0, at - 3));
  }

  override render() {
    const { a, b } = this;
    const count = this.points.steps.length;
    return html`<p class="steps-head small m3"><span class="grow">All steps</span><span>${formatExact(count)}</span></p>
      <tp-virtual-rows
        .rows=${this.entries.of(this.points, undefined)}
        .row=${(entry: Entry) =>
          html`<tp-text-step
            .context=${this.context}
            .series=${this.series}
            .entry=${entry}
            .isA=${entry.step === a}
            .isB=${entry.step === b}
          ></tp-text-step>`}
        .estimate=${22}
        .label=${`${this.label}, ${plural(count, 'step')}`}
      ></tp-virtual-rows>`;
  }
}

/** One row of it. */
export class TextStep extends EntryElement {
  static override properties = { isA: { attribute: false }, isB: { attribute: false } };
  declare isA: boolean;
  declare isB: boolean;
  private line: { of: TextValue; text: string } | undefined;

  override render() {
    const { state } = this.context;
    const { step, wallTime } = this.entry;
    const exact = formatExact(step);
    const letter = (name: 'A' | 'B', chosen: boolean, label: string, choose: () => void) =>
      html`<button class="ab" aria-label=${label} title=${label} aria-pressed=${chosen} @click=${choose}>
        ${name}
      </button>`;
    const show = (): void => void (state.step.value = step);
    return html`<div class="text-step ${this.isA || this.isB ? 'chosen' : ''}">
      <span class="n">${exact}</span>
      <span class="el m2 grow" title=${formatWall(wallTime)} @click=${show}>${this.beginning()}</span>
      ${letter('A', this.isA, `Compare with step ${exact}`, () => (state.textAgainst.value = step))}
      ${letter('B', this.isB, `Show step ${exact}`, show)}
    </div>`;
  }

  private beginning() {
    const read = this.read.value;
    if (!read || 'error' in read || !isText(read.value)) return nothing;
    if (this.line?.of !== read.value) {
      const text = plainText(read.value)
        .slice(0, 4 * LINE)
        .replace(/[\s#>*`|-]+/g, ' ')
        .trim();
      this.line = { of: read.value, text: text.slice(0, LINE) };
    }
    return this.line.text;
  }
}

customElements.define('tp-text-step', TextStep);
customElements.define('tp-text-steps', TextSteps);

import type { ReadonlySignal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import type { StepUnion } from '../../engine/values/values';
import { formatExact, plural } from '../../model/format';
import { namedStep, writtenStep } from '../../model/steps';
import { choice } from '../../ui/choice';
import '../../ui/filter_field';
import type { FilterField } from '../../ui/filter_field';
import { icon } from '../../ui/icons';
import { WatchElement } from '../../ui/watch';
import { sheetHead } from '../sheet_head';
import { tagFilter } from '../tag_filter';
import type { ViewContext } from '../view_def';
import type { TextSearch } from './text_search';

/**
 * How every text of the view is shown, and what is searched in them. Fires `step-match` (1 or −1) to go to the next or
 * previous place of what is searched.
 */
export class TextSettings extends WatchElement {
  static override properties = {
    context: { attribute: false },
    search: { attribute: false },
    runs: { attribute: false },
    union: { attribute: false },
  };
  declare context: ViewContext;
  declare search: TextSearch;
  /** The runs that have texts, and the one that others are compared with. */
  declare runs: ReadonlySignal<{ names: readonly string[]; against: string }>;
  declare union: StepUnion | undefined;

  private isListForSearch = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.className = 'bar text-bar';
    this.setAttribute('role', 'group');
    this.setAttribute('aria-label', 'Text settings');
  }

  override render() {
    const { state } = this.context;
    const formats = [['markdown', 'Markdown'], ['raw', 'Raw'], ['mono', 'Mono', 'Raw, in letters of equal width']] as const; // prettier-ignore
    const comparisons = [['off', 'Off'], ['steps', 'Two steps'], ['runs', 'Two runs']] as const; // prettier-ignore
    const isOff = state.textComparison.value === 'off';
    return html`${sheetHead('Texts')} ${tagFilter(this.context)}
      <tp-filter-field
        class="text-search"
        label="Search in texts"
        .value=${state.textSearch.value}
        .error=${this.search.error.value}
        @change=${(event: Event) => this.searchFor((event.target as FilterField).value)}
        @keydown=${(event: KeyboardEvent) => this.onSearchKey(event)}
      ></tp-filter-field>
      ${this.found()}
      <div class="row">
        ${choice('Format', formats, state.textFormat.value, (format) => (state.textFormat.value = format))}
      </div>
      <div class="row">
        ${choice(
          'Steps',
          [
            ['one', 'One step', 'The text of the step of the scrubber'],
            ['list', 'List', 'The texts of all steps'],
          ],
          state.textList.value ? 'list' : 'one',
          (steps) => {
            state.textList.value = steps === 'list';
            this.isListForSearch = false;
          },
        )}
      </div>
      <div class="row">
        <span class="lb">Compare</span
        >${choice('Compare', comparisons, state.textComparison.value, (one) => (state.textComparison.value = one))}
        ${isOff ? nothing : state.textComparison.value === 'steps' ? this.stepField() : this.runField()}
      </div>
      ${this.wrap('opt3')}
      <button class="btn more-settings" popovertarget="more-text">More${icon('down', 's m3')}</button>
      <div id="more-text" class="pop settings" popover>${this.wrap('')}</div>`;
  }

  private wrap(classes: string) {
    const { state } = this.context;
    return html`<label class="row ${classes}">
      <input
        class="cb"
        type="checkbox"
        .checked=${state.textWrap.value}
        @change=${(event: Event) => (state.textWrap.value = (event.target as HTMLInputElement).checked)}
      />
      Wrap
    </label>`;
  }

  /** What is found may be in any step: all that have it are listed, while it is searched. */
  private searchFor(text: string): void {
    const { textSearch, textList } = this.context.state;
    if (textSearch.value === '' && text !== '' && !textList.value) {
      this.isListForSearch = true;
      textList.value = true;
    } else if (text === '' && this.isListForSearch) {
      this.isListForSearch = false;
      textList.value = false;
    }
    textSearch.value = text;
  }

  private onSearchKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
    this.dispatchEvent(new CustomEvent<1 | -1>('step-match', { detail: event.shiftKey ? -1 : 1 }));
  }

  private found() {
    const found = this.search.found.value;
    if (!found) return nothing;
    const { looked, matched, failed, done } = found;
    const failing = failed > 0 ? `, ${formatExact(failed)} not searched` : '';
    return html`<span class="m3 small found" role="status">
      ${formatExact(matched)} of ${plural(looked, 'text')}${done ? '' : '…'}${failing}
    </span>`;
  }

  private stepField() {
    const { textAgainst, step } = this.context.state;
    const last = this.union?.steps.at(-1);
    const named = textAgainst.value;
    return html`<input
        class="num against"
        type="text"
        inputmode="numeric"
        aria-label="Compare with step"
        title="Compare with this step; empty: with the one before"
        placeholder="before"
        .value=${named === undefined ? '' : formatExact(named)}
        @change=${(event: Event) => this.name(event.target as HTMLInputElement)}
      />
      <button
        class="btn ico"
        aria-label="Keep this step"
        title="Compare with the step that is shown now"
        ?disabled=${last === undefined}
        @click=${() => (textAgainst.value = step.value ?? last)}
      >
        ${icon('pin')}
      </button>`;
  }

  /** What a person typed, whatever separates the digits. */
  private name(input: HTMLInputElement): void {
    const { textAgainst } = this.context.state;
    const step = writtenStep(input.value);
    if (input.value.trim() === '') textAgainst.value = undefined;
    else if (step !== undefined) {
      textAgainst.value = (this.union && namedStep(this.union, step)) ?? this.union?.steps.at(-1) ?? step;
    }
    input.value = textAgainst.value === undefined ? '' : formatExact(textAgainst.value);
  }

  private runField() {
    const { state, shown } = this.context;
    const { names, against } = this.runs.value;
    return html`<select
      class="sel"
      aria-label="Compare with run"
      @change=${(event: Event) => (state.textAgainstRun.value = (event.target as HTMLSelectElement).value)}
    >
      ${names.map((run) => html`<option value=${run} .selected=${run === against}>${shown.runLabel(run)}</option>`)}
    </select>`;
  }
}

customElements.define('tp-text-settings', TextSettings);

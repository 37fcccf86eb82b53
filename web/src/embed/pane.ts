import { effect, signal, type ReadonlySignal } from '@preact/signals-core';
import { html, nothing, type TemplateResult } from 'lit';
import type { XKind } from '../engine/protocol';
import type { YScale } from '../model/state';
import { choice } from '../ui/choice';
import { icon } from '../ui/icons';
import { WatchElement } from '../ui/watch';
import type { EmbedOptions } from './options';
import type { Session } from './session';
import './embed.css';

/** Why there is no view, or one of what was opened before. */
export interface Problem {
  what: string;
  why: string;
  retry: (() => void) | undefined;
}

/** Something that only the person may allow. */
export interface Question {
  text: string;
  yes: string;
  answer: (allowed: boolean) => void;
}

export interface PaneContent {
  options: EmbedOptions;
  /** In a person's words; '' = nothing is open. */
  name: string;
  session: Session | undefined;
  /** The view of the session, once it has its code. */
  view: HTMLElement | undefined;
  /** A view that was drawn before and covers the one that is still to be drawn. */
  before: HTMLElement | undefined;
  problem: Problem | undefined;
  question: Question | undefined;
  /** The page that shows all of it; '' = it cannot. */
  full: string;
}

/** The whole of an embed: one line of header and a view, or why there is none. */
export class Pane extends WatchElement {
  static override properties = { content: { attribute: false } };
  declare content: ReadonlySignal<PaneContent>;
  private readonly live = signal('');
  private stop: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'region');
    this.stop = effect(() => {
      const { options, problem, name, view } = this.content.value;
      this.ariaLabel = problem && !view ? 'Not loaded' : options.title || name || 'Tensorpane';
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop?.();
  }

  /** Says a line to screen readers. */
  announce(text: string): void {
    this.live.value = text;
  }

  /** Where there is more than fits, it has a scrollbar, and can be gone into. */
  markScrolling(): void {
    const scroll = this.querySelector<HTMLElement>('.views .scroll');
    if (!scroll) return;
    const scrolls = scroll.scrollHeight > scroll.clientHeight + 1;
    scroll.classList.toggle('more', scrolls);
    if (scrolls) scroll.tabIndex = 0;
    else scroll.removeAttribute('tabindex');
  }

  override render() {
    const { problem, question, options, view, before, name } = this.content.value;
    if (problem && !view) return [this.asked(question), this.problem(problem)];
    const views = html`${view ?? nothing}${before ? html`<div class="before" inert>${before}</div>` : nothing}`;
    const picture = options.interactive
      ? html`<div class="views" ?hidden=${!view}>${views}</div>`
      : html`<div class="views" role="img" aria-label=${options.title || name}>
          <div class="still" inert>${views}</div>
        </div>`;
    return html`${this.asked(question)} ${problem ? this.problem(problem) : nothing}
      ${options.bare ? html`<h1 class="sr">${options.title || name}</h1>` : this.header()} ${picture}
      ${view ? nothing : html`<div class="waiting" role="status"><span class="sr">Loading</span></div>`}
      <div class="sr" aria-live="polite">${this.live.value}</div>`;
  }

  private header() {
    const { options, name, full } = this.content.value;
    const still = !options.interactive;
    return html`<div class="header" ?inert=${still}>
      <h1 class="el" title=${options.title || name}>${options.title || name}</h1>
      ${this.legend()}
      <span class="grow"></span>
      ${still ? nothing : this.menu()}
      ${
        full === '' || still
          ? nothing
          : html`<a class="btn m2" href=${full} target="_blank" rel="noopener" aria-label="Open full view"
              ><span>Open full</span>${icon('out', 's')}</a
            >`
      }
    </div>`;
  }

  /** The runs, each a switch; beside them what they have at the crosshair. */
  private legend() {
    const { session } = this.content.value;
    if (!session) return nothing;
    const { shown, hover } = session;
    const runs = session.runs.value;
    const visible = shown.visible.value;
    const values = runs.length > 4 ? hover.values.value?.byRun : undefined;
    return html`<div class="legend" role="group" aria-label="Runs" tabindex=${runs.length > 4 ? 0 : nothing}>
      ${runs.slice(0, 100).map((run) => {
        const { colour, ring } = shown.lineStyle(run);
        const on = visible.has(run);
        const value = values?.get(run);
        const label = shown.runLabel(run);
        return html`<button
          class="lg ${on ? '' : 'off'}"
          aria-pressed=${on}
          title=${label}
          @click=${() => shown.show([run], !on)}
        >
          <i class="sw d${ring % 4}" .style=${`--c: ${colour}`}></i>${label}
          ${value === undefined ? nothing : html`<b class="m2">${value.toPrecision(4)}</b>`}
        </button>`;
      })}
    </div>`;
  }

  private menu(): TemplateResult | typeof nothing {
    const { session } = this.content.value;
    if (!session) return nothing;
    const { state } = session;
    if (state.view.value !== '' && state.view.value !== 'scalars') return nothing;
    const { smoothing } = state;
    return html`<button class="btn ico" popovertarget="chart-menu" aria-label="Chart menu" title="Scales and smoothing">
        ${icon('more')}
      </button>
      <div id="chart-menu" class="pop" popover>
        <span class="m2">Y</span>
        ${choice<YScale>(
          'Vertical scale',
          [
            ['linear', 'Lin'],
            ['log', 'Log'],
            ['symlog', 'Symlog'],
          ],
          state.y.value,
          (scale) => (state.y.value = scale),
        )}
        <span class="m2">X</span>
        ${choice<XKind>(
          'Horizontal axis',
          [
            ['step', 'Step'],
            ['relative', 'Relative'],
            ['wall', 'Wall'],
          ],
          state.x.value,
          (kind) => (state.x.value = kind),
        )}
        <label class="m2" for="smoothing">Smoothing</label>
        <input
          id="smoothing"
          type="range"
          min="0"
          max="0.999"
          step="0.001"
          .value=${String(smoothing.value)}
          .style=${`--filled: ${smoothing.value * 100}%`}
          @input=${(event: Event) => (smoothing.value = Number((event.target as HTMLInputElement).value))}
        />
      </div>`;
  }

  private asked(question: Question | undefined) {
    if (!question) return nothing;
    return html`<div class="asked" role="alertdialog" aria-label=${question.text}>
      <span>${question.text}</span><span class="grow"></span>
      <button class="btn line" @click=${() => question.answer(true)}>${question.yes}</button>
      <button class="btn line" @click=${() => question.answer(false)}>Refuse</button>
    </div>`;
  }

  private problem({ what, why, retry }: Problem) {
    return html`<div class="problem" role="alert">
      <span class="e">${icon('error')}</span>
      <div>
        <div class="md el" title=${what}>${what}</div>
        <div class="m2 small el" title=${why}>${why}</div>
      </div>
      <span class="grow"></span>
      ${retry ? html`<button class="btn line" @click=${retry}>Retry</button>` : nothing}
    </div>`;
  }
}

customElements.define('tp-pane', Pane);

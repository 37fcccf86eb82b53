import { computed, effect, signal, type ReadonlySignal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import type { Engine } from '../engine/engine';
import { formatExact, plural } from '../model/format';
import type { History } from '../model/history';
import type { Message } from '../model/opening';
import { isFault, reportEntries } from '../model/report_items';
import type { Profiles } from '../model/profiles';
import type { Shown } from '../model/shown';
import type { State } from '../model/state';
import type { ExportingView, Exports, PanelView, ViewContext, ViewDef } from '../views/view_def';
import { VIEWS } from '../views/views';
import type { Hover } from '../views/hover';
import { CODE_MISSING, codeMissing } from '../views/lazy_code';
import './empty_page';
import { icon, mark, type IconName } from './icons';
import { hostsText } from './hosts_text';
import './loading_band';
import { counted } from './pending';
import './report_drawer';
import './run_panel';
import type { Source } from './source';
import { countOf } from './tab_row';
import { seekingLine } from './seeking_line';
import { nextTheme, themeButton } from './theme';
import { waysOn } from './ways_on';
import { WatchElement } from './watch';

const MESSAGE_ICON: Record<Message['severity'], [IconName, string]> = {
  info: ['info', 'm2'],
  warn: ['warn', 'w'],
  error: ['error', 'e'],
};

/** Where Ctrl Z is the browser's. */
const TEXT_FIELDS = 'textarea, input:not([type=range], [type=checkbox], [type=radio])';
const COMMAND = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';

/** At most so many lines a second are said to screen readers. */
const ANNOUNCE_EVERY_MS = 250;

/**
 * The whole page: top bar, run panel, and the view that is open. Fires `choose-folder`, `choose-files`, `open-url`,
 * `close-all` and `message-read`.
 */
export class App extends WatchElement implements ViewContext {
  static override properties = {
    engine: { attribute: false },
    state: { attribute: false },
    shown: { attribute: false },
    hover: { attribute: false },
    source: { attribute: false },
    past: { attribute: false },
  };
  declare engine: Engine;
  declare state: State;
  declare shown: Shown;
  declare hover: Hover;
  declare source: ReadonlySignal<Source>;
  declare past: History;

  private readonly sheet = signal<'' | 'panel' | 'search' | 'settings'>('');
  private readonly reportOpen = signal(false);
  /** The dialog that is open, with its code. */
  private readonly dialog = signal<'' | 'share' | 'profiles'>('');
  private readonly exports = signal<Exports | undefined>(undefined);
  private profiles: Profiles | undefined;
  private readonly live = signal('');
  private announced = 0;
  private announceTimer = 0;
  private readonly elements = new Map<string, HTMLElement>();
  private readonly viewElement = signal<HTMLElement | undefined>(undefined);
  /** Fetches the code of the view again, which did not come. */
  private readonly viewMissing = signal<(() => void) | undefined>(undefined);
  /** That the code of a dialog did not come. */
  private readonly dialogMissing = signal<Message | undefined>(undefined);
  private stop: (() => void) | undefined;
  private viewShown: Promise<void> = Promise.resolve();

  /** Views that have something, with the number of their tags. */
  private readonly tabs = computed(() =>
    VIEWS.filter(({ id }) => this.shown.has(id)).map((view) => ({ view, count: this.shown.tagCount(view.id) })),
  );
  private readonly view = computed((): ViewDef | undefined => {
    const tabs = this.tabs.value;
    return (tabs.find(({ view }) => view.id === this.state.view.value) ?? tabs[0])?.view;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.onKey);
    const stops = [
      effect(() => void (this.viewShown = this.showView(this.view.value))),
      effect(() => (this.sheet.value === '' ? undefined : onBack(() => (this.sheet.value = '')))),
    ];
    this.stop = () => stops.forEach((stop) => stop());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.onKey);
    this.stop?.();
  }

  announce(text: string): void {
    clearTimeout(this.announceTimer);
    const wait = Math.max(0, this.announced + ANNOUNCE_EVERY_MS - performance.now());
    this.announceTimer = window.setTimeout(() => {
      this.announced = performance.now();
      this.live.value = text;
    }, wait);
  }

  /** Resolves when the view that is open has its code. */
  viewIdle(): Promise<void> {
    return this.viewShown;
  }

  private async showView(view: ViewDef | undefined): Promise<void> {
    if (!view) return;
    let element = this.elements.get(view.id);
    if (!element) {
      // To ask for all its code takes as long as making the page does, which is under way where files were opened.
      await new Promise((resolve) => setTimeout(resolve));
      const make = await view.load().catch(() => undefined);
      if (make) this.elements.set(view.id, (element = make(this)));
    }
    if (this.view.peek() !== view) return;
    this.viewElement.value = element;
    this.viewMissing.value = element ? undefined : () => void (this.viewShown = this.showView(view));
  }

  override render() {
    const source = this.source.value;
    if (!source.opened) {
      this.className = 'is-empty';
      return html`<tp-empty .state=${this.state} .source=${source}></tp-empty>${this.dropFrame()}`;
    }
    this.className = this.state.panelHidden.value ? 'no-side' : '';
    const sheet = this.sheet.value;
    return html`${this.topBar()}
      <div
        class="side ${sheet === 'panel' ? 'open' : ''}"
        ?hidden=${this.state.panelHidden.value && sheet !== 'panel'}
        @done=${() => (this.sheet.value = '')}
      >
        ${
          this.ownPanel()?.panel ??
          html`<tp-run-panel
            .engine=${this.engine}
            .state=${this.state}
            .shown=${this.shown}
            .hover=${this.hover}
          ></tp-run-panel>`
        }
      </div>
      <main
        class="main ${sheet === 'search' || sheet === 'settings' ? `sheet-open for-${sheet}` : ''}"
        @done=${() => (this.sheet.value = '')}
      >
        <h1 class="sr">${source.name}</h1>
        <tp-loading .engine=${this.engine} .name=${source.name} .hosts=${source.hosts}></tp-loading>
        ${seekingLine(source)} ${this.problem()}
        ${this.viewMissing.value ? codeMissing(this.viewMissing.value) : (this.viewElement.value ?? nothing)}
      </main>
      ${sheet === '' ? nothing : html`<div class="scrim" @click=${() => (this.sheet.value = '')}></div>`}
      ${this.bottomBar()}
      ${
        this.reportOpen.value
          ? html`<tp-report
              .engine=${this.engine}
              .state=${this.state}
              .shown=${this.shown}
              @close=${() => this.closeReport()}
            ></tp-report>`
          : nothing
      }
      ${this.openDialog()} ${this.toast()} ${this.dropFrame()}
      <div class="sr" aria-live="polite">${this.live.value}</div>`;
  }

  /** The panel of the view that is open, if it has one of its own. */
  private ownPanel(): PanelView | undefined {
    const view = this.viewElement.value as Partial<PanelView> | undefined;
    return view?.panel && (view as PanelView);
  }

  private topBar() {
    const source = this.source.value;
    const tabs = this.tabs.value;
    const open = this.view.value;
    const openTab = tabs.find(({ view }) => view === open);
    const panel = this.ownPanel()?.panelTitle ?? 'Run panel';
    return html`<header class="top">
      <div class="brand">
        ${mark}
        <button class="src" popovertarget="sources" title=${source.name}>
          <span class="el">${source.name}</span>${icon('down', 's m3')}
        </button>
        <div id="sources" class="pop sources" popover>
          <button class="mi" popovertarget="sources" popovertargetaction="hide" @click=${() => this.choose('folder')}>
            ${icon('folder', 'm2')}Choose folder<kbd class="m3">Shift O</kbd>
          </button>
          <button class="mi" popovertarget="sources" popovertargetaction="hide" @click=${() => this.choose('files')}>
            ${icon('file', 'm2')}Choose files
          </button>
          <button class="mi" @click=${() => this.dispatchEvent(new Event('close-all'))}>
            ${icon('close', 'm2')}Close all
          </button>
          ${source.hosts.length > 0 ? html`<p class="m3 small">Fetched from ${hostsText(source.hosts)}</p>` : nothing}
        </div>
        <span class="grow"></span>
        <button
          class="btn ico panel-button"
          aria-label="${this.state.panelHidden.value ? 'Show' : 'Hide'} ${panel.toLowerCase()}"
          title="${panel}  ["
          @click=${() => this.togglePanel()}
        >
          ${icon('panel')}
        </button>
      </div>
      ${
        tabs.length > 0
          ? html`<tp-tabs
              .tabs=${tabs}
              .open=${open}
              @open-view=${(event: CustomEvent<string>) => (this.state.view.value = event.detail)}
            ></tp-tabs>`
          : html`<span class="grow"></span>`
      }
      ${
        openTab
          ? html`<button class="view-menu" popovertarget="views">
              <span class="el">${openTab.view.title}</span> ${countOf(openTab.count)}${icon('down', 's m3')}
            </button>`
          : nothing
      }
      <div id="views" class="pop views" popover>
        ${tabs.map(
          ({ view, count }) =>
            html`<button
              class="mi"
              aria-current=${view === open ? 'true' : nothing}
              popovertarget="views"
              popovertargetaction="hide"
              @click=${() => (this.state.view.value = view.id)}
            >
              ${view.title}<span class="m3">${count === undefined ? nothing : formatExact(count)}</span>
            </button>`,
        )}
      </div>
      <div class="acts">
        ${this.faultButton()}
        <button
          class="btn share"
          title="Share or export  Shift S"
          aria-label="Share"
          @click=${() => counted(this.openShare())}
        >
          ${icon('share', 'm2')}<span>Share</span>
        </button>
        ${themeButton(this.state)} ${this.menu()}
      </div>
    </header>`;
  }

  private menu() {
    const { past } = this;
    const item = (name: IconName, title: string, key: string, enabled: boolean, act: () => void) =>
      html`<button
        class="mi"
        popovertarget="menu"
        popovertargetaction="hide"
        aria-disabled=${!enabled}
        @click=${() => enabled && act()}
      >
        ${icon(name, 'm2')}${title}<kbd class="m3">${key}</kbd>
      </button>`;
    return html`<button class="btn ico" popovertarget="menu" aria-label="Menu" title="Menu">${icon('more')}</button>
      <div id="menu" class="pop menu" popover>
        ${item('undo', 'Undo', `${COMMAND} Z`, past.canUndo.value, past.undo)}
        ${item('redo', 'Redo', `${COMMAND} Shift Z`, past.canRedo.value, past.redo)}
        ${item('share', 'Share', 'Shift S', true, () => void counted(this.openShare()))}
        <button class="mi" popovertarget="menu" popovertargetaction="hide" @click=${() => counted(this.openProfiles())}>
          ${icon('folder', 'm2')}Profiles
        </button>
      </div>`;
  }

  private async openShare(): Promise<void> {
    if (this.dialog.value !== '') return;
    const view = this.viewElement.value as Partial<ExportingView> | undefined;
    await this.withCode(
      () => Promise.all([view?.exports?.(), import('./share_dialog')]),
      ([exports]) => {
        this.exports.value = exports;
        this.dialog.value = 'share';
      },
    );
  }

  private async openProfiles(): Promise<void> {
    await this.withCode(
      () => Promise.all([import('../model/profiles'), import('./profiles_dialog')]),
      ([{ Profiles }]) => {
        if (!this.profiles) {
          const profiles = new Profiles(() => localStorage);
          addEventListener('storage', () => profiles.refresh());
          this.profiles = profiles;
        }
        this.dialog.value = 'profiles';
      },
    );
  }

  /** Opens a dialog once its code is there, or says that it did not come. */
  private async withCode<T>(fetch: () => Promise<T>, open: (code: T) => void): Promise<void> {
    this.dialogMissing.value = undefined;
    try {
      open(await fetch());
    } catch {
      const retry = (): void => void counted(this.withCode(fetch, open));
      this.dialogMissing.value = { severity: 'error', text: CODE_MISSING, retry };
    }
  }

  private openDialog() {
    const close = (): void => void (this.dialog.value = '');
    const view = this.view.value;
    if (this.dialog.value === 'profiles') {
      return html`<tp-profiles .state=${this.state} .profiles=${this.profiles} @close=${close}></tp-profiles>`;
    }
    if (this.dialog.value === '' || !view) return nothing;
    return html`<tp-share
      .context=${this}
      .source=${this.source.value}
      .view=${view}
      .exports=${this.exports.value}
      @close=${close}
    ></tp-share>`;
  }

  /** Counts the files with lost data; without any, it is there, quietly, while there are notes. */
  private faultButton() {
    const entries = reportEntries(this.engine.report.value);
    const others = this.engine.beside.value.length + this.engine.restarts.value.size;
    if (entries.length + others === 0) return nothing;
    const files = entries.filter(isFault).length;
    const title = files > 0 ? `Import report: ${plural(files, 'file')} with lost data` : 'Import report: no data lost';
    return html`<button
      class="btn toggle faults"
      title=${title}
      aria-label=${title}
      aria-expanded=${this.reportOpen.value}
      @click=${() => (this.reportOpen.value ? this.closeReport() : (this.reportOpen.value = true))}
    >
      <span class="row ${files > 0 ? 'e' : 'm2'}">${icon(files > 0 ? 'warn' : 'info')}</span
      >${files > 0 ? files : nothing}
    </button>`;
  }

  /** What keeps the main area from showing data, said where the data would be. */
  private problem() {
    const { fatal, loading } = this.engine;
    if (fatal.value) {
      return html`<p class="blank e" role="alert">
        The reader stopped and cannot go on. What is drawn stays
        <button class="btn line" @click=${() => location.reload()}>Reload</button>
      </p>`;
    }
    if (this.tabs.value.length > 0 || loading.value) return nothing;
    return html`<p class="blank">
      No data was found in these files
      ${
        this.engine.report.value.length > 0
          ? html`<button class="btn line" @click=${() => (this.reportOpen.value = true)}>Open report</button>`
          : nothing
      }
    </p>`;
  }

  private bottomBar() {
    const { shown } = this;
    const own = this.ownPanel();
    return html`<nav class="mnav" aria-label="Panels">
      <button class="btn" @click=${() => (this.sheet.value = 'panel')}>
        ${icon('eye')}${own ? own.panelTitle : html`Runs <span class="m3">${shown.visible.value.size} of ${shown.runs.value.length}</span>`}
      </button>
      <button
        class="btn"
        @click=${() => {
          this.sheet.value = 'search';
          void this.updateComplete.then(() => this.querySelector<HTMLElement>('.tag-filter input')?.focus());
        }}
      >
        ${icon('search')}${own ? 'Search' : 'Tags'}
      </button>
      <button class="btn" @click=${() => (this.sheet.value = 'settings')}>
        ${icon('log')}${own ? 'Settings' : 'Scales'}
      </button>
    </nav>`;
  }

  /** How opening ended, until it is read. */
  private toast() {
    const missing = this.dialogMissing.value;
    const message = missing ?? this.source.value.message;
    if (!message) return nothing;
    const close = (): void => {
      if (missing) this.dialogMissing.value = undefined;
      else this.dispatchEvent(new Event('message-read'));
    };
    const [name, colour] = MESSAGE_ICON[message.severity];
    return html`<div class="toast" role=${message.severity === 'error' ? 'alert' : 'status'}>
      <span class=${colour}>${icon(name)}</span>
      <div>${message.text}${waysOn(message)}</div>
      <button class="btn ico" aria-label="Close" @click=${close}>${icon('close')}</button>
    </div>`;
  }

  private dropFrame() {
    return this.source.value.dropping
      ? html`<div class="dropping"><span>${this.source.value.dropping}</span></div>`
      : nothing;
  }

  private choose(what: 'folder' | 'files'): void {
    this.dispatchEvent(new Event(`choose-${what}`));
  }

  private togglePanel(): void {
    if (matchMedia('(max-width: 900px)').matches) this.sheet.value = this.sheet.value === 'panel' ? '' : 'panel';
    else this.state.panelHidden.value = !this.state.panelHidden.value;
  }

  /** Where it is in a sheet, that is opened first. */
  private search(): void {
    const field = (): HTMLElement | null => this.querySelector('.tag-filter input, .point-search input');
    if (field()?.checkVisibility() !== false) return field()?.focus();
    this.sheet.value = 'search';
    void this.updateComplete.then(() => field()?.focus());
  }

  private closeReport(): void {
    this.reportOpen.value = false;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('.faults')?.focus());
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
    // A text that is typed has steps of its own; and what lies under a dialog stays as it is.
    const isText = event.target instanceof HTMLElement && event.target.matches(TEXT_FIELDS);
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !isText && this.dialog.value === '') {
      const key = event.key.toLowerCase();
      const step =
        key === 'z' ? (event.shiftKey ? 'redo' : 'undo') : key === 'y' && !event.shiftKey ? 'redo' : undefined;
      if (step) {
        event.preventDefault();
        this.past[step]();
        return;
      }
    }
    if (event.altKey && event.code === 'KeyM') {
      event.preventDefault();
      nextTheme(this.state);
      return;
    }
    if (event.key === 'Escape' && this.sheet.value !== '') this.sheet.value = '';
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !this.source.value.opened) return;
    if (this.dialog.value !== '') return;
    const tab = this.tabs.value[Number(event.key) - 1];
    if (event.key === '[') this.togglePanel();
    else if (event.key === 'S') void counted(this.openShare());
    else if (event.key === 'O') this.choose('folder');
    else if (event.key === '/') this.search();
    else if (tab) this.state.view.value = tab.view.id;
    else return;
    event.preventDefault();
  };
}

/**
 * What a phone's way back does until the returned function is called, where the browser asks
 * (https://html.spec.whatwg.org/multipage/interaction.html#close-requests-and-close-watchers).
 */
function onBack(close: () => void): (() => void) | undefined {
  const { CloseWatcher } = globalThis as { CloseWatcher?: new () => EventTarget & { destroy: () => void } };
  const watcher = CloseWatcher && new CloseWatcher();
  watcher?.addEventListener('close', close);
  return watcher && (() => watcher.destroy());
}

customElements.define('tp-app', App);

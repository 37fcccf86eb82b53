import { computed, signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import type { Engine } from '../engine/engine';
import type { Severity } from '../engine/protocol';
import { besideLines, besidePlaces, besideSummary, type BesideLine } from '../model/beside';
import { formatBytes, formatExact, plural } from '../model/format';
import { eventFiles } from '../model/opening';
import {
  fileOf,
  isFault,
  moreText,
  reportEntries,
  reportGroups,
  reportParts,
  reportText,
  type ReportEntry,
  type ReportGroup,
  type ReportLine,
  type ReportPart,
} from '../model/report_items';
import { PURGE_CHOICES, restartEntries } from '../model/restart_text';
import { restartsOf } from '../model/restarts';
import type { Shown } from '../model/shown';
import type { State } from '../model/state';
import { choice } from './choice';
import { icon, type IconName } from './icons';
import { saveBytes } from './save';
import { WatchElement } from './watch';

const ICON: Record<Severity, [IconName, string]> = {
  error: ['error', 'e'],
  loss: ['error', 'e'],
  info: ['info', 'm3'],
  note: ['file', 'm3'],
};

/** Key of the item about files beside the logs. */
const BESIDE = 'beside';

/** What could not be read, file by file, and what is worth knowing. Fires `close`. */
export class ReportDrawer extends WatchElement {
  static override properties = {
    engine: { attribute: false },
    state: { attribute: false },
    shown: { attribute: false },
  };
  declare engine: Engine;
  declare state: State;
  declare shown: Shown;
  private readonly entries = computed(() => [
    ...reportEntries(this.engine.report.value),
    ...restartEntries(
      this.engine.restarts.value.values(),
      (void this.engine.catalogue.version.value, restartsOf(this.engine.catalogue)),
      this.state.purge.value,
      (run) => this.shown.runLabel(run),
    ),
  ]);
  private readonly copied = signal(false);
  private readonly listed = signal<ReportPart>('all');
  /** Kinds of the groups that are unfolded. */
  private readonly unfolded = signal<ReadonlySet<string>>(new Set());

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'dialog');
    this.setAttribute('aria-label', 'Import report');
    this.addEventListener('keydown', this.onKey);
  }

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>('.close')?.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('keydown', this.onKey);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    this.dispatchEvent(new Event('close'));
  };

  override render() {
    const files = eventFiles(this.engine.progress.value);
    const entries = this.entries.value;
    const lines = entries.flatMap((entry) => entry.lines);
    const lost = lines.filter(({ severity }) => severity === 'loss').reduce((sum, line) => sum + line.count, 0);
    const failed = lines.filter(({ severity }) => severity === 'error').length;
    // Files beside the logs may be in the report, too.
    const own = new Set(files.map(({ run, name }) => `${run}/${name}`));
    const faulty = entries.filter((entry) => isFault(entry) && own.has(`${entry.run}/${entry.file}`)).length;
    const parts = reportParts(reportGroups(entries));
    const shown = parts.find(({ part }) => part === this.listed.value) ?? parts[0];
    const beside = besideLines(this.engine.beside.value, this.engine.bookmarkCount.value);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return html`<div class="row head">
        <h2 class="st">Import report</h2>
        <span class="grow"></span>
        <button class="btn" @click=${() => void this.copy(entries, beside)}>
          ${icon('copy', 'm2')}${this.copied.value ? 'Copied' : 'Copy'}
        </button>
        <button class="btn" title="Save the report as JSON" @click=${() => this.save()}>
          ${icon('save', 'm2')}JSON
        </button>
        <button class="btn ico close" aria-label="Close" @click=${() => this.dispatchEvent(new Event('close'))}>
          ${icon('close')}
        </button>
      </div>
      <dl class="sum">
        <div>
          <dt>Files</dt>
          <dd>${formatExact(files.length)}</dd>
        </div>
        <div>
          <dt>Read</dt>
          <dd>${formatBytes(bytes)}</dd>
        </div>
        <div>
          <dt>Records lost</dt>
          <dd class=${lost > 0 ? 'e' : ''}>${formatExact(lost)}</dd>
        </div>
        <div>
          <dt>Files not read</dt>
          <dd class=${failed > 0 ? 'e' : ''}>${formatExact(failed)}</dd>
        </div>
      </dl>
      ${this.tools(parts, shown?.part ?? 'all')}
      <ul tabindex="0" aria-label="What the files had">
        ${shown?.groups.map((group) => this.group(group))}
        ${beside.length > 0 && (shown?.part ?? 'all') === 'all' ? this.beside(beside) : nothing}
      </ul>
      <footer class="m3 small">
        ${formatExact(files.length - faulty)} of ${plural(files.length, 'file')} read without a fault. Nothing was
        changed on disk
      </footer>`;
  }

  /** What of the report is listed, and what is kept of restarted runs. */
  private tools(parts: ReturnType<typeof reportParts>, shown: ReportPart) {
    const { purge } = this.state;
    const choices = parts.map(({ part, title, groups }) => [part, `${title} ${formatExact(groups.length)}`] as const);
    // All and one more: there is nothing to choose.
    const narrow = choices.length > 2 ? choice('Shown', choices, shown, (part) => (this.listed.value = part)) : nothing;
    const restarted = this.shown.restarts.value.size > 0;
    if (narrow === nothing && !restarted) return nothing;
    const restarts = html`<span class="row">
      <span class="lb">Restarts</span>
      ${choice('Restarts', PURGE_CHOICES, purge.value, (value) => (purge.value = value))}
    </span>`;
    return html`<div class="row parts">${narrow} ${restarted ? restarts : nothing}</div>`;
  }

  private save(): void {
    const report = { files: this.engine.report.value, restarts: [...this.engine.restarts.value.values()] };
    saveBytes(JSON.stringify(report, undefined, 1), 'import-report.json');
  }

  /** Files that are alike are one item, folded. */
  private group({ kind, severity, title, entries }: ReportGroup) {
    const [name, colour]: [IconName, string] = kind === 'restart' ? ['undo', 'm3'] : ICON[severity];
    const [first] = entries;
    if (entries.length === 1) {
      return html`<li class="rep">
        ${icon(name, colour)}
        <div>
          ${this.line(first.lines[0], fileOf(first))} ${first.lines.slice(1).map((line) => this.line(line, ''))}
        </div>
      </li>`;
    }
    const open = this.unfolded.value.has(kind);
    return html`<li class="rep">
      ${icon(name, colour)}
      <div>
        <button class="md" aria-expanded=${open} @click=${() => this.fold(kind, open)}>
          ${title}<span class="m3 small"
            >${plural(entries.length, first.file === '' ? 'run' : 'file')}${icon(open ? 'up' : 'down', 's')}</span
          >
        </button>
        ${
          open
            ? html`<ul>
                ${entries.map((entry) => this.entry(entry, title))}
              </ul>`
            : nothing
        }
      </div>
    </li>`;
  }

  /** One file of several. What is said of all of them is not said again. */
  private entry(entry: ReportEntry, said: string) {
    return html`<li>
      <div class="m2 small">${fileOf(entry)}</div>
      ${entry.lines.map((line) => (line.title === said ? this.places(line) : this.line(line, '')))}
    </li>`;
  }

  private line(line: ReportLine, file: string) {
    return html`<div class="md">${line.title}</div>
      ${file ? html`<div class="m2 small">${file}</div>` : nothing} ${this.places(line)}`;
  }

  private places(line: ReportLine) {
    return html`${line.places.map(
      ({ text, details = [], hex = [] }) =>
        html`<div class="m3 small">${text}</div>
          ${details.map((detail) => html`<div class="m3 small">${detail}</div>`)}
          ${
            hex.length > 0
              ? html`<details class="m3 small">
                  <summary>First bytes</summary>
                  <pre>${hex.join('\n')}</pre>
                </details>`
              : nothing
          }`,
    )}
    ${line.more > 0 ? html`<div class="m3 small">${moreText(line)}</div>` : nothing}`;
  }

  private fold(kind: string, fold: boolean): void {
    const next = new Set(this.unfolded.value);
    if (fold) next.delete(kind);
    else next.add(kind);
    this.unfolded.value = next;
  }

  /** Known files that are no event files: no fault. */
  private beside(lines: readonly BesideLine[]) {
    const open = this.unfolded.value.has(BESIDE);
    return html`<li class="rep">
      ${icon('folder', 'm3')}
      <div>
        <button class="md" aria-expanded=${open} @click=${() => this.fold(BESIDE, open)}>
          ${besideSummary(lines)}<span class="m3 small">Where they are${icon(open ? 'up' : 'down', 's')}</span>
        </button>
        ${
          open
            ? html`<ul>
                ${lines.map(
                  (line) =>
                    html`<li>
                      <div class="m2 small">${line.text}</div>
                      <div class="m3 small">${besidePlaces(line)}</div>
                    </li>`,
                )}
              </ul>`
            : nothing
        }
      </div>
    </li>`;
  }

  private async copy(entries: readonly ReportEntry[], beside: readonly BesideLine[]): Promise<void> {
    const places = beside.map((line) => `  ${line.text}: ${besidePlaces(line)}`);
    const about = beside.length > 0 ? [[besideSummary(beside), ...places].join('\n')] : [];
    await navigator.clipboard.writeText([reportText(entries), ...about].filter(Boolean).join('\n'));
    this.copied.value = true;
    setTimeout(() => (this.copied.value = false), 1500);
  }
}

customElements.define('tp-report', ReportDrawer);

import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import type { Engine } from '../engine/engine';
import type { Severity } from '../engine/protocol';
import { formatBytes, formatExact, plural } from '../model/format';
import { faultyFiles, fileOf, moreText, reportItems, reportText, type ReportItem } from '../model/report_items';
import { icon, type IconName } from './icons';
import { WatchElement } from './watch';

const ICON: Record<Severity, [IconName, string]> = {
  error: ['error', 'e'],
  loss: ['error', 'e'],
  info: ['info', 'm3'],
  note: ['file', 'm3'],
};

/** What could not be read, file by file, and what is worth knowing. Fires `close`. */
export class ReportDrawer extends WatchElement {
  static override properties = { engine: { attribute: false } };
  declare engine: Engine;
  private readonly copied = signal(false);

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
    if (event.key === 'Escape') this.dispatchEvent(new Event('close'));
  };

  override render() {
    const [files, report] = [this.engine.progress.value, this.engine.report.value];
    const items = reportItems(report);
    const lost = items.filter(({ severity }) => severity === 'loss').reduce((sum, item) => sum + item.count, 0);
    const failed = items.filter(({ severity }) => severity === 'error').length;
    const faulty = faultyFiles(items).size;
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return html`<div class="row head">
        <h2 class="st">Import report</h2>
        <span class="grow"></span>
        <button class="btn" @click=${() => void this.copy(items)}>
          ${icon('copy', 'm2')}${this.copied.value ? 'Copied' : 'Copy'}
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
      <ul tabindex="0" aria-label="What the files had">
        ${items.map((item) => this.item(item))}
      </ul>
      <footer class="m3 small">
        ${formatExact(files.length - faulty)} of ${plural(files.length, 'file')} read without a fault. Nothing was
        changed on disk
      </footer>`;
  }

  private item(item: ReportItem) {
    const [name, colour] = ICON[item.severity];
    return html`<li class="rep">
      ${icon(name, colour)}
      <div>
        <div class="md">${item.title}</div>
        <div class="m2 small">${fileOf(item)}</div>
        ${item.places.map((place) => html`<div class="m3 small">${place}</div>`)}
        ${item.more > 0 ? html`<div class="m3 small">${moreText(item)}</div>` : nothing}
      </div>
    </li>`;
  }

  private async copy(items: readonly ReportItem[]): Promise<void> {
    await navigator.clipboard.writeText(reportText(items));
    this.copied.value = true;
    setTimeout(() => (this.copied.value = false), 1500);
  }
}

customElements.define('tp-report', ReportDrawer);

import { effect, signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Engine } from '../engine/engine';
import type { FileProgress } from '../engine/protocol';
import { formatBytes, plural } from '../model/format';
import { eventFiles } from '../model/opening';
import type { Host } from '../sources/hosts';
import { hostsText } from './hosts_text';
import { icon } from './icons';
import { WatchElement } from './watch';

/** Nothing shorter shows a wait; numbers change no more often than this. */
const SHOW_AFTER_MS = 100;
const REFRESH_MS = 250;
/** Rates are a mean over this time. */
const RATE_MS = 2000;
const ROWS = 8;

interface Snapshot {
  files: readonly FileProgress[];
  /** Bytes per second. */
  rate: number;
}

/** What is being read, how far it is, and the way to stop it. Shown only while it takes time. */
export class LoadingBand extends WatchElement {
  static override properties = { engine: { attribute: false }, name: {}, hosts: { attribute: false } };
  declare engine: Engine;
  declare name: string;
  /** That may be asked for it. */
  declare hosts: readonly Host[];

  private readonly snapshot = signal<Snapshot | undefined>(undefined);
  private readonly open = signal(true);
  private timer = 0;
  private history: { at: number; bytes: number }[] = [];
  private stop: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.stop = effect(() => {
      clearTimeout(this.timer);
      this.history = [];
      if (this.engine.loading.value) this.timer = window.setTimeout(() => this.tick(), SHOW_AFTER_MS);
      else this.snapshot.value = undefined;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop?.();
    clearTimeout(this.timer);
  }

  private tick(): void {
    const files = this.engine.progress.peek();
    const now = performance.now();
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    this.history = [...this.history.filter(({ at }) => now - at < RATE_MS), { at: now, bytes }];
    const first = this.history[0] as { at: number; bytes: number };
    this.snapshot.value = { files, rate: now > first.at ? ((bytes - first.bytes) / (now - first.at)) * 1e3 : 0 };
    this.timer = window.setTimeout(() => this.tick(), REFRESH_MS);
  }

  override render() {
    const snapshot = this.snapshot.value;
    if (!snapshot) return nothing;
    const { files, rate } = snapshot;
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const size = files.reduce((sum, file) => sum + (file.size ?? file.bytes), 0);
    const wanted = eventFiles(files);
    const ended = wanted.filter(({ state }) => state !== 'waiting' && state !== 'reading').length;
    const left = rate > 0 ? Math.ceil((size - bytes) / rate) : undefined;
    const facts = [
      ...(rate > 0 ? [`${formatBytes(rate)}/s`] : []),
      ...(left !== undefined && left > 0 ? [`${left} s left`] : []),
      `${ended} of ${plural(wanted.length, 'file')} done`,
    ].join(' · ');
    return html`<section class="load" aria-label="Loading">
      <div class="row">
        <span class="st el">Opening ${this.name}</span>
        ${this.hosts.length > 0 ? html`<span class="m2 el host">from ${hostsText(this.hosts)}</span>` : nothing}
        <span class="m2">${formatBytes(bytes)} of ${formatBytes(size)}</span>
        <span class="m3 opt">${facts}</span>
        <span class="grow"></span>
        <button class="btn opt" aria-expanded=${this.open.value} @click=${() => (this.open.value = !this.open.value)}>
          Files${icon(this.open.value ? 'up' : 'down', 's m3')}
        </button>
        <button class="btn line" @click=${() => this.engine.cancel()}>Cancel</button>
      </div>
      <div
        class="progress"
        role="progressbar"
        aria-label="Bytes read"
        aria-valuenow=${Math.round(size > 0 ? (100 * bytes) / size : 0)}
        .style=${`--done: ${size > 0 ? (100 * bytes) / size : 0}%`}
      >
        <i></i>
      </div>
      ${this.open.value ? this.list(files) : nothing}
    </section>`;
  }

  /** The files that are being read, those that come next, then those that are done, as many as fit. */
  private list(files: readonly FileProgress[]) {
    const order = { reading: 0, waiting: 1, failed: 2, cancelled: 2, done: 3 };
    const seen = [...files].sort((a, b) => order[a.state] - order[b.state]).slice(0, ROWS);
    const rest = files.length - seen.length;
    seen.sort((a, b) => a.file - b.file);
    return html`<div class="opt">
      <table class="files tbl">
        ${repeat(
          seen,
          (file) => file.file,
          (file) =>
            html`<tr>
              <td class="md el" title=${file.run}>${file.run}</td>
              <td class="m3 el" title=${file.name}>${file.name}</td>
              <td class="n m2">${amount(file)}</td>
              <td>
                <div class="progress" .style=${`--done: ${share(file)}%`}><i></i></div>
              </td>
              <td class="n">${stateOf(file)}</td>
            </tr>`,
        )}
      </table>
      ${rest > 0 ? html`<div class="m3 small more">${rest} more</div>` : nothing}
    </div>`;
  }
}

function share({ bytes, size, state }: FileProgress): number {
  return state === 'done' ? 100 : size ? (100 * bytes) / size : 0;
}

function amount({ bytes, size, state }: FileProgress): string {
  if (size === undefined) return formatBytes(bytes);
  return state === 'reading' ? `${formatBytes(bytes)} of ${formatBytes(size)}` : formatBytes(size);
}

function stateOf({ state }: FileProgress) {
  if (state === 'done') return html`<span class="ok" role="img" aria-label="Done">${icon('check', 's')}</span>`;
  if (state === 'failed') return html`<span class="e">failed</span>`;
  return html`<span class="m3">${state}</span>`;
}

customElements.define('tp-loading', LoadingBand);

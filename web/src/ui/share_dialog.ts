import { effect, signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { embedCode, type EmbedKind } from '../model/embed_code';
import { formatBytes, formatExact } from '../model/format';
import { linkedUrls, siteRoot, withSources } from '../model/link';
import { contentText, originOf, isThisComputer, shareLink, sourcesToShare, type Origin } from '../model/share_link';
import { DEFAULT_SMOOTHING, type Theme } from '../model/state';
import { encodeFields, fieldsOf, fieldsWithColours } from '../model/url_state';
import { isEventFile } from '../sources/log_names.mjs';
import { MAX_UNPACKED, packLogs } from '../sources/packed_logs';
import { isLocal, slice } from '../sources/read';
import type { ExportFile, Exports, ViewContext, ViewDef } from '../views/view_def';
import type { Source } from './source';
import { choice } from './choice';
import { Dialog } from './dialog';
import { icon, type IconName } from './icons';
import { counted } from './pending';
import { saveBlob } from './save';

const EMBED_KINDS = [
  ['element', 'Element', 'A web component: it reads logs beside your page'],
  ['iframe', 'Iframe', 'A frame: it fetches the logs itself'],
  ['markdown', 'Markdown', 'A link to the view'],
] as const satisfies [EmbedKind, string, string][];
const THEMES: readonly (readonly [Theme, string])[] = [
  ['auto', 'Theme: page'],
  ['light', 'Theme: light'],
  ['dark', 'Theme: dark'],
];
const HEIGHTS = { least: 120, most: 4000, usual: 320 };
/** Some programs cut off links beyond. */
const LONG_LINK = 2000;
const COPIED_MS = 2000;

/** All ways to hand on what is seen: as a link, in another page, as data and as pictures. */
export class ShareDialog extends Dialog {
  static override properties = {
    context: { attribute: false },
    source: { attribute: false },
    view: { attribute: false },
    exports: { attribute: false },
  };
  declare context: ViewContext;
  declare source: Source;
  declare view: ViewDef;
  /** What the view hands out; undefined = nothing. */
  declare exports: Exports | undefined;
  protected readonly heading = 'Share';

  /** The logs as a part of a link; undefined = they are too large for that, or not read yet. */
  private readonly packed = signal<string | undefined>(undefined);
  private readonly withLogs = signal(false);
  private readonly link = signal('');
  /** As behind '#', with what is opened. */
  private readonly hash = signal('');
  private readonly kind = signal<EmbedKind>('element');
  private readonly height = signal(HEIGHTS.usual);
  private readonly theme = signal<Theme>('auto');
  /** What was copied last, or is being made. */
  private readonly copied = signal('');
  private readonly making = signal('');
  private readonly problem = signal('');
  private stop: (() => void) | undefined;
  private writing = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.stop = effect(() => void counted(this.writeLink()));
    if (this.origin.kind === 'local') void counted(this.pack());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop?.();
  }

  private get origin(): Origin {
    return originOf(location.href, this.source.files);
  }

  private async writeLink(): Promise<void> {
    const { state, shown } = this.context;
    const turn = ++this.writing;
    const fields = new Map(fieldsWithColours(fieldsOf(state), shown.coloursToTell.value));
    // The first view that has data may be another one when files are missing.
    fields.set('view', this.view.id);
    const data = this.withLogs.value ? this.packed.value : undefined;
    const theme = this.theme.value;
    const { origin } = this;
    const sources = sourcesToShare(location.href, this.source.name, origin, data);
    const encoded = await encodeFields(fields);
    if (theme === 'auto') fields.delete('theme');
    else fields.set('theme', theme);
    const hash = withSources(await encodeFields(fields), sources);
    if (turn !== this.writing) return;
    this.link.value = shareLink(location.href, origin, encoded, sources);
    this.hash.value = hash;
  }

  /** Small logs may go into the link. */
  private async pack(): Promise<void> {
    // By the runs that they are here: what is set names those.
    const files = this.context.engine.files.value;
    const size = files.reduce((sum, { source }) => sum + (source.size ?? MAX_UNPACKED), 0);
    if (size > MAX_UNPACKED || !files.every(({ name }) => isEventFile(name))) return;
    try {
      const read = files.map(async ({ run, name, source }) => {
        if (!isLocal(source)) throw new Error('not here');
        const bytes = new Uint8Array(await slice(source, 0, source.size ?? 0));
        return { path: run === '.' ? name : `${run}/${name}`, bytes };
      });
      this.packed.value = await packLogs(await Promise.all(read));
    } catch {
      // What cannot be read any more cannot be put into a link: it is not offered.
    }
  }

  protected body() {
    return html`${this.linkSection()} ${this.embedSection()} ${this.exports ? this.dataSection(this.exports) : nothing}
      <footer>${icon('lock')}Made in this tab. Nothing is uploaded</footer>`;
  }

  private section(name: IconName, title: string, hint: string, ways: unknown) {
    return html`<section aria-label=${title}>
      <div class="what">
        ${icon(name, 'm2')}
        <div>
          <h3>${title}</h3>
          <p class="m2 small">${hint}</p>
        </div>
      </div>
      <div class="ways">${ways}</div>
    </section>`;
  }

  private linkSection() {
    const link = this.link.value;
    const { origin } = this;
    const packed = this.packed.value;
    const isPacked = this.withLogs.value && packed !== undefined;
    const holds = origin.kind === 'link' || isPacked;
    // Where all is local, that is said.
    const isPart = this.source.isPartLocal && origin.kind !== 'local';
    const { state, shown } = this.context;
    const count = `${formatExact(link.length)} characters · ${contentText(state, shown.visible.value.size)}`;
    return this.section(
      'link',
      'Link',
      holds ? `The view and ${isPart ? 'some of ' : ''}the logs` : 'The view, not the files',
      html`<div class="row">
          <input
            class="text mono"
            readonly
            autofocus
            aria-label="Link"
            .value=${link}
            @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
          />
          <button class="btn fill" @click=${() => this.copy('link', link)}>
            ${icon(this.copied.value === 'link' ? 'check' : 'copy')}${this.copied.value === 'link' ? 'Copied' : 'Copy link'}
          </button>
        </div>
        ${
          packed === undefined
            ? nothing
            : html`<label class="check">
                <input
                  class="cb"
                  type="checkbox"
                  .checked=${this.withLogs.value}
                  @change=${(event: Event) => (this.withLogs.value = (event.target as HTMLInputElement).checked)}
                />Put the logs into the link<span class="m3">${formatBytes((packed.length * 3) / 4)}</span>
              </label>`
        }
        <div class="note">
          ${isPart ? icon('warn', 'w') : this.worksFor(holds ? { kind: 'link' } : origin)}
          <p>
            ${this.worksText(holds ? { kind: 'link' } : origin)}${
              isPart
                ? html`<br />Some of what is open is only on this computer: this link does not lead to it`
                : nothing
            }<br />${count}${link.length > LONG_LINK ? html`<br />Some programs cut off links of this length` : nothing}
          </p>
        </div>`,
    );
  }

  private worksFor(origin: Origin) {
    const isMine = origin.kind === 'local' || (origin.kind === 'server' && origin.isThisComputer);
    return isMine ? icon('warn', 'w') : icon('info');
  }

  private worksText(origin: Origin): string {
    if (origin.kind === 'link') return 'Whoever opens this link sees the logs: they travel in it, and reach no server';
    if (origin.kind === 'hosts') {
      const own = origin.hosts.filter(isThisComputer);
      const only = own.length > 0 ? `. Only this computer reaches ${own.join(', ')}` : '';
      return `Whoever opens this link fetches the files from ${origin.hosts.join(', ')}${only}`;
    }
    if (origin.kind === 'local') {
      return 'Your files are local. Whoever opens this link is asked to drop the same folder';
    }
    return origin.isThisComputer
      ? 'This page is served by your computer. The link works on it alone'
      : `Whoever can reach ${origin.host} can open this link`;
  }

  private embedSection() {
    const { state } = this.context;
    const kind = this.kind.value;
    const { smoothing, tagFilter, runFilter } = state;
    const { hash } = new URL(location.href);
    const urls = linkedUrls(hash);
    const title = `${this.source.name}, ${this.view.title}`;
    const code = embedCode(kind, {
      root: siteRoot(location.href),
      title,
      urls,
      view: this.view.id,
      tags: tagFilter.value,
      runs: runFilter.value,
      smoothing: smoothing.value === DEFAULT_SMOOTHING ? undefined : smoothing.value,
      height: this.height.value,
      theme: this.theme.value,
      hash: this.hash.value,
      link: this.link.value,
    });
    const needsFiles = urls.length === 0 && !(kind !== 'element' && this.hash.value.includes('data='));
    return this.section(
      'grid',
      'Embed',
      'For docs and blogs',
      html`<div class="many">
          ${choice('Kind of code', EMBED_KINDS, kind, (value) => (this.kind.value = value))}
          <span class="grow"></span>
          ${
            kind === 'markdown'
              ? nothing
              : html`<label class="row m2"
                    >Height
                    <input
                      class="num"
                      inputmode="numeric"
                      .value=${String(this.height.value)}
                      @change=${(event: Event) => this.setHeight(event.target as HTMLInputElement)}
                  /></label>
                  <select
                    aria-label="Theme of what is embedded"
                    @change=${(event: Event) => (this.theme.value = (event.target as HTMLSelectElement).value as Theme)}
                  >
                    ${THEMES.map(
                      ([theme, name]) =>
                        html`<option value=${theme} ?selected=${theme === this.theme.value}>${name}</option>`,
                    )}
                  </select>`
          }
        </div>
        <div class="code">
          <pre tabindex="0" role="region" aria-label="Code">${code}</pre>
          <button class="btn ico" aria-label="Copy code" title="Copy code" @click=${() => this.copy('code', code)}>
            ${icon(this.copied.value === 'code' ? 'check' : 'copy')}
          </button>
        </div>
        ${
          needsFiles
            ? html`<div class="note">
                ${icon('info')}
                <p>
                  ${
                    kind === 'element'
                      ? 'Put the logs beside your page as runs, with a manifest.json (tensorpane manifest runs)'
                      : 'The logs are not in this code: put them on a host, open them from there, and share that'
                  }
                </p>
              </div>`
            : nothing
        }`,
    );
  }

  private setHeight(field: HTMLInputElement): void {
    const height = Math.round(Number(field.value));
    const isHeight = height >= HEIGHTS.least && height <= HEIGHTS.most;
    if (isHeight) this.height.value = height;
    field.value = String(this.height.value);
  }

  private dataSection(exports: Exports) {
    const problem = this.problem.value;
    return this.section(
      'save',
      'Data and pictures',
      exports.what,
      html`<div class="many">
          ${exports.files.map(
            (file) =>
              html`<button
                class="btn line"
                aria-busy=${this.making.value === file.name}
                title=${file.name}
                @click=${() => counted(this.save(file))}
              >
                ${file.label} ${file.hint === '' ? nothing : html`<span class="m2">${file.hint}</span>`}
              </button>`,
          )}
          ${
            'ClipboardItem' in globalThis
              ? html`<button class="btn line" @click=${() => counted(this.copyImage(exports))}>
                  ${icon(this.copied.value === 'image' ? 'check' : 'copy')}${
                    this.copied.value === 'image' ? 'Copied' : 'Copy as image'
                  }
                </button>`
              : nothing
          }
        </div>
        ${problem === '' ? nothing : html`<p class="e small" role="alert">${problem}</p>`}`,
    );
  }

  private async save({ name, make }: ExportFile): Promise<void> {
    this.making.value = name;
    this.problem.value = '';
    try {
      saveBlob(await make(), name);
    } catch (error) {
      this.problem.value = `${name} could not be made (${(error as Error).message})`;
    } finally {
      this.making.value = '';
    }
  }

  private async copyImage(exports: Exports): Promise<void> {
    this.problem.value = '';
    try {
      // Made meanwhile: a browser takes it only while the click is fresh.
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': exports.image() })]);
      this.tellCopied('image');
    } catch (error) {
      this.problem.value = `The browser did not take the picture: save it as PNG (${(error as Error).name})`;
    }
  }

  private async copy(what: 'link' | 'code', text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.tellCopied(what);
    } catch {
      // Selected, it is one key away.
      const field = this.querySelector<HTMLInputElement>('.text');
      if (what === 'link') field?.focus();
      else getSelection()?.selectAllChildren(this.querySelector('.code pre') as HTMLElement);
    }
  }

  private tellCopied(what: string): void {
    this.copied.value = what;
    this.context.announce('Copied');
    setTimeout(() => this.copied.value === what && (this.copied.value = ''), COPIED_MS);
  }
}

customElements.define('tp-share', ShareDialog);

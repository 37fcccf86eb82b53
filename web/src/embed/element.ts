/**
 * `<tensor-pane src=… view=… tags=…>`: the page at `embed/` in a frame. It fetches the logs as the page that it is in, and
 * hands them over. One small file without imports, which works from anywhere: the page is beside it.
 */
import type * as Api from '../../public/tensorpane';

/** Of the page. Where a bundler put this script elsewhere, `app` says it. */
const here = import.meta.url;
/** What is in the hash of a link, by the same names. */
const IN_STATE = ['view', 'tags', 'runs', 'smoothing', 'x', 'y', 'step', 'theme', 'chrome', 'interactive', 'title'];
const OTHERS = ['src', 'state', 'height'];
const DEFAULT_HEIGHT = 320;
/** Custom properties that reach the frame, less `--tp-`. */
const TOKENS = ['font', 'mono', 'bg', 'panel', 'raised', 'ink', 'ink-2', 'ink-3', 'line', 'line-2', 'grid', 'axis', 'focus', 'fs-m', 'fs-s', 'fs-axis']; // prettier-ignore

class TensorPane extends HTMLElement {
  static observedAttributes = [...IN_STATE, ...OTHERS];
  private frame: HTMLIFrameElement | undefined;
  private page = new URL(here);
  private listening = false;
  private error = false;
  private shownHeight = DEFAULT_HEIGHT;
  private asked = 0;
  private stop = new AbortController();
  private changed = new Set<string>();
  private styled = '';
  private readonly waiting = new Map<unknown, (answer: Api.TensorPaneAnswer) => void>();
  private readonly near = new IntersectionObserver((entries) => entries.at(-1)?.isIntersecting && this.start(), {
    rootMargin: '200px',
  });

  connectedCallback(): void {
    this.stop = new AbortController();
    const { signal } = this.stop;
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(':host{display:block}:host([hidden]){display:none}iframe{display:block;width:100%;border:0}');
    root.adoptedStyleSheets = [sheet];
    const app = this.getAttribute('app');
    this.page = new URL('embed/', app === null ? here : new URL(app, document.baseURI));
    this.frame = document.createElement('iframe');
    this.resize();
    root.replaceChildren(this.frame);
    this.near.observe(this);
    addEventListener('message', (event: MessageEvent) => this.take(event), { signal });
    addEventListener('beforeprint', () => this.start(), { signal });
    const looks = new MutationObserver(() => this.restyle());
    for (const element of [this, document.documentElement, document.body]) looks.observe(element, { attributes: true });
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', () => this.restyle(), { signal });
    signal.addEventListener('abort', () => looks.disconnect());
  }

  disconnectedCallback(): void {
    this.stop.abort();
    this.near.disconnect();
    this.frame?.remove();
    this.frame = undefined;
    this.listening = this.error = false;
    this.styled = '';
  }

  attributeChangedCallback(name: string): void {
    // All that change at once are told together.
    if (this.changed.size === 0) {
      queueMicrotask(() => {
        const { changed } = this;
        this.changed = new Set();
        if (changed.has('height')) this.resize();
        if (!this.listening) return;
        if (changed.has('src')) void this.load();
        if ([...changed].some((one) => one !== 'src' && one !== 'height'))
          this.tell('setState', { state: this.hash() });
      });
    }
    this.changed.add(name);
  }

  ask(type: string, fields: object = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = ++this.asked;
      this.waiting.set(id, (answer) => (answer.ok ? resolve(answer.value) : reject(new Error(answer.error))));
      this.frame?.contentWindow?.postMessage({ tensorpane: 1, id, type, ...fields }, this.page.origin);
    });
  }

  private tell(type: string, fields: object): void {
    this.ask(type, fields).catch((error: Error) => this.fire('error', error.message));
  }

  private fire(type: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  private start(): void {
    const { frame } = this;
    if (!frame || frame.src) return;
    this.near.disconnect();
    frame.title = this.title || 'Charts of training logs';
    // What is asked for with the script, a version or so, is asked for with the page.
    frame.src = `${this.page.href}${new URL(here).search}#${this.hash()}`;
  }

  private hash(): string {
    const params = new URLSearchParams(this.getAttribute('state') ?? '');
    params.set('v', params.get('v') ?? '1');
    for (const name of IN_STATE) {
      const value = this.getAttribute(name);
      // Parts of names; a pattern is as it is.
      if (value !== null)
        params.set(name, /^(tags|runs)$/.test(name) && /^[^/!].*\|/.test(value) ? `/${value}/` : value);
    }
    return params.toString();
  }

  private async load(): Promise<void> {
    const urls = (this.getAttribute('src') ?? '').split(/\s+/).filter(Boolean).map((url) => new URL(url, document.baseURI).href); // prettier-ignore
    if (urls.length === 0) return;
    const { signal } = this.stop;
    const src = this.getAttribute('src');
    try {
      const files = (await Promise.all(urls.map((url) => fetched(url, signal)))).flat();
      if (src === this.getAttribute('src')) this.tell('open', { files, urls });
    } catch (error) {
      if (signal.aborted) return;
      const { message, what = urls.join(' ') } = error as Error & { what?: string };
      this.tell('fail', { what: `Couldn’t load ${what.replace(/^https?:\/\//, '')}`, why: message });
    }
  }

  private take({ source, origin, data }: MessageEvent<unknown>): void {
    if (!this.frame || source !== this.frame.contentWindow || origin !== this.page.origin) return;
    const message = data as Api.TensorPaneNotice | Api.TensorPaneAnswer | null;
    if (message?.tensorpane !== 1) return;
    if (message.type === 'answer') {
      this.waiting.get(message.id)?.(message);
      this.waiting.delete(message.id);
    } else if (message.type === 'height') {
      this.error = message.isError;
      this.shownHeight = message.height;
      this.resize();
    } else if (message.type === 'listening' || message.type === 'retry') {
      this.listening = true;
      this.restyle();
      void this.load();
    } else if (message.type === 'ready') this.fire('ready');
    else if (message.type === 'hover') this.fire('hover', message.hover);
    else if (message.type === 'error') this.fire('error', message.error);
  }

  /** An error is never as high as what it stands for. */
  private resize(): void {
    const own = Number.parseFloat(this.getAttribute('height') ?? '');
    if (this.frame) this.frame.style.height = `${this.error || !(own > 0) ? this.shownHeight : own}px`;
  }

  /** The frame looks as the page: light text is on a dark ground. */
  private restyle(): void {
    if (!this.listening) return;
    const style = getComputedStyle(this);
    const [r = 0, g = 0, b = 0] = style.color.match(/[\d.]+/g)?.map(Number) ?? [];
    const scheme = 0.3 * r + 0.6 * g + 0.1 * b > 127 ? 'dark' : 'light';
    const set = TOKENS.map((name): [string, string] => [`--tp-${name}`, style.getPropertyValue(`--tp-${name}`).trim()]);
    const tokens = Object.fromEntries(set.filter(([, value]) => value));
    const styled = JSON.stringify([scheme, tokens]);
    if (styled !== this.styled) this.tell('setStyle', { scheme, tokens });
    this.styled = styled;
  }
}

/** Files of a manifest, or the file that a URL is. */
async function fetched(url: string, signal: AbortSignal): Promise<Api.TensorPaneFile[]> {
  const get = async (at: string): Promise<Response> => {
    const response = await fetch(at, { signal }).catch(() => undefined);
    if (response?.ok) return response;
    const why = response ? `The host answers ${response.status}` : 'Its host can’t be reached, or doesn’t allow this site to read it (no Access-Control-Allow-Origin)'; // prettier-ignore
    throw Object.assign(new Error(why), { what: at });
  };
  const response = await get(url);
  const name = decodeURIComponent(new URL(url).pathname.replace(/.*\//, '')) || 'log';
  if (!/\.json$/i.test(name)) return [{ path: name, blob: await response.blob() }];
  type Listed = { path: string; url?: string };
  const manifest = (await response.json().catch(() => ({}))) as { name?: string; files?: Listed[]; beside?: Listed[] };
  if (!Array.isArray(manifest.files)) throw Object.assign(new Error('It is no manifest of logs'), { what: url });
  const listed = [...manifest.files, ...(manifest.beside ?? [])].filter((file) => file.url);
  return Promise.all(
    listed.map(async (file) => ({
      path: `${(manifest.name ?? 'logs').replaceAll('/', ' ')}/${file.path}`,
      blob: await (await get(new URL(file.url as string, response.url).href)).blob(),
    })),
  );
}

for (const name of [...IN_STATE, ...OTHERS, 'app']) {
  if (name === 'title') continue;
  Object.defineProperty(TensorPane.prototype, name, {
    get(this: HTMLElement) {
      return this.getAttribute(name) ?? '';
    },
    set(this: HTMLElement, value: string | number | null | undefined) {
      if (value === null || value === undefined) this.removeAttribute(name);
      else this.setAttribute(name, String(value));
    },
  });
}
// Two copies of the script on a page are one too many.
if (!customElements.get('tensor-pane')) customElements.define('tensor-pane', TensorPane);

export { TensorPane };

/**
 * An embed: what its address names, or the page around it hands over, in one view. It ends its workers while nobody sees
 * it, keeps what it has drawn, and reads again when it is seen.
 */
import { effect, signal, untracked } from '@preact/signals-core';
import { asWireError } from '../faults/fault';
import { isElsewhere, linkedData, linkedName, linkedUrls, sourcePart, sourcesOf, withSources } from '../model/link'; // prettier-ignore
import { createState } from '../model/state';
import { applyState, encodeState } from '../model/url_state';
import type { Opened } from '../sources/event_files';
import '../tokens.css';
import '../ui/base.css';
import { VIEWS } from '../views/views';
import type { TensorPaneFile } from '../../public/tensorpane';
import type { Figures } from './figures';
import { openHanded } from './handed_files';
import { answerHost, tellHost, Trust, type Wish } from './host';
import { readOptions } from './options';
import { Pane, type PaneContent, type Problem } from './pane';
import { Session } from './session';
import { applyTokens, hostScheme, keepLooks } from './tokens';
import { watchSeen } from './watch_seen';

/** Border and header, px. */
const FRAME_PX = 2;
const HEADER_PX = 30;
const PROBLEM_PX = 48;
/** A view that scrolls asks for no more. */
const MAX_VIEW_PX = 800;
/** A row of charts, where there is room. */
const ROW_PX = 206;
/** So long a page around may take to say something, where the address names nothing. */
const SILENT_MS = 1000;

export function startEmbed(): void {
  const state = createState();
  const content = signal<PaneContent>({
    options: readOptions(location.hash),
    name: '',
    session: undefined,
    view: undefined,
    before: undefined,
    problem: undefined,
    question: undefined,
    full: '',
  });
  const say = (part: Partial<PaneContent>): void => void (content.value = { ...content.peek(), ...part });
  const pane = Object.assign(new Pane(), { content });
  document.body.append(pane);

  /** What is open, to be read as often as needed. */
  let opened: readonly Opened[] = [];
  let urls: readonly string[] = [];
  /** The page around has handed over what is open, in place of what the address names. */
  let ownFiles = false;
  let session: Session | undefined;
  /** Workers, and the view that is wanted, on their way before it is known what they are to read. */
  let prepared: { own: Session; id: string; view: Promise<HTMLElement> } | undefined;
  /** Reading that is going on, and what it is done with. */
  let working: Promise<unknown> = Promise.resolve();
  const work = <T>(doing: Promise<T>): Promise<T> => {
    working = Promise.allSettled([working, doing]);
    return doing;
  };

  const trust = new Trust(
    (origin, wish) =>
      new Promise((resolve) => {
        const who = origin === 'null' ? 'The page around this' : new URL(origin).host;
        const answer = (allowed: boolean): void => {
          say({ question: undefined });
          resolve(allowed);
        };
        // One at a time: the one before was not answered.
        content.peek().question?.answer(false);
        say({ question: { text: `${who} wants to ${WISHES[wish]}`, yes: 'Allow', answer } });
      }),
  );

  keepLooks(() => state.theme.value);

  // ---- reading

  function fail(what: string, why: string, retry: (() => void) | undefined): void {
    const problem: Problem = { what, why, retry };
    say({ problem });
    tellHost({ type: 'error', error: `${what}: ${why}` });
  }

  /** Workers take as long to start, and code to come, as what is to be read: so none waits for another. */
  function prepare(): NonNullable<typeof prepared> {
    if (prepared) return prepared;
    const own = new Session(state, (text) => pane.announce(text));
    const id = state.view.peek() || 'scalars';
    const view = viewOf(own, id);
    // It is met where it is awaited, unless there is nothing to show.
    view.catch(() => undefined);
    return (prepared = { own, id, view });
  }

  /**
   * Reads all that is open with new workers, and shows it in place of what was drawn before.
   *
   * @returns the runs; undefined = something else was opened meanwhile
   */
  async function show(): Promise<readonly string[] | undefined> {
    session?.end();
    const { own, id: wanted, view: early } = prepare();
    prepared = undefined;
    session = own;
    const before = content.peek().view;
    // It shows what is read so far.
    void early.then((view) => {
      if (session === own && before === undefined) say({ problem: undefined, session: own, view });
    });
    const problem = await own.read(opened);
    if (session !== own) return undefined;
    if (problem !== '') {
      // Nothing is open.
      opened = [];
      trust.opened([]);
      session = undefined;
      own.end();
      say({ view: undefined, session: undefined });
      fail(`Couldn’t read ${content.peek().name}`, problem, undefined);
      throw new Error(problem);
    }
    const id = own.viewId.peek();
    const view = id === wanted ? await early : await viewOf(own, id);
    if (session !== own) return undefined;
    say({ problem: undefined, session: own, view, before: before === view ? undefined : before });
    await pane.updateComplete;
    await own.idle();
    say({ before: undefined });
    tellHost({ type: 'ready' });
    reportHeight();
    return own.shown.runs.value.map((run) => own.shown.runLabel(run));
  }

  async function viewOf(context: Session, id: string): Promise<HTMLElement> {
    if (id === 'scalars') {
      const { Figures } = await import('./figures');
      return Object.assign(new Figures(), { context });
    }
    const [make] = await Promise.all([VIEWS.find((view) => view.id === id)?.load(), import('../ui/shell.css')]);
    if (!make) throw new Error(`there is no view ${id}`);
    return make(context);
  }

  /** Opens what the address names, which this page fetches, and what it holds. */
  async function openAddress(): Promise<void> {
    say({ problem: undefined });
    const data = linkedData(location.hash);
    // Before the code of the view, which takes longer to run than this takes to ask the host.
    const linked = import('../sources/linked');
    prepare();
    try {
      const held = data === undefined ? [] : [(await import('../sources/packed_logs')).openPacked(data, linkedName(location.hash))]; // prettier-ignore
      const { openUrl } = await linked;
      opened = await Promise.all([...held, ...urls.map((url) => openUrl(url, new AbortController().signal))]);
    } catch (error) {
      const fault = asWireError(error);
      const { errorText } = await import('../model/errors');
      const [first = 'the logs of this link'] = urls;
      const asked = fault.file ?? first;
      return fail(`Couldn’t load ${shortUrl(asked)}`, errorText({ code: fault.code, ...(fault.detail === undefined ? {} : { detail: fault.detail }) }), () => void work(openAddress())); // prettier-ignore
    }
    const from = urls.map((url) => (url.startsWith('hf://') ? url : new URL(url, location.href).origin));
    // What the address holds is of whoever wrote the address.
    if (data !== undefined) from.push(parentOrigin() ?? 'null');
    named();
    if (await show().catch(() => undefined)) trust.opened(from);
  }

  async function openFiles(
    files: readonly TensorPaneFile[],
    from: readonly string[],
    origin: string,
  ): Promise<string[]> {
    opened = await openHanded(files);
    urls = from;
    ownFiles = true;
    named();
    const runs = await show();
    if (!runs) throw new Error('open: something else was opened meanwhile');
    trust.opened([origin]);
    return [...runs];
  }

  function named(): void {
    say({ name: opened.map(({ name }) => name).join(', ') });
    void linkFull();
  }

  // ---- what is set

  let linking = 0;
  /** Keeps the link to the whole page as what is shown. */
  async function linkFull(): Promise<void> {
    const turn = ++linking;
    const named = linkedData(location.hash) === undefined || ownFiles ? sourcesOf(urls) : sourcePart(location.hash);
    const hash = named === '' ? '' : withSources(await encodeState(state), named);
    if (turn === linking) say({ full: hash === '' ? '' : new URL(`../open/#${hash}`, location.href).href });
  }
  effect(() => {
    for (const key of Object.keys(state) as (keyof typeof state)[]) void state[key].value;
    untracked(() => void linkFull());
  });

  async function setState(hash: string): Promise<void> {
    const outcome = await applyState(state, hash);
    if (outcome !== 'applied') throw new Error(`state: it cannot be read (${outcome})`);
    say({ options: readOptions(hash) });
    const view = state.view.peek();
    if (session && content.peek().view && view !== '') await work(changeView(session, view));
    void session?.idle().then(reportHeight);
  }

  async function changeView(own: Session, id: string): Promise<void> {
    if (!own.shown.has(id)) return;
    const view = await viewOf(own, id);
    if (view.localName !== content.peek().view?.localName) say({ view });
  }

  // ---- the page around

  answerHost({
    ping: () => ({ version: 1 }),
    async open({ files, urls: from = [] }, origin) {
      await trust.need(origin, 'replace');
      return { runs: await work(openFiles(files, from, origin)) };
    },
    async getState(_, origin) {
      await trust.need(origin, 'read');
      return { state: await encodeState(state) };
    },
    async setState({ state: hash }) {
      await setState(hash);
      return {};
    },
    async export({ tag }, origin) {
      await trust.need(origin, 'read');
      const { view } = content.peek();
      if (view?.localName !== 'tp-figures') throw new Error('export: only charts of scalars have pictures');
      const blob = await (view as Figures).picture(tag);
      return { blob, name: `${(tag ?? content.peek().name).replace(/[^\w.-]+/g, '_')}.png` };
    },
    setStyle({ scheme, tokens = {} }) {
      if (scheme) hostScheme.value = scheme;
      applyTokens(tokens);
      return {};
    },
    fail({ what, why }) {
      fail(what, why, () => tellHost({ type: 'retry' }));
      return {};
    },
  });
  watchHover();

  function watchHover(): void {
    let hovered = false;
    effect(() => {
      const own = content.value.session;
      const values = own?.hover.values.value;
      const crosshair = own?.hover.crosshair.value;
      const origin = parentOrigin();
      if (!own || (!values && !hovered) || origin === undefined || !trust.owns(origin)) return;
      hovered = values !== undefined;
      const hover = values && crosshair ? { tag: values.tag, x: crosshair.x, at: values.at, values: Object.fromEntries([...values.byRun].map(([run, value]) => [own.shown.runLabel(run), value])) } : null; // prettier-ignore
      tellHost({ type: 'hover', hover }, origin);
    });
  }

  // ---- height

  /** So high that nothing scrolls, as wide as it is. */
  function wantedHeight(): number {
    const { options, view, problem, question } = content.peek();
    if (problem && !view) return PROBLEM_PX;
    const above = FRAME_PX + (options.bare ? 0 : HEADER_PX) + (question ? PROBLEM_PX : 0) + (problem ? PROBLEM_PX : 0);
    const figures = view?.querySelector('.figures');
    if (!figures) {
      const scroll = view?.querySelector('.scroll');
      if (!view || !scroll) return above + MAX_VIEW_PX;
      // What stays where it is: the scrubber of steps.
      const beside = view.clientHeight - scroll.clientHeight;
      return above + Math.min(MAX_VIEW_PX, scroll.scrollHeight + beside);
    }
    const columns = getComputedStyle(figures).gridTemplateColumns.split(' ').length;
    return above + Math.ceil(figures.childElementCount / columns) * ROW_PX;
  }
  let told = '';
  function reportHeight(): void {
    const { view, problem } = content.peek();
    pane.markScrolling();
    if (!view && !problem) return;
    const notice = { type: 'height', height: wantedHeight(), isError: problem !== undefined && !view } as const;
    if (told === (told = JSON.stringify(notice))) return;
    tellHost(notice);
  }
  effect(() => {
    void content.value;
    void content.value.session?.shown.tags('scalars');
    void pane.updateComplete.then(() => requestAnimationFrame(reportHeight));
  });
  addEventListener('resize', reportHeight);

  // ---- seen or not

  const seen = watchSeen(pane, {
    sleep() {
      if (!session || session.engine.loading.peek()) return false;
      session.end();
      session = undefined;
      return true;
    },
    wake: () => void work(show()).catch(() => undefined),
  });

  // ---- the address

  let sources = sourcePart(location.hash);
  async function readAddress(): Promise<void> {
    const now = sourcePart(location.hash);
    // Whoever frames the page has changed its address to that of other logs.
    if (now !== sources) {
      await trust.need('null', 'replace');
      sources = now;
      return location.reload();
    }
    await setState(location.hash);
  }
  addEventListener('hashchange', () => void readAddress().catch(() => undefined));

  urls = linkedUrls(location.hash);
  void work(
    applyState(state, location.hash).then((outcome) => {
      if (outcome !== 'applied') return fail('Couldn’t read the address of this frame', STATE_PROBLEMS[outcome], undefined); // prettier-ignore
      if (isElsewhere(location.hash)) return openAddress();
      prepare();
      awaitHost();
    }),
  );
  tellHost({ type: 'listening' });

  /** A page around that says anything has something in mind; one that says nothing has forgotten to. */
  function awaitHost(): void {
    const timer = setTimeout(
      () => fail('Nothing is named to be opened', 'The address has no url=…, and the page around has sent nothing', undefined), // prettier-ignore
      SILENT_MS,
    );
    addEventListener('message', ({ source }) => source === parent && clearTimeout(timer));
  }

  if (new URLSearchParams(location.search).get('testing') === '1') {
    const idle = async (): Promise<void> => {
      for (let before: unknown; before !== working;) {
        before = working;
        await working;
        await pane.updateComplete;
        await session?.idle();
      }
    };
    Object.assign(globalThis, { tensorpane: { idle, sleepNow: () => seen.sleepNow(), isAwake: () => session !== undefined } }); // prettier-ignore
  }
}

const WISHES: Record<Wish, string> = { replace: 'replace what is open here', read: 'read what is shown here' };

const STATE_PROBLEMS = {
  newer: 'It was made by a newer version',
  long: 'It is longer than 1 MB',
  bad: 'It is damaged',
};

/** The origin of the page around, where the browser tells it. */
function parentOrigin(): string | undefined {
  const { ancestorOrigins } = location as { ancestorOrigins?: DOMStringList };
  return ancestorOrigins?.[0] ?? undefined;
}

function shortUrl(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/^(.{100}).+/s, '$1…');
}

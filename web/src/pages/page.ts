/**
 * What the three pages are made of: state, engine and shell, and one way by which all that is opened goes. Each page adds
 * the ways by which files come to it (`home.ts`, `open.ts`, `embed.ts`).
 */
import { effect, signal, type ReadonlySignal } from '@preact/signals-core';
import { chartTheme } from '../charts/chart_theme';
import { drawingIdle } from '../charts/draw_queue';
import { asWireError } from '../faults/fault';
import type { Engine } from '../engine/engine';
import type { Purge } from '../engine/protocol';
import { startEngine } from '../engine/start';
import { paletteOf } from '../model/colours';
import { plural } from '../model/format';
import { keepHistory } from '../model/history';
import { isElsewhere, linkedData, linkedName, linkedUrls, MAX_LINKED, sourcePart, sourcesOf, withSources, writtenSources } from '../model/link'; // prettier-ignore
import { errorMessage, NOTHING_NEW, openingMessage, together, type Message } from '../model/opening';
import { asEmbeddings } from '../model/opened_embeddings';
import { createShown } from '../model/shown';
import { createState, type State } from '../model/state';
import { fieldsWithColours } from '../model/url_state';
import type { Opened } from '../sources/event_files';
import type { Neighbour } from '../sources/find_neighbours';
import { hosts } from '../sources/hosts';
import { hostOf } from '../sources/link_url';
import { openPacked } from '../sources/packed_logs';
import { infoOf } from '../sources/neighbours.mjs';
import { isLocal } from '../sources/read';
import { stalls } from '../sources/stalls';
import '../tokens.css';
import { App } from '../ui/app';
import { ask, type Question } from '../ui/ask';
import '../ui/base.css';
import '../ui/shell.css';
import { pendingIdle } from '../ui/pending';
import type { Source } from '../ui/source';
import { applyTheme } from '../ui/theme';
import { createHover } from '../views/hover';

/** What goes by itself is read by then; an error stays. */
const READ_AFTER_MS: Partial<Record<Message['severity'], number>> = { info: 5000, warn: 8000 };

/** What sets the pages apart. */
export interface PageKind {
  /** Its policy lets it ask other hosts. */
  mayFetch: boolean;
  /** Opens what another link names, in place of all that is open. The address has its hash already. */
  follow: (hash: string) => void;
  /** Opens a URL that a person pasted; absent = they cannot. */
  openUrl?: (url: string) => void;
}

/** A page, without a way in. */
export interface Page {
  state: State;
  engine: Engine;
  app: App;
  source: ReadonlySignal<Source>;
  /** Opens what is found; undefined = the person changed their mind. Resolves when that and all before is open; never rejects. */
  open: (finding: Promise<Opened | undefined>) => Promise<unknown>;
  /** Says what is done with files that are held over the window; '' = there are none. */
  sayDropping: (text: string) => void;
  /** Says that something is looked for, which a person may stop, until what it returns is called. */
  seek: (what: string, stop: () => void) => () => void;
  /** Says how something ended, beside errors that are not read yet. @param before what it takes the place of */
  tell: (message: Message, before?: Message) => void;
}

/** Starts it. The state is that of the address. */
export function startPage({ mayFetch, follow, openUrl }: PageKind): Page {
  const state = createState();
  const engine = startEngine();
  const shown = createShown(engine, state, () => paletteOf(chartTheme.value.dark));
  const source = signal<Source>({
    name: '',
    opened: false,
    files: [],
    isPartLocal: false,
    awaited: isElsewhere(location.hash) ? '' : linkedName(location.hash),
    message: undefined,
    dropping: '',
    mayFetch,
    takesUrls: openUrl !== undefined,
    hosts: [],
    seeking: [],
  });
  const said = (part: Partial<Source>): void => void (source.value = { ...source.peek(), ...part });
  /** What was told and is not read yet. */
  let unread: readonly Message[] = [];
  const keepUnread = (messages: readonly Message[]): void => {
    unread = messages;
    said({ message: together(messages) });
  };
  const tell: Page['tell'] = (message, before) => {
    const errors = unread.filter((other) => other.severity === 'error' && other !== before);
    keepUnread([...errors, message]);
    const after = READ_AFTER_MS[message.severity];
    if (after) setTimeout(() => forget(message), after);
  };
  const forget = (message: Message): void => keepUnread(unread.filter((other) => other !== message));
  const tellError = (text: string): void => tell({ text, severity: 'error' });

  effect(() => applyTheme(state.theme.value));
  effect(() => engine.setPurge(state.purge.value));
  effect(() => said({ hosts: hosts.value }));
  let stalled: Message | undefined;
  effect(() => {
    const [stall] = stalls.value;
    if (stalled) forget(stalled);
    stalled = stall && {
      ...errorMessage(stall.error),
      retry: () => stalls.peek().forEach((other) => other.retry()),
    };
    if (stalled) tell(stalled);
  });

  /** The URLs that are open, as the address names them. */
  const linked = sourcesOf(linkedUrls(location.hash));
  /** What of the address says what is open, unless that is only on this computer. */
  let named = sourcePart(location.hash);
  /** What is open and only on this computer, as the address calls it; '' = nothing is. */
  let localName = '';
  /** The address as it was when it was last looked at or written; '' = without a hash. */
  let address = location.hash;
  const urlOf = (hash: string): string => (hash === '' ? location.pathname + location.search : hash);
  /** It is asked about the link in the address, which stays there: `address` is what comes back after a no. */
  let asking = false;
  const write = (how: 'replaceState' | 'pushState', hash: string): void => {
    // Local files are named, so that whoever is sent the link knows what to drop.
    const text = withSources(hash, localName === '' ? named : writtenSources([['name', localName]]));
    address = text === '' ? '' : `#${text}`;
    if (!asking) history[how](null, '', urlOf(address));
  };
  const isOther = (hash: string): boolean => !['', linked].includes(sourcesOf(linkedUrls(hash)));
  /** A link was pasted into the tab, or Back was pressed: another view of what is open, or something else to be opened. */
  async function onAddress(changed: () => void): Promise<void> {
    if (asking) return;
    // The answer is to what was asked: if the address has become another one meanwhile, that is asked about.
    for (let hash = location.hash; isOther(hash); hash = location.hash) {
      asking = true;
      const isLeft = !source.peek().opened || (await ask(replacing(hash)));
      asking = false;
      if (isLeft && hash === location.hash) {
        past.stop();
        return follow(hash);
      }
      if (!isLeft && isOther(location.hash)) return history.replaceState(null, '', urlOf(address));
    }
    address = location.hash;
    openHeld();
    changed();
  }

  const past = keepHistory(
    state,
    {
      read: () => location.hash,
      replace: (hash) => write('replaceState', hash),
      push: (hash) => write('pushState', hash),
      // Told of Back and Forward, and of links pasted into the tab; what is written here is not told.
      watch(changed) {
        const events = ['popstate', 'hashchange'];
        const listener = (): void => void onAddress(changed);
        for (const event of events) addEventListener(event, listener);
        return () => {
          for (const event of events) removeEventListener(event, listener);
        };
      },
    },
    (outcome) => {
      if (outcome === 'newer') tellError('This link was made by a newer version: its view is not applied');
      if (outcome === 'long') tellError('This link is longer than 1 MB: its view is not applied');
      if (outcome === 'bad') tellError('This link is damaged: its view is not applied');
    },
    (fields) => fieldsWithColours(fields, shown.coloursToTell.value),
  );

  // Whoever goes to the address bar takes the focus from the page: what is copied there is what is seen here.
  for (const event of ['blur', 'pagehide']) addEventListener(event, past.flush);

  const app = Object.assign(new App(), { engine, state, shown, hover: createHover(), source, past });
  document.body.append(app);

  /** What is open. */
  const names = new Set<string>();
  /** What of it no address names: local files, and logs of another link than the address keeps. */
  const unnamed = new Set<Opened>();
  /** For tests. */
  const openings: Opened[] = [];
  /** Resolves when everything that was to be opened is. */
  let opening: Promise<unknown> = Promise.resolve();

  /** Opens what is found. @param isNamed by the address, which holds it */
  function open(finding: Promise<Opened | undefined>, isNamed = false): Promise<unknown> {
    // What was said of another opening is read by then; what goes wrong in this one is told whatever comes of others.
    keepUnread([]);
    opening = Promise.all([opening, openFound(finding, isNamed)]);
    return opening;
  }

  async function openFound(finding: Promise<Opened | undefined>, isNamed: boolean): Promise<void> {
    try {
      const opened = await finding;
      if (!opened) return;
      const { opened: found, joined, problem } = await asEmbeddings(engine, shown, state.embedding.value, opened);
      const closed = closedDoors(found.unreadable);
      const isShown = ({ kind, alone, isPart, labelsOf }: Neighbour) =>
        labelsOf ?? (!isPart && (alone || infoOf(kind).isShownAlone));
      const isNothing = !found.beside.some(isShown);
      if (problem && isNothing) return tellError(problem);
      if (found.files.length === 0 && isNothing) {
        const none = `No event files in ${found.name}. Their names contain “tfevents”`;
        // Servers list nothing else, but for what a config names.
        const hint = found.ignored === 0 ? '. Vectors alone (TSV, NumPy) are dropped, or named by a projector_config.pbtxt beside them' : ''; // prettier-ignore
        return tellError(closed || none + hint);
      }
      const known = names.has(found.name);
      names.add(found.name);
      said({ files: [...source.value.files, ...found.files] });
      if (!isNamed && found.files.some((file) => isLocal(file.source))) unnamed.add(found);
      showNames();
      if (closed) tellError(closed);
      openings.push(found);
      const isNew = await engine.open(found.files, found.name, found.beside);
      const read = joined ? { text: joined, severity: 'info' as const } : openingMessage(engine.progress.value, engine.report.value); // prettier-ignore
      const message = isNew ? read : NOTHING_NEW;
      if (message) tell(message);
      // What is no log leaves no trace but the message.
      const nothing = message?.severity === 'error' && !engine.progress.value.some(({ run }) => shown.hasSeries(run));
      if (nothing && !known) names.delete(found.name);
      if (nothing || !isNew) unnamed.delete(found);
      showNames();
    } catch (error) {
      tell(errorMessage(asWireError(error)));
    }
  }

  function showNames(): void {
    const name = [...names].join(', ');
    localName = !isElsewhere(named) && source.value.files.some((file) => isLocal(file.source)) ? name : '';
    said({ name, opened: names.size > 0, isPartLocal: unnamed.size > 0 });
    document.title = name === '' ? 'Tensorpane' : `${name} · Tensorpane`;
  }

  app.addEventListener('message-read', () => {
    const isStall = stalled !== undefined && unread.includes(stalled);
    keepUnread([]);
    // Who closes it without another try wants none.
    if (isStall) stalls.peek().forEach((stall) => stall.giveUp());
  });
  app.addEventListener('open-url', (event) => openUrl?.((event as CustomEvent<string>).detail));
  app.addEventListener('close-all', () => {
    past.stop();
    history.replaceState(null, '', location.pathname + location.search);
    location.reload();
  });

  /** Logs that a link holds itself. A link that is pasted into the tab adds its own. */
  let held: string | undefined;
  const openHeld = (): void => {
    const data = linkedData(location.hash);
    if (data === undefined || data === held) return;
    held = data;
    // Later ones come beside what is open, which the address goes on to name.
    const isNamed = !source.peek().opened;
    if (isNamed) named = sourcePart(location.hash);
    void open(openPacked(data, linkedName(location.hash)), isNamed);
  };
  openHeld();

  if (new URLSearchParams(location.search).get('testing') === '1') {
    const idle = async (): Promise<void> => {
      // Files make views, views make cards, cards make queries, and those are drawn: a frame or two lies between.
      let quietRounds = 0;
      const changes = new MutationObserver(() => (quietRounds = 0));
      changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      while (quietRounds < 2) {
        quietRounds++;
        await opening;
        await app.viewIdle();
        await engine.idle();
        await drawingIdle();
        await pendingIdle();
      }
      changes.disconnect();
    };
    const dump = async (purge: Purge = 'none'): Promise<string> => {
      const { dumpLogs } = await import('../engine/dump');
      return dumpLogs(openings, purge);
    };
    Object.assign(globalThis, { tensorpane: { idle, dump } });
  }

  const seek: Page['seek'] = (what, stop) => {
    const own = { what, stop };
    said({ seeking: [...source.peek().seeking, own] });
    return () => said({ seeking: source.peek().seeking.filter((other) => other !== own) });
  };
  return { state, engine, app, source, open, sayDropping: (dropping) => said({ dropping }), seek, tell };
}

/** What is asked before a link takes the place of what is open. */
function replacing(hash: string): Question {
  const urls = linkedUrls(hash);
  const hosts = [...new Set(urls.flatMap((url) => hostOf(url) ?? []))];
  const whom =
    urls.length > MAX_LINKED
      ? 'It names more addresses than any link may: none of them is fetched'
      : hosts.length === 0
        ? 'It names no address that can be fetched'
        : `It fetches from ${hosts.join(', ')}, but nothing before you answer`;
  return {
    title: 'Open the link in place of what is open?',
    text: `${whom}. What is open now is closed`,
    yes: 'Open link',
    no: 'Keep what is open',
  };
}

function closedDoors(paths: readonly string[]): string {
  if (paths.length === 0) return '';
  return `The browser can't open ${plural(paths.length, 'file or folder', 'files or folders')}: ${paths.slice(0, 3).join(', ')}`;
}

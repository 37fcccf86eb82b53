/** Builds the page: state, engine and shell, and the ways by which files come in. */
import { effect, signal } from '@preact/signals-core';
import { chartTheme } from './charts/chart_theme';
import { drawingIdle } from './charts/draw_queue';
import { asWireError } from './engine/fault';
import { startEngine } from './engine/start';
import { paletteOf } from './model/colours';
import { errorText } from './model/errors';
import { plural } from './model/format';
import { createShown } from './model/shown';
import { createState } from './model/state';
import { bindUrl } from './model/url_state';
import { readDrop } from './sources/drop';
import type { Opened } from './sources/event_files';
import { readManifest } from './sources/manifest';
import { pickFiles, pickFolder } from './sources/pick';
import './tokens.css';
import { App, type Source } from './ui/app';
import './ui/base.css';
import './ui/shell.css';
import { applyTheme } from './ui/theme';
import { createHover } from './views/hover';

const state = createState();
const engine = startEngine();
const shown = createShown(engine.catalogue, state, () => paletteOf(chartTheme.value.dark));
const source = signal<Source>({ name: '', opened: false, message: '', dropping: '' });
const said = (part: Partial<Source>): void => void (source.value = { ...source.value, ...part });

effect(() => applyTheme(state.theme.value));
bindUrl(
  state,
  {
    read: () => location.hash,
    write: (hash) => history.replaceState(null, '', hash === '' ? location.pathname + location.search : `#${hash}`),
  },
  (outcome) => {
    if (outcome === 'newer') said({ message: 'This link was made by a newer version: its view is not applied' });
    if (outcome === 'bad') said({ message: 'This link is damaged: its view is not applied' });
  },
);

const app = Object.assign(new App(), { engine, state, shown, hover: createHover(), source });
document.body.append(app);

/** What is open. */
const names = new Set<string>();
/** Resolves when everything that was to be opened is. */
let opening: Promise<unknown> = Promise.resolve();

/** Opens what is found; undefined = the person changed their mind. */
function open(finding: Promise<Opened | undefined>): void {
  opening = Promise.all([opening, openFound(finding)]);
}

async function openFound(finding: Promise<Opened | undefined>): Promise<void> {
  try {
    const found = await finding;
    if (!found) return;
    const closed = closedDoors(found.unreadable);
    if (found.files.length === 0) {
      said({ message: closed || `No event files in ${found.name}. Their names contain “tfevents”` });
      return;
    }
    names.add(found.name);
    said({ name: [...names].join(', '), opened: true, message: closed });
    document.title = `${source.value.name} · Tensorpane`;
    await engine.open(found.files);
  } catch (error) {
    said({ message: errorText(asWireError(error)) });
  }
}

function closedDoors(paths: readonly string[]): string {
  if (paths.length === 0) return '';
  return `The browser can't open ${plural(paths.length, 'file or folder', 'files or folders')}: ${paths.slice(0, 3).join(', ')}`;
}

app.addEventListener('choose-folder', () => open(pickFolder()));
app.addEventListener('choose-files', () => open(pickFiles()));
app.addEventListener('message-read', () => said({ message: '' }));

// The whole window takes a drop, in every view.
let depth = 0;
const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
addEventListener('dragenter', (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  depth++;
  const items = event.dataTransfer?.items.length ?? 0;
  said({ dropping: items > 1 ? `Drop to open ${items} items` : 'Drop to open' });
});
addEventListener('dragover', (event) => {
  if (holdsFiles(event)) event.preventDefault();
});
addEventListener('dragleave', (event) => {
  if (holdsFiles(event) && --depth <= 0) said({ dropping: '' });
});
addEventListener('drop', (event) => {
  depth = 0;
  said({ dropping: '' });
  if (!event.dataTransfer || !holdsFiles(event)) return;
  event.preventDefault();
  open(readDrop(event.dataTransfer));
});

open(readManifest(document));

if (new URLSearchParams(location.search).get('testing') === '1') {
  const frame = (): Promise<number> => new Promise(requestAnimationFrame);
  const idle = async (): Promise<void> => {
    await opening;
    // Files make views, views make cards, cards make queries, and those are drawn: each takes a frame or two.
    for (let round = 0; round < 4; round++) {
      await engine.idle();
      await app.viewIdle();
      await frame();
      await frame();
      await engine.idle();
      await drawingIdle();
    }
  };
  Object.assign(globalThis, { tensorpane: { idle, dump: () => engine.dump() } });
}

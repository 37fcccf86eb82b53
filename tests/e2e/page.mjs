/**
 * The built page in Chromium: servers for it, a tab on it, and a test that fails when the tab met any fault that nobody
 * expected. Nothing here waits for a time: `idle()` resolves when the page has nothing left to load, ask or draw.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import sirv from 'sirv';
import { readHeaderRules } from '../../web/server/headers.mjs';
import { Logs } from '../../web/server/logs.mjs';
import { createServer } from '../../web/server/server.mjs';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DIST = join(ROOT, 'dist');
const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // There is none: the processor draws at once what it would draw as one.
  '--disable-gpu',
];
/** Longer than any test takes on a busy machine. */
const TIMEOUT_MS = 120_000;

/** The log directory of a case of tests/data. */
export const logsOf = (name) => join(ROOT, 'tests/data', name, 'logs');
/** What is in it by the oracle. */
export const expectedOf = (name) => JSON.parse(readFileSync(join(ROOT, 'tests/data', name, 'expected.json'), 'utf8'));

// ---- servers

/** @typedef {{url: string, stop: () => Promise<unknown>}} Served `url` ends with '/' */

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    return closed;
  };
  return { url: `http://127.0.0.1:${server.address().port}/`, stop };
}

/** Starts a server of any behaviour at a free port. @returns {Promise<Served>} */
export const serve = (answer) => listen(createHttpServer(answer));

/** The program behind `./run LOGDIR…`. @returns {Promise<Served>} */
export async function serveByProgram(folders) {
  const program = spawn(process.execPath, [join(ROOT, 'web/server/main.mjs'), ...folders, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(program, 'exit');
  for await (const line of createInterface({ input: program.stdout })) {
    const url = /^Tensorpane: (http:\S+)$/.exec(line)?.[1];
    if (url) return { url, stop: () => (program.kill(), ended) };
  }
  throw new Error('the server ended without naming its address');
}

/** A host with the headers of netlify.toml and no logs. `answer` may take requests first. @returns {Promise<Served>} */
export function serveByHost(logs = new Logs([]), answer = () => false) {
  const page = createServer({ dist: DIST, logs, headerRules: readHeaderRules() });
  return serve((request, response) => answer(request, response) || page.emit('request', request, response));
}

/** A host that only knows files: no header of ours, and the page below a path. @returns {Promise<Served>} */
export async function serveBare(path) {
  const files = sirv(DIST, { dev: true });
  const { url, stop } = await serve((request, response) => {
    const missing = () => void (response.writeHead(404), response.end());
    if (!request.url.startsWith(path)) return missing();
    request.url = request.url.slice(path.length - 1);
    files(request, response, missing);
  });
  return { url: url + path.slice(1), stop };
}

// ---- the tab

let browser;
after(() => browser?.close());

/** One page and what went wrong in it. */
class Tab {
  /** What no page may do, as it was met. */
  faults = [];
  bell = new EventEmitter();

  constructor(page, url) {
    this.page = page;
    this.url = url;
  }

  static async open(
    url,
    { width = 1280, height = 800, scheme = 'light', touch = false, hash = '', init = [], loading = false },
  ) {
    browser ??= await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: scheme,
      hasTouch: touch,
      isMobile: touch,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(TIMEOUT_MS / 4);
    const tab = new Tab(page, url);
    await tab.watch();
    for (const script of init) await page.addInitScript(script);
    await page.goto(`${url}?testing=1${hash}`);
    if (!loading) await tab.idle();
    return tab;
  }

  async watch() {
    const { page } = this;
    const fault = (kind, text) => {
      this.faults.push(`${kind}: ${text}`);
      this.bell.emit('fault');
    };
    const { origin } = new URL(this.url);
    page.on('pageerror', (error) => fault('error', error.stack));
    page.on('crash', () => fault('error', 'the tab crashed'));
    page.on('console', (message) => message.type() === 'error' && fault('console', message.text()));
    page.on('dialog', (dialog) => void (fault('dialog', dialog.message()), dialog.dismiss()));
    page.context().on('request', (request) => {
      const to = new URL(request.url());
      if (to.origin !== origin && to.protocol !== 'data:') fault('request', request.url());
    });
    await page.exposeFunction('tellViolation', (text) => fault('violation', text));
    await page.addInitScript(() =>
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
        globalThis.tellViolation(`${effectiveDirective} ${blockedURI}`),
      ),
    );
  }

  /** Resolves when each of these has been met: a fault is told some time after what led to it. */
  async untilFaults(...patterns) {
    const missing = () => patterns.filter((pattern) => !this.faults.some((fault) => pattern.test(fault)));
    const signal = AbortSignal.timeout(TIMEOUT_MS / 4);
    while (missing().length > 0) {
      await once(this.bell, 'fault', { signal }).catch(() => assert.fail(`not met: ${missing().join(', ')}`));
    }
  }

  /** Resolves when nothing is loading, querying or drawing. */
  idle() {
    return this.page.evaluate(() => globalThis.tensorpane.idle());
  }

  /** The JSON of `tensorpane dump`, as text. */
  dump() {
    return this.page.evaluate(() => globalThis.tensorpane.dump());
  }

  /** Drops files and folders of the disk on the middle of the window. */
  async drop(...paths) {
    const devtools = await this.page.context().newCDPSession(this.page);
    await this.page.evaluate(() => {
      globalThis.dropped = new Promise((resolve) => addEventListener('drop', resolve, { once: true }));
    });
    const { width, height } = this.page.viewportSize();
    const data = { items: [], files: paths, dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop']) {
      await devtools.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data });
    }
    // The browser answers before the page knows of it.
    await this.page.evaluate(() => globalThis.dropped.then(() => undefined));
    await devtools.detach();
    // Or the pointer would rest on what appears there.
    await this.page.mouse.move(0, 0);
    await this.idle();
  }

  /**
   * Resolves to the address once all that `predicate` asks is true of it: it is written with a delay, and on a slow machine
   * in several parts, so nothing that changes may be left for an assertion afterwards.
   */
  async untilHash(predicate) {
    await this.page.waitForFunction(predicate).catch((failure) => {
      throw new Error(`The address is ${new URL(this.page.url()).hash}`, { cause: failure });
    });
    return new URL(this.page.url()).hash;
  }

  async reload() {
    await this.page.reload();
    await this.idle();
  }

  // ---- what a person sees, by role and name

  tab(name) {
    return this.page.getByRole('tab', { name });
  }

  /** "Scalars 6" of each tab. */
  async tabs() {
    const texts = await this.page.getByRole('tab').allInnerTexts();
    return texts.map((text) => text.replace(/\s+/g, ' ').trim());
  }

  /** The row of a run or folder in the panel. */
  run(name) {
    return this.page.getByRole('treeitem').filter({ has: this.page.getByTitle(name, { exact: true }) });
  }

  /** Names of the runs whose boxes are checked. */
  checkedRuns() {
    return this.page
      .getByRole('treeitem', { checked: true })
      .evaluateAll((rows) =>
        rows
          .filter((row) => !row.hasAttribute('aria-expanded'))
          .map((row) => row.querySelector('[title]:not(.sw)').title),
      );
  }

  async toggleRun(name) {
    await this.run(name).focus();
    await this.page.keyboard.press('Space');
    await this.idle();
  }

  /** Charts exist where they can be seen: a filter brings one there. */
  async filterTags(text) {
    await this.page.getByRole('searchbox', { name: 'Filter tags' }).fill(text);
    await this.idle();
  }

  card(tag) {
    return this.page.getByRole('article', { name: tag, exact: true });
  }

  /** The chart itself, which takes the pointer and the keys. */
  plot(tag) {
    return this.card(tag).getByRole('img').first();
  }

  /**
   * The read-out under a chart: `where` it is, and its rows by run. Numbers are the exact ones, which a cell has as its
   * title.
   */
  async readout(tag) {
    await this.idle();
    return this.card(tag)
      .getByRole('table')
      .evaluate((table) => {
        const [head, ...rows] = table.rows;
        const [first, ...columns] = [...head.cells].map((cell) => cell.textContent);
        const where = first.replace(head.querySelector('button').textContent, '');
        const numbers = ({ cells }) => Object.fromEntries(columns.map((column, i) => [column, cells[i + 1].title]));
        const shown = rows.filter(({ cells }) => cells[0].title !== '');
        return { where, byRun: Object.fromEntries(shown.map((row) => [row.cells[0].title, numbers(row)])) };
      });
  }

  /** Shows all rows of the read-out, not only three. */
  async showAllRows(tag) {
    await this.card(tag)
      .getByRole('button', { name: / of \d+$/ })
      .click();
  }

  /** Drags within a chart, from and to given as fractions of it. */
  async drag(tag, [fromX, fromY], [toX, toY]) {
    const at = await this.inPlot(tag);
    const { mouse } = this.page;
    await mouse.move(...at(fromX, fromY));
    await mouse.down();
    await mouse.move(...at((fromX + toX) / 2, (fromY + toY) / 2));
    await mouse.move(...at(toX, toY));
    await mouse.up();
    await this.idle();
  }

  /** Scrolls a chart into view. Only those near the window exist, so it looks from the top down. */
  async reveal(tag) {
    const { page } = this;
    const shown = () => this.card(tag).count();
    const scroll = (by) =>
      page.evaluate(async (pixels) => {
        const scroller = document.querySelector('main .scroll');
        const before = scroller.scrollTop;
        scroller.scrollTop = pixels === undefined ? 0 : before + pixels;
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        return scroller.scrollTop !== before;
      }, by);
    if (!(await shown())) await scroll();
    while (!(await shown())) assert.ok(await scroll(300), `no chart of ${tag}`);
    await this.card(tag).scrollIntoViewIfNeeded();
    await this.idle();
  }

  /** Where a fraction of a chart is on the screen. */
  async inPlot(tag) {
    const plot = this.plot(tag);
    await this.reveal(tag);
    const { x, y, width, height } = await plot.boundingBox();
    return (right, down) => [x + right * width, y + down * height];
  }
}

/**
 * A test of one tab.
 *
 * @param {string} name
 * @param {object} options `folders` that are served, or `host`: who serves the page, by default without logs;
 *   `width`, `height`, `scheme`, `hash` of the tab; `touch`: it is a phone's; `init` scripts that run before the page's own; `loading`: the
 *   body begins while files are still read; `provokes`: a pattern of the faults that the body means to meet
 * @param {(tab: Tab) => Promise<void>} body
 */
export function testTab(name, { folders, host = () => serveByHost(), provokes, ...options }, body) {
  test(name, async () => {
    const server = await (folders ? Logs.open(folders).then(serveByHost) : host());
    let tab;
    // Whatever waits for the page then fails with this reason, and the test ends in order.
    const reason = `took longer than ${TIMEOUT_MS / 1000} s`;
    const timer = setTimeout(() => void tab?.page.context().close({ reason }), TIMEOUT_MS);
    try {
      tab = await Tab.open(server.url, options);
      await body(tab);
      await tab.idle();
      assert.deepEqual(
        tab.faults.filter((fault) => !provokes?.test(fault)),
        [],
      );
    } catch (error) {
      // What went wrong in the page may be why.
      if (tab?.faults.length > 0) error.message += `\nFaults of the page:\n${tab.faults.join('\n')}`;
      throw error;
    } finally {
      clearTimeout(timer);
      await tab?.page.context().close();
      await server.stop();
    }
  });
}

// ---- judges

/** Holds a dump against the oracle's word on a case of tests/data. */
export async function assertDump(text, name) {
  const folder = await mkdtemp(join(tmpdir(), 'tensorpane-e2e-'));
  try {
    const actual = join(folder, 'dump.json');
    await writeFile(actual, text);
    const expected = join(ROOT, 'tests/data', name, 'expected.json');
    const judge = name === 'edge_damaged' ? ['compare_damaged.py'] : ['compare.py', '--values', 'scalars'];
    const [script, ...args] = judge;
    await promisify(execFile)('python3', [join(ROOT, 'tests/tools', script), expected, actual, ...args]).catch(
      ({ stdout, stderr }) => assert.fail(`the dump differs from the oracle's:\n${stdout}${stderr}`),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Points of the dump in all, and its runs. */
export function contentsOf(text) {
  const { runs } = JSON.parse(text);
  const series = runs.flatMap(({ tags }) => Object.values(tags));
  return { runs: runs.map(({ run }) => run), points: series.reduce((sum, { steps }) => sum + steps.length, 0) };
}

// Histograms as they are seen: the built page in Chromium, and TensorBoard's tab of the same log beside it. Both pages are
// watched by the same script: what counts is when something changed last in the document or on a canvas.
import { spawn } from 'node:child_process';
import { linkSync, mkdirSync, rmSync } from 'node:fs';
import { createServer as createNetServer } from 'node:net';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { readHeaderRules } from '../../../web/server/headers.mjs';
import { Logs } from '../../../web/server/logs.mjs';
import { createServer } from '../../../web/server/server.mjs';

const VIEWPORT = { width: 1280, height: 900 };
/** Twelve cards in three columns. */
const TWELVE_CARDS = { width: 1280, height: 1700 };
const SCRUBS = 20;
/** Nothing changes any more when nothing has for so long. */
const QUIET_MS = 2000;
/** What a person does not wait for: a frame, and what seems to be at once. Seconds. */
const BUDGETS = { scrub: 0.016, heat: 0.1 };

/** Runs in a page before its own scripts: notes when it changed last, in shadow roots too. */
function watchChanges() {
  const changes = { last: 0 };
  globalThis.benchChanges = changes;
  const note = () => (changes.last = performance.now());
  const observe = (root) => new MutationObserver(note).observe(root, { subtree: true, childList: true, attributes: true, characterData: true }); // prettier-ignore
  observe(document);
  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function (options) {
    const root = attachShadow.call(this, options);
    observe(root);
    return root;
  };
  for (const name of ['fill', 'stroke', 'drawImage', 'fillRect']) {
    const draw = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...args) {
      note();
      return draw.apply(this, args);
    };
  }
}

/** Does something in a page; seconds from then until the frame after the last change is there. */
async function secondsUntilStill(locator) {
  return locator.evaluate(async (element, quiet) => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const start = performance.now();
    let [seen, shown] = [start, start];
    // TensorBoard's tabs listen to what is in them.
    const { left, top, width, height } = element.getBoundingClientRect();
    document.elementFromPoint(left + width / 2, top + height / 2).click();
    while (performance.now() - seen < quiet) {
      await frame();
      const { last } = globalThis.benchChanges;
      if (last > seen) [seen, shown] = [last, performance.now()];
    }
    return (shown - start) / 1000;
  }, QUIET_MS);
}

async function freePort() {
  const server = createNetServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

async function startTensorBoard(python, folder) {
  const port = await freePort();
  const args = ['-m', 'tensorboard.main', '--logdir', folder, '--port', String(port), '--host', '127.0.0.1'];
  const program = spawn(python, args, { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}/`;
  for (;;) {
    if (program.exitCode !== null) throw new Error('TensorBoard ended');
    const tags = await fetch(`${url}data/plugin/histograms/tags`).then((answer) => answer.json()).catch(() => ({})); // prettier-ignore
    if (Object.keys(tags).length > 0) return { url, stop: () => program.kill() };
    await new Promise((done) => setTimeout(done, 200));
  }
}

/**
 * @param data folder of the files that write_bench_data wrote
 * @param python with TensorBoard
 * @returns {Promise<{round: () => Promise<object>, stop: () => Promise<void>}>} `round` gives {contestant: {name: seconds}}
 */
export async function startHistogramPages(root, data, python) {
  const training = join(root, 'tests/data/torch_training/logs');
  const folders = { training };
  for (const name of ['histograms', 'histogram_steps']) {
    const log = join(data, 'logs', name, 'events.out.tfevents.1');
    rmSync(log, { force: true });
    mkdirSync(dirname(log), { recursive: true });
    linkSync(join(data, `${name}.tfevents`), log);
    folders[name] = dirname(log);
  }
  const tensorboard = await startTensorBoard(python, training);
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });

  /** A page of ours on one folder, until `measure` is done. */
  async function ours(folder, hash, viewport, measure) {
    const server = createServer({ dist: join(root, 'dist'), logs: await Logs.open([folder]), headerRules: readHeaderRules() }); // prettier-ignore
    await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
    const page = await browser.newPage({ viewport });
    try {
      await page.addInitScript(watchChanges);
      await page.goto(`http://127.0.0.1:${server.address().port}/?testing=1#v=1&${hash}`);
      await page.evaluate(() => globalThis.tensorpane.idle());
      return await measure(page);
    } finally {
      await page.close();
      server.close();
      server.closeAllConnections();
    }
  }

  /** Seconds of script in the page for each step of the scrubber. */
  async function scrub(page) {
    const cards = await page.getByRole('article').count();
    if (cards < 12) throw new Error(`${cards} cards`);
    const client = await page.context().newCDPSession(page);
    await client.send('Performance.enable');
    const script = async () =>
      (await client.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'ScriptDuration').value;
    await page.getByRole('group', { name: 'Step' }).getByRole('slider').focus();
    const before = await script();
    for (let i = 0; i < SCRUBS; i++) {
      await page.keyboard.press('ArrowLeft');
      await page.evaluate(() => globalThis.tensorpane.idle());
    }
    return ((await script()) - before) / SCRUBS;
  }

  const heat = async (page) => {
    await page.getByRole('button', { name: 'More' }).click();
    return secondsUntilStill(page.getByRole('radio', { name: 'Symlog' }));
  };

  async function theirs() {
    const page = await browser.newPage({ viewport: VIEWPORT });
    try {
      await page.addInitScript(watchChanges);
      await page.goto(`${tensorboard.url}#scalars`);
      await page.waitForFunction((quiet) => globalThis.benchChanges.last > 0 && performance.now() - globalThis.benchChanges.last > quiet, QUIET_MS); // prettier-ignore
      const tab = page.getByRole('tab', { name: 'Histograms' });
      const seconds = await secondsUntilStill(tab);
      const charts = await page.locator('vz-histogram-timeseries').count();
      if (charts === 0) throw new Error('TensorBoard drew no histogram');
      return seconds;
    } finally {
      await page.close();
    }
  }

  return {
    async round() {
      return {
        histograms: {
          scrub: await ours(folders.histograms, 'view=histograms', TWELVE_CARDS, scrub),
          heat: await ours(folders.histogram_steps, 'view=histograms&histograms=heat', VIEWPORT, heat),
          open: await ours(training, 'view=scalars', VIEWPORT, (page) => secondsUntilStill(page.getByRole('tab', { name: 'Histograms' }))), // prettier-ignore
        },
        tensorboard_page: { open: await theirs() },
        budget: BUDGETS,
      };
    },
    async stop() {
      await browser.close();
      tensorboard.stop();
    },
  };
}

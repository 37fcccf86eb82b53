// node tests/bench/image_view.mjs [--profile FILE]: the view of images in Chromium, with dist/ as it is: 1,000 images of
// 100 KB scrolled through, and scrubbing a screen of twelve. Prints a table; run.mjs appends its rows to the report.
// --profile leaves the trace of the first scroll, for the Performance panel.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { crc32, deflateSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { readHeaderRules } from '../../web/server/headers.mjs';
import { Logs } from '../../web/server/logs.mjs';
import { createServer } from '../../web/server/server.mjs';
import { eventFile, tensor } from '../e2e/event_file.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Noise of so many pixels a side, three channels, is 100 KB. */
const SIDE = 183;
/** Scrolled by so much at once, px: faster than anybody looks. */
const SCROLL_PX = 240;
const SCRUBS = 19;
/** Name of the mark in a trace. */
const BEGIN = 'scroll begins';
const SCROLLS = [
  { name: 'in a column', of: 'images_samples', layout: '', edge: 'scrollTop' },
  { name: 'in ten columns', of: 'images_samples', layout: '&rows=tag&columns=sample', edge: 'scrollTop' },
  { name: 'in a film strip', of: 'images_steps', layout: '&rows=sample&columns=step', edge: 'scrollLeft' },
];

// ---- logs

/** A PNG of noise that nothing compresses. */
function noise(seed) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIDE);
  head.writeUInt32BE(SIDE, 4);
  head.set([8, 2], 8);
  let random = seed;
  const rows = Buffer.alloc(SIDE * (1 + 3 * SIDE), 0);
  for (let i = 0; i < rows.length; i++) {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    // No row has a filter.
    if (i % (1 + 3 * SIDE) > 0) rows[i] = random >>> 24;
  }
  const parts = [chunk('IHDR', head), chunk('IDAT', deflateSync(rows, { level: 1 })), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), ...parts]);
}

async function writeLog(folder, tags, steps, samples) {
  let seed = 1;
  const points = Array.from({ length: steps }, (_, step) =>
    Array.from({ length: tags }, (_, tag) => ({
      tag: `image/${String(tag).padStart(3, '0')}`,
      step,
      plugin: 'images',
      tensor: tensor([2 + samples], {
        strings: [`${SIDE}`, `${SIDE}`, ...Array.from({ length: samples }, () => noise(seed++))],
      }),
    })),
  );
  await mkdir(join(folder, 'run'), { recursive: true });
  await writeFile(join(folder, 'run/events.out.tfevents.1'), eventFile(points.flat()));
}

// ---- measures

/** MB of all processes of the browser, what several share counted once. */
async function memory(devtools) {
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  const sizes = await Promise.all(
    processInfo.map(async ({ id, type }) => {
      const text = await readFile(`/proc/${id}/smaps_rollup`, 'utf8').catch(() => '');
      return { type, kB: Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) };
    }),
  );
  const sum = (all) => all.reduce((total, { kB }) => total + kB, 0) / 1000;
  return { renderer: sum(sizes.filter(({ type }) => type === 'renderer')), all: sum(sizes) };
}

/** The longest tasks of the page's main thread, ms: by the clock, and of the processor alone. */
function longestTasks(trace) {
  const { traceEvents } = JSON.parse(trace);
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  // Before it, the tracing itself begins.
  const begin = traceEvents.find(({ name }) => name === BEGIN).ts;
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid, ts }) => name.endsWith('RunTask') && ph === 'X' && ts > begin && mains.has(`${pid} ${tid}`),
  );
  const longest = (key) => Math.max(...tasks.map((task) => (task[key] ?? 0) / 1000));
  return { wall: longest('dur'), processor: longest('tdur') };
}

/** Runs in the page: scrolls to the end, a step every other frame. `edge` is what is scrolled, 'scrollTop' or 'scrollLeft'. */
async function scrollThrough({ edge, by, begin }) {
  performance.mark(begin);
  const scroll = document.querySelector('main .scroll');
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  for (let before = -1; scroll[edge] !== before;) {
    before = scroll[edge];
    scroll[edge] += by;
    await frame();
    await frame();
  }
}

async function openPage(browser, folder, hash) {
  const logs = await Logs.open(folder ? [folder] : []);
  const server = createServer({ dist: join(ROOT, 'dist'), logs, headerRules: readHeaderRules() });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`http://127.0.0.1:${server.address().port}/?testing=1${hash}`);
  const idle = () => page.evaluate(() => globalThis.tensorpane.idle());
  await idle();
  const stop = async () => {
    await page.close();
    server.close();
    server.closeAllConnections();
  };
  return { page, idle, stop };
}

/** Through all images, in one layout: the longest tasks, and the most memory over that of an empty page. */
async function scroll(folder, { layout, edge }, profile) {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const devtools = await browser.newBrowserCDPSession();
    const blank = await openPage(browser, undefined, '');
    const empty = await memory(devtools);
    await blank.stop();
    const { page, idle, stop } = await openPage(browser, folder, `#v=1&view=images${layout}`);
    await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', 'blink.user_timing', ...(profile ? ['disabled-by-default-v8.cpu_profiler'] : [])] }); // prettier-ignore
    let isScrolling = true;
    const most = { renderer: 0, all: 0 };
    const watch = (async () => {
      while (isScrolling) {
        const now = await memory(devtools);
        for (const key of Object.keys(most)) most[key] = Math.max(most[key], now[key] - empty[key]);
        await new Promise((done) => setTimeout(done, 200));
      }
    })();
    await page.evaluate(scrollThrough, { edge, by: SCROLL_PX, begin: BEGIN });
    await idle();
    isScrolling = false;
    await watch;
    const trace = await browser.stopTracing();
    if (profile) await writeFile(profile, trace);
    await stop();
    return { ...longestTasks(trace.toString()), ...most };
  } finally {
    await browser.close();
  }
}

/** Milliseconds of script on the main thread for each step of the scrubber. */
async function scrub(folder) {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const { page, idle, stop } = await openPage(browser, folder, '#v=1&view=images&rows=tag&columns=sample');
    const shown = await page.locator('tp-image-cell').count();
    if (shown !== 12) throw new Error(`${shown} images in place of 12`);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    const script = async () => {
      const { metrics } = await devtools.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'ScriptDuration').value * 1000;
    };
    const before = await script();
    for (let i = 0; i < SCRUBS; i++) {
      await page.keyboard.press('ArrowLeft');
      await idle();
    }
    const after = await script();
    await stop();
    return (after - before) / SCRUBS;
  } finally {
    await browser.close();
  }
}

/**
 * @param {string} folder where the logs are, or are written
 * @returns {Promise<{name: string, ours: number, unit: string, goal: string | null, met: boolean | null}[]>} each
 *   measured once
 */
export async function measureImages(folder, profile) {
  const log = (name) => join(folder, name);
  for (const name of ['images_samples', 'images_steps', 'images_scrub']) await rm(log(name), { recursive: true, force: true }); // prettier-ignore
  await writeLog(log('images_samples'), 100, 1, 10);
  await writeLog(log('images_steps'), 1, 1000, 1);
  await writeLog(log('images_scrub'), 4, SCRUBS + 1, 3);
  const rows = [];
  const row = (name, ours, unit, most) =>
    rows.push({ name, ours, unit, goal: most === undefined ? null : `≤ ${most}`, met: most === undefined ? null : ours <= most }); // prettier-ignore
  for (const [i, { name, of, ...way }] of SCROLLS.entries()) {
    const { wall, processor, renderer, all } = await scroll(log(of), way, i === 0 ? profile : undefined);
    row(`1,000 images ${name}, scrolled: longest task`, wall, 'ms', 50);
    row('… of the processor alone', processor, 'ms');
    row('… most memory of the page over an empty one', renderer, 'MB', 400);
    row('… of all processes of the browser', all, 'MB');
  }
  row('a scrub of twelve images: script', await scrub(log('images_scrub')), 'ms', 16);
  return rows;
}

export function printImages(rows) {
  console.log('| what | ours | goal | met |');
  console.log('| --- | --- | --- | --- |');
  for (const { name, ours, unit, goal, met } of rows) {
    const cells = [name, `${ours.toPrecision(3)} ${unit}`, goal === null ? '' : `${goal} ${unit}`];
    console.log(`| ${[...cells, met === null ? '' : met ? 'yes' : 'no'].join(' | ')} |`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { profile: { type: 'string' } } });
  printImages(await measureImages(join(ROOT, 'build/bench/data'), values.profile));
}

// node tests/bench/points_page.mjs COUNT DIMENSIONS [METHOD]: drops so many points (.npy, in twenty clusters) on the page in
// Chromium, WebGL by the processor. Prints how long until they are drawn, the longest task on the way, and what script costs
// the main thread in a frame while the camera is turned, by the time of the processor alone (Chromium's trace), so that a
// busy machine changes little. METHOD, tsne or umap, then runs to its end: its time, the longest task, and
// the share of the main thread that script takes meanwhile.
import { chromium } from 'playwright-core';
import { serveByHost } from '../e2e/page.mjs';

const [count, dimensions] = process.argv.slice(2, 4).map(Number);
const method = process.argv[4];
const TURNS = 120;
/** What of a frame is script, by the names of the trace. */
const SCRIPT = new Set(['FireAnimationFrame', 'EventDispatch', 'RunMicrotasks', 'TimerFire', 'HandlePostMessage']);

const server = await serveByHost();
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
page.setDefaultTimeout(0);
await page.goto(`${server.url}?testing=1#v=1&view=projector`);
await page.waitForFunction(() => globalThis.tensorpane);

/** Runs something of the page; how long it took and the longest task of the main thread meanwhile, ms of the processor. */
async function traced(run) {
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
  const begun = performance.now();
  await run();
  const took = performance.now() - begun;
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const main = traceEvents.find(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const ours = traceEvents.filter(({ pid, tid }) => pid === main.pid && tid === main.tid);
  const tasks = ours.filter(({ name }) => name.endsWith('RunTask')).map(({ tdur = 0 }) => tdur / 1000);
  const script = outermost(ours.filter(({ name, ph }) => ph === 'X' && SCRIPT.has(name)));
  const frames = ours.filter(({ name }) => name === 'FireAnimationFrame').length;
  return { took, longest: Math.max(...tasks), frames, script };
}

/** ms of events that lie in no other. */
function outermost(events) {
  let [sum, end] = [0, -Infinity];
  for (const { ts, dur = 0, tdur = 0 } of events.sort((a, b) => a.ts - b.ts)) {
    if (ts < end) continue;
    end = ts + dur;
    sum += tdur / 1000;
  }
  return sum;
}

await page.evaluate(
  ([rows, columns]) => {
    let seed = 1;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5;
    const centres = Array.from({ length: 20 * columns }, () => 8 * random());
    const values = Float32Array.from(
      { length: rows * columns },
      (_, i) => centres[(Math.floor(i / columns) % 20) * columns + (i % columns)] + random() + random() + random(),
    );
    const head = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`.padEnd(117) + '\n';
    const magic = Uint8Array.of(0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, head.length, 0);
    globalThis.file = new File([magic, head, values], 'points.npy');
  },
  [count, dimensions],
);
const idle = () => page.evaluate(() => globalThis.tensorpane.idle());
const report = { count, dimensions };
const opened = await traced(async () => {
  await page.evaluate(() => {
    const items = new DataTransfer();
    items.items.add(globalThis.file);
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: items, bubbles: true, cancelable: true }));
  });
  await page.getByRole('application', { name: /^Embedding/ }).waitFor();
  await idle();
});
Object.assign(report, { opened: opened.took, longestOpening: opened.longest });

const box = await page.getByRole('application', { name: /^Embedding/ }).boundingBox();
const turned = await traced(async () => {
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 0; i < TURNS; i++) await page.mouse.move(x + 2 * (i % 60), y + (i % 40));
  await page.mouse.up();
  await idle();
});
Object.assign(report, { scriptOfFrame: turned.script / turned.frames, longestTurning: turned.longest });

if (method) {
  const run = await traced(async () => {
    await page.getByRole('radio', { name: method === 'umap' ? 'UMAP' : 't-SNE' }).click();
    await idle();
  });
  Object.assign(report, { [method]: run.took, longestProjecting: run.longest, scriptShare: run.script / run.took });
  report.said = await page.getByRole('complementary', { name: 'Data and projection' }).getByRole('status').innerText();
}
console.log(JSON.stringify(report));
await browser.close();
await server.stop();

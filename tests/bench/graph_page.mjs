// node tests/bench/graph_page.mjs FILE: drops a graph file on the page in Chromium. Prints how long draining the file takes
// there, how long until its first picture is drawn, and the longest task while that is dragged about. The graph of the table:
//   cmake --build --preset dev --target write_graph && build/native/write_graph training 160000 FILE
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename } from 'node:path';
import { chromium } from 'playwright-core';
import { serveByHost } from '../e2e/page.mjs';
import { listen } from './first_chart.mjs';

const [path] = process.argv.slice(2);
const bytes = await readFile(path);
const host = await listen(
  createServer((_, response) => response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end(bytes)),
);
const server = await serveByHost();
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
// The page may not fetch from the host of the file; the test may.
const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1280, height: 800 } });
const page = await context.newPage();
await page.goto(`${server.url}?testing=1`);
await page.waitForFunction(() => globalThis.tensorpane);
await page.evaluate(async (url) => {
  globalThis.file = await (await fetch(url)).blob();
  globalThis.longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration);
  }).observe({ type: 'longtask' });
}, host);

const drained = await page.evaluate(async () => {
  const begun = performance.now();
  const reader = globalThis.file.stream().getReader();
  while (!(await reader.read()).done);
  return performance.now() - begun;
});
const first = await page.evaluate(async (name) => {
  const begun = performance.now();
  const items = new DataTransfer();
  items.items.add(new File([globalThis.file], name));
  document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: items, bubbles: true, cancelable: true }));
  while (!/laid out|\d ms/.test(document.querySelector('.ft')?.textContent ?? '')) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return performance.now() - begun;
}, basename(path));
await page.evaluate(() => globalThis.tensorpane.idle());
const opening = await page.evaluate(() => globalThis.longest);

await page.evaluate(() => (globalThis.longest = 0));
await page.mouse.move(700, 400);
await page.mouse.down();
for (let i = 0; i < 120; i++) await page.mouse.move(700 + 2 * (i % 60), 400 + (i % 40));
await page.mouse.up();
await page.evaluate(() => globalThis.tensorpane.idle());
const panning = await page.evaluate(() => globalThis.longest);
console.log(
  JSON.stringify({
    bytes: bytes.length,
    drained,
    first,
    allowed: 10 * drained + 1000,
    longestOpening: opening,
    panning,
  }),
);
await browser.close();
process.exit();

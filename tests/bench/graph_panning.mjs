// node tests/bench/graph_panning.mjs: what a frame of panning costs where a graph is drawn as SVG elements, by their number:
// script, style, layout and paint of the main thread, by the time of the processor alone (Chromium's trace), so that a busy
// machine changes little. The elements are those of the page itself, as it saves them, all of them in view and with their
// words, which is the most that they can cost. Then what making them costs: the longest task on the way to the first picture.
// `MAX_ELEMENTS` of web/src/views/graphs/drawing.ts follows from both; raise it to see what lies beyond.
import { chromium } from 'playwright-core';
import { serveByHost } from '../e2e/page.mjs';

const SIZES = [100, 200, 400, 600, 800, 1200];
const FRAMES = 120;
/** What a frame is made of, by the names of the trace. */
const PARTS = new Set(['FireAnimationFrame', 'UpdateLayoutTree', 'Layout', 'PrePaint', 'Paint', 'Layerize', 'Commit']);

/** So many ops on one level, each with one or two inputs among those shortly before it. */
function graphOf(count) {
  let seed = 1;
  const below = (end) => (seed = (seed * 48271) % 2147483647) % end;
  return Array.from({ length: count }, (_, i) => {
    const inputs = i === 0 ? [] : Array.from({ length: 1 + below(2) }, () => Math.max(0, i - 1 - below(12)));
    return `node { name: "op${i % 7}x${i}" op: "Op${i}" ${inputs.map((at) => `input: "op${at % 7}x${at}"`).join(' ')} }`;
  }).join('\n');
}

const server = await serveByHost();
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

/** What the page saves of a graph, how many boxes and edges that has, and the longest task until it is drawn, ms. */
async function drawn(text) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${server.url}?testing=1`);
  await browser.startTracing(page, { categories: ['toplevel'] });
  const saved = await page.evaluate(async (content) => {
    const items = new DataTransfer();
    items.items.add(new File([content], 'graph.pbtxt'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: items, bubbles: true, cancelable: true }));
    await globalThis.tensorpane.idle();
    document.querySelector('tp-graph-drawing').camera.fit();
    const { files } = await document.querySelector('tp-graphs').exports();
    const make = async (label) => (await files.find((file) => file.label === label).make()).text();
    const { nodes, edges } = JSON.parse(await make('JSON'));
    return { svg: await make('SVG'), elements: nodes.length + edges.length };
  }, text);
  const tasks = JSON.parse((await browser.stopTracing()).toString()).traceEvents;
  await page.close();
  const longest = Math.max(...tasks.filter(({ name }) => name.endsWith('::RunTask')).map(({ tdur = 0 }) => tdur));
  return { ...saved, longest: longest / 1000 };
}

/** ms of the main thread for each frame. */
async function panned(svg) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.setContent(svg);
  await browser.startTracing(page, { categories: ['devtools.timeline'] });
  await page.evaluate(async (frames) => {
    const root = document.querySelector('svg > g');
    const place = root.getAttribute('transform');
    for (let i = 0; i < frames; i++) {
      root.setAttribute('transform', `translate(${2 * (i % 60)} ${3 * (i % 40)}) ${place}`);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }, FRAMES);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  await page.close();
  const micros = traceEvents.filter(({ name }) => PARTS.has(name)).reduce((sum, { tdur = 0 }) => sum + tdur, 0);
  return micros / 1000 / FRAMES;
}

console.log('boxes and edges   ms a frame   longest task');
for (const size of SIZES) {
  const { svg, elements, longest } = await drawn(graphOf(size));
  const times = [];
  for (let round = 0; round < 3; round++) times.push(await panned(svg));
  const cells = [
    String(elements).padStart(15),
    Math.min(...times)
      .toFixed(2)
      .padStart(12),
    longest.toFixed(0).padStart(14),
  ];
  console.log(...cells);
}
await browser.close();
await server.stop();

// node tests/bench/embed_chart.mjs [--rounds N]: how long an embed takes to its first chart, beside an empty page that draws
// the same lines with Chart.js; both cold, from loopback, in turn. Prints minima and medians, and their ratios.
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { readHeaderRules } from '../../web/server/headers.mjs';
import { Logs } from '../../web/server/logs.mjs';
import { createServer } from '../../web/server/server.mjs';
import { listen, watchForInk } from './first_chart.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '11' } } });
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CHART_JS = gzipSync(readFileSync(join(ROOT, 'node_modules/chart.js/dist/chart.umd.min.js')));

/** Three lines, as long as those of the log. */
const PLAIN = `<!doctype html><canvas width="700" height="240"></canvas><script src="chart.js"></script><script>
const datasets = [0, 1, 2].map((run) => ({ label: 'run ' + run, pointRadius: 0, borderColor: ['#c00', '#0a0', '#00c'][run],
  data: Array.from({ length: 20 }, (_, x) => ({ x, y: Math.exp(-x / 5) + run * 0.1 })) }));
new Chart(document.querySelector('canvas'), { type: 'line', data: { datasets },
  options: { animation: false, parsing: false, responsive: false, scales: { x: { type: 'linear' } } } });
</script>`;

const plain = createHttpServer((request, response) => {
  if (request.url !== '/chart.js') return response.writeHead(200, { 'Content-Type': 'text/html' }).end(PLAIN);
  response.writeHead(200, { 'Content-Type': 'text/javascript', 'Content-Encoding': 'gzip' }).end(CHART_JS);
});
const logs = await Logs.open([join(ROOT, 'examples/torch_training')]);
const app = createServer({ dist: join(ROOT, 'dist'), logs, headerRules: readHeaderRules() });
const appUrl = await listen(app);
const hash = `#v=1&url=${encodeURIComponent(`${appUrl}logs/manifest.json`)}&tags=valid/loss&runs=lr=0.01/`;
const contestants = { plain: await listen(plain), embed: `${appUrl}embed/${hash}` };
const times = { plain: [], embed: [] };
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
for (let round = 0; round < Number(values.rounds); ++round) {
  for (const [name, url] of Object.entries(contestants)) {
    const context = await browser.newContext({ viewport: { width: 720, height: 280 } });
    const page = await context.newPage();
    await page.addInitScript(watchForInk);
    await page.goto(url);
    times[name].push(await (await page.waitForFunction(() => globalThis.drawnAt)).jsonValue());
    await context.close();
  }
}
await browser.close();
for (const server of [plain, app]) server.close();
for (const [what, of] of [
  ['minimum', (all) => Math.min(...all)],
  ['median', (all) => all.sort((a, b) => a - b)[all.length >> 1]],
]) {
  const [ours, theirs] = [of(times.embed), of(times.plain)];
  console.log(
    `${what}: ${ours.toFixed(0)} ms, ${theirs.toFixed(0)} ms by Chart.js alone: ${(ours / theirs).toFixed(2)}`,
  );
}

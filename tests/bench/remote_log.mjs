// node tests/bench/remote_log.mjs FILE [--rate BYTES]: opens an event file of another host, which sends so many bytes a second
// (10 MB), in dist/open/, and prints how many it had sent when the first chart was drawn. A file of 100 MB:
//   cmake --build --preset dev --target write_scalars && build/native/write_scalars FILE 1500000 16
import { open } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { readHeaderRules } from '../../web/server/headers.mjs';
import { Logs } from '../../web/server/logs.mjs';
import { createServer } from '../../web/server/server.mjs';
import { listen, watchForInk } from './first_chart.mjs';

const { values, positionals } = parseArgs({
  options: { rate: { type: 'string', default: '10e6' } },
  allowPositionals: true,
});
const RATE = Number(values.rate);
const PIECE = 64 << 10;
const file = await open(positionals[0]);
const { size } = await file.stat();

let sent = 0;
const host = createHttpServer(async (request, response) => {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const end = last ? Number(last) + 1 : size;
  response.writeHead(first === undefined ? 200 : 206, {
    'Access-Control-Allow-Origin': '*',
    'Content-Length': end - Number(first ?? 0),
    ...(first === undefined ? {} : { 'Content-Range': `bytes ${first}-${end - 1}/${size}` }),
  });
  const begun = performance.now();
  const bytes = Buffer.alloc(PIECE);
  for (let from = Number(first ?? 0), own = 0; from < end && !response.destroyed;) {
    const { bytesRead } = await file.read(bytes, 0, Math.min(PIECE, end - from), from);
    from += bytesRead;
    own += bytesRead;
    sent += bytesRead;
    const piece = Buffer.from(bytes.subarray(0, bytesRead));
    await new Promise((written) => response.write(piece, written));
    await pause((1000 * own) / RATE - (performance.now() - begun));
  }
  response.end();
});
const app = createServer({
  dist: fileURLToPath(new URL('../../dist', import.meta.url)),
  logs: new Logs([]),
  headerRules: readHeaderRules(),
});
const [hostUrl, appUrl] = [await listen(host), await listen(app)];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage();
await page.addInitScript(watchForInk);
await page.goto(`${appUrl}open/#v=1&url=${encodeURIComponent(`${hostUrl}events.out.tfevents.1`)}`);
await page.waitForFunction(() => globalThis.drawnAt);
const atFirst = sent;
const drawnAt = await page.evaluate(() => globalThis.drawnAt);
console.log(`${(atFirst / 1e6).toFixed(1)} of ${(size / 1e6).toFixed(1)} MB sent (${((100 * atFirst) / size).toFixed(1)} %) at the first chart, after ${drawnAt.toFixed(0)} ms`); // prettier-ignore
await browser.close();
host.closeAllConnections();
for (const server of [host, app]) server.close();
await file.close();

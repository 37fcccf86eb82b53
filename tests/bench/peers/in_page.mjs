// The page's own worker in Chromium: a dropped file to columns, and what that cannot be faster than, draining the file's
// stream and decoding the same bytes from memory. One browser for all rounds.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { readHeaderRules } from '../../../web/server/headers.mjs';
import { Logs } from '../../../web/server/logs.mjs';
import { createServer } from '../../../web/server/server.mjs';

/** Runs in the page: puts a worker behind `globalThis.bench`. */
async function prepare({ script, wasm }) {
  const module = await WebAssembly.compile(await (await fetch(wasm)).arrayBuffer());
  globalThis.bench = {
    input: document.body.appendChild(Object.assign(document.createElement('input'), { type: 'file' })),
    /** Seconds from the message to the worker until every point is in its columns. */
    async open(source) {
      const worker = new Worker(script);
      const ask = (body, transfer = []) =>
        new Promise((resolve, reject) => {
          worker.onerror = reject;
          worker.onmessage = ({ data }) => {
            if (data.id !== body.id) return;
            if (data.ok) resolve();
            else reject(new Error(JSON.stringify(data.error)));
          };
          worker.postMessage(body, transfer);
        });
      await ask({ id: 1, type: 'init', wasm: module });
      const start = performance.now();
      await ask(
        { id: 2, type: 'open', files: [{ source, run: '.', name: 'events.out.tfevents.1' }] },
        source.bytes ? [source.bytes] : [],
      );
      const seconds = (performance.now() - start) / 1000;
      worker.terminate();
      return seconds;
    },
    async drain(file) {
      const start = performance.now();
      const reader = file.stream().getReader();
      let bytes = 0;
      for (let piece; !(piece = await reader.read()).done;) bytes += piece.value.length;
      if (bytes !== file.size) throw new Error(`${bytes} of ${file.size} bytes`);
      return (performance.now() - start) / 1000;
    },
  };
}

/** Runs in the page: one round over the file that was picked. */
async function round() {
  const { input, open, drain } = globalThis.bench;
  const file = input.files[0];
  const source = { id: 1, path: file.name, size: file.size };
  const drained = await drain(file);
  const dropped = await open({ ...source, blob: file });
  const decoded = await open({ ...source, bytes: await file.arrayBuffer() });
  return { dropped, drained, decoded };
}

/** @returns {Promise<{round: () => Promise<object>, stop: () => Promise<void>}>} `round` gives {contestant: {name: seconds}} */
export async function startPage(root, folder) {
  const dist = join(root, 'dist');
  const assets = readdirSync(join(dist, 'assets'));
  const asset = (isWanted) => `/assets/${assets.find(isWanted)}`;
  const isOfEngine = (name) => /^reader_worker_entry.*\.js$/.test(name);
  const server = createServer({ dist, logs: new Logs([]), headerRules: readHeaderRules() });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.evaluate(prepare, { script: asset(isOfEngine), wasm: asset((name) => /^reader-.*\.wasm$/.test(name)) });
  const input = (await page.evaluateHandle(() => globalThis.bench.input)).asElement();
  return {
    async round() {
      const results = { page: {}, page_parts: {} };
      for (const name of ['tf2_long', 'images']) {
        await input.setInputFiles(join(folder, `${name}.tfevents`));
        const { dropped, drained, decoded } = await page.evaluate(round);
        results.page[`drop/${name}`] = dropped;
        results.page_parts[`drop/${name}`] = drained + decoded;
      }
      return results;
    },
    async stop() {
      await browser.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

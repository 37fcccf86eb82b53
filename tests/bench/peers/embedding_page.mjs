// Files of embeddings in the page, in Chromium: dropped, and read to numbers by the engine as the projector asks for them,
// beside draining the stream of the same file. One browser for all rounds.
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { readHeaderRules } from '../../../web/server/headers.mjs';
import { Logs } from '../../../web/server/logs.mjs';
import { createServer } from '../../../web/server/server.mjs';
import { listen } from '../first_chart.mjs';

const FILES = {
  tsv: { place: { path: 'points.tsv', form: 'table' }, names: ['points.tsv'] },
  checkpoint: {
    place: { path: 'points.index', form: 'checkpoint', name: 'embedding' },
    names: ['points.index', 'points.data-00000-of-00001'],
  },
};
/** Any embedding: its view has the engine. */
const ANY = '1\t2\n3\t5\n';

/** Runs in the page: seconds to drain the largest file, and to read the tensor of all that were picked. */
async function round(place) {
  const files = [...document.querySelector('#bench').files];
  const largest = files.reduce((most, file) => (file.size > most.size ? file : most));
  const begun = performance.now();
  const reader = largest.stream().getReader();
  let bytes = 0;
  for (let piece; !(piece = await reader.read()).done;) bytes += piece.value.length;
  if (bytes !== largest.size) throw new Error(`${bytes} of ${largest.size} bytes`);
  const drained = performance.now() - begun;

  const embeddings = await document.querySelector('tp-projector').context.engine.embeddings();
  const { signal } = new AbortController();
  const sources = files.map((blob, i) => ({ path: blob.name, source: { id: 1e6 + i, path: blob.name, size: blob.size, blob } })); // prettier-ignore
  await embeddings.find(sources, [], signal);
  const start = performance.now();
  const { facts } = await embeddings.read({ kind: 'file', ...place }, signal);
  if (facts.rows < 1e5) throw new Error(`${facts.rows} rows of ${place.path}`);
  return { drained: drained / 1000, read: (performance.now() - start) / 1000 };
}

/** @returns {Promise<{round: () => Promise<object>, stop: () => Promise<void>}>} `round` gives {contestant: {name: seconds}} */
export async function startEmbeddingPage(root, folder) {
  const server = createServer({ dist: join(root, 'dist'), logs: new Logs([]), headerRules: readHeaderRules() });
  const url = await listen(server);
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const page = await browser.newPage();
  await page.goto(`${url}?testing=1`);
  await page.waitForFunction(() => globalThis.tensorpane);
  await page.evaluate((text) => {
    const items = new DataTransfer();
    items.items.add(new File([text], 'any.tsv'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: items, bubbles: true, cancelable: true }));
    document.body.append(Object.assign(document.createElement('input'), { id: 'bench', type: 'file', multiple: true }));
  }, ANY);
  await page.waitForSelector('tp-projector');
  await page.evaluate(() => globalThis.tensorpane.idle());
  return {
    async round() {
      const results = { embedding_page: {}, embedding_drain: {} };
      for (const [row, { place, names }] of Object.entries(FILES)) {
        await page.locator('#bench').setInputFiles(names.map((name) => join(folder, name)));
        const { drained, read } = await page.evaluate(round, place);
        results.embedding_page[row] = read;
        results.embedding_drain[row] = drained;
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

/**
 * Sites of others, built as their makers would from the packages, and opened in Chromium: each has a chart with the values
 * of the oracle at the ends of its lines, or a page that the reader has written columns to.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { emptyFolder, npmInstall, pipInstall, ROOT, run, startServer, ZIP } from './programs.mjs';

const LOGS = join(ROOT, 'tests/data/torch_training/logs');
const EXAMPLES = join(ROOT, 'examples/sites');
const MAIN = join(ROOT, 'web/server/main.mjs');
const { runs } = JSON.parse(await readFile(join(LOGS, '../expected.json'), 'utf8'));
const TAG = 'valid/loss';
/** Of the runs that the sites show. */
const lasts = Object.fromEntries(
  runs
    .filter(({ run: name }) => name.startsWith('lr=0.01/'))
    .map(({ run: name, tags }) => [name, tags[TAG].values.at(-1)]),
);

let browser;
const servers = [];
before(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
});
after(async () => {
  await browser.close();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

const TYPES = { '': 'text/html', '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.wasm': 'application/wasm', '.json': 'application/json' }; // prettier-ignore

/** Any static host. @returns its URL */
async function serveFiles(folder) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    readFile(join(folder, path.endsWith('/') ? `${path}index.html` : path)).then(
      (bytes) =>
        response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(bytes),
      () => response.writeHead(path === '/favicon.ico' ? 204 : 404).end(),
    );
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}/`;
}

/** Opens a page, and fails with what goes wrong in it. */
async function open(url) {
  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  const faults = [];
  page.on('pageerror', ({ stack }) => faults.push(stack));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('request', (request) => request.url().startsWith('http') && !request.url().startsWith(new URL(url).origin) && faults.push(request.url())); // prettier-ignore
  await page.goto(url);
  return { page, faults };
}

/** The chart of a page's element has the last values of its runs. */
async function assertChart(url) {
  const { page, faults } = await open(url);
  const labels = page.frameLocator('tensor-pane iframe').locator('tp-embed-chart .end-labels > div');
  await labels.nth(Object.keys(lasts).length - 1).waitFor({ state: 'attached' }).catch((error) => assert.fail(`${error}\n${faults.join('\n')}`)); // prettier-ignore
  const shown = await labels.evaluateAll((all) => all.map((one) => [one.title, Number(one.lastChild.textContent)]));
  assert.deepEqual(shown.map(([name]) => name).sort(), Object.keys(lasts).sort()); // prettier-ignore
  // Lines are smoothed, by default.
  for (const [name, value] of shown) assert.ok(Math.abs(value - lasts[name]) < 0.3 * lasts[name], `${name}: ${value}`);
  assert.deepEqual(faults, []);
  await page.close();
}

/** Puts the page and logs where the README of the examples says. */
async function furnish(page, logs) {
  await mkdir(join(page, 'tensorpane'), { recursive: true });
  await run('python3', ['-m', 'zipfile', '-e', ZIP, join(page, 'tensorpane')]);
  await cp(LOGS, join(logs, 'runs'), { recursive: true });
  await run(process.execPath, [MAIN, 'manifest', join(logs, 'runs')]);
}

test('the zip is a site', async () => {
  const folder = await emptyFolder();
  await furnish(folder, folder);
  const { page, faults } = await open(`${await serveFiles(folder)}tensorpane/open/#v=1&url=../../runs/manifest.json`);
  await page.getByRole('article', { name: 'batch/loss', exact: true }).waitFor();
  assert.deepEqual(faults, []);
});

test('plain HTML', async () => {
  const folder = await emptyFolder();
  await cp(join(EXAMPLES, 'html'), folder, { recursive: true });
  await furnish(folder, folder);
  await assertChart(await serveFiles(folder));
});

test('MkDocs with Material', async () => {
  const folder = await emptyFolder();
  await cp(join(EXAMPLES, 'mkdocs'), folder, { recursive: true });
  await furnish(join(folder, 'docs'), join(folder, 'docs'));
  const bin = await pipInstall('-r', join(folder, 'requirements.txt'));
  await run(join(bin, 'mkdocs'), ['build', '--strict', '--quiet'], { cwd: folder });
  await assertChart(await serveFiles(join(folder, 'site')));
});

test('Sphinx with its directive', async () => {
  const folder = await emptyFolder();
  await cp(join(EXAMPLES, 'sphinx'), folder, { recursive: true });
  await furnish(join(folder, '_static'), join(folder, 'extra'));
  const bin = await pipInstall('-r', join(folder, 'requirements.txt'));
  await run(join(bin, 'sphinx-build'), ['-W', '-q', '.', '_build'], { cwd: folder });
  await assertChart(await serveFiles(join(folder, '_build')));
});

test('the Python package shows a folder', async () => {
  const url = await startServer(join(await pipInstall(), 'python'), ['-m', 'tensorpane', LOGS, '--port', '0']);
  const { page, faults } = await open(url);
  await page.getByRole('article', { name: 'batch/loss', exact: true }).waitFor();
  assert.deepEqual(faults, []);
});

/** A project with a page that uses the reader and the element. Both bundlers take it as it is. */
async function project(manifest, files) {
  const folder = await emptyFolder();
  const all = {
    'package.json': JSON.stringify({ private: true, type: 'module', ...manifest }),
    'src/main.js': `
      import 'tensorpane';
      import { open } from 'tensorpane/reader';
      const logs = await open('runs/manifest.json');
      const { steps, values } = await logs.columns('lr=0.01/seed=0', '${TAG}');
      document.querySelector('output').textContent = [logs.runs.length, steps.length, values.at(-1)].join(' ');
      logs.close();`,
    'src/in_worker.js': `
      import { open } from 'tensorpane/reader';
      const logs = await open(new URL('runs/manifest.json', location.origin));
      postMessage(logs.runs.map(({ name }) => name));`,
    'src/page.js': `
      import './main.js';
      const worker = new Worker(new URL('./in_worker.js', import.meta.url), { type: 'module' });
      worker.onmessage = ({ data }) => (document.querySelector('output.worker').textContent = data.length);`,
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

const BODY = `<output></output><output class="worker"></output>
  <tensor-pane app="tensorpane/" src="runs/manifest.json" tags="${TAG}" runs="lr=0.01/" height="320"></tensor-pane>`;

async function assertProject(url) {
  const { page, faults } = await open(url);
  const written = async (selector) => {
    const filled = page.locator(`${selector}:not(:empty)`).first();
    return filled.innerText().catch((error) => assert.fail(`${error}\n${faults.join('\n')}`));
  };
  const series = runs.find(({ run: name }) => name === 'lr=0.01/seed=0').tags[TAG].values;
  assert.equal(
    await written('output:not(.worker)'),
    [runs.length, series.length, Math.fround(series.at(-1))].join(' '),
  );
  assert.equal(await written('output.worker'), String(runs.length));
  await page.close();
  await assertChart(url);
}

test('a Vite project', async () => {
  const html = `<!doctype html><body>${BODY}<script type="module" src="src/page.js"></script></body>`;
  const config = `export default { base: './', build: { target: 'es2022' }, worker: { format: 'es' } };`;
  const folder = await project({}, { 'index.html': html, 'vite.config.js': config });
  await npmInstall(folder, 'vite@8.3.8');
  await run('npx', ['vite', 'build', '--logLevel', 'warn'], { cwd: folder });
  await cp(join(folder, 'node_modules/tensorpane/dist'), join(folder, 'dist/tensorpane'), { recursive: true });
  await furnish(join(folder, 'unused'), join(folder, 'dist'));
  await assertProject(await serveFiles(join(folder, 'dist')));
});

test('a webpack project', async () => {
  const config = `export default { mode: 'production', entry: './src/page.js', performance: { hints: false } };`;
  const folder = await project({}, { 'webpack.config.js': config });
  await npmInstall(folder, 'webpack@5.113.0', 'webpack-cli@7.3.1');
  await run('npx', ['webpack', '--fail-on-warnings'], { cwd: folder });
  await writeFile(
    join(folder, 'dist/index.html'),
    `<!doctype html><body>${BODY}<script src="main.js"></script></body>`,
  );
  await cp(join(folder, 'node_modules/tensorpane/dist'), join(folder, 'dist/tensorpane'), { recursive: true });
  await furnish(join(folder, 'unused'), join(folder, 'dist'));
  await assertProject(await serveFiles(join(folder, 'dist')));
});

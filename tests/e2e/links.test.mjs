/**
 * Links: what the page at /open/ does with the hosts that they name. Servers at other ports are those hosts, each with
 * habits of its own; nothing here waits for a time.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before } from 'node:test';
import { eventFile, tensor } from './event_file.mjs';
import { assertDump, contentsOf, expectedOf, logsOf, ROOT, serve, serveByHost, testTab } from './page.mjs';

/** So many make a file of more than 1 MiB, which is read as it comes. */
const MANY = 20_000;
const TRAINING = logsOf('torch_training');
const trainingRuns = expectedOf('torch_training').runs.map(({ run }) => run);
const EVENTS = 'events.out.tfevents.1700000000.host';

/** Scalars as torch writes them: so many points. */
function scalars(count, tag = 'loss') {
  const values = Array.from({ length: count }, (_, step) => {
    return { tag, step, tensor: tensor([], { floats: [Math.sqrt(step)] }), plugin: 'scalars' };
  });
  return eventFile(values);
}

const LOG = scalars(10);

/** The page of links, on a host of its own. */
async function openPage(logs) {
  const { url, stop } = await serveByHost(logs);
  return { url: `${url}open/`, stop };
}

/** Goes to a link as from somewhere else. */
async function follow({ page, url }, hash, { idle = true } = {}) {
  await page.goto('about:blank');
  await page.goto(`${url}?testing=1#v=1&${hash}`);
  if (idle) await page.evaluate(() => globalThis.tensorpane.idle());
}

/**
 * Another host, by its files or by what it does with a request. It tells who may read it, sends parts, and can be told
 * not to.
 *
 * @param {Record<string, Buffer | string | ((request, response) => void)>} files by path
 */
async function foreign(files, { cors = true, parts = true, headers = {} } = {}) {
  const requests = [];
  const bell = new EventEmitter();
  const { url, stop } = await serve((request, response) => {
    const path = decodeURIComponent(request.url.replace(/^\//, '').replace(/\?.*/, ''));
    const { range } = request.headers;
    requests.push({ path, range, method: request.method, cookie: request.headers.cookie });
    bell.emit('request', path);
    if (cors) response.setHeader('Access-Control-Allow-Origin', '*');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const file = Object.hasOwn(files, path) ? files[path] : undefined;
    if (typeof file === 'function') return file(request, response);
    if (file === undefined) return response.writeHead(404).end();
    const content = Buffer.from(file);
    if (typeof file === 'string')
      response.setHeader('Content-Type', file.startsWith('<') ? 'text/html' : 'application/json');
    const from = Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    const to = Math.min(content.length, Number(/-(\d+)$/.exec(range ?? '')?.[1] ?? Infinity) + 1);
    const isPart = parts && range !== undefined;
    if (isPart && from >= content.length) return response.writeHead(416).end();
    const sent = isPart ? content.subarray(from, to) : content;
    response.writeHead(isPart ? 206 : 200, { 'Content-Length': sent.length });
    response.end(request.method === 'HEAD' ? undefined : sent);
  });
  return { url, host: new URL(url).host, requests, bell, stop };
}

/** Where the asked-for bytes begin. */
const fromOf = ({ headers }) => Number(/^bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);

/** A test of the page of links and of some hosts, which it closes. */
function testLinks(name, body, { provokes, ...options } = {}) {
  const all = provokes ? new RegExp(`^request: http://|${provokes.source}`) : /^request: http:\/\//;
  testTab(name, { host: () => openPage(), provokes: all, loading: true, ...options }, async (tab) => {
    const stops = [];
    const host = async (...of) => {
      const started = await foreign(...of);
      stops.push(started.stop);
      return started;
    };
    try {
      await body(tab, host);
    } finally {
      await Promise.all(stops.map((stop) => stop()));
    }
  });
}

const message = ({ page }) => page.locator('.message, .toast').innerText();
const REFUSED = /console: (Access to fetch|Failed to load resource)/;

let folder;
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'tensorpane-e2e-'))));
after(() => rm(folder, { recursive: true }));

// ---- what a URL is

testLinks('a graph: a GraphDef, or the JSON of a Keras model', async (tab, host) => {
  // One node by its field numbers in graph.proto and node_def.proto: {name: "alone", op: "NoOp"}.
  const graph = Buffer.concat([Buffer.from([0x0a, 13, 0x0a, 5]), Buffer.from('alone'), Buffer.from([0x12, 4]), Buffer.from('NoOp')]); // prettier-ignore
  const layer = { module: 'keras.layers', class_name: 'Dense', config: { name: 'dense', units: 2 } };
  const model = JSON.stringify({ module: 'keras', class_name: 'Sequential', config: { name: 'net', layers: [layer] } });
  const { url } = await host({ 'frozen.pb': graph, 'model.json': model });
  for (const [file, node] of [
    ['frozen.pb', 'alone'],
    ['model.json', 'dense'],
  ]) {
    await follow(tab, `url=${url}${file}`);
    assert.deepEqual(await tab.tabs(), ['Graphs 1']);
    assert.equal(await tab.page.getByRole('treeitem').getByText(node, { exact: true }).count(), 1, file);
  }
});

testLinks('vectors and their labels: as files, listed, and in a manifest', async (tab, host) => {
  const vectors = Buffer.from(Array.from({ length: 20 }, (_, i) => `${i}\t${i * i}\t${-i}`).join('\n'));
  const labels = Buffer.from(Array.from({ length: 20 }, (_, i) => `word of ${i < 5 ? 'few' : 'many'}`).join('\n'));
  const listed = (path, bytes, more = {}) => ({ path, url: path, size: bytes.length, ...more });
  const [files, manifest] = [[listed('vectors.tsv', vectors), listed('metadata.tsv', labels)], { version: 1, name: 'pair' }]; // prettier-ignore
  const kind = 'embedding';
  const { url } = await host({
    'd/vectors.tsv': vectors,
    'd/metadata.tsv': labels,
    'd/my labels.tsv': labels,
    'd/': '<title>Index of /d/</title><a href="vectors.tsv">v</a><a href="metadata.tsv">m</a>',
    'd/files.json': JSON.stringify({ ...manifest, files }),
    'd/beside.json': JSON.stringify({ ...manifest, files: [], beside: files.map((file) => ({ ...file, kind })) }),
    'd/logs.json': JSON.stringify({ ...manifest, files: [listed(EVENTS, LOG)], beside: files.map((file) => ({ ...file, kind })) }), // prettier-ignore
    [`d/${EVENTS}`]: LOG,
  });
  const opened = async (...names) => {
    await follow(tab, `view=projector&${names.map((name) => `url=${url}d/${name}`).join('&')}`);
    await tab.page.getByText('20 points', { exact: true }).waitFor();
    const columns = await tab.page.getByRole('combobox', { name: 'Colour by' }).getByRole('option').allInnerTexts();
    return columns.at(-1).trim();
  };
  assert.equal(await opened('vectors.tsv'), 'distance to selection');
  for (const names of [
    ['vectors.tsv', 'metadata.tsv'],
    ['metadata.tsv', 'vectors.tsv'],
    ['my%20labels.tsv', 'vectors.tsv'],
    [''],
    ['files.json'],
    ['beside.json'],
    ['logs.json'],
  ])
    // prettier-ignore
    assert.equal(await opened(...names), 'label', names.join());
});

testLinks('an event file, whatever its name is, from a host that is named before it is asked', async (tab, host) => {
  const { page } = tab;
  let text;
  const content = scalars(100);
  const {
    url,
    host: name,
    requests,
  } = await host({
    async 'some/file'(request, response) {
      text ??= page.evaluate(() => document.body.innerText);
      await text;
      response.writeHead(206, { 'Content-Length': content.length }).end(content);
    },
  });
  await follow(tab, `url=${url}some/file`);
  assert.match(await text, new RegExp(`only the hosts that a link names. It fetches from ${name}`));
  await tab.card('loss').waitFor();
  assert.equal(contentsOf(await tab.dump()).points, 100);
  assert.ok(requests.every(({ cookie }) => cookie === undefined));
  // It stays to be seen, and the address stays as it is.
  await page.locator('.src').click();
  await page.getByText(`Fetched from ${name}`).waitFor();
  await tab.filterTags('lo');
  await tab.untilHash(() => location.hash.includes('tags=lo'));
  assert.ok(page.url().includes(`url=${url}some/file`));
});

testLinks('several files, and an archive', async (tab, host) => {
  const zip = await readFile(await zipOf(TRAINING));
  const { url } = await host({ [EVENTS]: scalars(10), 'logs.zip': zip });
  await follow(tab, `url=${url}${EVENTS}&url=${url}logs.zip`);
  assert.deepEqual(contentsOf(await tab.dump()).runs.sort(), ['.', ...trainingRuns].sort());
});

testLinks('an archive on a host that sends no parts is fetched once', async (tab, host) => {
  const zip = await readFile(await zipOf(TRAINING));
  const { url, requests } = await host({ 'logs.zip': zip }, { parts: false });
  await follow(tab, `url=${url}logs.zip`);
  await assertDump(await tab.dump(), 'torch_training');
  // To see what it is, to tell it from an event file, and all of it.
  assert.ok(requests.length <= 3, JSON.stringify(requests));
});

testLinks('a manifest, as the program writes it', async (tab, host) => {
  const out = join(folder, 'manifest.json');
  await run([join(ROOT, 'web/server/main.mjs'), 'manifest', TRAINING, '-o', out, '--base', 'logs/', '--sha256']);
  const files = { 'x/manifest.json': await readFile(out, 'utf8') };
  for (const { path } of JSON.parse(files['x/manifest.json']).files)
    files[`x/logs/${path}`] = await readFile(join(TRAINING, path));
  const { url } = await host(files);
  await follow(tab, `url=${url}x/manifest.json`);
  await assertDump(await tab.dump(), 'torch_training');
});

testLinks('a file that is not the one that the manifest means is told', async (tab, host) => {
  const content = scalars(10);
  const wrong = createHash('sha256').update('other').digest('hex');
  const manifest = (sha256) =>
    JSON.stringify({ version: 1, name: 'logs', files: [{ path: EVENTS, url: EVENTS, size: content.length, sha256 }] });
  const right = createHash('sha256').update(content).digest('hex');
  const { url } = await host({ 'wrong.json': manifest(wrong), 'right.json': manifest(right), [EVENTS]: content });
  await follow(tab, `url=${url}wrong.json`);
  assert.match(await message(tab), /not the one that the manifest means: its SHA-256 is another/);
  await follow(tab, `url=${url}right.json`);
  assert.equal(await tab.page.locator('.toast').count(), 0);
  assert.equal(contentsOf(await tab.dump()).points, 10);
});

for (const [server, pages] of Object.entries({
  nginx: ['nginx.html', 'nginx_runs.html'],
  Apache: ['apache_table.html', 'apache_table_runs.html'],
})) {
  testLinks(`a listing of ${server}`, async (tab, host) => {
    const [top, runs] = await Promise.all(
      pages.map((page) => readFile(join(ROOT, 'tests/data/listings', page), 'utf8')),
    );
    const one = `<title>Index of</title><a href="../">up</a><a href="${EVENTS}">${EVENTS}</a>`;
    const long = 'a_very_long_name_that_the_server_cuts_off_in_its_listing_events.out.tfevents.3.host';
    const { url, requests } = await host({
      'logs/': top,
      'logs/runs/': runs,
      'logs/runs/lr=0.1/': one,
      "logs/runs/a & b's run/": one,
      [`logs/runs/lr=0.1/${EVENTS}`]: scalars(1),
      [`logs/runs/a & b's run/${EVENTS}`]: scalars(2),
      'logs/events.out.tfevents.2.host': scalars(3),
      [`logs/${long}`]: scalars(4),
    });
    await follow(tab, `url=${url}logs/`);
    assert.deepEqual(contentsOf(await tab.dump()), { runs: ['.', "runs/a & b's run", 'runs/lr=0.1'], points: 10 });
    // What is no log is left alone, and so is what is above.
    assert.ok(requests.every(({ path }) => path.startsWith('logs/') && !path.endsWith('.txt')));
  });
}

testLinks(
  'a listing of python -m http.server, which lets nobody else read it',
  async (tab, host) => {
    const program = spawn('python3', ['-u', '-m', 'http.server', '0', '--bind', '127.0.0.1'], { cwd: join(TRAINING, '..'), stdio: ['ignore', 'pipe', 'ignore'] }); // prettier-ignore
    const ended = once(program, 'exit');
    try {
      const [line] = await once(createInterface({ input: program.stdout }), 'line');
      const port = / port (\d+) /.exec(line)[1];
      await follow(tab, `url=http://127.0.0.1:${port}/logs/`);
      assert.match(
        await message(tab),
        /doesn’t allow other sites to read this \(no Access-Control-Allow-Origin header\)/,
      );
      // With the header, as somebody would add it.
      const { url } = await host(
        new Proxy(
          {},
          {
            getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true }),
            get:
              () =>
              async ({ url: path }, response) => {
                const answer = await fetch(`http://127.0.0.1:${port}${path}`);
                response.writeHead(answer.status, { 'Content-Type': answer.headers.get('Content-Type') ?? '' });
                response.end(Buffer.from(await answer.arrayBuffer()));
              },
          },
        ),
      );
      await follow(tab, `url=${url}logs/`);
      await assertDump(await tab.dump(), 'torch_training');
    } finally {
      program.kill();
      await ended;
    }
  },
  { provokes: REFUSED },
);

testLinks(
  'a repository of the Hugging Face Hub',
  async (tab, host) => {
    const { page } = tab;
    const asked = [];
    const content = { 'runs/a/events.out.tfevents.1': scalars(5), 'runs/b/events.out.tfevents.2': scalars(7) };
    const cdn = await host({ a: content['runs/a/events.out.tfevents.1'] });
    const CORS = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Link' };
    await page.context().route('https://huggingface.co/**', async (route) => {
      const { pathname, search } = new URL(route.request().url());
      asked.push(pathname + search);
      const tree = '/api/datasets/some/repo/tree/refs%2Fpr%2F1/runs';
      const file = (path) => ({ type: 'file', oid: 'x', path, size: content[path]?.length ?? 9 });
      if (pathname === tree && search === '?recursive=true') {
        const entries = [
          { type: 'directory', path: 'runs/a' },
          file('runs/a/events.out.tfevents.1'),
          file('runs/model.safetensors'),
        ];
        const next = `<https://huggingface.co${tree}?recursive=true&cursor=2>; rel="next"`;
        return route.fulfill({ headers: { ...CORS, Link: next }, json: entries });
      }
      if (pathname === tree) return route.fulfill({ headers: CORS, json: [file('runs/b/events.out.tfevents.2')] });
      const path = pathname.replace('/datasets/some/repo/resolve/refs%2Fpr%2F1/', '');
      // As it does with large files.
      if (path.startsWith('runs/a'))
        return route.fulfill({ status: 302, headers: { ...CORS, Location: `${cdn.url}a` } });
      return route.fulfill({ headers: CORS, body: content[path] });
    });
    await follow(tab, 'hf=datasets/some/repo@refs%252Fpr%252F1/runs');
    assert.deepEqual(contentsOf(await tab.dump()), { runs: ['a', 'b'], points: 12 });
    assert.ok(!asked.some((path) => path.includes('safetensors')));
    await page.locator('.src').click();
    await page.getByText(`Fetched from huggingface.co, ${cdn.host} (sent on by huggingface.co)`).waitFor();
  },
  { provokes: /request: https:\/\/huggingface/ },
);

// ---- what goes wrong on the way

testLinks(
  'a host that lets nobody read it, and no network',
  async (tab, host) => {
    const files = { [EVENTS]: scalars(10) };
    const closed = await host(files, { cors: false });
    const { page } = tab;
    await follow(tab, `url=${closed.url}${EVENTS}`);
    assert.match(
      await message(tab),
      /no Access-Control-Allow-Origin header\): set the header there, or download it and drop it here/,
    );
    const download = page.getByRole('link', { name: 'Download it' });
    assert.equal(await download.getAttribute('href'), closed.url + EVENTS);
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.getByText('There is no network').waitFor();
    await page.context().setOffline(false);
    const path = join(folder, EVENTS);
    await writeFile(path, files[EVENTS]);
    await tab.drop(path);
    assert.equal(contentsOf(await tab.dump()).points, 10);
  },
  { provokes: REFUSED },
);

testLinks(
  'nobody there, and then somebody',
  async (tab, host) => {
    const { url, stop } = await host({});
    await stop();
    const { page } = tab;
    await follow(tab, `url=${url}${EVENTS}`);
    assert.match(await message(tab), /could not be fetched: check that its host is running/);
    const { port } = new URL(url);
    const { createServer } = await import('node:http');
    const server = createServer((request, response) => {
      response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end(scalars(10));
    });
    server.listen(Number(port), '127.0.0.1');
    await once(server, 'listening');
    try {
      await page.getByRole('button', { name: 'Retry' }).click();
      await tab.card('loss').waitFor();
      await tab.idle();
    } finally {
      server.close();
      server.closeAllConnections();
    }
  },
  { provokes: REFUSED },
);

testLinks(
  'a connection that breaks is gone on with where it broke',
  async (tab, host) => {
    const content = scalars(MANY);
    const half = content.length >> 1;
    const asked = [];
    let breakOff;
    const { url } = await host({
      [EVENTS](request, response) {
        const from = fromOf(request);
        asked.push(from);
        response.setHeader('Last-Modified', 'Mon, 05 Jan 2026 10:00:00 GMT');
        response.writeHead(206, { 'Content-Length': content.length - from });
        if (asked.length !== 2) return response.end(content.subarray(from));
        response.write(content.subarray(0, half));
        breakOff = () => response.destroy();
      },
    });
    await follow(tab, `url=${url}${EVENTS}`, { idle: false });
    await tab.plot('loss').waitFor();
    breakOff();
    await tab.idle();
    assert.equal(contentsOf(await tab.dump()).points, MANY);
    // To see what it is, from the beginning, and from where it broke.
    assert.ok(asked[2] > 0 && asked[2] <= half, String(asked));
  },
  { provokes: REFUSED },
);

testLinks(
  'a file that changed meanwhile is not gone on with',
  async (tab, host) => {
    const content = scalars(MANY);
    let requests = 0;
    let breakOff;
    const { url } = await host({
      [EVENTS](request, response) {
        const from = fromOf(request);
        const isLater = ++requests > 2;
        response.setHeader('Last-Modified', `Mon, 0${isLater ? 6 : 5} Jan 2026 10:00:00 GMT`);
        response.writeHead(206, { 'Content-Length': content.length - from });
        if (requests !== 2) return response.end(content.subarray(from));
        response.write(content.subarray(0, content.length >> 1));
        breakOff = () => response.destroy();
      },
    });
    await follow(tab, `url=${url}${EVENTS}`, { idle: false });
    await tab.plot('loss').waitFor();
    breakOff();
    await tab.idle();
    assert.match(await message(tab), /changed on its host while it was read: open it again/);
  },
  { provokes: REFUSED },
);

testLinks(
  'a host that answers no more is told, and asked again by a person',
  async (tab, host) => {
    const { page } = tab;
    const content = scalars(MANY);
    let [requests, isDown] = [0, false];
    let breakOff;
    const { url, host: name } = await host({
      [EVENTS](request, response) {
        const from = fromOf(request);
        if (isDown) return response.destroy();
        response.writeHead(206, { 'Content-Length': content.length - from });
        if (++requests !== 2) return response.end(content.subarray(from));
        response.write(content.subarray(0, content.length >> 1));
        breakOff = () => ((isDown = true), response.destroy());
      },
    });
    // Waiting is not what is tested.
    await page.addInitScript(() => {
      const { setTimeout: later } = globalThis;
      globalThis.setTimeout = (run, ms, ...rest) => later(run, ms >= 500 && ms <= 4000 ? 1 : ms, ...rest);
    });
    await follow(tab, `url=${url}${EVENTS}`, { idle: false });
    await tab.plot('loss').waitFor();
    breakOff();
    await page.getByRole('button', { name: 'Retry' }).waitFor();
    assert.match(await message(tab), new RegExp(`could not be fetched.*${name}`, 's'));
    isDown = false;
    await page.getByRole('button', { name: 'Retry' }).click();
    await tab.idle();
    assert.equal(contentsOf(await tab.dump()).points, MANY);
    assert.equal(await page.locator('.toast').count(), 0);
  },
  { provokes: REFUSED },
);

testLinks('the first chart comes with the first fifth of a file', async (tab, host) => {
  const { page } = tab;
  const content = scalars(30_000);
  // Twice as much is sent as here: once for to tell what it is.
  const tenth = Math.floor(content.length / 10);
  let go;
  const isSeen = new Promise((resolve) => (go = resolve));
  const { url } = await host({
    async [EVENTS](request, response) {
      const from = fromOf(request);
      response.writeHead(206, { 'Content-Length': content.length - from });
      response.write(content.subarray(from, tenth));
      await isSeen;
      response.end(content.subarray(Math.max(from, tenth)));
    },
  });
  await follow(tab, `url=${url}${EVENTS}`, { idle: false });
  await tab.plot('loss').waitFor();
  await page.getByText(/^from 127\.0\.0\.1/).waitFor();
  // It is drawn: what is read out is of the line.
  await page.waitForFunction(() =>
    [...document.querySelectorAll('[role=article] tbody tr')].some(({ cells }) => cells[0].title !== ''),
  );
  go();
  await tab.idle();
  assert.equal(contentsOf(await tab.dump()).points, 30_000);
});

// ---- what strangers may not do

testLinks('manifests that are not in order', async (tab, host) => {
  const entry = (part) =>
    JSON.stringify({ version: 1, name: 'x', files: [{ path: EVENTS, url: EVENTS, size: 1, ...part }] });
  const manifests = {
    'up.json': entry({ path: '../../etc/passwd' }),
    'file.json': entry({ url: 'file:///etc/passwd' }),
    'script.json': entry({ url: 'javascript:alert(1)' }),
    'data.json': entry({ url: 'data:text/plain,x' }),
    'blob.json': entry({ url: 'blob:https://example.org/0' }),
    'host.json': entry({ url: 'http://127.0.0.1:9/x' }),
    'size.json': entry({ size: -1 }),
    'type.json': entry({ path: 7 }),
    'proto.json': '{"version":1,"__proto__":{"name":"x","files":[]},"constructor":{"prototype":{"files":[]}}}',
    'many.json': JSON.stringify({ version: 1, name: 'x', files: Array(100_001).fill(0) }),
    'old.json': '{"version":2,"name":"x","files":[]}',
    'list.json': '[1]',
    'cut.json': '{"version":1',
    // A gigabyte, of which no more than is needed is taken.
    'long.json': (request, response) => {
      const piece = Buffer.alloc(1 << 20, ' ');
      let sent = 0;
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1 << 30 });
      response.write('{');
      const more = () => {
        while (sent++ < 1023 && response.write(piece));
        if (sent < 1023) response.once('drain', more);
      };
      response.once('close', () => (sent = 1024));
      more();
    },
  };
  const { url, requests } = await host(manifests);
  const said = {
    'up.json': /path in the manifest leads out.*files\[0\]/,
    'file.json': /URL in the manifest is none of http or https \(files\[0\]\)/,
    'script.json': /none of http or https/,
    'data.json': /none of http or https/,
    'blob.json': /none of http or https/,
    'host.json': /leads to another host/,
    'size.json': /not a whole number of bytes/,
    'type.json': /path in the manifest/,
    'proto.json': /no name/,
    'many.json': /more than 100,000 files/,
    'old.json': /newer version/,
    'list.json': /not a JSON object/,
    'cut.json': /not a JSON object/,
    'long.json': /larger than any of its kind/,
  };
  for (const [name, pattern] of Object.entries(said)) {
    await follow(tab, `url=${url}${name}`);
    assert.match(await message(tab), pattern, name);
  }
  assert.deepEqual([...new Set(requests.map(({ path }) => path))].sort(), Object.keys(said).sort());
});

testLinks('listings that lead elsewhere, have no end or are none', async (tab, host) => {
  const other = await host({ x: scalars(1) });
  const page = (...links) =>
    `<title>Index of /</title>${links.map((link) => `<a href="${link}">x</a>`).join('')}<script>document.title='run'</script>`;
  const loop = { 'loop/': page('loop/') };
  const { url, requests } = await host({
    'logs/': page(
      '../secret.tfevents',
      '/secret.tfevents',
      '%2e%2e/secret.tfevents',
      '..%2fsecret.tfevents',
      `${other.url}x.tfevents`,
      '//127.0.0.1:9/x.tfevents',
      'javascript:alert(1)',
      'data:text/html,x.tfevents',
      'sub/',
      `${EVENTS}?x=1`,
      EVENTS,
    ),
    'logs/sub/': (request, response) => response.writeHead(302, { Location: '/elsewhere/' }).end(),
    'elsewhere/': page('x.tfevents'),
    [`logs/${EVENTS}`]: scalars(3),
    'site/': '<title>My site</title><a href="about/">about</a>',
    ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => ['loop/'.repeat(i + 1), loop['loop/']])),
    'wide/': page(...Array.from({ length: 1001 }, (_, i) => `${i}/`)),
    'nested.html': `<title>index of</title>${'<a '.repeat(1 << 20)}`,
  });
  await follow(tab, `url=${url}logs/`);
  assert.equal(contentsOf(await tab.dump()).points, 3);
  assert.match(await message(tab), /can't open 1 file or folder: logs\/sub/);
  assert.deepEqual(other.requests, []);
  assert.ok(!requests.some(({ path }) => path.includes('secret') || path === 'elsewhere/x.tfevents'));
  for (const [name, pattern] of Object.entries({
    'site/': /neither log files nor a listing/,
    'loop/': /more than 16 levels/,
    'wide/': /more than 1,000 folders/,
    'nested.html': /No event files/,
  })) {
    await follow(tab, `url=${url}${name}`);
    assert.match(await message(tab), pattern, name);
  }
  assert.ok(!requests.some(({ path }) => path === 'site/about/' || path === 'wide/0/'));
});

testLinks('addresses that are none, and too many', async (tab, host) => {
  const { url, requests } = await host({});
  for (const [hash, pattern] of [
    ['url=javascript:alert(1)', /no address that can be fetched/],
    ['url=file:///etc/passwd', /no address that can be fetched/],
    ['url=data:text/plain,x', /no address that can be fetched/],
    ['url=blob:http://127.0.0.1/x', /no address that can be fetched/],
    ['hf=../../x', /no place on the Hugging Face Hub/],
    ['hf=user/repo/../../x', /no place on the Hugging Face Hub/],
    [Array(33).fill(`url=${url}x`).join('&'), /more than 32 addresses/],
  ]) {
    await follow(tab, hash);
    assert.match(await message(tab), pattern, hash);
  }
  assert.deepEqual(requests, []);
});

testLinks(
  'a redirect to another host is named, one to no web address fails',
  async (tab, host) => {
    const to = await host({ [EVENTS]: scalars(3) });
    const { url, host: name } = await host({
      on: (request, response) => response.writeHead(302, { Location: to.url + EVENTS }).end(),
      file: (request, response) => response.writeHead(302, { Location: 'file:///etc/passwd' }).end(),
      data: (request, response) => response.writeHead(302, { Location: 'data:text/plain,x' }).end(),
    });
    await follow(tab, `url=${url}on`);
    await tab.page.locator('.src').click();
    await tab.page.getByText(`Fetched from ${name}, ${to.host} (sent on by ${name})`).waitFor();
    for (const path of ['file', 'data']) {
      await follow(tab, `url=${url}${path}`);
      assert.match(await message(tab), /could not be fetched|doesn’t allow/);
    }
  },
  { provokes: new RegExp(`${REFUSED.source}|request: (file|data):`) },
);

// ---- ways to a link

testTab(
  'a URL is pasted on the page that can fetch nothing, which names its host and leads on',
  { provokes: /^request: http/ },
  async (tab) => {
    const { page } = tab;
    const { url, host, requests, stop } = await foreign({ [EVENTS]: scalars(4) });
    try {
      const field = page.getByRole('textbox', { name: 'URL of logs' });
      await field.fill('not a url');
      await page.getByText('This is no address that can be fetched').waitFor();
      await field.fill(url + EVENTS);
      await page.getByText(`Open fetches from ${host}, which learns your IP address`).waitFor();
      assert.deepEqual(requests, []);
      await page.getByRole('button', { name: 'Open', exact: true }).click();
      await page.waitForURL('**/open/**');
      await tab.card('loss').waitFor();
      // And so does a link that names something.
      await page.goto('about:blank');
      await page.goto(`${tab.url}?testing=1#v=1&url=${url}${EVENTS}`);
      await page.waitForURL('**/open/**');
      await tab.card('loss').waitFor();
      await tab.idle();
    } finally {
      await stop();
    }
  },
);

testLinks('another link asks before it takes the place of what is open', async (tab, host) => {
  const { page } = tab;
  const { url } = await host({ a: scalars(3, 'a'), b: scalars(5, 'b') });
  const other = await host({ b: scalars(5, 'b') });
  await follow(tab, `url=${url}a`);
  const was = page.url();
  const paste = (hash) => page.evaluate((to) => void (location.hash = to), hash);
  // Another view of the same is no question.
  await paste(`v=1&view=scalars&tags=zzz&url=${url}a`);
  await page.waitForFunction(() => document.querySelector('.tag-filter input')?.value === 'zzz');
  await paste(new URL(was).hash);
  await page.waitForFunction(() => document.querySelector('.tag-filter input')?.value === '');
  await paste(`v=1&tags=b&url=${other.url}b`);
  const dialog = page.getByRole('dialog', { name: 'Open the link in place of what is open?' });
  await dialog.getByText(`It fetches from ${other.host}, but nothing before you answer`).waitFor();
  assert.deepEqual(other.requests, []);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.waitForURL(was);
  await tab.card('a').waitFor();
  await paste(`v=1&url=${other.url}b`);
  await dialog.getByRole('button', { name: 'Open link' }).click();
  await tab.card('b').waitFor();
  await tab.idle();
  assert.equal(contentsOf(await tab.dump()).points, 5);
});

testLinks('an answer is to the link that was asked about, under which no key works', async (tab, host) => {
  const { page } = tab;
  const { url } = await host({ a: scalars(3, 'a') });
  const [asked, other] = [await host({ b: scalars(5, 'b') }), await host({ c: scalars(7, 'c') })];
  await follow(tab, `url=${url}a`);
  const dialog = page.getByRole('dialog', { name: 'Open the link in place of what is open?' });
  const question = (named) => dialog.getByText(`It fetches from ${named}, but`);
  const paste = (hash) => page.evaluate((to) => void (location.hash = to), `v=1&${hash}`);
  // What was set just before is written only once the answer is no.
  await page.getByRole('radio', { name: 'Log', exact: true }).click();
  await paste(`url=${asked.url}b`);
  await question(asked.host).click();
  for (const key of ['Control+z', 'Shift+S', '[']) await page.keyboard.press(key);
  // A later timer than the one that writes the address, of 500 ms: that has fired.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 600)));
  assert.equal(await page.locator('tp-share').count(), 0);
  assert.match(page.url(), new RegExp(`url=${asked.url}b$`));
  await dialog.getByRole('button', { name: 'Keep what is open' }).click();
  assert.ok((await tab.untilHash(() => location.hash.includes('y=log'))).includes(`url=${url}a`));
  assert.equal(await page.getByRole('button', { name: 'Hide run panel' }).count(), 1);
  // Another link comes while it is asked: nobody has said yes to that.
  await paste(`url=${asked.url}b`);
  await question(asked.host).waitFor();
  await paste(`url=${other.url}c`);
  await dialog.getByRole('button', { name: 'Open link' }).click();
  await question(other.host).waitFor();
  assert.deepEqual([asked.requests, other.requests], [[], []]);
  await page.goBack();
  await dialog.getByRole('button', { name: 'Open link' }).click();
  await question(asked.host).waitFor();
  await dialog.getByRole('button', { name: 'Open link' }).click();
  await tab.card('b').waitFor();
  await tab.idle();
  assert.deepEqual(other.requests, []);
});

testLinks(
  'the same URL is opened again, and what went wrong with one of a link is said beside the others',
  async (tab, host) => {
    const { page } = tab;
    let isThere = false;
    const content = scalars(4);
    const { url } = await host({
      late: (request, response) => (isThere ? response.writeHead(206).end(content) : response.writeHead(404).end()),
      'no.txt': 'This is no log. '.repeat(100),
    });
    await follow(tab, `url=${url}late&url=${url}no.txt`);
    assert.match(await message(tab), /404\), .*late\. no\.txt is not an event file/);
    await follow(tab, `url=${url}late`);
    assert.match(await message(tab), /404/);
    isThere = true;
    await page.getByRole('textbox', { name: 'URL of logs' }).fill(`${url}late`);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await tab.card('loss').waitFor();
    await tab.idle();
  },
  { provokes: REFUSED },
);

testTab('a link that is pasted over dropped files asks', { provokes: /^request: http/ }, async (tab) => {
  const { page } = tab;
  const { url, requests, stop } = await foreign({ b: scalars(5, 'b') });
  try {
    await tab.drop(TRAINING);
    await page.evaluate((to) => void (location.hash = to), `v=1&url=${url}b`);
    await page.getByRole('button', { name: 'Keep what is open' }).click();
    assert.deepEqual((await tab.checkedRuns()).sort(), [...trainingRuns].sort());
    assert.deepEqual(requests, []);
    assert.ok(!page.url().includes('url='));
  } finally {
    await stop();
  }
});

// ---- helpers

async function zipOf(directory) {
  const path = join(folder, 'logs.zip');
  const script = `import shutil,sys; shutil.make_archive(sys.argv[1][:-4], 'zip', sys.argv[2])`;
  await run(['-c', script, path, directory], 'python3');
  return path;
}

async function run(args, program = process.execPath) {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
}

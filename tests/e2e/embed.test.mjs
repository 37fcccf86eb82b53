/**
 * Embeds: what pages of other hosts do with `<tensor-pane>`, with a frame, and with messages. The pages around are under
 * a strict policy of their own; nothing here waits for a time.
 */
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { before } from 'node:test';
import { eventFile, tensor } from './event_file.mjs';
import { expectedOf, logsOf, ROOT, serve, serveByHost, testTab } from './page.mjs';

const TRAINING = 'torch_training';
/** Bytes that an embed with one chart fetches, cold, as a static host sends them, headers and all. The reader is 88 kB. */
const MAX_WEIGHT = 200_000;
/** Wasm memory of an embed, bytes. */
const MAX_MEMORY = 6 << 20;
/** What a page around asks of another host: the element and the page in its frame. */
const EMBEDS = /^request: http:\/\/127\.0\.0\.1:\d+\/(tensorpane\.js|embed\/|assets\/)/;
const SCREENSHOTS = join(ROOT, 'build/screenshots');

/** Files of a log directory, with a manifest of them. */
async function filesOf(folder) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /tfevents/.test(name));
  const files = await Promise.all(names.map(async (path) => [`runs/f/${path}`, await readFile(join(folder, path))]));
  const listed = files.map(([path, bytes]) => ({ path: path.slice(7), url: path.slice(5), size: bytes.length }));
  return new Map([...files, ['runs/manifest.json', JSON.stringify({ version: 1, name: 'runs', files: listed })]]);
}

const everything = await filesOf(logsOf('torch_all'));
let training;
let axe;
before(async () => {
  training = await filesOf(logsOf(TRAINING));
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await mkdir(SCREENSHOTS, { recursive: true });
});

/** Tells what happens on the page: events of elements, messages of frames. It has nothing of its own to wait for. */
const HOST_SCRIPT = `
  globalThis.events = [];
  globalThis.messages = [];
  for (const type of ['ready', 'error', 'hover'])
    addEventListener(type, (event) => event.detail !== undefined && events.push([type, event.detail]), true);
  addEventListener('message', ({ data }) => messages.push(data));
  globalThis.tensorpane = { idle: () => undefined };`;

/**
 * A page of another host, with logs beside it that it gives to nobody else.
 *
 * @param {(app: string) => string} body HTML, where the embeds come from
 */
async function hostPage(body, { files = training, cors = false, allowed = () => '', appAnswer } = {}) {
  const app = await serveByHost(undefined, appAnswer);
  const { url, stop } = await serve((request, response) => {
    const path = decodeURIComponent(request.url.slice(1).replace(/\?.*/, ''));
    const send = (type, content, headers = {}) => response.writeHead(200, { 'Content-Type': type, ...headers }).end(content); // prettier-ignore
    if (path === 'host.js') return send('text/javascript', HOST_SCRIPT);
    if (path === 'host.css') return send('text/css', 'main { max-width: 780px; margin: auto } .far { height: 4000px }');
    if (path === 'sibling.html') return send('text/html', '<!doctype html><title>s</title>');
    if (path === '') {
      const policy = `default-src 'none'; script-src 'self' ${app.url}; frame-src 'self' ${app.url}; connect-src 'self'; style-src 'self'`;
      const head = `<meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Docs</title><link rel="stylesheet" href="host.css"><script src="host.js"></script><script type="module" src="${app.url}tensorpane.js?testing=1"></script>`;
      const html = `<!doctype html><html lang="en">${head}<main><h1>Docs</h1>${body(app.url, url)}</main>`;
      return send('text/html', html, { 'Content-Security-Policy': policy + allowed(app.url) });
    }
    const file = files.get(path);
    if (file === undefined) return response.writeHead(404).end();
    send('application/octet-stream', file, cors ? { 'Access-Control-Allow-Origin': '*' } : {});
  });
  return { url, stop: () => Promise.all([stop(), app.stop()]) };
}

const embedOf = (body, options) => () => hostPage(body, options);
const element = (attributes) => `<tensor-pane src="runs/manifest.json" ${attributes}>No script</tensor-pane>`;

/** Resolves when something is so in the page around. */
const until = (tab, predicate, argument) => tab.page.waitForFunction(predicate, argument);
const ready = (tab, count = 1) => until(tab, (n) => globalThis.events.filter(([type]) => type === 'ready').length >= n, count); // prettier-ignore

/** The page in the nth frame, when it has nothing left to do. */
async function frameOf(tab, index = 0) {
  const frame = () => tab.page.frames().filter((one) => one.url().includes('/embed/'))[index];
  while (!frame()) await tab.page.waitForEvent('framenavigated');
  await frame().waitForFunction(() => globalThis.tensorpane);
  await frame().evaluate(() => globalThis.tensorpane.idle());
  return frame();
}

/** The charts of a frame: what is written at the ends of their lines, by tag and run. */
const labelsOf = (frame) =>
  frame.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('tp-embed-chart')].map((chart) => [
        chart.getAttribute('aria-label'),
        Object.fromEntries([...chart.querySelectorAll('.end-labels > div')].map((one) => [one.title, Number(one.lastChild.textContent)])), // prettier-ignore
      ]),
    ),
  );

/** Posts a message to a frame, and resolves to what is answered. */
const ask = (tab, fields, selector = 'iframe') =>
  tab.page.evaluate(
    ({ fields, selector }) => {
      const host = document.querySelector(selector);
      const { contentWindow } = host;
      const id = `test ${Math.random()}`;
      return new Promise((resolve) => {
        addEventListener('message', ({ data }) => data.id === id && resolve(data));
        const files =
          Array.isArray(fields.files) && fields.files.map(({ path, text }) => ({ path, blob: new Blob([text]) }));
        contentWindow.postMessage({ tensorpane: 1, id, ...fields, ...(files ? { files } : {}) }, '*');
      });
    },
    { fields, selector },
  );

const lastOf = (run, tag) =>
  expectedOf(TRAINING)
    .runs.find((one) => one.run === run)
    .tags[tag].values.at(-1);

testTab(
  'an element on a page of another host hands its logs over, and shows values where lines end',
  {
    host: embedOf(() => element('tags="valid/loss" runs="lr=0.01/" smoothing="0" title="Three seeds" height="300"')),
    provokes: EMBEDS,
  },
  async (tab) => {
    await ready(tab);
    const frame = await frameOf(tab);
    const labels = (await labelsOf(frame))['valid/loss'];
    assert.deepEqual(Object.keys(labels).sort(), ['lr=0.01/seed=0', 'lr=0.01/seed=1', 'lr=0.01/seed=2']);
    for (const [run, value] of Object.entries(labels)) {
      const exact = lastOf(run, 'valid/loss');
      assert.ok(Math.abs(value - exact) < 1e-3 * exact, `${run}: ${value}, not ${exact}`);
    }
    assert.equal(await frame.getByRole('heading', { level: 1 }).innerText(), 'Three seeds');
    const { height } = await tab.page.locator('tensor-pane').boundingBox();
    assert.equal(height, 300);

    // The crosshair: values of its place, here and told to the page around, whose logs they are.
    const plot = await frame.getByRole('img').boundingBox();
    await tab.page.mouse.move(plot.x + 60, plot.y + 60);
    await until(tab, () => globalThis.events.some(([type, hover]) => type === 'hover' && hover));
    const [, hover] = await tab.page.evaluate(() => globalThis.events.findLast(([type, hover]) => type === 'hover' && hover)); // prettier-ignore
    assert.equal(hover.tag, 'valid/loss');
    assert.ok(hover.values['lr=0.01/seed=0'] > labels['lr=0.01/seed=0'], 'higher before');
    const there = (await labelsOf(frame))['valid/loss'];
    assert.ok(Math.abs(there['lr=0.01/seed=0'] - hover.values['lr=0.01/seed=0']) < 1e-3);
    await tab.page.mouse.move(5, 5);
    await until(tab, () => globalThis.events.at(-1)[1] === null);

    // A run is a switch.
    await frame.getByRole('button', { name: 'lr=0.01/seed=1' }).click();
    await frameOf(tab);
    assert.equal(Object.keys((await labelsOf(frame))['valid/loss']).length, 2);
  },
);

testTab(
  'attributes and properties of an element act at once',
  { host: embedOf(() => element('tags="valid/loss" runs="lr=0.01/"')), provokes: /^request|404/ },
  async (tab) => {
    await ready(tab);
    const frame = await frameOf(tab);
    const asked = () => tab.page.evaluate(() => document.querySelector('tensor-pane').ask('getState'));
    const natural = (await tab.page.locator('tensor-pane').boundingBox()).height;
    await tab.page.evaluate(() => Object.assign(document.querySelector('tensor-pane'), { tags: 'train/loss|valid/loss', smoothing: 0.9 })); // prettier-ignore
    const { state } = await asked();
    assert.match(state, /smoothing=0\.9/);
    await frameOf(tab);
    assert.deepEqual(Object.keys(await labelsOf(frame)), ['train/loss', 'valid/loss']);
    await tab.page.evaluate(() => (document.querySelector('tensor-pane').chrome = 'none'));
    await asked();
    await frame.locator('.header').waitFor({ state: 'detached' });
    await until(tab, (px) => document.querySelector('tensor-pane').clientHeight === px, natural - 30);
    await tab.page.evaluate(() => (document.querySelector('tensor-pane').height = '400'));
    await until(tab, () => document.querySelector('tensor-pane').clientHeight === 400);

    // What cannot be loaded is told, and leaves what is shown as it is; other logs take its place unasked.
    await tab.page.evaluate(() => (document.querySelector('tensor-pane').src = 'runs/none'));
    await until(tab, () =>
      globalThis.events.some(([type, why]) => type === 'error' && /The host answers 404/.test(why)),
    );
    assert.equal(Object.keys(await labelsOf(frame)).length, 2);
    assert.match(await frame.getByRole('alert').innerText(), /Couldn’t load .*runs\/none\s+The host answers 404/);
    const one = [...training.keys()].find((path) => path.includes('lr=0.01/seed=1'));
    await tab.page.evaluate(
      (path) => Object.assign(document.querySelector('tensor-pane'), { src: path, runs: '' }),
      one,
    );
    await ready(tab, 2);
    await frameOf(tab);
    assert.deepEqual(Object.keys((await labelsOf(frame))['valid/loss']).length, 1);
    assert.equal(await frame.getByRole('alert').count(), 0);
  },
);

testTab(
  'an element that cannot load says why in 48 px, and tries again',
  { host: embedOf(() => element('height="300"').replace('runs/', 'none/')), provokes: /404|^request/ },
  async (tab) => {
    await until(tab, () => globalThis.events.some(([type]) => type === 'error'));
    const frame = await frameOf(tab);
    await until(tab, () => document.querySelector('tensor-pane').clientHeight === 48);
    assert.match(await frame.getByRole('alert').innerText(), /Couldn’t load 127\.0\.0\.1:\d+\/none\/manifest\.json\s+The host answers 404/); // prettier-ignore
    await tab.page.evaluate(() => (globalThis.events.length = 0));
    await frame.getByRole('button', { name: 'Retry' }).click();
    await until(tab, () => globalThis.events.some(([type]) => type === 'error'));
    await tab.page.evaluate(() => (document.querySelector('tensor-pane').src = 'runs/manifest.json'));
    await ready(tab);
    await until(tab, () => document.querySelector('tensor-pane').clientHeight === 300);
  },
);

testTab(
  'a plain frame opens what its address names, links to all of it, and is a still picture if it is to be',
  {
    host: embedOf(
      (app, host) => `<iframe title="a" width="700" height="300"
        src="${app}embed/?testing=1#v=1&url=${host}runs/manifest.json&tags=valid/loss&interactive=0"></iframe>
        <iframe title="b" width="700" height="300"
        src="${app}embed/?testing=1#v=1&url=${host}runs/manifest.json&tags=valid/loss"></iframe>`,
      { cors: true },
    ),
    provokes: /^request/,
  },
  async (tab) => {
    const [still, live] = [await frameOf(tab, 0), await frameOf(tab, 1)];
    const link = new URL(await live.getByRole('link', { name: 'Open full view' }).getAttribute('href'));
    assert.equal(link.pathname, '/open/');
    assert.match(link.hash, /^#v=1&url=http:\/\/127\.0\.0\.1:\d+\/runs\/manifest\.json&tags=valid\/loss$/);
    assert.equal(Object.keys(await labelsOf(live)).length, 1);
    assert.equal(Object.keys(await labelsOf(still)).length, 1);
    // Nothing in it takes the focus.
    await tab.page
      .locator('iframe')
      .first()
      .evaluate((frame) => frame.focus());
    await tab.page.keyboard.press('Tab');
    assert.equal(await still.evaluate(() => document.activeElement === document.body), true);
  },
);

testTab(
  'a still picture of images has nothing to be set',
  { host: embedOf(() => element('view="images" interactive="0"'), { files: everything }), provokes: EMBEDS },
  async (tab) => {
    await ready(tab);
    const frame = await frameOf(tab);
    assert.equal(await frame.locator('tp-image-cell').first().isVisible(), true);
    assert.equal(await frame.locator('button:visible, input:visible').count(), 1, 'a run of the legend');
    assert.equal(await frame.locator('.lg:visible').count(), 1);
  },
);

testTab(
  'a frame that nobody tells what to open says so',
  { host: embedOf((app) => `<iframe title="a" src="${app}embed/?testing=1#v=1"></iframe>`), provokes: EMBEDS },
  async (tab) => {
    const frame = await frameOf(tab);
    await frame.getByRole('alert').waitFor();
    assert.match(await frame.getByRole('alert').innerText(), /^Nothing is named to be opened/);
  },
);

testTab(
  'wheel and keys stay with the page around',
  { host: embedOf(() => `${element('tags="loss" height="140"')}<div class="far"></div>`), provokes: EMBEDS },
  async (tab) => {
    await ready(tab);
    const frame = await frameOf(tab);
    const { x, y } = await tab.page.locator('tensor-pane').boundingBox();
    // There is more in the frame than fits, and still it does not take the wheel.
    assert.ok(await frame.evaluate(() => document.querySelector('.figures').scrollHeight > innerHeight));
    await tab.page.mouse.move(x + 100, y + 100);
    await tab.page.mouse.wheel(0, 120);
    await until(tab, () => scrollY > 0);
    assert.equal(await frame.evaluate(() => document.querySelector('.scroll').scrollTop), 0);
    await tab.page.keyboard.press('End');
    await until(tab, () => scrollY > 1000);
  },
);

testTab(
  'what does not fit in a fixed height is reached by the scrollbar, and after a click by the wheel',
  { host: embedOf(() => `${element('height="160"')}<div class="far"></div>`), provokes: EMBEDS },
  async (tab) => {
    await ready(tab);
    const frame = await frameOf(tab);
    const scroll = frame.locator('.scroll');
    const overflow = () => scroll.evaluate((one) => getComputedStyle(one).overflowY);
    assert.equal(await overflow(), 'auto');
    const { x, y } = await tab.page.locator('tensor-pane').boundingBox();
    await tab.page.mouse.move(x + 100, y + 100);
    await frame.waitForFunction(() => document.querySelector('.scroll > :hover'));
    assert.equal(await overflow(), 'hidden', 'the wheel is for the page around');
    await tab.page.mouse.click(x + 100, y + 45);
    await frame.waitForFunction(() => document.querySelector('.scroll').matches(':focus-within'));
    assert.equal(await overflow(), 'auto');
    await tab.page.mouse.wheel(0, 60);
    await frame.waitForFunction(() => document.querySelector('.scroll').scrollTop > 0);
  },
);

for (const view of ['histograms', 'images'])
  testTab(
    `without a height the frame is as high as its ${view}, and the legend lists only what has some`,
    { host: embedOf(() => element(`view="${view}"`), { files: everything }), provokes: EMBEDS },
    async (tab) => {
      await ready(tab);
      const frame = await frameOf(tab);
      await until(tab, () => document.querySelector('tensor-pane').clientHeight !== 320);
      const [content, room, height] = await frame.evaluate(() => {
        const { scrollHeight, clientHeight } = document.querySelector('.scroll');
        return [scrollHeight, clientHeight, innerHeight];
      });
      // All of it, or as much as a frame asks for.
      assert.ok(content === room || height >= 800, `${content} px in ${room} of ${height}`);
      assert.equal(await frame.getByRole('group', { name: 'Runs' }).innerText(), view);
      assert.equal(await frame.locator('.group-head:visible').count(), 0, 'no heads below the header');
    },
  );

/** Serves the script of the reading worker so that the worker can tell its wasm memories, which nothing else reaches. */
function tellingMemories(request, response) {
  const name = /^\/assets\/(reader_worker_entry-[^/]*\.js)$/.exec(request.url)?.[1];
  if (!name) return false;
  const keep = `globalThis.memories = [];
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = async (...all) => {
      const instance = await instantiate(...all);
      memories.push(...Object.values(instance.exports).filter((one) => one instanceof WebAssembly.Memory));
      return instance;
    };`;
  readFile(join(ROOT, 'dist/assets', name), 'utf8').then((script) =>
    response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(keep + script),
  );
  return true;
}

testTab(
  `ten elements: those far away wait, each takes up to ${MAX_MEMORY >> 20} MiB, those not seen any more give their workers back, and wake up`,
  {
    host: embedOf(
      () => `${element('tags="valid/loss" height="200"')}<div class="far"></div>${element('tags="loss" height="200"').repeat(9)}`, // prettier-ignore
      { appAnswer: tellingMemories },
    ),
    provokes: /^request/,
  },
  async (tab) => {
    await ready(tab, 1);
    const first = await frameOf(tab);
    const loaded = () => tab.page.evaluate(() => [...document.querySelectorAll('tensor-pane')].filter((one) => one.shadowRoot.querySelector('iframe').src).length); // prettier-ignore
    assert.equal(await loaded(), 1);
    const workers = () => first.evaluate(() => globalThis.tensorpane.isAwake());
    for (let i = 9; i > 0; i--) {
      await tab.page.locator('tensor-pane').nth(i).scrollIntoViewIfNeeded();
      await ready(tab, 11 - i);
    }
    assert.equal(await loaded(), 10);
    const before = tab.page.workers().length;
    assert.equal(before, 10);
    for (const worker of tab.page.workers()) {
      const bytes = await worker.evaluate(() => globalThis.memories.map(({ buffer }) => buffer.byteLength));
      assert.ok(bytes.length === 1 && bytes[0] > 0 && bytes[0] <= MAX_MEMORY, String(bytes));
    }
    assert.equal(await first.evaluate(() => globalThis.tensorpane.sleepNow()), true);
    assert.equal(await workers(), false);
    while (tab.page.workers().length >= before) await tab.page.workers()[0].waitForEvent('close', { timeout: 1000 }).catch(() => undefined); // prettier-ignore
    assert.equal(Object.keys(await labelsOf(first)).length, 1, 'the picture stays');
    await tab.page.locator('tensor-pane').first().scrollIntoViewIfNeeded();
    await ready(tab, 11);
    assert.equal(await workers(), true);
    assert.equal(Object.keys(await labelsOf(first)).length, 1);
  },
);

testTab(
  'messages: hostile ones do nothing, and nobody replaces or reads what came from elsewhere unasked',
  {
    host: embedOf(
      (
        app,
      ) => `<iframe title="a" width="700" height="300" src="${app}embed/?testing=1#v=1&url=/logs/manifest.json"></iframe>
        <iframe title="s" id="sibling" src="sibling.html"></iframe>`,
    ),
    provokes: /^request|404/,
  },
  async (tab) => {
    const frame = await frameOf(tab);
    // Nothing was opened: the host has no such logs. Whoever comes first may open something.
    const name = '<img src=x onerror=alert(1)>';
    const log = (value) => eventFile([{ tag: `loss/${name}`, step: 1, tensor: tensor([], { floats: [value] }), plugin: 'scalars' }]); // prettier-ignore
    const open = (value, path = `runs/${name}/events.out.tfevents.1`) =>
      tab.page.evaluate(
        ({ bytes, path }) => {
          const { contentWindow } = document.querySelector('iframe');
          return new Promise((resolve) => {
            const id = Math.random();
            addEventListener('message', ({ data }) => data.id === id && resolve(data));
            const files = [{ path, blob: new Blob([new Uint8Array(bytes)]) }];
            contentWindow.postMessage({ tensorpane: 1, type: 'open', id, files }, '*');
          });
        },
        { bytes: [...log(value)], path },
      );
    assert.deepEqual((await open(1)).value, { runs: [name] });
    assert.equal(await frame.getByRole('button', { name, exact: true }).count(), 1);

    assert.deepEqual((await ask(tab, { type: 'ping' })).value, { version: 1 });
    for (const bad of [
      { type: 'none' },
      { type: '__proto__' },
      { type: 'open', files: 1 },
      { type: 'setState' },
      { type: 'ping', tensorpane: 9 },
    ]) {
      // prettier-ignore
      const { ok, error } = await ask(tab, bad);
      assert.equal(ok, false);
      assert.ok(error.length > 10, error);
    }
    const { error } = await ask(tab, { type: 'setState', state: 'x'.repeat(2 << 20) });
    assert.match(error, /longer than/);
    assert.match((await ask(tab, { type: 'setState', state: 'v=1&z=AAAA' })).error, /cannot be read/);
    assert.equal((await ask(tab, { type: 'setState', state: 'v=1&__proto__=1&constructor=2' })).ok, true);

    // Another frame of the same page is nobody.
    await tab.page.evaluate(() => (globalThis.messages.length = 0));
    await tab.page
      .frames()
      .find((one) => one.url().endsWith('sibling.html'))
      .evaluate(() => {
        parent.frames[0].postMessage({ tensorpane: 1, type: 'fail', id: 'sibling', what: 'a', why: 'b' }, '*');
        parent.frames[0].postMessage(
          { tensorpane: 1, type: 'setState', id: 'sibling', state: 'v=1&smoothing=0.1' },
          '*',
        );
      });
    assert.match((await ask(tab, { type: 'getState' })).value.state, /^(?!.*smoothing)/);

    // Its own data it may replace.
    assert.equal((await open(2)).ok, true);
    assert.equal(await frame.getByRole('alertdialog').count(), 0);
  },
);

testTab(
  'messages: the page around asks the person before it replaces or reads what the frame has fetched from another host',
  {
    host: async () => {
      // The logs are on a third host, which lets everybody read them.
      const logs = await hostPage(() => '', { cors: true });
      const page = await hostPage(
        (app) => `<iframe title="a" width="700" height="300" src="${app}embed/?testing=1#v=1&url=${logs.url}runs/manifest.json&tags=valid/loss"></iframe>`, // prettier-ignore
      );
      return { url: page.url, stop: () => Promise.all([page.stop(), logs.stop()]) };
    },
    provokes: /^request/,
  },
  async (tab) => {
    const frame = await frameOf(tab);
    const asking = frame.getByRole('alertdialog');
    const host = new URL(tab.url).host;
    const reading = ask(tab, { type: 'export', what: 'png' });
    await asking.waitFor();
    assert.ok((await asking.innerText()).startsWith(`${host} wants to read what is shown here`));
    await asking.getByRole('button', { name: 'Refuse' }).click();
    assert.match((await reading).error, /refused/);
    // Refused is refused.
    assert.match((await ask(tab, { type: 'getState' })).error, /refused/);

    // Another address of the frame is other logs, too.
    await tab.page.evaluate(() => {
      const own = document.querySelector('iframe');
      own.src = own.src.replace(/url=[^&]*/, 'url=/other.json');
    });
    await asking.waitFor();
    assert.match(await asking.innerText(), /^The page around this wants to replace what is open here/);
    await asking.getByRole('button', { name: 'Refuse' }).click();
    assert.equal(Object.keys(await labelsOf(frame)).length, 1);

    const files = [{ path: 'a.tfevents', text: 'no log' }];
    const replacing = ask(tab, { type: 'open', files });
    await asking.waitFor();
    assert.ok((await asking.innerText()).startsWith(`${host} wants to replace what is open here`));
    assert.equal(Object.keys(await labelsOf(frame)).length, 1, 'nothing has happened yet');
    await asking.getByRole('button', { name: 'Allow' }).click();
    assert.match((await replacing).error, /No data was found/);
  },
);

testTab(
  'a sandbox without an origin is told which attribute is missing',
  {
    host: embedOf((app) => `<iframe title="a" sandbox="allow-scripts" src="${app}embed/"></iframe>`),
    provokes: /^request|^console: .*(CORS|ERR_FAILED)/,
  },
  async (tab) => {
    await until(tab, () => globalThis.messages.some(({ type }) => type === 'error'));
    const text = await tab.page.frameLocator('iframe').locator('body').innerText();
    assert.match(text, /^This frame needs allow-same-origin: its sandbox attribute must be/);
  },
);

for (const [scheme, width] of [
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
  ['dark', 390],
]) {
  // prettier-ignore
  testTab(
    `an embed looks as the page around, and axe finds nothing: ${scheme}, ${width} px`,
    {
      host: embedOf(() => `${element('tags="train/loss|valid/loss" runs="lr=0.01/" title="Three seeds"')}<p></p>${element('tags="valid/loss" height="240"')}`), // prettier-ignore
      provokes: /^request/,
      scheme,
      width,
    },
    async (tab) => {
      await ready(tab, 2);
      const frame = await frameOf(tab);
      const ground = () => frame.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(await ground(), scheme === 'dark' ? 'rgb(17, 19, 21)' : 'rgb(255, 255, 255)');
      const overflow = await frame.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, 'nothing is wider than the frame');
      await frame.evaluate(axe);
      // The page around has the main landmark.
      const rules = { 'landmark-one-main': { enabled: false } };
      const { violations, passes } = await frame.evaluate((rules) => globalThis.axe.run({ rules }), rules);
      assert.ok(passes.length > 5);
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []); // prettier-ignore
      await tab.page.screenshot({ path: join(SCREENSHOTS, `embed-${scheme}-${width}.png`) });

      await tab.page.evaluate(() => document.querySelector('tensor-pane').style.setProperty('--tp-bg', 'rebeccapurple'));
      await frame.waitForFunction(() => getComputedStyle(document.body).backgroundColor === 'rgb(102, 51, 153)');
      await tab.page.evaluate(() => document.querySelector('tensor-pane').style.removeProperty('--tp-bg'));
      await tab.page.evaluate(() => (document.querySelector('tensor-pane').theme = 'dark'));
      await frame.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
    },
  );
}

testTab(
  'a dark embed is printed on white, with the colours of its lines for that',
  { host: embedOf(() => element('tags="valid/loss" runs="lr=0.01/" height="240"')), provokes: EMBEDS, scheme: 'dark' },
  async (tab) => {
    await ready(tab);
    const frame = await frameOf(tab);
    await tab.page.evaluate(() => document.querySelector('tensor-pane').style.setProperty('--tp-ink', '#eeeeff'));
    await frame.waitForFunction(() => document.documentElement.style.getPropertyValue('--tp-ink') === '#eeeeff');
    /** The ground, the ink, and how bright the grid is that is drawn. */
    const looks = () => {
      const style = getComputedStyle(document.body);
      const { width, height } = document.querySelector('tp-figures canvas');
      const pen = document.querySelector('tp-figures canvas').getContext('2d');
      const { data } = pen.getImageData(0, 0, width, height);
      const greys = [];
      for (let i = 0; i < data.length; i += 4) {
        const [r, g, b, alpha] = data.subarray(i, i + 4);
        if (alpha === 255 && Math.max(r, g, b) - Math.min(r, g, b) < 6) greys.push(g);
      }
      const grid = greys.sort((a, b) => a - b)[greys.length >> 1];
      return [style.backgroundColor, style.color, grid > 128 ? 'light' : 'dark'].join(' ');
    };
    const dark = 'rgb(17, 19, 21) rgb(238, 238, 255) dark';
    const light = 'rgb(255, 255, 255) rgb(22, 26, 31) light';
    await frame.evaluate(`globalThis.looks = ${looks}`);
    const look = (wanted) => frame.waitForFunction((wanted) => globalThis.looks() === wanted, wanted);
    await look(dark);
    await tab.page.emulateMedia({ media: 'print' });
    await look(light);
    await tab.page.emulateMedia({ media: 'screen' });
    await look(dark);

    // No frame comes between the event and the paper.
    const printed = await frame.evaluate(async () => {
      dispatchEvent(new Event('beforeprint'));
      await Promise.resolve();
      await Promise.resolve();
      const printed = globalThis.looks();
      dispatchEvent(new Event('afterprint'));
      return printed;
    });
    assert.equal(printed, light);
    await look(dark);
  },
);

testTab(
  'an embed prints as it is seen, and gives a picture of a chart',
  { host: embedOf(() => element('tags="valid/loss" runs="lr=0.01/" height="240"')), provokes: EMBEDS },
  async (tab) => {
    await ready(tab);
    // A canvas may be printed as a picture or as its lines: either takes room in the file.
    const printed = async () => (await tab.page.pdf()).length;
    const drawn = await printed();
    await tab.page.evaluate(() => document.querySelector('tensor-pane').style.setProperty('visibility', 'hidden'));
    const empty = await printed();
    assert.ok(drawn > empty + 2000, `${drawn} and ${empty} bytes`);
    await tab.page.evaluate(() => document.querySelector('tensor-pane').style.removeProperty('visibility'));
    const size = await tab.page.evaluate(async () => {
      const { blob, name } = await document
        .querySelector('tensor-pane')
        .ask('export', { what: 'png', tag: 'valid/loss' });
      const { width, height } = await createImageBitmap(blob);
      return { name, width, height };
    });
    assert.equal(size.name, 'valid_loss.png');
    assert.ok(size.width > 300 && size.height > 100, JSON.stringify(size));
  },
);

testTab(
  `an embed with one chart weighs less than ${MAX_WEIGHT / 1000} kB`,
  { host: embedOf(() => '<p>nothing yet</p>'), provokes: EMBEDS },
  async (tab) => {
    const sizes = [];
    tab.page.on('requestfinished', (request) => {
      if (!EMBEDS.test(`request: ${request.url()}`)) return;
      sizes.push(request.sizes().then(({ responseBodySize, responseHeadersSize }) => [request.url(), responseBodySize + responseHeadersSize])); // prettier-ignore
    });
    await tab.page.evaluate((html) => document.querySelector('main').insertAdjacentHTML('beforeend', html), element('tags="valid/loss" runs="lr=0.01/"')); // prettier-ignore
    await ready(tab);
    await frameOf(tab);
    const all = await Promise.all(sizes);
    const weight = all.reduce((sum, [, size]) => sum + Math.max(0, size), 0);
    assert.ok(weight > 100_000 && weight <= MAX_WEIGHT, `${weight}: ${all.map((one) => one.join(' ')).join('\n')}`);
  },
);

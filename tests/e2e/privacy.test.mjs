/**
 * The privacy promise: nothing leaves the tab. Page and worker try to reach a stranger, which counts who came; once with
 * the headers of netlify.toml, once on a host that sends none and has the page below a path, where only the page's meta
 * policy holds.
 */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, before, beforeEach } from 'node:test';
import { logsOf, serve, serveBare, testTab } from './page.mjs';

const PATH = '/some/sub/path/';

/** A site of somebody else that would take anything. */
async function stranger() {
  const visits = new Set();
  const bell = new EventEmitter();
  const { url, stop } = await serve((request, response) => {
    // A window that was opened asks for its icon by itself.
    if (request.url !== '/favicon.ico') visits.add(request.url);
    bell.emit('visit');
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'text/javascript' }).end();
  });
  /** Resolves when so many different visits were counted. */
  const counted = async (count) => {
    const signal = AbortSignal.timeout(20_000);
    while (visits.size < count) await once(bell, 'visit', { signal });
  };
  return { url, visits, counted, stop };
}

/** Every way by which a page could send something; each resolves when it was let through or refused. */
const WAYS = {
  fetch: (url) => fetch(url, { method: 'POST', body: 'x', mode: 'no-cors' }),
  request: (url) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      Object.assign(request, { onload: resolve, onerror: reject });
      request.open('POST', url);
      request.send('x');
    }),
  socket: (url) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url.replace('http', 'ws'));
      Object.assign(socket, { onopen: resolve, onerror: reject });
    }),
  events: (url) =>
    new Promise((resolve, reject) => {
      const source = new EventSource(url);
      source.onopen = resolve;
      source.onerror = () => (source.close(), reject(new Error('refused')));
    }),
};
const WAYS_OF_PAGE = {
  ...WAYS,
  beacon: async (url) => {
    if (!navigator.sendBeacon(url, 'x')) throw new Error('refused');
  },
  image: (url) =>
    new Promise((resolve, reject) => Object.assign(new Image(), { onload: resolve, onerror: reject, src: url })),
  script: (url) =>
    new Promise((resolve, reject) => {
      const script = Object.assign(document.createElement('script'), { onload: resolve, onerror: reject, src: url });
      document.head.append(script);
    }),
  style: (url) =>
    new Promise((resolve, reject) => {
      const attributes = { rel: 'stylesheet', href: url, onload: resolve, onerror: reject };
      document.head.append(Object.assign(document.createElement('link'), attributes));
    }),
  frame: (url) =>
    new Promise((resolve) => {
      const frame = Object.assign(document.createElement('iframe'), { onload: resolve, src: url });
      document.body.append(frame);
    }),
  form: async (url) => {
    const form = Object.assign(document.createElement('form'), { action: url, method: 'post', target: '_blank' });
    document.body.append(form);
    form.submit();
  },
};
const WAYS_OF_WORKER = {
  ...WAYS,
  import: async (url) => globalThis.importScripts(url),
};

/** Tries every way from a page or worker, all at once; what each came to does not matter, the stranger counts. */
async function tryAll(target, ways, url, from) {
  for (const [name, way] of Object.entries(ways)) {
    await target.evaluate(`(${way})(${JSON.stringify(`${url}${from}/${name}`)}).then(() => 'sent', () => 'refused')`);
  }
}

/** Every way once from the page and once from its worker. */
async function tryFromEverywhere(tab, workers, { url }) {
  assert.equal(workers.length, 1, 'the page has one worker');
  await tryAll(tab.page, WAYS_OF_PAGE, url, 'page');
  await tryAll(workers[0], WAYS_OF_WORKER, url, 'worker');
}

/** What is refused was asked for, and is a violation or a console line that says so. */
const REFUSALS =
  /^(request: |violation: |console: .*(Content Security Policy|violates|Refused|NetworkError|ERR_BLOCKED_BY_CSP))/;
const DIRECTIVES = ['connect-src', 'img-src', 'script-src-elem', 'style-src-elem', 'frame-src', 'form-action'];
const violationOf = (directive) => new RegExp(`^violation: ${directive} `);

let other;
before(async () => void (other = await stranger()));
beforeEach(() => other.visits.clear());
after(() => other.stop());

testTab('with headers, neither page nor worker can reach another site', { provokes: REFUSALS }, async (tab) => {
  await tab.drop(logsOf('torch_training'));
  assert.match(tab.page.workers()[0].url(), /^http:/, 'the worker has headers of its own');
  await tryFromEverywhere(tab, tab.page.workers(), other);
  assert.deepEqual([...other.visits], []);
  await tab.untilFaults(...DIRECTIVES.map(violationOf));
});

const bare = { host: () => serveBare(PATH), provokes: REFUSALS };

testTab('without headers and below a path, neither can either', bare, async (tab) => {
  assert.ok(tab.page.url().includes(PATH));
  await tab.drop(logsOf('torch_training'));
  assert.equal((await tab.checkedRuns()).length, 6);
  assert.match(tab.page.workers()[0].url(), /^blob:/, 'the worker has the policy of the page');
  await tryFromEverywhere(tab, tab.page.workers(), other);
  assert.deepEqual([...other.visits], []);
  await tab.untilFaults(...DIRECTIVES.map(violationOf));
});

/** A page without any policy, and a worker in it: what they send arrives, or the tests above would prove nothing. */
function serveOpen() {
  return serve((request, response) => {
    const isWorker = request.url === '/worker.js';
    response.writeHead(200, { 'Content-Type': isWorker ? 'text/javascript' : 'text/html' });
    response.end(isWorker ? '' : '<!doctype html><title>open</title>');
  });
}
const idleAtOnce = () => {
  globalThis.tensorpane = { idle: () => Promise.resolve() };
};

const open = { host: serveOpen, init: [idleAtOnce], provokes: /^(request|console): / };

testTab('a page without a policy can: the ways are real', open, async (tab) => {
  const [worker] = await Promise.all([
    tab.page.waitForEvent('worker'),
    tab.page.evaluate(() => void (globalThis.worker = new Worker('worker.js'))),
  ]);
  await tryFromEverywhere(tab, [worker], other);
  const ways = [
    ...Object.keys(WAYS_OF_PAGE).map((name) => `/page/${name}`),
    ...Object.keys(WAYS_OF_WORKER).map((name) => `/worker/${name}`),
  ];
  await other.counted(ways.length);
  assert.deepEqual([...other.visits].sort(), ways.sort());
});

testTab('the page runs no text as code', { provokes: REFUSALS }, async (tab) => {
  // Not by evaluate() itself, which a policy does not bind.
  const outcome = await tab.page.evaluate(
    () =>
      new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', ({ blockedURI }) => resolve(blockedURI));
        document.body.append(Object.assign(document.createElement('script'), { textContent: 'globalThis.ran = true' }));
      }),
  );
  assert.equal(outcome, 'inline');
  assert.equal(await tab.page.evaluate(() => globalThis.ran), undefined);
});

testTab('the page says the same policy as the headers', {}, async (tab) => {
  const directives = (policy) => policy.split(';').map((directive) => directive.trim());
  const meta = await tab.page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  const header = (await fetch(tab.url)).headers.get('Content-Security-Policy');
  assert.ok(directives(header).includes("connect-src 'self'"));
  // A <meta> cannot say who may frame the page.
  const sayable = directives(header).filter((directive) => !directive.startsWith('frame-ancestors'));
  assert.deepEqual(directives(meta), sayable);
});

/**
 * The two local servers, of Node and of Python, are one behaviour: each request of one table is answered by both with the
 * same status, headers and bytes, and they are the ones that the table has.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { emptyFolder, pipInstall, ROOT, run, startServer, VERSION } from './programs.mjs';

const EVENTS = 'events.out.tfevents.1.host';
const FILE = `/logs/files/0/${EVENTS}`;
const MAIN = join(ROOT, 'web/server/main.mjs');
const assets = await readdir(join(ROOT, 'dist/assets'));
const asset = (pattern) => `/assets/${assets.find((name) => pattern.test(name))}`;
/** Of the answer; what is not the same on both sides by nature (Date, Connection) is not here. */
const HEADERS = [
  'accept-ranges',
  'allow',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-range',
  'content-security-policy',
  'content-type',
  'cross-origin-resource-policy',
  'location',
  'permissions-policy',
  'referrer-policy',
  'vary',
  'x-content-type-options',
];

let folder;
let python;
/** Where each listens. */
let servers;

before(async () => {
  folder = await emptyFolder();
  const files = {
    [`logs/${EVENTS}`]: '0123456789',
    [`logs/lr=0.1/größe 100%'()*!/${EVENTS}`]: 'x',
    [`logs/𝒳/${EVENTS}`]: 'x',
    [`logs/ﬁ/${EVENTS}`]: 'x',
    'logs/empty.tfevents': '',
    'logs/RUN.TAR.GZ': 'packed',
    'logs/.zip': 'a mere name',
    'logs/x.tfevents.profile-empty': '',
    'logs/notes.txt': 'secret',
    'logs/hparams.yaml': 'lr: 1',
    'logs/model.pt': 'weights',
    'logs/model.ckpt-1.index': 'i',
    'logs/model.ckpt-1.data-00000-of-00001': 'd',
    'logs/plugins/profile/1/host.xplane.pb': 'p',
    'logs/plugins/profile/1/host.trace.gz': 'p',
    'logs/embedding/projector_config.pbtxt': [
      String.raw`embeddings { tensor_path: "t\303\244\x62" '.tsv' metadata_path: "./sub//m.tsv" }`,
      String.raw`embeddings { tensor_path: "../notes.txt" sprite { image_path: "/etc/passwd" } }`,
      String.raw`embeddings { tensor_path: "link.tsv" bookmarks_path : 'sub\\b.txt' }`,
    ].join('\n'),
    'logs/embedding/täb.tsv': '1\t2',
    'logs/embedding/sub/m.tsv': 'a',
    'logs/embedding/sub/b.txt': '[]',
    'logs/embedding/sub/other.tsv': 'secret',
    [`outside/${EVENTS}`]: 'secret',
    [`other/logs/${EVENTS}`]: 'x',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const links = {
    'leak.tfevents': `outside/${EVENTS}`,
    leak: 'outside',
    loop: 'logs',
    'embedding/link.tsv': `outside/${EVENTS}`,
    'link.tfevents': `logs/${EVENTS}`,
    'gone.tfevents': 'nowhere',
  };
  for (const [path, to] of Object.entries(links)) await symlink(join(folder, to), join(folder, 'logs', path));
  await mkdir(join(folder, 'logs/folder.tfevents'));
  execFileSync('mkfifo', [join(folder, 'logs/pipe.tfevents')]);
  python = join(await pipInstall(), 'tensorpane');
  servers = await Promise.all(start([join(folder, 'logs')]));
});

const start = (args) => [
  startServer(process.execPath, [MAIN, ...args, '--port', '0']),
  startServer(python, [...args, '--port', '0']),
];

/** Sends the path as it is: fetch() would tidy up `..`, and sets its own Host. */
function ask(server, path, { method = 'GET', headers = {} } = {}) {
  const { hostname, port } = new URL(server);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method, headers, agent: false }, (response) => {
      const pieces = [];
      response.on('data', (bytes) => pieces.push(bytes));
      response.on('end', () => {
        const told = HEADERS.flatMap((name) => (name in response.headers ? [[name, response.headers[name]]] : []));
        const body = Buffer.concat(pieces).toString('latin1');
        resolve({ status: response.statusCode, headers: Object.fromEntries(told), body });
      });
    })
      .on('error', reject)
      .end();
  });
}

/** What both answer. */
async function askBoth(path, options, both = servers) {
  const [node, py] = await Promise.all(both.map((server) => ask(server, path, options)));
  assert.deepEqual(py, node, `Python's answer to ${path}`);
  return node;
}

const range = (value) => ({ headers: { Range: value } });
const host = (value) => ({ headers: { Host: value } });

/** name, path, options, status, and some of the headers */
const TABLE = [
  ['the page', '/', {}, 200, { 'content-type': 'text/html;charset=utf-8', 'cache-control': 'no-cache' }],
  ['the page, by name', '/index.html?testing=1', {}, 200],
  ['HEAD of the page', '/', { method: 'HEAD' }, 200],
  ['the page of links', '/open/', {}, 200, { 'content-type': 'text/html;charset=utf-8' }],
  ['that, by name', '/open/index.html', {}, 200],
  ['that, less its slash', '/open', {}, 308, { location: '/open/' }],
  ['views in other pages', '/embed/', {}, 200, { 'cross-origin-resource-policy': 'cross-origin' }],
  ['that, less its slash', '/embed', {}, 308, { location: '/embed/' }],
  ['a script', asset(/\.js$/), {}, 200, { 'content-type': 'text/javascript', 'cache-control': 'public, max-age=31536000, immutable' }], // prettier-ignore
  ['a style sheet', asset(/\.css$/), {}, 200, { 'content-type': 'text/css' }],
  ['wasm', asset(/\.wasm$/), {}, 200, { 'content-type': 'application/wasm' }],
  ['a part of it', asset(/\.wasm$/), range('bytes=4-7'), 206],
  [
    'a script, packed',
    asset(/\.js$/),
    { headers: { 'Accept-Encoding': 'gzip, br' } },
    200,
    { 'content-encoding': 'br' },
  ],
  ['the page, not packed', '/', { headers: { 'Accept-Encoding': 'gzip, br' } }, 200],
  ['a page, packed or not', '/open/', { headers: { 'Accept-Encoding': 'br' } }, 200],
  ['all of an empty log', '/logs/files/0/empty.tfevents', { headers: { Range: 'bytes=0-' } }, 200],
  ['the icon', '/icon.svg', {}, 200, { 'content-type': 'image/svg+xml' }],
  ['nothing', '/nowhere', {}, 404, { 'cache-control': 'no-store' }],
  ['a folder of the page', '/assets/', {}, 404],
  ['up from the page', '/../netlify.toml', {}, 404],
  ['up from the page, encoded', '/%2e%2e/netlify.toml', {}, 404],
  ['up from the page, encoded slash', '/assets/..%2f..%2fnetlify.toml', {}, 404],
  ['malformed in the page', '/%zz', {}, 404],
  ['the manifest', '/logs/manifest.json', {}, 200, { 'content-type': 'application/json' }],
  ['a log', FILE, {}, 200, { 'content-length': '10', 'accept-ranges': 'bytes', 'cache-control': 'no-store' }],
  ['HEAD of a log', FILE, { method: 'HEAD' }, 200, { 'content-length': '10' }],
  ['an empty log', '/logs/files/0/empty.tfevents', {}, 200, { 'content-length': '0' }],
  ['an archive', '/logs/files/0/RUN.TAR.GZ', {}, 200],
  ['hyperparameters', '/logs/files/0/hparams.yaml', {}, 200],
  ['a link within', '/logs/files/0/link.tfevents', {}, 200],
  ['what a config names', '/logs/files/0/embedding/t%C3%A4b.tsv', {}, 200],
  ...[
    ['bytes=2-4', 'bytes 2-4/10'],
    ['bytes=0-0', 'bytes 0-0/10'],
    ['bytes=7-', 'bytes 7-9/10'],
    ['bytes=8-99', 'bytes 8-9/10'],
    ['bytes=-3', 'bytes 7-9/10'],
    ['bytes=-99', 'bytes 0-9/10'],
  ].map(([value, told]) => [`range ${value}`, FILE, range(value), 206, { 'content-range': told }]),
  ...['bytes=10-', 'bytes=10-20', 'bytes=-0'].map((value) => [
    `range ${value} behind the end`,
    FILE,
    range(value),
    416,
    { 'content-range': 'bytes */10' },
  ]),
  ...['bytes=5-2', 'bytes=1-2,4-5', 'bytes=-', 'lines=1-2', 'bytes=+1-2', 'bytes=1_0-'].map((value) => [
    `range ${value} is none`,
    FILE,
    range(value),
    200,
    { 'content-length': '10' },
  ]),
  ...[
    ['another file', 'notes.txt'],
    ['up', `../outside/${EVENTS}`],
    ['up, encoded', `%2e%2e/outside/${EVENTS}`],
    ['up, encoded slash', `..%2foutside%2f${EVENTS}`],
    ['up, backslash', `..\\outside\\${EVENTS}`],
    ['absolute', '/etc/tfevents'],
    ['NUL', `${EVENTS}%00`],
    ['malformed', '%zz.tfevents'],
    ['malformed at the end', `${EVENTS}%`],
    ['no UTF-8', '%ff.tfevents'],
    ['a symlink out', 'leak.tfevents'],
    ['a folder symlink out', `leak/${EVENTS}`],
    ['a link to nothing', 'gone.tfevents'],
    ['a folder', 'folder.tfevents'],
    ['a pipe, which would be waited for', 'pipe.tfevents'],
    ['weights, which the page does not read', 'model.pt'],
    ['what no config names', 'embedding/sub/other.tsv'],
    ['a symlink out that a config names', 'embedding/link.tsv'],
    ['what a config names above it', 'embedding/../notes.txt'],
    ['no name', ''],
  ].map(([name, path]) => [name, `/logs/files/0/${path}`, {}, 404]),
  ['no such folder', `/logs/files/1/${EVENTS}`, {}, 404],
  ['a folder that is no number', `/logs/files/constructor/${EVENTS}`, {}, 404],
  ['a negative one', `/logs/files/-1/${EVENTS}`, {}, 404],
  ...['localhost', 'LOCALHOST:6007', '127.0.0.1:80', '[::1]:6007'].map((name) => [`Host ${name}`, '/', host(name), 200]), // prettier-ignore
  ...['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:6007', 'localhost@evil.example', '192.168.0.2'].flatMap((name) =>
    ['/', '/logs/manifest.json', FILE, asset(/\.js$/)].map((path) => [`Host ${name}, ${path}`, path, host(name), 403]),
  ), // prettier-ignore
  ...['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'].map((method) => [method, FILE, { method }, 405, { allow: 'GET, HEAD' }]), // prettier-ignore
];

test('each request of the table', async (t) => {
  for (const [name, path, options, status, headers = {}] of TABLE) {
    await t.test(name, async () => {
      const answer = await askBoth(path, options);
      assert.equal(answer.status, status);
      for (const [header, value] of Object.entries(headers)) assert.equal(answer.headers[header], value, header);
      if (status >= 400) assert.doesNotMatch(answer.body, /secret|0123/);
      assert.match(answer.headers['content-security-policy'], /default-src 'none'/);
    });
  }
});

test('the manifest has what is there, and nothing else', async () => {
  const { body } = await askBoth('/logs/manifest.json');
  const { files, beside } = JSON.parse(Buffer.from(body, 'latin1').toString());
  assert.deepEqual(
    files.map(({ path }) => path),
    [
      'RUN.TAR.GZ',
      'empty.tfevents',
      EVENTS,
      'link.tfevents',
      `lr=0.1/größe 100%'()*!/${EVENTS}`,
      `𝒳/${EVENTS}`,
      `ﬁ/${EVENTS}`,
    ],
  );
  assert.deepEqual(
    beside.map(({ path, kind, url }) => [path, kind, url !== undefined]),
    [
      ['embedding/projector_config.pbtxt', 'projector_config', true],
      ['embedding/sub/b.txt', 'bookmarks', true],
      ['embedding/sub/m.tsv', 'embedding', true],
      ['embedding/täb.tsv', 'embedding', true],
      ['hparams.yaml', 'hparams', true],
      ['model.ckpt-1.data-00000-of-00001', 'checkpoint', true],
      ['model.ckpt-1.index', 'checkpoint', true],
      ['model.pt', 'torch', false],
      ['plugins/profile/1/host.trace.gz', 'profile', false],
      ['plugins/profile/1/host.xplane.pb', 'profile', false],
      ['x.tfevents.profile-empty', 'profile_mark', false],
    ],
  );
  for (const { url } of [...files, ...beside].filter(({ url }) => url !== undefined)) {
    const { pathname } = new URL(url, 'http://localhost/logs/manifest.json');
    assert.equal((await askBoth(pathname)).status, 200, pathname);
  }
});

test('a page that is there already is not sent again', async () => {
  for (const server of servers) {
    const { pathname } = new URL(asset(/\.js$/), server);
    const first = await fetch(new URL(pathname, server));
    const etag = first.headers.get('etag');
    assert.equal((await fetch(new URL(pathname, server), { headers: { 'If-None-Match': etag } })).status, 304);
  }
});

test("TensorBoard's flags name folders as positional ones do", async () => {
  const logs = join(folder, 'logs');
  const other = join(folder, 'other');
  const names = async (args) => {
    const { body } = await askBoth('/logs/manifest.json', {}, await Promise.all(start(args)));
    const { name, files } = JSON.parse(Buffer.from(body, 'latin1').toString());
    return [name, files.find(({ path }) => path.endsWith(EVENTS)).path];
  };
  assert.deepEqual(await names(['--logdir', other]), ['other', `logs/${EVENTS}`]);
  assert.deepEqual(await names([other, `--logdir=${join(other, 'logs')}`]), ['other, logs', `logs/${EVENTS}`]);
  assert.deepEqual(await names(['--logdir_spec', `base:${other}`]), ['base', `base/logs/${EVENTS}`]);
  assert.deepEqual(await names(['--logdir_spec', `a:${logs},${other}`]), ['a, other', `a/${EVENTS}`]);
});

test('without a folder the page is served alone', async () => {
  const both = await Promise.all(start([]));
  assert.doesNotMatch((await askBoth('/', {}, both)).body, /tensorpane-logs/);
});

test('manifest writes the same file', async () => {
  const write = async (program, first, args) => run(program, [...first, 'manifest', join(folder, 'logs'), ...args]);
  for (const args of [
    ['-o', '-'],
    ['-o', '-', '--sha256', '--base', 'https://host/logs'],
  ]) {
    assert.equal(await write(python, [], args), await write(process.execPath, [MAIN], args));
  }
});

test('what is wrong is one sentence', async () => {
  for (const [program, first] of [
    [process.execPath, [MAIN]],
    [python, []],
  ]) {
    const fails = async (...args) => {
      const error = await run(program, [...first, ...args]).then(
        () => assert.fail('it went well'),
        (e) => e,
      );
      return error.stderr;
    };
    assert.equal(await fails('/nowhere'), '/nowhere does not exist\n');
    assert.equal(await fails('--port', 'x'), '--port: got x, want 0…65535\n');
    assert.match(await fails(join(folder, 'logs', EVENTS)), /is not a folder: name the folder that the event files/);
    assert.equal((await run(program, [...first, '--version'])).trim(), VERSION);
  }
});

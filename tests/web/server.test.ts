import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { headersFor, metaPolicy, readHeaderRules } from '../../web/server/headers.mjs';
import { Logs, type Manifest } from '../../web/server/logs.mjs';
import { createServer, parseRange } from '../../web/server/server.mjs';

const EVENTS = 'events.out.tfevents.1.host';
const TEN_BYTES = '0123456789';
const headerRules = readHeaderRules();

let folder: string;
let server: Server;

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

interface AskOptions {
  method?: string;
  headers?: Record<string, string>;
  /** Of another server than `server`. */
  host?: string;
  port?: number;
}

/** Sends the path as it is: fetch() would tidy up `..`, and sets its own Host. */
function ask(path: string, options: AskOptions = {}): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    request({ port, path, host: '127.0.0.1', agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

const manifest = async (): Promise<Manifest> => JSON.parse((await ask('/logs/manifest.json')).body) as Manifest;
const range = (value: string): Promise<Answer> => ask(`/logs/files/0/${EVENTS}`, { headers: { Range: value } });

async function start(options: { folders: string[]; hostNames?: string[] | 'any' }): Promise<Server> {
  const logs = await Logs.open(options.folders);
  const started = createServer({
    dist: join(folder, 'dist'),
    logs,
    headerRules,
    hostNames: options.hostNames ?? [],
  });
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return started;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorpane-server-'));
  for (const path of ['dist/assets', 'logs/lr=0.1/größe 100%', 'other/logs/run', 'outside']) {
    await mkdir(join(folder, path), { recursive: true });
  }
  await writeFile(join(folder, 'dist/index.html'), '<html><head><title>x</title></head></html>');
  await writeFile(join(folder, 'dist/assets/worker-1a2b.js'), 'self;');
  await writeFile(join(folder, 'dist/assets/tensorpane-1a2b.wasm'), 'wasm');
  await writeFile(join(folder, 'logs', EVENTS), TEN_BYTES);
  await writeFile(join(folder, 'logs/lr=0.1/größe 100%', EVENTS), TEN_BYTES);
  await writeFile(join(folder, 'logs/empty.tfevents'), '');
  await writeFile(join(folder, 'logs/run.tar.gz'), 'packed');
  await writeFile(join(folder, 'logs/notes.txt'), 'secret');
  await writeFile(join(folder, 'other/logs/run', EVENTS), 'x');
  await writeFile(join(folder, 'outside', EVENTS), 'secret');
  await symlink(join(folder, 'outside', EVENTS), join(folder, 'logs/leak.tfevents'));
  await symlink(join(folder, 'outside'), join(folder, 'logs/leak'));
  await symlink(join(folder, 'logs'), join(folder, 'logs/loop'));
  await symlink(join(folder, 'logs', EVENTS), join(folder, 'logs/link.tfevents'));
  await mkdir(join(folder, 'logs/folder.tfevents'));
  await promisify(execFile)('mkfifo', [join(folder, 'logs/pipe.tfevents')]);
  server = await start({ folders: [join(folder, 'logs')] });
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

describe('manifest', () => {
  test('lists event files and archives only, with URLs that work', async () => {
    const { version, name, files } = await manifest();
    expect(version).toBe(1);
    expect(name).toBe('logs');
    expect(files.map(({ path, size }) => [path, size])).toEqual([
      ['empty.tfevents', 0],
      [EVENTS, 10],
      ['link.tfevents', 10],
      [`lr=0.1/größe 100%/${EVENTS}`, 10],
      ['run.tar.gz', 6],
    ]);
    for (const { url, size } of files) {
      const { pathname } = new URL(url, 'http://localhost/logs/manifest.json');
      expect((await ask(pathname)).body).toHaveLength(size);
    }
  });

  test('is made anew for every request', async () => {
    const file = join(folder, 'logs/growing.tfevents');
    await writeFile(file, 'ab');
    expect((await manifest()).files.find(({ path }) => path === 'growing.tfevents')?.size).toBe(2);
    await appendFile(file, 'cd');
    expect((await manifest()).files.find(({ path }) => path === 'growing.tfevents')?.size).toBe(4);
    await rm(file);
  });

  test('folders that link to each other are listed once', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `run${i}`);
    for (const name of names) {
      await mkdir(join(folder, 'linked', name), { recursive: true });
      await writeFile(join(folder, 'linked', name, EVENTS), 'x');
      for (const other of names) await symlink(`../${other}`, join(folder, 'linked', name, `to-${other}`));
    }
    const { files } = await (await Logs.open([join(folder, 'linked')])).manifest();
    expect(files.map(({ path }) => path)).toEqual(names.map((name) => `${name}/${EVENTS}`).sort());
  });

  test('files beside the event files are listed, and given out only if the page reads them', async () => {
    const run = join(folder, 'beside/run');
    await mkdir(join(run, 'sub'), { recursive: true });
    const config = ['sub/t.tsv', 'nowhere.tsv', '../secret.tsv', '/etc/passwd', 'link.tsv']
      .map((path) => `embeddings { tensor_path: "${path}" }`)
      .join('\n');
    const files = {
      [EVENTS]: 'x',
      'projector_config.pbtxt': config,
      'sub/t.tsv': '1\t2',
      'sub/other.tsv': '3',
      'hparams.yaml': 'lr: 1',
      'model.pt': 'weights',
      '../secret.tsv': '4',
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(run, name), text);
    await writeFile(join(folder, 'outside.tsv'), '5');
    await symlink(join(folder, 'outside.tsv'), join(run, 'link.tsv'));
    const logs = await Logs.open([join(folder, 'beside')]);
    const { beside } = await logs.manifest();
    expect(beside.map(({ path, kind, size, url }) => [path, kind, size, url !== undefined])).toEqual([
      ['run/hparams.yaml', 'hparams', 5, true],
      ['run/model.pt', 'torch', 7, false],
      ['run/projector_config.pbtxt', 'projector_config', config.length, true],
      ['run/sub/t.tsv', 'embedding', 3, true],
    ]);
    const isGiven = async (path: string): Promise<boolean> => (await logs.find(`0/${path}`)) !== undefined;
    for (const path of ['run/hparams.yaml', 'run/projector_config.pbtxt', 'run/sub/t.tsv']) {
      expect(await isGiven(path), path).toBe(true);
    }
    const kept = ['run/model.pt', 'run/sub/other.tsv', 'secret.tsv', 'run/../secret.tsv', 'run/link.tsv', 'run', ''];
    for (const path of kept) expect(await isGiven(path), path).toBe(false);
  });

  test('several folders: paths begin with the name of theirs', async () => {
    const logs = await Logs.open([join(folder, 'logs'), join(folder, 'other/logs')]);
    const { name, files } = await logs.manifest();
    expect(name).toBe('logs, logs (2)');
    expect(files.map(({ path }) => path)).toContain(`logs/${EVENTS}`);
    expect(files.map(({ path }) => path)).toContain(`logs (2)/run/${EVENTS}`);
  });

  test('a folder that is not there, or a file, is refused with a sentence', async () => {
    await expect(Logs.open([join(folder, 'nowhere')])).rejects.toThrow('does not exist');
    await expect(Logs.open([join(folder, 'logs', EVENTS)])).rejects.toThrow('is not a folder');
  });
});

describe('log files', () => {
  test('whole', async () => {
    const { status, headers, body } = await ask(`/logs/files/0/${EVENTS}`);
    expect(status).toBe(200);
    expect(body).toBe(TEN_BYTES);
    expect(headers).toMatchObject({ 'content-length': '10', 'accept-ranges': 'bytes', 'cache-control': 'no-store' });
  });

  test.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=-99', TEN_BYTES, 'bytes 0-9/10'],
  ])('range %s', async (value, part, contentRange) => {
    const { status, headers, body } = await range(value);
    expect(status).toBe(206);
    expect(body).toBe(part);
    expect(headers['content-range']).toBe(contentRange);
    expect(headers['content-length']).toBe(String(part.length));
  });

  test.each(['bytes=10-', 'bytes=10-20', 'bytes=-0'])('range %s lies behind the end', async (value) => {
    const { status, headers } = await range(value);
    expect(status).toBe(416);
    expect(headers['content-range']).toBe('bytes */10');
  });

  test('an empty file is sent whole, whatever range is asked of it', () => {
    expect(parseRange('bytes=0-', 0)).toBeUndefined();
  });

  test.each(['bytes=5-2', 'bytes=1-2,4-5', 'bytes=-', 'lines=1-2'])(
    'range %s is no range: all is sent',
    async (value) => {
      const { status, body } = await range(value);
      expect(status).toBe(200);
      expect(body).toBe(TEN_BYTES);
    },
  );

  test('HEAD has the headers only', async () => {
    const { status, headers, body } = await ask(`/logs/files/0/${EVENTS}`, { method: 'HEAD' });
    expect(status).toBe(200);
    expect(headers['content-length']).toBe('10');
    expect(body).toBe('');
  });

  test.each([
    ['another file', '/logs/files/0/notes.txt'],
    ['up', `/logs/files/0/../outside/${EVENTS}`],
    ['up, encoded', `/logs/files/0/%2e%2e/outside/${EVENTS}`],
    ['up, encoded slash', `/logs/files/0/..%2foutside%2f${EVENTS}`],
    ['absolute', `/logs/files/0//etc/tfevents`],
    ['NUL', `/logs/files/0/${EVENTS}%00`],
    ['malformed', '/logs/files/0/%zz.tfevents'],
    ['symlink out', '/logs/files/0/leak.tfevents'],
    ['folder symlink out', `/logs/files/0/leak/${EVENTS}`],
    ['a folder', '/logs/files/0/folder.tfevents'],
    ['a pipe, which would be waited for', '/logs/files/0/pipe.tfevents'],
    ['no such folder', `/logs/files/1/${EVENTS}`],
    ['not a number', `/logs/files/constructor/${EVENTS}`],
    ['up from the page', '/../logs/notes.txt'],
    ['up from the page, encoded', '/%2e%2e/logs/notes.txt'],
  ])('not given out: %s', async (_what, path) => {
    const { status, body } = await ask(path);
    expect(status).toBe(404);
    expect(body).not.toContain('secret');
  });
});

describe('who is answered', () => {
  test.each(['localhost', 'LOCALHOST:6007', '127.0.0.1:80', '[::1]:6007'])('Host %s', async (host) => {
    expect((await ask('/', { headers: { host } })).status).toBe(200);
  });

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:6007',
    'localhost@evil.example',
    '192.168.0.2',
  ])('not Host %j', async (host) => {
    for (const path of ['/', '/logs/manifest.json', `/logs/files/0/${EVENTS}`, '/assets/worker-1a2b.js']) {
      const { status, body } = await ask(path, { headers: { host } });
      expect(status).toBe(403);
      expect(body).not.toContain(TEN_BYTES);
    }
  });

  test.each([
    [['training.example'], [200, 200, 403]],
    ['any' as const, [200, 200, 200]],
  ])('with the host names %j', async (hostNames, statuses) => {
    const local = server;
    server = await start({ folders: [join(folder, 'logs')], hostNames });
    const answers = ['localhost', 'Training.example:6007', 'evil.example'].map((host) =>
      ask('/', { headers: { host } }),
    );
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(statuses);
    server.close();
    server = local;
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('not %s', async (method) => {
    const { status, headers } = await ask(`/logs/files/0/${EVENTS}`, { method });
    expect(status).toBe(405);
    expect(headers.allow).toBe('GET, HEAD');
  });
});

describe('the page', () => {
  test('names the manifest when there are logs', async () => {
    const mark = '<head><meta name="tensorpane-logs" content="logs/manifest.json" />';
    expect((await ask('/')).body).toContain(mark);
    expect((await ask('/index.html?testing=1')).body).toContain(mark);
    const local = server;
    server = await start({ folders: [] });
    expect((await ask('/')).body).not.toContain('tensorpane-logs');
    server.close();
    server = local;
  });

  test.each([
    '/',
    '/index.html',
    '/open/',
    '/embed/index.html',
    '/assets/worker-1a2b.js',
    '/assets/tensorpane-1a2b.wasm',
    '/logs/manifest.json',
    '/nowhere',
  ])('%s has the headers of netlify.toml', async (path) => {
    const { headers } = await ask(path);
    for (const [name, value] of Object.entries(headersFor(headerRules, path))) {
      expect(headers[name.toLowerCase()]).toBe(value);
    }
  });

  test('what the headers say', () => {
    const page = headersFor(headerRules, '/')['Content-Security-Policy'];
    expect(page).toContain("default-src 'none'");
    expect(page).toContain("connect-src 'self';");
    expect(page).toContain("frame-ancestors 'none'");
    expect(page).not.toContain('unsafe-inline');
    expect(metaPolicy(headerRules, '/')).toBe(page?.replace("; frame-ancestors 'none'", ''));
    // The page of links may fetch from hosts; that of views may, and be framed. Else they are as strict.
    const fetching = page?.replace("connect-src 'self'", "connect-src 'self' https: http:");
    expect(headersFor(headerRules, '/open/')['Content-Security-Policy']).toBe(fetching);
    expect(headersFor(headerRules, '/embed/')['Content-Security-Policy']).toBe(fetching?.replace("ancestors 'none'", 'ancestors *')); // prettier-ignore
    expect(headersFor(headerRules, '/assets/worker-1a2b.js')).toMatchObject({
      'Content-Security-Policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
      'Cache-Control': 'public, max-age=31536000, immutable',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
    expect(headersFor(headerRules, '/assets/tensorpane-1a2b.wasm')['Content-Type']).toBe('application/wasm');
    expect(headersFor(headerRules, '/index.html')['Cache-Control']).toBeUndefined();
  });
});

describe('command line', () => {
  const main = fileURLToPath(new URL('../../web/server/main.mjs', import.meta.url));

  /** Starts the server, reads the first line it prints (its exit code if it prints none), and ends it after `use`. */
  async function firstLine(
    args: string[],
    use: (line: string) => Promise<void> = () => Promise.resolve(),
  ): Promise<{ stdout: string; stderr: string }> {
    const child = spawn(process.execPath, [main, ...args]);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const closed = once(child, 'close');
    const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), closed]);
    try {
      await use(String(line));
    } finally {
      child.kill();
      await closed;
    }
    return { stdout: String(line), stderr };
  }

  test('prints the address; a port that is taken gives the next free one', async () => {
    const { port } = server.address() as AddressInfo;
    const { stdout, stderr } = await firstLine([join(folder, 'logs'), '--port', String(port)]);
    const [, printed] = /^Tensorpane: http:\/\/127\.0\.0\.1:(\d+)\/$/.exec(stdout) ?? [];
    expect(Number(printed)).toBeGreaterThan(port);
    expect(stderr).toBe('');
  });

  test.each(['127.0.0.1', '127.0.0.2', 'localhost'])('--host %s lets nobody else in', async (host) => {
    const { stdout, stderr } = await firstLine([join(folder, 'logs'), '--host', host, '--port', '0'], async (line) => {
      const port = Number(/:(\d+)\/$/.exec(line)?.[1]);
      for (const [name, status] of [
        [`${host}:${port}`, 200],
        [`evil.example:${port}`, 403],
      ] as const) {
        expect((await ask('/logs/manifest.json', { host, port, headers: { host: name } })).status).toBe(status);
      }
    });
    expect(stdout).toContain(`http://${host}:`);
    expect(stderr).toBe('');
  });

  test('--host of an address that others reach answers any Host, and warns', async () => {
    const { stdout, stderr } = await firstLine(['--host', '0.0.0.0', '--port', '0'], async (line) => {
      const port = Number(/:(\d+)\/$/.exec(line)?.[1]);
      const headers = { host: 'training.example' };
      expect((await ask('/logs/manifest.json', { port, headers })).status).toBe(200);
    });
    expect(stdout).toContain('http://0.0.0.0:');
    expect(stderr).toBe('Warning: anyone who can reach 0.0.0.0 can read these logs\n');
  });

  test.each([
    [['/nowhere'], '/nowhere does not exist\n'],
    [['--port', 'x'], '--port: got x, want 0…65535\n'],
  ])('%j is refused', async (args, sentence) => {
    const { stdout, stderr } = await firstLine(args);
    expect(stdout).toBe('1');
    expect(stderr).toBe(sentence);
  });
});

test('a manifest is written for other hosts', async () => {
  const root = await mkdtemp(join(tmpdir(), 'tensorpane-manifest-'));
  const program = fileURLToPath(new URL('../../web/server/main.mjs', import.meta.url));
  const write = (...args: string[]) =>
    promisify(execFile)(process.execPath, [program, 'manifest', ...args], { cwd: root });
  const urls = (text: string): string[] => (JSON.parse(text) as Manifest).files.map(({ url }) => url);
  try {
    await mkdir(join(root, 'logs/a b'), { recursive: true });
    await writeFile(join(root, 'logs/a b', EVENTS), TEN_BYTES);
    await writeFile(join(root, 'logs/secret.txt'), 'x');
    await write('logs');
    const own = (await promisify(execFile)('cat', [join(root, 'logs/manifest.json')])).stdout;
    expect(JSON.parse(own)).toEqual({
      version: 1,
      name: 'logs',
      files: [{ path: `a b/${EVENTS}`, url: `a%20b/${EVENTS}`, size: 10 }],
      beside: [],
    });
    await write('logs', '-o', 'm.json');
    expect(urls((await promisify(execFile)('cat', [join(root, 'm.json')])).stdout)).toEqual([`logs/a%20b/${EVENTS}`]);
    const { stdout } = await write('logs', '-o', '-', '--base', '/x', '--sha256');
    expect(urls(stdout)).toEqual([`/x/a%20b/${EVENTS}`]);
    const sha256 = '84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882';
    expect((JSON.parse(stdout) as Manifest).files[0]).toMatchObject({ sha256 });
    await expect(write()).rejects.toThrow('name the folder');
    await expect(write('gone')).rejects.toThrow('gone does not exist');
  } finally {
    await rm(root, { recursive: true });
  }
});

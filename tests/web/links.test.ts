/** What a link may name, and what hosts answer: parsers of what strangers wrote, and reads that break. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { linkedUrls, sourcePart, sourcesOf, withSources } from '../../web/src/model/link';
import { nameHost, hosts } from '../../web/src/sources/hosts';
import { hubFileUrl, hubPlaceOfPage, listHub, parseHubPlace } from '../../web/src/sources/hugging_face';
import { firstFetch, hostOf, urlFromText } from '../../web/src/sources/link_url';
import { parseListing, walkListing } from '../../web/src/sources/listing';
import { openUrl } from '../../web/src/sources/linked';
import { openManifest } from '../../web/src/sources/manifest';
import { sizeOfUrl, streamUrl, type OnStall, type UrlRef } from '../../web/src/sources/read_url';
import { stalls, untilRetried } from '../../web/src/sources/stalls';

const EVENTS = 'events.out.tfevents.1.host';
const codeOf = (code: string) =>
  expect.objectContaining({ error: expect.objectContaining({ code }) as unknown }) as Error;

describe('the hash of a link', () => {
  test('names URLs beside the state', () => {
    const hash = '#v=1&url=https://h/a.zip&tags=loss&hf=datasets/u/r@main/x';
    expect(linkedUrls(hash)).toEqual(['https://h/a.zip', 'hf://datasets/u/r@main/x']);
    expect(sourcePart(hash)).toBe('url=https://h/a.zip&hf=datasets/u/r@main/x');
    expect(withSources('v=1&tags=loss', sourcePart(hash))).toBe(`v=1&${sourcePart(hash)}&tags=loss`);
    expect(withSources('', 'url=x')).toBe('v=1&url=x');
    expect(withSources('v=1&tags=x', '')).toBe('v=1&tags=x');
  });

  test('keeps every URL as it is', () => {
    const urls = ['https://h/a b?x=1&y=2#z', 'https://h/a+b%20c', 'https://h/ü', 'hf://u/r@a%2Fb/c d'];
    const encoded = urls.map((url) => (url.startsWith('hf:') ? url : new URL(url).href));
    expect(linkedUrls(sourcesOf(encoded))).toEqual(encoded);
    // By hand.
    expect(linkedUrls('#url=https://h/a+b')).toEqual(['https://h/a+b']);
    expect(linkedUrls('#v=1&url=https://h/my%20run/a+b%2Bc&tags=a+b')).toEqual(['https://h/my%20run/a+b+c']);
    expect(sourcePart('#url=https://h/my%20run')).toBe('url=https://h/my%2520run');
    expect(linkedUrls('#v=1&view=text')).toEqual([]);
    expect(linkedUrls('')).toEqual([]);
  });
});

test('the JSON of a Keras model is a graph, and no manifest', async () => {
  const model = JSON.stringify({ module: 'keras', class_name: 'Sequential', config: {} });
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(model, { headers: { 'Content-Length': String(model.length) } }))); // prettier-ignore
  const opened = await openUrl('https://h/model.json', new AbortController().signal);
  expect(opened.beside.map(({ path, kind }) => [path, kind])).toEqual([['model.json', 'graph']]);
  vi.unstubAllGlobals();
});

test('a URL has a host that is asked first, or cannot be fetched', () => {
  expect(['https://ä.example:81/x', 'hf://u/r', 'javascript:alert(1)', 'hf://u'].map(hostOf)).toEqual([
    'xn--4ca.example:81',
    'huggingface.co',
    undefined,
    undefined,
  ]);
});

test('a pasted text is the URL that a person means, or none', () => {
  expect(urlFromText(' logs.example.org/a.zip\n')).toBe('https://logs.example.org/a.zip');
  expect(urlFromText('localhost:8000/logs/')).toBe('https://localhost:8000/logs/');
  expect(urlFromText('http://h/x')).toBe('http://h/x');
  expect(urlFromText('https://huggingface.co/u/r/tree/main/runs/a%20b')).toBe('hf://u/r@main/runs/a b');
  expect(urlFromText('https://huggingface.co/datasets/u/r')).toBe('hf://datasets/u/r');
  expect(urlFromText('https://huggingface.co/u/r/resolve/main/x')).toBe('https://huggingface.co/u/r/resolve/main/x');
  for (const text of [
    '',
    'x',
    'my logs',
    'javascript:alert(1)',
    'file:///x',
    'data:,x',
    'blob:http://h/x',
    'ftp://h/x',
    'https://',
    'hf://x',
  ]) {
    expect(() => urlFromText(text), text).toThrow();
  }
  expect(firstFetch('hf://u/r')).toMatch(/^https:\/\/huggingface\.co\//);
});

describe('listings', () => {
  const read = (name: string): string =>
    readFileSync(new URL(`../data/listings/${name}.html`, import.meta.url), 'utf8');
  const long = 'a_very_long_name_that_the_server_cuts_off_in_its_listing_events.out.tfevents.3.host';
  const files = ['100% <ü>.txt', long, 'events.out.tfevents.2.host'];

  test.each(['nginx', 'apache_plain', 'apache_fancy', 'apache_table'])('of %s', (server) => {
    const listing = parseListing({ url: 'http://h/logs/', html: read(server) });
    expect(listing?.files.map(({ name }) => name)).toEqual(files);
    expect(listing?.folders).toEqual([{ name: 'runs', url: 'http://h/logs/runs/' }]);
    expect(decodeURIComponent(listing?.files[0]?.url ?? '')).toBe('http://h/logs/100% <ü>.txt');
  });

  test('of python -m http.server', () => {
    const listing = parseListing({ url: 'http://h/logs/', html: read('python') });
    expect(listing?.files.map(({ name }) => name)).toEqual(files);
    expect(listing?.folders.map(({ name }) => name)).toEqual(['.hidden', 'runs']);
  });

  test.each(['nginx_runs', 'apache_table_runs'])('%s: names with what HTML and URLs escape', (server) => {
    const listing = parseListing({ url: 'http://h/logs/runs/', html: read(server) });
    expect(listing?.folders.map(({ name }) => name)).toEqual(["a & b's run", 'lr=0.1']);
    expect(listing?.files).toEqual([]);
  });

  test('never lead out of their folder', () => {
    const links = [
      'x',
      '../x',
      '/x',
      '//other/x',
      'http://other/x',
      'http://h/logs2/x',
      '%2e%2e/x',
      '.%2E/x',
      '..%2fx',
      'a%2f..%2fx',
      'a\\x',
      'a/../../x',
      'a/b',
      '.',
      './',
      '?C=N',
      '#x',
      'x?y',
      'javascript:x',
      'data:,x',
      'file:///x',
      '&#46;&#46;/x',
      'a%00b',
      'http://h:81/logs/x',
      'https://h/logs/x',
      'http://u@h/logs/x',
    ];
    const html = `<h1>Index of /</h1>${links.map((link) => `<a href="${link}">x</a>`).join('\n')}`;
    expect(parseListing({ url: 'http://h/logs/', html })).toEqual({
      files: [{ name: 'x', url: 'http://h/logs/x' }],
      folders: [],
    });
  });

  test('are told from pages, and take no longer than they are long', () => {
    expect(parseListing({ url: 'http://h/', html: '<title>Home</title><a href="x">x</a>' })).toBeUndefined();
    for (const piece of ['<a ', '<a href=', '<a href="', '<title', '<title>', '<a hrefhref', '<a href   ', '&#']) {
      const html = `<title>Index of</title>${piece.repeat((1 << 20) / piece.length)}`;
      expect(parseListing({ url: 'http://h/', html })).toEqual({ files: [], folders: [] });
    }
    expect(parseListing({ url: 'http://h/', html: '<title>'.repeat(1 << 17) })).toBeUndefined();
  });

  test('are walked; a folder that fails costs only itself', async () => {
    const page = (...links: string[]): string =>
      `<title>Index of</title>${links.map((link) => `<a href="${link}">`).join('')}`;
    const pages: Record<string, string> = { 'http://h/l/a/': page('x', 'b/'), 'http://h/l/a/b/': page('y') };
    const walked = await walkListing({ url: 'http://h/l/', html: page('a/', 'gone/', 'away/') }, 'l', (url) => {
      if (url.endsWith('away/')) return Promise.resolve({ url: 'http://h/other/', html: page('z') });
      const html = pages[url];
      return html === undefined ? Promise.reject(new Error('404')) : Promise.resolve({ url, html });
    });
    expect(walked.refs.map(({ path }) => path)).toEqual(['l/a/x', 'l/a/b/y']);
    expect(walked.unreadable).toEqual(['l/gone', 'l/away']);
  });
});

describe('the Hugging Face Hub', () => {
  test('has places', () => {
    expect(parseHubPlace('u/r')).toEqual({ type: 'models', repo: 'u/r', revision: 'main', path: '' });
    expect(parseHubPlace('datasets/u/r.x@v1.0/a/b/')).toEqual({
      type: 'datasets',
      repo: 'u/r.x',
      revision: 'v1.0',
      path: 'a/b',
    });
    const place = parseHubPlace('spaces/u/r@refs%2Fpr%2F1/a b');
    expect(place).toEqual({ type: 'spaces', repo: 'u/r', revision: 'refs/pr/1', path: 'a b' });
    expect(hubFileUrl(place, 'a b/#x')).toBe('https://huggingface.co/spaces/u/r/resolve/refs%2Fpr%2F1/a%20b/%23x');
    for (const text of [
      '',
      'u',
      'datasets/u',
      '../x',
      'u/..',
      'u/r/../x',
      'u/r@..',
      'u/r@%2e%2e%2fx/',
      'u/r//x',
      '/u/r',
      'u/r@%',
      'u/r?x/y',
      'u/r\\x/a',
    ]) {
      expect(() => parseHubPlace(text), text).toThrow('bad_hub_place');
    }
    for (const url of [
      'https://huggingface.co/docs/hub',
      'https://huggingface.co/datasets/u',
      'https://huggingface.co.evil.org/u/r',
    ]) {
      expect(hubPlaceOfPage(url), url).toBeUndefined();
    }
  });

  test('lists files in pages, of which only its own are followed', async () => {
    const file = (path: unknown, size: unknown = 1) => ({ type: 'file', path, size });
    const tree = 'https://huggingface.co/api/models/u/r/tree/main/runs';
    const answers = new Map([
      [
        `${tree}?recursive=true`,
        {
          text: JSON.stringify([{ type: 'directory', path: 'runs/a' }, file('runs/a/x', 5), null, file(7)]),
          link: `<${tree}?cursor=2>; rel="next"`,
        },
      ],
      [`${tree}?cursor=2`, { text: JSON.stringify([file('runs/y', 'many'), file('other/z')]), link: null }],
    ]);
    const refs = await listHub(parseHubPlace('u/r/runs'), 'runs', (url) => Promise.resolve(answers.get(url)!));
    expect(refs).toMatchObject([
      { path: 'runs/a/x', size: 5, url: 'https://huggingface.co/u/r/resolve/main/runs/a/x' },
      { path: 'runs/y', url: 'https://huggingface.co/u/r/resolve/main/runs/y' },
    ]);
    const failing = [
      { text: '{}', link: null },
      { text: '<html>', link: null },
      { text: JSON.stringify([file('a/../x')]), link: null },
      { text: '[]', link: '<https://evil.org/api/>; rel="next"' },
    ];
    for (const page of failing) {
      await expect(listHub(parseHubPlace('u/r'), 'r', () => Promise.resolve(page))).rejects.toThrow('bad_hub_answer');
    }
    const endless = { text: '[]', link: `<${tree}>; rel="next"` };
    await expect(listHub(parseHubPlace('u/r'), 'r', () => Promise.resolve(endless))).rejects.toThrow('listing_too_big');
  });
});

describe('manifests', () => {
  const base = 'https://h/logs/manifest.json';
  const open = (manifest: unknown) => openManifest(JSON.stringify(manifest), base);
  const file = { path: `a/${EVENTS}`, url: `files/${EVENTS}`, size: 5 };
  const withFile = (part: object) => open({ version: 1, name: 'x', files: [{ ...file, ...part }] });

  test('name files, what lies beside them, and what they do not know yet', async () => {
    const sha256 = 'Ab'.repeat(32);
    const beside = [
      { path: 'a/hparams.yaml', url: 'files/hparams.yaml', size: 3, kind: 'hparams', sha256 },
      { path: 'a/model.ckpt', size: 9, kind: 'torch' },
      { path: 'a/other', size: 9, kind: 'constructor' },
    ];
    const opened = await open({ version: 1, name: 'x', files: [{ ...file, sha256, more: 1 }], beside, more: {} });
    expect(opened.files).toMatchObject([{ run: 'a', source: { url: `https://h/logs/files/${EVENTS}`, sha256 } }]);
    expect(opened.beside).toMatchObject([
      { kind: 'hparams', source: { sha256 } },
      { kind: 'torch', size: 9 },
    ]);
  });

  test('runs may have any name', async () => {
    const files = ['__proto__', 'constructor'].map((run) => ({ ...file, path: `${run}/${EVENTS}` }));
    const opened = await open({ version: 1, name: '__proto__', files });
    expect(opened.files.map(({ run }) => run)).toEqual(['__proto__', 'constructor']);
    expect({}).not.toHaveProperty('path');
  });

  test.each<[string, object]>([
    ['path', { path: '../x' }],
    ['path', { path: 'a/../../x' }],
    ['path', { path: '/x' }],
    ['path', { path: 'a//x' }],
    ['path', { path: 'a\\x' }],
    ['path', { path: 'a\0x' }],
    ['path', { path: '' }],
    ['path', { path: ['x'] }],
    ['path', { path: 'x'.repeat(5000) }],
    ['url', { url: 'file:///etc/passwd' }],
    ['url', { url: 'javascript:alert(1)' }],
    ['url', { url: 'data:text/plain,x' }],
    ['url', { url: 'blob:https://h/0-1' }],
    ['url', { url: 'http://' }],
    ['url', { url: 7 }],
    ['url', { url: undefined }],
    ['other_host', { url: 'https://evil.org/x' }],
    ['other_host', { url: '//evil.org/x' }],
    ['other_host', { url: 'http://h/x' }],
    ['other_host', { url: 'https://h:81/x' }],
    ['size', { size: -1 }],
    ['size', { size: 1.5 }],
    ['size', { size: '5' }],
    ['size', { size: 1e300 }],
    ['sha256', { sha256: 'x' }],
    ['sha256', { sha256: null }],
  ])('%s: %o is refused', async (detail, part) => {
    const fault = await withFile(part).catch((error: unknown) => error);
    expect(fault).toMatchObject({ error: { code: 'bad_manifest', detail, place: 'files[0]', file: base } });
  });

  test.each<[string, unknown]>([
    ['json', null],
    ['json', []],
    ['json', 'x'],
    ['version', {}],
    ['version', { version: '1' }],
    ['newer', { version: 2 }],
    ['name', { version: 1, files: [] }],
    ['files', { version: 1, name: 'x', files: {} }],
    ['beside', { version: 1, name: 'x', files: [], beside: 1 }],
    ['entry', { version: 1, name: 'x', files: [null] }],
    ['twice', { version: 1, name: 'x', files: [file, file] }],
    ['too_many', { version: 1, name: 'x', files: Array(100_001).fill(0) }],
  ])('%s: %o is refused', async (detail, manifest) => {
    await expect(open(manifest)).rejects.toMatchObject({ error: { code: 'bad_manifest', detail } });
  });

  test('no prototype stands in for what is missing', async () => {
    const text = '{"version":1,"__proto__":{"name":"x","files":[]}}';
    await expect(openManifest(text, base)).rejects.toMatchObject({ error: { detail: 'name' } });
  });
});

describe('reads of URLs', () => {
  const content = 'abcdefghijklmnopqrstuvwxyz';
  let asked: string[];
  let answer: (from: number, to: number | undefined, count: number) => Response;
  let url: string;
  let count = 0;

  /** An answer of the first bytes, and then perhaps a broken connection. */
  function part(from: number, text: string, { breaks = false, status = 206, headers = {} } = {}): Response {
    let isSent = false;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (!isSent) controller.enqueue(new TextEncoder().encode(text));
        else if (breaks) controller.error(new TypeError('network error'));
        else controller.close();
        isSent = true;
      },
    });
    return new Response(body, {
      status,
      headers: { 'Content-Range': `bytes ${from}-${content.length - 1}/${content.length}`, ...headers },
    });
  }

  async function read(ref: Partial<UrlRef> = {}, from = 0, to?: number, onStall?: OnStall): Promise<string> {
    let text = '';
    for await (const bytes of streamUrl({ url, ...ref }, from, to, new AbortController().signal, onStall)) {
      text += new TextDecoder().decode(bytes);
    }
    return text;
  }

  beforeEach(() => {
    // Waiting is not what is tested.
    vi.stubGlobal('setTimeout', (run: () => void) => queueMicrotask(run));
    asked = [];
    // What is known of one URL stays.
    url = `https://host${count++}/x`;
    vi.stubGlobal('fetch', (_: string, { headers, method }: RequestInit) => {
      if (method === 'HEAD') return Promise.reject(new TypeError('failed'));
      const range = (headers as Record<string, string>)['Range'] ?? '';
      const count = asked.push(range);
      const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
      // What it throws, fetch() rejects with.
      return Promise.resolve().then(() => answer(Number(from), to ? Number(to) + 1 : undefined, count));
    });
    vi.stubGlobal('navigator', { onLine: true });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test('go on where they broke, in order', async () => {
    answer = (from) => part(from, content.slice(from, from + 10), { breaks: from + 10 < content.length });
    expect(await read()).toBe(content);
    expect(asked).toEqual(['bytes=0-', 'bytes=10-', 'bytes=20-']);
  });

  test('take what is left of a whole answer', async () => {
    answer = (_from, _to, n) =>
      part(0, n === 1 ? content.slice(0, 10) : content, {
        breaks: n === 1,
        status: 200,
        headers: { 'Content-Length': '26' },
      });
    expect(await read()).toBe(content);
  });

  test.each([{ ETag: '"2"' }, { 'Last-Modified': 'later' }, { 'Content-Range': 'bytes 10-29/30' }])(
    'never mix %o with what was before',
    async (headers) => {
      const before = { ETag: '"1"', 'Last-Modified': 'now' };
      answer = (from, _, n) =>
        part(from, content.slice(from, from + 10), {
          breaks: true,
          headers: n === 1 ? before : { ...before, ...headers },
        });
      await expect(read()).rejects.toThrow('changed_on_host');
      expect(asked).toHaveLength(2);
    },
  );

  test('of a file that grows see what is new, of another one nothing', async () => {
    answer = (from, to) => part(from, content.slice(from, to));
    expect(await read({}, 0, 5)).toBe('abcde');
    answer = (from, to) =>
      part(from, content.slice(from, to), { headers: { 'Content-Range': `bytes ${from}-29/30`, ETag: '"2"' } });
    expect(await read({}, 5, 8)).toBe('fgh');
    answer = (from, to) =>
      part(from, content.slice(from, to), { headers: { 'Content-Range': `bytes ${from}-29/30`, ETag: '"3"' } });
    await expect(read({}, 5, 8)).rejects.toThrow('changed_on_host');
  });

  test('of a file that has become shorter, or of another part than was asked for, are no end of it', async () => {
    const broken = (): Response => part(0, content.slice(0, 10), { breaks: true });
    answer = (from) => (from === 0 ? broken() : new Response(null, { status: 416 }));
    await expect(read()).rejects.toEqual(codeOf('changed_on_host'));
    url += '2';
    answer = (from) => (from === 0 ? broken() : part(from + 5, content.slice(from + 5)));
    await expect(read()).rejects.toEqual(codeOf('changed_on_host'));
  });

  test('of the sizes of archives in a listing come a few at a time', async () => {
    let [open, most] = [0, 0];
    const names = Array.from({ length: 40 }, (_, i) => `run${i}.zip`);
    const html = `<title>Index of /</title>${names.map((name) => `<a href="${name}">`).join('')}`;
    vi.stubGlobal('fetch', async (asked: string) => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => queueMicrotask(() => resolve(undefined)));
      await Promise.resolve();
      open--;
      const isListing = asked.endsWith('/');
      const body = isListing ? html : 'PK';
      const type = isListing ? 'text/html' : 'application/zip';
      return new Response(body, { headers: { 'Content-Type': type, 'Content-Length': String(body.length) } });
    });
    const { files } = await openUrl(`${url}/`, new AbortController().signal);
    expect(files.map(({ source }) => source.size)).toEqual(names.map(() => 2));
    expect(most).toBeLessThanOrEqual(6);
  });

  test('are tried some times, and then a person is asked', async () => {
    answer = (from, _, n) => {
      if (n > 1 && n < 8) throw new TypeError('refused');
      return part(from, content.slice(from, n === 1 ? 10 : undefined), { breaks: n === 1 });
    };
    const reading = read({}, 0, undefined, untilRetried);
    await vi.waitUntil(() => stalls.value.length > 0);
    // After what broke, four tries.
    expect(asked).toHaveLength(5);
    expect(stalls.value[0]?.error).toMatchObject({ code: 'network', file: url });
    stalls.value[0]?.retry();
    expect(await reading).toBe(content);
    expect(stalls.value).toEqual([]);
  });

  test('fail when a person gives up, at once when nobody is asked, and when the host has never answered', async () => {
    answer = (from, _, n) => {
      if (n > 1) throw new TypeError('refused');
      return part(from, content.slice(0, 10), { breaks: true });
    };
    const reading = read({}, 0, undefined, untilRetried);
    reading.catch(() => undefined);
    await vi.waitUntil(() => stalls.value.length > 0);
    stalls.value[0]?.giveUp();
    await expect(reading).rejects.toThrow('network');
    await expect(read()).rejects.toThrow('network');
    url = 'https://never.answered/x';
    asked = ['before'];
    await expect(read({}, 0, undefined, untilRetried)).rejects.toThrow('network');
    expect(asked).toHaveLength(2);
  });

  test('of a host that is busy are tried again; what is not there is not', async () => {
    answer = (from, _, n) =>
      n === 2
        ? new Response('', { status: 503 })
        : part(from, content.slice(from, n === 1 ? 10 : undefined), { breaks: n === 1 });
    expect(await read()).toBe(content);
    answer = () => new Response('', { status: 404 });
    url += '2';
    await expect(read()).rejects.toThrow(codeOf('http_status'));
  });

  test('of a host that sends no parts fetch the file once', async () => {
    answer = () => part(0, content, { status: 200 });
    expect(await read()).toBe(content);
    expect(await read({}, 3, 6)).toBe('def');
    expect(await read({}, 24)).toBe('yz');
    expect(asked).toHaveLength(1);
  });

  test('of parts first, on such a host, fetch it once more', async () => {
    answer = () => part(0, content, { status: 200, headers: { 'Content-Length': '26' } });
    expect(await sizeOfUrl({ url }, new AbortController().signal)).toBe(26);
    expect(await Promise.all([read({}, 3, 6), read({}, 1, 2), read()])).toEqual(['def', 'b', content]);
    expect(asked).toHaveLength(2);
  });

  test('check what is to be checked, before parts of it are given', async () => {
    const sha256 = '71c480df93d6ae2f1efad1447c66c9525e316218cf51fc8d9ed832f2daf18b73';
    answer = (from, to) => part(from, content.slice(from, to));
    expect(await read({ sha256: sha256.toUpperCase() })).toBe(content);
    expect(await read({ sha256 }, 3, 6)).toBe('def');
    expect(asked).toEqual(['bytes=0-', 'bytes=3-5']);
    const wrong = sha256.replace('7', '8');
    url += '2';
    await expect(read({ sha256: wrong }, 3, 6)).rejects.toThrow('wrong_sha256');
    await expect(read({ sha256: wrong })).rejects.toThrow('wrong_sha256');
  });

  test('name a host before it is asked', async () => {
    const named: boolean[] = [];
    answer = (from) => {
      named.push(hosts.value.some(({ name }) => name === new URL(url).host));
      return part(from, content);
    };
    await read();
    expect(named).toEqual([true]);
    nameHost('https://sent.on.to/', 'https://by/');
    expect(hosts.value.at(-1)).toEqual({ name: 'sent.on.to', sentBy: 'by' });
  });
});

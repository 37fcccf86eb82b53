import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { deflateSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Answer } from '../../web/src/engine/asker';
import type { FileBeside } from '../../web/src/engine/dump_worker';
import type { FileReport, Notice, PlacedNeighbour, Request, RequestBody } from '../../web/src/engine/protocol';
import { MAX_HPARAMS_BYTES } from '../../web/src/model/hparams_file';
import { DumpWorker, type DumpRequest } from '../../web/src/engine/dump_worker';
import { loaderOf } from '../../web/src/engine/wasm_loader';
import { nextSourceId, selectEventFiles, type OpenFile } from '../../web/src/sources/event_files';
import type { Neighbour } from '../../web/src/sources/find_neighbours';
import { readText } from '../../web/src/sources/read_text';
import { infoOf } from '../../web/src/sources/neighbours.mjs';
import type { SourceRef } from '../../web/src/sources/source_ref';
import { deflatedZeros, tarOf, zipOf, type Entry } from '../tools/archives.mjs';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** All files of the logs of a case, by their path below it. */
async function logsOf(name: string): Promise<{ name: string; data: Uint8Array<ArrayBuffer> }[]> {
  const root = at(`tests/data/${name}/logs`);
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .map((path) => ({ name: path.slice(root.length + 1), data: new Uint8Array(readFileSync(path)) }));
}

const EVENTS = 'events.out.tfevents.1.host';
const [good] = await logsOf('torch_training').then((logs) => logs.map(({ data }) => data));
const event = (name: string, more: Partial<Entry> = {}): Entry => ({ name, data: good, ...more }) as Entry;
/** In another order than the one that is read, and with what is no event file between. */
const shuffled = (entries: Entry[]): Entry[] => [{ name: 'notes.txt', data: Buffer.from('x') }, ...entries.reverse()];

// Emscripten's glue adds one to the process for each instance.
process.setMaxListeners(0);

describe.skipIf(!existsSync(at('build/wasm/dump.js')))('archives', () => {
  let worker: DumpWorker;
  let notices: Notice[];
  let responses: Answer[];
  let lastId: number;
  let besideFolder: Neighbour[];
  /** Told of each notice. */
  let heard: (notice: Notice) => void;

  const ask = async (request: RequestBody | DumpRequest): Promise<unknown> => {
    const id = ++lastId;
    await worker.handle({ ...request, id } as Request);
    const response = responses.find((answer) => answer.id === id);
    if (!response?.ok) throw new Error(JSON.stringify(response));
    return response.body;
  };

  async function start(more: { unpackedBytes?: number; archives?: SourceRef } = {}): Promise<void> {
    const { default: createDump } = await import('tensorpane-wasm/dump.js');
    const wasm = await WebAssembly.compile(readFileSync(at('build/wasm/dump.wasm')));
    [notices, responses, lastId, heard, besideFolder] = [[], [], 0, () => undefined, []];
    worker = new DumpWorker((message) => {
      if ('ok' in message) return void responses.push(message);
      notices.push(message);
      heard(message);
    }, loaderOf(createDump));
    const archives = ref('archive.wasm', readFileSync(at('build/wasm/archive.wasm')));
    await ask({ type: 'init', wasm, archives, ...more });
  }
  beforeEach(() => start());

  const ref = (path: string, bytes: Uint8Array): SourceRef => {
    return { id: nextSourceId(), path, size: bytes.length, blob: new Blob([bytes as Uint8Array<ArrayBuffer>]) };
  };
  /** Opens files as if they were dropped together. */
  async function drop(files: Record<string, Uint8Array>): Promise<OpenFile[]> {
    const refs = Object.entries(files).map(([path, bytes]) => ref(path, bytes));
    const roots = new Set(refs.map(({ path }) => path.split('/')[0] as string));
    const opened = await selectEventFiles([...roots], refs);
    besideFolder = opened.beside;
    await ask({ type: 'open', files: opened.files });
    return opened.files;
  }
  /** What was found in archives. */
  const beside = (): PlacedNeighbour[] =>
    notices.flatMap((notice) => (notice.type === 'beside' ? notice.archives.flat() : []));
  /** As the page asks for it. */
  const dump = async (): Promise<string> => {
    const read = [...besideFolder, ...beside()].flatMap(({ kind, path, size, source }): FileBeside[] =>
      infoOf(kind).isRead && source && size !== undefined ? [{ path, size, source }] : [],
    );
    return (await ask({ type: 'dump', purge: 'none', beside: read })) as string;
  };
  const runs = async (): Promise<string[]> => {
    return (JSON.parse(await dump()) as { runs: { run: string }[] }).runs.map(({ run }) => run);
  };
  /** What is known in the end of each file that has something to tell, by its place. */
  const reports = (): Record<string, FileReport> => {
    const told = notices.flatMap((notice) => (notice.type === 'report' ? notice.files : []));
    return Object.fromEntries(told.map((file) => [file.path ?? `${file.run}/${file.name}`, file]));
  };
  const errors = (): Record<string, unknown> =>
    Object.fromEntries(Object.entries(reports()).map(([place, { error }]) => [place, error]));
  const rows = () => {
    const told = notices.flatMap((notice) => (notice.type === 'progress' ? notice.files : []));
    return [...new Map(told.map((row) => [row.file, row])).values()].sort((a, b) => a.file - b.file);
  };

  /** As the native command line has it. */
  const nativeDump = async (name: string, archive: Uint8Array): Promise<unknown> => {
    const folder = await mkdtemp(join(tmpdir(), 'tensorpane-'));
    try {
      await writeFile(join(folder, name), archive);
      const args = ['dump', '--purge=none', join(folder, name)];
      return JSON.parse((await promisify(execFile)(at('build/native/tensorpane'), args)).stdout);
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  const KINDS: [string, (entries: Entry[]) => Uint8Array][] = [
    ['zip', (entries) => zipOf(entries)],
    ['stored.zip', (entries) => zipOf(entries.map((entry) => ({ ...entry, stored: true })))],
    ['tar', (entries) => tarOf(entries)],
    ['tar.gz', (entries) => gzipSync(tarOf(entries))],
  ];
  const folders = new Map<string, string>();

  describe.each(KINDS)('%s', (extension, pack) => {
    // Those with payloads that a dump reads again, one whose files are all damaged in some way (and has archives in it),
    // and those with files beside them.
    const cases = ['torch_training', 'tf_plugins', 'edge_damaged', 'projector_files', 'lightning_run'];
    test.each(cases)('of %s is as the folder', async (name) => {
      const logs = await logsOf(name);
      if (!folders.has(name)) {
        await drop(Object.fromEntries(logs.map(({ name: path, data }) => [`logs/${path}`, data])));
        folders.set(name, await dump());
        await start();
      }
      await drop({
        [`logs.${extension}`]: pack(shuffled(logs.map((entry) => ({ ...entry, name: `top/${entry.name}` })))),
      });
      const [got, want] = [await dump(), folders.get(name) as string];
      if (got !== want) expect(JSON.parse(got)).toEqual(JSON.parse(want));
      expect(rows().every(({ state, run }) => state === 'done' || (name === 'edge_damaged' && run !== '.'))).toBe(true);
    });

    test('is searched for what lies beside its logs', async () => {
      const files = [
        event('logs/a/tfevents'),
        { name: 'logs/a/t.tsv', data: Buffer.from('1\t2\n') },
        { name: 'logs/a/hparams.yaml', data: Buffer.from('lr: 1') },
        { name: 'logs/a/projector_config.pbtxt', data: Buffer.from('embeddings { tensor_path: "t.tsv" metadata_path: "m.tsv" }') }, // prettier-ignore
        { name: 'logs/a/m.tsv', data: Buffer.from('x\n') },
        { name: 'logs/none/hparams.yaml', data: Buffer.from('lr: 2') },
        { name: 'logs/large/hparams.yaml', data: Buffer.alloc(MAX_HPARAMS_BYTES + 1) },
        { name: 'logs/model.pt', data: Buffer.alloc(1000) },
        { name: 'logs/a/other.tsv', data: Buffer.from('x') },
        { name: 'logs/a/._hparams.yaml', data: Buffer.from('x') },
      ];
      const x = extension === 'stored.zip' ? 'x.stored' : 'x';
      await drop({ [`x.${extension}`]: pack(files), 'a/tfevents': good as Uint8Array });
      const known = beside().map(({ path, kind, run, packedPath }) => [path, kind, run, packedPath]);
      const at = (path: string): string => `x.${extension}/logs/${path}`;
      expect(known.sort()).toEqual([
        [`${x}/logs/a/hparams.yaml`, 'hparams', `${x}/logs/a`, at('a/hparams.yaml')],
        [`${x}/logs/a/m.tsv`, 'embedding', `${x}/logs/a`, at('a/m.tsv')],
        [`${x}/logs/a/projector_config.pbtxt`, 'projector_config', `${x}/logs/a`, at('a/projector_config.pbtxt')],
        [`${x}/logs/a/t.tsv`, 'embedding', `${x}/logs/a`, at('a/t.tsv')],
        [`${x}/logs/large/hparams.yaml`, 'hparams', undefined, at('large/hparams.yaml')],
        [`${x}/logs/model.pt`, 'torch', undefined, at('model.pt')],
        [`${x}/logs/none/hparams.yaml`, 'hparams', undefined, at('none/hparams.yaml')],
      ]);
      expect(errors()).toEqual({ [at('large/hparams.yaml')]: { code: 'file_too_large' } });
      const texts = beside().map(async ({ source }) => source && readText(source, 1000));
      const contents = await Promise.all(texts);
      expect(contents.filter((text) => text !== undefined).sort()).toEqual(['1\t2\n', expect.stringMatching(/^embed/), 'lr: 1', 'lr: 2', 'x\n']); // prettier-ignore
      await drop({ [`again.${extension}`]: pack([event('a/tfevents'), event('b/tfevents'), ...files.slice(2, 3)]) });
      expect(beside().slice(known.length)).toMatchObject([{ path: 'logs/a/hparams.yaml' }]);
    });

    test('with several files of one name shows the last one, and says so', async () => {
      const entries = [
        event('a/tfevents', { data: (good as Uint8Array).subarray(0, 100) }),
        { name: 'a/hparams.yaml', data: Buffer.from('old') },
        event('a/tfevents'),
        { name: 'a/hparams.yaml', data: Buffer.from('new') },
      ];
      await drop({ [`logs.${extension}`]: pack(entries) });
      const several = { code: 'several_of_a_name' };
      const path = `logs.${extension}/a`;
      expect(errors()).toEqual({ [`${path}/tfevents`]: several, [`${path}/hparams.yaml`]: several });
      expect(rows()).toMatchObject([{ state: 'done' }, { state: 'done', bytes: good?.length }]);
      const [hparams] = beside();
      expect(await readText(hparams?.source as SourceRef, 10)).toBe('new');
    });

    test('with a bad file after a good one of its name shows the good one, and says so', async () => {
      const isZip = extension.endsWith('zip');
      const bad = (name: string): Entry => (isZip ? { name, flags: 1 } : { name, type: '1' });
      const fault = { code: 'unsupported', detail: isZip ? 'encrypted' : 'not_a_file' };
      const name = 'a/hparams.yaml';
      const archive = pack([
        event('a/tfevents', { data: (good as Uint8Array).subarray(0, 100) }),
        event('a/tfevents'),
        { name, data: Buffer.from('lr: 1') },
        bad(name),
        bad('a/tfevents'),
        bad('a/tfevents'),
        bad('b/tfevents'),
        event('b/tfevents'),
      ]);
      await drop({ [`logs.${extension}`]: archive });
      const path = `logs.${extension}`;
      expect(errors()).toEqual({
        [`${path}/a/tfevents`]: fault,
        [`${path}/a/hparams.yaml`]: fault,
        [`${path}/b/tfevents`]: { code: 'several_of_a_name' },
      });
      const sizes = rows().map(({ name, size }) => [name, size]);
      expect(sizes.slice(1)).toEqual([['tfevents', good?.length], ['tfevents', good?.length]]); // prettier-ignore
      const [hparams] = beside();
      expect(hparams?.size).toBe(5);
      expect(await readText(hparams?.source as SourceRef, 10)).toBe('lr: 1');
      expect(await nativeDump(path, archive)).toEqual(JSON.parse(await dump()));
    });

    test('has others in it, which are directories of it; but none in those', async () => {
      const innermost = pack([event('tfevents')]);
      const inner = pack([event('a/tfevents'), { name: 'b/deep.zip', data: innermost }, event('c/tfevents', { data: innermost }), { name: 'a/hparams.yaml', data: Buffer.from('lr: 1') }]); // prettier-ignore
      const files = [event('a/tfevents'), { name: `d/inner.${extension}`, data: inner }, event('z/tfevents')];
      await drop({ [`logs.${extension}`]: pack(files) });
      const refused = { code: 'nested_archive' };
      const at = `logs.${extension}/d/inner.${extension}`;
      expect(errors()).toEqual({ [`${at}/b/deep.zip`]: refused, [`${at}/c/tfevents`]: refused });
      const inDirectory = `d/inner${extension === 'stored.zip' ? '.stored' : ''}`;
      expect((await runs()).sort()).toEqual(['a', `${inDirectory}/a`, 'z']);
      expect(beside()).toMatchObject([{ path: `${inDirectory}/a/hparams.yaml`, run: `${inDirectory}/a` }]);
      const states = rows().map(({ name, state, unpacked }) => `${name} ${state}${unpacked ? ' (unpacked)' : ''}`);
      expect(states.sort()).toEqual([
        'deep.zip failed',
        `inner.${extension} done (unpacked)`,
        `logs.${extension} done (unpacked)`,
        'tfevents done',
        'tfevents done',
        'tfevents done',
        'tfevents failed',
      ]);
    });

    test('has a row for itself and for each file, which are read in order of run and name', async () => {
      const archive = pack(shuffled([event('a/2.tfevents'), event('a/1.tfevents'), event('b/tfevents')]));
      await drop({ [`logs.${extension}`]: archive });
      const [first, ...others] = rows();
      expect(first).toMatchObject({ name: `logs.${extension}`, run: '.', state: 'done', unpacked: true });
      expect(first?.bytes).toBeLessThanOrEqual(archive.length);
      expect(others.map(({ file, run, name, bytes, state }) => [file, run, name, bytes, state])).toEqual([
        [1, 'a', '1.tfevents', good?.length, 'done'],
        [2, 'a', '2.tfevents', good?.length, 'done'],
        [3, 'b', 'tfevents', good?.length, 'done'],
      ]);
    });

    test('that holds no event file says so', async () => {
      await drop({
        [`logs.${extension}`]: pack(shuffled([{ name: '__MACOSX/._a.tfevents', data: Buffer.from('x') }])),
      });
      expect(errors()).toEqual({ [`./logs.${extension}`]: { code: 'no_event_files' } });
      expect(rows()).toMatchObject([{ state: 'failed' }]);
    });

    test('of 100 files is cancelled', async () => {
      const files = Array.from({ length: 100 }, (_, i) => event(`${i}/tfevents`));
      const open = selectEventFiles(
        ['a', 'b'],
        [ref(`a.${extension}`, pack(files)), ref('b/tfevents', good as Uint8Array)],
      );
      heard = ({ type }) => {
        if (type === 'progress') setImmediate(() => void worker.handle({ type: 'cancel', target: lastId, id: 1000 }));
      };
      await ask({ type: 'open', files: (await open).files });
      const states = new Set(rows().map(({ state }) => state));
      expect(rows()[1]).toMatchObject({ run: 'b', state: 'cancelled' });
      expect([...states].filter((state) => state !== 'done')).toEqual(['cancelled']);
      // What is asked next is answered.
      heard = () => undefined;
      await drop({ 'c/tfevents': good as Uint8Array });
      expect(await runs()).toContain('.');
    });
  });

  test('one that is dropped with others, or in a folder, is a directory of its name', async () => {
    const zip = zipOf([event('a/tfevents'), event('tfevents')]);
    await drop({ 'logs/x/one.zip': zip, 'logs/two.tar.gz': gzipSync(tarOf([event('two/a/tfevents')])), 'logs/b/tfevents': good as Uint8Array }); // prettier-ignore
    expect((await runs()).sort()).toEqual(['b', 'two/a', 'x/one', 'x/one/a']);
  });

  test('runs of the same name are kept apart, whichever way they came', async () => {
    await drop({
      'logs/a/tfevents': good as Uint8Array,
      'logs/a.zip': zipOf([event('tfevents'), event('b/tfevents')]),
    });
    await drop({ 'more.zip': zipOf([event('x/a/tfevents'), event('x/c/tfevents')]) });
    await drop({ 'again.zip': zipOf([event('x/a/tfevents')]), 'other.zip': zipOf([event('tfevents')]) });
    expect((await runs()).sort()).toEqual(['a', 'a (2)', 'a (3)', 'a/b', 'again/x/a', 'c', 'other']);
    const found = notices.flatMap((notice) => (notice.type === 'progress' ? notice.files : []));
    expect(found.find(({ run }) => run === 'a (3)')).toMatchObject({ foundAt: 'a' });
  });

  test('an event file that is compressed is one of its directory', async () => {
    const files = { [`logs/a/${EVENTS}.gz`]: gzipSync(good as Uint8Array), [`logs/b/${EVENTS}`]: deflateSync(good as Uint8Array) }; // prettier-ignore
    await drop(files);
    const { runs } = JSON.parse(await dump()) as { runs: { run: string; files: { name: string }[]; tags: object }[] };
    expect(runs.map(({ run, files }) => [run, files.map(({ name }) => name)])).toEqual([
      ['a', [`${EVENTS}.gz`]],
      ['b', [EVENTS]],
    ]);
    expect(runs[0]?.tags).toEqual(runs[1]?.tags);
    expect(rows()).toMatchObject([{ state: 'done', size: good?.length }, { state: 'done' }]);
    expect(errors()).toEqual({});
  });

  test('also in an archive; and one whose name is another, if it was opened by itself', async () => {
    const packed = gzipSync(good as Uint8Array);
    await drop({ 'logs.zip': zipOf([event(`a/${EVENTS}.gz`, { data: packed, stored: true }), event('b/tfevents')]) });
    await drop({ 'unknown.gz': gzipSync(good as Uint8Array) });
    expect(await runs()).toEqual(['.', 'a', 'b']);
    expect(errors()).toEqual({});
    await drop({ 'x/data.csv.gz': gzipSync(Buffer.from('a,b')), 'x/tfevents': good as Uint8Array });
    expect(errors()).toEqual({});
    await drop({ 'data.csv.gz': gzipSync(Buffer.from('a,b')) });
    expect(Object.values(reports())).toMatchObject([{ name: 'data.csv.gz' }]);
  });

  test('what is in an archive alone, and an archive, stands for it', async () => {
    const inner = gzipSync(tarOf([event('logs/a/tfevents'), event('logs/tfevents')]));
    await drop({
      'artifact.zip': zipOf([
        { name: 'out/logs.tar.gz', data: inner },
        { name: 'readme', data: inner },
      ]),
    });
    expect(await runs()).toEqual(['.', 'a']);
    await drop({ 'more.zip': zipOf([{ name: 'logs.tar.gz', data: inner }]), 'x/tfevents': good as Uint8Array });
    expect((await runs()).sort()).toEqual(['.', 'a', 'more', 'more/a', 'x']);
    expect(errors()).toEqual({});
  });

  test('what is compressed twice is not opened, and the rest is read', async () => {
    const inner = zipOf([event('tfevents')]);
    const refused = { code: 'nested_archive' };
    await drop({
      'logs.zip': zipOf([
        event('a/tfevents'),
        { name: 'c/tfevents', data: inner },
        { name: 'd/tfevents.gz', data: gzipSync(inner) },
        { name: 'e/tfevents.gz', data: gzipSync(gzipSync(good as Uint8Array)) },
        { name: 'f/other.zip', data: zipOf([{ name: 'x', data: inner }]) },
      ]),
    });
    expect(await runs()).toEqual(['a', 'c']);
    expect(errors()).toEqual({
      'logs.zip/d/tfevents.gz': refused,
      'logs.zip/e/tfevents.gz': refused,
      'logs.zip/f/other.zip': { code: 'no_event_files' },
    });
  });

  test('an archive in another one that is very large is not unpacked', async () => {
    const large = { name: 'b/data.zip', packed: deflatedZeros(1), size: 2 ** 30 + 1 };
    await drop({ 'logs.zip': zipOf([event('a/tfevents'), large]) });
    expect(errors()).toEqual({ 'logs.zip/b/data.zip': { code: 'too_big', detail: 'too_many_bytes', limit: 2 ** 30 } });
    expect(await runs()).toEqual(['a']);
  });

  test('what cannot be unpacked is told file by file, and the rest is read', async () => {
    const zip = zipOf([
      event('locked/tfevents', { flags: 1 }),
      event('zstd/tfevents', { method: 93 }),
      event('short/tfevents', { size: 100 }),
      event('../out/tfevents'),
      event('fine/tfevents'),
    ]);
    await drop({ 'logs.zip': zip });
    const known = errors();
    expect(known['logs.zip/locked/tfevents']).toEqual({ code: 'unsupported', detail: 'encrypted' });
    expect(known['logs.zip/zstd/tfevents']).toEqual({ code: 'unsupported', detail: 'method' });
    expect(known['logs.zip/short/tfevents']).toEqual({ code: 'bad_archive', detail: 'size' });
    expect(known['logs.zip/../out/tfevents']).toEqual({ code: 'bad_archive', detail: 'name' });
    expect(await runs()).toEqual(['fine', 'short']);
    expect(rows().map(({ state }) => state)).toEqual(['done', 'failed', 'done', 'failed', 'failed', 'failed']);
  });

  test('a damaged file keeps what comes before the damage, and is told with its place', async () => {
    const entries = ['a', 'b', 'c'].map((run) => event(`${run}/tfevents`));
    const zip = zipOf(entries);
    const middle = Math.floor(zip.length / 2);
    zip.fill(0xff, middle, middle + 40);
    await drop({ 'logs.zip': zip });
    expect(Object.keys(errors())).toEqual(['logs.zip/b/tfevents']);
    expect(errors()).toMatchObject({ 'logs.zip/b/tfevents': { code: 'bad_archive' } });
    const known = JSON.parse(await dump()) as { runs: { run: string; tags: Record<string, { steps: number[] }> }[] };
    const points = known.runs.map(({ tags }) => Object.values(tags).reduce((sum, { steps }) => sum + steps.length, 0));
    expect(points[0]).toBe(points[2]);
    expect(points[1]).toBeLessThan(points[0] as number);
    expect(points[1]).toBeGreaterThan(0);
  });

  test('a tar.gz that is cut off gives what it has', async () => {
    const archive = gzipSync(tarOf(['a', 'b', 'c'].map((run) => event(`${run}/tfevents`))));
    await drop({ 'logs.tar.gz': archive.subarray(0, archive.length / 2) });
    const cut = { code: 'bad_archive', detail: 'cut_off' };
    expect(errors()).toMatchObject({ './logs.tar.gz': cut, 'logs.tar.gz/b/tfevents': cut });
    expect(await runs()).toEqual(['a', 'b']);
    expect(rows()[0]).toMatchObject({ state: 'failed' });
  });

  test('so does a tar, whose files stand there as they are', async () => {
    const archive = tarOf(['a', 'b', 'c'].map((run) => event(`${run}/tfevents`)));
    await drop({ 'logs.tar': archive.subarray(0, archive.length / 2) });
    expect(errors()).toMatchObject({ './logs.tar': { code: 'bad_archive', detail: 'cut_off' } });
    expect(reports()['logs.tar/b/tfevents']).toMatchObject({ counts: [{ kind: 'truncated' }] });
    expect(await runs()).toEqual(['a', 'b']);
  });

  test('damaged and split ones are told as such', async () => {
    const zip = zipOf([event('a/tfevents')]);
    await drop({ 'cut.zip': zip.subarray(0, 1000), 'split.zip': zipOf([event('tfevents')], { disk: 1 }), 'logs/tfevents': good as Uint8Array }); // prettier-ignore
    expect(errors()).toEqual({
      'cut/cut.zip': { code: 'bad_archive', detail: 'no_directory' },
      'split/split.zip': { code: 'unsupported', detail: 'split' },
    });
    expect(await runs()).toEqual(['logs']);
  });

  test('a bomb is too big, and everything else is read', async () => {
    const packed = deflatedZeros(160); // 10 GiB in 10 MB
    const size = 160 * (64 << 20);
    const bomb = { name: 'bomb/tfevents', packed, size: 0xfffffff0 };
    await start({ unpackedBytes: 20e9 });
    await drop({
      'logs/x.zip': zipOf([event('a/tfevents'), bomb, event('z/tfevents')]),
      'logs/b/tfevents': good as Uint8Array,
    });
    expect(size).toBeGreaterThan(10e9);
    expect(errors()).toEqual({ 'logs/x.zip/bomb/tfevents': { code: 'too_big', detail: 'ratio', limit: 300 } });
    expect(await runs()).toEqual(['b', 'x/a', 'x/z']);
  });

  test('more than may be unpacked is too big; what stands there as it is needs no room', async () => {
    const small = event('small/tfevents', { data: (good as Uint8Array).subarray(0, 200) });
    await start({ unpackedBytes: 1000 });
    await drop({
      'a.zip': zipOf([event('big/tfevents'), small]),
      'b.tar.gz': gzipSync(tarOf([event('big/tfevents'), small])),
      'c.zip': zipOf([event('big/tfevents', { stored: true })]),
      'd.tar': tarOf([event('big/tfevents')]),
    });
    const tooBig = { code: 'too_big', detail: 'too_many_bytes', limit: 1000 };
    expect(errors()).toMatchObject({ 'a.zip/big/tfevents': tooBig, 'b.tar.gz/big/tfevents': tooBig });
    expect((await runs()).sort()).toEqual(['a/small', 'b/small', 'c/big', 'd/big']);
  });

  test('archives in an archive use up what it may be unpacked to', async () => {
    const inner = zipOf([event('tfevents')]);
    const size = good?.length as number;
    const archive = zipOf([{ name: 'a.zip', data: inner }, event('b/tfevents'), event('c/tfevents')]);
    const limit = inner.length + 3 * size - 1;
    await start({ unpackedBytes: limit });
    await drop({ 'logs.zip': archive });
    expect(await runs()).toEqual(['a', 'b']);
    expect(errors()).toEqual({ 'logs.zip/c/tfevents': { code: 'too_big', detail: 'too_many_bytes', limit } });
  });

  test.each(KINDS.filter(([name]) => ['zip', 'tar.gz'].includes(name)))(
    'embeddings in a %s leave most of what may be unpacked to event files',
    async (extension, pack) => {
      const limit = 1_000_000;
      const config = 'embeddings { tensor_path: "small.tsv" } embeddings { tensor_path: "big.tsv" }';
      const files = [
        event('tfevents'),
        { name: 'projector_config.pbtxt', data: Buffer.from(config) },
        { name: 'big.tsv', data: Buffer.alloc(limit / 4, '1\t2\n') },
        { name: 'small.tsv', data: Buffer.alloc(limit / 5, '1\t2\n') },
      ];
      const long = event('tfevents', { data: Buffer.alloc(limit / 2, good) });
      await start({ unpackedBytes: limit });
      await drop({ [`a.${extension}`]: pack(files), [`b.${extension}`]: pack([long]) });
      const tooBig = { code: 'too_big', detail: 'too_many_bytes', limit: limit / 4 };
      expect(errors()[`a.${extension}/big.tsv`]).toEqual(tooBig);
      const known = beside().map(({ path, source }) => [path, source !== undefined]);
      expect(known.sort()).toEqual([['a/big.tsv', false], ['a/projector_config.pbtxt', true], ['a/small.tsv', true]]); // prettier-ignore
      expect(await runs()).toEqual(['a', 'b']);
    },
  );

  test('many entries are too big, and those before the limit are read', async () => {
    const header = tarOf([{ name: 'n' }]).subarray(0, 512);
    const tar = Buffer.concat([tarOf([event('a/tfevents')]).subarray(0, -1024), Buffer.alloc(100_001 * 512, header)]);
    await drop({ 'logs.tar.gz': gzipSync(tar) });
    expect(errors()).toEqual({ './logs.tar.gz': { code: 'too_big', detail: 'too_many_entries', limit: 100_000 } });
    expect(await runs()).toEqual(['.']);
  });

  test('of one at a URL only what is wanted is fetched', async () => {
    const other = { name: 'other', data: new Uint8Array(5_000_000), stored: true };
    const archives: Record<string, Uint8Array> = {
      'http://host/a.zip': zipOf([event('a/tfevents'), other, event('b/tfevents', { stored: true })]),
      'http://host/b.tar': tarOf([event('a/tfevents'), other, event('b/tfevents')]),
    };
    let fetched = 0;
    heard = (notice) => {
      if (notice.type !== 'read') return;
      const { read, source, from, to } = notice;
      const bytes = archives['url' in source ? source.url : ''] as Uint8Array;
      // As much as a page sends before it waits; the worker wants no more of the whole archive than its start.
      const part = new Uint8Array(bytes.subarray(from, to ?? from + 100_000));
      fetched += part.length;
      void worker.handle({ type: 'chunk', id: 1000, read, bytes: part.buffer, done: to !== undefined });
    };
    const files = Object.entries(archives).map(([url, { length: size }]): OpenFile => {
      return {
        source: { id: nextSourceId(), path: url.slice(12), url, size },
        run: url.slice(12, 13),
        name: url.slice(12),
      };
    });
    await ask({ type: 'open', files });
    expect(await runs()).toEqual(['a/a', 'a/b', 'b/a', 'b/b']);
    expect(errors()).toEqual({});
    expect(fetched).toBeLessThan(1_500_000);
  });

  test('what opens them is fetched for the first one, and again when that failed', async () => {
    const archives: SourceRef = { id: nextSourceId(), path: 'archive.wasm', url: 'http://host/archive.wasm' };
    await start({ archives });
    const asked: string[] = [];
    let isThere = false;
    heard = (notice) => {
      if (notice.type !== 'read') return;
      const { read, source } = notice;
      asked.push(source.path);
      const bytes = new Uint8Array(readFileSync(at('build/wasm/archive.wasm'))).buffer;
      const error = { code: 'network', file: source.path } as const;
      void worker.handle({ id: 1000, read, ...(isThere ? { type: 'chunk', bytes, done: true } : { type: 'chunkFailed', error }) }); // prettier-ignore
    };
    await drop({ 'runs/a/tfevents': good as Uint8Array });
    expect(asked).toEqual([]);
    await drop({ 'a.zip': zipOf([event('tfevents')]) });
    expect(errors()).toEqual({ './a.zip': { code: 'network', file: 'archive.wasm' } });
    isThere = true;
    await drop({ 'b.zip': zipOf([event('tfevents')]), 'c.zip': zipOf([event('tfevents')]) });
    expect(await runs()).toEqual(['a', 'b', 'c']);
    expect(asked).toEqual(['archive.wasm', 'archive.wasm']);
  });

  test('queries are answered meanwhile', async () => {
    const archive = gzipSync(tarOf([{ name: 'other', data: new Uint8Array(20_000_000) }, event('a/tfevents')]));
    const order: string[] = [];
    const channel = new MessageChannel();
    channel.port1.onmessage = () =>
      void ask({ type: 'pick', series: new Uint32Array(), x: 'step', at: 0, smoothing: 0 }).then(() =>
        order.push('pick'),
      );
    const opened = drop({ 'logs.tar.gz': archive }).then(() => order.push('open'));
    channel.port2.postMessage(null);
    await opened;
    channel.port1.close();
    expect(order).toEqual(['pick', 'open']);
  });
});

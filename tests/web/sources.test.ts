import { describe, expect, test } from 'vitest';
import { inReadingOrder, keepApart, nextSourceId, placerIn, selectEventFiles } from '../../web/src/sources/event_files';
import { openEntries, type Entry } from '../../web/src/sources/folder';
import { RunNames } from '../../web/src/sources/run_names';
import { OpenedFiles } from '../../web/src/sources/opened_files';
import { openManifest } from '../../web/src/sources/manifest';
import { readDrop } from '../../web/src/sources/drop';
import { slice, stream } from '../../web/src/sources/read';
import type { SourceRef } from '../../web/src/sources/source_ref';

const ref = (path: string): SourceRef => ({ id: nextSourceId(), path, size: 1, blob: new Blob(['x']) });
const EVENTS = 'events.out.tfevents';
const placed = ({ files }: { files: { run: string; name: string }[] }): string[] =>
  files.map(({ run, name }) => `${run} ${name}`);

describe('event files', () => {
  test('of a folder: the run is the directory below it', async () => {
    const paths = [
      `logs/run10/${EVENTS}.1`,
      `logs/run9/b/${EVENTS}.1`,
      `logs/${EVENTS}.2`,
      `logs/${EVENTS}.10`,
      'logs/a.txt',
    ];
    const opened = await selectEventFiles(['logs'], paths.map(ref));
    // Files of a run are in the order of their names' characters: that is the order in which writers name them.
    expect(placed(opened)).toEqual([`. ${EVENTS}.10`, `. ${EVENTS}.2`, `run9/b ${EVENTS}.1`, `run10 ${EVENTS}.1`]);
    expect(opened).toMatchObject({ name: 'logs', ignored: 1 });
  });

  test('of several folders: they keep their names', async () => {
    const opened = await selectEventFiles(['b', 'a'], [ref(`b/${EVENTS}`), ref(`a/x/${EVENTS}`)]);
    expect(placed(opened)).toEqual([`a/x ${EVENTS}`, `b ${EVENTS}`]);
    expect(opened.name).toBe('b, a');
  });

  test('one by itself is tried whatever its name is', async () => {
    expect(placed(await selectEventFiles(['unknown'], [ref('unknown')]))).toEqual(['. unknown']);
    expect(placed(await selectEventFiles(['logs'], [ref('logs/unknown')]))).toEqual([]);
  });

  test.each(['frozen.pb', 'model.json', 'any.pbtxt'])('%s by itself is a graph', async (name) => {
    const opened = await selectEventFiles([name], [ref(name)]);
    expect(opened).toMatchObject({ files: [], beside: [{ path: name, kind: 'graph', source: {} }], ignored: 0 });
  });

  const text = (path: string, content: string): SourceRef => ({ ...ref(path), size: content.length, blob: new Blob([content]) }); // prettier-ignore
  const embeddingsOf = async (roots: string[], refs: SourceRef[]): Promise<string[]> =>
    ((await selectEventFiles(roots, refs)).embeddings ?? []).map(
      ({ path, kind, alone, isPart }) => `${path} ${kind}${alone ? ' alone' : ''}${isPart ? ' part' : ''}`,
    );

  test('where there are none, all are graphs that begin as one, loose or in a folder', async () => {
    const graphs = [
      text('before.pbtxt', 'node { name: "a" op: "Const" }'),
      text('after.pbtxt', '# of step 2\nnode { name: "b" op: "Const" }'),
      text('keras.json', '{ "class_name": "Functional" }'),
      text('settings.json', '{ "lr": 1 }'),
      ref('frozen.pb'),
    ];
    const names = graphs.map(({ path }) => path);
    const inFolder = graphs.map((source) => ({ ...source, path: `d/${source.path}` }));
    for (const opened of [await selectEventFiles(names, graphs), await selectEventFiles(['d'], inFolder)]) {
      expect(opened).toMatchObject({ files: [], ignored: 1 });
      expect(opened.beside.map(({ path, kind }) => `${path} ${kind}`).sort()).toEqual(
        ['after.pbtxt graph', 'before.pbtxt graph', 'frozen.pb graph', 'keras.json graph'], // prettier-ignore
      );
    }
    const besideLogs = await selectEventFiles(['d'], [...inFolder, ref(`d/${EVENTS}`)]);
    expect(besideLogs.beside.map(({ path }) => path)).toEqual(['frozen.pb']);
  });

  test('where there are none, what may be embeddings by its name is told, with all that it may need', async () => {
    expect(await embeddingsOf(['x.npy'], [ref('x.npy')])).toEqual(['x.npy embedding alone']);
    const checkpoint = ['d/m.index', 'd/m.data-00000-of-00001', 'd/sprite.png'].map(ref);
    expect(await embeddingsOf(['d'], checkpoint)).toEqual([
      'm.index checkpoint alone',
      'm.data-00000-of-00001 checkpoint part',
      'sprite.png embedding part',
    ]);
    expect(await embeddingsOf(['d'], [...checkpoint, ref(`d/${EVENTS}`)])).toEqual([]);
    expect(await embeddingsOf(['a.png', 'b'], [ref('a.png'), ref('b')])).toEqual([]);
  });

  test('of JSON and text of protobuf only what begins as a config of the projector may be one', async () => {
    const config = text('c.json', '{ "embeddings": [{ "tensorPath": "t.tsv" }] }');
    expect(await embeddingsOf(['c.json'], [config])).toEqual(['c.json embedding alone']);
    const named = text('projector_config.pbtxt', 'embeddings {\n tensor_path: "t.tsv" }');
    expect(await embeddingsOf(['projector_config.pbtxt'], [named])).toEqual(['projector_config.pbtxt projector_config alone']); // prettier-ignore
    expect(await embeddingsOf(['g.pbtxt'], [text('g.pbtxt', 'node { name: "embeddings" op: "Const" }')])).toEqual([]);
    expect(await embeddingsOf(['m.json'], [text('m.json', '{ "class_name": "Functional" }')])).toEqual([]);
  });

  test('several loose ones are one run', async () => {
    const names = [`${EVENTS}.2`, `${EVENTS}.1`];
    expect(placed(await selectEventFiles(names, names.map(ref)))).toEqual([`. ${EVENTS}.1`, `. ${EVENTS}.2`]);
  });

  test('the profiler’s marks are none', async () => {
    const opened = await selectEventFiles(['logs'], [ref(`logs/${EVENTS}.profile-empty`)]);
    expect(opened).toMatchObject({ files: [], beside: [{ kind: 'profile_mark' }], ignored: 0 });
  });

  test('in an archive belong to a directory of its name, or to the log directory if nothing else was opened', async () => {
    const paths = ['a/x.zip', 'a/y.tar.gz', 'z.TGZ', 'b/model.gz', `b/${EVENTS}.gz`, 'b/weights.h5', `b/${EVENTS}.zip`];
    const opened = await selectEventFiles(['logs'], paths.map((path) => ref(`logs/${path}`))); // prettier-ignore
    expect(placed(opened)).toEqual([
      'a/x x.zip',
      'a/y y.tar.gz',
      `b ${EVENTS}.gz`,
      `b/${EVENTS} ${EVENTS}.zip`,
      'z z.TGZ',
    ]);
    expect(placed(await selectEventFiles(['x.zip'], [ref('x.zip')]))).toEqual(['. x.zip']);
    expect(placed(await selectEventFiles(['x.zip', 'y.zip'], ['x.zip', 'y.zip'].map(ref)))).toEqual([
      'x x.zip',
      'y y.zip',
    ]);
  });

  test.each([
    // The single folder that was packed is what was meant.
    ['.', 'logs.zip', ['logs/b/1', 'logs/a/2', 'logs/a/1'], ['a 1', 'a 2', 'b 1']],
    ['. (2)', 'logs.zip', ['logs/1', 'logs/a/1'], ['. (2) 1', 'a 1']],
    ['.', 'logs.zip', ['a/b/1'], ['b 1']],
    ['.', 'logs.zip', ['a/1', 'b/1'], ['a 1', 'b 1']],
    ['.', 'logs.zip', ['a/1', '1'], ['. 1', 'a 1']],
    ['x/exp', 'exp.tar.gz', ['exp/a/1', 'exp/1'], ['x/exp 1', 'x/exp/a 1']],
    ['x/exp', 'exp.tar.gz', ['lr=1/1'], ['x/exp/lr=1 1']],
  ])('in an archive that is %s, %s', (run, name, paths, expected) => {
    const files = paths.map(placerIn({ run, name }, paths)).sort(inReadingOrder);
    expect(placed({ files })).toEqual(expected);
  });
  test.each([
    ['.', ['logs/inner.tar.gz', 'logs/hparams.yaml'], ['. inner.tar.gz inner.tar.gz', '. hparams.yaml hparams.yaml']],
    ['x', ['a/inner.zip'], ['x inner.zip x/a/inner.zip']],
    ['. (2)', ['logs/1.zip', 'logs/2.zip'], ['1 1.zip 1.zip', '2 2.zip 2.zip']],
    ['.', ['a/1.zip', 'a/tfevents', 'b.pt'], ['a/1 1.zip a/1.zip', 'a tfevents a/tfevents', '. b.pt b.pt']],
    ['.', ['a/tfevents.gz', 'a/x.json.gz'], ['. tfevents.gz tfevents.gz', '. x.json.gz x.json.gz']],
  ])('in an archive that is %s: %s', (run, paths, expected) => {
    const places = paths.map(placerIn({ run, name: 'logs.zip' }, paths));
    expect(places.map(({ run, name, path }) => `${run} ${name} ${path}`)).toEqual(expected);
  });

  test('many roots have a short name', async () => {
    expect((await selectEventFiles(['a', 'b', 'c', 'd', 'e'], [])).name).toBe('a, b and 3 more');
  });
});

test('runs of the same name that are opened later are kept apart', () => {
  const files = ['a', 'a', 'b', 'a (2)', '.'].map((run, i) => ({ source: ref(String(i)), run, name: String(i) }));
  const runs = keepApart(files, new RunNames(['a', '.', '. (2)'])).map(({ run }) => run);
  expect(runs).toEqual(['a (3)', 'a (3)', 'b', 'a (2)', '. (3)']);
  expect(keepApart(files, new RunNames())).toEqual(files);
});

test('names that are tried for many runs of the same name are as many', () => {
  const taken = new RunNames(['a', 'a (7)']);
  const names = Array.from({ length: 100 }, () => {
    const [file] = keepApart([{ run: 'a' }], taken);
    taken.add(file?.run as string);
    return file?.run;
  });
  const numbers = Array.from({ length: 101 }, (_, i) => i + 2).filter((n) => n !== 7);
  expect(names).toEqual(numbers.map((n) => `a (${n})`));
  let tried = 0;
  keepApart([{ run: 'a' }], Object.assign(taken, { has: (name: string) => name.startsWith('a') && ++tried < 5 }));
  expect(tried).toBeLessThan(10);
  const own = new RunNames(['b', 'b']);
  own.remove('b');
  expect(own.has('b')).toBe(true);
  own.remove('b');
  expect(own.has('b')).toBe(false);
});

test('a run that was read and is found again unchanged is not opened twice', async () => {
  const file = (run: string, text: string) => ({ run, name: EVENTS, source: { ...ref(run), size: text.length, blob: new Blob([text]) } }); // prettier-ignore
  const opened = new OpenedFiles();
  opened.add(file('a', 'abc'));
  opened.add(file('b', 'abc'));
  const [grown, other, elsewhere] = [file('b', 'abcd'), file('b', 'abd'), file('c', 'abc')];
  expect(await opened.withoutOpened([file('a', 'abc'), grown])).toEqual([grown]);
  expect(await opened.withoutOpened([other, elsewhere])).toEqual([other, elsewhere]);
  // A run with a new file is kept whole.
  const beside = [file('a', 'abc'), { ...file('a', 'x'), name: 'second' }];
  expect(await opened.withoutOpened(beside)).toEqual(beside);

  const served = (url: string) => ({ run: 'd', name: EVENTS, source: { id: nextSourceId(), path: 'd', url } });
  opened.add(served('http://a/1'));
  expect(await opened.withoutOpened([served('http://a/1')])).toEqual([]);
  expect(await opened.withoutOpened([served('http://a/2')])).toHaveLength(1);
});

/** A folder as webkitGetAsEntry() gives it: a hundred at a time. */
function folderEntry(name: string, children: Entry[]): Entry {
  const createReader = (): unknown => {
    const left = [...children];
    return { readEntries: (done: (batch: Entry[]) => void) => done(left.splice(0, 100)) };
  };
  return { name, isFile: false, isDirectory: true, createReader } as never;
}
const fileEntry = (name: string): Entry =>
  ({ name, isFile: true, file: (done: (file: File) => void) => done(new File(['abc'], name)) }) as never;
const fileHandle = (name: string): Entry =>
  ({ kind: 'file', name, getFile: () => Promise.resolve(new File(['abc'], name)) }) as never;
const folderHandle = (name: string, children: Entry[]): Entry =>
  ({
    kind: 'directory',
    name,
    async *values() {
      await Promise.resolve();
      yield* children;
    },
  }) as never;

describe('folders', () => {
  const many = Array.from({ length: 250 }, (_, i) => `${EVENTS}.${String(i).padStart(3, '0')}`);

  test.each([
    ['entries', folderEntry('logs', [folderEntry('deep', many.map(fileEntry))])],
    ['handles', folderHandle('logs', [folderHandle('deep', many.map(fileHandle))])],
  ])('are walked completely, by %s', async (_, folder) => {
    const { files } = await openEntries([[folder]]);
    expect(files.map(({ run, name, source }) => [run, name, source.size])).toEqual(
      many.map((name) => ['deep', name, 3]),
    );
    expect(new Set(files.map(({ source }) => source.id)).size).toBe(250);
  });
});

test('a folder that the browser will not open costs only itself', async () => {
  const locked = folderHandle('locked', []) as unknown as { values: () => AsyncGenerator };
  locked.values = async function* () {
    await Promise.reject(new DOMException('no', 'NotAllowedError'));
    yield undefined;
  };
  const opened = await openEntries([[folderHandle('logs', [locked as never, fileHandle(EVENTS)])]]);
  expect(placed(opened)).toEqual([`. ${EVENTS}`]);
  expect(opened.unreadable).toEqual(['logs/locked']);
});

describe('a drop', () => {
  const item = (parts: object): object => ({
    kind: 'file',
    webkitGetAsEntry: () => null,
    getAsFile: () => null,
    ...parts,
  });
  const drop = (...items: object[]): Promise<unknown> => readDrop({ items } as never);

  test('takes from entries what the handles leave out', async () => {
    const entry = folderEntry('logs', [fileEntry(EVENTS), folderEntry('12:30', [fileEntry(EVENTS)])]);
    const handle = folderHandle('logs', [fileHandle(EVENTS)]);
    const { files } = await readDrop({
      items: [item({ getAsFileSystemHandle: () => Promise.resolve(handle), webkitGetAsEntry: () => entry })],
    } as never);
    expect(files).toMatchObject([
      { run: '12:30', source: { blob: expect.anything() } },
      { run: '.', source: { handle: expect.anything() } },
    ]);
  });

  test('prefers handles, then entries, then files', async () => {
    const entry = fileEntry(EVENTS);
    const handle = fileHandle(EVENTS);
    const kinds = await Promise.all([
      drop(item({ getAsFileSystemHandle: () => Promise.resolve(handle), webkitGetAsEntry: () => entry })),
      drop(item({ getAsFileSystemHandle: () => Promise.reject(new Error()), webkitGetAsEntry: () => entry })),
      drop(item({ getAsFile: () => new File(['abc'], EVENTS) })),
    ]);
    expect(kinds).toMatchObject([
      { files: [{ source: { handle: expect.anything() } }] },
      { files: [{ source: { blob: expect.anything() } }] },
      { files: [{ source: { blob: expect.anything() } }] },
    ]);
  });

  test('asks every item before it waits', () => {
    const asked: number[] = [];
    const items = [1, 2].map((i) =>
      item({ getAsFileSystemHandle: () => (asked.push(i), Promise.resolve(fileHandle(EVENTS))) }),
    );
    void drop({ kind: 'string' }, ...items);
    expect(asked).toEqual([1, 2]);
  });
});

test('a manifest names files relative to itself', async () => {
  const files = [
    { path: `a/${EVENTS}`, url: `files/0/a/${EVENTS}`, size: 5 },
    { path: EVENTS, url: `files/0/${EVENTS}`, size: 7 },
  ];
  const manifest = JSON.stringify({ version: 1, name: 'x/y', files });
  const opened = await openManifest(manifest, 'http://host/sub/logs/manifest.json');
  expect(opened).toMatchObject({ name: 'x/y', ignored: 0 });
  expect(opened.files.map(({ run, source }) => [run, source])).toMatchObject([
    ['.', { url: `http://host/sub/logs/files/0/${EVENTS}`, size: 7 }],
    ['a', { url: `http://host/sub/logs/files/0/a/${EVENTS}`, size: 5 }],
  ]);
});

describe('local sources', () => {
  const text = 'abcdefghij';
  const bytes = new TextEncoder().encode(text).buffer;
  const sources = {
    blob: { id: 1, path: 'x', blob: new Blob([text]) },
    bytes: { id: 2, path: 'x', bytes },
    handle: { id: 3, path: 'x', handle: { getFile: () => Promise.resolve(new File([text], 'x')) } as never },
  };

  test.each(Object.entries(sources))('%s: slices and streams', async (_, source) => {
    const decoder = new TextDecoder();
    expect(decoder.decode(await slice(source, 2, 5))).toBe('cde');
    expect(decoder.decode(await slice(source, 8, 50))).toBe('ij');
    let streamed = '';
    for await (const piece of stream(source, 3, 9)) streamed += decoder.decode(piece);
    expect(streamed).toBe('defghi');
  });
});

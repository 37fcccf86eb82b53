import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Neighbours } from '../../web/src/engine/neighbours';
import { hparamsReader, type HParamsPort, type HParamsQuestion } from '../../web/src/engine/hparams_reader';
import { answerTo } from '../../web/src/engine/hparams_worker';
import type { FileReport } from '../../web/src/engine/protocol';
import { besideLines, besidePlaces, besideSummary } from '../../web/src/model/beside';
import { countBookmarks } from '../../web/src/model/bookmarks';
import { MAX_HPARAMS_BYTES } from '../../web/src/model/hparams_file';
import { directoryOf, nextSourceId, selectEventFiles } from '../../web/src/sources/event_files';
import { filesNamedBy, MAX_CONFIG_BYTES, neighbourOf } from '../../web/src/sources/neighbours.mjs';
import type { SourceRef } from '../../web/src/sources/source_ref';
import { readHParams } from './fake_hparams';

const ref = (path: string, text = ''): SourceRef => {
  const blob = new Blob([text]);
  return { id: nextSourceId(), path, size: blob.size, blob };
};

const EMBEDDING = `embeddings {
  tensor_name: "e"
  tensor_path: "00000/t.tsv"
  metadata_path: '00000/m.tsv'
  sprite { image_path : "s" ".png" single_image_dim: 8 }
  bookmarks_path: "b.json"
}`;

describe('files by name', () => {
  test.each([
    ['projector_config.pbtxt', 'projector_config'],
    ['a/projector_config.pbtxt', 'projector_config'],
    ['a/version_0/hparams.yaml', 'hparams'],
    ['plugins/profile/2026_01_31/vm.xplane.pb', 'profile'],
    ['a/plugins/profile/2026_01_31/vm.trace.json.gz', 'profile (part)'],
    ['a/events.out.tfevents.1.host.profile-empty', 'profile_mark'],
    ['train/cp.ckpt-0.index', 'checkpoint'],
    ['train/cp.ckpt-0.data-00000-of-00001', 'checkpoint (part)'],
    ['train/checkpoint', 'checkpoint (part)'],
    ['train/cp.ckpt-0.weights.h5', 'weights'],
    ['best.keras', 'keras'],
    ['checkpoints/epoch=1-step=10.ckpt', 'torch'],
    ['model.pt', 'torch'],
    ['notes.txt', ''],
    ['my_projector_config.pbtxt', ''],
    ['hparams.yaml.bak', ''],
    ['checkpoint.txt', ''],
    ['profile/a.pb', 'graph'],
    ['frozen.graphdef', 'graph'],
    ['export/saved_model.pb', 'graph'],
    ['export/fingerprint.pb', 'graph (part)'],
    ['graph.pbtxt', 'graph'],
    ['projector_config_of_graphs.txt', ''],
  ])('%s', (path, want) => {
    const found = neighbourOf(path);
    expect(found ? found.kind + (found.isPart ? ' (part)' : '') : '').toBe(want);
  });
});

describe('a file that is opened alone', () => {
  test.each([
    ['graph.txt', '\n# by hand\nnode {\n  name: "a"', 'graph'],
    ['model.prototxt', 'saved_model_schema_version: 1', 'graph'],
    ['run.prototxt', 'step_stats {\n  dev_stats {', 'graph'],
    ['keras.txt', '{"module": "keras", "class_name": "Functional", "config": {', 'graph'],
    ['frozen.graphdef', '\x0a', 'graph'],
    ['notes.txt', 'node by node, we {', 'log'],
    ['list.txt', '{"names": []}', 'log'],
    ['events.out.tfevents.1', 'node {', 'log'],
  ])('%s: %j', async (path, text, want) => {
    const { files, beside } = await selectEventFiles([path], [ref(path, text)]);
    expect(files.length === 1 ? 'log' : beside[0]?.kind).toBe(want);
    expect(files.length + beside.length).toBe(1);
  });
});

describe('files that a projector config names', () => {
  test('are below it', () => {
    expect([...filesNamedBy('run/projector_config.pbtxt', EMBEDDING)]).toEqual([
      ['run/00000/t.tsv', 'embedding'],
      ['run/00000/m.tsv', 'embedding'],
      ['run/s.png', 'embedding'],
      ['run/b.json', 'bookmarks'],
    ]);
  });
  test('have the names that protobuf writes', () => {
    const named = (path: string): string[] => [
      ...filesNamedBy('projector_config.pbtxt', `tensor_path: ${path}`).keys(),
    ];
    expect(named(String.raw`"gr\303\266\303\237e \"%2f\" 100%25/\x41\n.tsv"`)).toEqual(['größe "%2f" 100%25/A\n.tsv']);
    expect(named(String.raw`"a\\b.tsv"`)).toEqual(['a/b.tsv']);
    expect(named(`"./a//b.tsv"`)).toEqual(['a/b.tsv']);
    expect(named(`"größe"`)).toEqual(['größe']);
  });
  test.each(['"../a"', '"a/../../b"', '"/etc/passwd"', '"C:/a"', '""', String.raw`"a\0"`, String.raw`"..\\a"`])(
    'never lead out: %s',
    (path) => expect(filesNamedBy('run/projector_config.pbtxt', `tensor_path: ${path}`).size).toBe(0),
  );
  test('are found among what was opened', async () => {
    const files = [
      ref('logs/run/projector_config.pbtxt', EMBEDDING),
      ref('logs/run/00000/t.tsv', '1\t2'),
      ref('logs/run/b.json'),
      ref('logs/b.json'),
      ref('logs/big/projector_config.pbtxt', EMBEDDING + ' '.repeat(MAX_CONFIG_BYTES)),
      ref('logs/big/b.json'),
    ];
    const { beside, ignored } = await selectEventFiles(['logs'], files);
    expect(beside.map(({ path, kind, size }) => [path, kind, size])).toEqual([
      ['run/projector_config.pbtxt', 'projector_config', EMBEDDING.length],
      ['run/00000/t.tsv', 'embedding', 3],
      ['run/b.json', 'bookmarks', 0],
      ['big/projector_config.pbtxt', 'projector_config', EMBEDDING.length + MAX_CONFIG_BYTES],
    ]);
    expect(ignored).toBe(2);
  });
});

describe('hparams.yaml', () => {
  const parsed = async (text: string): Promise<unknown> => Object.fromEntries(await readHParams(text));

  test('of Lightning', async () => {
    const file = new URL('../data/lightning_run/logs/lightning_logs/version_0/hparams.yaml', import.meta.url);
    expect(await parsed(readFileSync(file, 'utf8'))).toEqual({ activation: 'relu', dropout: null, lr: 0.1, width: 8 });
  });
  test('as PyYAML writes it', async () => {
    // yaml.dump({'lr': 1e-05, 'name': '1e-5', 'yes': True, 'no': 'no', …}) of PyYAML 6
    const text = "lr: 1.0e-05\nname: 1e-5x\nflag: true\nword: 'no'\nbig: 12345678901234567890\nday: 2026-01-31\n";
    expect(await parsed(text)).toMatchObject({ lr: 1e-5, name: '1e-5x', flag: true, word: 'no' });
    expect(await parsed('{}\n')).toEqual({});
    expect(await parsed('')).toEqual({});
  });
  test('with mappings and lists', async () => {
    expect(await parsed('optim:\n  name: adam\n  betas:\n  - 0.9\n  - 0.99\n  more: {}\n')).toEqual({
      'optim/name': 'adam',
      'optim/betas': '[0.9,0.99]',
      'optim/more': '{}',
    });
  });
  test('with objects of Python', async () => {
    const text = `device: !!python/object/apply:torch.device
- cpu
shape: !!python/tuple
- 1
- 2
model: !!python/name:models.Net ''
args: !!python/object:argparse.Namespace
  lr: 0.1
own: !Path a/b
lr: 0.5
`;
    expect(await parsed(text)).toEqual({
      device: '["cpu"]',
      shape: '[1,2]',
      model: 'name:models.Net',
      'args/lr': 0.1,
      own: 'a/b',
      lr: 0.5,
    });
  });
  test.each(['a: [1, 2', 'a: b: c', '- 1\n- 2', 'text', '\0', 'a: *b', `a: ${'['.repeat(30_000)}`])(
    'that is none: %.20s',
    async (text) => expect(readHParams(text)).rejects.toThrow(),
  );
  test('with bytes and sets', async () => {
    expect(await parsed('a: !!binary |\n  aGk=\nb: !!set {x: null, z: null}\nc: [!!set {x: null}]\n')).toEqual({
      a: 'aGk=\n',
      b: '["x","z"]',
      c: '[["x"]]',
    });
  });
  test.each(['a: &x\n- *x\n', 'a: &x\n  b: *x\n', '&x\na: 1\nb: *x\n', 'a:\n- &x\n  b: [*x]\n'])(
    'that holds itself, and costs no other one: %j',
    async (text) => {
      const answers = await Promise.allSettled([text, 'a: 1', text, 'a: 2'].map(readHParams));
      const itself = { reason: { message: 'a value that holds itself' } };
      const one = (value: number) => ({ value: new Map([['a', value]]) });
      expect(answers).toMatchObject([itself, one(1), itself, one(2)]);
    },
  );
  test('is answered by number, in any order', async () => {
    const asked: HParamsQuestion[] = [];
    const port: HParamsPort = {
      postMessage: (question) => {
        asked.push(question);
        if (asked.length < 3) return;
        for (const each of asked.reverse()) port.onmessage?.({ data: answerTo(each) } as MessageEvent);
      },
      onmessage: null,
      onerror: null,
    };
    const read = hparamsReader(() => Promise.resolve(port));
    const answers = await Promise.all(['a: 1', 'a: 2', 'a: 3'].map(read));
    expect(answers.map((values) => values.get('a'))).toEqual([1, 2, 3]);
  });
  test('is answered in order, and by nobody when its worker fails', async () => {
    const answers = await Promise.allSettled(['a: 1', 'a: [', 'a: 2'].map(readHParams));
    expect(answers).toMatchObject([
      { value: new Map([['a', 1]]) },
      { reason: { message: expect.stringMatching(/line 1/) as string } },
      { value: new Map([['a', 2]]) },
    ]);
    const port: HParamsPort = {
      postMessage: () => setImmediate(() => port.onerror?.({ message: 'broken' } as ErrorEvent)),
      onmessage: null,
      onerror: null,
    };
    const bug = { error: { code: 'bug', detail: 'broken' } };
    await expect(hparamsReader(() => Promise.resolve(port))('a: 1')).rejects.toMatchObject(bug);
  });
  test('with aliases without end', async () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    await expect(readHParams(lines.join('\n'))).rejects.toThrow(/alias/i);
  });
});

test('bookmarks are states of the projector', () => {
  expect(countBookmarks('[]')).toBe(0);
  expect(countBookmarks('[{"label":"a","selectedProjection":"pca"},{"selectedProjection":"tsne"}]')).toBe(2);
  for (const bad of ['', '{}', '[1]', '[{"label":"a"}]', '[null]', 'no JSON']) {
    expect(countBookmarks(bad), bad).toBeUndefined();
  }
});

describe('neighbours', () => {
  async function opened(files: Record<string, string>, known?: Neighbours, replaces = false) {
    const reports: FileReport[] = [];
    const neighbours = known ?? new Neighbours((file) => reports.push(file), readHParams);
    const { beside } = await selectEventFiles(
      ['logs'],
      Object.entries(files).map(([path, text]) => ref(`logs/${path}`, text)),
    );
    const placed = beside.map((file) => {
      const directory = directoryOf(file.path);
      return directory === 'none' ? file : { ...file, run: `run ${directory}` };
    });
    await neighbours.add(placed, replaces, new AbortController().signal);
    return { neighbours, reports };
  }
  const pathsOf = ({ files }: Neighbours): string[] => files.value.map(({ path }) => path);

  test('give runs their hyperparameters', async () => {
    const { neighbours, reports } = await opened({
      'hparams.yaml': 'lr: 1',
      'a/hparams.yaml': 'lr: 2\nb: x',
      'none/hparams.yaml': 'lr: 3',
    });
    expect([...neighbours.hparams.value].map(([run, values]) => [run, [...values]])).toEqual([
      ['run .', [['lr', 1]]],
      ['run a', [['lr', 2], ['b', 'x']]],
    ]); // prettier-ignore
    expect(reports).toEqual([]);
  });
  test('that are bad are reported, and cost nothing else', async () => {
    const { neighbours, reports } = await opened({
      'a/hparams.yaml': 'a: [',
      'b/hparams.yaml': 'lr: 2',
      'c/hparams.yaml': `a: ${'x'.repeat(MAX_HPARAMS_BYTES)}`,
      'd/projector_config.pbtxt': EMBEDDING,
      'd/b.json': '{}',
      'e/projector_config.pbtxt': ' '.repeat(MAX_CONFIG_BYTES + 1),
    });
    expect([...neighbours.hparams.value.keys()]).toEqual(['run b']);
    const told = reports.map(({ run, name, error }) => `${run} ${name} ${error?.code}`);
    expect(told.sort()).toEqual([
      'run a hparams.yaml bad_hparams',
      'run c hparams.yaml file_too_large',
      'run d b.json bad_bookmarks',
      'run e projector_config.pbtxt file_too_large',
    ]);
    expect(reports.find(({ run }) => run === 'run a')?.error?.detail).toMatch(/line 1/);
  });
  test('count bookmarks', async () => {
    const { neighbours } = await opened({
      'projector_config.pbtxt': EMBEDDING,
      'b.json': '[{"selectedProjection":"pca"}]',
    });
    expect([...neighbours.bookmarks.value.values()]).toEqual([1]);
  });
  test('of two openings are kept apart, of the same one replaced', async () => {
    const files = { 'run/projector_config.pbtxt': EMBEDDING, 'run/b.json': '[]' };
    const { neighbours } = await opened(files);
    await opened(files, neighbours, true);
    expect(pathsOf(neighbours)).toEqual(Object.keys(files));
    await opened(files, neighbours);
    // A config still is beside what it names.
    expect(pathsOf(neighbours).slice(2)).toEqual(['(2)/run/projector_config.pbtxt', '(2)/run/b.json']);
    // So it is of archives that come together.
    const archives = [neighbours.files.value.slice(0, 1), neighbours.files.value.slice(0, 2)];
    await neighbours.addAll(archives, new AbortController().signal);
    const config = 'run/projector_config.pbtxt';
    expect(pathsOf(neighbours).slice(4)).toEqual([`(3)/${config}`, `(4)/${config}`, '(4)/run/b.json']);
  });
});

test('what lies beside the logs is told in words', async () => {
  const paths = ['a/model.index', 'a/model.data-00000-of-00001', 'a/checkpoint', 'plugins/profile/1/vm.trace'];
  const { beside } = await selectEventFiles(
    ['logs'],
    [...paths, ...Array.from({ length: 7 }, (_, i) => `${i}.pt`)].map((path) => ref(`logs/${path}`)),
  );
  const lines = besideLines(beside, 0);
  expect(besideSummary(lines)).toBe('Beside the logs: 1 TensorFlow checkpoint, 7 torch checkpoints, 1 profile');
  expect(lines.map(besidePlaces)).toEqual([
    'For Projector: a/model.index',
    '0.pt, 1.pt, 2.pt, 3.pt, 4.pt and 2 more files',
    'plugins/profile/1/vm.trace',
  ]);
});

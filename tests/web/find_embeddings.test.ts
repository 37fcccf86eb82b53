import { expect, test } from 'vitest';
import type { EmbeddingFile, Looked, LookedEmbedding, Variable } from '../../web/src/engine/embeddings/embeddings';
import { findEmbeddings, isLookedAt, type Findings } from '../../web/src/engine/embeddings/find_embeddings';
import { embeddingProblemText, lengthText, rowFaultText } from '../../web/src/model/embedding_faults';

const file = (path: string, alone = false): EmbeddingFile => {
  return { path, alone, source: { id: 0, path, blob: new Blob() } };
};
const variable = (name: string, shape: number[], dtype = 'float32'): Variable => ({ name, dtype, shape, bytes: 0 });
const named = (name: string, tensor: string, more: Partial<LookedEmbedding> = {}): LookedEmbedding => {
  return { name, tensor, form: 'table', shape: [], metadata: '', sprite: '', spriteSize: [], bookmarks: '', problems: [], ...more }; // prettier-ignore
};
const config = (embeddings: LookedEmbedding[], checkpoint = ''): Looked => ({ kind: 'config', checkpoint, embeddings });

function find(
  paths: readonly string[],
  looked: Record<string, Looked>,
  more: Partial<Findings> = {},
  alone = false,
): ReturnType<typeof findEmbeddings> {
  const findings = { looked: new Map(Object.entries(looked)), h5: new Map(), series: [], problems: [], ...more };
  return findEmbeddings(
    paths.map((path) => file(path, alone)),
    findings,
  );
}

test('folders that torch writes are steps', () => {
  const { embeddings, problems } = find(
    ['run/00000/e/tensors.tsv', 'run/00010/e/tensors.tsv', 'run/00010/e/metadata.tsv', 'run/00010/e/sprite.png'],
    {
      'run/projector_config.pbtxt': config([
        named('e:00010', 'run/00010/e/tensors.tsv', { metadata: 'run/00010/e/metadata.tsv', sprite: 'run/00010/e/sprite.png', spriteSize: [8, 9] }), // prettier-ignore
        named('e:00000', 'run/00000/e/tensors.tsv'),
        named('v:0', 'run/00000/e/tensors.tsv'),
      ]),
    },
  );
  expect(problems).toEqual([]);
  expect(embeddings.map(({ run, name, steps }) => [run, name, steps.map(({ step }) => step)])).toEqual([
    ['run', 'e', [0, 10]],
    ['run', 'v:0', [NaN]],
  ]);
  expect(embeddings[0]?.steps[1]).toMatchObject({
    metadata: 'run/00010/e/metadata.tsv',
    sprite: { path: 'run/00010/e/sprite.png', width: 8, height: 9 },
    isReadable: true,
  });
});

const INDEX: Looked = {
  kind: 'checkpoint',
  variables: [
    variable('layer_with_weights-0/embeddings/.ATTRIBUTES/VARIABLE_VALUE', [17, 3]),
    variable('layer_with_weights-0/embeddings/.OPTIMIZER_SLOT/m/.ATTRIBUTES/VARIABLE_VALUE', [17, 3]),
    variable('optimizer/_variables/1/.ATTRIBUTES/VARIABLE_VALUE', [17, 3]),
    variable('bias/.ATTRIBUTES/VARIABLE_VALUE', [3]),
    variable('_CHECKPOINTABLE_OBJECT_GRAPH', [], 'string'),
  ],
};

test('one checkpoint an epoch is one step, with the metadata that the config in the root gives the variable', () => {
  const { embeddings } = find(
    ['intensity.tsv', 'train/k.ckpt-0.index', 'train/k.ckpt-12.index', 'train/k.ckpt-4.index'],
    {
      'projector_config.pbtxt': config([
        named('layer_with_weights-0/embeddings/.ATTRIBUTES/VARIABLE_VALUE', '', { metadata: 'intensity.tsv' }),
      ]),
      'train/k.ckpt-0.index': INDEX,
      'train/k.ckpt-12.index': INDEX,
      'train/k.ckpt-4.index': INDEX,
    },
  );
  expect(embeddings.map(({ run, label, steps }) => [run, label, steps.map(({ step }) => step)])).toEqual([
    ['train', 'layer_with_weights-0/embeddings', [0, 4, 12]],
    ['train', 'optimizer/_variables/1', [0, 4, 12]],
  ]);
  expect(embeddings[0]?.steps.map(({ metadata }) => metadata)).toEqual(Array(3).fill('intensity.tsv'));
  expect(embeddings[1]?.steps[0]?.metadata).toBeUndefined();
});

test('Keras 3 names a variable that only Keras 2 would have: its weights are meant', () => {
  const { embeddings } = find(['m.tsv', 'train/k.ckpt-0.weights.h5'], {
    'projector_config.pbtxt': config([named('layer_with_weights-0/embeddings/x', '', { metadata: 'm.tsv' })]),
  }, { h5: new Map([['train/k.ckpt-0.weights.h5', [variable('layers/dense/vars/0', [3, 4]), variable('layers/embedding/vars/0', [17, 4])]]]) }); // prettier-ignore
  expect(embeddings.map(({ label, steps }) => [label, steps[0]?.step, steps[0]?.metadata])).toEqual([
    ['layers/dense', 0, undefined],
    ['layers/embedding', 0, 'm.tsv'],
  ]);
});

test('what a config names and nobody dropped is said', () => {
  const { embeddings } = find(['run/t.tsv'], {
    'run/projector_config.pbtxt': config([
      named('a', 'run/gone.tsv'),
      named('b', 'run/t.tsv', { metadata: 'run/gone.tsv' }),
      named('c', ''),
      named('d', '', { problems: [{ fault: 'outside', path: 'run/projector_config.pbtxt', text: '../t.tsv' }] }),
      named('e', 'https://host/t.bytes', { form: 'bytes', shape: [10, 2] }),
    ]),
  });
  expect(
    embeddings.map(({ name, steps }) => [name, steps[0]?.isReadable, steps[0]?.problems.map(({ fault }) => fault)]),
  ).toEqual([
    ['a', false, ['missing']],
    ['b', true, ['missing']],
    ['c', false, ['no_checkpoint']],
    ['d', false, ['outside']],
    ['e', true, []],
  ]);
  expect(embeddingProblemText(embeddings[0]?.steps[0]?.problems[0] ?? { fault: '', path: '' })).toBe(
    'A config names a file that is not here: drop the folder that holds it, too (run/gone.tsv), run/projector_config.pbtxt',
  );
});

test('the config in the folder of the plugin is that of the run; two of one name are two', () => {
  const path = 'run/plugins/org_tensorflow_tensorboard_projector/projector_config.pbtxt';
  const { embeddings } = find(['t.tsv'], { [path]: config([named('a', 't.tsv'), named('a', 't.tsv')]) });
  expect(embeddings.map(({ run, name }) => [run, name])).toEqual([
    ['run', 'a'],
    ['run', 'a (2)'],
  ]);
});

test('files alone, with the labels beside them', () => {
  const none: Looked = { kind: 'none', problem: { fault: 'no_embedding', path: 'notes.txt' } };
  const { embeddings, problems } = find(['vectors.tsv', 'metadata.tsv', 'a.npz', 'notes.txt'], {
    'vectors.tsv': { kind: 'table', columns: 3 },
    'metadata.tsv': { kind: 'none', problem: { fault: 'no_embedding', path: 'metadata.tsv' } },
    'a.npz': { kind: 'npz', variables: [variable('x', [5, 2]), variable('y', [5]), variable('z', [5, 2, 1])] },
    'notes.txt': none,
  }, {}, true); // prettier-ignore
  expect(embeddings.map(({ name, shape, steps }) => [name, shape, steps[0]?.metadata])).toEqual([
    ['a.npz/x', [5, 2], 'metadata.tsv'],
    ['a.npz/y', [5, 1], 'metadata.tsv'],
    ['vectors.tsv', undefined, 'metadata.tsv'],
  ]);
  expect(problems.map(({ path }) => path)).toEqual(['notes.txt']);
});

test('labels that came later are of the embedding that they were joined to, at all steps', () => {
  const labels: EmbeddingFile = { ...file('later.tsv'), labelsOf: { run: 'train', name: 'k.ckpt/emb' } };
  const index: Looked = { kind: 'checkpoint', variables: [variable('emb', [17, 3]), variable('other', [17, 3])] };
  const looked = new Map([1, 2].map((step) => [`train/k.ckpt-${step}.index`, index]));
  const files = [...looked.keys()].map((path) => file(path));
  const { embeddings } = findEmbeddings([...files, labels], { looked, h5: new Map(), series: [], problems: [] });
  expect(embeddings.map(({ name, steps }) => [name, steps.map(({ metadata }) => metadata)])).toEqual([
    ['k.ckpt/emb', ['later.tsv', 'later.tsv']],
    ['k.ckpt/other', [undefined, undefined]],
  ]);
});

test('labels alone are no embedding, whatever numbers are among them', () => {
  const tellsLabels = (path: string, looked: Looked) => find([path], { [path]: looked }, {}, true);
  const none: Looked = { kind: 'none', problem: { fault: 'no_embedding', path: 'labels.tsv' }, rows: 9 };
  for (const found of [
    tellsLabels('labels.tsv', none),
    tellsLabels('labels.tsv', { kind: 'table', columns: 2, rows: 9 }),
  ]) {
    expect(found).toEqual({ embeddings: [], problems: [{ fault: 'only_labels', path: 'labels.tsv' }] });
  }
  expect(embeddingProblemText({ fault: 'only_labels', path: 'labels.tsv' })).toBe(
    '“labels.tsv” has labels alone, by its name: drop the file of vectors together with it, or rename it if it holds vectors',
  );
  // What has vectors is shown, whatever its name is.
  expect(tellsLabels('labels.txt', { kind: 'words', columns: 50 }).embeddings).toHaveLength(1);
});

test('labels with numbers among them are those of the vectors beside them, of as many rows', () => {
  const looked: Record<string, Looked> = {
    'x.npy': { kind: 'npy', variables: [variable('', [9, 4])] },
    'metadata.tsv': { kind: 'table', columns: 1, rows: 9 },
  };
  const { embeddings, problems } = find(Object.keys(looked), looked, {}, true);
  expect(embeddings.map(({ label, steps }) => [label, steps[0]?.metadata])).toEqual([['x.npy', 'metadata.tsv']]);
  expect(problems).toEqual([]);
});

test('of several pairs each has its own labels: by name, or else by rows', () => {
  const table = (rows?: number): Looked => ({ kind: 'table', columns: 3, ...(rows === undefined ? {} : { rows }) });
  const text = (path: string, rows: number): Looked => {
    return { kind: 'none', problem: { fault: 'no_embedding', path }, rows };
  };
  const looked = {
    'a_tensors.tsv': table(),
    'a-metadata.tsv': text('a-metadata.tsv', 7),
    'b_tensors.tsv': table(5),
    'b_metadata.tsv': table(5),
    'sub/x.csv': table(4),
    'sub/words.txt': text('sub/words.txt', 5),
    'sub/notes.txt': text('sub/notes.txt', 9),
    'other/y.tsv': table(4),
    'other/labels.tsv': text('other/labels.tsv', 90),
  };
  const { embeddings, problems } = find(Object.keys(looked), looked, {}, true);
  expect(embeddings.map(({ name, steps }) => [name, steps[0]?.metadata])).toEqual([
    ['a_tensors.tsv', 'a-metadata.tsv'],
    ['b_tensors.tsv', 'b_metadata.tsv'],
    ['y.tsv', undefined],
    ['x.csv', 'sub/words.txt'],
  ]);
  expect(problems.map(({ path }) => path)).toEqual(['sub/notes.txt']);
});

test('what a config names is no embedding by itself', () => {
  const { embeddings } = find(['c.json', 't.tsv', 'm.tsv', 's.png'], {
    'c.json': config([named('words', 't.tsv', { metadata: 'm.tsv', sprite: 's.png', spriteSize: [8, 8] })]),
    't.tsv': { kind: 'table', columns: 3 },
    'm.tsv': { kind: 'table', columns: 1 },
  }, {}, true); // prettier-ignore
  expect(embeddings.map(({ name, steps: [step] }) => [name, step?.metadata, step?.sprite?.path])).toEqual([
    ['words', 'm.tsv', 's.png'],
  ]);
});

test('tensors of a log', () => {
  const series = [{ series: 7, run: 'r', tag: 't', steps: [5, 1], points: [0, 1], shape: [3, 2] as [number, number], dtype: 'float32' }]; // prettier-ignore
  const { embeddings } = find([], {}, { series });
  expect(embeddings).toMatchObject([{ run: 'r', name: 't', origin: 'tensors', shape: [3, 2] }]);
  expect(embeddings[0]?.steps.map(({ step, place }) => [step, place])).toEqual([
    [1, { kind: 'point', series: 7, point: 1 }],
    [5, { kind: 'point', series: 7, point: 0 }],
  ]);
});

test('only names that may have embeddings are looked at, beside event files', () => {
  const looked = ['a/projector_config.pbtxt', 'm.index', 'w.weights.h5', 't.tsv', 'm.data-00000-of-00001'];
  expect(looked.map((path) => isLookedAt(file(path)))).toEqual([true, true, true, false, false]);
  expect(isLookedAt(file('t.tsv', true))).toBe(true);
});

test('words of faults', () => {
  expect(embeddingProblemText({ fault: 'syntax', path: 'a/p.pbtxt', line: 3, column: 4 })).toBe(
    'The projector config is not in order: something cannot stand here, line 3, column 4, a/p.pbtxt',
  );
  const places = [{ row: 3, line: 4, column: 2, text: 'nan' }];
  expect(rowFaultText({ fault: 'not_finite', count: 2, places })).toBe(
    '2 rows with NaN or infinity are left out: line 4, column 2 (“nan”) …',
  );
  expect(rowFaultText({ fault: 'missing_cell', count: 1, places: [{ row: 3, line: 0, column: 2, text: '' }] })).toBe(
    '1 row with fewer cells than the others is left out: row 3, column 2',
  );
  const tensor = { rows: 3, columns: 2, fileRows: 3, faults: [], names: [] };
  const metadata = { table: 0, rows: 2, fileRows: 2, columns: [], hasHeader: false, next: -1, faults: [] };
  expect(lengthText(tensor, metadata)).toBe('The metadata has 2 rows, the tensor 3: the last points have none');
  expect(lengthText(tensor, { ...metadata, fileRows: 3 })).toBeUndefined();
});

/** Labels that are opened after the embedding that they are of: which are joined, and what is said of the others. */
import { signal } from '@preact/signals-core';
import { expect, test } from 'vitest';
import type {
  Embedding,
  EmbeddingFile,
  FoundEmbeddings,
  MetadataFacts,
} from '../../web/src/engine/embeddings/embeddings';
import type { Engine } from '../../web/src/engine/engine';
import { Fault } from '../../web/src/faults/fault';
import { asEmbeddings } from '../../web/src/model/opened_embeddings';
import type { Shown } from '../../web/src/model/shown';
import type { Opened } from '../../web/src/sources/event_files';
import type { Neighbour } from '../../web/src/sources/find_neighbours';

/** Of a file of labels: its rows, and whether the first line names columns; or it cannot be read. */
type Labels = [rows: number, hasHeader?: boolean] | 'unreadable';

const fileOf = (path: string): Neighbour & EmbeddingFile => {
  return { path, kind: 'embedding', alone: true, source: { id: 0, path, blob: new Blob() } };
};
const embeddingOf = (path: string): Embedding => {
  const step = { step: NaN, place: { kind: 'file' as const, path, form: 'table' as const }, problems: [], isReadable: true }; // prettier-ignore
  return { run: '.', name: path, label: path, origin: 'file', dtype: '', steps: [step] };
};

/** Opens labels where tensors of so many rows are open. */
function open(tensors: Record<string, number>, labels: Record<string, Labels>) {
  const files = Object.keys(tensors).map(fileOf);
  /** The paths of each question for what is in files. */
  const finds: string[][] = [];
  const reader = {
    find(asked: readonly EmbeddingFile[]): Promise<FoundEmbeddings> {
      const paths = asked.map(({ path }) => path);
      finds.push(paths);
      const isOpen = asked === shown.embeddingFiles.value;
      const problems = isOpen ? [] : paths.map((path) => ({ fault: 'only_labels', path }));
      return Promise.resolve({ embeddings: isOpen ? paths.map(embeddingOf) : [], problems });
    },
    openMetadata(path: string): Promise<Partial<MetadataFacts>> {
      const facts = labels[path];
      if (facts === undefined || facts === 'unreadable') return Promise.reject(new Fault({ code: 'unreadable', file: path })); // prettier-ignore
      return Promise.resolve({ table: 1, fileRows: facts[0], hasHeader: facts[1] ?? false });
    },
    closeMetadata: () => undefined,
    rowsOf: ({ path }: { path: string }) => Promise.resolve(tensors[path]),
  };
  const engine = { embeddings: () => Promise.resolve(reader) } as unknown as Engine;
  const shown = { embeddingFiles: signal<readonly EmbeddingFile[]>(files), matrices: signal([]), noteEmbeddings: () => undefined } as unknown as Shown; // prettier-ignore
  const opened: Opened = { name: 'x', files: [], beside: Object.keys(labels).map(fileOf), unreadable: [], ignored: 0 };
  return { finds, said: asEmbeddings(engine, shown, { run: '.', name: '' }, opened) };
}

test('labels are joined if as many rows of them are read as there are points', async () => {
  for (const labels of [[60], [60, true]] as Labels[]) {
    const { joined, opened } = await open({ 'v.tsv': 60 }, { 'metadata.tsv': labels }).said;
    expect(joined).toBe('metadata.tsv is joined to v.tsv: labels of 60 rows');
    expect(opened.beside).toMatchObject([{ path: 'metadata.tsv', labelsOf: { run: '.', name: 'v.tsv' } }]);
  }
});

test('labels of other rows are not, and it is said what became of the first line', async () => {
  const problemOf = async (labels: Labels) => (await open({ 'v.tsv': 60 }, { 'metadata.tsv': labels }).said).problem;
  const end = ', and v.tsv 60: labels need a row for each point';
  expect(await problemOf([61])).toBe(`metadata.tsv has 61 rows with its first line${end}`);
  // 60 lines, which would be of the points after theirs.
  expect(await problemOf([59, true])).toBe(`metadata.tsv has 59 rows below its first line, which names the columns${end}`); // prettier-ignore
});

test('of several files one that cannot be read keeps no other from being joined', async () => {
  const { joined } = await open({ 'v.tsv': 3 }, { 'a_labels.tsv': 'unreadable', 'b_labels.tsv': [3] }).said;
  expect(joined).toBe('b_labels.tsv is joined to v.tsv: labels of 3 rows');
});

test('what is open is what its paths mean again, also if labels cannot be read', async () => {
  const { said, finds } = open({ 'v.tsv': 3, 'metadata.tsv': 5 }, { 'metadata.tsv': 'unreadable' });
  await expect(said).rejects.toMatchObject({ error: { code: 'unreadable', file: 'metadata.tsv' } });
  expect(finds.at(-1)).toEqual(['v.tsv', 'metadata.tsv']);
});

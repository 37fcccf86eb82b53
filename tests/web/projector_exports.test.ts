import { expect, test } from 'vitest';
import type { MetadataFacts } from '../../web/src/engine/embeddings/embeddings';
import {
  coordinatesNpy,
  coordinatesOf,
  coordinatesTsv,
  neighboursCsv,
  projectorZip,
  type PublishedEmbedding,
} from '../../web/src/views/projector/projector_exports';

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

/** Files of a ZIP, by what stands before each. */
async function unzipped(pieces: AsyncIterable<Uint8Array>): Promise<Map<string, Buffer>> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  const zip = Buffer.concat(parts);
  const files = new Map<string, Buffer>();
  for (let at = 0; zip.readUInt32LE(at) === 0x04034b50;) {
    const [size, nameSize, extra] = [zip.readUInt32LE(at + 18), zip.readUInt16LE(at + 26), zip.readUInt16LE(at + 28)];
    const start = at + 30 + nameSize + extra;
    files.set(zip.toString('utf8', at + 30, at + 30 + nameSize), zip.subarray(start, start + size));
    at = start + size;
  }
  return files;
}

test('coordinates as TSV', async () => {
  const places = { positions: Float32Array.of(0.1, -2, 1e-12, NaN, 16_777_216, 1 / 3), names: ['x', 'y'] };
  const labels = ['a\tb', 'c\nd', ''];
  const label = { name: 'class', texts: (from: number, count: number) => Promise.resolve(labels.slice(from, from + count)) }; // prettier-ignore
  expect(await textOf(coordinatesTsv(places, Uint32Array.of(0, 4, 5), [label]))).toBe(
    'row\tclass\tx\ty\n0\ta b\t0.1\t-2\n4\tc d\t1e-12\tNaN\n5\t\t16777216\t0.33333334\n',
  );
  expect(await textOf(coordinatesTsv({ ...places, names: ['x', 'y', 'z'] }, undefined, []))).toMatch(/^row\tx\ty\tz\n0\t/); // prettier-ignore
});

test('coordinates beside several columns, of names that are told apart from them', async () => {
  const column = (name: string, cells: string[]) => ({ name, texts: (from: number, count: number) => Promise.resolve(cells.slice(from, from + count)) }); // prettier-ignore
  const places = { positions: Float32Array.of(1, 2), names: ['x'] };
  const columns = [column('word', ['a', 'b']), column('x', ['7']), column('row', ['r', 's'])];
  expect(await textOf(coordinatesTsv(places, undefined, columns))).toBe(
    'row\tword\tx (metadata)\trow (metadata)\tx\n0\ta\t7\tr\t1\n1\tb\t\ts\t2\n',
  );
});

test('coordinates of some points alone, whose labels come in pieces still', async () => {
  const all = { positions: Float32Array.from({ length: 60_000 }, (_, i) => i / 2), names: ['x', 'y'] };
  const asked: [number, number][] = [];
  const texts = (from: number, count: number) => {
    asked.push([from, count]);
    return Promise.resolve(Array.from({ length: count }, (_, i) => `p${from + i}`));
  };
  const some = coordinatesOf(all, Uint32Array.of(3, 9, 25_000));
  expect([...some.positions]).toEqual([3, 3.5, 9, 9.5, 25_000, 25_000.5]);
  expect(await textOf(coordinatesTsv(some, undefined, [{ name: 'label', texts }]))).toBe(
    'row\tlabel\tx\ty\n3\tp3\t3\t3.5\n9\tp9\t9\t9.5\n25000\tp25000\t25000\t25000.5\n',
  );
  expect(asked).toEqual([
    [3, 7],
    [25_000, 1],
  ]);
  expect(coordinatesOf(all, undefined)).toEqual(all);
});

test('every float is told apart', async () => {
  const positions = Float32Array.from({ length: 30_000 }, (_, i) => Math.tan(i) * 10 ** ((i % 60) - 30));
  const lines = (await textOf(coordinatesTsv({ positions, names: ['x'] }, undefined, []))).trimEnd().split('\n');
  expect(Float32Array.from(lines.slice(1), (line) => Number(line.split('\t')[1]))).toEqual(positions);
});

test('coordinates for NumPy', async () => {
  const positions = Float32Array.of(1, 2, 3, 4, 5, 6);
  const bytes = Buffer.from(await new Blob(coordinatesNpy({ positions, names: ['x', 'y', 'z'] })).arrayBuffer());
  expect(bytes.toString('latin1', 1, 6)).toBe('NUMPY');
  const start = 10 + bytes.readUInt16LE(8);
  expect(bytes.toString('latin1', 10, start)).toMatch(/'descr': '<f4', 'fortran_order': False, 'shape': \(2, 3\)/);
  expect(start % 64).toBe(0);
  expect(Array.from({ length: 6 }, (_, i) => bytes.readFloatLE(start + 4 * i))).toEqual([1, 2, 3, 4, 5, 6]);
});

test('neighbours as CSV', () => {
  const neighbours = { rows: Uint32Array.of(2, 0), distances: Float32Array.of(0.25, 0.1) };
  expect(neighboursCsv(neighbours, undefined, ['a "b"', 'c, d'])).toBe(
    'row,label,distance\n2,"a ""b""",0.25\n0,"c, d",0.1\n',
  );
  expect(neighboursCsv(neighbours, Uint32Array.of(5, 6, 9), undefined)).toBe('row,distance\n9,0.25\n5,0.1\n');
});

function embeddingOf(names: readonly string[], cells: readonly string[][], more: Partial<PublishedEmbedding> = {}) {
  const facts: MetadataFacts = {
    table: 1, rows: cells.length, fileRows: cells.length, hasHeader: names.length > 1, next: names.indexOf('__next__'), faults: [],
    columns: names.map((name) => ({ name, type: 'text', distinct: 1, empty: 0 })),
  }; // prettier-ignore
  const texts = (column: number, from: number, count: number) =>
    Promise.resolve(cells.slice(from, from + count).map((row) => row[column] as string));
  return { name: 'a/b', values: new Float32Array(2 * cells.length).fill(1.5), columns: 2, metadata: { facts, texts }, isPart: false, ...more }; // prettier-ignore
}

const SPRITE = { bytes: Uint8Array.of(1, 2, 3), ending: 'png', width: 8, height: 9 };

test('what the public projector shows', async () => {
  const files = await unzipped(
    projectorZip(embeddingOf(['class', ''], [['a', 'x\ty'], ['', 'z']], { sprite: SPRITE }), 'https://host/dir'),
  ); // prettier-ignore
  expect([...files.keys()]).toEqual(['readme.txt', 'projector_config.json', 'tensors.bytes', 'metadata.tsv', 'sprite.png']); // prettier-ignore
  expect(JSON.parse(String(files.get('projector_config.json')))).toEqual({
    embeddings: [
      {
        tensorName: 'a/b',
        tensorShape: [2, 2],
        tensorPath: 'https://host/dir/tensors.bytes',
        metadataPath: 'https://host/dir/metadata.tsv',
        sprite: { imagePath: 'https://host/dir/sprite.png', singleImageDim: [8, 9] },
      },
    ],
  });
  expect(String(files.get('metadata.tsv'))).toBe('class\tcolumn 2\na\tx y\n\tz\n');
  expect(files.get('tensors.bytes')?.readFloatLE(12)).toBe(1.5);
  expect(files.get('tensors.bytes')).toHaveLength(16);
});

test('a single column has no header, and paths may be without an address', async () => {
  const files = await unzipped(projectorZip(embeddingOf(['class'], [['a'], ['b']]), ''));
  expect(String(files.get('metadata.tsv'))).toBe('a\nb\n');
  expect(JSON.parse(String(files.get('projector_config.json'))).embeddings[0]).toEqual({
    tensorName: 'a/b',
    tensorShape: [2, 2],
    tensorPath: 'tensors.bytes',
    metadataPath: 'metadata.tsv',
  });
});

test('what counts rows of the file is left out if some are', async () => {
  const cells = [['a', '1'], ['b', '']]; // prettier-ignore
  const files = await unzipped(projectorZip(embeddingOf(['class', '__next__'], cells, { sprite: SPRITE, isPart: true }), '')); // prettier-ignore
  expect(files.has('sprite.png')).toBe(false);
  expect(String(files.get('metadata.tsv'))).toBe('a\nb\n');
  const whole = await unzipped(projectorZip(embeddingOf(['class', '__next__'], cells), ''));
  expect(String(whole.get('metadata.tsv'))).toBe('class\t__next__\na\t1\nb\t\n');
});

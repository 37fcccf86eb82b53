import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { EmbeddingFile, TensorSeries } from '../../web/src/engine/embeddings/embeddings';
import { EmbeddingsClient } from '../../web/src/engine/embeddings/embeddings_client';
import type { EmbeddingsRequest } from '../../web/src/engine/embeddings/embeddings_protocol';
import type { EmbeddingsModule } from '../../web/src/engine/embeddings/embeddings_session';
import { EmbeddingsWorker } from '../../web/src/engine/embeddings/embeddings_worker';
import { h5Reader, type H5Port } from '../../web/src/engine/embeddings/h5_reader';
import { answerTo } from '../../web/src/engine/embeddings/h5_worker';
import type { SideWorkerPort } from '../../web/src/engine/side_worker';
import { loaderOf, type LoadWasm } from '../../web/src/engine/wasm_loader';
import { nextSourceId } from '../../web/src/sources/event_files';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const { signal } = new AbortController();

/** The files of a folder of logs, as neighbours; or as dropped alone. */
function filesOf(folder: string, alone = false): EmbeddingFile[] {
  const root = at(folder);
  return (readdirSync(root, { recursive: true }) as string[])
    .filter((name) => statSync(join(root, name)).isFile())
    .map((name) => fileOf(relative('.', name), readFileSync(join(root, name)), alone));
}
function fileOf(path: string, content: string | Uint8Array, alone = true): EmbeddingFile {
  const blob = new Blob([content as BlobPart]);
  return { path, alone, source: { id: nextSourceId(), path, size: blob.size, blob } };
}

describe.skipIf(!existsSync(at('build/wasm/embeddings.js')))('embeddings, by the real module', () => {
  let client: EmbeddingsClient;

  beforeEach(() => {
    const load: LoadWasm<EmbeddingsModule> = async (wasm) =>
      loaderOf((await import('tensorpane-wasm/embeddings.js')).default)(wasm);
    const h5: H5Port = {
      postMessage: (question) => queueMicrotask(() => h5.onmessage?.({ data: answerTo(question) } as MessageEvent)),
      onmessage: null,
      onerror: null,
    };
    client = new EmbeddingsClient(
      async () => {
        const port: SideWorkerPort = {
          onmessage: null,
          onerror: null,
          postMessage: (message) => void worker.handle(message as EmbeddingsRequest),
          terminate: () => undefined,
        };
        const worker = new EmbeddingsWorker((data) => port.onmessage?.({ data } as never), load);
        return Promise.resolve([port, await WebAssembly.compile(readFileSync(at('build/wasm/embeddings.wasm')))]);
      },
      () => Promise.resolve(),
      h5Reader(() => Promise.resolve(h5)),
    );
  });

  const find = (files: readonly EmbeddingFile[], series: readonly TensorSeries[] = []) => client.find(files, series, signal); // prettier-ignore

  test('the folders of torch: steps, numbers, metadata', async () => {
    const { embeddings, problems } = await find(filesOf('tests/data/torch_embedding/logs'));
    expect(problems).toEqual([]);
    expect(embeddings.map(({ run, name, steps }) => [run, name, steps.map(({ step }) => step)])).toEqual([
      ['digits', 'cnn/features 100%', [0, 10]],
      ['digits', 'pixels', [0, 10]],
      ['plain', 'default', [0]],
      ['plain', 'one_column', [0]],
    ]);
    const step = embeddings[1]?.steps[1];
    if (!step) throw new Error('no step');
    const shares: number[] = [];
    const { facts, values, rows } = await client.read(step.place, signal, (share) => shares.push(share));
    expect([facts.rows, facts.columns, facts.fileRows, values.length, rows]).toEqual([500, 64, 500, 32_000, undefined]);
    expect([...values.subarray(0, 4)]).toEqual([0, 0, 0.3125, 0.8125]);
    expect(shares.at(-1)).toBe(1);
    const metadata = await client.openMetadata(step.metadata ?? '', rows, signal);
    expect(metadata.columns.map(({ name, type }) => [name, type])).toEqual([
      ['label', 'number'],
      ['parity', 'category'],
      ['name', 'text'],
    ]);
    const labels = await client.numbers(metadata.table, 0);
    const { values: parities, of } = await client.categories(metadata.table, 1);
    expect(labels.length).toBe(500);
    expect(parities.reduce((sum, { count }) => sum + count, 0)).toBe(500);
    expect(parities[of[0] ?? -1]?.text).toBe((await client.texts(metadata.table, 1, 0, 1))[0]);
    const found = await client.search(metadata.table, { column: 0, match: '>', text: '8' });
    expect([...found]).toEqual([...labels.keys()].filter((row) => (labels[row] ?? 0) > 8));
    expect(await client.row(metadata.table, 3)).toEqual([
      String(labels[3]),
      (await client.texts(metadata.table, 1, 3, 1))[0],
      (await client.texts(metadata.table, 2, 3, 1))[0],
    ]);
    expect((await client.bytes(step.sprite?.path ?? '', signal)).length).toBe(19_420);
  });

  test('rows of a tensor that was read are known, until another file is at its path', async () => {
    const file = (rows: number): EmbeddingFile =>
      fileOf('vectors.tsv', 'x\ty\n1\t2\n'.concat('3\t4\n'.repeat(rows - 1)));
    const first = file(5);
    const place = { kind: 'file', path: 'vectors.tsv', form: 'table' } as const;
    await find([first]);
    await client.read(place, signal);
    if (!('blob' in first.source)) throw new Error('no blob');
    const slice = vi.spyOn(first.source.blob, 'slice');
    expect(await client.rowsOf(place, signal)).toBe(5);
    expect(slice).not.toHaveBeenCalled();
    await find([file(7)]);
    expect(await client.rowsOf(place, signal)).toBe(7);
  });

  test('checkpoints of Keras 2, weights of Keras 3', async () => {
    const two = await find(filesOf('tests/data/keras2_digits/logs'));
    const [embedding] = two.embeddings.filter(({ label }) => label === 'layer_with_weights-0/embeddings');
    expect(embedding?.steps.map(({ step, metadata }) => [step, metadata])).toEqual([
      [0, 'intensity.tsv'],
      [2, 'intensity.tsv'],
      [4, 'intensity.tsv'],
    ]);
    const { facts } = await client.read(embedding!.steps[2]!.place, signal);
    expect([facts.rows, facts.columns]).toEqual([17, 3]);
    const three = await find(filesOf('tests/data/keras_digits/logs'));
    const [weights] = three.embeddings.filter(({ label }) => label === 'layers/embedding');
    expect(weights?.steps.map(({ step, metadata }) => [step, metadata])).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((step) => [step, 'intensity.tsv']),
    );
    const read = await client.read(weights!.steps[7]!.place, signal);
    expect([read.facts.rows, read.facts.columns, read.values.length]).toEqual([17, 4, 68]);
    expect(read.values.some((value) => value !== 0)).toBe(true);
  });

  test('a config that names a checkpoint, and files that are not there', async () => {
    const { embeddings } = await find(filesOf('tests/data/projector_files/logs'));
    const told = embeddings.map(({ label, steps: [step] }) => [label, step?.isReadable, step?.problems[0]?.fault]);
    expect(told).toEqual([
      ['words', true, undefined],
      ['missing file', false, 'missing'],
      ['no metadata', true, undefined],
      ['pixels (600 digits)', true, undefined],
      ['two principal components', true, undefined],
    ]);
    const words = await client.read(embeddings[0]!.steps[0]!.place, signal);
    expect([words.facts.rows, words.facts.columns]).toEqual([50, 16]);
    const pixels = await client.read(embeddings[3]!.steps[0]!.place, signal);
    expect([pixels.facts.rows, pixels.facts.columns]).toEqual([600, 64]);
  });

  test('files alone: what is left out is said, and what stands beside the numbers is metadata', async () => {
    const csv = 'name,x,y\nking,1,2\nqueen,nan,1\n"a, b",3,4\n';
    const { embeddings, problems } = await find([fileOf('t.csv', csv), fileOf('notes.txt', 'no numbers here')]);
    expect(problems).toMatchObject([{ fault: 'no_embedding', path: 'notes.txt' }]);
    const { facts, values, rows } = await client.read(embeddings[0]!.steps[0]!.place, signal);
    expect([...values]).toEqual([1, 2, 3, 4]);
    expect([...(rows ?? [])]).toEqual([0, 2]);
    expect(facts.names).toEqual(['x', 'y']);
    expect(facts.faults).toMatchObject([{ fault: 'not_finite', count: 1, places: [{ row: 1, line: 3, column: 2 }] }]);
    const table = facts.metadata?.table ?? -1;
    expect(await client.texts(table, 0, 0, 10)).toEqual(['king', 'a, b']);
    client.closeMetadata(table);
    await expect(client.row(table, 0)).rejects.toMatchObject({ error: { code: 'wasm_abort' } });
  });

  test('large files come in pieces, two readings one after the other', async () => {
    const lines = Array.from({ length: 300_000 }, (_, i) => `${String(i)}.5\t-${String(i)}e-3`);
    const file = fileOf('big.tsv', lines.join('\n'));
    const { embeddings } = await find([file]);
    const place = embeddings[0]!.steps[0]!.place;
    const [a, b] = await Promise.all([client.read(place, signal), client.read(place, signal)]);
    expect([a.facts.rows, a.facts.columns]).toEqual([300_000, 2]);
    expect(a.values[2 * 299_999]).toBe(299_999.5);
    expect(Buffer.compare(new Uint8Array(a.values.buffer), new Uint8Array(b.values.buffer))).toBe(0);
    const abort = new AbortController();
    abort.abort();
    await expect(client.read(place, abort.signal)).rejects.toMatchObject({ error: { code: 'cancelled' } });
    expect((await client.read(place, signal)).facts.rows).toBe(300_000);
  });
});

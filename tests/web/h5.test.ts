import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { h5Reader, type H5Port } from '../../web/src/engine/embeddings/h5_reader';
import { answerTo } from '../../web/src/engine/embeddings/h5_worker';

const CASE = new URL('../data/keras_digits/', import.meta.url);

interface Expected {
  file: string;
  variables: Record<string, { dtype: string; shape: number[]; sha256: string }>;
}

function read(path: string): ArrayBuffer {
  return new Uint8Array(readFileSync(new URL(path, CASE))).buffer;
}

/** A worker without a Worker. */
function fakeH5(): H5Port {
  const port: H5Port = {
    postMessage: (question) => {
      queueMicrotask(() => port.onmessage?.({ data: answerTo(question) } as MessageEvent));
    },
    onmessage: null,
    onerror: null,
  };
  return port;
}

const { checkpoints } = JSON.parse(readFileSync(new URL('expected.json', CASE), 'utf8')) as { checkpoints: Expected[] };

test('weights that Keras 3 has written are read as h5py reads them', async () => {
  const reader = h5Reader(() => Promise.resolve(fakeH5()));
  expect(checkpoints.length).toBe(8);
  for (const { file, variables } of checkpoints) {
    const listed = await reader.list(read(`logs/${file}`));
    expect(Object.fromEntries(listed.map(({ name, dtype, shape }) => [name, { dtype, shape }]))).toEqual(
      Object.fromEntries(Object.entries(variables).map(([name, { dtype, shape }]) => [name, { dtype, shape }])),
    );
    for (const [name, { dtype, shape, sha256 }] of Object.entries(variables)) {
      const { values, shape: got } = await reader.read(read(`logs/${file}`), name);
      expect(got).toEqual(shape);
      if (dtype !== 'float32') continue;
      expect(createHash('sha256').update(values).digest('hex'), name).toBe(sha256);
    }
  }
});

test('what is no HDF5, or cut off, is a fault', async () => {
  const reader = h5Reader(() => Promise.resolve(fakeH5()));
  const whole = read(`logs/${checkpoints[0]?.file ?? ''}`);
  await expect(reader.list(new ArrayBuffer(0))).rejects.toMatchObject({ error: { code: 'undecodable' } });
  await expect(reader.list(new TextEncoder().encode('no HDF5 at all'.repeat(20)).buffer)).rejects.toMatchObject({
    error: { code: 'undecodable' },
  });
  await expect(reader.read(whole.slice(0), 'layers/none')).rejects.toMatchObject({ error: { code: 'undecodable' } });
  // Cut anywhere it is read as far as it goes, or a fault; it never hangs.
  for (let size = 0; size < whole.byteLength; size += 4999) {
    await reader.list(whole.slice(0, size)).catch(() => undefined);
    await reader.read(whole.slice(0, size), 'layers/embedding/vars/0').catch(() => undefined);
  }
});

/**
 * Links that were made once must open for ever. `tests/data/links/vN.txt` has some of version N, which are never changed:
 * a line with the hash, and one with what it must set, as JSON: all that differs from the default.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { linkedData, linkedName, linkedUrls } from '../../web/src/model/link';
import { createState, type State } from '../../web/src/model/state';
import { addAllFields, applyState, fieldNames, VERSION } from '../../web/src/model/url_state';
import { unpackLogs } from '../../web/src/sources/packed_logs';

await addAllFields();

const FOLDER = new URL('../data/links/', import.meta.url);

const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, one: unknown) =>
      typeof one === 'bigint' ? `${one}n` : one instanceof Map || one instanceof Set ? [...(one as Set<unknown>)] : one,
    ) ?? 'null',
  );

function differences(state: State): Record<string, unknown> {
  const usual = createState();
  const all = (Object.keys(state) as (keyof State)[]).map((key) => [
    key,
    plain(state[key].value),
    plain(usual[key].value),
  ]);
  return Object.fromEntries(all.flatMap(([key, value, before]) => (JSON.stringify(value) === JSON.stringify(before) ? [] : [[key, value]]))) as Record<string, unknown>; // prettier-ignore
}

async function contents(hash: string): Promise<unknown> {
  const state = createState();
  expect(await applyState(state, hash)).toBe('applied');
  const data = linkedData(hash);
  const files = data === undefined ? [] : await unpackLogs(data);
  return {
    urls: linkedUrls(hash),
    name: linkedName(hash),
    files: files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString('latin1')]),
    state: differences(state),
  };
}

test('what each field means is written down', () => {
  const page = readFileSync(new URL('../../docs/links.md', import.meta.url), 'utf8');
  expect(fieldNames().filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('there are links of every version', () => {
  const expected = Array.from({ length: VERSION }, (_, i) => `v${i + 1}.txt`);
  expect(readdirSync(FOLDER).sort()).toEqual(expected);
});

for (const file of readdirSync(FOLDER)) {
  const lines = readFileSync(new URL(file, FOLDER), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('//')); // prettier-ignore
  for (let i = 0; i < lines.length; i += 2) {
    const [hash = '', expected = ''] = lines.slice(i, i + 2);
    test(`${file}, ${hash.slice(0, 60)}`, async () => expect(await contents(hash)).toEqual(JSON.parse(expected)));
  }
}

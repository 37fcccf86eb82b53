/** Files of embeddings that are opened without event files. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { logsOf, testTab } from './page.mjs';

let folder;
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'tensorpane-e2e-'))));
after(() => rm(folder, { recursive: true }));

const made = async (name, content) => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};

testTab('a pair of tensors and metadata opens the projector', {}, async (tab) => {
  const asked = [];
  tab.page.on('request', (request) => asked.push(request.url()));
  const rows = Array.from({ length: 20 }, (_, i) => [i, i * i, -i].join('\t'));
  await tab.drop(
    await made('vectors.tsv', rows.join('\n')),
    await made('metadata.tsv', rows.map((_, i) => `word ${i}`).join('\n')),
  );
  await tab.tab('Projector').waitFor();
  assert.deepEqual((await tab.tabs()).map((title) => title.replace(/\s.*/, '')), ['Projector']); // prettier-ignore
  assert.ok(!asked.some((url) => /h5/.test(url)), 'what reads HDF5 is loaded for HDF5');
});

testTab('what is no embedding is said as ever, and what is a log stays one', {}, async (tab) => {
  await tab.drop(await made('notes.txt', 'Some words of nobody.\n'));
  await tab.page.getByText('notes.txt is not an event file').waitFor();
  await tab.drop(await made('a.txt', 'one\n'), await made('b.txt', 'two\n'));
  await tab.page.getByText(/No event files in a\.txt, b\.txt/).waitFor();
});

testTab('logs without embeddings load nothing of the projector', {}, async (tab) => {
  const asked = [];
  tab.page.on('request', (request) => asked.push(request.url()));
  await tab.drop(join(logsOf('torch_training'), 'lr=0.1/seed=0'));
  await tab.card('train/loss').waitFor();
  assert.deepEqual(asked.filter((url) => /embeddings|projection/.test(url)), []); // prettier-ignore
});

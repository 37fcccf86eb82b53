/** Files of embeddings that are opened without event files. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
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

for (const [count, what] of [
  [40, 'shorter'],
  [90, 'longer'],
]) {
  testTab(`metadata that is ${what} than the tensor is of the points that there are`, {}, async (tab) => {
    const rows = Array.from({ length: 60 }, (_, i) => [i, i % 7, -i % 5].join('\t'));
    const labels = Array.from({ length: count }, (_, i) => `${i}\t${i < 30 ? 'low' : 'high'}`);
    await tab.drop(
      await made('vectors.tsv', rows.join('\n')),
      await made('metadata.tsv', ['row\tclass', ...labels].join('\n')),
    );
    await tab.tab('Projector').click();
    await tab.page.getByText('60 points', { exact: true }).waitFor();
    await tab.idle();
    const panel = await tab.page.getByRole('complementary', { name: 'Data and projection' }).innerText();
    assert.match(panel, new RegExp(`The metadata has ${count} rows, the tensor 60`));
    const classes = tab.page.getByRole('list', { name: 'Classes' }).getByRole('listitem');
    const shown = (await classes.allInnerTexts()).map((text) => text.split(/\s*\n\s*/).at(-1));
    assert.equal(
      shown.reduce((sum, points) => sum + Number(points), 0),
      60,
      String(shown),
    );
    await tab.page.getByRole('searchbox', { name: 'Search' }).fill('class:high');
    await tab.page.getByText(`${Math.min(count, 60) - 30} points match`).waitFor();
  });
}

testTab('labels alone are said to be those of vectors, which are wanted too', {}, async (tab) => {
  const rows = Array.from({ length: 20 }, (_, i) => `${i % 3}\tword ${i}`);
  const labels = await made('metadata.tsv', ['label\tname', ...rows].join('\n'));
  await tab.drop(labels);
  await tab.page
    .getByText(/metadata\.tsv” has labels alone, by its name: drop the file of vectors together with it/)
    .waitFor();
  assert.equal(await tab.tab('Projector').count(), 0);
  await tab.drop(labels, await made('points.tsv', rows.map((_, i) => `${i}\t${i * i}\t${-i}`).join('\n')));
  await tab.tab('Projector').waitFor();
  await tab.page.getByText('20 points', { exact: true }).waitFor();
  assert.match(await tab.page.getByRole('list', { name: 'Classes' }).innerText(), /0\s+7/);
});

/** A file of numbers in so many rows. */
const numbers = (name, rows, columns = 3) =>
  made(name, Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => (i * (j + 3)) % 17).join('\t')).join('\n')); // prettier-ignore
const labelsFor = (name, rows, header = 'class\tword\n') =>
  made(name, header + Array.from({ length: rows }, (_, i) => `${i % 2 ? 'odd' : 'even'}\tword ${i}`).join('\n'));
/** Drops a file, and meets what is said of it, which goes by itself. */
const dropSaid = (tab, file, text) => Promise.all([tab.page.getByText(text).waitFor(), tab.drop(file)]);

testTab('labels that are dropped later are joined to what is looked at, which stays as it is', {}, async (tab) => {
  await tab.drop(await numbers('vectors.tsv', 60));
  await tab.page.getByText('60 points', { exact: true }).waitFor();
  await dropSaid(
    tab,
    await labelsFor('metadata.tsv', 50),
    'metadata.tsv has 50 rows below its first line, which names the columns, and vectors.tsv 60: labels need a row for each point',
  );
  // 60 lines, the first of which would name the columns: each label would be that of the point before its own.
  await dropSaid(
    tab,
    await labelsFor('labels.tsv', 60, ''),
    'labels.tsv has 59 rows below its first line, which names the columns, and vectors.tsv 60: labels need a row for each point',
  );
  await tab.page.evaluate(
    () => (globalThis.before = document.querySelector('tp-points').picture.positions) && undefined,
  );
  await dropSaid(tab, await labelsFor('words.tsv', 60), 'words.tsv is joined to vectors.tsv: labels of 60 rows');
  assert.match(await tab.page.getByRole('list', { name: 'Classes' }).innerText(), /even\s+30\s+odd\s+30/);
  assert.ok(
    await tab.page.evaluate(() => document.querySelector('tp-points').picture.positions === globalThis.before),
    'points stay where they are',
  );
  await tab.page.getByRole('searchbox', { name: 'Search' }).fill('word:word 7');
  await tab.page.getByText('1 point matches').waitFor();
  // Others take their place.
  await dropSaid(
    tab,
    await labelsFor('names.tsv', 60, 'kind\tname\n'),
    'names.tsv is joined to vectors.tsv: labels of 60 rows',
  );
  await tab.page.getByRole('searchbox', { name: 'Search' }).fill('name:word 7');
  await tab.page.getByText('1 point matches').waitFor();
});

testTab('vectors that are dropped later are what is seen', {}, async (tab) => {
  await tab.drop(await numbers('first.tsv', 20));
  await tab.page.getByText('20 points', { exact: true }).waitFor();
  await tab.drop(await numbers('second.tsv', 30));
  await tab.page.getByText('30 points', { exact: true }).waitFor();
});

const linked = { folders: [logsOf('torch_embedding')], hash: '#v=1&view=projector&embedding=digits,pixels' };
testTab('vectors that are dropped later do not take the place of those of a link', linked, async (tab) => {
  await tab.page.getByText('500 points', { exact: true }).waitFor();
  await tab.drop(await numbers('first.tsv', 20));
  await tab.page.getByRole('combobox', { name: 'Embedding' }).getByText('first.tsv').waitFor({ state: 'attached' });
  await tab.idle();
  await tab.page.getByText('500 points', { exact: true }).waitFor();
});

testTab('labels are joined to the embedding that has as many rows', {}, async (tab) => {
  await tab.drop(await numbers('a.tsv', 20), await numbers('b.tsv', 30));
  await tab.page.getByText('20 points', { exact: true }).waitFor();
  await dropSaid(tab, await labelsFor('metadata.tsv', 30), 'metadata.tsv is joined to b.tsv: labels of 30 rows');
  await dropSaid(
    tab,
    await labelsFor('labels.tsv', 40, ''),
    'labels.tsv has 39 rows below its first line, which names the columns, and b.tsv 30, and 1 other embedding without labels not as many either',
  );
});

testTab('labels beside a graph keep nobody from seeing it', {}, async (tab) => {
  await tab.drop(
    await made(
      'retrained_graph.pbtxt',
      'node { name: "x" op: "Placeholder" }\nnode { name: "y" op: "Relu" input: "x" }\n',
    ),
    await made('retrained_labels.txt', 'daisy\nrose\ntulip\n'),
  );
  await tab.page.getByRole('treeitem', { name: /^y/ }).waitFor();
});

/** A run of the projector without its event file. */
const noLogs = mkdtempSync(join(tmpdir(), 'tensorpane-e2e-'));
cpSync(join(logsOf('projector_files'), 'digits'), noLogs, { recursive: true, filter: (path) => !path.includes('tfevents') }); // prettier-ignore
after(() => rm(noLogs, { recursive: true }));

testTab('a folder that has only embeddings is shown from the local server, too', { folders: [noLogs] }, async (tab) => {
  await tab.tab('Projector').waitFor();
  await tab.page.getByRole('application', { name: /^Embedding of/ }).waitFor();
  await tab.idle();
  const names = await tab.page.getByRole('combobox', { name: 'Embedding' }).getByRole('option').allInnerTexts();
  assert.ok(names.length > 1, String(names));
});

const loose = mkdtempSync(join(tmpdir(), 'tensorpane-e2e-'));
writeFileSync(join(loose, 'vectors.tsv'), '1\t2\n3\t4\n');
after(() => rm(loose, { recursive: true }));

testTab('vectors alone, which a local server gives to nobody, are said to be dropped', { folders: [loose] }, (tab) =>
  tab.page.getByText(/No event files in .*Vectors alone \(TSV, NumPy\) are dropped, or named by/).waitFor(),
);

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

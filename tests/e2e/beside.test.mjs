/** Files beside the event files, and sub-runs that writers made. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { promisify } from 'node:util';
import { expectedOf, logsOf, testTab } from './page.mjs';

let folder;
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'tensorpane-e2e-'))));
after(() => rm(folder, { recursive: true }));

/** Packs the logs of a case with Python's own modules. @returns {Promise<string>} path of the archive */
async function pack(name, format) {
  const script = 'import shutil, sys; print(shutil.make_archive(*sys.argv[1:]))';
  const args = [join(folder, name), format, join(logsOf(name), '..'), 'logs'];
  return (await promisify(execFile)('python3', ['-c', script, ...args])).stdout.trim();
}

/** What the report says of files beside the logs, without and with where they are. */
async function besideOf({ page }) {
  await page.getByRole('button', { name: 'Import report: no data lost' }).click();
  const item = page.getByRole('button', { name: /^Beside the logs/ });
  const summary = (await item.textContent()).replace('Where they are', '').trim();
  await item.click();
  const list = page.getByRole('dialog').locator('.rep').filter({ has: item }).getByRole('listitem');
  await list.first().waitFor();
  const places = await list.all();
  return { summary, places: await Promise.all(places.map((place) => place.innerText())) };
}

/** The part of a dump about projectors, and that of the oracle. */
function projectorsOf(dump, name) {
  const wanted = expectedOf(name).projector;
  for (const one of wanted) for (const { sprite } of one.embeddings) delete sprite?.mode;
  const { projector } = JSON.parse(dump);
  for (const { embeddings } of projector) for (const one of embeddings) delete one.missing;
  return [projector, wanted];
}

for (const [how, open] of [
  ['dropped', (name) => [{}, (tab) => tab.drop(logsOf(name))]],
  ['packed in a zip', (name) => [{}, async (tab) => tab.drop(await pack(name, 'zip'))]],
  ['packed in a tar.gz', (name) => [{}, async (tab) => tab.drop(await pack(name, 'gztar'))]],
  ['served', (name) => [{ folders: [logsOf(name)] }, () => undefined]],
]) {
  {
    const [options, opened] = open('projector_files');
    testTab(`projector files are named, and in the dump: ${how}`, options, async (tab) => {
      await opened(tab);
      const { summary, places } = await besideOf(tab);
      assert.equal(summary, 'Beside the logs: 2 projector configs, 5 files of embeddings, 1 TensorFlow checkpoint');
      assert.match(places[0], /For Projector: checkpoint\/projector_config\.pbtxt, digits\/projector_config\.pbtxt/);
      const [projector, wanted] = projectorsOf(await tab.dump(), 'projector_files');
      assert.deepEqual(projector, wanted);
      await tab.tab('Projector').click();
      await tab.page.getByRole('application', { name: /^Embedding of \d/ }).waitFor();
      const embeddings = tab.page.getByRole('combobox', { name: 'Embedding' }).getByRole('option');
      assert.ok((await embeddings.count()) >= 4, `${await embeddings.count()} embeddings`);
    });
  }
  {
    const [options, opened] = open('keras2_digits');
    testTab(`checkpoints and profiles are named: ${how}`, options, async (tab) => {
      await opened(tab);
      const { summary } = await besideOf(tab);
      for (const part of ['1 projector config', '3 TensorFlow checkpoints', '1 profile', '1 file of embeddings']) {
        assert.ok(summary.includes(part), `${part} in ${summary}`);
      }
    });
  }
  {
    const [options, opened] = open('lightning_run');
    testTab(`hparams.yaml gives runs their hyperparameters: ${how}`, options, async (tab) => {
      await opened(tab);
      assert.ok((await tab.tabs()).includes('HParams 5'), String(await tab.tabs()));
      await tab.tab('HParams').click();
      const table = tab.page.getByRole('table', { name: 'Hyperparameters of hparams.yaml' });
      await table.waitFor();
      const rows = await table.getByRole('row').allInnerTexts();
      assert.deepEqual(
        rows.slice(1, 5).map((row) => row.split(/\s*\t\s*/)),
        [
          ['lightning_logs/version_0', 'activation', 'relu'],
          ['lightning_logs/version_0', 'dropout', 'none'],
          ['lightning_logs/version_0', 'lr', '0.1'],
          ['lightning_logs/version_0', 'width', '8'],
        ],
      );
      assert.equal(rows.length, 9);
      await tab.toggleRun('lightning_logs/version_0');
      assert.equal(await table.getByRole('row').count(), 5);
      assert.equal((await besideOf(tab)).summary, 'Beside the logs: 2 files of hyperparameters');
    });
  }
}

testTab('bad files beside the logs are in the report, and cost nothing else', {}, async (tab) => {
  const logs = join(folder, 'bad');
  await mkdir(join(logs, 'run'), { recursive: true });
  await cp(join(logsOf('torch_training'), 'lr=0.1/seed=0'), join(logs, 'run'), { recursive: true });
  await writeFile(join(logs, 'run/hparams.yaml'), 'lr: [0.1\n');
  await writeFile(join(logs, 'projector_config.pbtxt'), 'embeddings { bookmarks_path: "run/b.json" }');
  await writeFile(join(logs, 'run/b.json'), '{"not": "bookmarks"}');
  await tab.drop(logs);
  await tab.card('train/loss').waitFor();
  await tab.page.getByRole('button', { name: 'Import report: 2 files with lost data' }).click();
  const report = tab.page.getByRole('dialog', { name: 'Import report' });
  await report.getByText(/The hyperparameters could not be read: this is not the YAML .* line/).waitFor();
  await report.getByText('The bookmarks could not be read').waitFor();
  await report.getByText('run / hparams.yaml').waitFor();
  await report.getByText('1 of 1 file read without a fault').waitFor();
});

testTab('sub-runs of torch are parts of their runs, or runs as they were written', {}, async (tab) => {
  const { page } = tab;
  await tab.drop(logsOf('torch_all'));
  const fold = page.getByRole('checkbox', { name: 'Fold sub-runs' });
  assert.ok(await fold.isChecked());
  const all = expectedOf('torch_all').runs.map(({ run }) => run);
  assert.equal(await page.getByText(/^\d+ runs · /).innerText().then(parseInt), all.length - 9); // prettier-ignore
  assert.equal(await tab.run('scalars/group_nested_train').count(), 0);

  // add_scalars: lines named by their keys, each with a colour of its own.
  await tab.filterTags('group/nested');
  const keys = ['test a/b', 'train', 'valid'];
  const names = async (tag) => Object.keys((await tab.readout(tag)).byRun).sort();
  assert.deepEqual(
    await names('group/nested'),
    keys.map((key) => `scalars/${key}`),
  );
  const swatches = tab.card('group/nested').locator('tbody .sw');
  const colours = await swatches.evaluateAll((all) => all.map((one) => one.style.getPropertyValue('--c')));
  assert.equal(new Set(colours).size, 3);
  const folded = await tab.readout('group/nested');
  await tab.toggleRun('scalars');
  await tab.card('group/nested').getByText('No shown run has this tag').waitFor();
  await tab.toggleRun('scalars');

  // add_hparams: the metrics are the run's own.
  await tab.filterTags('hparam/accuracy');
  await tab.showAllRows('hparam/accuracy');
  const trials = all.filter((run) => /^sweep\/trial_\d+$/.test(run));
  assert.deepEqual(
    (await names('hparam/accuracy')).filter((run) => !run.endsWith('/hp')),
    trials.filter((run) => !/0[678]$/.test(run)),
  );

  // As written.
  await fold.uncheck();
  await tab.idle();
  await tab.filterTags('group/nested');
  const flat = await tab.readout('group/nested');
  assert.deepEqual(
    Object.keys(flat.byRun).sort(),
    keys.map((key) => `scalars/group_nested_${key}`),
  );
  assert.deepEqual(flat.byRun['scalars/group_nested_train'], folded.byRun['scalars/train']);
  assert.equal(await page.getByText(/^\d+ runs · /).innerText().then(parseInt), all.length); // prettier-ignore
  await tab.untilHash(() => location.hash.includes('fold=0'));
  await fold.check();
  await tab.untilHash(() => !location.hash.includes('fold'));
});

testTab('sessions that tensorboardX wrote into one run are told apart', { hash: '#v=1&tags=hparam' }, async (tab) => {
  await tab.drop(logsOf('tbx_all'));
  await tab.showAllRows('hparam/accuracy');
  const names = Object.keys((await tab.readout('hparam/accuracy')).byRun).sort();
  assert.deepEqual(names, ['sweep/1700000179.75', 'sweep/1700000181.5', 'sweep/named_2', 'sweep/named_3']);
  await tab.filterTags('group/nested');
  assert.deepEqual(Object.keys((await tab.readout('group/nested')).byRun).sort(), ['scalars/train', 'scalars/valid']);
});

testTab('a link says that sub-runs are not folded', { hash: '#v=1&fold=0' }, async (tab) => {
  await tab.drop(logsOf('torch_all'));
  await tab.run('scalars/group_nested_train').waitFor();
});

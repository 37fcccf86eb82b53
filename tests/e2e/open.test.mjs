/** The ways by which files come in, and what happens when they come again or are stopped. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { promisify } from 'node:util';
import { Logs } from '../../web/server/logs.mjs';
import { assertDump, contentsOf, expectedOf, logsOf, ROOT, serveByHost, serveByProgram, testTab } from './page.mjs';

const TRAINING = logsOf('torch_training');
const ONE_RUN = join(TRAINING, 'lr=0.1/seed=0');
const trainingRuns = expectedOf('torch_training').runs.map(({ run }) => run);

/** Without these a browser has only <input type="file">. */
function withoutPickers() {
  Object.assign(globalThis, { showDirectoryPicker: undefined, showOpenFilePicker: undefined });
}

let folder;
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'tensorpane-e2e-'))));
after(() => rm(folder, { recursive: true }));

testTab('nothing is open at first', {}, async ({ page }) => {
  await page.getByRole('heading', { name: 'Drop TensorBoard logs here' }).waitFor();
  await page.getByText('never uploaded').waitFor();
  assert.equal(await page.getByRole('tab').count(), 0);
  assert.equal(await page.title(), 'Tensorpane');
});

testTab('a folder is dropped', {}, async (tab) => {
  await tab.drop(TRAINING);
  assert.deepEqual((await tab.checkedRuns()).sort(), [...trainingRuns].sort());
  await assertDump(await tab.dump(), 'torch_training');
});

testTab('several folders and a file are dropped together', {}, async (tab) => {
  const [file] = await readdir(ONE_RUN);
  await tab.drop(join(TRAINING, 'lr=0.1'), join(TRAINING, 'lr=0.01'), join(ONE_RUN, file));
  const { runs, points } = contentsOf(await tab.dump());
  // Each folder keeps its name, and a file by itself is in the root.
  assert.deepEqual(runs.sort(), ['.', ...trainingRuns].sort());
  assert.equal(points, expectedPoints('torch_training') + expectedPoints('torch_training', 'lr=0.1/seed=0'));
});

testTab('a single file is dropped', {}, async (tab) => {
  const [file] = await readdir(ONE_RUN);
  await tab.drop(join(ONE_RUN, file));
  assert.deepEqual(await tab.checkedRuns(), [file]);
  await tab.card('train/loss').waitFor();
});

testTab('a folder is picked', { init: [withoutPickers] }, async (tab) => {
  const chooser = tab.page.waitForEvent('filechooser');
  await tab.page.getByRole('button', { name: 'Choose folder' }).click();
  await (await chooser).setFiles(TRAINING);
  await tab.idle();
  await assertDump(await tab.dump(), 'torch_training');
  // Another one, by its key.
  const next = tab.page.waitForEvent('filechooser');
  await tab.page.keyboard.press('Shift+O');
  await (await next).setFiles(ONE_RUN);
  await tab.idle();
  assert.equal((await tab.checkedRuns()).length, trainingRuns.length + 1);
});

testTab('files are picked', { init: [withoutPickers] }, async (tab) => {
  const chooser = tab.page.waitForEvent('filechooser');
  await tab.page.getByRole('button', { name: 'Choose files' }).click();
  assert.ok((await chooser).isMultiple());
  const [file] = await readdir(ONE_RUN);
  await (await chooser).setFiles([join(ONE_RUN, file)]);
  await tab.idle();
  assert.deepEqual(await tab.checkedRuns(), [file]);
  await tab.card('train/loss').waitFor();
});

const program = { host: () => serveByProgram([TRAINING, logsOf('tf_summaries')]) };

testTab('folders are named on the command line', program, async (tab) => {
  const { runs, points } = contentsOf(await tab.dump());
  assert.ok(runs.includes('logs/lr=0.1/seed=0') && runs.includes('logs (2)/train'), String(runs));
  assert.equal(points, expectedPoints('torch_training') + expectedPoints('tf_summaries'));
});

testTab('names that not every system allows are read', {}, async (tab) => {
  const logs = join(folder, 'dates');
  await cp(ONE_RUN, join(logs, '2026-01-31T12:30:00'), { recursive: true });
  await cp(ONE_RUN, join(logs, 'lr=0.1 & größe 100% #1?'), { recursive: true });
  await tab.drop(logs);
  assert.deepEqual((await tab.checkedRuns()).sort(), ['2026-01-31T12:30:00', 'lr=0.1 & größe 100% #1?']);
});

testTab('a second drop adds runs', {}, async (tab) => {
  await tab.drop(join(TRAINING, 'lr=0.1'));
  assert.deepEqual(await tab.checkedRuns(), ['seed=0', 'seed=1', 'seed=2']);
  await tab.drop(join(logsOf('tf_summaries')));
  const summaries = expectedOf('tf_summaries').runs.map(({ run }) => run);
  assert.deepEqual(contentsOf(await tab.dump()).runs.sort(), ['seed=0', 'seed=1', 'seed=2', ...summaries].sort());
  await tab.page.getByRole('button', { name: 'lr=0.1, logs' }).waitFor();
});

testTab('the same folder dropped again changes nothing', {}, async (tab) => {
  await tab.drop(TRAINING);
  await tab.drop(TRAINING);
  await assertDump(await tab.dump(), 'torch_training');
});

testTab('runs of the same name from two folders are kept apart', {}, async (tab) => {
  await tab.drop(join(TRAINING, 'lr=0.1'));
  await tab.drop(join(TRAINING, 'lr=0.01'));
  const { runs, points } = contentsOf(await tab.dump());
  assert.equal(runs.length, 6, String(runs));
  assert.equal(points, expectedPoints('torch_training'));
});

testTab('a folder without event files says so', {}, async (tab) => {
  const notes = join(folder, 'notes');
  await mkdir(notes);
  await writeFile(join(notes, 'readme.txt'), 'no events here');
  await tab.drop(notes);
  await tab.page.getByRole('status').getByText('No event files in notes').waitFor();
  assert.equal(await tab.page.getByRole('tab').count(), 0);
});

{
  const logs = () => join(folder, 'stalled');
  const big = 'events.out.tfevents.2.big';
  /** Sends the first half of the big file, and then nothing more. */
  function stall(request, response) {
    if (request.url.startsWith('/logs/files/') && request.url.endsWith(big)) {
      void stat(join(logs(), 'b', big)).then(({ size }) => {
        response.writeHead(200, { 'Content-Length': size });
        createReadStream(join(logs(), 'b', big), { end: size / 2 }).pipe(response, { end: false });
      });
      return true;
    }
    return false;
  }
  async function host() {
    await cp(ONE_RUN, join(logs(), 'a'), { recursive: true });
    await mkdir(join(logs(), 'b'));
    await promisify(execFile)(join(ROOT, 'build/native/write_scalars'), [join(logs(), 'b', big), '100000']);
    return serveByHost(await Logs.open([logs()]), stall);
  }

  testTab('reading that is cancelled keeps what was read', { host, loading: true }, async (tab) => {
    await tab.run('b').waitFor();
    // A run is there before its points. All of `a` are fewer.
    await tab.page.getByText(/ \d\d(\.\d)?k points$/).waitFor();
    await tab.page.getByRole('button', { name: 'Cancel' }).click();
    await tab.idle();
    assert.equal(await tab.page.getByRole('button', { name: 'Cancel' }).count(), 0);
    for (const run of ['a', 'b']) await tab.run(run).waitFor();
    const points = await tab.page.getByText(/ points$/).innerText();
    const [, count, unit] = /([\d.]+)(k?) points$/.exec(points);
    const known = Number(count) * (unit ? 1000 : 1);
    assert.ok(known > 1000 && known < 60_000, `${points}: those of the first half`);
    await tab.card('train/loss').waitFor();
    assert.ok((await tab.readout('loss')).byRun.b.Value);
  });
}

/** Points that the oracle counts in a case, or in one run of it. */
function expectedPoints(name, only) {
  const runs = expectedOf(name).runs.filter(({ run }) => only === undefined || run === only);
  const series = runs.flatMap(({ tags }) => Object.values(tags));
  return series.reduce((sum, { steps }) => sum + steps.length, 0);
}

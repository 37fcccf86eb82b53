/** Runs that were restarted: said where they are, and read in four ways. */
import assert from 'node:assert/strict';
import { expectedOf, logsOf, testTab } from './page.mjs';

const { runs } = expectedOf('edge_restarts');
const lossOf = (name) => runs.find(({ run }) => run === name).tags.loss;

/** [step, value] of the points that a step which goes back does not supersede, by the plain rule. */
function latestOf({ steps, values }) {
  let kept = [];
  steps.forEach((step, i) => {
    if (kept.length > 0 && step < kept.at(-1)[0]) kept = kept.filter(([old]) => old < step);
    kept.push([step, values[i]]);
  });
  return kept;
}
const tensorBoardOf = ({ steps, values, tensorboard_kept: kept }) =>
  (kept ?? [...steps.keys()]).map((i) => [steps[i], values[i]]);
const allOf = ({ steps, values }) => steps.map((step, i) => [step, values[i]]);

/** The value of a run in the read-out of `loss`, as it rests at the last step. */
async function valueOf(tab, run) {
  const { byRun } = await tab.readout('loss');
  return Number(byRun[run].Value);
}

/** As in the page. */
const dumpOf = (tab, purge) => tab.page.evaluate((how) => globalThis.tensorpane.dump(how), purge);

const single = (value) => Math.fround(value);

async function choose(tab, title) {
  await tab.page.getByRole('radio', { name: title }).click();
  await tab.idle();
}

testTab('restarted runs have a badge, and the four readings change what is there', {}, async (tab) => {
  await tab.drop(logsOf('edge_restarts'));
  const badge = (run) => tab.run(run).getByRole('button', { name: /^Restarted/ });
  const nameOf = (run) => badge(run).getAttribute('aria-label');
  const lost = (run) =>
    Object.values(runs.find((one) => one.run === run).tags).reduce(
      (sum, series) => sum + series.steps.length - latestOf(series).length,
      0,
    );
  assert.equal(await nameOf('two_files'), `Restarted at step 50: ${lost('two_files')} points superseded`);
  assert.equal(
    await nameOf('purge_step'),
    `Restarted 2 times, first at step 40: ${lost('purge_step')} points superseded`,
  );
  assert.equal(await badge('run/train').count(), 0);
  assert.equal(await badge('all_step_zero').count(), 0); // equal steps are no restart

  // One run alone, and the file that each of its points comes from.
  await tab.run('session_start').getByTitle('session_start', { exact: true }).click();
  await tab.idle();
  await tab.run('two_files').focus();
  await tab.page.keyboard.press('r');
  const menu = tab.page.getByRole('dialog', { name: 'Restarts of two_files' });
  const text = await menu.innerText();
  const { files } = runs.find(({ run }) => run === 'two_files');
  assert.ok(text.includes(`step 69 back to 50 in 2 tags, ${lost('two_files')} points superseded`), text);
  assert.ok(text.includes(`${files[0].name} → ${files[1].name}`), text);
  for (const { name } of files) assert.ok(text.includes(`${name} · 105 points`), text);
  await tab.page.keyboard.press('Escape');
  await menu.waitFor({ state: 'hidden' });

  // What a chart has at step 25, which was written twice, and how many points there are in all.
  const loss = lossOf('session_start');
  const total = () => tab.page.locator('tp-run-panel .ft').innerText();
  const pick = async (title) => {
    await badge('session_start').click();
    await choose(tab, title);
    await tab.page.keyboard.press('Escape');
    const counts = /· ([\d.k]+) points/.exec(await total())[1];
    return [await valueOf(tab, 'session_start'), counts];
  };
  const countOf = (read) => {
    const all = runs.flatMap(({ tags }) => Object.values(tags)).reduce((sum, one) => sum + read(one).length, 0);
    return all < 1000 ? String(all) : `${Number((all / 1000).toPrecision(3))}k`;
  };
  const last = (points) => points.reduce((best, point) => (point[0] >= best[0] ? point : best))[1];
  for (const [title, read] of [
    ['Keep all', allOf],
    ['Split', allOf],
    ['As TensorBoard', tensorBoardOf],
    ['Latest wins', latestOf],
  ]) {
    assert.deepEqual(await pick(title), [last(read(loss)), countOf(read)], title);
  }
  assert.equal(new URL(tab.page.url()).hash.includes('purge'), false);
  await pick('As TensorBoard');
  assert.match(await tab.untilHash(() => location.hash.includes('purge=')), /purge=tensorboard/);

  // Values at a step that was written twice: an earlier one is gone, or still there.
  const dumps = {};
  for (const purge of ['latest', 'none', 'split', 'tensorboard']) {
    const run = JSON.parse(await dumpOf(tab, purge)).runs.find((one) => one.run === 'purge_step');
    dumps[purge] = run.tags.loss.steps.map((step, i) => [step, single(run.tags.loss.values[i])]);
  }
  const narrow = (points) => points.map(([step, value]) => [step, single(value)]);
  const purged = lossOf('purge_step');
  assert.deepEqual(dumps.latest, narrow(latestOf(purged)));
  assert.deepEqual(dumps.none, narrow(allOf(purged)));
  assert.deepEqual(dumps.split, narrow(allOf(purged)));
  assert.deepEqual(dumps.tensorboard, narrow(tensorBoardOf(purged)));
});

testTab(
  'the address keeps the reading, and the report lists restarts',
  { folders: [logsOf('edge_restarts')], hash: '#v=1&purge=none&smoothing=0' },
  async (tab) => {
    await tab.page.getByRole('button', { name: /^Import report/ }).click();
    const report = tab.page.getByRole('dialog', { name: 'Import report' });
    assert.equal(await report.getByRole('radio', { name: 'Keep all' }).getAttribute('aria-checked'), 'true');
    await report.getByRole('button', { name: /runs restarted/ }).click();
    const text = await report.innerText();
    assert.ok(text.includes('step 49 back to 30 in 2 tags, 30 points written again · within'), text);
    assert.ok(text.includes('4 files read as one run'), text);
    await report.getByRole('radio', { name: 'Keep all' }).focus();
    await tab.page.keyboard.press('ArrowLeft');
    await tab.idle();
    assert.ok((await report.innerText()).includes('30 points superseded · within'));
    assert.equal(await tab.untilHash(() => !location.hash.includes('purge=')), '#v=1&smoothing=0');
  },
);

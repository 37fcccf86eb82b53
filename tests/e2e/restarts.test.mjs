/** Runs that were restarted: said where they are, and read in four ways. */
import assert from 'node:assert/strict';
import { expectedOf, logsOf, testTab } from './page.mjs';

const { runs } = expectedOf('edge_restarts');
const lossOf = (name) => runs.find(({ run }) => run === name).tags.loss;

/** [step, value] of the points that no restart supersedes, by the plain rule of `wasm/log/lives.h`. */
function latestOf({ steps, values, wall_times: times, points_per_file: perFile = [steps.length] }) {
  const fileOf = perFile.flatMap((count, file) => Array(count).fill(file));
  const lives = [];
  steps.forEach((step, i) => {
    if (i === 0 || fileOf[i] !== fileOf[i - 1] || step < steps[i - 1]) lives.push([]);
    lives.at(-1).push(i);
  });
  const writesAgain = (life) => {
    const before = lives
      .slice(0, lives.indexOf(life))
      .filter((other) => fileOf[other[0]] === fileOf[life[0]])
      .flat();
    return life.some((i) => before.some((j) => steps[i] === steps[j]));
  };
  const supersedes = (life, other) => {
    const [begin, end] = [life[0], other.at(-1)];
    if (fileOf[end] === fileOf[begin]) return end < begin && writesAgain(life);
    const once = [...other, life[0]].every((i) => steps[i] === steps[begin]);
    const instant = [...life, ...other].every((i) => times[i] === times[begin]);
    return !once && (instant ? end < begin : times[end] <= times[begin]);
  };
  const kept = lives.flatMap((life) => {
    const later = lives.filter((other) => supersedes(other, life));
    return life.filter((i) => !later.some((other) => steps[other[0]] <= steps[i]));
  });
  return kept.sort((a, b) => steps[a] - steps[b]).map((i) => [steps[i], values[i]]);
}
const tensorBoardOf = ({ steps, values, tensorboard_kept: kept }) =>
  (kept ?? [...steps.keys()]).map((i) => [steps[i], values[i]]);
const allOf = ({ steps, values }) => steps.map((step, i) => [step, values[i]]);

/** The points since steps went back last. */
const lastStretchOf = (series) => {
  const points = allOf(series);
  const begin = points.findLastIndex(([step], i) => i > 0 && step < points[i - 1][0]);
  return points.slice(Math.max(0, begin));
};

/** TensorBoard's debiased average of the values at its default weight. */
function smoothed(points) {
  let [average, weight] = [0, 0];
  for (const [, value] of points) [average, weight] = [average * 0.6 + single(value) * 0.4, weight * 0.6 + 0.4];
  return average / weight;
}

/** As in the page. */
const dumpOf = (tab, purge) => tab.page.evaluate((how) => globalThis.tensorpane.dump(how), purge);

/** As counts are written: 999, 1.2k. */
const short = (count) => (count < 1000 ? String(count) : `${Number((count / 1000).toPrecision(3))}k`);
const single = (value) => Math.fround(value);

const badgeOf = (tab, run) => tab.run(run).getByRole('button', { name: /: Restarted/ });

async function choose(tab, title) {
  await tab.page.getByRole('radio', { name: title }).click();
  await tab.idle();
}

testTab('restarted runs have a badge that says where, how much and of which files', {}, async (tab) => {
  await tab.drop(logsOf('edge_restarts'));
  const badge = (run) => badgeOf(tab, run);
  const nameOf = (run) => badge(run).getAttribute('aria-label');
  const lost = (run) =>
    Object.values(runs.find((one) => one.run === run).tags).reduce(
      (sum, series) => sum + series.steps.length - latestOf(series).length,
      0,
    );
  assert.equal(
    await nameOf('two_files'),
    `50 · ${lost('two_files')} pts: Restarted at step 50: ${lost('two_files')} points superseded`,
  );
  assert.equal(
    await nameOf('purge_step'),
    `40 · ${lost('purge_step')} pts: Restarted 2 times, first at step 40: ${lost('purge_step')} points superseded`,
  );
  assert.equal(await badge('run/train').count(), 0);
  assert.equal(await badge('all_step_zero').count(), 0); // equal steps are no restart
  for (const run of ['workers', 'name_order', 'odd_names']) {
    assert.equal(lost(run), 0);
    assert.equal(await badge(run).count(), 0, run); // nor are writers side by side, or files out of order
  }

  // The file that each of its points comes from.
  await tab.run('two_files').focus();
  await tab.page.keyboard.press('r');
  const menu = tab.page.getByRole('dialog', { name: 'Restarts of two_files' });
  const text = await menu.innerText();
  const { files } = runs.find(({ run }) => run === 'two_files');
  assert.ok(text.includes(`Step 69 back to 50 in 2 tags, ${lost('two_files')} points superseded`), text);
  assert.ok(text.includes(`${files[0].name} → ${files[1].name}`), text);
  for (const { name } of files) assert.ok(text.includes(`${name} · 105 points`), text);
  await tab.page.keyboard.press('Escape');
  await menu.waitFor({ state: 'hidden' });
});

testTab('the four readings change what is there', { folders: [logsOf('edge_restarts')] }, async (tab) => {
  // The average at the last step is of all points that are kept, and so is the number of points in all.
  await tab.run('purge_step').getByTitle('purge_step', { exact: true }).click();
  await tab.filterTags('loss');
  const loss = lossOf('purge_step');
  const everything = runs.flatMap(({ tags }) => Object.values(tags));
  const seen = new Set();
  const pick = async (title, line, kept) => {
    await badgeOf(tab, 'purge_step').click();
    await choose(tab, title);
    await tab.page.keyboard.press('Escape');
    const { byRun } = await tab.readout('loss');
    const average = Number(byRun.purge_step.Smoothed);
    assert.ok(Math.abs(average - smoothed(line(loss))) < 1e-10, `${title}: ${average}, not ${smoothed(line(loss))}`);
    seen.add(average);
    // Lines of one colour are told apart.
    const name = await tab.card('loss').getByRole('row', { name: /purge_step/ }).first().innerText(); // prettier-ignore
    assert.equal(/part 3 of 3/.test(name), title === 'Split', name);
    const badge = await badgeOf(tab, 'purge_step').innerText();
    assert.equal(badge.trim(), title === 'As TensorBoard' ? '40 · 15 pts' : '40 · 45 pts');
    const count = everything.reduce((sum, series) => sum + kept(series).length, 0);
    assert.match(await tab.page.locator('tp-run-panel .ft').innerText(), new RegExp(` ${short(count)} points`), title);
  };
  await pick('Keep all', allOf, allOf);
  await pick('Split', lastStretchOf, allOf);
  await pick('As TensorBoard', tensorBoardOf, tensorBoardOf);
  await pick('Latest wins', latestOf, latestOf);
  assert.equal(seen.size, 4);
  await tab.untilHash(() => !location.hash.includes('purge='));
  await pick('As TensorBoard', tensorBoardOf, tensorBoardOf);
  await tab.untilHash(() => location.hash.includes('purge=tensorboard'));

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
    assert.ok(text.includes('Step 49 back to 30 in 2 tags, 30 points written again · within'), text);
    assert.ok(text.includes('3 files read as one run'), text);
    await report.getByRole('radio', { name: 'Keep all' }).focus();
    await tab.page.keyboard.press('ArrowLeft');
    await tab.idle();
    assert.ok((await report.innerText()).includes('30 points superseded · within'));
    assert.equal(await tab.untilHash(() => !location.hash.includes('purge=')), '#v=1&smoothing=0');
  },
);

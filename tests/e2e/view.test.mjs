/** What a person sets: which runs and tags are shown, how, and which part of them; and that the address keeps it. */
import assert from 'node:assert/strict';
import { expectedOf, logsOf, testTab } from './page.mjs';

const training = { folders: [logsOf('torch_training')] };
const TAG = 'train/loss';
const RUN = 'lr=0.1/seed=0';
const RUNS = expectedOf('torch_training').runs.map(({ run }) => run);

/** Steps of the first and of the last point that a chart shows, by the keyboard. */
async function shownSteps(tab, tag) {
  await tab.plot(tag).focus();
  const steps = [];
  for (const key of ['Home', 'End']) {
    await tab.page.keyboard.press(key);
    const { where } = await tab.readout(tag);
    steps.push(Number(/^Step ([\d.]+)$/.exec(where)[1]));
  }
  return steps;
}

/** Tags of the charts, in order. */
const charts = (tab) => tab.page.getByRole('article').evaluateAll((cards) => cards.map((card) => card.ariaLabel));
const hash = (tab) => new URLSearchParams(new URL(tab.page.url()).hash.slice(1));

testTab('a drag across a chart zooms in, a double click out again', training, async (tab) => {
  assert.deepEqual(await shownSteps(tab, TAG), [0, 19]);
  await tab.drag(TAG, [0.4, 0.3], [0.7, 0.6]);
  const [from, to] = await shownSteps(tab, TAG);
  assert.ok(from >= 4 && from < 9 && to > 10 && to <= 15, `${from}…${to}`);
  await tab.untilHash(() => location.hash.includes('zoom='));
  const [tag, range] = hash(tab).get('zoom').split(',');
  assert.equal(tag, TAG);
  const [x0, x1, y0, y1] = range.split(':').map(Number);
  assert.ok(x0 < x1 && y0 < y1 && x0 > from - 3 && x1 < to + 3, range);
  // The other charts stay as they are.
  assert.deepEqual(await shownSteps(tab, 'valid/loss'), [0, 19]);

  const at = await tab.inPlot(TAG);
  await tab.page.mouse.dblclick(...at(0.5, 0.5));
  await tab.untilHash(() => !location.hash.includes('zoom='));
  assert.deepEqual(await shownSteps(tab, TAG), [0, 19]);
});

testTab('a level drag zooms x alone', training, async (tab) => {
  await tab.drag(TAG, [0.4, 0.5], [0.7, 0.5]);
  await tab.untilHash(() => location.hash.includes('zoom='));
  assert.match(hash(tab).get('zoom'), /^train\/loss,[\d.]+:[\d.]+::$/);
});

testTab(
  'a zoom to where no line is says so, with the way back',
  { ...training, hash: '#v=1&zoom=train%2Floss,100:200::' },
  async (tab) => {
    const card = tab.card(TAG);
    await card.getByText('No points of these runs in the zoom').waitFor();
    await card.getByRole('status').getByRole('button', { name: 'Fit' }).click();
    await card.getByText('No points of these runs in the zoom').waitFor({ state: 'detached' });
    assert.deepEqual(await shownSteps(tab, TAG), [0, 19]);
  },
);

testTab('the run under the pointer in the panel is in the read-out', training, async (tab) => {
  const { byRun: seen } = await tab.readout(TAG);
  const hidden = RUNS.find((run) => !(run in seen));
  await tab.run(hidden).hover();
  await tab.card(TAG).getByRole('cell', { name: hidden }).waitFor();
  assert.equal(Object.keys((await tab.readout(TAG)).byRun).length, 3);
  await tab.page.mouse.move(0, 0);
  await tab.card(TAG).getByRole('cell', { name: hidden }).waitFor({ state: 'detached' });
  assert.deepEqual((await tab.readout(TAG)).byRun, seen);
});

testTab('what is drawn right after scrolling does not take it back', training, async (tab) => {
  const tops = await tab.page.evaluate(async () => {
    const scroller = document.querySelector('main .scroll');
    scroller.scrollTop = 150;
    const { scrollTop } = scroller;
    // Which draws the grid again, before the scroll event has come.
    scroller.querySelector('[role=article] [role=img]').focus({ preventScroll: true });
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return [scrollTop, scroller.scrollTop];
  });
  assert.deepEqual(tops, [150, 150]);
});

testTab('a run is hidden by its box, and all by that of the panel', training, async (tab) => {
  await tab.toggleRun(RUN);
  assert.deepEqual(await tab.checkedRuns(), [
    'lr=0.01/seed=0',
    'lr=0.01/seed=1',
    'lr=0.01/seed=2',
    'lr=0.1/seed=1',
    'lr=0.1/seed=2',
  ]);
  await tab.showAllRows(TAG);
  assert.ok(!(RUN in (await tab.readout(TAG)).byRun));
  assert.equal(await tab.run('lr=0.1').getAttribute('aria-checked'), 'mixed');

  const all = tab.page.getByRole('checkbox', { name: 'Show all runs' });
  await all.click();
  if (!(await all.isChecked())) await all.click();
  assert.equal((await tab.checkedRuns()).length, 6);
  await all.click();
  assert.deepEqual(await tab.checkedRuns(), []);
  await tab.page.getByRole('main').getByText('No run is shown').waitFor();
});

testTab('Only shows one run, and again what was shown before', training, async (tab) => {
  await tab.toggleRun('lr=0.01/seed=1');
  const before = await tab.checkedRuns();
  const only = tab.run(RUN).getByRole('button', { name: `Only ${RUN}`, includeHidden: true });
  await tab.run(RUN).hover();
  await only.click();
  assert.deepEqual(await tab.checkedRuns(), [RUN]);
  assert.deepEqual(Object.keys((await tab.readout(TAG)).byRun), [RUN]);
  await only.click();
  assert.deepEqual(await tab.checkedRuns(), before);
  // A folder of runs likewise, by its key.
  await tab.run('lr=0.01').focus();
  await tab.page.keyboard.press('o');
  assert.deepEqual(await tab.checkedRuns(), ['lr=0.01/seed=0', 'lr=0.01/seed=1', 'lr=0.01/seed=2']);
});

testTab('runs are shown and hidden in ranges, by Shift and a click or the arrows', training, async (tab) => {
  const runs = [...RUNS].sort();
  const box = (run) => tab.run(run).locator('.cb');
  await box(runs[1]).click();
  await box(runs[4]).click({ modifiers: ['Shift'] });
  assert.deepEqual(await tab.checkedRuns(), [runs[0], runs[5]]);
  await tab.run(runs[5]).focus();
  for (let i = 0; i < 2; i++) await tab.page.keyboard.press('Shift+ArrowUp');
  assert.deepEqual(await tab.checkedRuns(), [runs[0], runs[3], runs[4], runs[5]]);
});

testTab('runs and tags are filtered by text, by pattern and by exclusion', training, async (tab) => {
  const runs = tab.page.getByRole('searchbox', { name: 'Filter runs' });
  await runs.fill('SEED=1');
  assert.deepEqual(await tab.checkedRuns(), ['lr=0.01/seed=1', 'lr=0.1/seed=1']);
  await runs.fill('no such run');
  await tab.page.getByRole('main').getByText('No run matches').waitFor();
  await tab.page.getByRole('main').getByRole('button', { name: 'Clear' }).click();
  assert.equal((await tab.checkedRuns()).length, 6);

  await tab.filterTags('loss');
  assert.deepEqual(await charts(tab), ['batch/loss', 'train/loss', 'valid/loss']);
  await tab.filterTags('/^(train|valid).*loss$/');
  assert.deepEqual(await charts(tab), ['train/loss', 'valid/loss']);
  await tab.filterTags('!loss');
  assert.deepEqual(await charts(tab), ['lr', 'train/accuracy', 'valid/accuracy']);
  await tab.filterTags('');
  assert.equal((await charts(tab)).length, 6);
});

testTab('a pattern that is none keeps what matched before, and says why', training, async (tab) => {
  const tags = tab.page.getByRole('searchbox', { name: 'Filter tags' });
  await tab.filterTags('/^train/');
  await tab.filterTags('/^train(/');
  assert.deepEqual(await charts(tab), ['train/accuracy', 'train/loss']);
  assert.equal(await tags.getAttribute('aria-invalid'), 'true');
  await tab.page.getByText('Bad pattern').waitFor();
});

testTab('a reload shows the same', { folders: [logsOf('tf_summaries')] }, async (tab) => {
  const { page } = tab;
  const runs = page.getByRole('searchbox', { name: 'Filter runs' });
  const tags = page.getByRole('searchbox', { name: 'Filter tags' });
  const smoothing = page.getByRole('textbox', { name: 'Smoothing, as a number' });
  await runs.fill('!media');
  await tab.toggleRun('train');
  await tags.fill('loss');
  await smoothing.fill('0.25');
  await smoothing.press('Enter');
  await page.getByRole('radio', { name: 'Log', exact: true }).click();
  await page.getByRole('radio', { name: 'Relative' }).click();
  await tab.idle();
  await tab.drag('loss/total', [0.3, 0.5], [0.6, 0.5]);
  await page.mouse.move(0, 0);
  // At rest it has the last points of the range that is shown.
  const zoomed = await tab.readout('loss/total');
  await page.getByRole('button', { name: /^Theme/ }).click();
  await tab.tab('Text').click();
  await tab.idle();
  await tab.untilHash(() => location.hash.includes('view=text'));
  const before = page.url();
  const checked = await tab.checkedRuns();
  assert.ok(!checked.includes('train') && !checked.includes('media') && checked.includes('eval'));

  await tab.reload();
  assert.equal(page.url(), before);
  assert.equal(await tab.tab('Text').getAttribute('aria-selected'), 'true');
  assert.deepEqual(await tab.checkedRuns(), checked);
  await tab.tab('Scalars').click();
  await tab.idle();
  assert.deepEqual(await charts(tab), ['loss/regularization', 'loss/total']);
  assert.equal(await runs.inputValue(), '!media');
  assert.equal(await tags.inputValue(), 'loss');
  assert.equal(Number(await smoothing.inputValue()), 0.25);
  assert.ok(await page.getByRole('radio', { name: 'Log', exact: true }).isChecked());
  assert.ok(await page.getByRole('radio', { name: 'Relative' }).isChecked());
  await page.getByRole('button', { name: 'Theme: light' }).waitFor();
  await page.mouse.move(0, 0);
  assert.deepEqual(await tab.readout('loss/total'), zoomed);

  // What is not shared by accident: a fresh page of the same address without the hash.
  await page.goto(`${tab.url}?testing=1`);
  await tab.idle();
  assert.equal((await tab.checkedRuns()).length, expectedOf('tf_summaries').runs.length);
});

testTab('a kind without a view lists its tags', { folders: [logsOf('tf_plugins')] }, async (tab) => {
  const { page } = tab;
  await tab.tab('Mesh').click();
  await tab.idle();
  await page.getByText('Not drawn yet').waitFor();
  const rows = await page.getByRole('table').getByRole('row').allInnerTexts();
  const expected = [];
  for (const { tags } of expectedOf('tf_plugins').runs) {
    for (const [tag, { plugin_name: plugin, steps, wall_times: times }] of Object.entries(tags)) {
      if (plugin !== 'mesh') continue;
      // Sweden writes 2026-01-31 14:05:09.
      const written = new Date(times.at(-1) * 1000).toLocaleString('sv');
      expected.push(
        [tag, '1', `${steps.length}`, steps.length > 1 ? `${steps[0]} – ${steps.at(-1)}` : `${steps[0]}`, written].join(
          '\t',
        ),
      );
    }
  }
  assert.deepEqual(rows.slice(1).sort(), expected.sort());
});

testTab('the tabs are one stop, and the arrow keys change them', training, async (tab) => {
  await tab.tab('Scalars').focus();
  await tab.page.keyboard.press('ArrowRight');
  await tab.idle();
  assert.equal(await tab.tab('Histograms').getAttribute('aria-selected'), 'true');
  assert.equal(await tab.page.evaluate(() => document.activeElement.getAttribute('aria-selected')), 'true');
  await tab.untilHash(() => location.hash.includes('view=histograms'));
});

testTab('a link of a newer version is left alone', { ...training, hash: '#v=99&runs=x' }, async (tab) => {
  assert.equal((await tab.checkedRuns()).length, RUNS.length);
  assert.equal(new URL(tab.page.url()).hash, '#v=99&runs=x');
});

testTab(
  'a pinned card is at the top, in the address, and back in its group when it is let go',
  { folders: [logsOf('torch_training')] },
  async (tab) => {
    const { page } = tab;
    const tag = 'valid/loss';
    const tagsIn = (group) =>
    page.getByRole('region', { name: group, exact: true }).getByRole('article').evaluateAll((cards) => cards.map((card) => card.getAttribute('aria-label'))); // prettier-ignore
    await tab.reveal(tag);
    await tab.plot(tag).focus();
    await page.keyboard.press('p');
    await tab.idle();
    await tab.untilHash(() => location.hash.includes('pins=scalars'));
    await tab.reload();
    assert.deepEqual(await tagsIn('Pinned'), [tag]);
    await tab.reveal('valid/accuracy');
    assert.deepEqual(await tagsIn('valid'), ['valid/accuracy']);
    await page.getByRole('region', { name: 'valid', exact: true }).getByText('1 pinned').waitFor();
    await tab.reveal(tag);
    await tab.card(tag).getByRole('button', { name: 'Pin' }).click();
    await tab.idle();
    assert.equal(await page.getByRole('region', { name: 'Pinned' }).count(), 0);
    await tab.reveal(tag);
    assert.deepEqual(await tagsIn('valid'), ['valid/accuracy', tag]);
  },
);

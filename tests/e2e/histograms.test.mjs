/** Histograms: percentiles as TensorBoard's own code answers them, every way to draw them, and the step of all cards. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { eventFile, tensor } from './event_file.mjs';
import { logsOf, ROOT, testTab } from './page.mjs';

const of = (name, hash = '') => ({ folders: [logsOf(name)], hash: `#v=1&view=histograms${hash}` });
const recorded = JSON.parse(readFileSync(join(ROOT, 'tests/data/formulas/distribution.json'), 'utf8')).cases;
/** TensorBoard's nine percentiles of each point of a series. */
const percentilesOf = (name) => recorded.find((one) => one.name === name).output;
/** Those that the read-out has. */
const READ_OUT = [0, 1, 2, 4, 6, 7, 8];

const cardOf = (tab, tag, run) => tab.card(`${tag}, ${run}`);
const mode = (tab, name) => tab.page.getByRole('radio', { name, exact: true });
const track = (tab) => tab.page.getByRole('group', { name: 'Step' }).getByRole('slider');
const stepOf = (tab) => track(tab).getAttribute('aria-valuetext');

async function reveal(tab, tag, run) {
  await tab.filterTags(`/^${tag.replaceAll('.', '\\.')}$/`);
  await cardOf(tab, tag, run).waitFor();
  await tab.idle();
}

/** Numbers of the read-out, exact. */
const readout = (card) =>
  card
    .getByRole('cell')
    .evaluateAll((cells) => cells.map(({ title }) => Number(title.replaceAll('−', '-').replaceAll(',', ''))));

/** How many pixels of a chart, without the mark of the step, are not as its background, and how many colours it has. */
const painted = (card) =>
  card.locator('canvas.cells').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const pixels = new Uint32Array(data.buffer);
    const filled = pixels.filter((pixel) => pixel >>> 24 > 0 && (pixel & 0xffffff) !== 0xffffff);
    return { filled: filled.length, colours: new Set(filled).size };
  });

function assertClose(got, want) {
  assert.equal(got.length, want.length);
  // Old-style histograms are floats in TensorBoard.
  got.forEach((number, i) => assert.ok(Math.abs(number - want[i]) <= 1e-6 * Math.max(1e-3, Math.abs(want[i])), `${got} want ${want}`)); // prettier-ignore
}

for (const [log, run, tag, steps, label = run] of [
  ['keras_digits', 'train', 'digits/hidden/kernel/histogram', [0, 1, 2, 3, 4, 5, 6, 7]],
  ['torch_training', 'lr=0.1/seed=2', 'weights/conv.weight', [0, 1, 5, 10, 19]],
]) {
  testTab(`percentiles of ${log} are TensorBoard's at every step`, of(log), async (tab) => {
    const wanted = percentilesOf(`${log} ${run} ${tag}`);
    await reveal(tab, tag, label);
    for (const [i, step] of steps.entries()) {
      await tab.page.getByRole('textbox', { name: 'Step' }).fill(String(step));
      await tab.page.keyboard.press('Enter');
      await tab.idle();
      const row = READ_OUT.map((percentile) => wanted[i][percentile]);
      assertClose(await readout(cardOf(tab, tag, label)), row);
    }
  });
}

testTab('every way to draw them draws, and is in the address', of('torch_training'), async (tab) => {
  const [tag, run] = ['weights/conv.weight', 'lr=0.1/seed=2'];
  await reveal(tab, tag, run);
  const seen = new Set();
  for (const name of ['Offset', 'Heat map', 'Bands', 'Overlay']) {
    await mode(tab, name).click();
    await tab.idle();
    const { filled, colours } = await painted(cardOf(tab, tag, run));
    assert.ok(filled > 500 && colours > 4, `${name}: ${filled} px, ${colours} colours`);
    seen.add(`${filled} ${colours}`);
  }
  assert.equal(seen.size, 4, 'each is another picture');
  await tab.untilHash(() => location.hash.includes('histograms=overlay'));
  await tab.reload();
  assert.equal(await mode(tab, 'Overlay').getAttribute('aria-checked'), 'true');
  await tab.page.getByRole('button', { name: 'More' }).click();
  const before = await painted(cardOf(tab, tag, run));
  for (const name of ['30', 'Cumulative', 'Log']) {
    await mode(tab, name).click();
    await tab.idle();
    assert.notDeepEqual(await painted(cardOf(tab, tag, run)), before, name);
  }
});

testTab(
  'the pointer reads a step, and a click leads all cards there',
  of('keras_digits', '&histograms=heat'),
  async (tab) => {
    const [tag, run] = ['digits/hidden/kernel/histogram', 'train'];
    const wanted = percentilesOf(`keras_digits ${run} ${tag}`);
    const card = cardOf(tab, tag, run);
    await reveal(tab, tag, run);
    const { x, y, width, height } = await card.getByRole('img').boundingBox();
    // Eight steps, from one end to the other.
    await tab.page.mouse.move(x + (width * 2) / 7, y + height / 2);
    await tab.idle();
    assertClose(
      await readout(card),
      READ_OUT.map((percentile) => wanted[2][percentile]),
    );
    assert.equal(await stepOf(tab), '7, 8 of 8');
    await tab.page.mouse.click(x + (width * 2) / 7, y + height / 2);
    await tab.page.mouse.move(0, 0);
    await tab.idle();
    assert.equal(await stepOf(tab), '2, 3 of 8');
    assertClose(
      await readout(card),
      READ_OUT.map((percentile) => wanted[2][percentile]),
    );
  },
);

testTab(
  'runs are drawn over each other at a step, and compared with another',
  of('torch_training', '&histograms=runs'),
  async (tab) => {
    const tag = 'weights/conv.weight';
    await tab.filterTags(`/^${tag}$/`);
    const card = tab.card(tag);
    const rows = () =>
      card
        .getByRole('row')
        .evaluateAll((all) =>
          all
            .slice(1)
            .map((row) => [...row.cells].map(({ title }) => title.replace('−', '-').replace(/, step \d+$/, ''))),
        );
    assert.equal((await rows()).length, 3);
    await card.getByRole('button', { name: '3 of 6' }).click();
    const runs = await rows();
    assert.deepEqual(runs.map(([run]) => run), ['lr=0.01/seed=0', 'lr=0.01/seed=1', 'lr=0.01/seed=2', 'lr=0.1/seed=0', 'lr=0.1/seed=1', 'lr=0.1/seed=2']); // prettier-ignore
    assert.equal(runs[0].at(-1), '', 'the first run is what the others are compared with');
    assert.ok(runs.slice(1).every((row) => Number(row.at(-1)) > 0));
    await tab.page.getByRole('textbox', { name: 'Step' }).fill('3');
    await tab.page.keyboard.press('Enter');
    await tab.idle();
    await card.getByRole('button', { name: 'Compare others with step 3' }).click();
    await tab.idle();
    assert.ok(
      (await rows()).every((row) => Number(row.at(-1)) === 0),
      'nothing moved yet',
    );
    await tab.page.getByRole('textbox', { name: 'Step' }).fill('19');
    await tab.page.keyboard.press('Enter');
    await tab.idle();
    assert.ok((await rows()).every((row) => Number(row.at(-1)) > 0));
    await tab.untilHash(() => location.hash.includes('base=3'));
    await card.getByRole('button', { name: 'Stop comparing' }).click();
    await tab.idle();
    assert.equal((await rows())[0].at(-1), '');
  },
);

/** Numbers of the axis of values, left to right. */
const axisOf = (card) => card.locator('.xt').innerText();

testTab('the last step has a label behind the ridges', of('torch_training'), async (tab) => {
  await reveal(tab, 'weights/conv.weight', 'lr=0.1/seed=2');
  const labels = await cardOf(tab, 'weights/conv.weight', 'lr=0.1/seed=2').locator('.st-axis').innerText();
  assert.match(labels, /\b19$/);
});

testTab('the range of a group is the same whatever was seen before', of('torch_training'), async (tab) => {
  const cards = tab.page.locator('tp-histogram-card');
  const axis = () => axisOf(cards.first());
  await cards.first().waitFor();
  await tab.idle();
  const before = await axis();
  const scroll = (to) => tab.page.locator('.scroll').evaluate((area, share) => void (area.scrollTop = share * area.scrollHeight), to); // prettier-ignore
  for (const to of [0.2, 0.4, 0.6, 0.8, 1, 0]) {
    await scroll(to);
    await tab.idle();
  }
  await cards.first().waitFor();
  await tab.idle();
  assert.equal(await axis(), before);
  // As if nothing but its group had ever been there.
  await tab.reload();
  await tab.idle();
  assert.equal(await axis(), before);
});

testTab(
  'the axis of what is shown at a step is that of the step',
  of('torch_training', '&histograms=runs'),
  async (tab) => {
    await tab.filterTags('/^gradients\\/conv/');
    const card = tab.card('gradients/conv.weight');
    await card.waitFor();
    await tab.idle();
    const last = await axisOf(card);
    await tab.page.getByRole('textbox', { name: 'Step' }).fill('0');
    await tab.page.keyboard.press('Enter');
    await tab.idle();
    assert.notEqual(await axisOf(card), last);
  },
);

testTab('odd histograms are drawn, or say what is wrong', of('edge_values'), async (tab) => {
  await reveal(tab, 'new/no_rows', 'histograms');
  await cardOf(tab, 'new/no_rows', 'histograms').getByText('This histogram has no values').waitFor();
  await reveal(tab, 'old/nan_limits', 'histograms');
  await cardOf(tab, 'old/nan_limits', 'histograms').getByText('Not one edge is a finite number').waitFor();
  for (const [tag, percentiles] of [
    ['new/point_bucket', [0, 0.4008, 0.9521999999999999, 1, 1.3490000000000002, 1.7328, 2]],
    ['old/one_bucket', [1, 1, 1, 1, 1, 1, 1]],
  ]) {
    await reveal(tab, tag, 'histograms');
    const got = await readout(cardOf(tab, tag, 'histograms'));
    assert.deepEqual([got[0], got[3], got.at(-1)], [percentiles[0], percentiles[3], percentiles.at(-1)], tag);
  }
  for (const tag of [
    'new/one_infinite_edge',
    'old/limits_not_sorted',
    'old/infinite',
    'new/overlapping',
    'new/constant',
  ]) {
    await reveal(tab, tag, 'histograms');
    const card = cardOf(tab, tag, 'histograms');
    assert.ok((await readout(card)).every(Number.isFinite), tag);
    assert.ok((await painted(card)).filled > 20, tag);
    assert.equal(await card.getByText('mended').count(), tag === 'new/constant' ? 0 : 1, tag);
  }
});

testTab('what is no histogram says why, and can be saved', { hash: '#v=1&view=histograms' }, async (tab) => {
  await tab.drop(logsOf('edge_damaged'));
  await tab.idle();
  for (const [run, why] of [
    ['payload_histogram_two_columns', /float64 tensor of shape \[4, 2\] is no histogram/],
    ['payload_histogram_lengths_differ', /not as many limits as counts/],
  ]) {
    const card = tab.page.getByRole('article', { name: new RegExp(`, ${run}$`) });
    await card.scrollIntoViewIfNeeded();
    await card.getByText(why).waitFor();
    const download = tab.page.waitForEvent('download');
    await card.getByRole('button', { name: 'Save the bytes' }).click();
    assert.match((await download).suggestedFilename(), new RegExp(`^${run}\\..*step\\d+\\.bin$`));
  }
});

testTab('keys alone lead from the tab to another step', of('keras_digits'), async (tab) => {
  const { page } = tab;
  await tab.tab('Histograms').focus();
  await mode(tab, 'Offset').focus();
  await page.keyboard.press('ArrowRight');
  await tab.idle();
  assert.equal(await mode(tab, 'Heat map').getAttribute('aria-checked'), 'true');
  await track(tab).focus();
  await page.keyboard.press('ArrowLeft');
  await tab.idle();
  assert.equal(await stepOf(tab), '6, 7 of 8');
});

testTab(
  'one tag is drawn in a way of its own, with keys alone, until all are alike again',
  of('torch_training'),
  async (tab) => {
    const { page } = tab;
    const [own, other] = ['weights/conv.weight', 'weights/out.weight'];
    const run = 'lr=0.1/seed=2';
    const picture = (tag) => cardOf(tab, tag, run).getByRole('img').getAttribute('aria-label');
    await tab.filterTags('/^weights\\/(conv|out)/');
    const menu = `Show ${own} as`;
    await cardOf(tab, own, run).getByRole('img').focus();
    // From the plot to its tools, and the third of the ways.
    for (const key of ['Enter', 'Enter', 'Tab', 'Tab', 'Tab', 'Enter']) await page.keyboard.press(key);
    await tab.idle();
    assert.match(await picture(own), /^Heat map/);
    assert.match(await picture(other), /^Histograms behind/);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), menu);
    await tab.untilHash(() => location.hash.includes(`histogramsof=weights/conv.weight,heat`));
    await tab.reload();
    await tab.filterTags('/^weights\\/(conv|out)/');
    assert.match(await picture(own), /^Heat map/);
    // All its runs become one card, which has the focus.
    await cardOf(tab, own, run).hover();
    await cardOf(tab, own, run).getByRole('button', { name: menu }).click();
    await page.getByRole('button', { name: /^Runs / }).click();
    await tab.idle();
    const focused = await page.evaluate(() => document.activeElement.getAttribute('aria-label'));
    assert.match(focused, /^Histograms of runs: weights\/conv.weight, 6 runs/);
    await page.getByRole('button', { name: 'Reset 1 tag' }).click();
    await tab.idle();
    assert.match(await picture(own), /^Histograms behind/);
    await tab.untilHash(() => !location.hash.includes('histogramsof'));
  },
);

testTab(
  'tags of a group are drawn over each other at one step',
  of('torch_training', '&histograms=tags'),
  async (tab) => {
    const card = cardOf(tab, 'gradients', 'lr=0.1/seed=2');
    await tab.reveal('gradients, lr=0.1/seed=2');
    const rows = () => card.getByRole('row').evaluateAll((all) => all.slice(1).map((row) => [...row.cells].map((cell) => cell.title))); // prettier-ignore
    const names = async () => (await rows()).map(([name]) => name);
    assert.deepEqual(
      await names(),
      ['conv', 'hidden', 'out'].map((layer) => `gradients/${layer}.weight, step 19`),
    );
    assert.ok(
      (await rows()).slice(1).every((row) => Number(row.at(-1)) > 0),
      'they are apart from the first',
    );
    const recordedOf = (layer) => percentilesOf(`torch_training lr=0.1/seed=2 gradients/${layer}.weight`).at(-1)[4];
    assertClose((await rows()).map((row) => Number(row[1].replace('−', '-'))), ['conv', 'hidden', 'out'].map(recordedOf)); // prettier-ignore
    // The filter says which.
    await tab.filterTags('/gradients\\/(conv|out)/');
    assert.deepEqual(
      await names(),
      ['conv', 'out'].map((layer) => `gradients/${layer}.weight, step 19`),
    );
    // A tag with a way of its own is not among them.
    await tab.untilHash(() => location.hash.includes('histograms=tags'));
  },
);

testTab('a card covers the view and gives it back, and arrows lead to the next', of('torch_training'), async (tab) => {
  const { page } = tab;
  const card = (run) => cardOf(tab, 'weights/conv.weight', run);
  await tab.filterTags('weights/conv');
  const small = await card('lr=0.01/seed=0').boundingBox();
  await card('lr=0.01/seed=0').getByRole('img').focus();
  await page.keyboard.press('f');
  await tab.idle();
  const large = await card('lr=0.01/seed=0').boundingBox();
  assert.ok(large.width > 2 * small.width && large.height > small.height);
  // The scrubber stays in reach.
  assert.ok(large.y + large.height <= (await page.getByRole('group', { name: 'Step' }).boundingBox()).y + 1);
  await page.keyboard.press('ArrowRight');
  await tab.idle();
  assert.equal((await card('lr=0.01/seed=1').boundingBox()).width, large.width);
  assert.ok((await painted(card('lr=0.01/seed=1'))).filled > 500);
  await page.keyboard.press('Shift+Home');
  await tab.idle();
  assert.equal(await stepOf(tab), '0, 1 of 20');
  await page.keyboard.press('Escape');
  await tab.idle();
  assert.ok((await card('lr=0.01/seed=1').boundingBox()).width < small.width + 1);
  const focused = () =>
    page.evaluate(() => document.activeElement.closest('[role=article]').getAttribute('aria-label'));
  assert.equal(await focused(), 'weights/conv.weight, lr=0.01/seed=1');
  await page.keyboard.press('ArrowDown');
  await tab.idle();
  assert.equal(await focused(), 'weights/conv.weight, lr=0.01/seed=2');
  await page.keyboard.press('ArrowRight');
  await tab.idle();
  assert.equal(await stepOf(tab), '1, 2 of 20');
});

let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorpane-e2e-'));
  const histogram = (tag, ...buckets) => ({ tag, step: 0, tensor: tensor([buckets.length, 3], { floats: buckets.flat() }), plugin: 'histograms' }); // prettier-ignore
  const values = [
    histogram('layer/a', [-1, 0, 20], [0, 1, 20]),
    histogram('layer/b', [-0.5, 0, 20], [0, 2, 20]),
    histogram('layer/bias', [-0.01, 0, 20], [0, 0.01, 20]),
    histogram('layer/zeros', [-1, 0, 20], [0, 1e-6, 900], [1e-6, 1, 20]),
  ];
  await mkdir(join(folder, 'base'));
  await writeFile(join(folder, 'base', 'events.out.tfevents.1.host'), eventFile(values));
});
after(() => rm(folder, { recursive: true }));

testTab(
  'a histogram that the range of its group would make a bar of has its own',
  { hash: '#v=1&view=histograms' },
  async (tab) => {
    await tab.drop(folder);
    const own = (tag) => cardOf(tab, tag, 'base').getByText('own range').count();
    await cardOf(tab, 'layer/bias', 'base').waitFor();
    await tab.idle();
    assert.deepEqual([await own('layer/bias'), await own('layer/a'), await own('layer/b')], [1, 0, 0]);
    await tab.page.getByRole('checkbox', { name: 'Same range in group' }).uncheck();
    await tab.idle();
    assert.equal(await own('layer/bias'), 0);
    // Zeros, all in one bucket, are cut, and it is said how high they are.
    await cardOf(tab, 'layer/zeros', 'base').getByText('clipped').waitFor();
    assert.match(await cardOf(tab, 'layer/zeros', 'base').getByText('clipped').getAttribute('title'), /The highest is/);
  },
);

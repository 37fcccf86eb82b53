/** What the page says of real logs is what an independent reader found in them. */
import assert from 'node:assert/strict';
import { assertDump, expectedOf, logsOf, testTab } from './page.mjs';

for (const name of ['torch_training', 'tf_summaries', 'edge_values', 'edge_damaged']) {
  testTab(`the dump of ${name} is the oracle's`, { folders: [logsOf(name)] }, async (tab) => {
    await assertDump(await tab.dump(), name);
  });
}

/** The tab that shows the tags of a plugin. */
function tabOf(plugin) {
  const tabs = {
    scalars: 'Scalars',
    histograms: 'Histograms',
    images: 'Images',
    audio: 'Audio & video',
    video: 'Audio & video',
    text: 'Text',
    hparams: 'HParams',
    pr_curves: 'PR curves',
    mesh: 'Mesh',
    custom_scalars: 'Custom scalars',
  };
  return tabs[plugin] ?? (plugin.startsWith('graph') ? 'Graphs' : 'Other tensors');
}

for (const name of ['torch_training', 'tf_summaries', 'tf_plugins', 'torch_all', 'tbx_all']) {
  testTab(`the tabs of ${name} count its tags`, { folders: [logsOf(name)] }, async (tab) => {
    const tags = {};
    for (const run of expectedOf(name).runs) {
      for (const [tag, { plugin_name: plugin, values }] of Object.entries(run.tags)) {
        // Images that move are seen beside sounds.
        const moves = plugin === 'images' && values?.[0]?.[0]?.frames > 1;
        (tags[tabOf(moves ? 'video' : plugin)] ??= new Set()).add(tag);
      }
    }
    const expected = Object.entries(tags).map(([title, { size }]) => `${title} ${size}`);
    // Those are of files beside the event files.
    const tabs = (await tab.tabs()).filter((title) => !title.startsWith('Projector'));
    assert.deepEqual(tabs.sort(), expected.sort());
  });
}

const TAG = 'batch/loss';
const SMOOTHING = 0.9;

/** TensorBoard's moving average, which begins with the values themselves. */
function smoothed(values, weight) {
  let sum = 0;
  return values.map((value, i) => {
    sum = sum * weight + (1 - weight) * value;
    return sum / (1 - weight ** (i + 1));
  });
}

/** Holds every row of a read-out against the oracle at the one step. */
function assertRows({ where, byRun }, expectedStep) {
  const step = Number(/^Step (\d+)$/.exec(where)?.[1]);
  if (expectedStep !== undefined) assert.equal(step, expectedStep, where);
  const runs = expectedOf('torch_training').runs;
  assert.deepEqual(Object.keys(byRun).sort(), runs.map(({ run }) => run).sort());
  for (const { run, tags } of runs) {
    const { steps, values, wall_times: times } = tags[TAG];
    const i = steps.indexOf(step);
    const { Value: value, Smoothed: average, Relative: relative } = byRun[run];
    assert.equal(Number(value), Math.fround(values[i]), `${run} at ${step}`);
    const wanted = smoothed(values, SMOOTHING)[i];
    assert.ok(Math.abs(Number(average) - wanted) < 1e-6, `${run} at ${step}: ${average}, want ${wanted}`);
    assert.equal(relative, `${times[i] - times[0]} s`);
  }
  return step;
}

const smooth = { folders: [logsOf('torch_training')], hash: `#v=1&smoothing=${SMOOTHING}` };

testTab('the read-out has the values under the pointer', smooth, async (tab) => {
  await tab.showAllRows(TAG);
  const at = await tab.inPlot(TAG);
  await tab.page.mouse.move(...at(0.3, 0.5));
  const left = assertRows(await tab.readout(TAG));
  await tab.page.mouse.move(...at(0.8, 0.5));
  const right = assertRows(await tab.readout(TAG));
  assert.ok(left > 44 && left < 200 && right > 240 && right < 440, `${left}, ${right}`);
  // Without a pointer: the last point of each run.
  await tab.page.mouse.move(0, 0);
  const { byRun } = await tab.readout(TAG);
  for (const { Step: step } of Object.values(byRun)) assert.equal(step, '439');
});

testTab('the read-out has the values that the arrow keys walk to', smooth, async (tab) => {
  await tab.showAllRows(TAG);
  await tab.plot(TAG).focus();
  const press = async (key, step) => {
    await tab.page.keyboard.press(key);
    assertRows(await tab.readout(TAG), step);
  };
  await press('Home', 0);
  await press('ArrowRight', 1);
  await press('ArrowRight', 2);
  await press('ArrowLeft', 1);
  await press('End', 439);
  // A pointer that passes over and away takes it over; one that only rested there before does not.
  await press('ArrowLeft', 438);
  await tab.plot(TAG).dispatchEvent('pointerleave', { pointerType: 'mouse' });
  assertRows(await tab.readout(TAG), 438);
  await press('End', 439);
  // It is also said.
  await tab.page.getByText(/^step 439, lr=0.01\/seed=0 [\d.]+, 1 of 6$/).waitFor({ state: 'attached' });
});

testTab('steps beyond 2^53 are exact', { folders: [logsOf('edge_values')], hash: '#v=1&runs=steps' }, async (tab) => {
  const lastStep = async (tag) => {
    await tab.reveal(tag);
    return (await tab.readout(tag)).byRun.steps.Step;
  };
  assert.equal(await lastStep('int64_ends'), '9,223,372,036,854,775,807');
  assert.equal(await lastStep('beyond_double'), '9,007,199,254,740,995');
});

/** A file of a million scalars: it is drawn whole, and its smallest part can be zoomed to. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { promisify } from 'node:util';
import { ROOT, testTab } from './page.mjs';

const EVENTS = 1_000_000;
const TAG = 'loss';
const RUN = 'train';

let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorpane-e2e-'));
  await mkdir(join(folder, RUN));
  const file = join(folder, RUN, 'events.out.tfevents.1700000000.host');
  await promisify(execFile)(join(ROOT, 'build/native/write_scalars'), [file, `${EVENTS}`]);
  assert.ok((await stat(file)).size > 55e6);
});
after(() => rm(folder, { recursive: true }));

/** The value that tests/bench/write_scalars.cc gives step i. */
function written(i) {
  let random = 1;
  for (let n = 0; n <= i; n++) random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
  return 2 * Math.exp((-3 * i) / EVENTS) + (random / 2 ** 32 - 0.5) / 4;
}

/** Step and value of the read-out. At a crosshair it has the time since the first point: 10 ms a step. */
async function point(tab) {
  const { Step: step, Relative: relative, Value: value } = (await tab.readout(TAG)).byRun[RUN];
  const seconds = /^([\d.]+) s$/.exec(relative)?.[1];
  return { step: seconds ? Math.round(seconds * 100) : Number(step.replaceAll(',', '')), value: Number(value) };
}

/** How many pixels of a chart have the colour of a run: all else on it is grey. */
const colouredPixels = (tab) =>
  tab.plot(TAG).evaluate((plot) => {
    const canvas = plot.querySelector('canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      const colour = data.subarray(i, i + 3);
      if (data[i + 3] > 0 && Math.max(...colour) - Math.min(...colour) > 40) count++;
    }
    return count;
  });

testTab('a million points are drawn, and zoomed to single ones', { hash: '#v=1&smoothing=0' }, async (tab) => {
  await tab.drop(folder);
  assert.ok((await colouredPixels(tab)) > 1000);
  const { step, value } = await point(tab);
  assert.equal(step, EVENTS - 1);
  assert.ok(Math.abs(value - written(step)) < 1e-6, `${value}, want ${written(step)}`);

  // A tenth of what is shown, and a tenth of that: each needs points that were not on the screen before.
  for (let i = 0; i < 5; i++) await tab.drag(TAG, [0.5, 0.5], [0.6, 0.5]);
  assert.ok((await colouredPixels(tab)) > 50);
  // Neighbours on the screen are neighbours in the file, which no thinned line has.
  await tab.plot(TAG).focus();
  await tab.page.keyboard.press('Home');
  const first = await point(tab);
  await tab.page.keyboard.press('ArrowRight');
  const second = await point(tab);
  assert.equal(second.step, first.step + 1);
  for (const { step, value } of [first, second]) assert.ok(Math.abs(value - written(step)) < 1e-6, `${step}: ${value}`);
});

/** Images: what is seen, read and saved of them is what was written. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { promisify } from 'node:util';
import { deflateSync } from 'node:zlib';
import { eventFile, tensor } from './event_file.mjs';
import { expectedOf, logsOf, testTab } from './page.mjs';

const VIEW = '#v=1&view=images';
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** A PNG of grey or colour, without any filter; samples of 16 bits if `depth` is. */
function png(width, height, channels, samples, depth = 8) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([depth, { 1: 0, 3: 2, 4: 6 }[channels]], 8);
  const bytes = depth / 8;
  const rows = Buffer.alloc(height * (1 + width * channels * bytes));
  samples.forEach((sample, i) => rows.writeUIntBE(sample, i * bytes + 1 + Math.floor(i / (width * channels)), bytes));
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

const DEEP = png(2, 1, 1, [1, 40_000], 16);
const FIRST = png(2, 2, 3, [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]);
const SECOND = png(2, 2, 3, [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 125]);
/** Large enough to have a similarity; of the latter, each tenth sample is four more. */
const grey = (first, off) => Array.from({ length: 144 }, (_, i) => first + i + (i % 10 === 0 ? off : 0));
const GOALS = [png(12, 12, 1, grey(10, 0)), png(12, 12, 1, grey(90, 0))];
const MADE = [png(12, 12, 1, grey(10, 4)), png(12, 12, 1, grey(90, 8))];
const HOSTILE = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" onload="alert(1)"><script>alert(2)</script>
  <image href="http://127.0.0.1:1/x.png" width="9" height="9"/><rect width="40" height="20" fill="#0a0"/></svg>`;
const images = (...encoded) => tensor([2 + encoded.length], { strings: ['9', '9', ...encoded] });

let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorpane-images-'));
  const logs = async (name, run, values) => {
    await mkdir(join(folder, name, run), { recursive: true });
    const events = values.map(([tag, step, ...encoded]) => ({
      tag,
      step,
      plugin: 'images',
      tensor: images(...encoded),
    }));
    await writeFile(join(folder, name, run, 'events.out.tfevents.1'), eventFile(events));
  };
  await logs('odd', 'run', [
    ['deep', 0, DEEP],
    ['hostile', 0, HOSTILE],
    ['junk', 0, 'no image at all'],
    ['empty', 0, ''],
    ['cut', 0, FIRST.subarray(0, 50)],
    ['samples', 0, FIRST, SECOND],
    ['steps', 0, FIRST],
    ['steps', 10, SECOND],
  ]);
  await logs('two', 'a', [['picture', 0, FIRST], ['picture', 10, SECOND]]); // prettier-ignore
  await logs('two', 'b', [['picture', 0, SECOND]]);
  await logs('target', 'a', [['goal', 0, ...GOALS], ['made', 0, ...GOALS], ['small', 0, FIRST]]); // prettier-ignore
  await logs('target', 'b', [
    ['made', 0, ...GOALS],
    ['made', 10, ...MADE],
  ]);
  const many = Array.from({ length: 1000 }, (_, i) => ['many', i, png(1, 1, 1, [i % 256])]);
  await logs('many', 'run', many);
});
after(() => rm(folder, { recursive: true }));

/** An image by its name, which says where it is. */
const frame = (tab, name) => tab.page.getByRole('img', { name, exact: true });
const cell = (tab, name) => tab.page.locator('tp-image-cell').filter({ has: frame(tab, name) });
const show = (tab, tag) => tab.filterTags(`/^${tag}$/`);

/** What is drawn: R G B A of each pixel, after the looks. */
const drawn = (tab, name) =>
  frame(tab, name)
    .locator('canvas')
    .evaluate((canvas) => {
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
      copy.drawImage(canvas, 0, 0);
      return [...copy.getImageData(0, 0, canvas.width, canvas.height).data];
    });

/** What is read of a pixel, when the pointer is on it. */
async function read(tab, name, x, y) {
  const canvas = frame(tab, name).locator('canvas');
  const box = await canvas.boundingBox();
  const [width, height] = await canvas.evaluate((one) => [one.width, one.height]);
  await tab.page.mouse.move(box.x + ((x + 0.5) / width) * box.width, box.y + ((y + 0.5) / height) * box.height);
  await tab.idle();
  const readout = cell(tab, name).locator('.readout');
  // All of it is seen, however small the image is.
  assert.ok(await readout.evaluate((one) => !one.closest('.frame') && one.scrollWidth <= one.clientWidth));
  return readout.innerText();
}

async function save(tab, name) {
  await cell(tab, name).hover();
  const [download] = await Promise.all([
    tab.page.waitForEvent('download'),
    cell(tab, name).getByRole('button', { name: 'Save the bytes' }).first().click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

for (const [name, run] of [
  ['edge_values', 'images'],
  ['torch_all', 'images'],
  ['tf_summaries', 'media'],
]) {
  testTab(
    `every image of ${name} is seen in its size and saved as it is`,
    { folders: [logsOf(name)], hash: VIEW },
    async (tab) => {
      const { tags } = expectedOf(name).runs.find((one) => one.run === run);
      for (const [tag, { plugin_name: plugin, values }] of Object.entries(tags)) {
        const [last] = values.slice(-1);
        if (plugin !== 'images' && !last?.[0]?.mime && !(last && last.length === 0)) continue;
        // What moves is elsewhere.
        if (last.some(({ frames }) => frames > 1)) continue;
        await tab.filterTags(`/^${tag.replace(/\W/g, '\\$&')}$/`);
        for (const [sample, image] of last.entries()) {
          const label = `${tag}, ${run}, sample ${sample}`;
          const { bytes } = await save(tab, label);
          assert.equal(sha256(bytes), image.sha256, label);
          if (image.error || image.mime === null || image.width * image.height > 1e6) continue;
          const [width, height] = await frame(tab, label)
            .locator('canvas')
            .evaluate((one) => [one.width, one.height]);
          const turned = tag.endsWith('turned') ? [image.height, image.width] : [image.width, image.height];
          const scale = Math.min(1, width / turned[0]);
          assert.deepEqual(
            [width, height],
            turned.map((side) => Math.max(1, Math.round(side * scale))),
            label,
          );
        }
      }
    },
  );
}

testTab('a pixel is read with all its bits, by pointer and by keys', { hash: VIEW }, async (tab) => {
  await tab.drop(join(folder, 'odd'));
  await show(tab, 'deep');
  const name = 'deep, run, sample 0';
  assert.equal(await read(tab, name, 0, 0), '0, 0  Y 1 (16 bit)');
  assert.equal(await read(tab, name, 1, 0), '1, 0  Y 40000 (16 bit)');
  await show(tab, 'samples');
  assert.equal(await read(tab, 'samples, run, sample 1', 1, 1), '1, 1  R 100 G 110 B 125');
  await frame(tab, 'samples, run, sample 0').focus();
  await tab.page.keyboard.press('Shift+ArrowLeft');
  await tab.page.keyboard.press('Shift+ArrowUp');
  await tab.idle();
  assert.equal(await frame(tab, 'samples, run, sample 0').getAttribute('aria-description'), '0, 0  R 10 G 20 B 30');
});

testTab('SVG is inert; what cannot be shown says what it is, and is saved', { hash: VIEW }, async (tab) => {
  await tab.drop(join(folder, 'odd'));
  await show(tab, 'hostile');
  const picture = frame(tab, 'hostile, run, sample 0').locator('img');
  assert.match(await picture.getAttribute('src'), /^data:image\/svg\+xml;base64,/);
  assert.equal(await picture.evaluate((img) => img.decode().then(() => img.naturalWidth)), 40);
  for (const [tag, bytes, says] of [
    ['junk', Buffer.from('no image at all'), /An image of 15 B, unknown format\. .*save/],
    ['empty', Buffer.alloc(0), /Nothing is in it: 0 bytes/],
    ['cut', FIRST.subarray(0, 50), /An image of 50 B, PNG, 2 × 2\. .*save/],
  ]) {
    await show(tab, tag);
    await frame(tab, `${tag}, run, sample 0`).getByRole('alert').waitFor();
    assert.match(await frame(tab, `${tag}, run, sample 0`).innerText(), says);
    // However long the message is, the way out is within the image.
    const [outer, inner] = await Promise.all(
      [frame(tab, `${tag}, run, sample 0`), frame(tab, `${tag}, run, sample 0`).getByRole('button')].map((one) =>
        one.boundingBox(),
      ),
    );
    assert.ok(inner.y >= outer.y && inner.y + inner.height <= outer.y + outer.height);
    assert.deepEqual((await save(tab, `${tag}, run, sample 0`)).bytes, bytes);
  }
});

testTab(
  'the nearest step before is shown, and said; it follows the scrubber',
  { hash: `${VIEW}&step=5` },
  async (tab) => {
    await tab.drop(join(folder, 'two'));
    const [a, b] = ['picture, a, sample 0', 'picture, b, sample 0'];
    assert.match(await cell(tab, a).innerText(), /step 0/);
    assert.equal((await drawn(tab, a))[14], 120);
    await tab.page.keyboard.press('ArrowRight');
    await tab.idle();
    assert.equal((await drawn(tab, a))[14], 125);
    assert.doesNotMatch(await cell(tab, a).innerText(), /step/);
    assert.equal((await drawn(tab, b))[14], 125);
    // At the end, which is followed by default, a run that ends before it says so too.
    assert.match(await cell(tab, b).innerText(), /step 0/);
  },
);

testTab(
  'steps are typed as people write them; what is none is said, and does not stay in the address',
  { hash: `${VIEW}&step=banana` },
  async (tab) => {
    await tab.drop(join(folder, 'many'));
    const { page } = tab;
    const field = page.getByRole('textbox', { name: 'Step, as a number' });
    await tab.untilHash(() => !location.hash.includes('banana'));
    for (const [typed, shown] of [
      ['0.5k', '500'],
      ['−5', '0'],
      ['1e9', '999'],
    ]) {
      await field.fill(typed);
      await page.keyboard.press('Enter');
      await tab.idle();
      assert.equal(await field.inputValue(), shown);
    }
    await field.fill('7.5');
    await page.keyboard.press('Enter');
    assert.match(await page.getByRole('alert').innerText(), /“7\.5” is no step/);
    assert.equal(await field.inputValue(), '999');
    await field.fill('7');
    assert.equal(await page.getByRole('alert').count(), 0);
  },
);

testTab(
  'keys: V compares and goes on to the next way, A shows each pixel, ↓ goes to the row below',
  { hash: VIEW },
  async (tab) => {
    await tab.drop(join(folder, 'target'));
    const { page } = tab;
    await frame(tab, 'made, b, sample 0').focus();
    await page.keyboard.press('ArrowDown');
    await tab.idle();
    const focused = () => page.evaluate(() => document.activeElement.getAttribute('aria-label'));
    assert.equal(await focused(), 'made, b, sample 1');
    await page.keyboard.press('a');
    await tab.untilHash(() => location.hash.includes('fit=actual'));
    await page.keyboard.press('a');
    await page.keyboard.press('v');
    await tab.idle();
    // The first two that are of one size.
    const drawer = page.getByRole('complementary', { name: 'Compare images' });
    await tab.untilHash(() => location.hash.includes('a=goal,a,0,&b=goal,a,1,'));
    assert.equal(await drawer.getByRole('radio', { name: 'Swipe' }).getAttribute('aria-checked'), 'true');
    await page.keyboard.press('v');
    assert.equal(await drawer.getByRole('radio', { name: 'Difference' }).getAttribute('aria-checked'), 'true');
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await tab.idle();
    assert.equal(await drawer.count(), 0);
  },
);

testTab(
  'by fingers: the menu of an image, full screen with steps and images, two compared beside the scrubber',
  { hash: VIEW, width: 390, height: 844, touch: true },
  async (tab) => {
    await tab.drop(join(folder, 'two'));
    const { page } = tab;
    const [a, b] = ['picture, a, sample 0', 'picture, b, sample 0'];
    const choose = async (name, action) => {
      const open = cell(tab, name).getByRole('button', { name: 'What can be done with it' });
      const { width, height } = await open.boundingBox();
      assert.ok(width >= 44 && height >= 44);
      await open.tap();
      await cell(tab, name).locator('.pop').getByRole('button', { name: action }).tap();
      await tab.idle();
    };
    await choose(a, 'Full screen');
    const dialog = page.getByRole('dialog', { name: 'Image' });
    await dialog.getByRole('button', { name: 'Previous step' }).tap();
    await dialog.getByText('step 0').first().waitFor();
    await dialog.getByRole('button', { name: 'Next image' }).tap();
    await tab.idle();
    assert.match(await dialog.getByRole('heading').innerText(), /picture · b · #0/);
    await dialog.getByRole('button', { name: 'Close' }).tap();
    await choose(a, 'Compare as A');
    await choose(b, 'Compare as B');
    const drawer = await page.getByRole('complementary', { name: 'Compare images' }).boundingBox();
    const scrubber = await page.getByRole('group', { name: 'Step', exact: true }).boundingBox();
    assert.ok(drawer.y + drawer.height <= scrubber.y + 1);
  },
);

testTab('rows and columns are what is chosen; a film strip has every step', { hash: VIEW }, async (tab) => {
  await tab.drop(join(folder, 'two'));
  await tab.page.getByRole('combobox', { name: 'Columns' }).selectOption('step');
  await tab.page.getByRole('combobox', { name: 'Rows' }).selectOption('run');
  await tab.idle();
  assert.equal((await drawn(tab, 'picture, a, sample 0, step 0'))[14], 120);
  assert.equal((await drawn(tab, 'picture, a, sample 0, step 10'))[14], 125);
  assert.match(await frame(tab, 'picture, b, sample 0, step 10').innerText(), /Not at this step/);
  await tab.untilHash(() => location.hash.includes('rows=run') && location.hash.includes('columns=step'));
});

testTab(
  'of a strip of a thousand steps, only what can be seen exists',
  { hash: `${VIEW}&rows=run&columns=step` },
  async (tab) => {
    await tab.drop(join(folder, 'many'));
    await frame(tab, 'many, run, sample 0, step 0').waitFor();
    assert.ok((await tab.page.locator('tp-image-cell').count()) < 40);
    await tab.page.locator('main .scroll').evaluate((scroll) => (scroll.scrollLeft = scroll.scrollWidth));
    await frame(tab, 'many, run, sample 0, step 999').waitFor();
    await tab.idle();
    assert.equal((await drawn(tab, 'many, run, sample 0, step 999'))[0], 999 % 256);
    assert.ok((await tab.page.locator('tp-image-cell').count()) < 40);
  },
);

testTab('channels and false colours are of the pixels, brightness of what is seen', { hash: VIEW }, async (tab) => {
  await tab.drop(join(folder, 'odd'));
  await show(tab, 'samples');
  const name = 'samples, run, sample 0';
  await tab.page.getByRole('button', { name: 'More' }).click();
  await tab.page.getByRole('radio', { name: 'Blue' }).click();
  await tab.idle();
  assert.deepEqual((await drawn(tab, name)).slice(0, 8), [30, 30, 30, 255, 60, 60, 60, 255]);
  await tab.page.getByRole('checkbox', { name: 'False colours' }).click();
  await tab.idle();
  const [red, green, blue] = await drawn(tab, name);
  assert.notDeepEqual([red, green, blue], [30, 30, 30]);
  await tab.page.getByRole('textbox', { name: 'Brightness' }).fill('1.5');
  await tab.page.keyboard.press('Enter');
  await tab.idle();
  assert.match(await frame(tab, name).locator('canvas').getAttribute('style'), /brightness\(1\.5\)/);
  await tab.untilHash(() => location.hash.includes('1.5') && /1\.5:1:blue:1/.test(location.hash));
  await tab.page.keyboard.press('Escape');
  // What is read is what was written.
  assert.equal(await read(tab, name, 0, 0), '0, 0  R 10 G 20 B 30');
});

testTab(
  'two images are compared: by numbers, swipe, difference, blink; a pinned step stays',
  { hash: VIEW },
  async (tab) => {
    await tab.drop(join(folder, 'two'));
    const { page } = tab;
    const [a, b] = ['picture, a, sample 0', 'picture, b, sample 0'];
    await frame(tab, a).focus();
    await page.keyboard.press('Shift+A');
    await frame(tab, b).focus();
    await page.keyboard.press('Shift+B');
    await tab.idle();
    const drawer = page.getByRole('complementary', { name: 'Compare images' });
    assert.match(await drawer.getByRole('row', { name: /PSNR/ }).innerText(), /the same/);
    await page.keyboard.press('ArrowLeft');
    await tab.idle();
    // One sample of twelve differs by five.
    const psnr = 10 * Math.log10(255 ** 2 / (25 / 12));
    assert.match(await drawer.getByRole('row', { name: /PSNR/ }).innerText(), new RegExp(`${psnr.toFixed(2)} dB`));
    assert.match(await drawer.getByRole('row', { name: /Max/ }).innerText(), /5$/);
    const pane = drawer.locator('.pane');
    await page.mouse.move(0, 0);
    const { x, y, width, height } = await pane.boundingBox();
    await page.mouse.move(x + width * 0.75, y + height * 0.75);
    await tab.idle();
    const ofPixel = drawer.getByRole('row', { name: /^(Pixel 1, 1 R|[GB]) \d/ });
    assert.deepEqual(
      (await ofPixel.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ')),
      ['Pixel 1, 1 R 100 100', 'G 110 110', 'B 120 125'],
    );
    await drawer.getByRole('slider', { name: 'Place of the line' }).fill('0.2');
    assert.match(await pane.locator('canvas').first().getAttribute('style'), /inset\(0(px)? 80% 0(px)? 0(px)?\)/);
    await drawer.getByRole('radio', { name: 'Difference' }).click();
    await tab.idle();
    const pixels = await pane.locator('canvas').evaluate((canvas) => {
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
      copy.drawImage(canvas, 0, 0);
      return [...copy.getImageData(0, 0, 2, 2).data];
    });
    assert.deepEqual(pixels.slice(0, 4), pixels.slice(4, 8));
    assert.notDeepEqual(pixels.slice(0, 4), pixels.slice(12, 16));
    await drawer.getByRole('checkbox', { name: 'Pin the step of A' }).click();
    await tab.untilHash(() => location.hash.includes('a=picture,a,0,0'));
    await frame(tab, a).focus();
    await page.keyboard.press('ArrowRight');
    await tab.idle();
    assert.match(await drawer.getByRole('row', { name: /Max/ }).innerText(), /5$/);
    await drawer.getByRole('radio', { name: 'Blink' }).click();
    await drawer.getByRole('button', { name: 'B is shown' }).waitFor();
    const sides = await pane.locator('canvas').evaluateAll((all) =>
      all.map((canvas) => {
        const copy = new OffscreenCanvas(2, 2).getContext('2d');
        copy.drawImage(canvas, 0, 0);
        return copy.getImageData(1, 1, 1, 1).data[2];
      }),
    );
    assert.deepEqual(sides, [120, 125]);
    await drawer.getByRole('button', { name: 'A is shown' }).waitFor();
    await drawer.getByRole('button', { name: 'Close' }).click();
    await tab.idle();
    assert.equal(await drawer.count(), 0);
  },
);

testTab(
  'a target is pinned: every image says how it compares, with the target of its sample, and none it cannot',
  { hash: VIEW },
  async (tab) => {
    await tab.drop(join(folder, 'target'));
    const { page } = tab;
    await frame(tab, 'goal, a, sample 0').focus();
    await page.keyboard.press('t');
    await tab.idle();
    await tab.untilHash(() => location.hash.includes('target=goal,a,0,0'));
    // What it is held against need not be shown.
    await show(tab, 'made');
    const score = async (name) => (await cell(tab, name).locator('.score').innerText()).trim();
    const psnr = (off) => 10 * Math.log10(255 ** 2 / (off ** 2 * (15 / 144)));
    assert.match(await score('made, a, sample 0'), /^same SSIM 1\.000$/);
    for (const [sample, off] of [
      [0, 4],
      [1, 8],
    ]) {
      // prettier-ignore
      const name = `made, b, sample ${sample}`;
      assert.match(await score(name), new RegExp(`^${psnr(off).toFixed(1)} dB SSIM 0\\.9\\d\\d$`));
      const said = await frame(tab, name).getAttribute('aria-description');
      assert.match(said, new RegExp(`PSNR to the target ${psnr(off).toFixed(2)} dB, SSIM 0\\.9`));
    }
    await show(tab, 'small');
    assert.equal(await score('small, a, sample 0'), '–');
    assert.match(
      await cell(tab, 'small, a, sample 0').locator('.score').getAttribute('title'),
      /size of the target, 12 × 12/,
    );

    // Whoever opens the address has it too.
    await show(tab, 'made');
    await frame(tab, 'made, b, sample 0').focus();
    await page.keyboard.press('Shift+A');
    await tab.idle();
    const drawer = page.getByRole('complementary', { name: 'Compare images' });
    await drawer.getByRole('button', { name: 'Compare with the target' }).click();
    await tab.idle();
    assert.match(await drawer.getByRole('row', { name: /^PSNR \d/ }).innerText(), new RegExp(psnr(4).toFixed(2)));
    assert.match(await drawer.getByRole('row', { name: /^SSIM 0/ }).innerText(), /0\.9\d+/);
    assert.match(await drawer.getByRole('row', { name: /^PSNR to target/ }).innerText(), /dB\s+target/);
    await tab.untilHash(() => location.hash.includes('b=goal,a,0,0'));
    await drawer.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Unpin the target' }).click();
    await tab.idle();
    assert.equal(await page.locator('.score').count(), 0);
    await tab.untilHash(() => !location.hash.includes('target='));
    for (const pinned of [1, 0]) {
      await frame(tab, 'made, a, sample 1').focus();
      await page.keyboard.press('t');
      await tab.idle();
      assert.equal(await page.getByRole('button', { name: 'Unpin the target' }).count(), pinned);
    }
  },
);

testTab(
  'a target of an address is there once its logs are; a sample is chosen where samples are no axis',
  { hash: `${VIEW}&target=goal,a,0,0&rows=run&columns=tag&sample=1` },
  async (tab) => {
    await tab.drop(join(folder, 'target'));
    const score = cell(tab, 'made, a, sample 1').locator('.score');
    assert.match(await score.innerText(), /same/);
    await tab.page.getByRole('combobox', { name: 'Sample' }).selectOption('#0');
    await tab.idle();
    await frame(tab, 'made, b, sample 0').waitFor();
    assert.equal(await frame(tab, 'made, b, sample 1').count(), 0);
    await tab.untilHash(() => !location.hash.includes('sample='));
    await tab.page.getByRole('combobox', { name: 'Rows' }).selectOption('sample');
    await tab.idle();
    assert.equal(await tab.page.getByRole('combobox', { name: 'Sample' }).count(), 0);
  },
);

testTab(
  'a target, A and B that no log has are said to be missing, in full screen too',
  { hash: `${VIEW}&target=gone,nobody,3,7&a=gone,nobody,3,7&b=goal,a,0,` },
  async (tab) => {
    await tab.drop(join(folder, 'target'));
    assert.match(await cell(tab, 'goal, a, sample 0').locator('.score').getAttribute('title'), /not in these logs/);
    await frame(tab, 'gone, nobody, sample 0, step 7').first().focus();
    await tab.page.keyboard.press('Enter');
    await tab.idle();
    assert.match(await tab.page.getByRole('dialog', { name: 'Image' }).innerText(), /Nothing was written/);
  },
);

testTab('rows are pinned to the top by key and button, and in the address', { hash: VIEW }, async (tab) => {
  await tab.drop(join(folder, 'target'));
  const { page } = tab;
  await frame(tab, 'made, b, sample 1').focus();
  await page.keyboard.press('p');
  await tab.idle();
  const pinned = page.getByRole('region', { name: 'Pinned' });
  await pinned.getByRole('img', { name: 'made, a, sample 1' }).waitFor();
  assert.match(await pinned.innerText(), /made\s+#1/);
  assert.equal(await page.getByRole('img', { name: 'made, a, sample 1' }).count(), 1);
  await tab.untilHash(() => location.hash.includes('pins='));
  // It went with the focus.
  const focused = await page.evaluate(() => document.activeElement.getAttribute('aria-label'));
  assert.equal(focused, 'made, b, sample 1');
  await pinned.locator('tp-image-row').hover();
  await pinned.getByRole('button', { name: 'Pin', exact: true }).click();
  await tab.idle();
  assert.equal(await pinned.count(), 0);
});

testTab(
  'with keys alone: an image in full screen, steps, other images, larger, and back',
  { hash: VIEW },
  async (tab) => {
    await tab.drop(join(folder, 'two'));
    const { page } = tab;
    const a = 'picture, a, sample 0';
    await page.getByRole('searchbox', { name: 'Filter tags' }).focus();
    while (!(await frame(tab, a).evaluate((one) => one === document.activeElement))) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Image' });
    await dialog.waitFor();
    await tab.idle();
    const heading = () => dialog.getByRole('heading').innerText();
    const canvas = dialog.locator('canvas');
    const blue = () =>
      canvas.evaluate((one) => {
        const copy = new OffscreenCanvas(2, 2).getContext('2d');
        copy.drawImage(one, 0, 0);
        return copy.getImageData(1, 1, 1, 1).data[2];
      });
    assert.equal(await blue(), 125);
    await page.keyboard.press('ArrowLeft');
    await tab.idle();
    assert.equal(await blue(), 120);
    const { width } = await canvas.boundingBox();
    await page.keyboard.press('+');
    await tab.idle();
    assert.equal((await canvas.boundingBox()).width, 2 * width);
    // A pixel of the screen for each.
    await page.keyboard.press('1');
    await tab.idle();
    assert.equal((await canvas.boundingBox()).width, 2);
    await page.keyboard.press('0');
    await tab.idle();
    assert.equal((await canvas.boundingBox()).width, width);
    await page.keyboard.press('ArrowDown');
    await tab.idle();
    assert.match(await heading(), /picture · b · #0/);
    await page.keyboard.press('ArrowUp');
    await tab.idle();
    await page.keyboard.press('Shift+ArrowRight');
    await tab.idle();
    assert.match(await dialog.locator('.readout').innerText(), /R 100 G 110 B 120/);
    await page.keyboard.press('ArrowDown');
    await tab.idle();
    assert.equal(await blue(), 125);
    await page.keyboard.press('Escape');
    await tab.idle();
    assert.equal(await dialog.count(), 0);
    assert.equal(await frame(tab, a).evaluate((one) => one === document.activeElement), true);
  },
);

testTab(
  'all images are saved as a ZIP that others can read',
  { hash: VIEW, init: [() => delete globalThis.showSaveFilePicker] },
  async (tab) => {
    await tab.drop(join(folder, 'two'));
    const [download] = await Promise.all([
      tab.page.waitForEvent('download'),
      tab.page.getByRole('button', { name: 'Save all as ZIP' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'images.zip');
    const script =
      'import sys, json, zipfile, hashlib; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; ' +
      'print(json.dumps({n: hashlib.sha256(z.read(n)).hexdigest() for n in z.namelist()}))';
    const { stdout } = await promisify(execFile)('python3', ['-c', script, await download.path()]);
    assert.deepEqual(JSON.parse(stdout), {
      'a.picture.step0.0.png': sha256(FIRST),
      'a.picture.step10.0.png': sha256(SECOND),
      'b.picture.step0.0.png': sha256(SECOND),
    });
    await tab.page.getByText('3 images saved').waitFor();
  },
);

testTab(
  'images of single columns are beside each other, each tag with a look of its own',
  { hash: VIEW },
  async (tab) => {
    await tab.drop(join(folder, 'odd'));
    await tab.filterTags('/^s/');
    // Three images in one row, which say what they are; each has the size that it would have by itself.
    const boxes = await Promise.all(
      ['samples, run, sample 0', 'samples, run, sample 1', 'steps, run, sample 0'].map((name) =>
        frame(tab, name).boundingBox(),
      ),
    );
    assert.equal(new Set(boxes.map(({ y }) => y)).size, 1);
    assert.deepEqual(boxes.map(({ width }) => width), [128, 128, 128]); // prettier-ignore
    assert.match(await cell(tab, 'samples, run, sample 1').innerText(), /samples\s*#1/);
    await cell(tab, 'samples, run, sample 0').hover();
    await tab.page.getByRole('button', { name: 'Look of samples' }).first().click();
    await tab.page.locator(':popover-open').getByRole('radio', { name: 'Green' }).click();
    await tab.idle();
    assert.deepEqual((await drawn(tab, 'samples, run, sample 0')).slice(0, 3), [20, 20, 20]);
    assert.deepEqual((await drawn(tab, 'steps, run, sample 0')).slice(0, 3), [10, 20, 30]);
    await tab.page.locator(':popover-open').getByRole('button', { name: 'As all others' }).click();
    await tab.idle();
    assert.deepEqual((await drawn(tab, 'samples, run, sample 0')).slice(0, 3), [10, 20, 30]);
  },
);

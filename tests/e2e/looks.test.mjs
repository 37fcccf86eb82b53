/** Accessibility by axe-core in both themes and two widths, and pictures of them to be looked at: build/screenshots/. */
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { before } from 'node:test';
import { logsOf, ROOT, testTab } from './page.mjs';

const SCREENSHOTS = join(ROOT, 'build/screenshots');

const DAMAGED = ['three_places', 'html', 'cut_in_data', 'good'].map((run) => join(logsOf('edge_damaged'), run));

let axe;
before(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await mkdir(SCREENSHOTS, { recursive: true });
});

/** Holds that axe finds nothing. */
async function assertClean(tab) {
  await tab.idle();
  await tab.page.evaluate(axe);
  const { violations, passes } = await tab.page.evaluate(() => globalThis.axe.run());
  assert.ok(passes.length > 5, 'axe looked at something');
  const found = violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
  assert.deepEqual(found, []);
}

/** The colour of the page, 0 = black … 255 = white. */
const brightness = (tab) =>
  tab.page.evaluate(() => {
    const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number);
    return (red + green + blue) / 3;
  });

for (const scheme of ['light', 'dark']) {
  for (const width of [1280, 390]) {
    const window = { scheme, width, height: width === 390 ? 844 : 800 };

    testTab(`the empty page is accessible, ${scheme}, ${width}`, window, assertClean);

    const training = { ...window, folders: [logsOf('torch_training')] };
    testTab(`scalars are accessible and fit, ${scheme}, ${width}`, training, async (tab) => {
      await assertClean(tab);
      assert.equal((await brightness(tab)) > 128, scheme === 'light');
      const overflow = await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${overflow} px too wide`);
      await tab.page.screenshot({ path: join(SCREENSHOTS, `${scheme}-${width}.png`) });
    });

    const images = { ...window, folders: [logsOf('tf_summaries'), logsOf('torch_training')], hash: '#v=1&view=images' };
    testTab(`images are accessible and fit, ${scheme}, ${width}`, images, async (tab) => {
      await assertClean(tab);
      const overflow = await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${overflow} px too wide`);
      await tab.page.screenshot({ path: join(SCREENSHOTS, `images-${scheme}-${width}.png`) });
    });

    const place = (sample) => `images/rgb,media,${sample},`;
    const compared = {
      ...window,
      folders: [logsOf('tf_summaries')],
      hash: `#v=1&view=images&a=${place(0)}&b=${place(1)}&target=${place(2)}4&tags=rgb`,
    };
    testTab(`compared images and the full screen are accessible, ${scheme}, ${width}`, compared, async (tab) => {
      await tab.page.getByRole('complementary', { name: 'Compare images' }).waitFor();
      await assertClean(tab);
      await tab.page.screenshot({ path: join(SCREENSHOTS, `images-compared-${scheme}-${width}.png`) });
      await tab.page.getByRole('img', { name: 'images/rgb, media, sample 0' }).first().focus();
      await tab.page.keyboard.press('Enter');
      await tab.page.getByRole('dialog', { name: 'Image' }).waitFor();
      await assertClean(tab);
      await tab.page.screenshot({ path: join(SCREENSHOTS, `images-full-${scheme}-${width}.png`) });
    });

    const tensors = { ...window, folders: [logsOf('tf_summaries')], hash: '#v=1&view=tensors' };
    testTab(`other tensors are accessible and fit, ${scheme}, ${width}`, tensors, async (tab) => {
      for (const numbers of [false, true]) {
        if (numbers) await tab.page.evaluate(() => (location.hash += '&matrices=numbers'));
        await assertClean(tab);
        const overflow = await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${overflow} px too wide`);
        const name = `tensors-${numbers ? 'numbers-' : ''}${scheme}-${width}.png`;
        await tab.page.screenshot({ path: join(SCREENSHOTS, name) });
      }
    });

    const graph = {
      ...window,
      folders: [logsOf('tf1_compat')],
      hash: '#v=1&view=graphs&graph=train&open=layer1/weights&node=layer1/MatMul&trace=both&depth=2&find=MatMul',
    };
    testTab(`graphs are accessible and fit, ${scheme}, ${width}`, graph, async (tab) => {
      for (const more of ['', '&table=name', '&graphagainst=meta&graphcolour=difference']) {
        if (more !== '') await tab.page.evaluate((hash) => (location.hash = hash), graph.hash + more);
        await assertClean(tab);
        const overflow = await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${overflow} px too wide`);
        const name = `graphs-${more.replace(/=.*|&/g, '')}-${scheme}-${width}.png`;
        await tab.page.screenshot({ path: join(SCREENSHOTS, name) });
      }
    });

    const projector = {
      ...window,
      folders: [logsOf('torch_embedding')],
      hash: '#v=1&view=projector&embedding=digits,pixels&pointcolour=column,label&pointscale=classes&points=7',
    };
    testTab(`the projector is accessible and fits, ${scheme}, ${width}`, projector, async (tab) => {
      for (const more of ['', '&pointform=sprites&projection=axes', '&pointtable=1']) {
        if (more !== '') await tab.page.evaluate((hash) => (location.hash = hash), projector.hash + more);
        const seen = more.includes('table') ? 'grid' : 'application';
        await tab.page.getByRole(seen).first().waitFor();
        await assertClean(tab);
        const overflow = await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${overflow} px too wide`);
        const name = `projector-${more.replace(/=.*|&/g, '')}-${scheme}-${width}.png`;
        await tab.page.screenshot({ path: join(SCREENSHOTS, name) });
      }
    });

    const media = { ...window, folders: [logsOf('tbx_all'), logsOf('tf_summaries')], hash: '#v=1&view=audio' };
    testTab(`sounds and animations are accessible and fit, ${scheme}, ${width}`, media, async (tab) => {
      await assertClean(tab);
      const overflow = await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${overflow} px too wide`);
      await tab.page.screenshot({ path: join(SCREENSHOTS, `media-${scheme}-${width}.png`) });
      await tab.page.evaluate(() => (location.hash += '&tags=video'));
      await assertClean(tab);
      await tab.page.screenshot({ path: join(SCREENSHOTS, `media-video-${scheme}-${width}.png`) });
    });

    const histograms = { ...window, folders: [logsOf('torch_training')], hash: '#v=1&view=histograms' };
    testTab(`histograms are accessible and fit, ${scheme}, ${width}`, histograms, async (tab) => {
      for (const mode of ['offset', 'runs']) {
        await tab.page.evaluate((id) => (location.hash = `#v=1&view=histograms&histograms=${id}`), mode);
        await assertClean(tab);
        const overflow = await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${overflow} px too wide`);
        await tab.page.screenshot({ path: join(SCREENSHOTS, `histograms-${mode}-${scheme}-${width}.png`) });
      }
    });

    for (const [name, logs, hash] of [
      ['text', 'tf_summaries', ''],
      ['text-diff', 'tf_summaries', '&compare=steps'],
      ['text-list', 'torch_all', '&steps=list&text=mono'],
      ['text-edges', 'edge_values', '&tags=/markdown_all|table|control|rank/'],
    ]) {
      // Enough for one theme and width.
      if (name !== 'text-diff' && (scheme === 'dark' || width === 390)) continue;
      const texts = { ...window, folders: [logsOf(logs)], hash: `#v=1&view=text${hash}` };
      testTab(`${name} is accessible and fits, ${scheme}, ${width}`, texts, async (tab) => {
        await assertClean(tab);
        const overflow = await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${overflow} px too wide`);
        await tab.page.screenshot({ path: join(SCREENSHOTS, `${name}-${scheme}-${width}.png`) });
      });
    }

    const damaged = { ...window, folders: DAMAGED };
    testTab(`the report is accessible, ${scheme}, ${width}`, damaged, async (tab) => {
      await tab.page.getByRole('button', { name: /^Import report/ }).click();
      await tab.page.getByRole('dialog', { name: 'Import report' }).waitFor();
      await assertClean(tab);
    });
  }
}

testTab('a kind without a view is accessible', { folders: [logsOf('tf_summaries')] }, async (tab) => {
  await tab.tab('Graphs').click();
  await assertClean(tab);
});

testTab(
  'the theme button goes from the system\u2019s to light to dark',
  { folders: [logsOf('torch_training')] },
  async (tab) => {
    const theme = tab.page.getByRole('button', { name: /^Theme/ });
    const seen = [];
    for (let i = 0; i < 3; i++) {
      seen.push([await theme.getAttribute('aria-label'), (await brightness(tab)) > 128]);
      await theme.click();
      await tab.idle();
    }
    assert.deepEqual(seen, [
      ['Theme: system', true],
      ['Theme: light', true],
      ['Theme: dark', false],
    ]);
  },
);

const narrow = { folders: [logsOf('torch_training')], width: 390, height: 844 };

testTab('on a narrow screen runs and settings are sheets', narrow, async (tab) => {
  const { page } = tab;
  const panels = page.getByRole('navigation', { name: 'Panels' });
  await panels.getByRole('button', { name: /^Runs/ }).click();
  await tab.run('lr=0.1/seed=0').waitFor();
  await assertClean(tab);
  await page.getByRole('button', { name: 'Done' }).click();
  await tab.run('lr=0.1/seed=0').waitFor({ state: 'hidden' });
  await panels.getByRole('button', { name: 'Scales' }).click();
  await page.getByRole('radio', { name: 'Relative' }).waitFor();
  await assertClean(tab);
});

const narrowTexts = { folders: [logsOf('torch_all')], width: 390, height: 844, hash: '#v=1&view=text&compare=runs' };

testTab('the settings of texts are a sheet on a narrow screen', narrowTexts, async (tab) => {
  await tab.page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name: 'Scales' }).click();
  await tab.page.getByRole('combobox', { name: 'Compare with run' }).waitFor();
  await assertClean(tab);
  await tab.page.screenshot({ path: join(SCREENSHOTS, 'text-sheet-390.png') });
});

/** What is handed on and kept: links, undo and the browser's Back, colours, profiles, data and pictures. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { eventFile, tensor } from './event_file.mjs';
import { expectedOf, logsOf, testTab } from './page.mjs';

const training = { folders: [logsOf('torch_training')] };
const TAG = 'train/loss';
const RUN = 'lr=0.1/seed=0';

const hash = (tab) => new URLSearchParams(new URL(tab.page.url()).hash.slice(1));
const button = (tab, name) => tab.page.getByRole('button', { name, exact: true });
const smoothing = (tab) => tab.page.getByRole('slider', { name: 'Smoothing' }).inputValue();
/** Goes to another address of the same page, as if it were opened anew. */
async function open(tab, path) {
  await tab.page.goto('about:blank');
  const [place, fragment = ''] = path.split('#');
  await tab.page.goto(`${tab.url}${place}?testing=1${fragment && `#${fragment}`}`);
  await tab.idle();
}

async function openShare(tab) {
  await button(tab, 'Share').click();
  await tab.page.getByRole('dialog', { name: 'Share' }).waitFor();
  await tab.idle();
}
const sharedLink = async (tab) => {
  await tab.idle();
  return new URL(await tab.page.getByRole('textbox', { name: 'Link' }).inputValue());
};

/** An event file of so many scalars. */
const fewScalars = (count) =>
  eventFile(
    Array.from({ length: count }, (_, step) => {
      return { tag: 'loss', step, tensor: tensor([], { floats: [step] }), plugin: 'scalars' };
    }),
  );

async function assertClean(tab) {
  await tab.page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const { violations } = await tab.page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
    [],
  );
}

/** What a button saves. */
async function saved(tab, name) {
  const [download] = await Promise.all([
    tab.page.waitForEvent('download'),
    tab.page.getByRole('button', { name }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

testTab('changes are undone and done again by keys, and Back leads to the view before', training, async (tab) => {
  const { page } = tab;
  const log = page.getByRole('radio', { name: 'Log', exact: true });
  await log.click();
  await page.getByRole('checkbox', { name: 'Clip outliers' }).click();
  await tab.untilHash(() => location.hash.includes('clip=0'));
  await page.keyboard.press('Control+z');
  assert.equal(await page.getByRole('checkbox', { name: 'Clip outliers' }).isChecked(), true);
  assert.equal(await log.getAttribute('aria-checked'), 'true');
  await page.keyboard.press('Control+z');
  assert.equal(await log.getAttribute('aria-checked'), 'false');
  await page.keyboard.press('Control+Shift+z');
  await page.keyboard.press('Control+y');
  assert.equal(await log.getAttribute('aria-checked'), 'true');
  assert.equal(await page.getByRole('checkbox', { name: 'Clip outliers' }).isChecked(), false);

  await tab.tab(/^Images/).click();
  await tab.untilHash(() => location.hash.includes('view=images'));
  await page.goBack();
  await page.getByRole('tab', { name: /^Scalars/, selected: true }).waitFor();
  assert.equal(await log.getAttribute('aria-checked'), 'true');
  // Undo knows of Back.
  await page.keyboard.press('Control+z');
  await page.getByRole('tab', { name: /^Images/, selected: true }).waitFor();
  await tab.idle();
});

testTab('what is typed is undone by the field itself; afterwards it is one step', training, async (tab) => {
  const { page } = tab;
  const field = page.getByRole('searchbox', { name: 'Filter tags' });
  await field.pressSequentially('loss');
  await tab.untilHash(() => location.hash.includes('tags=loss'));
  await tab.toggleRun(RUN);
  await tab.untilHash(() => location.hash.includes('shown='));
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  assert.equal(await field.inputValue(), '');
  assert.equal((await tab.checkedRuns()).length, 6);
});

testTab('a run gets another colour by C, which the link has and undo takes back', training, async (tab) => {
  const { page } = tab;
  const colour = () => tab.run(RUN).evaluate((row) => row.style.getPropertyValue('--c'));
  const before = await colour();
  await tab.run(RUN).focus();
  await page.keyboard.press('c');
  const menu = page.getByRole('dialog', { name: `Colour of ${RUN}` });
  await menu.waitFor();
  await assertClean(tab);
  await menu.getByRole('radio', { name: 'Red, dashed' }).click();
  await tab.untilHash(() => location.hash.includes('colours='));
  assert.equal(hash(tab).get('colours'), `${RUN},20`);
  const after = await colour();
  assert.notEqual(after, before);
  assert.equal(await tab.run(RUN).locator('.sw.d1').count(), 1);
  await tab.reload();
  assert.equal(await colour(), after);
  await tab.run(RUN).focus();
  await page.keyboard.press('c');
  await button(tab, 'Its own colour').click();
  assert.equal(await colour(), before);
  await page.keyboard.press('Control+z');
  assert.equal(await colour(), after);
});

testTab('runs that came later keep the colours that a link tells', {}, async (tab) => {
  const logs = logsOf('torch_training');
  const colours = () =>
    tab.page
      .locator('.tr[style*="--c"]')
      .evaluateAll((rows) => rows.map((row) => [row.dataset.path, row.style.getPropertyValue('--c')]));
  await tab.drop(`${logs}/lr=0.1`);
  await tab.drop(`${logs}/lr=0.01`);
  const seen = await colours();
  await openShare(tab);
  const link = await sharedLink(tab);
  await open(tab, link.hash);
  await tab.page.getByRole('heading', { name: 'Drop lr=0.1, lr=0.01 here' }).waitFor();
  await tab.drop(`${logs}/lr=0.01`);
  await tab.drop(`${logs}/lr=0.1`);
  assert.deepEqual(new Map(await colours()), new Map(seen));
});

testTab('a link says what is to be dropped, and is of use once it is', {}, async (tab) => {
  await tab.drop(logsOf('torch_training'));
  await tab.filterTags('loss');
  await openShare(tab);
  await tab.page.getByText('Your files are local').waitFor();
  const link = await sharedLink(tab);
  assert.deepEqual([link.pathname, [...link.searchParams]], ['/', []]);
  assert.equal(link.hash, '#v=1&name=logs&tags=loss&view=scalars');
  await assertClean(tab);
  await tab.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await button(tab, 'Copy link').click();
  await button(tab, 'Copied').waitFor();
  assert.equal(await tab.page.evaluate(() => navigator.clipboard.readText()), link.href);
  await button(tab, 'Copy as image').click();
  await button(tab, 'Copied').first().waitFor();
  await tab.idle();
  const copied = () => navigator.clipboard.read().then(([item]) => item.types);
  assert.deepEqual(await tab.page.evaluate(copied), ['image/png']);
  await open(tab, link.hash);
  await tab.page.getByRole('heading', { name: 'Drop logs here' }).waitFor();
  await tab.drop(logsOf('torch_training'));
  assert.equal(await tab.page.getByRole('searchbox', { name: 'Filter tags' }).inputValue(), 'loss');
});

testTab('small logs travel in the link, to any of the pages', {}, async (tab) => {
  await tab.drop(logsOf('lightning_run'));
  const dump = JSON.parse(await tab.dump());
  await openShare(tab);
  await tab.page.getByRole('checkbox', { name: /^Put the logs into the link/ }).check();
  await tab.page.getByText('Whoever opens this link sees the logs').waitFor();
  const link = await sharedLink(tab);
  assert.match(link.hash, /^#v=1&data=[\w-]+&name=logs&view=scalars$/);
  assert.ok(link.href.length < 8200, `${link.href.length} characters`);
  for (const path of ['', 'open/']) {
    await open(tab, path + link.hash);
    assert.ok((await tab.tabs()).length > 0, path);
    assert.deepEqual(JSON.parse(await tab.dump()).runs, dump.runs);
  }
  await open(tab, `embed/${link.hash}`);
  await tab.page.locator('tp-figures canvas').first().waitFor();
  assert.equal(
    await tab.page.getByRole('link', { name: 'Open full' }).getAttribute('href'),
    `${tab.url}open/${link.hash}`,
  );
  // It is shared on as it came.
  await open(tab, link.hash);
  await openShare(tab);
  assert.equal((await sharedLink(tab)).hash, link.hash);
});

testTab('logs of several openings are in the link as the runs that they are here', {}, async (tab) => {
  const { page } = tab;
  const folder = await mkdtemp(join(tmpdir(), 'tensorpane-e2e-'));
  const roots = ['one', 'other'].map((name) => join(folder, name));
  try {
    for (const [i, root] of roots.entries()) {
      await mkdir(root);
      await writeFile(join(root, 'events.out.tfevents.1'), fewScalars(i + 1));
      await tab.drop(root);
    }
    const runs = async () => JSON.parse(await tab.dump()).runs;
    const seen = () => page.locator('tp-app').evaluate(({ shown }) => shown.runs.value);
    const [dumped, names] = [await runs(), await seen()];
    assert.deepEqual(names, ['.', '. (2)']);
    await openShare(tab);
    await page.getByRole('checkbox', { name: /^Put the logs into the link/ }).check();
    await page.getByText('Whoever opens this link sees the logs').waitFor();
    const link = await sharedLink(tab);
    await open(tab, link.hash);
    assert.deepEqual([await runs(), await seen()], [dumped, names]);
    assert.equal(await page.getByText('only on this computer').count(), 0);
    // What comes beside it is not in the link any more.
    await tab.drop(logsOf('lightning_run'));
    await openShare(tab);
    await page.getByText('Some of what is open is only on this computer').waitFor();
  } finally {
    await rm(folder, { recursive: true });
  }
});

const SCALARS = expectedOf('torch_training').runs;

testTab('all points are saved as CSV and JSON, and the charts as pictures', training, async (tab) => {
  await tab.filterTags(TAG);
  await openShare(tab);
  await tab.page.getByText('1 chart shown now').waitFor();
  const { name, bytes } = await saved(tab, 'CSV long, all points');
  assert.equal(name, 'scalars.csv');
  const rows = bytes.toString().trim().split('\n');
  assert.equal(rows[0], 'run,tag,step,wall_time,value');
  const expected = SCALARS.flatMap(({ run, tags }) => tags[TAG].steps.map((step) => `${run},${TAG},${step}`));
  assert.deepEqual(
    rows
      .slice(1)
      .map((row) => row.split(',').slice(0, 3).join())
      .sort(),
    expected.sort(),
  );
  const json = JSON.parse((await saved(tab, 'JSON')).bytes);
  assert.equal(json.series.length, SCALARS.length);
  for (const { run, values } of json.series) {
    const { tags } = SCALARS.find((one) => one.run === run);
    assert.deepEqual(values, tags[TAG].values.map(Math.fround));
  }
  const wide = (await saved(tab, 'CSV wide, by step')).bytes.toString().trim().split('\n');
  assert.deepEqual([wide.length, wide[0].split(',').length], [21, SCALARS.length + 1]);
  const svg = (await saved(tab, 'SVG')).bytes.toString();
  assert.match(svg, /^<svg .*<\/svg>\n$/s);
  assert.equal(svg.match(/stroke-opacity/g).length, SCALARS.length);
  // Twice at once, each is whole.
  const downloads = [];
  const both = new Promise((resolve) => tab.page.on('download', (one) => downloads.push(one) === 2 && resolve()));
  await tab.page.getByRole('button', { name: 'SVG' }).evaluate((one) => (one.click(), one.click()));
  await both;
  for (const one of downloads) assert.equal(await readFile(await one.path(), 'utf8'), svg);
  const png = (await saved(tab, 'PNG 2×')).bytes;
  assert.deepEqual([png.subarray(1, 4).toString(), png.readUInt32BE(16)], ['PNG', 880]);
});

testTab('a view without charts to save shows no such part; another one has its code', training, async (tab) => {
  await tab.tab(/^Images/).click();
  await tab.idle();
  await tab.page.keyboard.press('Shift+S');
  await tab.page.getByRole('dialog', { name: 'Share' }).waitFor();
  assert.equal(await tab.page.getByRole('region', { name: 'Data and pictures' }).count(), 0);
  const code = tab.page.getByRole('region', { name: 'Code' });
  assert.match(await code.innerText(), /<tensor-pane src="runs\/manifest.json" view="images"\n {2}height="320"/);
  await tab.page.getByRole('radio', { name: 'Iframe' }).click();
  await tab.page.getByRole('textbox', { name: 'Height' }).fill('500');
  await tab.page.getByRole('textbox', { name: 'Height' }).press('Tab');
  await tab.page.getByLabel('Theme of what is embedded').selectOption('dark');
  await tab.idle();
  assert.match(await code.innerText(), /embed\/#v=1&amp;view=images&amp;theme=dark"\n.*height="500"/);
  await tab.page.keyboard.press('Escape');
  await tab.page.getByRole('dialog').waitFor({ state: 'detached' });
});

testTab('profiles are kept by name, applied, renamed, handed on as files and taken back', training, async (tab) => {
  const { page } = tab;
  const openProfiles = async () => {
    await button(tab, 'Menu').click();
    await button(tab, 'Profiles').click();
    await page.getByRole('dialog', { name: 'Profiles' }).waitFor();
  };
  await tab.filterTags('acc');
  await openProfiles();
  await page.getByRole('textbox', { name: 'Name of the profile' }).fill('Accuracy');
  await page.keyboard.press('Enter');
  await button(tab, 'Apply Accuracy').waitFor();
  await assertClean(tab);
  await page.keyboard.press('Escape');
  await tab.filterTags('');
  await tab.reload();
  await openProfiles();
  await button(tab, 'Rename Accuracy').click();
  await page.keyboard.type('x');
  // Ends the renaming alone.
  await page.keyboard.press('Escape');
  await button(tab, 'Rename Accuracy').click();
  await page.keyboard.type('Acc');
  await page.keyboard.press('Enter');
  const { name, bytes } = await saved(tab, 'Export Acc');
  assert.equal(name, 'Acc.tensorpane.json');
  await button(tab, 'Delete Acc').click();
  await page.getByText('None yet').waitFor();
  const choose = async (buffer) => {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button(tab, 'Import a file').click()]);
    await chooser.setFiles({ name, mimeType: 'application/json', buffer });
  };
  await choose(Buffer.from('{"tensorpane": "profile"'));
  await page.getByText('The file is no profile: it is not JSON').waitFor();
  await choose(bytes);
  await button(tab, 'Apply Acc').waitFor();
  await choose(bytes);
  await page.getByText('There is a profile Acc already').waitFor();
  await button(tab, 'Apply Acc').click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await page.getByRole('searchbox', { name: 'Filter tags' }).inputValue(), 'acc');
});

const data = (text) => deflateRawSync(text).toString('base64url');

testTab('hostile links freeze nothing, and what is wrong is said', training, async (tab) => {
  const said = async (path, text) => {
    await open(tab, path);
    await tab.page.getByText(text).first().waitFor();
  };
  // The browser would go through these for longer than it lives.
  const [slow, names] = ['/(a*)*(a|aa)+$(.*.*)*!/', '/((lr|seed|[=01./])*)*x/'];
  await open(tab, `#v=1&tags=${encodeURIComponent(slow)}&runs=${encodeURIComponent(names)}`);
  await tab.page.getByText('No run matches').first().waitFor();
  await said(`#v=1&z=${data(`tags=${'a'.repeat(30 << 20)}`)}`, 'This link is longer than 1 MB');
  await said(`#v=1&data=${data(Buffer.alloc(5 << 20))}`, 'unpacks to more than 1 MB');
  await said(`#v=1&data=${data('[["../x.tfevents",0]]\n')}`, 'a path that leads elsewhere');
  await said('#v=1&data=AAAA', 'The logs in this link are damaged');
  // Beyond the address that a browser takes at once.
  await tab.page.evaluate(() => (location.hash = `v=1&tags=${'a'.repeat(2 << 20)}`));
  await tab.page.getByText('This link is longer than 1 MB').first().waitFor();
  assert.equal(await smoothing(tab), '0.6');
});

/** What could not be read is told, file by file and byte by byte; and what strangers wrote is never more than text. */
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { expectedOf, logsOf, testTab } from './page.mjs';

const FILE = 'events.out.tfevents.1700000000.host';
/** How the report speaks of a kind of damage. */
const TITLES = {
  data_crc: /^Bad checksum, \d+ records? skipped$/,
  length_crc: /^Damaged length, bytes skipped in \d+ places?$/,
  length: /^\d+ records? longer than the rest of the file, skipped$/,
  truncated: /^File ends inside a record \(normal while a run is being written\)$/,
  proto: /^\d+ records? could not be decoded, skipped$/,
};

const damaged = { folders: [logsOf('edge_damaged')] };

const openReport = (tab) => tab.page.getByRole('button', { name: /^Import report/ }).click();
const report = (tab) => tab.page.getByRole('dialog', { name: 'Import report' });

/** The lines of each item of the report. */
async function items(tab) {
  const texts = await report(tab).getByRole('listitem').allInnerTexts();
  return texts.map((text) => text.split('\n').filter((line) => line.trim() !== ''));
}

testTab('every damaged place of every file is in the report', damaged, async (tab) => {
  await openReport(tab);
  const listed = await items(tab);
  const { cases } = expectedOf('edge_damaged');
  let places = 0;
  for (const [run, { problems, hint }] of Object.entries(cases)) {
    for (const { kind, offset, bytes, file = FILE } of problems ?? []) {
      // Where nothing at all could be read, that is what is said.
      if (hint !== null) continue;
      const item = listed.find(([title, where]) => TITLES[kind].test(title) && where === `${run} / ${file}`);
      assert.ok(item, `${run}: ${kind}`);
      const place = new RegExp(`^byte ${offset.toLocaleString('en')} · ${bytes < 1000 ? `${bytes} B` : '[\\d.]+ kB'}$`);
      assert.ok(
        item.some((line) => place.test(line)),
        `${run}: ${kind} at ${offset}: ${item.join('; ')}`,
      );
      places++;
    }
  }
  assert.ok(places > 60, `${places} places`);
});

testTab('a file of another kind is named for what it is', damaged, async (tab) => {
  await openReport(tab);
  const listed = await items(tab);
  const foreign = Object.entries(expectedOf('edge_damaged').cases).filter(([, { hint }]) => hint !== null);
  assert.ok(foreign.length > 10);
  for (const [run, { hint }] of foreign) {
    const [title, , what] = listed.find((lines) => lines[1].startsWith(`${run} / `)) ?? [];
    assert.match(`${title}`, /^(This is not an event file|Damaged all through)$/, run);
    assert.equal(what, hint, run);
  }
});

testTab('the report button counts the files with lost data', damaged, async (tab) => {
  const button = tab.page.getByRole('button', { name: /^Import report: \d+ files with lost data$/ });
  const count = Number(/\d+/.exec(await button.getAttribute('aria-label'))[0]);
  assert.equal((await button.innerText()).trim(), `${count}`);
  await button.click();
  assert.equal(await button.getAttribute('aria-expanded'), 'true');
  const lost = (await items(tab)).filter(([title]) => /skipped|not an event file/.test(title));
  assert.equal(count, new Set(lost.map(([, where]) => where)).size);
  // A file that only ends early is normal.
  assert.ok(!lost.some(([, where]) => where.startsWith('cut_in_data /')));
  await tab.page.keyboard.press('Escape');
  await report(tab).waitFor({ state: 'detached' });
  assert.ok(await button.evaluate((element) => element === document.activeElement));
});

testTab('without damage there is no report button', { folders: [logsOf('torch_training')] }, async (tab) => {
  assert.equal(await tab.page.getByRole('button', { name: /^Import report/ }).count(), 0);
});

// ---- names

const ATTACK = `<img src=x onerror="document.title='owned'">`;
const SCRIPT = `<script>document.title='owned'<${'\u2215'}script>`;

let folder;
before(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'tensorpane-e2e-')), ATTACK);
  await cp(join(logsOf('torch_training'), 'lr=0.1/seed=0'), join(folder, `run ${ATTACK}`, SCRIPT), { recursive: true });
  await mkdir(join(folder, 'page'));
  await writeFile(join(folder, 'page', `tfevents ${ATTACK}`), '<!doctype html><html></html>');
});
after(() => rm(join(folder, '..'), { recursive: true }));

/** Remembers what is parsed as HTML while the page runs. */
function watchHtml() {
  globalThis.parsedHtml = [];
  const spy = (prototype, name) => {
    const { get, set, configurable } = Object.getOwnPropertyDescriptor(prototype, name);
    const watched = {
      configurable,
      get,
      set(html) {
        globalThis.parsedHtml.push(String(html));
        set.call(this, html);
      },
    };
    Object.defineProperty(prototype, name, watched);
  };
  spy(Element.prototype, 'innerHTML');
  spy(Element.prototype, 'outerHTML');
  const { insertAdjacentHTML } = Element.prototype;
  Element.prototype.insertAdjacentHTML = function (where, html) {
    globalThis.parsedHtml.push(html);
    insertAdjacentHTML.call(this, where, html);
  };
}

/** Holds that nothing that came from the files was parsed. */
async function assertOnlyText(tab) {
  const { page } = tab;
  assert.ok(!(await page.title()).startsWith('owned'), await page.title());
  const parsed = await page.evaluate(() => globalThis.parsedHtml);
  assert.ok(parsed.length > 0, 'the page has templates');
  assert.deepEqual(
    parsed.filter((html) => /onerror|owned|alert/.test(html)),
    [],
  );
  assert.equal(await page.locator('[onerror], [onload], [src=x], main script, tp-app script').count(), 0);
}

testTab('names of folders, runs and files are only text', { init: [watchHtml] }, async (tab) => {
  await tab.drop(folder);
  const run = `run ${ATTACK}/${SCRIPT}`;
  assert.ok((await tab.checkedRuns()).includes(run), String(await tab.checkedRuns()));
  await tab.page.getByRole('button', { name: ATTACK, exact: true }).waitFor();
  await tab.plot('train/loss').hover();
  assert.ok(run in (await tab.readout('train/loss')).byRun);
  await tab.run(run).hover();
  await openReport(tab);
  assert.ok((await items(tab)).some(([, where]) => where === `page / tfevents ${ATTACK}`));
  await assertOnlyText(tab);
});

testTab('tags and texts are only text', { folders: [logsOf('edge_values')], init: [watchHtml] }, async (tab) => {
  const { page } = tab;
  const hostile = expectedOf('edge_values').runs.flatMap(({ tags }) =>
    Object.keys(tags).filter((tag) => tag.includes('<')),
  );
  assert.ok(hostile.length >= 2);
  for (const tag of hostile) {
    await tab.card(tag).scrollIntoViewIfNeeded();
    await tab.idle();
    await tab.plot(tag).hover();
    await tab
      .card(tag)
      .getByRole('heading')
      .getByText(tag.slice(tag.lastIndexOf('/') + 1), { exact: true })
      .waitFor();
  }
  await page.getByRole('searchbox', { name: 'Filter tags' }).fill(ATTACK);
  await page.getByText(`No tag matches “${ATTACK}”`).waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  for (const name of await tab.tabs()) {
    await tab.tab(name.replace(/ \d+$/, '')).click();
    await tab.idle();
  }
  await assertOnlyText(tab);
});

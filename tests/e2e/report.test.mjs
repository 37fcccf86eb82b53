/** What could not be read is told, file by file and byte by byte; and what strangers wrote is never more than text. */
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { expectedOf, logsOf, testTab } from './page.mjs';

const FILE = 'events.out.tfevents.1700000000.host';
const { cases } = expectedOf('edge_damaged');
/** How the report speaks of a kind of damage. */
const KINDS = {
  data_crc: /checksum/,
  length_crc: /[Dd]amaged length/,
  length: /longer than the rest of the file/,
  truncated: /ends inside a record/,
  proto: /could not be decoded/,
};
/** And of a file that is something else, by the oracle's word for it. Compressed files may be opened. */
const HINTS = {
  'every checksum is wrong': /checksum/,
  'no right checksum in the file': /checksum/,
  'only zero bytes': /zero bytes/,
  'not an event file': /not an event file/i,
  'looks like a text-mode transfer': /text/,
  'looks like text conversion': /text/,
  'HTML page': /HTML page/,
  'git-lfs pointer': /git-lfs/,
  text: /text/,
  image: /image/,
  'TFRecord without events': /records are not events/,
};
const PACKED = ['gzip', 'zlib', 'zip archive'];

const damaged = { folders: [logsOf('edge_damaged')] };

const report = (tab) => tab.page.getByRole('dialog', { name: 'Import report' });

/** Opens the report and unfolds everything in it. */
async function openReport(tab) {
  await tab.page.getByRole('button', { name: /^Import report/ }).click();
  const folded = report(tab).getByRole('list').getByRole('button', { expanded: false });
  while ((await folded.count()) > 0) await folded.first().click();
}

/**
 * What the report says of each file, by `run / name`, as lines. Files that are alike share an item, and what is said of
 * all of them.
 */
async function sayings(tab) {
  const items = await report(tab)
    .getByRole('listitem')
    .evaluateAll((all) =>
      all
        .filter((item) => !item.querySelector('li'))
        .map((item) => {
          const shared = item.parentElement.closest('li')?.querySelector('button')?.innerText ?? '';
          return `${shared}\n${item.innerText}`.split('\n').filter((line) => line.trim() !== '');
        }),
    );
  const byFile = new Map();
  for (const lines of items) {
    const file = lines.find((line) => line.includes(' / '));
    byFile.set(file, [...(byFile.get(file) ?? []), ...lines]);
  }
  return byFile;
}

testTab('every damaged place of every file is in the report', damaged, async (tab) => {
  await openReport(tab);
  const said = await sayings(tab);
  let places = 0;
  for (const [run, { problems, hint }] of Object.entries(cases)) {
    // Of a file that is something else, that is what is said.
    if (hint !== null) continue;
    for (const { kind, offset, bytes, file = FILE } of problems ?? []) {
      const lines = said.get(`${run} / ${file}`) ?? [];
      assert.ok(
        lines.some((line) => KINDS[kind].test(line)),
        `${run}: ${kind}: ${lines.join('; ')}`,
      );
      const place = new RegExp(`^byte ${offset.toLocaleString('en')} · ${bytes < 1000 ? `${bytes} B` : '[\\d.]+ kB'}$`);
      assert.ok(
        lines.some((line) => place.test(line)),
        `${run}: ${kind} at ${offset}: ${lines.join('; ')}`,
      );
      places++;
    }
  }
  assert.ok(places > 60, `${places} places`);

  // What stood there, and between which steps it is missing.
  const [run, { problems }] = Object.entries(cases).find(
    ([, { problems, hint }]) => hint === null && problems?.length === 1 && problems[0].kind === 'data_crc',
  );
  const [{ offset }] = problems;
  assert.match(said.get(`${run} / ${FILE}`).join('\n'), /^stored checksum [\da-f]{8}, computed [\da-f]{8}$/m);
  assert.match(said.get(`${run} / ${FILE}`).join('\n'), /^lost (at|after|before|between) steps? /m);
  const item = report(tab).getByRole('listitem').filter({ hasText: `${run} / ${FILE}` }).last(); // prettier-ignore
  await item.getByText('First bytes').click();
  const bytes = (await readFile(join(logsOf('edge_damaged'), run, FILE))).subarray(offset, offset + 16);
  const row = `${offset.toString(16).padStart(8, '0')}  ${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
  assert.equal((await item.locator('pre').innerText()).split('\n')[0], row);
});

testTab('a file of another kind is named for what it is', damaged, async (tab) => {
  await openReport(tab);
  const said = await sayings(tab);
  const foreign = Object.entries(cases).filter(([, { hint }]) => hint !== null && !PACKED.includes(hint));
  assert.ok(foreign.length > 10);
  for (const [run, { hint }] of foreign) {
    const lines = said.get(`${run} / ${FILE}`) ?? [];
    assert.ok(
      lines.some((line) => HINTS[hint].test(line)),
      `${run}: want ${hint}, got ${lines.join('; ')}`,
    );
  }
});

testTab('the report button counts the files with lost data', damaged, async (tab) => {
  const button = tab.page.getByRole('button', { name: /^Import report: \d+ files with lost data$/ });
  const count = Number(/\d+/.exec(await button.getAttribute('aria-label'))[0]);
  assert.equal((await button.innerText()).trim(), `${count}`);

  // Compressed files and odd payloads may be read or not; a file that only ends early is normal.
  const known = Object.entries(cases).filter(
    ([run, { hint }]) => !PACKED.includes(hint) && !run.startsWith('payload_'),
  );
  const isLost = ([, { problems, hint }]) => hint !== null || problems?.some(({ kind }) => kind !== 'truncated');
  const lost = known.filter(isLost).length;
  const unknown = Object.keys(cases).length - known.length;
  assert.ok(count >= lost && count <= lost + unknown, `${count}, want ${lost} and at most ${unknown} more`);

  await button.click();
  assert.equal(await button.getAttribute('aria-expanded'), 'true');
  const [, good, all] = /(\d+) of (\d+) files read without a fault/.exec(await report(tab).innerText());
  assert.equal(all - good, count);
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
    parsed.filter((html) => /onerror|owned|alert\(/.test(html)),
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
  assert.ok((await sayings(tab)).has(`page / tfevents ${ATTACK}`));
  await assertOnlyText(tab);
});

testTab('tags and texts are only text', { folders: [logsOf('edge_values')], init: [watchHtml] }, async (tab) => {
  const { page } = tab;
  const hostile = expectedOf('edge_values').runs.flatMap(({ tags }) =>
    Object.keys(tags).filter((tag) => tag.includes('<')),
  );
  assert.ok(hostile.length >= 2);
  for (const tag of hostile) {
    await tab.reveal(tag);
    await tab.plot(tag).hover();
    await tab
      .card(tag)
      .getByRole('heading')
      .getByText(tag.slice(tag.lastIndexOf('/') + 1), { exact: true })
      .waitFor();
  }
  await tab.filterTags(ATTACK);
  await page.getByText(`No tag matches “${ATTACK}”`).waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  for (const name of await tab.tabs()) {
    await tab.tab(name.replace(/ \d+$/, '')).click();
    await tab.idle();
  }
  await assertOnlyText(tab);
});

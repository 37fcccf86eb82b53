/** Texts: as they are written, found, held against each other, and harmless. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { eventFile, tensor } from './event_file.mjs';
import { expectedOf, logsOf, ROOT, testTab } from './page.mjs';

const of = (name, hash = '') => ({ folders: [logsOf(name)], hash: `#v=1&view=text${hash}` });
const tagsOf = (name, run) => expectedOf(name).runs.find((one) => one.run === run).tags;

const cardOf = (tab, tag, run) => tab.card(`${tag}, ${run}`);
const bodyOf = (tab, tag, run) => cardOf(tab, tag, run).getByRole('region', { name: /^Text: / });
const words = (text) => text.replace(/\s+/g, ' ').trim();

async function reveal(tab, tag, run) {
  await tab.filterTags(`/^${tag}(\\/text_summary)?$/`);
  await cardOf(tab, tag, run).waitFor();
  await tab.idle();
}

async function save(tab, tag, run, name = 'Save') {
  await cardOf(tab, tag, run).hover();
  const [download] = await Promise.all([
    tab.page.waitForEvent('download'),
    cardOf(tab, tag, run).getByRole('button', { name, exact: true }).click(),
  ]);
  const bytes = await readFile(await download.path());
  return { name: download.suggestedFilename(), bytes, text: bytes.toString() };
}

// ---- logs that no fixture has

const MARKDOWN = JSON.parse(await readFile(join(ROOT, 'tests/data/formulas/markdown.json'), 'utf8')).cases.filter(
  ({ input, output }) => typeof input === 'string' && typeof output === 'string',
);

/** Where marked, which follows CommonMark, or our wider list of tags differ from TensorBoard's, on purpose. */
const OTHERWISE = {
  // Seven signs are no heading.
  headings: '1 2 3 4 5 6 ####### 7',
  // GitHub's rule: a bar inside code ends a cell.
  table: 'a b 1 2 `x y`',
  'unclosed fence': 'abc',
  'span and div': '<div>x</div>',
  'b i u': 'xy<u>z</u>st',
  'unclosed tag': 'a',
  'hard break': 'a b c',
  escapes: '*a* _b_ `c` <d>',
  // Images are links, or what they are called.
  image: 'Image: alt',
  'html image': 'Image: q',
  'image javascript': 'a',
  'image data': 'a',
  'image relative': 'a',
  // Only the white space that a browser shows between blocks and lines.
  'list with code': 'a code',
  'html br': 'a b c',
  'nested disallowed': '<div> a <script>b</script></div>',
};
const TAGS = 'UL OL LI P PRE CODE BLOCKQUOTE H4 H5 H6 HR BR STRONG EM A TABLE THEAD TBODY TD TR TH B I SPAN'.split(' ');
const ATTRIBUTES = ['href', 'title', 'align', 'start', 'target', 'rel'];
const SCRIPT = '<img src=x onerror="document.title=\'owned\'">';

/** Holds that formatted texts have nothing in them but what they may. */
async function assertSafe(card) {
  const found = await card.locator('.markdown *').evaluateAll((all) =>
    all.map(({ tagName, attributes, href }) => ({
      tagName,
      attributes: [...attributes].map(({ name }) => name),
      href,
    })),
  );
  for (const { tagName, attributes, href } of found) {
    assert.ok(TAGS.includes(tagName), tagName);
    for (const name of attributes) assert.ok(ATTRIBUTES.includes(name), `${tagName} ${name}`);
    if (href) assert.match(href, /^(?:https?|mailto):/);
  }
  return found.length;
}

/** Each line is told from all others, by number and word. */
const LINES = Array.from({ length: 20_000 }, (_, i) => `line ${i} of a *text* that is about a megabyte long`);
const STORY = ['## Sample', '', 'The fox was was hungry.', 'It saw a bird.', '', '| loss | 18.42 |', ''].join('\n');

let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorpane-e2e-'));
  const text = (tag, step, string) => ({ tag, step, plugin: 'text', tensor: tensor([], { strings: [string] }) });
  const inputs = MARKDOWN.map(({ input }) => input);
  const base = [
    { tag: 'markdown', step: 0, plugin: 'text', tensor: tensor([inputs.length], { strings: inputs }) },
    text('story', 0, STORY),
    text('story', 10, STORY.replace('was was hungry', 'was hungry').replace('18.42', '11.07')),
    text('story', 30, `${STORY}The end.\n`),
    text('long', 0, LINES.join('\n')),
    text('long', 1, LINES.with(15_000, 'another line').join('\n\n')),
    text('long', 2, LINES.with(15_000, 'another line').join('\n')),
    text('trap', 0, `${'a'.repeat(60)}!`),
    text(`tag ${SCRIPT}`, 0, SCRIPT),
    { tag: 'number', step: 0, plugin: 'text', tensor: tensor([2], { floats: [1, 2] }) },
    { tag: 'nothing', step: 0, plugin: 'text' },
  ];
  const other = [text('story', 10, STORY.replace('bird', 'cat')), text('note', 3, 'only here')];
  for (const [run, values] of Object.entries({
    base,
    other,
    [`run ${SCRIPT.replaceAll('/', '')}`]: [text('note', 0, 'x')],
  })) {
    await mkdir(join(folder, run));
    await writeFile(join(folder, run, 'events.out.tfevents.1.host'), eventFile(values));
  }
});
after(() => rm(folder, { recursive: true }));

const dropped = (hash = '', more = {}) => ({ hash: `#v=1&view=text${hash}`, ...more });

testTab(
  'Markdown reads as it does in TensorBoard, and holds only what it may',
  dropped('', { height: 6000 }),
  async (tab) => {
    await tab.drop(folder);
    const card = cardOf(tab, 'markdown', 'base');
    await card.getByRole('button', { name: 'Enlarge' }).click();
    await tab.idle();
    const cells = await card
      .getByRole('rowheader')
      .evaluateAll((all) => all.map(({ nextElementSibling: cell }) => cell.innerText));
    const oracle = await tab.page.evaluate(
      (outputs) => outputs.map((output) => new DOMParser().parseFromString(output, 'text/html').body.textContent),
      MARKDOWN.map(({ output }) => output),
    );
    MARKDOWN.forEach(({ name }, i) => assert.equal(words(cells[i]), OTHERWISE[name] ?? words(oracle[i]), name));
    assert.ok((await assertSafe(card)) > 150);
  },
);

testTab('texts of strangers do nothing, and raw they are as written', of('edge_values'), async (tab) => {
  for (const [tag, { values }] of Object.entries(tagsOf('edge_values', 'texts'))) {
    const name = tag.replace('/text_summary', '');
    await reveal(tab, name, 'texts');
    await assertSafe(cardOf(tab, name, 'texts'));
    const [{ strings }] = values;
    if (strings[0].trim() === '') {
      await cardOf(tab, name, 'texts')
        .getByText(strings[0] === '' ? 'An empty text' : 'Only spaces')
        .waitFor();
      continue;
    }
    await tab.page.getByRole('radio', { name: 'Raw' }).click();
    await tab.idle();
    // Not drawn, or drawn otherwise: NUL, and where a long line is cut.
    const signs = (text) => text.replace(/[\s\0]/g, '');
    const [shown, written] = [signs(await bodyOf(tab, name, 'texts').innerText()), signs(strings[0])];
    assert.ok(written.startsWith(shown) && shown.length >= Math.min(200, written.length), name);
    await tab.page.getByRole('radio', { name: 'Markdown' }).click();
  }
  assert.notEqual(await tab.page.title(), 'owned');
});

testTab('names of tags and runs are text', dropped(), async (tab) => {
  await tab.drop(folder);
  await tab.filterTags('onerror');
  await cardOf(tab, `tag ${SCRIPT}`, 'base')
    .getByRole('heading', { name: `tag ${SCRIPT}` })
    .waitFor();
  await tab.filterTags('note');
  await tab.page.getByRole('radio', { name: 'Two runs' }).click();
  await tab.idle();
  const runs = await tab.page.getByRole('combobox', { name: 'Compare with run' }).locator('option').allInnerTexts();
  assert.deepEqual(runs, ['other', `run ${SCRIPT.replaceAll('/', '')}`]);
  assert.notEqual(await tab.page.title(), 'owned');
});

testTab('a remote image is a link, and nothing is asked of its host', of('edge_values'), async (tab) => {
  await reveal(tab, 'remote_image', 'texts');
  const links = await bodyOf(tab, 'remote_image', 'texts')
    .getByRole('link')
    .evaluateAll((all) => all.map(({ innerText, href, target, rel }) => [innerText, href, target, rel]));
  const rel = 'noopener noreferrer nofollow';
  assert.deepEqual(links, [
    ['Image: pixel', 'https://example.org/pixel.png', '_blank', rel],
    ['Image: https://example.org/pixel2.png', 'https://example.org/pixel2.png', '_blank', rel],
  ]);
});

for (const name of ['torch_all', 'tbx_all', 'tf1_compat']) {
  const texts = expectedOf(name).runs.flatMap(({ run, tags }) =>
    Object.entries(tags).flatMap(([tag, { plugin_name: plugin, values }]) =>
      plugin === 'text' ? [{ run, tag, strings: values.at(-1).strings }] : [],
    ),
  );
  testTab(`every text of ${name} is as written`, of(name, '&text=raw'), async (tab) => {
    assert.ok(texts.length > 0);
    for (const { tag, run, strings } of texts) {
      const label = tag.replace(/\/text_summary$/, '');
      await reveal(tab, label, run);
      const card = cardOf(tab, label, run);
      const cells = await card.getByRole('cell').allInnerTexts();
      const shown = cells.length > 0 ? cells : [await bodyOf(tab, label, run).innerText()];
      assert.deepEqual(shown.map(words), strings.map(words), tag);
    }
  });
}

testTab('tables are rows of cells, of any rank', of('tf_summaries'), async (tab) => {
  const tableOf = async (tag) => {
    await reveal(tab, tag, 'media');
    const rows = cardOf(tab, tag, 'media').getByRole('row');
    return rows.evaluateAll((all) => all.map(({ children }) => [...children].map(({ innerText }) => innerText.trim())));
  };
  assert.deepEqual(await tableOf('text/vector'), [['0', 'first line'], ['1', ''], ['2', 'third — ☕']]); // prettier-ignore
  assert.deepEqual(await tableOf('text/cube'), [['0, 0', 'a', 'b'], ['0, 1', 'c', 'd'], ['1, 0', 'e', 'f'], ['1, 1', 'g', 'h']]); // prettier-ignore
  await tab.page.getByRole('radio', { name: 'Mono' }).click();
  assert.deepEqual(await tableOf('text/matrix'), [['0', 'head **a**', 'head b'], ['1', '4', 'x|y'], ['2', '<i>', '`c`']]); // prettier-ignore
  const { name, text } = await save(tab, 'text/matrix', 'media');
  assert.equal(name, 'media.text_matrix.step4.csv');
  assert.equal(text, 'head **a**,head b\r\n4,x|y\r\n<i>,`c`\r\n');
});

testTab('odd shapes and bytes say what they are', of('edge_values'), async (tab) => {
  await reveal(tab, 'rank1_of_0', 'text_shapes');
  await cardOf(tab, 'rank1_of_0', 'text_shapes').getByText('No texts: the shape is [0]').waitFor();
  await reveal(tab, 'invalid_utf8', 'text_shapes');
  assert.equal(await bodyOf(tab, 'invalid_utf8', 'text_shapes').innerText(), 'ab\ufffd\ufffd\ufffd(cd');
});

testTab('what is no text says why, and its bytes can be saved', dropped(), async (tab) => {
  await tab.drop(folder);
  await reveal(tab, 'number', 'base');
  await cardOf(tab, 'number', 'base').getByText('Numbers (float32 [2]), which are no text').waitFor();
  const { name, bytes } = await save(tab, 'number', 'base', 'Save the bytes');
  assert.equal(name, 'base.number.step0.bin');
  assert.deepEqual([bytes.readFloatLE(0), bytes.readFloatLE(4), bytes.length], [1, 2, 8]);
  await reveal(tab, 'nothing', 'base');
  await cardOf(tab, 'nothing', 'base').getByText('Nothing was written').waitFor();
});

testTab('the scrubber chooses the text, or all are a list, by keys', dropped('&tags=story'), async (tab) => {
  await tab.drop(folder);
  const [base, other] = [cardOf(tab, 'story', 'base'), cardOf(tab, 'story', 'other')];
  const { keyboard } = tab.page;
  await base.getByText('The end.').waitFor();
  await keyboard.press('ArrowLeft');
  await base.getByText('11.07').waitFor();
  await keyboard.press('ArrowLeft');
  await base.getByText('18.42').waitFor();
  await other.getByText('Nothing at or before this step. The first is 10').waitFor();

  await tab.page.getByRole('radio', { name: 'One step' }).focus();
  await keyboard.press('ArrowRight');
  await tab.idle();
  const list = base.getByRole('region', { name: 'Steps: story, base' });
  const entries = () => list.getByRole('button').allInnerTexts();
  assert.deepEqual((await entries()).map(words), ['Step 0', 'Step 10', 'Step 30']);
  assert.equal(await list.getByText('18.42').count(), 2);
  await tab.untilHash(() => location.hash.includes('steps=list') && location.hash.includes('step=0'));
  await tab.reload();
  await tab.drop(folder);
  // From the list to one of its steps.
  await list.getByRole('button', { name: 'Step 10' }).focus();
  await keyboard.press('Enter');
  await base.getByText('Step 10', { exact: true }).waitFor();
  await base.getByText('11.07').waitFor();
  await keyboard.press('Tab');
  assert.equal(await tab.page.getByRole('radio', { name: 'One step' }).getAttribute('aria-checked'), 'true');
});

/** Lines that hold something marked, as removed or as new: "It [was]". */
const marks = (region, tag) =>
  region.evaluate((all, name) => {
    const lines = new Set([...all.querySelectorAll(name)].map((mark) => mark.parentElement));
    const written = ({ nodeName, textContent }) => (nodeName === name.toUpperCase() ? `[${textContent}]` : textContent);
    const isShown = ({ nodeType }) => nodeType !== Node.COMMENT_NODE;
    return [...lines].map((line) => [...line.childNodes].filter(isShown).map(written).join(''));
  }, tag);

testTab('two steps differ by lines and words', dropped('&tags=story&compare=steps&step=10'), async (tab) => {
  await tab.drop(folder);
  const base = cardOf(tab, 'story', 'base');
  const region = base.getByRole('region', { name: /^Differences/ });
  await base.getByText('2 lines changed').waitFor();
  assert.deepEqual(await marks(region, 'del'), ['The fox was [was ]hungry.', '| loss | [18.42] |']);
  assert.deepEqual(await marks(region, 'ins'), ['| loss | [11.07] |']);
  // What has nothing to be compared with stays to be read.
  await cardOf(tab, 'story', 'other').getByText('Nothing before this step. The first is 10').waitFor();
  await cardOf(tab, 'story', 'other').getByRole('region', { name: /^Text/ }).getByText('cat').first().waitFor();

  await tab.page.keyboard.press('ArrowRight');
  await base.getByText('3 lines changed').waitFor();
  const step = tab.page.getByRole('textbox', { name: 'Compare with step' });
  await step.fill('0');
  await step.press('Enter');
  await base.getByText('1 line changed').waitFor();
  assert.deepEqual(await marks(region, 'ins'), ['[The end.]']);
  await tab.page.getByRole('button', { name: 'Keep this step' }).click();
  await base.getByText('No difference').waitFor();
  await tab.untilHash(() => location.hash.includes('against=30') && location.hash.includes('compare=steps'));
});

testTab('two runs differ at the same step', dropped('&tags=story&compare=runs&step=10'), async (tab) => {
  await tab.drop(folder);
  await cardOf(tab, 'story', 'base').getByText('The others are compared with this run').waitFor();
  const region = cardOf(tab, 'story', 'other').getByRole('region', { name: /^Differences/ });
  await region.waitFor();
  assert.deepEqual(await marks(region, 'del'), ['It saw a [bird].', '| loss | [11.07] |']);
  await tab.page.getByRole('combobox', { name: 'Compare with run' }).selectOption('other');
  await cardOf(tab, 'story', 'other').getByText('The others are compared with this run').waitFor();
});

testTab('a search looks into every text and lists the steps that match', dropped(), async (tab) => {
  await tab.drop(folder);
  const search = tab.page.getByRole('searchbox', { name: 'Search in texts' });
  const articles = () => tab.page.getByRole('article').evaluateAll((all) => all.map(({ ariaLabel }) => ariaLabel));
  await search.fill('11.07');
  await tab.page.getByText('1 of 12 texts').waitFor();
  assert.deepEqual(await articles(), ['story, base']);
  const list = cardOf(tab, 'story', 'base').getByRole('region', { name: /^Steps/ });
  await tab.idle();
  assert.deepEqual((await list.getByRole('button').allInnerTexts()).map(words), ['Step 10']);
  // Behind the first ten kilobytes, too.
  await search.fill('line 19999 of');
  await tab.page.getByText('3 of 12 texts').waitFor();
  assert.deepEqual(await articles(), ['long, base']);
  await search.fill('/^only h[aeiou]re$/');
  await tab.page.getByText('1 of 12 texts').waitFor();
  assert.deepEqual(await articles(), ['note, other']);
  await search.fill('in no text');
  await tab.page.getByText('0 of 12 texts').waitFor();
  await tab.page.getByText('No text matches “in no text”').waitFor();
  await tab.page.getByRole('button', { name: 'Clear' }).click();
  await cardOf(tab, 'long', 'base').waitFor();
});

/** What is marked as found, or as the one that is gone to, as the page has it. */
const marked = (tab, name) =>
  tab.page.evaluate(
    (layer) =>
      [...(CSS.highlights?.get(layer) ?? [])].map((range) => {
        const live = document.createRange();
        live.setStart(range.startContainer, range.startOffset);
        live.setEnd(range.endContainer, range.endOffset);
        return live.toString();
      }),
    name,
  );

testTab('what is searched is marked, counted, and gone to by keys', dropped('&tags=long'), async (tab) => {
  await tab.drop(folder);
  const search = tab.page.getByRole('searchbox', { name: 'Search in texts' });
  await search.fill('/line 1999\\d of/');
  await tab.page.getByText('3 of 3 texts').waitFor();
  await tab.idle();
  // In a list each entry shows the part that has it.
  const entry = cardOf(tab, 'long', 'base').locator('tp-text-entry').first();
  await entry.getByText('line 19990 of').waitFor();
  await tab.idle();
  assert.ok((await marked(tab, 'found')).includes('line 19990 of'));
  await entry.getByRole('button', { name: 'Step 0' }).click();
  await tab.idle();
  const card = cardOf(tab, 'long', 'base');
  await card.getByText('Match 1 of 10').waitFor();
  assert.deepEqual(await marked(tab, 'current'), ['line 19990 of']);
  await tab.page.keyboard.press('F3');
  await card.getByText('Match 2 of 10').waitFor();
  await search.press('Shift+Enter');
  await search.press('Shift+Enter');
  await card.getByText('Match 10 of 10').waitFor();
  await tab.idle();
  assert.deepEqual(await marked(tab, 'current'), ['line 19999 of']);
  await tab.untilHash(() => location.hash.includes('step=0') && location.hash.includes('search='));
  await search.fill('');
  await tab.idle();
  assert.deepEqual(await marked(tab, 'found'), []);
});

testTab(
  'without highlights of the browser, marks are elements, and gone without a trace',
  dropped('&tags=story&search=bird', { init: [() => delete CSS.highlights] }),
  async (tab) => {
    await tab.drop(folder);
    const card = cardOf(tab, 'story', 'base');
    await card.getByText('Match 1 of 1').waitFor();
    await tab.idle();
    const body = bodyOf(tab, 'story', 'base');
    assert.deepEqual(await body.locator('mark').allInnerTexts(), ['bird']);
    const before = await body.innerText();
    await tab.page.getByRole('searchbox', { name: 'Search in texts' }).fill('');
    await tab.idle();
    assert.equal(await body.locator('mark').count(), 0);
    assert.equal(await body.innerText(), before);
  },
);

testTab('a text of a list is copied and saved', dropped('&tags=story&steps=list'), async (tab) => {
  await tab.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await tab.drop(folder);
  const entry = cardOf(tab, 'story', 'base').locator('tp-text-entry').first();
  await entry.hover();
  await entry.getByRole('button', { name: 'Copy' }).click();
  await tab.page.locator('[aria-live=polite]').getByText('Copied', { exact: true }).waitFor({ state: 'attached' });
  assert.equal(await tab.page.evaluate(() => navigator.clipboard.readText()), STORY);
  const [download] = await Promise.all([
    tab.page.waitForEvent('download'),
    entry.getByRole('button', { name: 'Save' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'base.story.step0.txt');
  assert.equal((await readFile(await download.path())).toString(), STORY);
});

const ALONE = '&tags=story&shown=none,base';

testTab('the two steps are chosen in the list beside them', dropped(`${ALONE}&compare=steps`), async (tab) => {
  await tab.drop(folder);
  const base = cardOf(tab, 'story', 'base');
  await base.getByText('3 lines changed').waitFor();
  const steps = base.getByRole('region', { name: 'All steps: story, base, 3 steps' });
  const pressed = () =>
    steps.getByRole('button', { pressed: true }).evaluateAll((all) => all.map(({ ariaLabel }) => ariaLabel));
  assert.deepEqual(await pressed(), ['Compare with step 10', 'Show step 30']);
  await steps.getByRole('button', { name: 'Compare with step 0' }).focus();
  await tab.page.keyboard.press('Enter');
  await base.getByText('1 line changed').waitFor();
  await steps.getByRole('button', { name: 'Show step 10' }).click();
  await base.getByText('2 lines changed').waitFor();
  await tab.untilHash(() => location.hash.includes('against=0') && location.hash.includes('step=10'));
  assert.deepEqual(await pressed(), ['Compare with step 0', 'Show step 10']);
});

testTab('a run alone is shown, and why it is not compared', dropped(`${ALONE}&compare=runs`), async (tab) => {
  await tab.drop(folder);
  const base = cardOf(tab, 'story', 'base');
  await base.getByText('No other run that is shown has this text').waitFor();
  await base.getByText('The end.').waitFor();
  // All settings are in one row, whatever is compared.
  const bar = tab.page.getByRole('group', { name: 'Text settings' });
  for (const compared of ['Two runs', 'Two steps']) {
    await tab.page.getByRole('radio', { name: compared }).click();
    const room = await bar.evaluate(({ offsetHeight, scrollWidth, clientWidth }) => [offsetHeight, scrollWidth - clientWidth]); // prettier-ignore
    assert.deepEqual(room, [36, 0]);
  }
});

testTab('a pattern that would never end by backtracking is answered', dropped('&tags=/trap|note/'), async (tab) => {
  await tab.drop(folder);
  await tab.page.getByRole('searchbox', { name: 'Search in texts' }).fill('/(a+)+$/');
  await tab.page.getByText('0 of 3 texts', { exact: true }).waitFor();
});

testTab('a text is copied and saved as it was written', dropped('&tags=story'), async (tab) => {
  await tab.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await tab.drop(folder);
  await cardOf(tab, 'story', 'base').hover();
  await cardOf(tab, 'story', 'base').getByRole('button', { name: 'Copy' }).click();
  await tab.page.locator('[aria-live=polite]').getByText('Copied', { exact: true }).waitFor({ state: 'attached' });
  assert.equal(await tab.page.evaluate(() => navigator.clipboard.readText()), `${STORY}The end.\n`);
  const { name, text } = await save(tab, 'story', 'base');
  assert.equal(name, 'base.story.step30.txt');
  assert.equal(text, `${STORY}The end.\n`);
});

for (const format of ['markdown', 'raw']) {
  testTab(`a text of a megabyte scrolls, ${format}`, dropped(`&tags=long&step=1&text=${format}`), async (tab) => {
    await tab.drop(folder);
    const region = bodyOf(tab, 'long', 'base');
    await region.getByText('line 0 of').waitFor();
    assert.ok((await region.evaluate((all) => all.textContent.length)) < 50_000);
    await region.focus();
    await tab.page.keyboard.press('End');
    await region.getByText('line 19999 of').waitFor();
    assert.ok((await region.evaluate((all) => all.textContent.length)) < 50_000);
    const { text } = await save(tab, 'long', 'base');
    assert.equal(text, LINES.with(15_000, 'another line').join('\n\n'));
  });
}

testTab(
  'what differs in a megabyte is found, and gone to',
  dropped('&tags=long&compare=steps&against=0'),
  async (tab) => {
    await tab.drop(folder);
    const card = cardOf(tab, 'long', 'base');
    await card.getByText('1 line changed').waitFor();
    await card.getByRole('button', { name: '14,997 unchanged lines' }).click();
    await card.getByRole('button', { name: 'Next change' }).click();
    await card.getByText('another line').waitFor();
  },
);

testTab(
  'an enlarged text follows the step',
  { folders: [logsOf('tf_summaries')], hash: '#v=1&view=text' },
  async (tab) => {
    const card = tab.card('text/plain, media');
    await card.hover();
    await card.getByRole('button', { name: 'Enlarge' }).click();
    await tab.idle();
    await tab.page.getByRole('button', { name: 'Previous step' }).click();
    await tab.idle();
    await card.getByText('step 3: nothing to report').waitFor();
  },
);

/** The projector: embeddings of all sources opened, projected, searched, selected, kept, saved, and linked to. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { logsOf, testTab } from './page.mjs';

const of = (name, hash = '') => ({ folders: [logsOf(name)], hash: `#v=1&view=projector${hash}` });
const digits = (hash = '') => of('torch_embedding', `&embedding=digits,pixels${hash}`);

const panel = (tab) => tab.page.getByRole('complementary', { name: 'Data and projection' });
const points = (tab) => tab.page.getByRole('complementary', { name: 'Points', exact: true });
/**
 * Waits for a button of the panel within the page: by the time a question or a click from outside arrives, 500 points may be
 * done, and it is gone. `globalThis.wasThere` resolves then. @param then 'click' = it is clicked
 */
const onceThere = (tab, name, then = '') =>
  tab.page.evaluate(
    ([text, act]) => {
      globalThis.wasThere = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          const all = [...document.querySelectorAll('tp-projector-panel button')];
          const found = all.find((one) => one.textContent.trim() === text);
          if (!found) return;
          observer.disconnect();
          if (act === 'click') found.click();
          resolve();
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      });
    },
    [name, then],
  );
const drawing = (tab) => tab.page.getByRole('application', { name: /^Embedding/ });
const radio = (tab, name) => tab.page.getByRole('radio', { name, exact: true });
const button = (tab, name) => tab.page.getByRole('button', { name, exact: true });
const lines = async (list) => (await list.getByRole('listitem').allInnerTexts()).map((text) => text.split(/\s*\n\s*/));

/** Waits until the projection that was asked for has ended. */
async function projected(tab, text) {
  await panel(tab).getByRole('status').getByText(text).waitFor({ timeout: 60_000 });
  await tab.idle();
}

/** Coordinates as they are saved. */
async function saved(tab, format) {
  await button(tab, 'Save').click();
  const [download] = await Promise.all([
    tab.page.waitForEvent('download'),
    tab.page.getByRole('button', { name: format, exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Cells of each row. */
async function metadataOf(name, folder) {
  const text = await readFile(join(logsOf(name), folder, 'metadata.tsv'), 'utf8');
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
}

async function vectors(path) {
  const text = await readFile(path, 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => line.split('\t').map(Number));
}

/** Rows by their distance to one, nearest first; itself not among them. */
function nearest(rows, of, distance) {
  return rows
    .map((row, i) => ({ i, distance: distance(rows[of], row) }))
    .filter(({ i }) => i !== of)
    .sort((a, b) => a.distance - b.distance || a.i - b.i);
}
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const cosine = (a, b) => 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
const euclidean = (a, b) => Math.hypot(...a.map((value, i) => value - b[i]));

const SOURCES = [
  ['TSV that torch writes', digits(), '500 × 64', 'step 10'],
  ['what tensorboardX writes', of('tbx_all', '&embedding=others,emb_two'), / × /, ''],
  ['raw floats with a sprite', of('projector_files', '&embedding=digits,pixels'), / × /, ''],
  ['a TensorFlow checkpoint of each epoch', of('keras2_digits'), / × /, 'step'],
  ['Keras 3 weights', of('keras_digits'), / × /, ''],
];
for (const [what, options, shape, step] of SOURCES) {
  testTab(`${what}: opened, and drawn by PCA`, options, async (tab) => {
    await drawing(tab).waitFor();
    await tab.idle();
    const facts = await panel(tab).innerText();
    assert.match(facts, typeof shape === 'string' ? new RegExp(shape) : shape);
    assert.match(facts, new RegExp(step));
    assert.match(facts, /% of variance/);
    const coordinates = (await saved(tab, 'TSV')).bytes.toString().trim().split('\n');
    assert.ok(coordinates.length > 1);
    assert.ok(!coordinates.join('').includes('NaN'));
  });
}

testTab(
  'neighbours are those of all dimensions, by either distance',
  digits('&points=7&prepared=none'),
  async (tab) => {
    await drawing(tab).waitFor();
    await tab.idle();
    const rows = await vectors(join(logsOf('torch_embedding'), 'digits/00010/pixels/tensors.tsv'));
    const list = points(tab).getByRole('list', { name: /^Nearest neighbours/ });
    for (const [name, distance] of [
      ['Cosine', cosine],
      ['Euclidean', euclidean],
    ]) {
      await radio(tab, name).click();
      await tab.idle();
      const expected = nearest(rows, 7, distance).slice(0, 12);
      const found = await lines(list);
      assert.equal(found.length, 12);
      for (const [at, line] of found.entries()) {
        const shown = Number(line.at(-1).replace('−', '-'));
        assert.ok(
          Math.abs(shown - expected[at].distance) <= 6e-3 * Math.abs(expected[at].distance) + 1e-6,
          `${name}: ${line}`,
        );
        const row = Number(line.find((cell) => /^#\d+$/.test(cell)).slice(1));
        assert.ok(
          Math.abs(distance(rows[7], rows[row]) - expected[at].distance) < 1e-6,
          `${name}: row ${row} is no neighbour`,
        );
      }
    }
    await tab.page.getByRole('textbox', { name: 'Neighbours, as a number' }).fill('3');
    await tab.page.keyboard.press('Enter');
    await tab.idle();
    assert.equal((await lines(list)).length, 3);
  },
);

for (const [name, flat, text] of [
  ['t-SNE', true, 'step 1,000 of 1,000'],
  ['UMAP', false, 'epoch 500 of 500'],
]) {
  testTab(
    `${name} runs to its end, and the same seed makes the same picture`,
    digits('&distance=euclidean'),
    async (tab) => {
      await drawing(tab).waitFor();
      if (flat) await radio(tab, '2D').click();
      await radio(tab, name).click();
      await projected(tab, text);
      const first = (await saved(tab, 'TSV')).bytes.toString();
      assert.equal(first.split('\n')[0], ['row', 'name', 'label', 'x', 'y', ...(flat ? [] : ['z'])].join('\t'));
      assert.ok(!first.includes('NaN'));
      await onceThere(tab, 'Pause');
      await button(tab, 'Run again').click();
      await tab.page.evaluate(() => globalThis.wasThere);
      await projected(tab, text);
      assert.equal((await saved(tab, 'TSV')).bytes.toString(), first);
      const trust = await points(tab)
        .getByText(/nearest neighbours are among the nearest/)
        .innerText();
      assert.ok(Number(/^(\d+)/.exec(trust)[1]) > 30, trust);
    },
  );
}

testTab('axes are dimensions, or lead from some points to others', digits('&prepared=none'), async (tab) => {
  await drawing(tab).waitFor();
  await radio(tab, 'Axes').click();
  await tab.idle();
  const rows = await vectors(join(logsOf('torch_embedding'), 'digits/00010/pixels/tensors.tsv'));
  const places = async () =>
    (await saved(tab, 'TSV')).bytes
      .toString()
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t').slice(-3).map(Number));
  await tab.page.getByRole('textbox', { name: 'Dimension along x' }).fill('20');
  await tab.page.keyboard.press('Enter');
  await tab.idle();
  const first = await places();
  for (const row of [1, 7, 499])
    assert.ok(Math.abs(first[row][0] - first[0][0] - (rows[row][20] - rows[0][20])) < 1e-5, `row ${row}`);
  await tab.page.getByRole('combobox', { name: 'Kind of axis x' }).selectOption('Between');
  await tab.page.getByRole('textbox', { name: 'x from' }).fill('#0');
  await tab.page.getByRole('textbox', { name: 'x to' }).fill('label = 4');
  await tab.page.keyboard.press('Enter');
  await tab.idle();
  const labels = (await readFile(join(logsOf('torch_embedding'), 'digits/00010/pixels/metadata.tsv'), 'utf8')).split('\n').slice(1).map((line) => line.split('\t')[0]); // prettier-ignore
  const fours = rows.filter((_, row) => labels[row] === '4');
  const way = rows[0].map((value, i) => fours.reduce((sum, row) => sum + row[i], 0) / fours.length - value);
  const length = Math.hypot(...way);
  const along = (row) => dot(rows[row], way) / length;
  const second = await places();
  for (const row of [1, 7, 499])
    assert.ok(Math.abs(second[row][0] - second[0][0] - (along(row) - along(0))) < 1e-4, `row ${row} between`);
  await tab.page.getByRole('textbox', { name: 'x to' }).fill('nothing like it');
  await tab.page.keyboard.press('Enter');
  await panel(tab).getByText('No point matches “nothing like it”').waitFor();
});

testTab('what is saved is of the embedding and the method that are named', digits(), async (tab) => {
  await drawing(tab).waitFor();
  await tab.idle();
  const pca = (await saved(tab, 'TSV')).bytes.toString();
  await tab.page.getByRole('combobox', { name: 'Embedding' }).selectOption({ index: 0 });
  await tab.idle();
  const other = await saved(tab, 'TSV');
  assert.match(other.name, /pca/);
  assert.notEqual(other.bytes.toString(), pca);
  // Until t-SNE has made something, what is seen is PCA's.
  await radio(tab, 't-SNE').click();
  const { name, bytes } = await saved(tab, 'TSV');
  assert.ok(name.includes('tsne') || bytes.equals(other.bytes), name);
  await projected(tab, 'step 1,000 of 1,000');
});

testTab('a projection can be paused, and goes on', digits(), async (tab) => {
  await drawing(tab).waitFor();
  await onceThere(tab, 'Pause', 'click');
  await radio(tab, 't-SNE').click();
  await panel(tab).getByRole('button', { name: 'Resume' }).waitFor();
  const status = panel(tab).getByRole('status');
  // What is under way has an end only once it goes on: until then the page is not idle. But whatever was on its way before
  // an answer of the same worker has come with it.
  await tab.page.getByRole('searchbox', { name: 'Search' }).fill('label = 1');
  const neighbours = points(tab).getByRole('list', { name: /^Nearest neighbours/ });
  const answered = async () => {
    await button(tab, 'Next match').click();
    await neighbours.waitFor();
    await button(tab, 'Clear selection').click();
    await neighbours.waitFor({ state: 'detached' });
  };
  await answered();
  const at = await status.innerText();
  await answered();
  assert.equal(await status.innerText(), at);
  // Who goes to another view and comes back finds it as it was.
  await tab.tab('Scalars').click();
  await tab.tab('Projector').click();
  assert.equal(await status.innerText(), at);
  await panel(tab).getByRole('button', { name: 'Resume' }).focus();
  await tab.page.keyboard.press('Space');
  await projected(tab, 'step 1,000 of 1,000');
  // The keys are where they were.
  assert.equal(await tab.page.evaluate(() => document.activeElement.textContent.trim()), 'Run again');
});

/** What would begin t-SNE in the worker waits for `globalThis.letGo()`. */
const holdTsne = () => {
  window.Worker = class extends Worker {
    postMessage(message, ...more) {
      const post = () => super.postMessage(message, ...more);
      if (message.type === 'start' && message.options.method === 'tsne') globalThis.letGo = post;
      else post();
    }
  };
};

testTab('until a method has made a picture, that of the one before is said to be so', { ...digits(), init: [holdTsne] }, async (tab) => {
  await drawing(tab).waitFor();
  await tab.idle();
  await radio(tab, 't-SNE').click();
  const told = tab.page.getByText(/^PCA’s picture, until t-SNE has made one · /);
  await told.waitFor();
  await tab.page.evaluate(() => globalThis.letGo());
  await projected(tab, 'step 1,000 of 1,000');
  assert.equal(await told.count(), 0);
}); // prettier-ignore

testTab('a paused projection that was left for another method does not run unasked', digits(), async (tab) => {
  await drawing(tab).waitFor();
  await onceThere(tab, 'Pause', 'click');
  await radio(tab, 't-SNE').click();
  const [resume, again] = [button(tab, 'Resume'), button(tab, 'Run again')];
  await resume.waitFor();
  await panel(tab).getByRole('status').getByText(/^(Finding|Preparing|step)/).waitFor(); // prettier-ignore
  await radio(tab, 'PCA').click();
  await resume.waitFor({ state: 'detached' });
  await tab.idle();
  await radio(tab, 't-SNE').click();
  await again.waitFor();
  await panel(tab)
    .getByRole('status')
    .getByText(/^Ended/)
    .waitFor();
  await again.click();
  await projected(tab, 'step 1,000 of 1,000');
});

testTab('points are searched, selected, isolated and shown again', digits(), async (tab) => {
  await drawing(tab).waitFor();
  const field = tab.page.getByRole('searchbox', { name: 'Search' });
  const count = async (query) => {
    await field.fill(query);
    await tab.idle();
    return (await points(tab).innerText()).match(/([\d,]+) points? match/)?.[1];
  };
  const cells = await metadataOf('torch_embedding', 'digits/00010/pixels');
  assert.equal(await count('parity:odd'), String(cells.filter(([, parity]) => parity === 'odd').length));
  assert.equal(await count('label > 7'), String(cells.filter(([label]) => Number(label) > 7).length));
  assert.equal(
    await count('name:/digit [12]$/'),
    String(cells.filter(([, , name]) => /digit [12]$/.test(name)).length),
  );
  const both = ([label, parity, name]) => parity === 'odd' && Number(label) > 3 && /digit [37]$/.test(name);
  assert.equal(await count('name:/digit [37]$/ parity:odd label > 3'), String(cells.filter(both).length));
  await field.fill('parity:odd label > many');
  await points(tab).getByRole('alert').getByText('“label >” needs a number, and “many” is none').waitFor();
  await field.fill('nosuch:7');
  await points(tab).getByText('No point matches. No column “nosuch”: there are label, parity, name').waitFor();
  await field.fill('/(/');
  await points(tab).getByRole('alert').getByText('Bad pattern').waitFor();
  const ones = cells.filter(([label]) => label === '1').length;
  assert.equal(await count('label = 1'), String(ones));
  await button(tab, `Isolate ${ones}`).click();
  await tab.page.getByText(`${ones} of 500`).waitFor();
  await button(tab, 'Select them').click();
  await points(tab)
    .getByRole('heading', { name: `${ones} points selected` })
    .waitFor();
  await button(tab, 'Show all').click();
  await tab.page.getByText('500 points', { exact: true }).waitFor();
  await button(tab, 'Clear selection').click();
  assert.equal(await points(tab).getByRole('heading', { level: 2 }).filter({ hasText: 'selected' }).count(), 0);
});

testTab('hits stand out beside what is selected, too', digits('&points=7'), async (tab) => {
  await points(tab).getByRole('heading', { name: /#7/ }).waitFor();
  await tab.page.getByRole('searchbox', { name: 'Search' }).fill('label:3');
  await points(tab).getByText(/^\s*\d+ points match/).waitFor(); // prettier-ignore
  await tab.idle();
  const marks = await tab.page.locator('tp-points').evaluate(({ picture }) => [...picture.emphasis]);
  const near = (await lines(points(tab).getByRole('list', { name: /^Nearest/ }))).flatMap((line) => line.filter((text) => /^#\d+$/.test(text)).map((text) => Number(text.slice(1)))); // prettier-ignore
  const cells = await metadataOf('torch_embedding', 'digits/00010/pixels');
  const [dimmed, lit, selected] = [1, 2, 3];
  const expected = cells.map(([label], row) => row === 7 ? selected : label === '3' || near.includes(row) ? lit : dimmed); // prettier-ignore
  assert.deepEqual(marks, expected);
});

testTab('hits that are hidden are nothing to hide or to select, and fade nothing', digits(), async (tab) => {
  await drawing(tab).waitFor();
  await tab.page.getByRole('searchbox', { name: 'Search' }).fill('label:7');
  const found = points(tab).getByText(/^\s*\d+ points match/);
  await found.waitFor();
  const hits = Number.parseInt(await found.innerText(), 10);
  const faded = () => tab.page.locator('tp-points').evaluate(({ picture }) => picture.emphasis.filter((one) => one === 1).length);
  assert.equal(await faded(), 500 - hits);
  await tab.page.keyboard.press('Enter');
  await button(tab, `Hide ${hits}`).click();
  await points(tab).getByText(`${hits} points match, none shown`).waitFor();
  assert.equal(await faded(), 0);
  assert.equal(await tab.page.getByRole('button', { name: /^((Hide|Isolate) \d|Select (it|them))/ }).count(), 0);
  await button(tab, 'Show all').click();
  await button(tab, `Hide ${hits}`).waitFor();
}); // prettier-ignore

testTab('Escape closes a menu, and leaves what is selected', digits('&points=7'), async (tab) => {
  const selected = points(tab).getByRole('heading', { name: /#7/ });
  await selected.waitFor();
  await tab.idle();
  await button(tab, 'Save').click();
  await tab.page.keyboard.press('Escape');
  await button(tab, 'NumPy').waitFor({ state: 'hidden' });
  await tab.idle();
  assert.equal(await selected.count(), 1);
  await tab.page.keyboard.press('Escape');
  await selected.waitFor({ state: 'detached' });
});

testTab('axes are dimensions in which points differ; where they do not, a sentence says so', of('torch_embedding'), async (tab) => {
  await drawing(tab).waitFor();
  const embeddings = tab.page.getByRole('combobox', { name: 'Embedding' });
  const names = await embeddings.locator('option').allInnerTexts();
  await embeddings.selectOption({ index: names.findIndex((name) => name.includes('features')) });
  await radio(tab, 'Axes').click();
  await tab.idle();
  const along = tab.page.getByRole('textbox', { name: /^Dimension along/ });
  const chosen = await Promise.all((await along.all()).map((one) => one.inputValue()));
  assert.equal(new Set(chosen).size, 3);
  assert.ok(chosen.every((one) => Number(one) > 2), String(chosen));
  const sentence = tab.page.getByText('All points fall on one place: along these axes they do not differ');
  assert.equal(await sentence.count(), 0);
  for (const [axis, name] of ['x', 'y', 'z'].entries()) {
    await tab.page.getByRole('textbox', { name: `Dimension along ${name}` }).fill(String(axis));
    await tab.page.keyboard.press('Enter');
  }
  await sentence.waitFor();
}); // prettier-ignore

testTab('a point is selected by a click, and a link selects it again', digits(), async (tab) => {
  await drawing(tab).waitFor();
  await tab.idle();
  const box = await drawing(tab).boundingBox();
  // Wherever a point is: from the middle outwards.
  for (let at = 0; at < 60 && (await points(tab).getByRole('heading', { name: /#\d+/ }).count()) === 0; at++) {
    const [angle, radius] = [at * 2.4, 12 * Math.sqrt(at)];
    await tab.page.mouse.click(box.x + box.width / 2 + radius * Math.cos(angle), box.y + box.height / 2 + radius * Math.sin(angle)); // prettier-ignore
    await tab.idle();
  }
  const name = await points(tab).getByRole('heading', { name: /#\d+/ }).innerText();
  await tab.page.waitForFunction(() => location.hash.includes('points='));
  // Its label comes after it.
  await tab.reload();
  assert.equal(await points(tab).getByRole('heading', { name: /#\d+/ }).innerText(), name);
  await drawing(tab).focus();
  await tab.page.keyboard.press('Escape');
  await tab.idle();
  assert.equal(await points(tab).getByRole('heading', { name: /#\d+/ }).count(), 0);
});

testTab(
  'classes are hidden by the legend, one alone is shown by its name',
  digits('&pointcolour=column,label&pointscale=classes'),
  async (tab) => {
    await drawing(tab).waitFor();
    await tab.idle();
    const classes = tab.page.getByRole('list', { name: 'Classes' });
    assert.equal((await lines(classes)).length, 10);
    await tab.page.getByRole('checkbox', { name: 'Show 3' }).click();
    await tab.page.getByText(/^4\d\d of 500$/).waitFor();
    await classes.getByRole('button', { name: '4', exact: true }).click();
    await tab.page.getByText(/^\d\d of 500$/).waitFor();
    await classes.getByRole('button', { name: '4', exact: true }).click();
    await tab.page.getByText('500 points', { exact: true }).waitFor();
  },
);

testTab(
  'what is selected and hidden by the legend is said, but not listed',
  digits('&pointcolour=column,parity&points=0-4'),
  async (tab) => {
    await drawing(tab).waitFor();
    await tab.page.getByRole('checkbox', { name: 'Show odd' }).click();
    await points(tab).getByRole('heading', { name: '5 points selected, 2 hidden' }).waitFor();
    const listed = await lines(points(tab).getByRole('list', { name: 'Selection' }));
    assert.deepEqual(listed.map((line) => line.at(-1)), ['#0', '#2', '#4']); // prettier-ignore
    await button(tab, 'Hide 3').waitFor();
    await tab.untilHash(() => /hiddenclasses=odd/.test(location.hash) && /points=0-4/.test(location.hash));
    await tab.page.getByRole('checkbox', { name: 'Show odd' }).click();
    await points(tab)
      .getByRole('heading', { name: /^5 points selected(?!,)/ })
      .waitFor();
    await points(tab).getByRole('button', { name: 'digit 2', exact: true }).click();
    await tab.page.getByRole('checkbox', { name: 'Show even' }).click();
    await points(tab).getByRole('heading', { name: 'digit 2 #2 hidden' }).waitFor();
    const near = points(tab).getByRole('list', { name: /^Nearest neighbours/ });
    const cells = await metadataOf('torch_embedding', 'digits/00010/pixels');
    for (const row of await near.getByRole('listitem').allInnerTexts()) {
      assert.equal(/hidden/.test(row), cells[Number(/#(\d+)/.exec(row)[1])][1] === 'even', row);
    }
  },
);

testTab('steps are scrubbed through, laid over each other', digits(), async (tab) => {
  await drawing(tab).waitFor();
  await tab.idle();
  assert.match(await panel(tab).innerText(), /step 10/);
  await button(tab, 'Previous step').click();
  await panel(tab).getByText('step 0').waitFor();
  await tab.idle();
  const before = (await saved(tab, 'TSV')).bytes.toString();
  await button(tab, 'Next step').click();
  await panel(tab).getByText('step 10').waitFor();
  await tab.idle();
  assert.equal((await saved(tab, 'TSV')).bytes.toString().split('\n').length, before.split('\n').length);
});

testTab('a view is kept, saved, and read again as TensorBoard’s JSON', digits('&points=3'), async (tab) => {
  await drawing(tab).waitFor();
  await radio(tab, 'UMAP').click();
  await projected(tab, 'epoch 500 of 500');
  const kept = (await saved(tab, 'TSV')).bytes.toString();
  await button(tab, 'Keep this view').click();
  await tab.idle();
  const [download] = await Promise.all([tab.page.waitForEvent('download'), button(tab, 'Save bookmarks').click()]);
  const path = await download.path();
  const [state] = JSON.parse(await readFile(path, 'utf8'));
  assert.equal(state.selectedProjection, 'umap');
  assert.deepEqual(state.dataSetDimensions, [500, 64]);
  assert.deepEqual(state.selectedPoints, [3]);
  assert.equal(state.projections.length, 500);
  await button(tab, 'Remove UMAP 1').click();
  await radio(tab, 'PCA').click();
  await button(tab, 'Clear selection').click();
  await tab.idle();
  const [chooser] = await Promise.all([
    tab.page.waitForEvent('filechooser'),
    button(tab, 'Read bookmarks from a file').click(),
  ]);
  await chooser.setFiles(path);
  await tab.page.getByRole('button', { name: 'UMAP 1', exact: true }).click();
  await tab.idle();
  assert.equal(await radio(tab, 'UMAP').getAttribute('aria-checked'), 'true');
  assert.match(await points(tab).getByRole('heading').first().innerText(), /#3/);
  const again = (await saved(tab, 'TSV')).bytes.toString();
  assert.equal(again, kept);
});

testTab('a view that was kept comes back with its step', digits('&dimensions=2'), async (tab) => {
  await drawing(tab).waitFor();
  await button(tab, 'Previous step').click();
  await panel(tab).getByText('step 0').waitFor();
  await radio(tab, 't-SNE').click();
  await projected(tab, 'step 1,000 of 1,000');
  const kept = (await saved(tab, 'TSV')).bytes.toString();
  await button(tab, 'Keep this view').click();
  await radio(tab, 'PCA').click();
  await button(tab, 'Keep this view').click();
  for (const name of ['t-SNE 1', 'PCA 1']) {
    await button(tab, 'Next step').click();
    await radio(tab, '3D').click();
    await panel(tab).getByText('step 10').waitFor();
    await tab.idle();
    await button(tab, name).click();
    await panel(tab).getByText('step 0').waitFor();
    await tab.untilHash(() => /step=0\b/.test(location.hash) && /dimensions=2/.test(location.hash));
    await tab.idle();
    if (name === 't-SNE 1') assert.equal((await saved(tab, 'TSV')).bytes.toString(), kept);
  }
});

testTab('axes come back as they were said', digits('&projection=axes'), async (tab) => {
  const along = tab.page.getByRole('combobox', { name: 'Kind of axis x' });
  const from = tab.page.getByRole('textbox', { name: 'x from' });
  await drawing(tab).waitFor();
  await along.selectOption('Between');
  await from.fill('parity:odd label > 3');
  await from.press('Enter');
  await tab.idle();
  const kept = (await saved(tab, 'TSV')).bytes.toString();
  await button(tab, 'Keep this view').click();
  await from.fill('#7');
  await from.press('Enter');
  await tab.idle();
  assert.notEqual((await saved(tab, 'TSV')).bytes.toString(), kept);
  await button(tab, 'Axes 1').click();
  await tab.idle();
  assert.equal(await from.inputValue(), 'parity:odd label > 3');
  assert.equal((await saved(tab, 'TSV')).bytes.toString(), kept);
});

testTab('what is known of points is a table, sorted by its heads', digits('&pointtable=1'), async (tab) => {
  const table = tab.page.getByRole('grid');
  await table.waitFor();
  await tab.idle();
  assert.match((await table.innerText()).replace(/\s+/g, ' '), /label.*parity.*name/);
  await table.getByRole('gridcell', { name: 'digit 2', exact: true }).first().click();
  await tab.idle();
  assert.match(await points(tab).getByRole('heading').first().innerText(), /#2/);
  // What the legend hides is not listed.
  await tab.page.getByRole('checkbox', { name: 'Show 3', exact: true }).click();
  await tab.idle();
  assert.equal(await table.getByRole('gridcell', { name: 'digit 3', exact: true }).count(), 0);
  assert.ok((await table.getByRole('gridcell', { name: 'digit 4', exact: true }).count()) > 0);
});

testTab(
  'what is hidden is neither counted, listed nor saved, until all is shown',
  digits('&pointcolour=column,name'),
  async (tab) => {
    await drawing(tab).waitFor();
    await tab.idle();
    const others = tab.page.getByRole('checkbox', { name: /^Show [\d,]+ other classes$/ });
    await others.click();
    await tab.page.getByText('12 of 500', { exact: true }).waitFor();
    await tab.idle();
    const lines = (await saved(tab, 'TSV')).bytes.toString().trim().split('\n').slice(1);
    assert.equal(lines.length, 12);
    const array = (await saved(tab, 'NumPy')).bytes;
    assert.match(array.subarray(0, 128).toString('latin1'), /'shape': \(12, 3\)/);
    await tab.page.getByRole('button', { name: 'Metadata…' }).click();
    await tab.page.getByRole('status').getByText('12 of 500 rows').waitFor();
    await tab.page.getByText('12 of 500', { exact: true }).waitFor();
    assert.deepEqual(
      (await tab.page.getByRole('rowheader').allInnerTexts()).map(Number),
      lines.map((line) => Number(line.split('\t')[0])),
    );
    await button(tab, 'Show all').click();
    await tab.page.getByRole('status').getByText('500 rows', { exact: true }).waitFor();
    assert.ok(await others.isChecked());
  },
);

/** Keeps the workers of the page, so that a test can break one. */
const keepWorkers = () => {
  window.workers = [];
  window.Worker = class extends Worker {
    constructor(...of) {
      super(...of);
      window.workers.push([String(of[0]), this]);
    }
  };
};

testTab(
  'metadata that is lost with its worker is missed aloud, and read again',
  { ...digits(), init: [keepWorkers] },
  async (tab) => {
    await drawing(tab).waitFor();
    await tab.idle();
    await tab.page.evaluate(() => {
      for (const [url, worker] of window.workers)
        if (url.includes('embeddings')) worker.dispatchEvent(new ErrorEvent('error', { message: 'broke' }));
    });
    const field = tab.page.getByRole('searchbox', { name: 'Search' });
    await field.fill('parity:odd');
    const alert = tab.page.getByRole('alert').filter({ hasText: 'What is known of the points is lost' });
    await alert.waitFor();
    assert.equal(
      await points(tab)
        .getByText(/points match/)
        .count(),
      0,
    );
    await alert.getByRole('button', { name: 'Retry' }).click();
    await points(tab).getByRole('status').filter({ hasText: 'points match' }).waitFor();
    assert.equal(await alert.count(), 0);
    await drawing(tab).waitFor();
  },
);

testTab('what is seen is saved as PNG, NumPy, and for the public projector', digits(), async (tab) => {
  await drawing(tab).waitFor();
  await tab.idle();
  const png = await saved(tab, 'PNG');
  assert.equal(png.bytes.subarray(1, 4).toString(), 'PNG');
  assert.ok(png.bytes.length > 10_000);
  // Width and height stand in the first chunk, IHDR.
  const sizeOf = ({ bytes }) => [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const [width, height] = sizeOf(png);
  await tab.page.getByRole('combobox', { name: 'Colour by' }).selectOption('nothing');
  await tab.idle();
  const plain = sizeOf(await saved(tab, 'PNG'));
  assert.equal(plain[0], width);
  assert.ok(plain[1] + 80 <= height, 'there is a legend below the picture');
  const npy = (await saved(tab, 'NumPy')).bytes;
  assert.equal(npy.subarray(1, 6).toString(), 'NUMPY');
  assert.match(npy.subarray(0, 128).toString('latin1'), /'shape': \(500, 3\)/);
  const zip = (await saved(tab, 'Projector config')).bytes.toString('latin1');
  for (const name of ['projector_config.json', 'tensors.bytes', 'metadata.tsv', 'sprite.png'])
    assert.ok(zip.includes(name), name);
});

/** A browser that has no WebGL. */
const noWebGl = () => {
  const { getContext } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
    return kind.startsWith('webgl') ? null : getContext.call(this, kind, ...more);
  };
  const { getContext: getOffscreen } = OffscreenCanvas.prototype;
  OffscreenCanvas.prototype.getContext = function (kind, ...more) {
    return kind.startsWith('webgl') ? null : getOffscreen.call(this, kind, ...more);
  };
};

testTab(
  'without WebGL points are drawn on a canvas, and that is said',
  { ...digits(), init: [noWebGl] },
  async (tab) => {
    await drawing(tab).waitFor();
    await tab.page.getByText(/Without WebGL 2/).waitFor();
    await tab.idle();
    assert.ok((await saved(tab, 'PNG')).bytes.length > 10_000);
  },
);

for (const [how, init] of [
  ['WebGL', []],
  ['a canvas', [noWebGl]],
]) {
  const alone = '&points=7&isolated=7&clusters=0';
  testTab(
    `a point that is selected has the colour of its class still, on ${how}`,
    { ...digits(alone), init },
    async (tab) => {
      await drawing(tab).waitFor();
      await tab.idle();
      for (const form of ['Dots', 'Sprites', 'Text']) {
        await radio(tab, form).click();
        await tab.idle();
        const png = (await saved(tab, 'PNG')).bytes.toString('base64');
        const count = await tab.page.evaluate(async (data) => {
          const shown = document.querySelector('input[aria-label="Show 7"]').closest('label');
          const wanted = getComputedStyle(shown).getPropertyValue('--c').trim();
          const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
          const image = await createImageBitmap(new Blob([bytes]));
          const pen = new OffscreenCanvas(image.width, image.height).getContext('2d');
          pen.drawImage(image, 0, 0);
          const pixels = pen.getImageData(0, 0, image.width, image.height).data;
          let found = 0;
          for (let i = 0; i < pixels.length; i += 4) {
            const hex = [0, 1, 2].map((at) => pixels[i + at].toString(16).padStart(2, '0')).join('');
            if (`#${hex}` === wanted) found++;
          }
          return found;
        }, png);
        assert.ok(count > 10, `${form}: ${count} pixels`);
      }
    },
  );
}

// ---- gestures on the drawing

/** What the address says of where points are seen from, once that is other than `before`; undefined = fitted. */
async function cameraAfter(tab, before) {
  const read = await tab.page.waitForFunction((was) => {
    const found = /pointcamera=([^&]*)/.exec(location.hash)?.[1] ?? '';
    return found !== was && { found };
  }, before?.text ?? '');
  const { found } = await read.jsonValue();
  if (found === '') return undefined;
  const [x, y, z, azimuth, elevation, zoom] = found.split(':').map(Number);
  return { text: found, target: [x, y, z], azimuth, elevation, zoom };
}
const about = (a, b) => assert.ok(Math.abs(a / b - 1) < 0.01, `${a} is not about ${b}`);

testTab('keys turn, move, zoom and fit the drawing', digits(), async (tab) => {
  const { keyboard } = tab.page;
  await drawing(tab).focus();
  await keyboard.press('ArrowLeft');
  const turned = await cameraAfter(tab);
  await keyboard.press('ArrowUp');
  const tipped = await cameraAfter(tab, turned);
  assert.equal(tipped.azimuth, turned.azimuth);
  assert.notEqual(tipped.elevation, turned.elevation);
  await keyboard.press('+');
  const nearer = await cameraAfter(tab, tipped);
  about(nearer.zoom, 1.25 * tipped.zoom);
  await keyboard.press('-');
  const back = await cameraAfter(tab, nearer);
  about(back.zoom, tipped.zoom);
  await keyboard.press('Shift+ArrowRight');
  const moved = await cameraAfter(tab, back);
  assert.equal(moved.azimuth, back.azimuth);
  assert.notDeepEqual(moved.target, back.target);
  await keyboard.press('0');
  assert.equal(await cameraAfter(tab, moved), undefined);
});

testTab('a wheel zooms with Ctrl or the focus, and else leaves the drawing alone', digits(), async (tab) => {
  const { keyboard, mouse } = tab.page;
  const box = await drawing(tab).boundingBox();
  await drawing(tab).focus();
  await keyboard.press('+');
  const first = await cameraAfter(tab);
  await drawing(tab).evaluate((element) => element.blur());
  await mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await mouse.wheel(0, -100);
  await keyboard.down('Control');
  await mouse.wheel(0, -30);
  await keyboard.up('Control');
  const second = await cameraAfter(tab, first);
  about(second.zoom, 1.25 * first.zoom);
  await drawing(tab).focus();
  await mouse.wheel(0, -100);
  const third = await cameraAfter(tab, second);
  about(third.zoom, 1.25 * second.zoom);
});

testTab('points are selected by a box, and by a line around them', digits('&drag=select'), async (tab) => {
  const { mouse } = tab.page;
  const box = await drawing(tab).boundingBox();
  const to = (x, y) => mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 5 });
  const mark = async (...corners) => {
    await to(...corners[0]);
    await mouse.down();
    for (const corner of corners.slice(1)) await to(...corner);
    await mouse.up();
    await tab.idle();
    const heading = points(tab).getByRole('heading', { name: /points selected/ });
    return Number(/[\d,]+/.exec(await heading.innerText())[0]);
  };
  const [topLeft, topRight, bottomRight] = [
    [0.001, 0.001],
    [0.999, 0.001],
    [0.999, 0.999],
  ];
  // All that is fitted can be seen, and so marked.
  assert.equal(await mark(topLeft, bottomRight), 500);
  const half = await mark(topLeft, [0.5, 0.999]);
  assert.ok(half > 100 && half < 400, String(half));
  await tab.page.getByRole('checkbox', { name: 'Lasso' }).check();
  const above = await mark(topLeft, topRight, bottomRight);
  assert.ok(above > 100 && above < 400, String(above));
});

testTab(
  'one finger turns the drawing, two fingers zoom it and not the page',
  { ...digits(), touch: true, width: 390, height: 844 },
  async (tab) => {
    const devtools = await tab.page.context().newCDPSession(tab.page);
    const { x, y, width, height } = await drawing(tab).boundingBox();
    const touch = (type, ...fingers) =>
      devtools.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: fingers.map((aside, id) => ({ id, x: x + width / 2 + aside, y: y + height / 2 })),
      });
    await touch('touchStart', 0);
    for (const aside of [20, 40, 60]) await touch('touchMove', aside);
    await touch('touchEnd');
    const turned = await cameraAfter(tab);
    assert.equal(await tab.page.evaluate(() => visualViewport.scale), 1);
    await touch('touchStart', -40);
    await touch('touchStart', -40, 40);
    for (const aside of [60, 80, 100]) await touch('touchMove', -aside, aside);
    await touch('touchEnd', -100);
    await touch('touchEnd');
    const pinched = await cameraAfter(tab, turned);
    about(pinched.zoom, 2.5 * turned.zoom);
    assert.equal(pinched.azimuth, turned.azimuth);
    assert.equal(await tab.page.evaluate(() => visualViewport.scale), 1);
  },
);

const PHONE = { touch: true, width: 390, height: 844 };

testTab('on a phone sheets say what they hold, leave the points to be seen, and close', { ...digits(), ...PHONE }, async (tab) => {
  const { page } = tab;
  const whole = await drawing(tab).boundingBox();
  const isWhole = () => document.querySelector('.points-stage').clientHeight > 500;
  for (const [way, title, press] of [
    ['Data', 'Data and projection', () => button(tab, 'Done').click()],
    ['Search', 'Search and selection', () => page.keyboard.press('Escape')],
    ['Settings', 'Drawing', () => page.keyboard.press('Escape')],
  ]) {
    await page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name: way }).click();
    const heading = page.getByRole('heading', { name: title });
    await heading.waitFor();
    await page.waitForFunction(() => document.querySelector('.points-stage').clientHeight < 450);
    const [points, head, done] = [await drawing(tab).boundingBox(), await heading.boundingBox(), await button(tab, 'Done').boundingBox()]; // prettier-ignore
    assert.ok(points.height > 250, title);
    assert.ok(points.y + points.height <= head.y, title);
    assert.ok(done.height >= 44 && done.width >= 44, title);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390, title);
    await press();
    await heading.waitFor({ state: 'hidden' });
    await page.waitForFunction(isWhole);
  }
  assert.deepEqual(await drawing(tab).boundingBox(), whole);
}); // prettier-ignore

testTab('on a phone what is selected is at hand, and Escape closes its sheet before it selects nothing', { ...digits('&points=7'), ...PHONE }, async (tab) => {
  await button(tab, 'digit 7').click();
  const title = tab.page.getByRole('heading', { name: 'Search and selection' });
  await title.waitFor();
  await tab.page.keyboard.press('Escape');
  await title.waitFor({ state: 'hidden' });
  await tab.page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name: 'Search' }).click();
  await points(tab).getByRole('searchbox').focus();
  await tab.page.keyboard.press('Escape');
  await title.waitFor({ state: 'hidden' });
  await button(tab, 'digit 7').waitFor();
}); // prettier-ignore

testTab('a finger marks an area, and two taps show all again', { ...digits('&drag=select'), ...PHONE }, async (tab) => {
  const devtools = await tab.page.context().newCDPSession(tab.page);
  const { x, y, width, height } = await drawing(tab).boundingBox();
  const touch = (type, ...fingers) =>
    devtools.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: fingers.map(([right, down], id) => ({ id, x: x + right * width, y: y + down * height })),
    });
  await touch('touchStart', [0.01, 0.01]);
  await touch('touchMove', [0.5, 0.5]);
  await touch('touchMove', [0.99, 0.99]);
  await touch('touchEnd');
  await button(tab, '500 selected').waitFor();
  // With two it is moved, whatever one does.
  await touch('touchStart', [0.4, 0.5]);
  await touch('touchStart', [0.4, 0.5], [0.6, 0.5]);
  await touch('touchMove', [0.3, 0.5], [0.7, 0.5]);
  await touch('touchEnd', [0.3, 0.5]);
  await touch('touchEnd');
  const moved = await cameraAfter(tab);
  assert.ok(moved.zoom > 1.5, String(moved.zoom));
  // On a slow machine two taps may be too far apart to be one thing.
  const isMoved = () => location.hash.includes('pointcamera=');
  for (let tries = 0; tries < 5 && (await tab.page.evaluate(isMoved)); tries++) {
    for (const type of ['touchStart', 'touchEnd', 'touchStart', 'touchEnd'])
      await touch(type, ...(type === 'touchStart' ? [[0.9, 0.2]] : []));
    await tab.idle();
  }
  assert.ok(!(await tab.page.evaluate(isMoved)));
}); // prettier-ignore

testTab('hits are gone through by keys, from one to the next and round', digits(), async (tab) => {
  const { keyboard } = tab.page;
  await drawing(tab).waitFor();
  await keyboard.press('/');
  await keyboard.type('label = 1');
  await points(tab).getByText(/points match/).waitFor(); // prettier-ignore
  const cells = (await readFile(join(logsOf('torch_embedding'), 'digits/00010/pixels/metadata.tsv'), 'utf8')).trim().split('\n').slice(1); // prettier-ignore
  const ones = cells.flatMap((line, row) => (line.startsWith('1\t') ? [row] : []));
  const selected = (row) => points(tab).getByRole('heading', { name: new RegExp(`#${row}\\b`) }).waitFor(); // prettier-ignore
  await keyboard.press('ArrowDown');
  await selected(ones[0]);
  await keyboard.press('ArrowDown');
  await selected(ones[1]);
  await button(tab, 'Previous match').click();
  await selected(ones[0]);
  await button(tab, 'Previous match').click();
  await selected(ones.at(-1));
  await button(tab, 'Next match').click();
  await selected(ones[0]);
});

testTab('without metadata points are found by their rows', of('torch_embedding', '&embedding=plain,default'), async (tab) => {
  const { keyboard } = tab.page;
  await drawing(tab).waitFor();
  await keyboard.press('/');
  await keyboard.type('1.5');
  await keyboard.press('Enter');
  const alert = points(tab).getByRole('alert');
  await alert.getByText(/^No point is of row “1.5”: there are 0 to [\d,]+$/).waitFor();
  await tab.page.getByRole('textbox', { name: 'Row', exact: true }).fill('#12');
  await keyboard.press('Enter');
  await points(tab).getByRole('heading', { name: '#12' }).waitFor();
  assert.equal(await alert.count(), 0);
}); // prettier-ignore

testTab('how many points have their word is said, where words stand for points', digits(), async (tab) => {
  const told = tab.page.getByText(/500 points, \d+ with their word/);
  assert.equal(await told.count(), 0);
  await radio(tab, 'Text').click();
  await told.waitFor();
  await tab.idle();
  const count = Number(/, (\d+) with/.exec(await told.innerText())[1]);
  assert.ok(count > 0 && count <= 200, String(count));
  await radio(tab, 'Dots').click();
  await told.waitFor({ state: 'detached' });
});

testTab('a point of a list is ringed in the drawing', digits('&points=7'), async (tab) => {
  await tab.idle();
  const over = drawing(tab).locator('canvas').last();
  const pixels = () => over.evaluate((canvas) => canvas.toDataURL());
  const before = await pixels();
  const neighbours = points(tab).getByRole('list', { name: /^Nearest neighbours/ });
  await neighbours.getByRole('listitem').nth(3).hover();
  await tab.page.waitForFunction(
    (was) => document.querySelector('tp-points canvas:last-of-type').toDataURL() !== was,
    before,
  );
});

testTab(
  'where code of a view, of its drawing or of a dialog does not come, that is said, and a retry brings it',
  { ...of('tbx_all', '&embedding=others,emb_two'), provokes: /Failed to load resource|ERR_FAILED/ },
  async (tab) => {
    const { page } = tab;
    const alert = page.getByRole('alert').filter({ hasText: 'This part of the page could not be fetched' });
    const missed = async (code, act, there) => {
      const address = `**/assets/${code}-*.js`;
      await page.route(address, (route) => route.abort());
      await act();
      await alert.waitFor();
      await page.unroute(address);
      await alert.getByRole('button', { name: 'Retry' }).click();
      await there.waitFor();
      await tab.idle();
      assert.equal(await alert.count(), 0);
    };
    await missed('webgl_painter', () => tab.reload(), drawing(tab).locator('canvas').first());
    await missed('share_dialog', () => page.keyboard.press('Shift+S'), page.getByRole('dialog'));
    await page.keyboard.press('Escape');
    await missed(
      'scalars_view',
      () => page.getByRole('tab', { name: /Scalars/ }).click(),
      page.getByRole('article').first(),
    );
  },
);

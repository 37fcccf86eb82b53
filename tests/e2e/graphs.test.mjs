/** Graphs: opened, searched, followed, told, listed, compared, saved, and linked to. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectedOf, logsOf, testTab } from './page.mjs';

const of = (name, hash = '') => ({ folders: [logsOf(name)], hash: `#v=1&view=graphs${hash}` });
const countsOf = (name, run) =>
  expectedOf(name)
    .runs.find((one) => one.run === run)
    .tags.__run_graph__.values.at(-1);

const drawing = (tab) => tab.page.getByRole('application', { name: /^Graph/ });
const panel = (tab) => tab.page.getByRole('complementary', { name: 'Graph', exact: true });
const row = (tab, path) =>
  panel(tab)
    .getByRole('treeitem')
    .and(tab.page.getByTitle(path, { exact: true }));
const node = (tab) => tab.page.getByRole('complementary', { name: 'Node' });
const search = (tab) => tab.page.getByRole('searchbox', { name: 'Search nodes' });
const button = (tab, name) => tab.page.getByRole('button', { name, exact: true });
const words = (text) => text.replace(/\s+/g, ' ').trim();

/** What the node panel says, by name. */
const facts = (tab) =>
  node(tab).evaluate((element) =>
    Object.fromEntries(
      [...element.querySelectorAll('dt')].map((term) => [term.innerText, term.nextElementSibling.innerText.trim()]),
    ),
  );

/** The boxes that are drawn, by their names. */
async function drawn(tab) {
  await tab.idle();
  return drawing(tab).locator('g > g > g > text:first-of-type').allTextContents();
}

/** Where a box that is drawn is on the screen. */
async function boxOf(tab, label) {
  await tab.idle();
  const group = drawing(tab).locator('g > g > g', { has: tab.page.getByText(label, { exact: true }) });
  return group.locator('rect').last().boundingBox();
}

async function press(tab, ...keys) {
  for (const key of keys) await tab.page.keyboard.press(key);
  await tab.idle();
}

async function save(tab, format) {
  await button(tab, 'Download').click();
  const [download] = await Promise.all([
    tab.page.waitForEvent('download'),
    tab.page.getByRole('button', { name: new RegExp(`^${format} `) }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

const train = of('tf1_compat', '&graph=train');

testTab('a graph is opened by keys, in the outline and in the drawing', train, async (tab) => {
  const { nodes } = countsOf('tf1_compat', 'train');
  assert.match(await panel(tab).innerText(), new RegExp(`${nodes} ops · \\d+ edges · [\\d,]+ ms`));
  assert.ok((await drawn(tab)).includes('layer1'));
  await row(tab, 'layer1').focus();
  await press(tab, 'ArrowRight');
  assert.ok(
    (await drawn(tab)).some((label) => label.startsWith('layer136 ops')),
    'it is open',
  );
  assert.ok((await drawn(tab)).includes('hidden'));
  await press(tab, 'ArrowRight', 'ArrowDown', 'Enter');
  assert.equal(await node(tab).getByRole('heading').innerText(), 'MatMul');
  assert.deepEqual(await facts(tab), { Type: 'Group', Operations: '2', 'Identical to': '1 node' });
  // In the drawing: the selected box opens, its neighbour is selected, and all of it closes.
  await drawing(tab).focus();
  await press(tab, 'Enter');
  const told = (text) => tab.page.locator('[aria-live=polite].sr', { hasText: text }).waitFor({ state: 'attached' });
  await told(/^MatMul, .*, open$/);
  assert.ok((await drawn(tab)).includes('(MatMul)'));
  await press(tab, 'Enter', 'ArrowDown');
  assert.notEqual(await node(tab).getByRole('heading').innerText(), 'MatMul');
  // Out of one box after the other, and in again.
  await press(tab, 'Escape');
  assert.equal(await node(tab).getByRole('heading').innerText(), 'layer1');
  await press(tab, 'Alt+ArrowDown');
  assert.notEqual(await node(tab).getByRole('heading').innerText(), 'layer1');
  await press(tab, 'Alt+ArrowUp', 'Escape');
  assert.equal(await node(tab).count(), 0);
  await press(tab, 'ArrowDown');
  assert.equal(await node(tab).getByRole('heading').innerText(), 'input');
  // The same in the outline.
  await row(tab, 'layer1/hidden').focus();
  await press(tab, 'Escape');
  assert.equal(await node(tab).getByRole('heading').innerText(), 'layer1');
  await press(tab, 'Enter');
  assert.ok(!(await drawn(tab)).includes('hidden'));
  await press(tab, 'Enter');
  assert.ok((await drawn(tab)).includes('hidden'));
  await row(tab, 'layer1').focus();
  await press(tab, 'ArrowLeft');
  assert.ok(!(await drawn(tab)).includes('hidden'));
});

testTab('a graph is opened, moved and zoomed by the pointer, and the opened box is in view', train, async (tab) => {
  const before = await boxOf(tab, 'layer1');
  const { mouse } = tab.page;
  await mouse.dblclick(before.x + before.width / 2, before.y + before.height / 2);
  const opened = async () => {
    await drawing(tab).getByText('hidden', { exact: true }).waitFor();
    await tab.page.waitForFunction(() => !document.querySelector('.graph-canvas g > g > g[opacity]'));
  };
  await opened();
  const corner = async () => {
    const { x, y } = await drawing(tab).locator('g > g > g', { hasText: /^layer136 ops/ }).locator('rect').first().boundingBox(); // prettier-ignore
    return [Math.round(x), Math.round(y)];
  };
  // The outline of what is selected is half a pixel wider.
  const [left, top] = await corner();
  // It has room below, and comes from under what is said of the node.
  assert.ok(Math.abs(top - before.y) <= 1, `${top} was ${before.y}`);
  const { x: panelLeft } = await node(tab).boundingBox();
  const box = await boxOf(tab, 'layer136 ops');
  assert.ok(left < before.x && left + box.width <= panelLeft, `${left}, ${box.width} beside ${panelLeft}`);
  assert.equal(await node(tab).getByRole('heading').innerText(), 'layer1');
  // It was brought there by opening it: both are one step.
  await press(tab, 'Control+z');
  assert.ok(!(await drawn(tab)).includes('hidden'));
  await press(tab, 'Control+Shift+z');
  await opened();
  assert.deepEqual(await corner(), [left, top]);

  const { x, y, width, height } = await drawing(tab).boundingBox();
  // Left of what is said of the node.
  const [right, bottom] = [x + width - 320, y + height - 60];
  const at = await corner();
  await mouse.move(right, bottom);
  await mouse.down();
  await mouse.move(right - 40, bottom - 30);
  await mouse.move(right - 80, bottom - 50);
  await mouse.up();
  assert.deepEqual(await corner(), [at[0] - 80, at[1] - 50]);
  await tab.untilHash(() => location.hash.includes('camera=') && location.hash.includes('open=layer1'));

  const wide = async () => (await boxOf(tab, 'layer2')).width;
  const was = await wide();
  await mouse.move(x + width / 2, y + height / 2);
  await tab.page.keyboard.down('Control');
  await mouse.wheel(0, -100);
  await tab.page.keyboard.up('Control');
  assert.ok(Math.abs((await wide()) / was - 1.25) < 0.01);
  await drawing(tab).focus();
  await press(tab, '-');
  assert.ok(Math.abs((await wide()) / was - 1) < 0.01);
  await press(tab, '0');
  await tab.untilHash(() => !location.hash.includes('camera='));
});

testTab('a double click opens a box of which the rest is told where the pointer is', train, async (tab) => {
  const { x, width } = await drawing(tab).boundingBox();
  const middle = async () => {
    const box = await boxOf(tab, 'tone');
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  const at = await middle();
  assert.ok(at[0] > x + width - 288, 'what is told of a node comes over it');
  await tab.page.mouse.dblclick(...at);
  await tab.untilHash(() => location.hash.includes('node=tone') && /open=[^&]*tone/.test(location.hash));
  // A click alone selects.
  await drawing(tab).focus();
  await press(tab, 'Enter', 'Escape', '0');
  await node(tab).waitFor({ state: 'detached' });
  await tab.page.mouse.click(...(await middle()));
  await tab.untilHash(() => location.hash.includes('node=tone') && !/open=[^&]*tone/.test(location.hash));
});

const many = of('keras2_digits', '&graph=train&open=gradient_tape,RMSprop');
testTab('many boxes are drawn on a canvas, few are elements', many, async (tab) => {
  const drawnBy = () => drawing(tab).evaluate(({ children }) => [...children].map(({ localName }) => localName));
  assert.deepEqual(await drawnBy(), ['canvas']);
  await row(tab, 'RMSprop').focus();
  await press(tab, 'ArrowLeft');
  await row(tab, 'gradient_tape').focus();
  await press(tab, 'ArrowLeft');
  assert.deepEqual(await drawnBy(), ['svg']);
  await press(tab, 'ArrowRight');
  await row(tab, 'RMSprop').focus();
  await press(tab, 'ArrowRight');
  assert.deepEqual(await drawnBy(), ['canvas']);
});

const cut = { ...of('keras2_digits', '&graph=train'), provokes: /Failed to load resource|ERR_FAILED/ };
testTab('where code of a part does not come, that is said there, and a retry brings it', cut, async (tab) => {
  await tab.idle();
  const alert = (within) => within.getByRole('alert').filter({ hasText: 'This part of the page could not be fetched' });
  /** Does what needs more code, in vain; then again. */
  const missed = async (code, act, within) => {
    const address = `**/assets/${code}-*.js`;
    await tab.page.route(address, (route) => route.abort());
    await act();
    await alert(within).waitFor();
    await tab.page.unroute(address);
    await alert(within).getByRole('button', { name: 'Retry' }).click();
    await tab.idle();
    assert.equal(await alert(tab.page).count(), 0);
  };
  const main = tab.page.getByRole('main');
  const open = async () => {
    for (const path of ['RMSprop', 'gradient_tape']) {
      await row(tab, path).focus();
      await press(tab, 'ArrowRight');
    }
  };
  await missed('canvas_painter', open, tab.page.locator('tp-graph-drawing'));
  assert.equal(await drawing(tab).locator('canvas').count(), 1);
  await missed('node_panel', () => row(tab, 'RMSprop').click(), main);
  assert.equal(await node(tab).getByRole('heading').innerText(), 'RMSprop');
  await missed('node_table', () => button(tab, 'Table of nodes').click(), main);
  assert.ok((await tab.page.getByRole('table').getByRole('row').count()) > 2);
});

testTab('boxes of an area are summed, taken out and saved', train, async (tab) => {
  const { mouse, keyboard } = tab.page;
  const [first, last] = [await boxOf(tab, 'layer1'), await boxOf(tab, 'loss')];
  await keyboard.down('Shift');
  await mouse.move(Math.min(first.x, last.x) - 4, first.y - 4);
  await mouse.down();
  await mouse.move(first.x, last.y);
  await mouse.move(Math.max(first.x + first.width, last.x + last.width) + 4, last.y + last.height + 4);
  await mouse.up();
  await keyboard.up('Shift');
  await tab.idle();
  const count = Number(/^(\d+) boxes$/.exec(await node(tab).getByRole('heading').innerText())[1]);
  const names = words(await node(tab).getByRole('list').first().innerText()).split(' ');
  assert.ok(names.includes('layer1') && names.includes('loss') && count === names.length, names.join());
  assert.ok(Number((await facts(tab)).Operations) > 36 + 6);
  const [download] = await Promise.all([tab.page.waitForEvent('download'), button(tab, 'JSON').click()]);
  const { nodes } = JSON.parse(await readFile(await download.path(), 'utf8'));
  assert.deepEqual(nodes.map(({ path }) => path).sort(), [...names].sort());
  // The address does not lag behind whoever goes to it.
  await tab.page.evaluate(() => dispatchEvent(new Event('blur')));
  await tab.page.evaluate(() => undefined);
  assert.match(new URL(tab.page.url()).hash, /nodes=.*layer1/);
  await button(tab, 'Take out').click();
  assert.ok(!(await drawn(tab)).includes('layer1'));
  assert.equal(await node(tab).count(), 0);
});

testTab(
  'what a graph is about is open at first, and a link says if it is not',
  of('torch_all', '&graph=graph_cnn'),
  async (tab) => {
    assert.ok((await drawn(tab)).includes('Sequential[stem]'));
    assert.ok(!(await tab.page.url()).includes('open='));
    await row(tab, 'NestedCnn').focus();
    await press(tab, 'ArrowLeft');
    assert.ok(!(await drawn(tab)).includes('Sequential[stem]'));
    await tab.untilHash(() => location.hash.includes('open='));
    await tab.reload();
    assert.ok(!(await drawn(tab)).includes('Sequential[stem]'));
  },
);

testTab('a stack falls apart in the outline as in the drawing', of('keras2_digits', '&graph=train'), async (tab) => {
  const stack = row(tab, 'Cast … Cast_6');
  assert.equal(await stack.count(), 1);
  await search(tab).fill('/^Cast_1$/');
  await press(tab, 'Enter');
  const near = (labels) => labels.filter((label) => label.startsWith('Cast'));
  const labels = near(await panel(tab).getByRole('treeitem').locator('.nm').allInnerTexts());
  assert.deepEqual(labels, ['Cast', 'Cast_1', 'Cast_2 … Cast_6']);
  assert.deepEqual(near(await drawn(tab)).sort(), labels);
});

testTab(
  'a trace tells what of it is taken out',
  of('keras2_digits', '&graph=train&node=iterator&trace=outputs'),
  async (tab) => {
    await tab.idle();
    assert.match(words(await node(tab).innerText()), /Traced, but taken out 1 NoOp/);
    await node(tab).getByRole('button', { name: 'Put back', exact: true }).click();
    assert.ok((await drawn(tab)).includes('NoOp'));
    assert.ok(!/taken out/.test(await node(tab).innerText()));
  },
);

const phone = { ...of('keras2_digits'), width: 390, height: 844, touch: true };
testTab(
  'on a phone, a drawing is opened where it begins, readable, and all of it is seen on request',
  { ...phone, hash: '#v=1&view=graphs&graph=train' },
  async (tab) => {
    await tab.idle();
    const { x, y, width, height } = await drawing(tab).boundingBox();
    const sizes = await drawing(tab).locator('text').evaluateAll((all) => all.map((one) => one.getScreenCTM().a * Number.parseFloat(getComputedStyle(one).fontSize))); // prettier-ignore
    assert.ok(sizes.length > 20 && Math.max(...sizes) >= 9, String(sizes));
    const first = await boxOf(tab, 'iterator');
    assert.ok(Math.abs(first.x + first.width / 2 - x - width / 2) <= 1, JSON.stringify(first));
    assert.ok(first.y >= y && first.y < y + height / 4, JSON.stringify(first));
    await drawing(tab).focus();
    await press(tab, '0');
    const boxes = await drawing(tab).locator('g > g > g > rect').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON())); // prettier-ignore
    assert.ok(boxes.length > 20);
    for (const box of boxes) assert.ok(box.left >= x && box.right <= x + width, JSON.stringify(box));
  },
);

testTab('on a phone, search and settings are sheets of their own', phone, async (tab) => {
  const panels = tab.page.getByRole('navigation', { name: 'Panels' });
  const colours = tab.page.getByRole('button', { name: 'Structure' }).first();
  for (const [name, isSearch] of [
    ['Search', true],
    ['Settings', false],
  ]) {
    await panels.getByRole('button', { name }).click();
    await tab.idle();
    assert.deepEqual(await tab.page.getByRole('heading', { level: 2 }).filter({ visible: true }).allInnerTexts(), [name]); // prettier-ignore
    assert.deepEqual([await search(tab).isVisible(), await colours.isVisible()], [isSearch, !isSearch]);
    await tab.page.getByRole('button', { name: 'Done' }).filter({ visible: true }).click();
  }
});

testTab(
  'on a phone, one tap ends a search: on Done, or on a hit',
  { ...phone, hash: '#v=1&view=graphs&graph=train' },
  async (tab) => {
    // prettier-ignore
    const open = async () => {
    await tab.page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name: 'Search' }).tap();
    await search(tab).fill('op:MatMul');
    await press(tab, 'Enter');
    await tab.page.getByRole('list', { name: 'Matches' }).waitFor();
  };
    await open();
    await tab.page.getByRole('button', { name: 'Done' }).filter({ visible: true }).tap();
    await search(tab).waitFor({ state: 'hidden' });
    await open();
    const last = tab.page.getByRole('list', { name: 'Matches' }).getByRole('button').last();
    const path = await last.getAttribute('title');
    await last.tap();
    await search(tab).waitFor({ state: 'hidden' });
    await tab.idle();
    assert.equal(await node(tab).getByRole('heading').innerText(), path.split('/').at(-1));
  },
);

testTab('nodes are found by name, type and pattern, and a bad pattern says why', train, async (tab) => {
  await tab.page.keyboard.press('/');
  await tab.page.keyboard.type('op:MatMul');
  await tab.idle();
  const field = tab.page.locator('.graph-search');
  assert.match(words(await field.innerText()), /6 hits/);
  await press(tab, 'Enter');
  assert.match(words(await field.innerText()), /1 of 6/);
  assert.equal(await node(tab).getByRole('heading').innerText(), '(MatMul)');
  assert.equal((await facts(tab)).Type, 'MatMul');
  assert.ok((await drawn(tab)).includes('(MatMul)'), 'all around it is open');
  await press(tab, 'Shift+Enter');
  assert.match(words(await field.innerText()), /6 of 6/);
  await tab.untilHash(() => location.hash.includes('node=gradients/') && location.hash.includes('find=op:MatMul'));
  await search(tab).fill('/(/');
  await tab.idle();
  assert.match(words(await field.innerText()), /a \( is not closed/);
  await press(tab, 'Escape');
  assert.equal(await search(tab).inputValue(), '');
});

testTab('edges are followed, and the shortest path between two nodes is told', train, async (tab) => {
  await row(tab, 'layer1').click();
  await tab.page.getByRole('checkbox', { name: 'Trace' }).check();
  await tab.idle();
  const dim = () => drawing(tab).locator('g > g > g[opacity]').count();
  assert.ok((await dim()) > 0, 'what is not on the way is weaker');
  await button(tab, 'Both, to the end').click();
  await tab.page.getByRole('radio', { name: 'Outputs' }).click();
  await tab.page.getByRole('radio', { name: '1', exact: true }).click();
  await tab.idle();
  await tab.untilHash(() => location.hash.includes('depth=1') && location.hash.includes('trace=outputs'));
  await tab.page.keyboard.press('Escape');

  await row(tab, 'input').click();
  await button(tab, 'Path from here…').click();
  await row(tab, 'loss').click();
  await tab.idle();
  const way = await node(tab).getByRole('listitem').allInnerTexts();
  assert.ok(way.length > 2, way.join());
  assert.match(await node(tab).innerText(), /Path to loss, \d+ edges?/);
  await tab.untilHash(() => location.hash.includes('pathto=loss') && location.hash.includes('node=input'));
});

const crowded = of('keras2_digits', '&graph=train&open=two_headed,gradient_tape');
testTab('a box under the pointer lights its own edges, also through a port that others share', crowded, async (tab) => {
  /** Lines that lie over the others. */
  const lit = () => drawing(tab).locator('svg > g > g:nth-child(2) > g:nth-child(3) > path').count();
  await drawing(tab).focus();
  await press(tab, '0');
  const { x, y, width, height } = await boxOf(tab, 'parity');
  const middle = [x + width / 2, y + height / 2];
  await tab.page.mouse.move(...middle);
  await tab.idle();
  const own = await lit();
  await tab.page.mouse.click(...middle);
  await tab.page.getByRole('checkbox', { name: 'Trace' }).check();
  await button(tab, 'Both, to the end').click();
  await tab.page.getByRole('radio', { name: '1', exact: true }).click();
  await tab.page.keyboard.press('Escape');
  await tab.page.mouse.move(0, 0);
  await tab.idle();
  await tab.untilHash(() => location.hash.includes('depth=1') && location.hash.includes('node=two_headed/parity'));
  assert.ok(own > 4);
  assert.equal(own, await lit());
});

testTab('nodes with many edges are out of the drawing, until they are put back', of('keras2_digits'), async (tab) => {
  const out = panel(tab).getByRole('button', { name: /^Put back / });
  const names = await out.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label').slice(9)));
  assert.ok(names.includes('NoOp'), names.join());
  assert.ok(!(await drawn(tab)).includes('NoOp'));
  await button(tab, 'Put back NoOp').click();
  assert.ok((await drawn(tab)).includes('NoOp'));
  await search(tab).fill('NoOp');
  await press(tab, 'Enter');
  await button(tab, 'Take out').click();
  assert.ok(!(await drawn(tab)).includes('NoOp'));
  assert.equal(await button(tab, 'Put back').count(), 2);
});

testTab('nodes are a table, sorted, filtered and counted by type', train, async (tab) => {
  const { nodes } = countsOf('tf1_compat', 'train');
  await button(tab, 'Table of nodes').click();
  await tab.idle();
  const table = tab.page.getByRole('table');
  const status = tab.page.locator('.node-count');
  assert.equal(await status.innerText(), `${nodes} nodes`);
  const types = tab.page.getByRole('region', { name: 'Nodes by type' });
  assert.equal(words(await types.getByRole('listitem').first().innerText()), 'Const 50');
  const first = async () => {
    await tab.idle();
    return (await table.getByRole('row').nth(1).locator('th, td').allInnerTexts()).map(words);
  };
  await table.getByRole('button', { name: 'Type' }).click();
  const up = await first();
  await table.getByRole('button', { name: 'Type' }).click();
  const down = await first();
  assert.ok(up[1] < down[1], `${up} and ${down}`);
  await tab.untilHash(() => location.hash.includes('table=op:down') && location.hash.includes('view=graphs'));
  // The row that a key leads to is seen whole.
  await table.getByRole('row').nth(1).focus();
  await press(tab, ...Array(40).fill('ArrowDown'));
  await tab.idle();
  const focused = tab.page.locator('tr:focus');
  assert.equal(Number(await focused.getAttribute('aria-rowindex')), 42);
  const [row, list] = [await focused.boundingBox(), await tab.page.locator('.node-rows').boundingBox()];
  assert.ok(row.y + row.height <= list.y + list.height + 1, `${row.y} of ${list.y} and ${list.height}`);
  await types.getByRole('button', { name: /^MatMul/ }).click();
  await tab.idle();
  assert.equal(await status.innerText(), '6 nodes');
  await table.getByRole('rowheader').first().click();
  assert.equal((await facts(tab)).Type, 'MatMul');
  // The keys lead on, and back to the drawing.
  await press(tab, 'ArrowDown', 'Enter');
  assert.equal(await drawing(tab).count(), 1);
});

testTab('two graphs are one, with what is not the same', of('torch_all', '&graph=graph_cnn'), async (tab) => {
  await button(tab, 'Compare with another graph').click();
  await tab.page.getByRole('button', { name: 'graph_encoder Operations' }).click();
  await tab.idle();
  const [cnn, encoder] = ['graph_cnn', 'graph_encoder'].map((run) => countsOf('torch_all', run).nodes);
  const group = tab.page.getByRole('group', { name: 'Differences' });
  const [added, removed, changed] = words(await group.innerText())
    .match(/\d+/g)
    .map(Number);
  assert.equal(added - removed, cnn - encoder);
  assert.ok(changed <= Math.min(cnn, encoder));
  assert.ok(
    (await drawn(tab)).some((label) => label.startsWith('+ ')),
    'signs, not only colours',
  );
  assert.match(words(await group.innerText()), /^against graph_encoder /);
  await button(tab, 'Next difference').click();
  await tab.idle();
  assert.match(words(await group.innerText()), / 1 of \d+$/);
  await tab.untilHash(() => location.hash.includes('node=') && location.hash.includes('graphagainst=graph_encoder'));
  // From the last one on it begins again.
  const first = await node(tab).getByRole('heading').innerText();
  await button(tab, 'Previous difference').click();
  await tab.idle();
  assert.notEqual(await node(tab).getByRole('heading').innerText(), first);
  await button(tab, 'Next difference').click();
  await tab.idle();
  assert.equal(await node(tab).getByRole('heading').innerText(), first);
  await button(tab, 'Compare with another graph').click();
  await button(tab, 'Stop comparing').click();
  await tab.idle();
  assert.equal(await group.count(), 0);
});

testTab(
  'squares of the outline have the colours of the drawing, or none',
  of('tf1_compat', '&graph=train'),
  async (tab) => {
    const hues = () => panel(tab).locator('.tr .sq').evaluateAll((all) => all.filter((one) => one.style.getPropertyValue('--c') !== '').length); // prettier-ignore
    await tab.idle();
    assert.ok((await hues()) > 0);
    await button(tab, 'Structure').click();
    await tab.page.getByRole('menuitemradio', { name: 'Operation' }).click();
    await tab.untilHash(() => location.hash.includes('graphcolour='));
    await tab.idle();
    assert.equal(await hues(), 0);
  },
);

const together = { ...phone, ...of('torch_all', '&graph=graph_cnn&graphagainst=graph_encoder') };
testTab('on a phone, what is compared is told above the drawing', together, async (tab) => {
  await tab.idle();
  const group = tab.page.getByRole('group', { name: 'Differences' });
  assert.match(words(await group.innerText()), /^against graph_encoder \+\d/);
  await button(tab, 'Next difference').tap();
  await tab.untilHash(() => location.hash.includes('node='));
  // It is no part of a sheet.
  await tab.page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name: 'Search' }).click();
  assert.ok(!(await group.isVisible()));
});

testTab('two files that are dropped together are open, and can be compared', {}, async (tab) => {
  const folder = await mkdtemp(join(tmpdir(), 'graphs-'));
  try {
    const files = ['after.pbtxt', 'before.pbtxt'].map((name) => join(folder, name));
    await writeFile(files[0], 'node { name: "a" op: "Const" } node { name: "b" op: "Relu" input: "a" }');
    await writeFile(files[1], 'node { name: "a" op: "Const" }');
    await tab.drop(...files);
    await tab.page.getByRole('tab', { name: /^Graphs/ }).click();
    await tab.idle();
    const options = panel(tab).getByRole('combobox', { name: 'Run' }).getByRole('option');
    assert.deepEqual((await options.allInnerTexts()).map(words), ['after.pbtxt', 'before.pbtxt']);
    await button(tab, 'Compare with another graph').click();
    await button(tab, 'before.pbtxt File').click();
    await tab.idle();
    const group = tab.page.getByRole('group', { name: 'Differences' });
    assert.match(words(await group.innerText()), /^against before\.pbtxt \+1 −0 ±0/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** Counts the stretches of the outline that the page asks for. */
const countOutlines = () => {
  globalThis.outlines = 0;
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, ...more) {
    if (message?.type === 'outline') globalThis.outlines++;
    return post.call(this, message, ...more);
  };
};
testTab('of a long level only rows near those that are seen are asked for', { init: [countOutlines] }, async (tab) => {
  const folder = await mkdtemp(join(tmpdir(), 'graphs-'));
  try {
    const file = join(folder, 'flat.pbtxt');
    const nodes = Array.from({ length: 1000 }, (_, i) => `node { name: "op${i % 7}x${i}" op: "Op${i}" }`);
    await writeFile(file, nodes.join('\n'));
    await tab.drop(file);
    await tab.idle();
    assert.equal(await row(tab, 'op0x0').count(), 1);
    assert.equal(await tab.page.evaluate(() => globalThis.outlines), 1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

testTab('what is seen is saved', of('tf1_compat', '&graph=train&open=layer1'), async (tab) => {
  await tab.idle();
  const svg = await save(tab, 'SVG');
  assert.equal(svg.name, 'train_graph.svg');
  const isWhole = await tab.page.evaluate((text) => {
    const page = new DOMParser().parseFromString(text, 'image/svg+xml');
    return !page.querySelector('parsererror') && page.documentElement.textContent.includes('hidden');
  }, svg.bytes.toString());
  assert.ok(isWhole);
  assert.equal((await save(tab, 'PNG')).bytes.subarray(1, 4).toString(), 'PNG');
  const dot = (await save(tab, 'DOT')).bytes.toString();
  assert.match(dot, /^digraph \{[^]*subgraph "cluster layer1" \{[^]*"layer1\/hidden" \[/);
  assert.match(dot, /"input" -> "layer1\/MatMul" \[label="\?×8"\]/);
  const json = JSON.parse((await save(tab, 'JSON')).bytes.toString());
  assert.deepEqual(json.nodes.find(({ path }) => path === 'layer1/hidden').in, 'layer1');
});

testTab('a model and a profile have graphs of their own', of('keras2_digits'), async (tab) => {
  await tab.page.getByRole('radio', { name: 'Model' }).click();
  await tab.idle();
  assert.match(await panel(tab).innerText(), /\d+ layers · /);
  await tab.untilHash(() => location.hash.includes('graph=train,model'));
  await tab.page.getByRole('radio', { name: 'Profile' }).click();
  await tab.idle();
  assert.match(await panel(tab).innerText(), /\d+ ops · /);
});

const looked = of('keras2_digits', '&graph=train&open=two_headed&node=two_headed/parity&camera=two_headed/parity,0.1:900:900'); // prettier-ignore
testTab('another graph is fitted, and what it has no node for is neither selected nor open', looked, async (tab) => {
  await tab.idle();
  assert.equal(await node(tab).getByRole('heading').innerText(), 'parity');
  await tab.page.getByRole('radio', { name: 'Model' }).click();
  await tab.idle();
  assert.equal(await node(tab).count(), 0);
  const hash = await tab.untilHash(() => location.hash.includes('graph=train,model'));
  assert.doesNotMatch(hash, /camera=|node=|open=/);
  const { x, y, width, height } = await drawing(tab).boundingBox();
  const [first] = await drawn(tab);
  const box = await drawing(tab).locator('g > g > g', { hasText: first }).first().boundingBox();
  assert.ok(box.x >= x && box.y >= y && box.x < x + width && box.y < y + height, JSON.stringify(box));
  // All of that was one step.
  await tab.page.keyboard.press('Control+z');
  await tab.untilHash(() => ['open=two_headed', 'node=two_headed/parity', 'camera='].every((part) => location.hash.includes(part)) && !location.hash.includes('model')); // prettier-ignore
  await tab.idle();
  assert.equal(await node(tab).getByRole('heading').innerText(), 'parity');
});

const deep = '&graph=train&open=layer1/MatMul&node=layer1/MatMul/(MatMul)&camera=layer1/MatMul,1.5:-60:-40';
testTab('a link opens exactly that node, and Undo goes back', of('tf1_compat', deep), async (tab) => {
  assert.equal(await node(tab).getByRole('heading').innerText(), '(MatMul)');
  assert.equal((await facts(tab)).Type, 'MatMul');
  const { x, y, width, height } = await drawing(tab).boundingBox();
  const box = await drawing(tab).locator('g > g > g', { hasText: /^MatMul/ }).locator('rect').first().boundingBox(); // prettier-ignore
  // Its outline is half a pixel wide on either side.
  assert.ok(Math.abs(box.x - (x + width / 2 - 90)) <= 1 && Math.abs(box.y - (y + height / 2 - 60)) <= 1, JSON.stringify(box)); // prettier-ignore
  await tab.page.getByRole('navigation', { name: 'Path' }).getByRole('button', { name: 'MatMul', exact: true }).click();
  assert.equal(await node(tab).getByRole('heading').innerText(), 'MatMul');
  await tab.untilHash(() => !location.hash.includes('(MatMul)') && !location.hash.includes('%28MatMul%29'));
  await tab.page.keyboard.press('Control+z');
  await tab.idle();
  assert.equal(await node(tab).getByRole('heading').innerText(), '(MatMul)');
});

/** What opening the tab may cost, in bytes as hosts send them: module, worker, client and view. */
const MAX_WEIGHT = 200_000;

testTab(
  `opening the first graph fetches no more than ${MAX_WEIGHT / 1000} kB`,
  { folders: [logsOf('tf1_compat')] },
  async (tab) => {
    await tab.idle();
    const sizes = [];
    tab.page.on('requestfinished', (request) => {
      if (!request.url().includes('/assets/')) return;
      sizes.push(request.sizes().then(({ responseBodySize }) => [request.url(), responseBodySize]));
    });
    await tab.page.getByRole('tab', { name: /^Graphs/ }).click();
    await tab.idle();
    const all = await Promise.all(sizes);
    const weight = all.reduce((sum, [, size]) => sum + size, 0);
    assert.ok(weight > 100_000 && weight <= MAX_WEIGHT, `${weight}: ${all.map((one) => one.join(' ')).join('\n')}`);
  },
);

const bare = of('tf1_compat', '&graph=train&node=layer1/MatMul/(MatMul)');
testTab('a node of a link is seen without more, and one that is gone to also in the outline', bare, async (tab) => {
  assert.ok((await drawn(tab)).includes('(MatMul)'));
  assert.ok(await row(tab, 'layer1/MatMul/(MatMul)').isVisible());
  await search(tab).fill('op:MatMul');
  await tab.idle();
  const isSeen = () =>
    panel(tab)
      .locator('.tr.sel')
      .evaluate((element) => {
        const [own, list] = [element, element.closest('.tree')].map((one) => one.getBoundingClientRect());
        return own.top >= list.top - 2 && own.bottom <= list.bottom + 2;
      });
  await press(tab, 'Shift+Enter');
  await tab.untilHash(() => location.hash.includes('node=gradients/') && /open=.*gradients/.test(location.hash));
  assert.ok(await isSeen());
  await press(tab, 'Enter');
  await tab.untilHash(() => location.hash.includes('node=layer') && !location.hash.includes('gradients'));
  assert.ok(await isSeen());
});

/** Holds questions about nodes back until a graph is opened after them. */
const holdsNodes = () => {
  const held = [];
  globalThis.heldNodes = held;
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, ...more) {
    if (globalThis.holding && message.type === 'node') return void held.push([this, message, ...more]);
    if (globalThis.holding && message.type === 'open' && held.length > 0) {
      globalThis.holding = false;
      for (const [worker, ...question] of held) post.apply(worker, question);
    }
    return post.call(this, message, ...more);
  };
};
testTab(
  'what is learned of a graph too late takes nothing from the one that undo has come back to',
  { ...of('keras2_digits', '&graph=train&node=two_headed'), init: [holdsNodes] },
  async (tab) => {
    await tab.idle();
    await tab.page.evaluate(() => (globalThis.holding = true));
    await tab.page.getByRole('radio', { name: 'Model' }).click();
    await tab.untilHash(() => location.hash.includes('graph=train,model'));
    await tab.page.waitForFunction(() => globalThis.heldNodes.length > 0);
    await tab.page.keyboard.press('Control+z');
    await tab.untilHash(() => location.hash.includes('graph=train&'));
    await tab.idle();
    assert.equal(await node(tab).getByRole('heading').innerText(), 'two_headed');
    assert.match(new URL(tab.page.url()).hash, /node=two_headed/);
  },
);

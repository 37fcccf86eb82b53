/** Graphs: opened, searched, followed, told, listed, compared, saved, and linked to. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { expectedOf, logsOf, testTab } from './page.mjs';

const of = (name, hash = '') => ({ folders: [logsOf(name)], hash: `#v=1&view=graphs${hash}` });
const countsOf = (name, run) =>
  expectedOf(name)
    .runs.find((one) => one.run === run)
    .tags.__run_graph__.values.at(-1);

const drawing = (tab) => tab.page.getByRole('application', { name: /^Graph/ });
const outline = (tab) => tab.page.getByRole('tree', { name: 'Graph outline' });
const row = (tab, path) =>
  outline(tab)
    .locator('[role=treeitem]')
    .and(tab.page.getByTitle(path, { exact: true }));
const node = (tab) => tab.page.getByRole('complementary', { name: 'Node' });
const search = (tab) => tab.page.getByRole('searchbox', { name: 'Search nodes' });

/** What the node panel says, by name. */
const facts = (tab) =>
  node(tab).evaluate((panel) =>
    Object.fromEntries(
      [...panel.querySelectorAll('dt')].map((term) => [term.innerText, term.nextElementSibling.innerText.trim()]),
    ),
  );

/** The labels that are drawn. */
const drawn = async (tab) => {
  await tab.idle();
  return drawing(tab).locator('text').allTextContents();
};

async function open(tab, path) {
  await row(tab, path).focus();
  await tab.page.keyboard.press('ArrowRight');
  await tab.idle();
}

testTab('a graph is opened by keys, and its nodes tell what they are', of('tf1_compat'), async (tab) => {
  await tab.idle();
  const counts = countsOf('tf1_compat', 'train');
  const panel = tab.page.getByRole('complementary', { name: 'Graph' });
  assert.match(await panel.innerText(), new RegExp(`${counts.nodes} ops · \\d+ edges · laid out in \\d+ ms`));
});

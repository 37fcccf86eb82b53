import { describe, expect, test } from 'vitest';
import { buildRunTree, type RunNode } from '../../web/src/model/run_tree';
import { isShown, onlyShown, withShown } from '../../web/src/model/selection';
import type { Selection } from '../../web/src/model/state';
import { compareTags } from '../../web/src/model/tag_order';
import { isOfView, VIEW_IDS, viewOfPlugin, viewTitle } from '../../web/src/model/views';
import { Random } from './random';

const outline = (nodes: readonly RunNode[], indent = ''): string[] =>
  nodes.flatMap((node) => [
    `${indent}${node.name}${node.run === undefined ? ':' : ''}`,
    ...outline(node.children, `${indent}  `),
  ]);
const all = (nodes: readonly RunNode[]): RunNode[] => nodes.flatMap((node) => [node, ...all(node.children)]);

describe('the tree of runs', () => {
  test('folds by path', () => {
    const runs = ['lr=0.1/seed=1', 'lr=0.1/seed=0', '.', 'logs/deep/a', 'logs/deep/b', 'eval', 'eval/best', 'x/y/z'];
    expect(outline(buildRunTree(runs.sort(compareTags)))).toEqual([
      '.',
      'eval',
      '  best',
      'logs/deep:',
      '  a',
      '  b',
      'lr=0.1:',
      '  seed=0',
      '  seed=1',
      'x/y/z',
    ]);
  });

  test('has every run once and every path once', () => {
    const random = new Random(8);
    for (let round = 0; round < 300; round++) {
      const runs = [
        ...new Set(random.list(40, () => random.list(4, () => random.pick(['a', 'b', '1', '10'])).join('/'))),
      ];
      const tree = buildRunTree([...runs].sort(compareTags));
      const nodes = all(tree);
      for (const siblings of [tree, ...nodes.map(({ children }) => children)]) {
        const paths = siblings.map(({ path }) => path);
        expect(paths).toEqual([...paths].sort(compareTags));
      }
      expect(nodes.flatMap(({ run }) => run ?? []).sort()).toEqual(runs.sort());
      expect(new Set(nodes.map(({ path }) => path)).size).toBe(nodes.length);
      for (const { run, children } of nodes) expect(run !== undefined || children.length > 1).toBe(true);
    }
  });
});

describe('a selection', () => {
  test('shows what was shown last, and leaves the others', () => {
    const random = new Random(9);
    const runs = ['a', 'b', 'c', 'd'];
    let selection: Selection = { shownByDefault: true, exceptions: new Set() };
    const expected = new Map(runs.map((run) => [run, true]));
    for (let round = 0; round < 500; round++) {
      const some = runs.filter(() => random.next() < 0.5);
      const shown = random.next() < 0.5;
      if (random.next() < 0.1) {
        selection = onlyShown(some);
        for (const run of runs) expected.set(run, some.includes(run));
      } else {
        selection = withShown(selection, some, shown);
        for (const run of some) expected.set(run, shown);
      }
      for (const run of runs) expect(isShown(selection, run)).toBe(expected.get(run));
    }
  });

  test('has a rule for runs that come later', () => {
    expect(isShown(withShown({ shownByDefault: true, exceptions: new Set() }, ['a'], false), 'later')).toBe(true);
    expect(isShown(onlyShown(['a']), 'later')).toBe(false);
  });
});

test('every plugin is in one view', () => {
  for (const plugin of ['scalars', 'graph_keras_model', 'audio', '', 'my_own_plugin', 'constructor']) {
    expect(VIEW_IDS.filter((id) => isOfView(id, plugin))).toHaveLength(1);
  }
  expect(viewOfPlugin('')).toBe('tensors');
  expect(VIEW_IDS.map(viewTitle)).not.toContain('');
  expect(VIEW_IDS[0]).toBe('scalars');
});

import { describe, expect, test } from 'vitest';
import { growingSort, SortedTags } from '../../web/src/model/sorted_tags';
import { groupTags } from '../../web/src/model/tag_groups';
import { compareTags, tagKey } from '../../web/src/model/tag_order';
import tensorboard from '../data/formulas/tags.json';
import { Random } from './random';

type Case = { name: string; input: { tags: string[] }; output: unknown };
const cases = tensorboard.cases as unknown as Case[];
const { input, output } = cases.find(({ name }) => name.startsWith('timeseries compare')) as Case;
const { tags } = input;
const { sign } = output as { sign: string[] };

const sorted = (list: readonly string[]): string[] => [...list].sort(compareTags);
/** TensorBoard's sign of two tags of the matrix. */
const tensorboardSign = (a: string, b: string): string | undefined => sign[tags.indexOf(a)]?.[tags.indexOf(b)];

/**
 * The two places where TensorBoard's comparison runs in circles, and where ours differs on purpose: behind what the tags
 * have in common, a slash meets a number; or a number lacks its exponent.
 */
function isFault(a: string, b: string): boolean {
  const parts = (tag: string): string[] => tag.match(/\d+(\.\d*)?([eE][+-]?\d*)?|[^]/g) ?? [];
  const [partsA, partsB] = [parts(a), parts(b)];
  const same = (x: string, y: string | undefined): boolean => x === y || Number(x || NaN) === Number(y || NaN);
  const first = partsA.findIndex((part, i) => !same(part, partsB[i]));
  const [partA = '', partB = ''] = [partsA[first], partsB[first]];
  const isNumber = (part: string): boolean => /^\d/.test(part);
  if ((partA === '/' && isNumber(partB)) || (partB === '/' && isNumber(partA))) return true;
  return isNumber(partA) && isNumber(partB) && Number.isNaN(Number(partA) + Number(partB));
}

describe('the order of tags', () => {
  test('is TensorBoard’s, but for its faults', () => {
    const wrong: [string, string][] = [];
    let faults = 0;
    tags.forEach((a, i) => {
      tags.forEach((b, j) => {
        const theirs = sign[i]?.[j];
        if (theirs === '=' || theirs === (compareTags(a, b) < 0 ? '<' : '>')) return;
        if (isFault(a, b)) faults++;
        else wrong.push([a, b]);
      });
    });
    expect(wrong).toEqual([]);
    expect(faults).toBeLessThan(0.02 * tags.length ** 2);
  });

  test.each(cases.filter(({ name }) => name === 'timeseries sorted, tags without cycles'))('$name', (one) => {
    const theirs = one.output as string[];
    // Where TensorBoard sees no difference, its order is that of arrival; ours is that of the text.
    const differs = (a: string, b: string): boolean =>
      a !== b && compareTags(a, b) > 0 && tensorboardSign(a, b) !== '=' && !isFault(a, b);
    expect(
      theirs.flatMap((a, i) =>
        theirs
          .slice(i + 1)
          .filter((b) => differs(a, b))
          .map((b) => [a, b]),
      ),
    ).toEqual([]);
  });

  test.each(cases.filter(({ name }) => name.startsWith('timeseries sorted, tags of')))('$name', (one) => {
    expect(sorted(one.input.tags)).toEqual(one.output);
  });

  test('is total on any tags', () => {
    const random = new Random(1);
    for (let round = 0; round < 20_000; round++) {
      const [a, b, c] = [random.name(), random.name(), random.name()];
      expect(Math.sign(compareTags(a, b))).toBe(-Math.sign(compareTags(b, a)) + 0);
      expect(compareTags(a, b) === 0).toBe(a === b);
      if (compareTags(a, b) <= 0 && compareTags(b, c) <= 0) expect(compareTags(a, c)).toBeLessThanOrEqual(0);
    }
  });

  test('is that of the keys, but for ties', () => {
    const random = new Random(5);
    for (let round = 0; round < 20_000; round++) {
      const [a, b] = [random.name(), random.name()];
      const [keyA, keyB] = [tagKey(a), tagKey(b)];
      if (keyA !== keyB) expect(Math.sign(compareTags(a, b))).toBe(keyA < keyB ? -1 : 1);
      else if (a !== b) expect(compareTags(a, b)).toBe(a < b ? -1 : 1);
    }
  });

  test('stays while more arrive', () => {
    const random = new Random(6);
    for (let round = 0; round < 50; round++) {
      const all = [...new Set(random.list(60, () => random.name()))];
      const sortedTags = new SortedTags();
      for (let from = 0; from < all.length;) {
        const to = from + 1 + random.below(20);
        sortedTags.add(all.slice(from, to));
        from = to;
      }
      expect(sortedTags.tags).toEqual(sorted(all));
    }
  });

  test('stays while some arrive and others go', () => {
    const random = new Random(7);
    const inOrder = growingSort();
    let names: string[] = [];
    for (let round = 0; round < 50; round++) {
      const gone = random.below(4) === 0 ? random.below(names.length) : -1;
      names = [...new Set([...names.filter((_, i) => i !== gone), ...random.list(5, () => random.name())])];
      expect(inOrder(names)).toEqual(sorted(names));
    }
  });

  test('does not depend on the order of arrival', () => {
    const random = new Random(2);
    for (let round = 0; round < 20; round++) expect(sorted(random.shuffled(tags))).toEqual(sorted(tags));
  });

  test('reads numbers of runs as numbers', () => {
    expect(sorted(['run10', 'run9', 'lr=0.1', 'lr=0.01', 'lr=1e-3', '.'])).toEqual([
      '.',
      'lr=1e-3',
      'lr=0.01',
      'lr=0.1',
      'run9',
      'run10',
    ]);
  });
});

describe('groups of tags', () => {
  const realLogs = cases.filter(({ name }) => name.startsWith('groups of tags of'));

  test.each(realLogs)('$name as in TensorBoard', (one) => {
    const theirs = (one.output as { group: string; tags: string[] }[]).map(({ group, tags }) => ({
      name: group,
      tags,
    }));
    expect(groupTags(sorted(one.input.tags))).toEqual(theirs);
  });

  test('keep every tag once', () => {
    const random = new Random(3);
    const some = [...new Set(random.list(500, () => random.name()))];
    const members = groupTags(some).flatMap((group) => group.tags);
    expect(members.sort()).toEqual(some.sort());
  });
});

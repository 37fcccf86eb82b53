import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { assignSlots, paletteOf, styleOfSlot } from '../../web/src/model/colours';
import { compareTags } from '../../web/src/model/tag_order';
import { Random } from './random';

const css = readFileSync(new URL('../../web/src/tokens.css', import.meta.url), 'utf8');
const [light = '', ...dark] = css.split(/color-scheme: dark;/);

describe('the palette', () => {
  test.each([
    ['light', false, light],
    ['dark by preference', true, dark[0] ?? ''],
    ['dark by hand', true, dark[1] ?? ''],
  ])('%s is that of tokens.css', (_, isDark, text) => {
    const tokens = [...text.matchAll(/--tp-run-\d+: (#\w+);\s*\/\* \w+\s+oklch\(([\d. ]+)\)/g)].map(
      ([, hex, oklch]) => ({
        hex,
        oklch: oklch?.split(' ').map(Number),
      }),
    );
    expect(paletteOf(isDark)).toEqual(tokens);
  });

  test('dashes are those of tokens.css', () => {
    const tokens = [...css.matchAll(/--tp-dash-\d: ([^;]+)/g)].map(([, dash]) =>
      dash === 'none' ? [] : dash?.split(' ').map(Number),
    );
    expect([0, 12, 24, 36].map((slot) => styleOfSlot(slot, paletteOf(false)).dash)).toEqual(tokens);
  });

  test.each([false, true])('rings (dark: %s) are colours of their own', (isDark) => {
    const palette = paletteOf(isDark);
    const colours = Array.from({ length: 48 }, (_, slot) => styleOfSlot(slot, palette).colour);
    for (const colour of colours) expect(colour).toMatch(/^#[\da-f]{6}$/);
    expect(new Set(colours).size).toBe(48);
    expect(colours.slice(0, 12)).toEqual(palette.map(({ hex }) => hex));
  });
});

describe('slots of runs', () => {
  test('never change when others arrive, and are never shared', () => {
    const random = new Random(5);
    for (let round = 0; round < 200; round++) {
      let slots = new Map<string, number>();
      for (let arrivals = 0; arrivals < 6; arrivals++) {
        const next = assignSlots(
          random.list(20, () => random.name()),
          slots,
        );
        for (const [run, slot] of slots) expect(next.get(run)).toBe(slot);
        slots = next;
      }
      expect(new Set(slots.values()).size).toBe(slots.size);
      expect(Math.max(-1, ...slots.values())).toBeLessThan(12 * Math.ceil(slots.size / 12));
    }
  });

  test('are the same for the same runs', () => {
    const random = new Random(6);
    const runs = Array.from({ length: 30 }, (_, i) => `run${i}`);
    const inOrder = assignSlots([...runs].sort(compareTags), new Map());
    expect(assignSlots(random.shuffled(runs).sort(compareTags), new Map())).toEqual(inOrder);
  });

  test('follow FNV-1a', () => {
    // Test vectors of the hash's authors: 'a' is e40c292c, 'foobar' is bf9cf968.
    expect(assignSlots(['a'], new Map()).get('a')).toBe(0xe40c292c % 12);
    expect(assignSlots(['foobar'], new Map()).get('foobar')).toBe(0xbf9cf968 % 12);
  });
});

test('runs that have gone leave room in their ring', () => {
  const runs = Array.from({ length: 24 }, (_, i) => `run ${i}`);
  const all = assignSlots(runs, new Map());
  const second = new Map([...all].filter(([, slot]) => slot >= 12));
  const slots = assignSlots(['another', ...second.keys()], second);
  expect(slots.get('another')).toBeLessThan(12);
  expect(new Set(slots.values()).size).toBe(13);
});

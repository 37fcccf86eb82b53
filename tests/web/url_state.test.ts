import { describe, expect, test, vi } from 'vitest';
import { createState, type State, type YScale } from '../../web/src/model/state';
import { applyState, bindUrl, encodeState, upgraders, VERSION } from '../../web/src/model/url_state';
import { Random } from './random';

const values = (state: State): unknown =>
  Object.fromEntries(Object.entries(state).map(([key, { value }]) => [key, value]));

function randomState(random: Random): State {
  const state = createState();
  const names = (): string[] => random.list(random.next() < 0.1 ? 200 : 4, () => random.name());
  const end = (): number => random.pick([NaN, 0, -1.5, 1e-300, 42_400, 2 ** 53 + 2, random.next()]);
  const scale = (): YScale => random.pick(['linear', 'log', 'symlog']);
  const some = (set: () => void): void => void (random.next() < 0.5 && set());
  some(() => (state.view.value = random.name()));
  some(() => (state.runFilter.value = random.name()));
  some(() => (state.tagFilter.value = random.name()));
  some(() => (state.selection.value = { shownByDefault: random.next() < 0.5, exceptions: new Set(names()) }));
  some(() => (state.smoothing.value = random.pick([0, 0.6, 0.999, random.next() * 0.999])));
  some(() => (state.x.value = random.pick(['step', 'relative', 'wall'])));
  some(() => (state.y.value = scale()));
  some(() => (state.yOfTag.value = new Map(names().map((tag) => [tag, scale()]))));
  some(() => (state.clipOutliers.value = random.next() < 0.5));
  some(() => (state.zoom.value = new Map(names().map((tag) => [tag, { x: [end(), end()], y: [end(), end()] }]))));
  some(() => (state.closedGroups.value = new Set(names())));
  some(() => (state.theme.value = random.pick(['auto', 'light', 'dark'])));
  return state;
}

describe('the hash of a state', () => {
  test('gives back any state', async () => {
    const random = new Random(4);
    let deflated = 0;
    for (let round = 0; round < 300; round++) {
      const state = randomState(random);
      const hash = await encodeState(state);
      const read = randomState(random);
      expect(await applyState(read, `#${hash}`)).toBe('applied');
      expect(values(read)).toEqual(values(state));
      expect(hash).toMatch(/^(v=1&[!-~]*)?$/);
      if (hash.includes('&z=')) deflated++;
    }
    expect(deflated).toBeGreaterThan(0);
  });

  test('is empty by default and readable when short', async () => {
    const state = createState();
    expect(await encodeState(state)).toBe('');
    state.smoothing.value = 0.9;
    state.selection.value = { shownByDefault: false, exceptions: new Set(['lr/1', 'lr/2']) };
    expect(await encodeState(state)).toBe('v=1&shown=none,lr/1,lr/2&smoothing=0.9');
  });

  test('beyond 1 kB is deflated', async () => {
    const state = createState();
    state.closedGroups.value = new Set(Array.from({ length: 500 }, (_, i) => `group${i}`));
    const hash = await encodeState(state);
    expect(hash).toMatch(/^v=1&z=[\w-]+$/);
    expect(hash.length).toBeLessThan(1500);
  });

  test('of a newer version is not applied', async () => {
    const state = createState();
    expect(await applyState(state, `#v=${VERSION + 1}&smoothing=0.1`)).toBe('newer');
    expect(values(state)).toEqual(values(createState()));
  });

  test.each(['#smoothing=0.1', '#v=x', '#v=0', '#v=1&z=%%%', '#v=1&z=AAAA', '#top'])('%s is bad', async (hash) => {
    const state = createState();
    expect(await applyState(state, hash)).toBe('bad');
    expect(values(state)).toEqual(values(createState()));
  });

  test('ignores names and values that it does not know', async () => {
    const state = createState();
    const hash = '#v=1&constructor=1&__proto__=1&new=1&smoothing=7&x=up&y=&zoom=a,1:2&yof=a,cubic&theme=dark';
    expect(await applyState(state, hash)).toBe('applied');
    const expected = createState();
    expected.theme.value = 'dark';
    expect(values(state)).toEqual(values(expected));
  });

  test('can be upgraded from every version', () => {
    for (let version = 1; version < VERSION; version++) expect(upgraders[version]).toBeTypeOf('function');
  });
});

test('a bound state is read once and written at most every half second', async () => {
  vi.useFakeTimers();
  try {
    const state = createState();
    const written: string[] = [];
    let hash = '#v=1&smoothing=0.3';
    const place = {
      read: () => hash,
      write: (text: string) => void ((hash = `#${text}`), written.push(text)),
    };
    const read = vi.fn();
    const stop = bindUrl(state, place, read);
    await vi.waitUntil(() => read.mock.calls.length > 0);
    expect(read).toHaveBeenCalledWith('applied');
    expect(state.smoothing.value).toBe(0.3);
    for (let i = 0; i < 10; i++) {
      state.smoothing.value = i / 10;
      await vi.advanceTimersByTimeAsync(49);
    }
    expect(written).toEqual([]);
    await vi.advanceTimersByTimeAsync(500);
    expect(written).toEqual(['v=1&smoothing=0.9']);
    stop();
    state.smoothing.value = 0;
    await vi.advanceTimersByTimeAsync(1000);
    expect(written).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});

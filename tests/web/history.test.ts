import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { keepHistory, type HashPlace } from '../../web/src/model/history';
import { inSameStep } from '../../web/src/model/same_step';
import { createState, type State } from '../../web/src/model/state';
import { encodeState, fieldsWithColours } from '../../web/src/model/url_state';

const values = (state: State): unknown =>
  Object.fromEntries(Object.entries(state).map(([key, { value }]) => [key, value]));

/** A browser's history, as a page sees it. */
class FakePlace implements HashPlace {
  entries: string[];
  at = 0;
  written: string[] = [];
  private changed: (() => void) | undefined;

  constructor(hash: string) {
    this.entries = [hash];
  }

  read(): string {
    return this.entries[this.at] as string;
  }
  replace(hash: string): void {
    this.entries[this.at] = `#${hash}`;
    this.written.push(hash);
  }
  push(hash: string): void {
    this.entries = [...this.entries.slice(0, ++this.at), `#${hash}`];
    this.written.push(hash);
  }
  watch(changed: () => void): () => void {
    this.changed = changed;
    return () => void (this.changed = undefined);
  }
  get isWatched(): boolean {
    return this.changed !== undefined;
  }

  go(by: number): void {
    this.at += by;
    this.changed?.();
    // Browsers tell of it twice, as popstate and hashchange.
    this.changed?.();
  }
  paste(hash: string): void {
    this.entries = [...this.entries.slice(0, ++this.at), hash];
    this.changed?.();
  }
}

let place: FakePlace;
let state: State;
const settle = () => vi.advanceTimersByTimeAsync(500);
const keep = async (hash = '', told?: Parameters<typeof keepHistory>[3]) => {
  place = new FakePlace(hash);
  state = createState();
  const read = vi.fn();
  const past = keepHistory(state, place, read, told);
  await vi.waitUntil(() => read.mock.calls.length > 0);
  return { read, past };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the address', () => {
  test('is read at once and written when what is set has settled', async () => {
    const { read, past } = await keep('#v=1&smoothing=0.3');
    expect(read).toHaveBeenCalledWith('applied');
    expect(state.smoothing.value).toBe(0.3);
    for (let i = 0; i < 10; i++) {
      state.smoothing.value = i / 10;
      await vi.advanceTimersByTimeAsync(49);
    }
    expect(place.written).toEqual([]);
    await settle();
    expect(place.written).toEqual(['v=1&smoothing=0.9']);
    past.stop();
    expect(place.isWatched).toBe(false);
    state.smoothing.value = 0;
    await settle();
    expect(place.written).toHaveLength(1);
  });

  test('takes in a link that is pasted, and does not write it back', async () => {
    const { read } = await keep('#v=1&smoothing=0.3');
    // What was set just before is not written over it.
    state.smoothing.value = 0.1;
    place.paste('#v=1&smoothing=0.5&theme=dark');
    await settle();
    expect(read).toHaveBeenCalledTimes(2);
    expect([state.smoothing.value, state.theme.value]).toEqual([0.5, 'dark']);
    expect(place.written).toEqual([]);
    state.smoothing.value = 0.2;
    await settle();
    expect(place.written).toEqual(['v=1&smoothing=0.2&theme=dark']);
    place.paste('');
    await settle();
    expect(values(state)).toEqual(values(createState()));
  });

  test('keeps nothing that could not be read', async () => {
    await keep('#v=1&step=7.5&theme=dark');
    await settle();
    expect([state.step.value, place.read()]).toEqual([undefined, '#v=1&theme=dark']);
  });

  test('is written again after a browser has refused it, and long where nothing deflates', async () => {
    await keep();
    const replace = vi.spyOn(place, 'replace').mockImplementationOnce(() => {
      throw new DOMException('too often', 'SecurityError');
    });
    state.smoothing.value = 0.1;
    await settle();
    expect([replace.mock.calls.length, place.written]).toEqual([1, []]);
    state.smoothing.value = 0.2;
    state.smoothing.value = 0.1;
    await settle();
    expect(place.written).toEqual(['v=1&smoothing=0.1']);
    vi.stubGlobal('CompressionStream', undefined);
    state.tagFilter.value = 'a'.repeat(2000);
    await settle();
    vi.unstubAllGlobals();
    expect(place.written.at(-1)).toMatch(/^v=1&tags=a{2000}&/);
  });

  test('takes the latest of several links; a bad one changes nothing', async () => {
    const { read } = await keep('#v=1&smoothing=0.3');
    const long = createState();
    long.closedGroups.value = new Set(Array.from({ length: 2000 }, (_, i) => `group${i}`));
    place.paste(`#${await encodeState(long)}`);
    place.paste('#v=1&smoothing=0.7');
    await settle();
    expect(read).toHaveBeenCalledTimes(2);
    place.paste('#v=x');
    await settle();
    expect(read).toHaveBeenLastCalledWith('bad');
    expect([state.smoothing.value, state.closedGroups.value.size]).toEqual([0.7, 0]);
    expect([place.read(), place.written]).toEqual(['#v=x', []]);
  });

  test('of another view is an entry: Back returns to the view before, with what was set there', async () => {
    await keep('#v=1&view=scalars');
    state.smoothing.value = 0.9;
    state.view.value = 'images';
    await settle();
    expect(place.entries).toEqual(['#v=1&view=scalars&smoothing=0.9', '#v=1&view=images&smoothing=0.9']);
    state.theme.value = 'dark';
    await settle();
    expect(place.entries).toHaveLength(2);
    place.go(-1);
    await settle();
    expect([state.view.value, state.smoothing.value, state.theme.value]).toEqual(['scalars', 0.9, 'auto']);
    place.go(1);
    await settle();
    expect([state.view.value, state.theme.value]).toEqual(['images', 'dark']);
    expect(place.at).toBe(1);
  });

  test('says more than the state where there is more to tell, and no step comes of it', async () => {
    const colours = new Map<string, number>();
    const { past } = await keep('', (fields) => fieldsWithColours(fields, colours));
    colours.set('a', 3);
    state.smoothing.value = 0.9;
    await settle();
    expect(place.written).toEqual(['v=1&smoothing=0.9&colours=a,3']);
    past.undo();
    await settle();
    expect(place.written.at(-1)).toBe('v=1&colours=a,3');
    expect(state.colours.value.size).toBe(0);
    expect(past.canUndo.value).toBe(false);
  });
});

test('an address that is about to be copied says what is set now', async () => {
  const { past } = await keep();
  past.flush();
  expect(place.written).toEqual([]);
  state.tagFilter.value = 'loss';
  past.flush();
  await vi.advanceTimersByTimeAsync(0);
  expect(place.written).toEqual(['v=1&tags=loss']);
  await settle();
  expect(place.written).toHaveLength(1);
  past.undo();
  expect(state.tagFilter.value).toBe('');
});

describe('undo', () => {
  test('takes back with a step what follows from it, also if that came later', async () => {
    const { past } = await keep();
    const set = () => [state.tagFilter.value, state.smoothing.value];
    for (const [wait, smoothing] of [
      [0, 0.1],
      [600, 0.2],
    ] as const) {
      state.tagFilter.value = 'loss';
      await vi.advanceTimersByTimeAsync(wait);
      inSameStep(() => (state.smoothing.value = smoothing));
      await settle();
      expect(place.read()).toContain(`smoothing=${smoothing}`);
      past.undo();
      expect(set()).toEqual(['', createState().smoothing.value]);
      past.redo();
      expect(set()).toEqual(['loss', smoothing]);
      past.undo();
      await settle();
    }
    // What follows from going back leaves the way forth.
    inSameStep(() => (state.smoothing.value = 0.3));
    await settle();
    past.redo();
    expect(set()).toEqual(['loss', 0.2]);
    past.undo();
    expect(set()).toEqual(['', 0.3]);
  });

  test('takes back one settled change after another, and redo brings them', async () => {
    const { past } = await keep('#v=1&theme=dark');
    expect([past.canUndo.value, past.canRedo.value]).toEqual([false, false]);
    state.tagFilter.value = 'lo';
    await vi.advanceTimersByTimeAsync(100);
    state.tagFilter.value = 'loss';
    await settle();
    state.pins.value = [['scalars', 'loss']];
    await settle();
    past.undo();
    expect([state.tagFilter.value, state.pins.value.length]).toEqual(['loss', 0]);
    past.undo();
    expect([state.tagFilter.value, state.theme.value]).toEqual(['', 'dark']);
    expect([past.canUndo.value, past.canRedo.value]).toEqual([false, true]);
    past.undo();
    past.redo();
    past.redo();
    past.redo();
    expect([state.tagFilter.value, state.pins.value.length]).toEqual(['loss', 1]);
    await settle();
    expect(place.entries).toEqual(['#v=1&tags=loss&pins=scalars,loss&theme=dark']);
  });

  test('takes two things that were set at once one by one, also before they have settled', async () => {
    const { past } = await keep();
    state.smoothing.value = 0.1;
    state.smoothing.value = 0.2;
    state.y.value = 'log';
    expect(past.canUndo.value).toBe(true);
    past.undo();
    expect([state.smoothing.value, state.y.value]).toEqual([0.2, 'linear']);
    past.undo();
    expect(state.smoothing.value).toBe(0.6);
  });

  test('what is set after it takes the place of what was undone', async () => {
    const { past } = await keep();
    state.smoothing.value = 0.1;
    await settle();
    past.undo();
    state.x.value = 'wall';
    await settle();
    past.redo();
    expect([state.smoothing.value, state.x.value]).toEqual([0.6, 'wall']);
  });

  test('knows of Back, and a view that it changes is an entry', async () => {
    const { past } = await keep('#v=1&view=scalars');
    state.view.value = 'images';
    await settle();
    place.go(-1);
    await settle();
    expect(state.view.value).toBe('scalars');
    past.undo();
    await settle();
    expect(state.view.value).toBe('images');
    expect(place.entries).toEqual(['#v=1&view=scalars', '#v=1&view=images']);
    past.undo();
    await settle();
    expect([state.view.value, place.entries.length]).toEqual(['scalars', 3]);
  });

  test('forgets the oldest of very many steps', async () => {
    const { past } = await keep();
    for (let i = 0; i < 300; i++) {
      state.tagFilter.value = String(i);
      state.runFilter.value = String(i);
    }
    let undone = 0;
    for (; past.canUndo.value; undone++) past.undo();
    expect(undone).toBe(199);
  });
});

/** What is drawn of a graph, and what is saved of it, by hand-made scenes. */
import { describe, expect, test } from 'vitest';
import type { Box, EdgePiece, GraphFacts, Scene } from '../../web/src/engine/graphs/graphs';
import {
  around,
  closedUnder,
  isIn,
  isInStack,
  leafOf,
  leavesOf,
  parentOf,
  partsOf,
  readable,
  titleOf,
} from '../../web/src/model/graph_paths';
import { createState, FIRST_GRAPH, GRAPH_ZOOMS, type GraphPlace } from '../../web/src/model/state';
import { addAllFields, applyState, encodeState } from '../../web/src/model/url_state';
import { dominantIn } from '../../web/src/views/graphs/dominant';
import { sumOf } from '../../web/src/views/graphs/area';
import { boxOf, bringIn, centred, clampZoom, firstLook, fit, fitArea, keep, mapOf, panBy, partSeen, resolve, seenOf, toDrawing, toWindow, zoomAt } from '../../web/src/views/graphs/camera'; // prettier-ignore
import { arrowOf, PathText, labelsOf, spread, traceLine } from '../../web/src/views/graphs/geometry';
import {
  candidatesFor,
  chosenOf,
  formOf,
  graphsOf,
  inFileOrder,
  momentAt,
  momentsOf,
  whenOf,
} from '../../web/src/views/graphs/graph_choice';
import { dotText, jsonText, partOf, wholeEdges } from '../../web/src/views/graphs/graph_exports';
import { withoutTrail } from '../../web/src/views/graphs/drawn_graph';
import { isOnTrace } from '../../web/src/views/graphs/graph_trace';
import { defaultColour } from '../../web/src/views/graphs/graph_colours';
import { faultOf, noticesOf } from '../../web/src/views/graphs/graph_faults';
import {
  formatMicros,
  formatShare,
  hitsText,
  momentTitle,
  shortDevice,
  valueOf,
} from '../../web/src/views/graphs/graph_text';
import { classesOf } from '../../web/src/views/graphs/legend_classes';
import {
  boxLook,
  classColour,
  contrast,
  edgeLook,
  elided,
  mix,
  scaled,
  wordsOf,
  type GraphTheme,
} from '../../web/src/views/graphs/look';
import { JoinedBoxes } from '../../web/src/views/graphs/joined_boxes';
import { pendingIdle } from '../../web/src/ui/pending';
import { anchorAfter, between, eased, follow, morphOf, onWay } from '../../web/src/views/graphs/morph';
import { missingFor, type Line } from '../../web/src/views/graphs/outline_rows';
import { SceneIndex } from '../../web/src/views/graphs/scene_index';
import { FakeGraphs } from './fake_graphs';
import { Random } from './random';

await addAllFields();

const box = (path: string, place: [number, number, number, number], more: Partial<Box> = {}): Box => ({
  kind: 'op',
  path,
  label: leafOf(path),
  note: '',
  x: place[0],
  y: place[1],
  width: place[2],
  height: place[3],
  parent: -1,
  open: false,
  expandable: false,
  valueRoom: false,
  ops: 1,
  colour: -1,
  share: 1,
  difference: 'same',
  constants: 0,
  summaries: 0,
  members: 1,
  header: place[2],
  ...more,
});

const piece = (from: number, to: number, points: number[], more: Partial<EdgePiece> = {}): EdgePiece => ({
  from,
  to,
  kind: 'data',
  width: 2,
  points: Float64Array.from(points),
  label: '',
  labelX: NaN,
  labelY: NaN,
  upward: false,
  difference: 'same',
  ...more,
});

const scene = (boxes: Box[], pieces: EdgePiece[] = []): Scene => ({
  version: 1,
  boxes,
  pieces,
  width: 200,
  height: 400,
  takenOut: [],
  legend: [],
  most: 0,
  coarse: [],
  took: 1,
});

/** An open group with two ops in it, between two others: in → g/(a → b) → out, through ports 0 and 1. */
const nested = (): Scene =>
  scene(
    [
      box('in', [80, 0, 40, 20]),
      box('g', [20, 60, 160, 200], { kind: 'group', open: true, expandable: true, ops: 2 }),
      box('g/a', [80, 100, 40, 20], { parent: 1 }),
      box('g/b', [80, 180, 40, 20], { parent: 1 }),
      box('out', [80, 320, 40, 20]),
    ],
    [
      piece(0, -1, [100, 20, 100, 60], { label: '3×4' }),
      piece(-1, 2, [100, 60, 100, 100]),
      piece(2, 3, [100, 120, 100, 180]),
      piece(3, -2, [100, 200, 100, 260]),
      piece(-2, 4, [100, 260, 100, 320]),
      piece(0, 4, [90, 20, 10, 20, 10, 330, 80, 330], { kind: 'control' }),
    ],
  );

const VIEW = { width: 800, height: 600 };

describe('paths', () => {
  test('have others around them', () => {
    expect(around('a/b/c')).toEqual(['a', 'a/b']);
    expect([parentOf('a/b/c'), parentOf('a'), leafOf('a/b/c'), leafOf('a')]).toEqual(['a/b', '', 'c', 'a']);
    expect([isIn('a/b', 'a'), isIn('ab', 'a'), isIn('a', 'a')]).toEqual([true, false, true]);
  });

  test('of open boxes are as many as are needed', () => {
    const open = closedUnder(['a/b/c', 'a/d']);
    expect([...open].sort()).toEqual(['a', 'a/b', 'a/b/c', 'a/d']);
    expect(leavesOf(open).sort()).toEqual(['a/b/c', 'a/d']);
  });

  test('however deep cost little', () => {
    const deep = 'x/'.repeat(100_000);
    expect(closedUnder([deep]).size).toBeLessThan(300);
  });

  test('of stacks are read as their boxes are labelled', () => {
    expect(['e/block_[0-11]', 'dense_[-4]', 'e/a', 'a[1-2]x'].map(readable)).toEqual(['e/block_0 … block_11', 'dense … dense_4', 'e/a', 'a[1-2]x']); // prettier-ignore
    expect(['e/block_[3-5]', 'e/a'].map(titleOf)).toEqual(['block_3 … block_5', 'a']);
  });

  test('of stacks fall into parts around what is open, as in the drawing', () => {
    const told = (path: string, alone: string[], least: number) => partsOf(path, alone, least).map(({ path: of, members, at }) => `${of} ${members} ${at}`); // prettier-ignore
    expect(told('e/block_[0-11]', ['e/block_3/attn', 'e', 'e/x', 'f/block_4'], 2)).toEqual([
      'e/block_[0-2] 3 0',
      'e/block_3 1 3',
      'e/block_[4-11] 8 4',
    ]);
    expect(told('conv_[-6]', ['conv_1', 'conv_1/x'], 5)).toEqual(['conv 1 0', 'conv_1 1 1', 'conv_[2-6] 5 2']);
    expect(told('l_[08-12]', ['l_09', 'l_12'], 2)).toEqual(['l_08 1 0', 'l_09 1 1', 'l_[10-11] 2 2', 'l_12 1 4']);
    expect(told('a_[0-3]', [], 2)).toEqual(['a_[0-3] 4 0']);
  });

  test('of stacks hold their members', () => {
    const stack = 'e/block_[3-11]';
    const found = ['e/block_3', 'e/block_11', 'e/block_10/x', 'e/block_2', 'e/block_12', 'f/block_3', 'e/block_', 'e/block_3x']; // prettier-ignore
    expect(found.map((path) => isInStack(path, stack))).toEqual([true, true, true, false, false, false, false, false]);
    const dense = ['dense', 'dense/x', 'dense_1', 'dense_4/x', 'dense_5', 'dens', 'dense_'];
    expect(dense.map((path) => isInStack(path, 'dense_[-4]'))).toEqual([true, true, true, true, false, false, false]);
    expect(isInStack('a', 'a')).toBe(false);
  });
});

describe('the camera', () => {
  test('shows all of a drawing, and does not blow up small ones', () => {
    const camera = fit({ x: 0, y: 0, width: 100, height: 2000 }, VIEW);
    expect(camera).toMatchObject({ x: 50, y: 1000 });
    expect(camera.zoom).toBeCloseTo(560 / 2000);
    expect(fit({ x: 0, y: 0, width: 10, height: 10 }, VIEW).zoom).toBe(1.25);
    expect(clampZoom(1e9)).toBe(8);
  });

  test('zooms around what is under the pointer, and pans by pixels', () => {
    const camera = { x: 50, y: 80, zoom: 0.5 };
    const at = toDrawing(camera, VIEW, 123, 456);
    const zoomed = zoomAt(camera, VIEW, 123, 456, 3);
    expect(zoomed.zoom).toBe(1.5);
    expect(toWindow(zoomed, VIEW, ...at).map(Math.round)).toEqual([123, 456]);
    expect(panBy(camera, 10, -20)).toEqual({ x: 30, y: 120, zoom: 0.5 });
    const seen = seenOf(camera, VIEW);
    expect(seen).toEqual({ x: 50 - 800, y: 80 - 600, width: 1600, height: 1200 });
    expect(mapOf({ width: 1000, height: 500 }, { width: 100, height: 100 })).toEqual({ x: 500, y: 250, zoom: 0.1 });
  });

  test('is kept by the name of a box, so that another layout shows the same', () => {
    const index = new SceneIndex(nested());
    const camera = { x: 100, y: 110, zoom: 1 };
    const kept = keep(camera, index);
    expect(kept).toEqual({ path: 'g/a', x: -20, y: -10, zoom: 1 });
    expect(resolve(kept, index, VIEW)).toEqual(camera);
    const moved = nested();
    for (const one of moved.boxes) one.x += 300;
    expect(resolve(kept, new SceneIndex(moved), VIEW)).toEqual({ ...camera, x: 400 });
    expect(keep(camera, index, 'out').path).toBe('out');
  });

  test('finds what is named, or what is around it', () => {
    const index = new SceneIndex(nested());
    expect(boxOf(index, 'g/a')).toBe(2);
    expect(boxOf(index, 'g/x/y')).toBe(1);
    expect(boxOf(index, 'nothing')).toBe(-1);
    expect(resolve(centred('out', 0.1), index, VIEW)).toEqual({ x: 100, y: 330, zoom: 0.6 });
    expect(resolve({ path: 'nothing', x: 1, y: 1, zoom: 1 }, index, VIEW)).toEqual(resolve(undefined, index, VIEW));
  });
});

test('what covers the window leaves room beside it', () => {
  const index = new SceneIndex(nested());
  const covered = { right: 200, bottom: 0 };
  const camera = resolve(centred('out', 2), index, VIEW, covered);
  expect(toWindow(camera, VIEW, 100, 330)).toEqual([300, 300]);
  const all = resolve(undefined, index, VIEW, covered);
  expect(toWindow(all, VIEW, 100, 200)).toEqual([300, 300]);
  expect(resolve({ path: 'out', x: 1, y: 2, zoom: 1 }, index, VIEW, covered)).toEqual({ x: 79, y: 318, zoom: 1 });
});

describe('what is seen', () => {
  const covered = { right: 200, bottom: 100 };

  test('at first is readable, from the top on; all of it if someone asks', () => {
    const index = new SceneIndex(nested());
    expect(firstLook(index, VIEW)).toEqual(resolve(undefined, index, VIEW));
    const long = new SceneIndex({ ...nested(), height: 4_000_000 });
    const first = firstLook(long, VIEW, covered);
    expect(first.zoom).toBe(0.6);
    expect(toWindow(first, VIEW, 100, 0).map(Math.round)).toEqual([300, 20]);
    const wide = new SceneIndex({ ...nested(), width: 30_000 });
    // Where the longest way begins is in the middle, but for an edge of the drawing.
    expect(toWindow(firstLook(wide, VIEW), VIEW, 0, 0).map(Math.round)).toEqual([20, 20]);
    const aside = (x: number, y = 0) => {
      const boxes = nested().boxes.map((one) => ({ ...one, x: one.x + x, y: one.y + y }));
      return new SceneIndex({ ...nested(), boxes: [...boxes, box('alone', [0, 0, 40, 20])], width: 30_000, height: 9000 }); // prettier-ignore
    };
    expect(toWindow(firstLook(aside(900), VIEW), VIEW, 1000, 0).map(Math.round)).toEqual([400, 20]);
    expect(toWindow(firstLook(aside(29_800), VIEW), VIEW, 30_000, 0).map(Math.round)).toEqual([780, 20]);
    // It is in view also where others begin above it.
    expect(toWindow(firstLook(aside(900, 5000), VIEW), VIEW, 1000, 5020).map(Math.round)).toEqual([400, 580]);
    const phone = { width: 390, height: 600 };
    expect(firstLook(wide, phone).zoom).toBe(0.75);
    expect(toWindow(firstLook(wide, phone), phone, 0, 0).map(Math.round)).toEqual([20, 20]);
    const small = new SceneIndex({ ...nested(), width: 400, height: 500 });
    expect(firstLook(small, phone)).toEqual(resolve(undefined, small, phone));
    // However long it is, it fits, zooms out no further, and is kept at a zoom that a link can say.
    const all = resolve(undefined, long, VIEW);
    expect(all.zoom * 4_000_000).toBeCloseTo(560);
    expect(zoomAt(all, VIEW, 0, 0, 0.5).zoom).toBe(all.zoom);
    expect(keep(all, long).zoom).toBe(GRAPH_ZOOMS[0]);
  });

  test('of an opened box is its head, and as much as there is room for', () => {
    const camera = { x: 400, y: 300, zoom: 1 };
    const at = (x: number, y: number, width: number, height: number) => {
      const moved = bringIn(camera, { x, y, width, height }, VIEW, covered);
      return toWindow(moved, VIEW, x, y);
    };
    expect(bringIn(camera, { x: 0, y: 0, width: 600, height: 500 }, VIEW, covered)).toBe(camera);
    expect(at(500, 50, 200, 100)).toEqual([380, 50]);
    expect(at(50, 450, 100, 300)).toEqual([50, 180]);
    expect(at(-50, -5, 100, 100)).toEqual([20, 20]);
    expect(at(300, 400, 2000, 3000)).toEqual([20, 20]);
    expect(onWay({ x: 0, y: 10, zoom: 2 }, { x: 10, y: 0, zoom: 2 }, 0.5)).toEqual({ x: 5, y: 5, zoom: 2 });
  });

  test('of a marked area is all, beside what covers the window', () => {
    const camera = fitArea({ x: 100, y: 100, width: 80, height: 20 }, VIEW, covered);
    expect(camera.zoom).toBe(7);
    expect(toWindow(camera, VIEW, 140, 110).map(Math.round)).toEqual([300, 250]);
    expect(fitArea({ x: 0, y: 0, width: 1, height: 1 }, VIEW, covered).zoom).toBe(8);
  });

  test('is a part of the whole', () => {
    const drawing = { width: 200, height: 100 };
    expect(partSeen({ x: -50, y: -50, width: 400, height: 400 }, drawing)).toBe(1);
    expect(partSeen({ x: 100, y: 50, width: 400, height: 400 }, drawing)).toBe(0.25);
    expect(partSeen({ x: 300, y: 0, width: 10, height: 10 }, drawing)).toBe(0);
  });

  test('on the map is spread over all of it', () => {
    const all = Array.from({ length: 1500 }, (_, i) => i);
    const some = spread(all, 600);
    expect([some.length, some.at(-1)]).toEqual([500, 1497]);
    expect(spread([1, 2], 600)).toEqual([1, 2]);
  });
});

describe('a scene', () => {
  test('is hit at the innermost box', () => {
    const index = new SceneIndex(nested());
    expect([index.at(100, 110), index.at(30, 70), index.at(1, 1), index.at(100, 10)]).toEqual([2, 1, -1, 0]);
  });

  test('tells what is next to a box, through ports', () => {
    const index = new SceneIndex(nested());
    const lit = (at: number) => {
      const { boxes, pieces } = index.near(at);
      return [[...boxes].flatMap((on, i) => (on ? [i] : [])), [...pieces].flatMap((on, i) => (on ? [i] : []))];
    };
    expect(lit(0)).toEqual([
      [0, 2, 4],
      [0, 1, 5],
    ]);
    expect(lit(3)).toEqual([
      [2, 3, 4],
      [2, 3, 4],
    ]);
  });

  test('lights behind a shared port only what is surely joined', () => {
    const ports = (pieces: [number, number][]) =>
      new SceneIndex(scene(Array.from({ length: 5 }, (_, i) => box(`${i}`, [0, 0, 1, 1])), pieces.map(([from, to]) => piece(from, to, [])))); // prettier-ignore
    const lit = (index: SceneIndex, at: number) => [...index.near(at).boxes].flatMap((on, i) => (on ? [i] : []));
    // 0 and 1 → port → 2 and 3: nobody can tell which of them.
    const shared = ports([[0, -1], [1, -1], [-1, 2], [-1, 3]]); // prettier-ignore
    expect([lit(shared, 0), lit(shared, 3)]).toEqual([[0], [3]]);
    expect([...shared.near(0).pieces]).toEqual([1, 0, 0, 0]);
    expect([shared.near(0).isAll, shared.near(4).isAll]).toEqual([false, true]);
    // One gives to two, and two give to one: never sideways.
    const fork = ports([[0, -1], [-1, 2], [-1, 3]]); // prettier-ignore
    expect([lit(fork, 0), lit(fork, 2)]).toEqual([[0, 2, 3], [0, 2]]); // prettier-ignore
    const join = ports([[0, -1], [1, -1], [-1, 2]]); // prettier-ignore
    expect([lit(join, 0), lit(join, 2)]).toEqual([[0, 2], [0, 1, 2]]); // prettier-ignore
    // Shared before, forked later.
    const chain = ports([[0, -1], [1, -1], [-1, -2], [-2, 2], [-2, 3]]); // prettier-ignore
    expect([lit(chain, 0), [...chain.near(0).pieces]]).toEqual([[0], [1, 0, 1, 0, 0]]);
  });

  test('is not lit by what is joined in another one', async () => {
    // 0 and 1 → port → 2 and 3: only the worker knows which of them.
    const drawn = (version: number) => new SceneIndex({ ...scene(['a', 'b', 'c', 'd'].map((path) => box(path, [0, 0, 1, 1])), [piece(0, -1, []), piece(1, -1, []), piece(-1, 2, []), piece(-1, 3, [])]), version }); // prettier-ignore
    const answer = { scene: 2, boxes: Uint8Array.of(1, 0, 1, 0), pieces: Uint8Array.of(1, 0, 1, 0), ops: 2 };
    const joined = new JoinedBoxes(() => Promise.resolve(answer));
    const lit = async (index: SceneIndex) => {
      joined.of(index, 0);
      await pendingIdle();
      return [...(joined.of(index, 0)?.boxes ?? [])];
    };
    // Another one is on its way, which has as many boxes.
    expect(await lit(drawn(1))).toEqual([1, 0, 0, 0]);
    expect(await lit(drawn(2))).toEqual([1, 0, 1, 0]);
  });

  test('leads from box to box by arrows', () => {
    const index = new SceneIndex(nested());
    expect([index.beside(2, 0, 1), index.beside(3, 0, -1), index.beside(3, 0, 1), index.beside(0, 0, 1)]).toEqual([3, 2, -1, 1]); // prettier-ignore
  });

  test('leads to a large box that is near by its edge, not by its middle', () => {
    const boxes = [box('in', [400, 0, 60, 20]), box('large', [0, 60, 440, 900]), box('far', [460, 300, 60, 20])];
    const index = new SceneIndex(scene(boxes));
    expect([index.beside(0, 0, 1), index.beside(2, -1, 0), index.beside(1, 1, 0), index.beside(1, 0, -1)]).toEqual([1, 1, 2, 0]); // prettier-ignore
  });

  test('begins where the longest way along edges does, not at what stands beside it', () => {
    const boxes = [box('alone', [0, 0, 10, 10]), ...nested().boxes];
    const pieces = nested().pieces.map((one) => {
      const shifted = (end: number): number => (end >= 0 ? end + 1 : end);
      return { ...one, from: shifted(one.from), to: shifted(one.to) };
    });
    const index = new SceneIndex(scene(boxes.map((one) => ({ ...one, parent: one.parent < 0 ? -1 : one.parent + 1 })), pieces)); // prettier-ignore
    expect([boxes[index.first()]?.path, boxes[index.beside(-1, 0, 1)]?.path]).toEqual(['in', 'in']);
    expect(boxes[index.firstIn(2)]?.path).toBe('g/a');
    expect(new SceneIndex(scene([])).first()).toBe(-1);
  });

  test('has in an area what that touches, and an open box only as a whole', () => {
    const index = new SceneIndex(nested());
    const paths = (x: number, y: number, width: number, height: number) => index.within({ x, y, width, height }).map((i) => index.scene.boxes[i]?.path); // prettier-ignore
    expect(paths(0, 0, 200, 110)).toEqual(['in', 'g/a']);
    expect(paths(0, 50, 200, 300)).toEqual(['g', 'out']);
    expect(paths(0, 25, 10, 10)).toEqual([]);
  });

  test('finds the stack of a path', () => {
    const index = new SceneIndex(scene([box('e/block_[0-3]', [0, 0, 10, 10], { kind: 'stack' })]));
    expect([boxOf(index, 'e/block_2/attn'), boxOf(index, 'e/block_4')]).toEqual([0, -1]);
  });
});

describe('lines', () => {
  const path = (points: number[], arrow = false): string => {
    const pen = new PathText();
    traceLine(pen, Float64Array.from(points), arrow);
    return pen.text;
  };

  test('have round corners, as far as there is room', () => {
    expect(path([0, 0, 0, 100, 100, 100])).toBe('M0 0L0 86Q0 100 14 100L100 100');
    expect(path([0, 0, 0, 10, 100, 10])).toBe('M0 0L0 5Q0 10 5 10L100 10');
    expect(path([0, 0, 0, 10])).toBe('M0 0L0 10');
    expect(path([0, 0])).toBe('');
    // A corner that is none.
    expect(path([0, 0, 0, 0, 0, 9])).toBe('M0 0L0 0L0 9');
  });

  test('end before the tip of their arrow', () => {
    expect(path([0, 0, 0, 50], true)).toBe('M0 0L0 45');
    expect(arrowOf(Float64Array.from([0, 0, 0, 50]))).toEqual([0, 50, -3.5, 43, 3.5, 43]);
  });

  test('stay within their corners', () => {
    const random = new Random(7);
    for (let round = 0; round < 200; round++) {
      const points = Array.from({ length: 2 * (2 + random.below(6)) }, () => random.below(50));
      const numbers =
        path(points, true)
          .match(/-?[\d.]+/g)
          ?.map(Number) ?? [];
      expect(numbers.every((at) => at >= -5 && at <= 55)).toBe(true);
    }
  });

  test('have labels, and boxes have numbers, where room was found for them', () => {
    const boxes = [box('a', [0, 0, 40, 20], { valueRoom: true, summaries: 1 }), box('b', [0, 60, 40, 20])];
    const pieces = [piece(0, 1, [20, 20, 20, 60], { label: '3×4', labelX: 26, labelY: 34 }), piece(1, 0, [], { label: '5' })]; // prettier-ignore
    expect(labelsOf(scene(boxes, pieces), ({ path }) => `${path} ms`)).toEqual([
      { piece: -1, box: 0, text: 'a ms', x: 49, y: 13.5 },
      { piece: 0, box: -1, text: '3×4', x: 26, y: 43.5 },
    ]);
    expect(labelsOf(scene(boxes)).length).toBe(0);
  });
});

describe('opening', () => {
  const before = new SceneIndex(scene([box('in', [0, 0, 40, 20]), box('g', [0, 60, 40, 36], { kind: 'group' })]));
  const after = new SceneIndex(nested());

  test('moves what was there, and brings new boxes out of theirs', () => {
    const morph = morphOf(before, after);
    expect([...morph.was]).toEqual([1, 1, 0, 0, 0]);
    expect([...between(morph, after, 0).subarray(0, 8)]).toEqual([0, 0, 40, 20, 0, 60, 40, 36]);
    // g moves by 20 to the right: so does what is in it.
    expect(between(morph, after, 0)[8]).toBe(60);
    expect([...between(morph, after, 1)]).toEqual(
      nested().boxes.flatMap(({ x, y, width, height }) => [x, y, width, height]),
    );
    expect([eased(0), eased(1), eased(7)]).toEqual([0, 1, 1]);
  });

  test('keeps the opened box where it is', () => {
    const morph = morphOf(before, after);
    const end = { x: 100, y: 100, zoom: 2 };
    for (const part of [0, 0.3, 1]) {
      const rects = between(morph, after, part);
      const camera = follow(end, after, rects, 'g');
      expect(toWindow(camera, VIEW, rects[4] as number, rects[5] as number)).toEqual(toWindow(end, VIEW, 20, 60));
    }
  });

  test('of a stack keeps its first member there', () => {
    const stack = new SceneIndex(scene([box('e/b_[0-1]', [0, 0, 10, 10], { kind: 'stack' })]));
    const members = new SceneIndex(scene([box('e/b_0', [0, 0, 10, 10]), box('e/b_1', [0, 20, 10, 10])]));
    expect(anchorAfter(stack, members, 'e/b_[0-1]')).toBe('e/b_0');
    expect(anchorAfter(stack, members, 'e/b_1')).toBe('e/b_1');
  });
});

describe('what is saved', () => {
  test('has edges from box to box', () => {
    expect(wholeEdges(nested()).map(({ from, to, kind, label }) => [from, to, kind, label])).toEqual([
      ['in', 'g/a', 'data', '3×4'],
      ['g/a', 'g/b', 'data', ''],
      ['g/b', 'out', 'data', ''],
      ['in', 'out', 'control', ''],
    ]);
  });

  test('as DOT is nested, and names are texts', () => {
    const nasty = nested();
    (nasty.boxes[0] as Box).label = 'a"b\\n];';
    const text = dotText(nasty);
    expect(text).toContain('"in" [label="a\\"b\\\\n];", shape=box, style=rounded];');
    expect(text).toMatch(/subgraph "cluster g" \{\n\s+label="g";\n\s+"g\/a" .*\n\s+"g\/b" .*\n\s+\}/);
    expect(text).toContain('"in" -> "out" [label="", style=dashed];');
    expect(text.match(/[{}]/g)?.join('')).toBe('{{}}');
  });

  test('as DOT may be deep', () => {
    const boxes = Array.from({ length: 5000 }, (_, i) => box(`${i}`, [0, 0, 1, 1], { parent: i - 1, open: true }));
    expect(dotText(scene(boxes)).match(/subgraph/g)).toHaveLength(5000);
  });

  test('may be a part of it', () => {
    const part = partOf(nested(), new Set(['g', 'out']));
    expect(part.boxes.map(({ path, parent }) => [path, parent])).toEqual([['g', -1], ['g/a', 0], ['g/b', 0], ['out', -1]]); // prettier-ignore
    expect(wholeEdges(part).map(({ from, to }) => [from, to])).toEqual([['g/a', 'g/b'], ['g/b', 'out']]); // prettier-ignore
    expect(dotText(partOf(nested(), new Set(['g/a', 'in'])))).not.toContain('subgraph');
  });

  test('as JSON has boxes and edges by path', () => {
    const json = JSON.parse(jsonText(nested())) as { nodes: { path: string; in: string | null }[]; edges: unknown[] };
    expect(json.nodes.map(({ path, in: around }) => [path, around])).toContainEqual(['g/a', 'g']);
    expect(json.edges).toHaveLength(4);
  });
});

describe('which graph', () => {
  const all = graphsOf([
    { run: 'a', tag: '', plugin: 'graphs', series: 0 },
    { run: 'a', tag: 'step1', plugin: 'graph_run_metadata', series: 1 },
    { run: 'a', tag: 'step2', plugin: 'graph_run_metadata', series: 2 },
    { run: 'b', tag: 'keras', plugin: 'graph_keras_model', series: 3 },
  ]);
  const place = FIRST_GRAPH;

  test('is by form of what was written', () => {
    expect(all.map(({ run, forms }) => [run, [...forms.keys()]])).toEqual([
      ['a', ['ops', 'profile']],
      ['b', ['model']],
    ]);
    expect(formOf('graph_tagged_run_metadata')).toBe('profile');
  });

  test('is the one that is named, or the first', () => {
    expect(chosenOf(all, [], place)).toMatchObject({ run: 'a', form: 'ops', series: 0 });
    expect(chosenOf(all, [], { ...place, form: 'profile', tag: 'step2' })).toMatchObject({ series: 2 });
    expect(chosenOf(all, [], { ...place, run: 'b', form: 'profile' })).toMatchObject({ form: 'model', series: 3 });
    expect(chosenOf(all, ['x.pb'], { ...place, form: 'file', run: 'x.pb' })).toEqual({ kind: 'file', name: 'x.pb' });
    expect(chosenOf([], ['x.pb'], place)).toEqual({ kind: 'file', name: 'x.pb' });
    expect(chosenOf([], [], place)).toBeUndefined();
  });

  test('of files of one name is the first one, and the others stand behind it', () => {
    const files = ['(2)/x.pb', '(10)/x.pb', 'a.pb', 'x.pb', 'z.pb'];
    expect(inFileOrder(files)).toEqual(['a.pb', 'x.pb', '(2)/x.pb', '(10)/x.pb', 'z.pb']);
  });

  test('of several of one step is told by when it was written', () => {
    const steps = BigInt64Array.of(0n, 0n, 5n, 7n, 7n);
    const moments = momentsOf({ steps, wallTimes: Float64Array.of(10, 20, 30, 40, 40) });
    // Two that nothing tells apart are one.
    expect(moments.map(({ at }) => at)).toEqual([0, 1, 2, 4]);
    const named = moments.map((_, i) => whenOf(moments, i));
    expect(named.map(({ step, time }) => [step, time])).toEqual([[0n, 10], [0n, undefined], [5n, undefined], [undefined, undefined]]); // prettier-ignore
    expect(named.map((when) => momentAt(moments, when))).toEqual([0, 1, 2, 3]);
    expect([{ step: 6n, time: undefined }, { step: -1n, time: 3 }, { step: 0n, time: 99 }].map((when) => momentAt(moments, when))).toEqual([2, 0, 1]); // prettier-ignore
    expect(moments.map((one) => momentTitle(one, moments))).toEqual(['0 · 1 of 2', '0 · 2 of 2', '5', '7']);
  });

  test('can be compared with it: each once, and layers with layers', () => {
    const told = (form: 'ops' | 'layers', own: GraphPlace, steps: bigint[] = [0n]) => {
      const drawn = { chosen: chosenOf(all, [], own), form, when: own };
      const moments = momentsOf({ steps: BigInt64Array.from(steps), wallTimes: new Float64Array(steps.length) });
      return candidatesFor(all, drawn, () => moments).map(({ place: { run, form, tag, step } }) => `${run},${form},${tag},${step ?? ''}`); // prettier-ignore
    };
    // Its only step is what is drawn, and its profiles are drawn in that same graph.
    expect(told('ops', place)).toEqual([]);
    expect(told('ops', place, [1n, 1n, 5n, 5n, 9n])).toEqual(['a,ops,,1', 'a,ops,,5']);
    expect(told('ops', { ...place, step: 6n }, [1n, 1n, 5n, 9n])).toEqual(['a,ops,,1', 'a,ops,,9']);
    expect(told('ops', { ...place, form: 'profile' }, [1n, 2n])).toEqual(['a,ops,,1']);
    expect(told('ops', { ...place, run: 'b', form: 'ops' })).toEqual(['a,ops,,']);
    expect(told('layers', place)).toEqual(['b,model,keras,']);
  });

  test('has colours that suit it', async () => {
    const facts: GraphFacts = { ...(await new FakeGraphs().open()), compared: false };
    const timed = { ...facts, has: { ...facts.has, time: true } };
    const untimed = { ...facts, has: { ...facts.has, time: false } };
    expect(defaultColour(timed, 'ops')).toBe('structure');
    expect([defaultColour(timed, 'profile'), defaultColour(untimed, 'profile')]).toEqual(['time', 'structure']);
    expect(defaultColour({ ...timed, compared: true }, 'profile')).toBe('difference');
  });
});

test('what is wrong is said in sentences', async () => {
  const facts: GraphFacts = await new FakeGraphs().open();
  const faults = (['malformed', 'dangling', 'duplicate', 'noSuchFunction', 'empty', 'tooMany'] as const).map((kind) => {
    return { kind, count: 2, example: 'a/b' };
  });
  const notices = noticesOf({ ...facts, faults }, ['', 'x']);
  expect(notices.map(({ severity }) => severity)).toEqual(['error', 'warn', 'warn', 'warn', 'info', 'error', 'info']);
  expect(notices[1]?.text).toBe('2 inputs name no node (a/b): drawn dashed where an input comes from');
  for (const { text } of notices) expect(text).toMatch(/^[A-Z0-9].*[^.]$/);
});

test('the next hit closes what the one before opened, and nothing else', () => {
  const open = closedUnder(['a/b/c', 'd/e']);
  expect([...withoutTrail(open, new Set(['a/b', 'a/b/c']))].sort()).toEqual(['a', 'd', 'd/e']);
  // Somebody opened d/e in what was opened for a hit: that stays, with all around it.
  expect([...withoutTrail(open, new Set(['d']))].sort()).toEqual([...open].sort());
});

test('the row of what is selected is looked for in its level, or in the stack that it is in', () => {
  const line = (parent: string, at: number): Line => ({ row: undefined, parent, at, depth: 0, position: at + 1, of: 9, open: false }); // prettier-ignore
  const lines = [line('', 3), line('a', 0), line('e/block_[0-3]', 2)];
  expect(['a/b', 'x', 'e/block_2', 'q/r'].map((path) => missingFor(lines, path)?.parent)).toEqual(['a', '', 'e/block_[0-3]', undefined]); // prettier-ignore
});

test('a retry is offered where it can help', () => {
  expect(faultOf({ code: 'not_a_graph' }, 0)).toEqual({ text: 'This file is empty: it has no bytes, and no graph', canRetry: false }); // prettier-ignore
  expect(faultOf({ code: 'not_a_graph' }, 9)).toMatchObject({ canRetry: false });
  expect(faultOf({ code: 'not_a_graph' }, 9).text).toMatch(/^There is no graph in it/);
  expect(faultOf({ code: 'unreadable' }).canRetry).toBe(true);
  expect(faultOf({ code: 'cancelled' })).toEqual({ text: 'It was called off', canRetry: true });
});

test('the legend names what is drawn and has a colour of its own, the most first, and counts the rest', () => {
  const drawn = scene([0, 2, 3, 12, -1].map((colour, i) => box(`${i}`, [0, 0, 1, 1], { colour })));
  drawn.legend = Array.from({ length: 13 }, (_, i) => ({ label: `${i}`, count: [2, 50, 7, 3][i] ?? 2 }));
  const { named, more } = classesOf(drawn);
  expect([named.map(({ label, i }) => `${label} ${i}`), more]).toEqual([['2 2', '3 3', '0 0'], 10]);
  // No two classes share a colour.
  const classes = Array.from({ length: 12 }, (_, i) => `#0000${i + 10}`);
  expect([11, 12, 24, -1].map((i) => classColour(i, { classes } as unknown as GraphTheme))).toEqual(['#000021', undefined, undefined, undefined]); // prettier-ignore
});

test('numbers are words', () => {
  expect([NaN, 12, 1284, 2.5e6].map(formatMicros)).toEqual(['–', '12 µs', '1.284 ms', '2.500 s']);
  expect([0, 0.061, 0.5].map(formatShare)).toEqual(['0 %', '6.1 %', '50 %']);
  expect(shortDevice('/job:localhost/replica:0/task:0/device:GPU:0')).toBe('GPU:0');
  expect(shortDevice('/cpu:0')).toBe('cpu:0');
  expect([hitsText(6, 12), hitsText(-1, 0), hitsText(-1, 6), hitsText(0, 5000)]).toEqual(['7 of 12', 'None', '6 hits', '1 of 5,000']); // prettier-ignore
});

describe('words', () => {
  const widthOf = (text: string): number => 6 * [...text].length;

  test('end where there is no more room', () => {
    expect([60, 59, 12, 6, 0].map((room) => elided('abcdefghij', room, widthOf))).toEqual(['abcdefghij', 'abcdefgh…', 'a…', '', '']); // prettier-ignore
    expect(elided('ab cdef', 24, widthOf)).toBe('ab…');
    expect(elided('😀😀😀', 12, widthOf)).toBe('😀…');
  });

  test('fit their box, closed or open', () => {
    const theme = { font: 'serif' } as GraphTheme;
    const long = box('n'.repeat(300), [0, 0, 220, 20]);
    const pill = wordsOf(long, theme, widthOf);
    expect([widthOf(pill.label) <= 220, pill.label.endsWith('…'), pill.note, pill.cut]).toEqual([true, true, '', true]);
    const open = wordsOf({ ...long, kind: 'group', open: true, label: 'attn', note: 'x'.repeat(90) }, theme, widthOf);
    expect([open.label, open.cut]).toEqual(['attn', true]);
    expect(widthOf(open.label) + widthOf(open.note)).toBeLessThan(220 - 24);
    expect(wordsOf(box('a', [0, 0, 48, 20]), theme, widthOf)).toMatchObject({ label: 'a', cut: false });
    // The type of a layer has a line of its own; that of an op is told elsewhere.
    const dense = { note: 'Dense' };
    expect(wordsOf(box('a', [0, 0, 60, 34], dense), theme, widthOf)).toMatchObject({ label: 'a', note: 'Dense' });
    expect(wordsOf(box('a', [0, 0, 60, 20], dense), theme, widthOf)).toMatchObject({ label: 'a', note: '' });
  });
});

test('a box that holds most of a level of few is opened, and no other', () => {
  const group = (path: string, parent: number, ops: number, open = false) => box(path, [0, 0, 1, 1], { kind: 'group', expandable: true, parent, open, ops }); // prettier-ignore
  const op = (path: string, parent = -1) => box(path, [0, 0, 1, 1], { parent });
  expect(dominantIn(scene([group('a', -1, 5)]))).toBe('a');
  expect(dominantIn(scene([op('input'), group('net', -1, 7), op('output')]))).toBe('net');
  expect(dominantIn(scene([op('input'), group('net', -1, 7, true), op('output'), group('net/x', 1, 6), op('net/y', 1)]))).toBe('net/x'); // prettier-ignore
  expect(dominantIn(scene([group('a', -1, 9, true), group('a/b', 0, 4), group('a/c', 0, 5)]))).toBeUndefined();
  expect(dominantIn(scene([group('a', -1, 90), ...'bcdef'.split('').map((name) => op(name))]))).toBeUndefined();
  expect(dominantIn(scene([op('a')]))).toBeUndefined();
  expect(dominantIn(scene([]))).toBeUndefined();
});

test('boxes that are selected together are summed, as far as anything is known of them', async () => {
  const [attn, norm] = await Promise.all(['encoder/block_0/attn', 'encoder/block_0/norm1'].map((path) => new FakeGraphs().node(1, path))); // prettier-ignore
  if (!attn || !norm) throw new Error('the fake has them');
  const timed = sumOf([attn, norm]);
  expect([timed.boxes, timed.ops, timed.micros]).toEqual([2, 5, attn.micros + norm.micros]);
  expect(timed.inside[0]).toEqual({ name: 'attn/encoder/block_0/attn/qkv/MatMul', count: 1, micros: 610 });
  const untimed = { ...norm, micros: NaN, timeShare: NaN, parameters: NaN };
  const group = { ...untimed, kind: 'group' as const, ops: 3, parameters: 7, inside: [{ name: 'LayerNorm', count: 2, micros: NaN }] }; // prettier-ignore
  const plain = sumOf([untimed, group]);
  expect([plain.micros, plain.parameters, plain.ops]).toEqual([NaN, 7, 4]);
  expect(plain.inside).toEqual([{ name: 'LayerNorm', count: 3, micros: NaN }]);
});

test('what is taken out is on a trace if a way as short leads there along the edges', () => {
  expect(isOnTrace(['a/x', 'b', 'c'], 'a', 2)).toBe(true);
  expect(isOnTrace(['a/x', 'b', 'c'], 'a', 1)).toBe(false);
  expect(isOnTrace(['c', 'b', 'a/x'], 'a', Infinity)).toBe(false);
  expect(isOnTrace(['c', 'b', 'a/x'], undefined, Infinity)).toBe(true);
  expect(isOnTrace([], undefined, Infinity)).toBe(false);
});

test('what has a colour of a scale has that colour of the legend, and letters that are read on it', () => {
  const light = ['#eef7fa', '#a5dbec', '#5aa8d4', '#3568b2', '#272c6c'];
  const dark = ['#181a22', '#30376c', '#436cb9', '#4ab8e8', '#bcf8fe'];
  for (const scale of [light, dark]) {
    const theme = { scale } as unknown as GraphTheme;
    for (let value = 0; value <= 1; value += 0.01) {
      const look = boxLook(box('a', [0, 0, 9, 9], { colour: value }), 'time', theme, false);
      expect(look.fill).toBe(scaled(theme, value));
      expect(contrast(look.ink, look.fill)).toBeGreaterThan(4.5);
    }
  }
  expect(contrast('#ffffff', '#000000')).toBe(21);
  expect([valueOf({ colour: 0.5 }, 'time', { most: 2568 }), valueOf({ colour: 1 }, 'memory', { most: 2e6 })]).toEqual(['1.284 ms', '2 MB']); // prettier-ignore
  expect([valueOf({ colour: NaN }, 'time', { most: 1 }), valueOf({ colour: 3 }, 'structure', { most: 1 })]).toEqual([
    '',
    '',
  ]);
});

test('colours mix, and scales have ends', () => {
  expect(mix('#ffffff', '#000000', 0.5)).toBe('#808080');
  const theme = { scale: ['#000000', '#ffffff', '#ff0000'] } as unknown as GraphTheme;
  expect([-1, 0.25, 1, 9].map((value) => scaled(theme, value))).toEqual(['#000000', '#808080', '#ff0000', '#ff0000']);
});

describe('a link', () => {
  test('to a deep view of a large graph is short', async () => {
    const state = createState();
    state.view.value = 'graphs';
    const root = 'while/body/_1/model_with_a_long_name/transformer_encoder';
    const open = Array.from({ length: 20 }, (_, i) => `${root}/block_${i}/self_attention/dense_general_projection`);
    state.graphOpen.value = closedUnder(open);
    state.graphNode.value = `${open[3]}/MatMul`;
    state.graphCamera.value = { path: open[3] as string, x: -120, y: 33, zoom: 0.75 };
    state.graphSearch.value = 'op:MatMul';
    const hash = await encodeState(state);
    expect(hash.length).toBeLessThan(700);
    const read = createState();
    await applyState(read, hash);
    expect([...(read.graphOpen.value ?? [])].sort()).toEqual([...state.graphOpen.value].sort());
  });

  test('says it in words', async () => {
    const state = createState();
    state.graph.value = { run: 'a,b', form: 'profile', tag: 'x', step: 5n, time: undefined };
    state.graphAgainst.value = FIRST_GRAPH;
    state.graphOpen.value = new Set(['encoder', 'encoder/block_3']);
    state.graphTable.value = { column: 'time', descending: true };
    state.graphCamera.value = { path: 'x', x: NaN, y: NaN, zoom: 1 };
    expect(decodeURIComponent(await encodeState(state))).toBe(
      'v=1&graph=a\\,b,profile,x,5&graphagainst=,&open=encoder/block_3&table=time:down&camera=x,1',
    );
  });

  test('tells what a person set from what suits the graph', async () => {
    const state = createState();
    expect(await encodeState(state)).toBe('');
    state.graphOpen.value = new Set();
    state.graphColour.value = 'structure';
    state.graph.value = { ...FIRST_GRAPH, step: 0n, time: 1.5 };
    const hash = await encodeState(state);
    expect(hash).toBe('v=1&graph=,,,0,1.5&open=&graphcolour=structure');
    const read = createState();
    await applyState(read, hash);
    expect([read.graphOpen.value, read.graphColour.value, read.graph.value]).toEqual([new Set(), 'structure', state.graph.value]); // prettier-ignore
  });

  test('with nonsense in it changes nothing', async () => {
    const state = createState();
    await applyState(state, 'v=1&camera=x,NaN:1:2&table=size&depth=0&trace=up&graphcolour=red&graph=,,,,x');
    const values = [state.graphCamera, state.graphTable, state.graphTraceDepth, state.graphTrace, state.graphColour];
    expect(values.map(({ value }) => value)).toEqual([undefined, undefined, Infinity, 'off', 'auto']);
    expect(state.graph.value).toEqual(FIRST_GRAPH);
  });
});

test('edges that share points stay as light: they are opaque, by colour', () => {
  const theme = { background: '#ffffff', control: '#000000', ink: '#112233' } as GraphTheme;
  const strokes = [[false, false], [false, true], [true, true]].map(([hot, dim]) => edgeLook(piece(0, 1, []), 'structure', theme, hot as boolean, dim as boolean)); // prettier-ignore
  expect(strokes.map(({ stroke }) => stroke)).toEqual(['#404040', '#c6c6c6', '#112233']);
  expect(strokes.every((look) => !('opacity' in look))).toBe(true);
});

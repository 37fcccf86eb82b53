import { expect, test } from 'vitest';
import { readScene } from '../../web/src/engine/graphs/scene_reader';

test('a scene is read as wasm/graph/scene_writer.h says that it is written', () => {
  const texts = {
    boxes: [
      ['encoder', 'encoder', '12 ops'],
      ['encoder/x', 'x', 'MatMul'],
    ],
    pieces: ['64×10', ''],
    takenOut: [{ path: 'global_step', edges: 41, byHand: false }],
    legend: [{ label: 'encoder', count: 1 }],
    coarse: ['encoder'],
  };
  const numbers = Float64Array.from([
    ...[2, 2, 300, 400, 5, 84],
    ...[1, 10, 20, 200, 100, -1, 7, 12, 0, 1, 1, 0, 2, 0, 90],
    ...[0, 40, 60, 48, 20, 0, 0, 1, NaN, 0.5, 0, 3, 0, 0, 0],
    ...[-1, 1, 0, 3.5, 0, 0, 2, 70, 34],
    ...[1, 0, 1, 1.2, 1, 2, 3, NaN, NaN],
    ...[64, 20, 64, 60],
    ...[64, 80, 90, 85, 90, 20],
  ]);
  const scene = readScene({ numbers, texts: JSON.stringify(texts) }, 7);
  expect(scene).toMatchObject({ version: 7, width: 300, height: 400, most: 5, took: 84, coarse: ['encoder'] });
  expect(scene.takenOut).toEqual(texts.takenOut);
  expect(scene.legend).toEqual(texts.legend);
  expect(scene.boxes[0]).toEqual({
    kind: 'group',
    path: 'encoder',
    label: 'encoder',
    note: '12 ops',
    x: 10,
    y: 20,
    width: 200,
    height: 100,
    parent: -1,
    open: true,
    expandable: true,
    valueRoom: true,
    ops: 12,
    colour: 0,
    share: 1,
    difference: 'changed',
    constants: 0,
    summaries: 2,
    members: 0,
    header: 90,
  });
  expect(scene.boxes[1]).toMatchObject({
    kind: 'op',
    parent: 0,
    open: false,
    valueRoom: false,
    colour: NaN,
    share: 0.5,
    constants: 3,
  });
  expect(scene.pieces[0]).toEqual({
    from: -1,
    to: 1,
    kind: 'data',
    width: 3.5,
    upward: false,
    difference: 'same',
    label: '64×10',
    labelX: 70,
    labelY: 34,
    points: Float64Array.of(64, 20, 64, 60),
  });
  expect(scene.pieces[1]).toMatchObject({
    from: 1,
    to: 0,
    kind: 'control',
    upward: true,
    difference: 'added',
    labelX: NaN,
  });
  expect(scene.pieces[1]?.points).toEqual(Float64Array.of(64, 80, 90, 85, 90, 20));
});

import { effect, signal } from '@preact/signals-core';
import { expect, test, vi } from 'vitest';
import type { Box, Scene } from '../../web/src/engine/graphs/graphs';
import type { GraphCamera } from '../../web/src/model/state';
import { DrawingCamera } from '../../web/src/views/graphs/drawing_camera';
import { SceneIndex } from '../../web/src/views/graphs/scene_index';

function box(path: string, [x, y, width, height]: readonly number[], open = false): Box {
  return { path, x, y, width, height, open, parent: -1, kind: 'group', expandable: true } as unknown as Box;
}
const indexOf = (boxes: Box[], version: number) =>
  new SceneIndex({ version, boxes, pieces: [], width: 4000, height: 4000 } as unknown as Scene, 'structure');

test.each(['gone', 'open'])(
  'a box is opened while the one that is looked from is %s: it is seen, and kept',
  async (path) => {
    vi.stubGlobal('matchMedia', () => ({ matches: false }));
    vi.stubGlobal('window', { setTimeout });
    const graphCamera = signal<GraphCamera | undefined>({ path: 'anchor', x: 10, y: 10, zoom: 1 });
    const before = indexOf([box('anchor', [100, 100, 100, 40])], 1);
    let index = before;
    const desk = {
      context: { state: { graphCamera } },
      drawn: { scene: { busy: signal(false) } },
      opened: { facts: signal({ graph: 1 }) },
      selection: { isSelected: signal(false) },
    };
    const camera = new DrawingCamera(
      { desk, closest: () => null } as unknown as ConstructorParameters<typeof DrawingCamera>[0],
      () => index,
    );
    camera.view.value = { width: 800, height: 600 };
    effect(() => camera.follow());
    index = indexOf(
      [box(path === 'open' ? 'anchor' : 'fresh', [600, 600, 900, 500], true), box('other', [0, 0, 20, 20])],
      2,
    );
    camera.lookFromKept(before);
    const seen = { ...camera.now.value };
    await Promise.resolve();
    await Promise.resolve();
    expect(camera.now.value).toEqual(seen);
    vi.unstubAllGlobals();
  },
);

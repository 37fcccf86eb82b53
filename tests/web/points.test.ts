import { describe, expect, test } from 'vitest';
import { isInside, screenGrid, type HitShape, type ScreenGrid } from '../../web/src/views/projector/points/picking';
import { fitted, pan, project, rotate, rounded, viewOf, zoomAt, type View } from '../../web/src/views/projector/points/point_camera'; // prettier-ignore
import { isShown, PointCloud, rankOf } from '../../web/src/views/projector/points/point_cloud';
import { placeLabels, type WantedLabel } from '../../web/src/views/projector/points/label_layout';
import { grownBy, shapeOfPoint } from '../../web/src/views/projector/points/point_sizes';
import {
  EMPHASIS,
  NO_CELL,
  type PointsCamera,
  type PointsPicture,
} from '../../web/src/views/projector/points/points_picture';
import { ABSENT, frameOf, middleOf } from '../../web/src/views/projector/points/point_spread';
import { DotRaster, mix } from '../../web/src/views/projector/points/dot_raster';
import { cornerOf, cutPages } from '../../web/src/views/projector/points/sprite_pages';
import { ended } from './ended';
import { Random } from './random';

const WINDOW = { width: 800, height: 600 };

function picture(count: number, random: Random, is3d = true): PointsPicture {
  const positions = Float32Array.from({ length: 3 * count }, (_, i) => (i % 3 === 2 && !is3d ? 0 : random.next() * 10));
  return {
    count,
    positions,
    is3d,
    colours: new Uint8Array(4 * count).fill(255),
    emphasis: new Uint8Array(count),
    form: 'dots',
    size: 4,
    opacity: 1,
    density: false,
    lines: new Uint32Array(),
    centre: -1,
    linked: new Uint32Array(),
    clusters: [],
    label: () => undefined,
    labelled: new Uint32Array(),
  };
}

const at = (view: View, place: readonly [number, number, number]): number[] => {
  const found = [0, 0, 0];
  project(view, ...place, found);
  return found;
};

describe('camera', () => {
  test.each([false, true])('what is fitted is in the window, and a point far off is not (3-D: %s)', (is3d) => {
    const one = picture(3000, new Random(1), is3d);
    one.positions.set([4000, 0, 0]);
    const cloud = new PointCloud();
    ended(cloud.update(one));
    const view = viewOf(fitted(cloud.frame, WINDOW), cloud.frame, WINDOW);
    const seen = Array.from({ length: one.count }, (_, i) => at(view, cloud.placeNow(i)));
    const isIn = ([x = 0, y = 0]: number[]): boolean => x >= 0 && y >= 0 && x <= 800 && y <= 600;
    expect(isIn(seen[0] as number[])).toBe(false);
    expect(seen.slice(1).every(isIn)).toBe(true);
    const heights = seen.slice(1).map(([, y]) => y as number);
    expect(Math.max(...heights) - Math.min(...heights)).toBeGreaterThan(is3d ? 250 : 450);
    // It can be reached all the same.
    const far = viewOf({ ...fitted(cloud.frame, WINDOW), zoom: 1e-9 }, cloud.frame, WINDOW);
    expect(isIn(at(far, cloud.placeNow(0)))).toBe(true);
  });

  test('zooming leaves what is at the pointer there, panning takes it along', () => {
    const random = new Random(2);
    const frame = ended(frameOf(Float32Array.from([0, 0, 0, 5, 6, 7]), new Uint8Array(2), true));
    for (let i = 0; i < 100; i++) {
      const camera: PointsCamera = { target: [random.next(), 2, 3], azimuth: random.next() * 6, elevation: random.next(), zoom: 0.5 + random.next() }; // prettier-ignore
      const view = viewOf(camera, frame, WINDOW);
      const [right, up] = view.axes;
      const [a, b] = [random.next() - 0.5, random.next() - 0.5];
      // Of the plane of the target.
      const place = camera.target.map((t, k) => t + a * (right[k] as number) + b * (up[k] as number)) as unknown as [number, number, number]; // prettier-ignore
      const [x = 0, y = 0] = at(view, place);
      const zoomed = at(viewOf(zoomAt(camera, view, frame, x, y, 1.7), frame, WINDOW), place);
      expect(zoomed[0]).toBeCloseTo(x, 6);
      expect(zoomed[1]).toBeCloseTo(y, 6);
      const panned = at(viewOf(pan(camera, view, 31, -17), frame, WINDOW), place);
      expect(panned[0]).toBeCloseTo(x + 31, 6);
      expect(panned[1]).toBeCloseTo(y - 17, 6);
    }
  });

  test('what is in front of a turned camera goes along with a drag, too', () => {
    const frame = ended(frameOf(Float32Array.from([0, 0, 0, 5, 6, 7]), new Uint8Array(2), true));
    for (const roll of [0, 0.7, -2, Math.PI]) {
      const camera: PointsCamera = { target: [1, 2, 3], azimuth: 0.4, elevation: 0.1, roll, zoom: 1 };
      const front = viewOf(camera, frame, WINDOW).axes[2];
      const place = camera.target.map((at, i) => at + 0.1 * (front[i] as number)) as unknown as [
        number,
        number,
        number,
      ];
      for (const [dx, dy] of [
        [5, 0],
        [0, 5],
        [3, -4],
      ] as const) {
        const [x = 0, y = 0] = at(viewOf(rotate(camera, dx, dy), frame, WINDOW), place).map((one, i) => one - (at(viewOf(camera, frame, WINDOW), place)[i] as number)); // prettier-ignore
        expect(Math.atan2(y, x)).toBeCloseTo(Math.atan2(dy, dx), 1);
      }
    }
  });

  test('a turn ends above and below, and what is kept is the same pixels', () => {
    const frame = ended(frameOf(Float32Array.from([0, 0, 0, 5, 6, 7]), new Uint8Array(2), true));
    const turned = rotate(fitted(frame, WINDOW), 12_345.678, 9999);
    expect(turned.elevation).toBe(Math.PI / 2);
    expect(Math.abs(turned.azimuth)).toBeLessThanOrEqual(Math.PI);
    const camera = {
      ...rotate(fitted(frame, WINDOW), 33.3, 7.7),
      target: [1 / 3, 2 / 3, 1e-9] as const,
      zoom: 12.3456789,
    };
    const [a, b] = [camera, rounded(camera, frame)].map((one) => at(viewOf(one, frame, WINDOW), [0.4, 0.6, 0.1]));
    expect(Math.hypot((a?.[0] ?? 0) - (b?.[0] ?? 99), (a?.[1] ?? 0) - (b?.[1] ?? 99))).toBeLessThan(8);
  });
});

describe('fitting', () => {
  const seenOf = (places: number[], size: { width: number; height: number }) => {
    const frame = ended(frameOf(Float32Array.from(places), new Uint8Array(places.length / 3), true));
    const view = viewOf(fitted(frame, size), frame, size);
    const seen = Array.from({ length: places.length / 3 }, (_, i) => at(view, places.slice(3 * i, 3 * i + 3) as unknown as [number, number, number])); // prettier-ignore
    const [xs, ys] = [seen.map(([x]) => x as number), seen.map(([, y]) => y as number)];
    return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys), seen };
  };

  test.each([
    ['a box', [1, 1, 1]],
    ['a disc', [10, 10, 0.1]],
    ['a wall', [0.1, 10, 10]],
  ] as const)('%s in 3-D fills the window and is wholly in it', (_, sides) => {
    const random = new Random(20);
    const places = Array.from({ length: 6000 }, (_, i) => 100 + (sides[i % 3] as number) * random.next());
    for (const size of [WINDOW, { width: 390, height: 700 }, { width: 2000, height: 500 }]) {
      const { left, right, top, bottom, seen } = seenOf(places, size);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(size.width);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(bottom).toBeLessThanOrEqual(size.height);
      expect(seen.every(([, , w]) => (w as number) > 0.2)).toBe(true);
      expect(Math.max((right - left) / size.width, (bottom - top) / size.height)).toBeGreaterThan(0.8);
    }
  });
});

describe('spread', () => {
  test('nothing, one point, and points of one place have a frame', () => {
    for (const places of [[], [3, 4, 5], [3, 4, 5, 3, 4, 5]])
      for (const is3d of [false, true]) {
        const { centre, half, reach } = ended(
          frameOf(Float32Array.from(places), new Uint8Array(places.length / 3), is3d),
        );
        expect([...centre, ...half, reach].every(Number.isFinite)).toBe(true);
        expect(Math.min(...half, reach)).toBeGreaterThan(0);
      }
  });

  test('groups that take turns in the table all count', () => {
    const count = 200_000;
    const places = Float32Array.from({ length: 3 * count }, (_, i) => (Math.floor(i / 3) % 10) * 10 + (i % 7));
    expect(ended(frameOf(places, new Uint8Array(count), false)).half[0]).toBeGreaterThan(45);
  });

  test('names stand at the median of what is shown', () => {
    const places = Float32Array.from([0, 0, 0, 1, 5, 0, 2, 9, 0, 300, 300, 0]);
    const all = Uint32Array.of(0, 1, 2, 3);
    expect(middleOf(all, places, Uint8Array.of(0, 0, 0, ABSENT))).toEqual([1, 5, 0]);
    expect(middleOf(all, places, new Uint8Array(4))).toEqual([1.5, 7, 0]);
    expect(middleOf(all, places, new Uint8Array(4).fill(ABSENT))).toBeUndefined();
  });

  test('the name of a class in several places stands in one of them, that of a round one at its median', () => {
    const random = new Random(5);
    const around = (centres: readonly (readonly number[])[], count: number): Float32Array =>
      Float32Array.from({ length: 3 * count }, (_, i) => {
        const noise = random.next() + random.next() + random.next() - 1.5;
        return (centres[Math.floor(i / 3) % centres.length]?.[i % 3] ?? 0) + noise;
      });
    for (const count of [30, 300, 6000]) {
      const rows = Uint32Array.from({ length: count }, (_, i) => i);
      const groups = [[0, 10, 0], [5, 0, 3], [10, 5, -3]] as const; // prettier-ignore
      const apart = middleOf(rows, around(groups, count), new Uint8Array(count)) as readonly number[];
      const far = groups.map((group) => Math.hypot(...group.map((value, axis) => value - (apart[axis] as number))));
      expect(Math.min(...far)).toBeLessThan(1);
      const ball = around([[1, 2, 3]], count);
      const at = middleOf(rows, ball, new Uint8Array(count)) as readonly number[];
      expect(Math.hypot((at[0] as number) - 1, (at[1] as number) - 2, (at[2] as number) - 3)).toBeLessThan(0.5);
    }
  });
});

describe('cloud', () => {
  test('what is nowhere or hidden is absent, and no NaN is left', () => {
    const one = picture(5, new Random(3));
    one.positions[4] = NaN;
    one.positions[8] = Infinity;
    one.colours[4 * 3 + 3] = 0;
    one.emphasis[4] = EMPHASIS.selected;
    const cloud = new PointCloud();
    ended(cloud.update(one));
    expect([...cloud.states]).toEqual([0, ABSENT, ABSENT, ABSENT, EMPHASIS.selected]);
    expect(cloud.places.every(Number.isFinite)).toBe(true);
    expect(cloud.shown).toBe(2);
  });

  test('what is seen stays as it is until all of the next picture is ready', () => {
    const cloud = new PointCloud();
    const one = picture(20_000, new Random(11));
    ended(cloud.update(one));
    const was = { ...cloud, places: cloud.places.slice(), states: cloud.states.slice() };
    const next = picture(20_000, new Random(12));
    next.colours[3] = 0;
    const work = cloud.update({ ...next, clusters: [{ text: 'all', points: Uint32Array.of(0, 1) }] });
    let steps = 0;
    while (!work.next().done) {
      steps++;
      if (steps % 20 !== 0) continue;
      expect(cloud.frame).toBe(was.frame);
      expect(cloud.places.every((value, i) => value === was.places[i])).toBe(true);
      expect(cloud.states.every((value, i) => value === was.states[i])).toBe(true);
    }
    expect(steps).toBeGreaterThan(20);
    expect(cloud.placeNow(1)).toEqual([...was.places.subarray(3, 6)]);
    cloud.part = 1;
    expect(cloud.placeNow(1)).toEqual([...next.positions.subarray(3, 6)]);
    expect(cloud.middle(0)).toEqual(cloud.placeNow(1));
  });

  test('points glide from where they are, also on their way', () => {
    const cloud = new PointCloud();
    const one = picture(1, new Random(4));
    const to = (x: number): boolean => ended(cloud.update({ ...one, positions: Float32Array.of(x, 0, 0) }));
    expect(to(0)).toBe(false);
    expect(to(10)).toBe(true);
    cloud.part = 0.5;
    expect(cloud.placeNow(0)[0]).toBe(5);
    to(20);
    expect(cloud.placeNow(0)[0]).toBe(5);
    cloud.part = 1;
    to(NaN);
    to(7);
    expect(cloud.placeNow(0)[0]).toBe(7);
  });
});

const gridOf = (cloud: PointCloud, view: View, shape: HitShape): ScreenGrid => ended(screenGrid(cloud, view, shape));

describe('picking', () => {
  const shape: HitShape = { halfWidth: 2, halfHeight: 2, round: true };

  test.each([false, true])('finds what looking at every point finds (3-D: %s)', (is3d) => {
    const random = new Random(5);
    const one = picture(2000, random, is3d);
    for (let i = 0; i < one.count; i++) {
      one.emphasis[i] = random.below(4);
      if (random.next() < 0.1) one.colours[4 * i + 3] = 0;
    }
    // Two at one place: the one in front is found.
    one.positions.copyWithin(3, 0, 3);
    const cloud = new PointCloud();
    ended(cloud.update(one));
    const view = viewOf({ ...fitted(cloud.frame, WINDOW), zoom: 1.6 }, cloud.frame, WINDOW);
    const grid = gridOf(cloud, view, shape);
    const near = (w: number): number => (is3d ? Math.min(1.6, Math.max(0.6, 1 / w)) : 1);
    for (let n = 0; n < 500; n++) {
      // What is wholly out of the window is not found.
      const [x, y] = [20 + random.next() * 760, 20 + random.next() * 560];
      let [found, least] = [-1, [10, 0, 0, 0]];
      for (let i = 0; i < one.count; i++) {
        const state = cloud.states[i] as number;
        if (!isShown(state)) continue;
        const [px = 0, py = 0, w = 0] = at(view, cloud.placeNow(i)).map(Math.fround);
        const far = Math.max(0, Math.hypot(x - px, y - py) - 2 * near(w) - grownBy(state) / 2);
        const own = [far, -rankOf(state), w, -i];
        const differs = own.findIndex((value, k) => Math.abs(value - (least[k] as number)) > 1e-9);
        if (far <= 10 && (found < 0 || (own[differs] as number) < (least[differs] as number)))
          [found, least] = [i, own];
      }
      expect(grid.nearest(x, y, 10)).toBe(found);
    }
  });

  test('a point without a thumbnail is hit as the dot that it is drawn as', () => {
    const one = picture(2, new Random(30), false);
    one.positions.set([0, 0, 0, 10, 0, 0]);
    const image = { width: 16, height: 8 } as ImageBitmap;
    const sprites: PointsPicture = { ...one, form: 'sprites', sprites: { image, width: 8, height: 8, cells: Uint32Array.of(0, NO_CELL) } }; // prettier-ignore
    expect([0, 1].map((point) => shapeOfPoint(sprites, point))).toEqual([
      { width: 28, height: 28, round: false },
      { width: 4, height: 4, round: true },
    ]);
    const cloud = new PointCloud();
    ended(cloud.update(sprites));
    const view = viewOf(fitted(cloud.frame, WINDOW), cloud.frame, WINDOW);
    const shapes = [{ halfWidth: 14, halfHeight: 14, round: false }, shape] as const;
    const grid = ended(screenGrid(cloud, view, shapes[0], (point) => shapes[point] as HitShape));
    const [thumbnail = [], dot = []] = [0, 1].map((point) => at(view, cloud.placeNow(point)));
    expect(grid.nearest((thumbnail[0] ?? 0) + 13, (thumbnail[1] ?? 0) + 13, 1)).toBe(0);
    expect(grid.nearest((dot[0] ?? 0) + 13, dot[1] ?? 0, 1)).toBe(-1);
    expect(grid.nearest((dot[0] ?? 0) + 2.5, dot[1] ?? 0, 1)).toBe(1);
  });

  test('an area has those whose middle is in it', () => {
    const random = new Random(6);
    const cloud = new PointCloud();
    ended(cloud.update(picture(3000, random)));
    const view = viewOf(fitted(cloud.frame, WINDOW), cloud.frame, WINDOW);
    const grid = gridOf(cloud, view, shape);
    for (let n = 0; n < 30; n++) {
      const corners = Array.from({ length: 3 + random.below(6) }, () => [random.next() * 900 - 50, random.next() * 700 - 50] as const); // prettier-ignore
      const wanted = Array.from({ length: cloud.count }, (_, i) => i).filter((i) => {
        const [x = 0, y = 0] = at(view, cloud.placeNow(i)).map(Math.fround);
        return isInside(x, y, corners) && x >= 0 && y >= 0 && x <= 800 && y <= 600;
      });
      expect([...grid.within(corners)]).toEqual(wanted);
    }
  });
});

describe('labels', () => {
  const labels = (random: Random, count: number): WantedLabel[] =>
    Array.from({ length: count }, (_, i) => {
      const [x, y, width] = [random.next() * 800, random.next() * 600, 20 + random.below(80)];
      return { key: `${i}`, width, height: 15, places: [[x + 5, y], [x - 5 - width, y]] as const }; // prettier-ignore
    });

  test('none is over another, and those of an earlier rank go first', () => {
    const random = new Random(7);
    const [first, second] = [labels(random, 30), labels(random, 500)];
    const placed = placeLabels([first, second], WINDOW, new Map(), 200);
    const boxes = placed.map(({ wanted, place }) => [...(wanted.places[place] ?? [0, 0]), wanted.width, wanted.height]);
    boxes.forEach(([x = 0, y = 0, width = 0, height = 0], i) => {
      for (const [ox = 0, oy = 0, w = 0, h = 0] of boxes.slice(i + 1))
        expect(x < ox + w && ox < x + width && y < oy + h && oy < y + height).toBe(false);
    });
    const alone = placeLabels([first], WINDOW, new Map(), 200);
    expect(placed.slice(0, alone.length)).toEqual(alone);
    expect(placeLabels([first, second], WINDOW, new Map(), 12)).toHaveLength(12);
  });

  test('none is over what is kept free: it goes to another of its places, or is none', () => {
    const wanted: WantedLabel = { key: 'a', width: 40, height: 15, places: [[100, 100], [100, 130]] }; // prettier-ignore
    const free = (...kept: Parameters<typeof placeLabels>[4] & object) =>
      placeLabels([[wanted]], WINDOW, new Map(), 200, kept).map(({ place }) => place);
    expect(free()).toEqual([0]);
    expect(free([90, 90, 110, 110])).toEqual([1]);
    expect(free([90, 90, 110, 140])).toEqual([]);
  });

  test('one that would be cut off goes to its other side, if there is room', () => {
    const wanted: WantedLabel = { key: 'a', width: 40, height: 15, places: [[WINDOW.width - 20, 100], [WINDOW.width - 70, 100]] }; // prettier-ignore
    const place = (...kept: Parameters<typeof placeLabels>[4] & object) =>
      placeLabels([[wanted]], WINDOW, new Map(), 200, kept).map((one) => one.place);
    expect(place()).toEqual([1]);
    expect(place([WINDOW.width - 70, 100, WINDOW.width - 60, 120])).toEqual([0]);
  });

  test('a camera that moves a little leaves nearly all of them', () => {
    const wanted = labels(new Random(8), 400);
    let before = new Map<string, number>();
    let kept = 0;
    let all = 0;
    for (let step = 0; step < 10; step++) {
      const moved = wanted.map((one) => ({ ...one, places: one.places.map(([x, y]) => [400 + (x - 400) * (1 + step / 500), y + step] as const) })); // prettier-ignore
      const placed = placeLabels([moved], WINDOW, before, 200);
      kept += placed.filter(({ wanted: one }) => before.has(one.key)).length;
      all += before.size;
      before = new Map(placed.map(({ wanted: one, place }) => [one.key, place]));
    }
    expect(kept / all).toBeGreaterThan(0.97);
  });
});

describe('sprites', () => {
  test('every thumbnail is whole on one page, where shaders look for it', () => {
    const random = new Random(9);
    for (let n = 0; n < 200; n++) {
      const [width, height] = [1 + random.below(90), 1 + random.below(90)];
      const sheet = { sheetWidth: width * (1 + random.below(60)) + random.below(width), sheetHeight: height * (1 + random.below(60)), width, height }; // prettier-ignore
      const most = 100 + random.below(2000);
      const { columns, pageColumns, pageRows, across, pages } = cutPages(sheet, most);
      const [first] = pages;
      const cells = columns * Math.floor(sheet.sheetHeight / height);
      for (let k = 0; k < 20; k++) {
        const cell = random.below(cells);
        const [column, row] = [cell % columns, Math.floor(cell / columns)];
        const page = pages[Math.floor(row / pageRows) * across + Math.floor(column / pageColumns)];
        const [x, y] = cornerOf(sheet, cell);
        expect(page && x >= page.x && y >= page.y && x + width <= page.x + page.width && y + height <= page.y + page.height).toBe(true); // prettier-ignore
        expect([x - (page?.x ?? 0), y - (page?.y ?? 0)]).toEqual([(column % pageColumns) * width, (row % pageRows) * height]); // prettier-ignore
      }
      for (const page of pages) {
        expect(Math.max(page.width, page.height)).toBeLessThanOrEqual(most);
        // All are layers of one size.
        expect(page.width <= (first?.width ?? 0) && page.height <= (first?.height ?? 0)).toBe(true);
      }
    }
  });
});

describe('dots without a GPU', () => {
  test('a dot is its colour within, the ground around, and stays in the picture', () => {
    const pixels = { data: new Uint32Array(20 * 20).fill(0xff0000ff), width: 20, height: 20 };
    const raster = new DotRaster(pixels, 0xffffffff, 3);
    raster.dot(10, 10, 4, 0xff00ff00);
    expect(pixels.data[10 * 20 + 10]).toBe(0xff00ff00);
    expect(pixels.data[10 * 20 + 15]).toBe(0xffffffff);
    expect(pixels.data[10 * 20 + 19]).toBe(0xff0000ff);
    for (const [x, y] of [[-3, 5], [22, 25], [0, 0], [19.99, 19.99]] as const) raster.dot(x, y, 6, 0xff123456); // prettier-ignore
    expect(pixels.data).toHaveLength(400);
    expect(mix(0xff000000, 0xffffffff, 256)).toBe(0xffffffff);
    expect(mix(0xff102030, 0xffffffff, 0)).toBe(0xff102030);
  });
});

import { expect, test } from 'vitest';
import { spriteCells, spriteFault } from '../../web/src/views/projector/sprite_cells';

const SPRITE = { path: 'run/sprite.png', width: 10, height: 20 };

test('thumbnails are of rows of the file', () => {
  const image = { width: 39, height: 59 };
  const cells = spriteCells(image, SPRITE, 4, undefined);
  expect(cells).toEqual({ across: 3, down: 2, of: Int32Array.of(0, 1, 2, 3), without: 0 });
  expect(spriteFault(image, SPRITE, cells)).toBeUndefined();
  expect(spriteCells(image, SPRITE, 3, Uint32Array.of(1, 4, 5)).of).toEqual(Int32Array.of(1, 4, 5));
});

test('points beyond the image have none', () => {
  const image = { width: 30, height: 20 };
  const cells = spriteCells(image, SPRITE, 3, Uint32Array.of(0, 2, 3));
  expect(cells.of).toEqual(Int32Array.of(0, 2, -1));
  expect(spriteFault(image, SPRITE, cells)).toBe(
    '1 point of 3 has no thumbnail and is drawn as a dot: the sprite holds 3 of 10 × 20 (run/sprite.png)',
  );
  expect(spriteFault(image, SPRITE, spriteCells(image, SPRITE, 1200, undefined))).toBe(
    '1,197 points of 1,200 have no thumbnail and are drawn as dots: the sprite holds 3 of 10 × 20 (run/sprite.png)',
  );
});

test('an image that holds no thumbnail', () => {
  const image = { width: 9, height: 100 };
  const cells = spriteCells(image, SPRITE, 2, undefined);
  expect(cells.without).toBe(2);
  expect(spriteFault(image, SPRITE, cells)).toBe(
    'The sprite is smaller than one thumbnail: the image is 9 × 100, a thumbnail 10 × 20 (run/sprite.png)',
  );
});

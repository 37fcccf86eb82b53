/** Which thumbnail of a sprite is whose. Pure. */
import type { Sprite } from '../../engine/embeddings/embeddings';
import { formatExact, plural } from '../../model/format';

export interface SpriteCells {
  /** Whole thumbnails in the image, across and down. */
  across: number;
  down: number;
  /** Of each point; -1 = it has none, and is a dot. */
  of: Int32Array<ArrayBuffer>;
  /** Points that have none. */
  without: number;
}

/**
 * The nth thumbnail, left to right, then down, is that of row n of the file, whichever rows were left out (`Sprite` of
 * engine/embeddings/embeddings.ts). What is left of the image at the right and below is no thumbnail.
 *
 * @param image its size in pixels
 * @param rows which row of the file each point is (`TensorValues.rows`); undefined = all are there
 */
export function spriteCells(
  image: { width: number; height: number },
  sprite: Pick<Sprite, 'width' | 'height'>,
  points: number,
  rows: Uint32Array | undefined,
): SpriteCells {
  const across = Math.floor(image.width / sprite.width);
  const down = Math.floor(image.height / sprite.height);
  const count = across * down;
  const of = new Int32Array(points);
  let without = 0;
  for (let point = 0; point < points; point++) {
    const row = rows ? (rows[point] as number) : point;
    if (row < count) of[point] = row;
    else {
      of[point] = -1;
      without++;
    }
  }
  return { across, down, of, without };
}

/** What is to be said of points that have no thumbnail; undefined = nothing. */
export function spriteFault(
  image: { width: number; height: number },
  sprite: Sprite,
  { across, down, of, without }: SpriteCells,
): string | undefined {
  if (without === 0) return undefined;
  const size = ({ width, height }: { width: number; height: number }): string =>
    `${formatExact(width)} × ${formatExact(height)}`;
  if (across * down === 0)
    return `The sprite is smaller than one thumbnail: the image is ${size(image)}, a thumbnail ${size(sprite)} (${sprite.path})`;
  const [have, are] = without === 1 ? ['has', 'is drawn as a dot'] : ['have', 'are drawn as dots'];
  return `${plural(without, 'point')} of ${formatExact(of.length)} ${have} no thumbnail and ${are}: the sprite holds ${formatExact(across * down)} of ${size(sprite)} (${sprite.path})`;
}

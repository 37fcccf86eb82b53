/**
 * Structural similarity of two pictures: Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error
 * visibility to structural similarity", IEEE Transactions on Image Processing 13(4), 2004, equation 13. Pure.
 */
import { commonChannels, valueOf, type Picture } from './picture';

/** Pixels of a side of the window: no smaller picture has a similarity. */
export const WINDOW = 11;
const SIGMA = 1.5;
/** (K · range)², of samples from 0 to 1. */
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;
/** Means of a, b, a², b² and a·b. */
const MEANS = 5;

/** A Gaussian, in sum 1; that of the window is its product over both axes. */
const WEIGHTS = (() => {
  const bell = Array.from({ length: WINDOW }, (_, i) => Math.exp(-((i - (WINDOW - 1) / 2) ** 2) / (2 * SIGMA ** 2)));
  const sum = bell.reduce((total, one) => total + one, 0);
  return Float64Array.from(bell, (one) => one / sum);
})();

/**
 * The mean over all windows that lie within the pictures, and over their channels, those that {@link commonChannels}
 * counts. Both pictures have one size.
 *
 * @returns at most 1, that of equal pictures; NaN = they are smaller than the window
 */
export function ssimOf(a: Picture, b: Picture): number {
  const { width, height } = a;
  if (width < WINDOW || height < WINDOW) return NaN;
  const { all } = commonChannels(a, b);
  let sum = 0;
  for (let channel = 0; channel < all; channel++) sum += ssimOfChannel(a, b, channel);
  return sum / all;
}

function ssimOfChannel(a: Picture, b: Picture, channel: number): number {
  const { width, height } = a;
  const columns = width - WINDOW + 1;
  const rows = height - WINDOW + 1;
  const channels = commonChannels(a, b);
  const line = Array.from({ length: MEANS }, () => new Float64Array(width));
  // Only as many rows as the window has are kept, each weighted along itself.
  const kept = Array.from({ length: WINDOW }, () => new Float64Array(columns * MEANS));
  const means = new Float64Array(columns * MEANS);
  const [as, bs, aas, bbs, abs] = line as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  let sum = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const one = valueOf(a, y * width + x, channel, channels);
      const other = valueOf(b, y * width + x, channel, channels);
      as[x] = one;
      bs[x] = other;
      aas[x] = one * one;
      bbs[x] = other * other;
      abs[x] = one * other;
    }
    const row = kept[y % WINDOW] as Float64Array;
    line.forEach((values, i) => {
      for (let x = 0; x < columns; x++) {
        let mean = 0;
        for (let k = 0; k < WINDOW; k++) mean += (WEIGHTS[k] as number) * (values[x + k] as number);
        row[i * columns + x] = mean;
      }
    });
    if (y < WINDOW - 1) continue;
    means.fill(0);
    for (let k = 0; k < WINDOW; k++) {
      const weight = WEIGHTS[k] as number;
      const from = kept[(y + 1 + k) % WINDOW] as Float64Array;
      for (let i = 0; i < means.length; i++) means[i] = (means[i] as number) + weight * (from[i] as number);
    }
    const mean = (which: number, x: number): number => means[which * columns + x] as number;
    for (let x = 0; x < columns; x++) {
      const [meanA, meanB] = [mean(0, x), mean(1, x)];
      const [squareA, squareB, product] = [meanA * meanA, meanB * meanB, meanA * meanB];
      const variances = mean(2, x) - squareA + mean(3, x) - squareB;
      const covariance = mean(4, x) - product;
      sum += ((2 * product + C1) * (2 * covariance + C2)) / ((squareA + squareB + C1) * (variances + C2));
    }
  }
  return sum / (columns * rows);
}

/** How sounds are drawn. Pure but for the canvas that is given. */

/** Between half of them, a channel has its lane. */
const LANE_GAP = 1;

/**
 * A waveform: a lane for each channel, above each other, −1 to 1.
 *
 * @param peaks least and greatest sample of each column, channel after channel.
 * @param gain how much higher than they are they are drawn; what is beyond the lane is cut.
 */
export function paintWaveform(
  context: CanvasRenderingContext2D,
  peaks: Float32Array,
  channels: number,
  gain: number,
  [colour, axis]: readonly [string, string],
): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  const columns = peaks.length / 2 / channels;
  const lane = height / channels;
  for (let channel = 0; channel < channels; channel++) {
    const middle = (channel + 0.5) * lane;
    const half = lane / 2 - LANE_GAP;
    context.fillStyle = axis;
    context.fillRect(0, Math.floor(middle), width, 1);
    context.fillStyle = colour;
    const y = (sample: number): number => middle - Math.max(-1, Math.min(1, sample * gain)) * half;
    for (let column = 0; column < columns; column++) {
      const at = 2 * (channel * columns + column);
      const [low, high] = [peaks[at] as number, peaks[at + 1] as number];
      const top = y(high);
      context.fillRect((column * width) / columns, top, width / columns, Math.max(1, y(low) - top));
    }
  }
}

/** The largest distance from silence of all peaks. */
export function loudest(peaks: Float32Array): number {
  return peaks.reduce((most, peak) => Math.max(most, Math.abs(peak)), 0);
}

/** More would only show the noise of what is silent. */
const MOST_GAIN = 1000;

/** How much louder a sound is made so that its loudest sample is 1. */
export function gainOf(peaks: Float32Array): number {
  const most = loudest(peaks);
  return most > 0 ? Math.min(MOST_GAIN, 1 / most) : 1;
}

/**
 * A spectrogram as pixels, low bands at the bottom: from nothing at `range` dB (below 0) to the ink at 0 dB.
 *
 * @param levels dB of each band from the lowest on, column after column.
 * @param ink A, B, G, R from the top; its A is not looked at.
 */
export function spectrogramPixels(
  levels: Float32Array,
  bands: number,
  range: number,
  ink: number,
): Uint32Array<ArrayBuffer> {
  const columns = levels.length / bands;
  const pixels = new Uint32Array(levels.length);
  const colour = ink & 0xffffff;
  for (let column = 0; column < columns; column++) {
    for (let band = 0; band < bands; band++) {
      const part = 1 - (levels[column * bands + band] as number) / range;
      const alpha = Math.round(255 * Math.max(0, Math.min(1, part)));
      pixels[(bands - 1 - band) * columns + column] = ((alpha << 24) | colour) >>> 0;
    }
  }
  return pixels;
}

/** Samples of a spectrum: about a twentieth of a second, a power of two. */
export function windowOf(sampleRate: number): number {
  return Math.max(64, Math.min(4096, 2 ** Math.round(Math.log2(sampleRate * 0.046))));
}

/** Frequencies at the bottom, in the middle and at the top of a spectrogram: the scales of `wasm/media/spectrogram.cc`. */
export function frequencyTicks(
  scale: 'linear' | 'mel' | 'log',
  sampleRate: number,
): [low: number, middle: number, high: number] {
  const high = sampleRate / 2;
  if (scale === 'linear') return [0, high / 2, high];
  if (scale === 'log') return [high / 1000, high / Math.sqrt(1000), high];
  return [0, 700 * (Math.sqrt(1 + high / 700) - 1), high];
}

/** "11k", "5.5k", "440": Hz in three digits at most. */
export function frequencyText(hertz: number): string {
  return hertz >= 1000 ? `${Number((hertz / 1000).toPrecision(2))}k` : String(Number(hertz.toPrecision(2)));
}

import { describe, expect, test, vi } from 'vitest';
import { endsOf, frameAt, rateText, startOf, stripOf } from '../../web/src/views/media/player/frames';
import { Playback } from '../../web/src/views/media/player/playback';
import {
  frequencyText,
  frequencyTicks,
  gainOf,
  spectrogramPixels,
  windowOf,
} from '../../web/src/views/media/sound_paint';
import { wavOf } from '../../web/src/views/media/sound_source';
import { mediaFileName, secondsText, soundText } from '../../web/src/views/media/media_text';
import { spanAbout, spanMoved } from '../../web/src/views/media/sound_span';
import { Random } from './random';

describe('frames', () => {
  test('are seen from their beginning up to that of the next, in any animation', () => {
    const random = new Random(5);
    for (let round = 0; round < 200; round++) {
      const times = Array.from({ length: 1 + random.below(40) }, () => (1 + random.below(300)) / 100);
      const ends = endsOf(times);
      times.forEach((time, i) => {
        expect(frameAt(ends, startOf(ends, i))).toBe(i);
        expect(frameAt(ends, startOf(ends, i) + time / 2)).toBe(i);
      });
      expect(frameAt(ends, (ends.at(-1) ?? 0) + 1)).toBe(times.length - 1);
    }
  });

  test('of a strip go from the first to the last', () => {
    expect(stripOf(200, 10)).toEqual([0, 22, 44, 66, 88, 111, 133, 155, 177, 199]);
    expect(stripOf(3, 10)).toEqual([0, 1, 2]);
    expect(stripOf(1, 10)).toEqual([0]);
  });

  test('have a rate', () => {
    expect(rateText([0.05, 0.05])).toBe('20 fps');
    expect(rateText([0.5, 0.1])).toBe('2–10 fps');
    expect(rateText([0.5])).toBe('');
  });
});

describe('playback', () => {
  test('of several goes on until the longest is at its end', () => {
    vi.stubGlobal('requestAnimationFrame', () => 0);
    vi.stubGlobal('cancelAnimationFrame', () => undefined);
    const playback = new Playback();
    const leave = playback.join(2);
    playback.join(1);
    playback.play();
    playback.advance(1.5);
    expect(playback.time.value).toBe(1.5);
    playback.advance(1);
    expect(playback.time.value).toBe(0.5);
    playback.speed.value = 4;
    playback.advance(0.25);
    expect(playback.time.value).toBe(1.5);
    playback.loop.value = false;
    playback.advance(10);
    expect([playback.time.value, playback.playing.value]).toEqual([2, false]);
    playback.play();
    expect(playback.time.value).toBe(0);
    leave();
    expect(playback.length.value).toBe(1);
    playback.seek(9);
    expect(playback.time.value).toBe(1);
  });
});

describe('sounds', () => {
  test('are made as loud as they can be, silence excepted', () => {
    expect(gainOf(Float32Array.of(-0.5, 0.25))).toBe(2);
    expect(gainOf(Float32Array.of(0, 0))).toBe(1);
    expect(gainOf(Float32Array.of(1e-9))).toBe(1000);
  });

  test('have spectrograms with low bands at the bottom', () => {
    // Two columns of two bands: the low one is loud first.
    const pixels = spectrogramPixels(Float32Array.of(0, -80, -40, -200), 2, -80, 0xff102030);
    expect([...pixels].map((pixel) => pixel >>> 24)).toEqual([0, 0, 255, 128]);
    expect((pixels[2] as number) & 0xffffff).toBe(0x102030);
  });

  test('are measured over a twentieth of a second', () => {
    expect([8000, 22_050, 44_100, 192_000, 100].map(windowOf)).toEqual([512, 1024, 2048, 4096, 64]);
  });

  test('have frequencies at three places', () => {
    expect(frequencyTicks('linear', 22_050).map(frequencyText)).toEqual(['0', '5.5k', '11k']);
    expect(frequencyTicks('log', 22_050).map(frequencyText)).toEqual(['11', '350', '11k']);
    const [, middle, high] = frequencyTicks('mel', 22_050);
    const mel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);
    expect(mel(middle)).toBeCloseTo(mel(high) / 2, 6);
  });

  test('that the browser decoded become WAVs', async () => {
    const channels = [Float32Array.of(0.5, -1, 0), Float32Array.of(1, 2, 3)];
    const bytes = await wavOf(channels, 8000, new AbortController().signal);
    const view = new DataView(bytes.buffer);
    expect(new TextDecoder().decode(bytes.subarray(0, 4)) + new TextDecoder().decode(bytes.subarray(8, 16))).toBe(
      'RIFFWAVEfmt ',
    );
    expect([20, 22, 32, 34].map((at) => view.getUint16(at, true))).toEqual([3, 2, 8, 32]);
    expect([24, 40].map((at) => view.getUint32(at, true))).toEqual([8000, 24]);
    expect([...new Float32Array(bytes.buffer, 44)]).toEqual([0.5, 1, -1, 2, 0, 3]);
  });

  test('are described, and saved under names that say what they are', () => {
    const item = {
      kind: 'sound',
      mime: 'audio/wav',
      error: false,
      label: '',
      offset: 0,
      length: 10,
      sampleRate: 22_050,
      channels: 1,
      frames: 75_411,
    } as const;
    expect(soundText(item)).toBe('3.42 s · 22.05 kHz · mono');
    expect(soundText({ ...item, mime: 'audio/ogg', channels: 6, error: true })).toBe('22.05 kHz · 6 channels · OGG');
    expect([59.999, 61, 3725].map(secondsText)).toEqual(['60.00 s', '1:01 min', '1:02:05 h']);
    expect(mediaFileName('tts/a', 'run 1', 5n, 0, item)).toBe('run_1.tts_a.step5.wav');
    expect(mediaFileName('tts/a', '.', 5n, 2, { mime: '' })).toBe('tts_a.step5.3.bin');
  });
});

describe('the part of a sound that is drawn', () => {
  test('keeps the place that it is zoomed about, and never leaves the sound', () => {
    expect(spanAbout({ from: 0, to: 8 }, 0.5, 2, 8)).toEqual({ from: 1, to: 5 });
    expect(spanAbout({ from: 1, to: 5 }, 4, 2, 8)).toEqual({ from: 0, to: 8 });
    expect(spanAbout({ from: 6, to: 8 }, 2, 8, 8)).toEqual({ from: 4, to: 8 });
    const { from, to } = spanAbout({ from: 1, to: 1.001 }, 0.1, 1, 8);
    expect(to - from).toBeCloseTo(0.001);
    expect(spanMoved({ from: 1, to: 3 }, -5, 8)).toEqual({ from: 0, to: 2 });
    expect(spanMoved({ from: 1, to: 3 }, 9, 8)).toEqual({ from: 6, to: 8 });
  });
});

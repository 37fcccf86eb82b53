import type { Engine } from '../../engine/engine';
import { asWireError, Fault } from '../../faults/fault';
import type { SoundClip, SoundItem } from '../../engine/values/media';

/** Decoded sounds beyond it are only played: their samples would take as much again, and twice. */
const MAX_DECODED = 128 << 20;
/** So many samples are copied before the page may do something else. */
const AT_ONCE = 1 << 20;
/** Rates that every browser decodes at (Web Audio, `OfflineAudioContext`). */
const [LOWEST_RATE, HIGHEST_RATE] = [8000, 96_000];

/**
 * The samples of a sound, where the core can look at them: those of a WAV as they are, of all else as the browser
 * decodes it. Rejects with a Fault.
 */
export async function openSamples(
  item: SoundItem,
  bytes: Uint8Array<ArrayBuffer>,
  engine: Engine,
  signal: AbortSignal,
): Promise<SoundClip> {
  if (item.mime === 'audio/wav') {
    try {
      return await engine.openSound(bytes, signal);
    } catch (error) {
      // A WAV may be of a form that only the browser knows, such as A-law.
      if (asWireError(error).code !== 'undecodable') throw error;
    }
  }
  return engine.openSound(await decoded(item, bytes, signal), signal);
}

async function decoded(item: SoundItem, bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  if (item.frames * item.channels * 4 > MAX_DECODED) throw new Fault({ code: 'value_too_big' });
  const rate = Math.max(LOWEST_RATE, Math.min(item.sampleRate || 48_000, HIGHEST_RATE));
  let audio: AudioBuffer;
  try {
    // Detaches what it is given.
    audio = await new OfflineAudioContext(1, 1, rate).decodeAudioData(new Uint8Array(bytes).buffer);
  } catch {
    throw new Fault({ code: 'undecodable' });
  }
  if (audio.length * audio.numberOfChannels * 4 > MAX_DECODED) throw new Fault({ code: 'value_too_big' });
  const channels = Array.from({ length: audio.numberOfChannels }, (_, i) => audio.getChannelData(i));
  return wavOf(channels, audio.sampleRate, signal);
}

/** Samples as the WAV that `wasm/media/wav.h` reads: 32-bit floats. */
export async function wavOf(
  channels: readonly Float32Array[],
  sampleRate: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const HEAD = 44;
  const FLOAT = 3;
  const frames = channels[0]?.length ?? 0;
  const frameBytes = 4 * channels.length;
  const bytes = new Uint8Array(HEAD + frames * frameBytes);
  const view = new DataView(bytes.buffer);
  const text = (at: number, letters: string): void => void new TextEncoder().encodeInto(letters, bytes.subarray(at));
  text(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, FLOAT, true);
  view.setUint16(22, channels.length, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, 32, true);
  text(36, 'data');
  view.setUint32(40, bytes.length - HEAD, true);
  const samples = new Float32Array(bytes.buffer, HEAD);
  for (let from = 0; from < frames; from += AT_ONCE) {
    const to = Math.min(frames, from + AT_ONCE);
    channels.forEach((channel, i) => {
      for (let frame = from; frame < to; frame++) samples[frame * channels.length + i] = channel[frame] as number;
    });
    if (to < frames) await new Promise((resolve) => setTimeout(resolve));
    if (signal.aborted) throw new Fault({ code: 'cancelled' });
  }
  return bytes;
}

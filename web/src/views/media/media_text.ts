/** What is written of images and sounds. Pure. */
import type { ImageItem, MediaItem, SoundItem } from '../../engine/values/media';
import { formatBytes, formatExact, plural } from '../../model/format';
import { fileNamePart } from '../../ui/save';
import { rateText } from './player/frames';

const CHANNELS = ['', 'mono', 'stereo'];

/** "3.42 s · 22.05 kHz · stereo" */
export function soundText({ sampleRate, channels, frames, mime, error }: SoundItem): string {
  const parts: string[] = [];
  if (sampleRate > 0 && !error) parts.push(`${secondsText(frames / sampleRate)}`);
  if (sampleRate > 0) parts.push(`${Number((sampleRate / 1000).toPrecision(4))} kHz`);
  if (channels > 0) parts.push(CHANNELS[channels] ?? plural(channels, 'channel'));
  if (mime !== 'audio/wav') parts.push(formatName(mime));
  return parts.join(' · ');
}

/** "0.10 s", "3.42 s", "1:05 min", "1:02:05 h" */
export function secondsText(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(2)} s`;
  const whole = Math.round(seconds);
  const two = (number: number): string => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)} h` : `${minutes}:${two(whole % 60)} min`;
}

/** "GIF · 200 frames · 20 fps · 64 × 48" */
export function imageText({ mime, width, height, frames, times, kind }: ImageItem): string {
  const parts = [formatName(mime)];
  if (kind === 'image' && times.length > 1) parts.push(plural(times.length, 'frame'), rateText(times));
  else if (frames > 1) parts.push(plural(frames, 'frame'));
  if (width > 0) parts.push(`${formatExact(width)} × ${formatExact(height)}`);
  return parts.join(' · ');
}

/** "GIF", "WAV"; "unknown format" of nothing known. */
export function formatName(mime: string): string {
  const name = mime
    .slice(mime.indexOf('/') + 1)
    .replace(/^x-/, '')
    .replace(/\+xml$/, '');
  return name === '' ? 'unknown format' : name.toUpperCase();
}

const ENDINGS: Partial<Record<string, string>> = { 'audio/mpeg': 'mp3', 'image/jpeg': 'jpg', 'image/svg+xml': 'svg' };

/** Name of a file that holds an item. */
export function mediaFileName(
  tag: string,
  run: string,
  step: bigint,
  index: number,
  { mime }: Pick<MediaItem, 'mime'>,
): string {
  const ending = ENDINGS[mime] ?? (mime === '' ? 'bin' : mime.slice(mime.indexOf('/') + 1));
  const which = index > 0 ? `.${index + 1}` : '';
  return `${fileNamePart(run)}.${fileNamePart(tag)}.step${step}${which}.${ending}`.replace(/^\.+/, '');
}

/** What it is that cannot be shown. */
export function unknownText(item: MediaItem): string {
  const what = item.kind === 'sound' ? 'sound' : item.kind;
  if (item.length === 0) return 'Nothing is in it: 0 bytes';
  return `A ${what} of ${formatBytes(item.length)}, ${formatName(item.mime)}`;
}

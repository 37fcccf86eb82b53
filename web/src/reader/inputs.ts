import { nextSourceId, selectEventFiles, type Opened } from '../sources/event_files';
import { openUrl } from '../sources/linked';
import type { SourceRef } from '../sources/source_ref';
import type { Input, OpenOptions } from './api';

/** What is opened by itself: at a URL, or at a path. */
type Place = string | URL;

/**
 * Finds the event files of what is to be opened: bytes and files are what lies in one folder, each place is one more.
 *
 * @param openPlace how a place is opened
 * @throws Fault, Error with a sentence
 */
export async function findInputs(
  inputs: Input | readonly Input[],
  { signal = new AbortController().signal }: OpenOptions,
  openPlace: (place: Place, signal: AbortSignal) => Promise<Opened> = openWeb,
): Promise<Opened[]> {
  const all = Array.isArray(inputs) ? (inputs as readonly Input[]) : [inputs as Input];
  const given = all.filter((input): input is Exclude<Input, Place> => !isPlace(input)).map(sourceOf);
  const roots = new Set(given.map(({ path }) => path.split('/')[0] as string));
  const openings = given.length === 0 ? [] : [await selectEventFiles([...roots], given)];
  for (const place of all.filter(isPlace)) openings.push(await openPlace(place, signal));
  if (openings.every(({ files }) => files.length === 0)) {
    throw new Error('There are no event files in what is to be opened: their names contain “tfevents”');
  }
  return openings;
}

export function openWeb(place: Place, signal: AbortSignal): Promise<Opened> {
  return openUrl(String(place), signal);
}

function isPlace(input: Input): input is Place {
  return typeof input === 'string' || input instanceof URL;
}

function sourceOf(input: Exclude<Input, Place>): SourceRef {
  const id = nextSourceId();
  if (input instanceof Blob) {
    // Absent in Node.
    const { webkitRelativePath = '' } = input as { webkitRelativePath?: string };
    return { id, path: webkitRelativePath || input.name, blob: input, size: input.size };
  }
  const { path, data } = input;
  if (data instanceof Blob) return { id, path, blob: data, size: data.size };
  const bytes = data instanceof ArrayBuffer ? data : data.slice().buffer;
  return { id, path, bytes, size: bytes.byteLength };
}

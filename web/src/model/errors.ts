/** The one table that makes words of codes: what, why, what to do; the technical name in brackets. */
import type { ErrorCode, WireError } from '../engine/protocol';
import { formatExact, plural } from './format';

const ERRORS: Record<ErrorCode, string> = {
  too_big: 'The logs are too big for this tab: what was read before is shown. Open fewer runs at a time',
  not_an_event_file: 'This is not an event file',
  bad_archive: 'The archive is damaged or cut off: fetch it again',
  unsupported: 'The archive is in a form that is not read: unpack it first',
  cancelled: 'Reading was cancelled: what was read before is shown',
  changed_on_disk: 'The file changed on disk while it was open: pick it again',
  unreadable: 'The browser could not read the file: check that it is still there and that you may read it',
  network: 'The file could not be fetched: check that its server is running and can be reached',
  http_status: 'The server refused to send the file',
  no_manifest: 'The list of the logs could not be fetched: check that the server is running, then reload',
  wasm_abort: 'The reader ran out of memory or broke: what is drawn stays. Reload, and open fewer runs at a time',
  bug: 'Something went wrong that should not: this is a bug in Tensorpane',
};

/** What went wrong, as a sentence for a person. The file is last, because it can be long. */
export function errorText({ code, detail, offset, size, file }: WireError): string {
  // A newer worker script could send a code that this page does not know.
  const sentence = (ERRORS as Partial<Record<string, string>>)[code] ?? 'The file could not be read';
  const technical = code === 'http_status' && detail !== undefined ? `HTTP ${detail}` : (detail ?? '');
  return [
    technical ? `${sentence} (${technical})` : sentence,
    ...(offset === undefined ? [] : [placeText(offset, size)]),
    ...(file === undefined ? [] : [file]),
  ].join(', ');
}

/** Where reading ended, or went wrong. */
export function placeText(offset: number, size: number | undefined): string {
  return size === undefined ? `at byte ${formatExact(offset)}` : readTo(offset, size);
}

/** How far a file was read. */
export function readTo(bytes: number, size: number): string {
  // All but the end is not all.
  return bytes === 0 ? 'not read' : `read to ${Math.min(99, Math.floor((100 * bytes) / size))} %`;
}

/** What a file is, by `looksLike` of its report, and what to do then; '' = nothing is known to help. */
interface Looks {
  is: string;
  advice: string;
}

const PACKED = "Archives can't be opened yet: unpack it";
const AGAIN = 'Copy or fetch it again';
const LOOKS: Partial<Record<string, Looks>> = {
  gzip: { is: 'it is compressed (gzip)', advice: 'Unpack it first' },
  zlib: { is: 'it is compressed (zlib)', advice: 'Unpack it first' },
  'zip archive': { is: 'it looks like a zip archive', advice: PACKED },
  'tar archive': { is: 'it looks like a tar archive', advice: PACKED },
  image: { is: 'it looks like an image', advice: '' },
  'HDF5 file': { is: 'it looks like an HDF5 file, as saved models are', advice: '' },
  'HTML page': { is: 'it looks like an HTML page, as a failed download leaves', advice: 'Fetch it again' },
  'git-lfs pointer': { is: 'it is a git-lfs pointer', advice: 'Run git lfs pull' },
  text: { is: 'it looks like text', advice: '' },
  'only zero bytes': { is: 'it has only zero bytes', advice: AGAIN },
  'no right checksum in the file': { is: 'no checksum in it is right', advice: AGAIN },
  'every checksum is wrong': { is: 'every checksum in it is wrong', advice: AGAIN },
  'TFRecord without events': { is: 'its records are not events, as in a data set', advice: '' },
  'looks like text conversion': { is: 'it was converted as if it were text', advice: `${AGAIN}, byte for byte` },
  'looks like a text-mode transfer': { is: 'it was transferred as text', advice: `${AGAIN}, in binary mode` },
  'not an event file': { is: 'what it is cannot be told', advice: '' },
};

/** What is wrong with a file that `looksLike` something else, after what is said of it, and what to do. */
export function looksText(what: string, looksLike: string): string {
  const { is, advice } = LOOKS[looksLike] ?? { is: `it looks like ${looksLike}`, advice: '' };
  return `${what}: ${is}${advice && `. ${advice}`}`;
}

/** What each kind of the report says of so many places; the kinds are those of `wasm/log/report_kinds.h`. */
const KINDS: Partial<Record<string, (count: number) => string>> = {
  data_crc: (count) => `Bad checksum, ${plural(count, 'record')} skipped`,
  length_crc: (count) => `Damaged length, bytes skipped in ${plural(count, 'place')}`,
  length: (count) => `${plural(count, 'record')} longer than the rest of the file, skipped`,
  truncated: () => 'File ends inside a record (normal while a run is being written)',
  proto: (count) => `${plural(count, 'record')} could not be decoded, skipped`,
  bad_value: (count) =>
    `${plural(count, 'value')} of a scalar tag ${count === 1 ? 'is' : 'are'} not a single number, shown as NaN`,
  no_value: (count) => `${plural(count, 'record')} with a tag but no value`,
  non_finite_wall_time: (count) =>
    `${plural(count, 'record')} without a finite wall time: shown by step, not by wall or relative time`,
  // Of runs, not of files (restarts.ts).
  restart: (count) => `${plural(count, 'run')} restarted`,
  several_files: (count) => `${plural(count, 'run')} of several files`,
};

/** One line about a kind of the report. Kinds that this page does not know keep their own name. */
export function kindText(kind: string, count: number): string {
  return KINDS[kind]?.(count) ?? `${kind.replaceAll('_', ' ')}: ${formatExact(count)}`;
}

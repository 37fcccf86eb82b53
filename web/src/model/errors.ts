/** The one table that makes words of codes: what, why, what to do; the technical name in brackets. */
import type { ErrorCode, WireError } from '../faults/fault';
import type { ValueFacts } from '../engine/values/values';
import { formatBytes, formatExact, plural, readTo } from './format';

const ERRORS: Record<ErrorCode, string> = {
  too_big: 'The logs are too big for this tab: what was read before is shown. Open fewer runs at a time',
  not_an_event_file: 'This is not an event file',
  bad_archive: 'The archive is damaged or cut off: fetch it again',
  unsupported: 'The archive is in a form that is not read: unpack it first',
  no_event_files: 'No event files in the archive: their names contain “tfevents”',
  nested_archive: 'This is packed in too many others to be opened here: unpack the outer one first',
  several_of_a_name: 'The archive holds several files of this name: the last whole one is shown',
  cancelled: 'Reading was cancelled: what was read before is shown',
  changed_on_disk: 'The file changed on disk while it was open: pick it again',
  histograms_too_big: 'The histograms of this run and tag are more than fit into memory',
  value_too_big: 'This value is too big to be shown: save its bytes and look at them elsewhere',
  undecodable: 'These bytes are damaged, or of a form that is not decoded here: save them and look at them elsewhere',
  unreadable: 'The browser could not read the file: check that it is still there and that you may read it',
  network: 'The file could not be fetched: check that its host is running and can be reached',
  offline: 'There is no network: the file can be fetched when this machine is online again',
  cors: 'The host doesn’t allow other sites to read this (no Access-Control-Allow-Origin header): set the header there, or download it and drop it here',
  mixed_content:
    'Browsers let no page that came over https fetch from http: use an https address, or download it and drop it here',
  http_status: 'The host refused to send the file',
  changed_on_host: 'The file changed on its host while it was read: open it again',
  no_parts:
    'The host sends no parts of files (Range), and this one is too big to be kept whole: download it and drop it here',
  wrong_sha256: 'The file is not the one that the manifest means: its SHA-256 is another',
  bad_url: 'This is no address that can be fetched: it has to begin with https:// or http://',
  too_many_urls: 'This link names more than 32 addresses: nothing is fetched',
  bad_manifest: 'The manifest is not in order',
  not_a_listing:
    'This is a web page, and neither log files nor a listing of a folder: link to a file, a folder or a manifest',
  listing_too_big: 'There is too much in this folder to be listed: link to one further down, or to a manifest',
  bad_hub_place:
    'This is no place on the Hugging Face Hub: it has to look like user/repo or datasets/user/repo@revision/path',
  bad_hub_answer: 'The answer of the Hugging Face Hub could not be understood',
  no_manifest: 'The list of the logs could not be fetched: check that the server is running, then reload',
  file_too_large: 'The file is larger than any of its kind should be: it was left alone',
  bad_hparams: 'The hyperparameters could not be read: this is not the YAML that Lightning writes',
  bad_link_data: 'The logs in this link are damaged: ask for the link again, whole',
  not_a_graph:
    'There is no graph in it: a GraphDef, a SavedModel, a profile of a run or the JSON of a Keras model is wanted',
  bad_bookmarks: 'The bookmarks could not be read: this is no list of states that the projector has saved',
  wasm_abort: 'The reader ran out of memory or broke: what is drawn stays. Reload, and open fewer runs at a time',
  bug: 'Something went wrong that should not: this is a bug in Tensorpane',
};

/**
 * Why an archive, or a file in one, could not be unpacked: the faults of `wasm/archive/archive_fault.h`, with the limit
 * that was gone over.
 */
const ARCHIVE_FAULTS: Partial<Record<string, (limit: number | undefined) => string>> = {
  cut_off: () => 'The archive is cut off, only what comes before is there: fetch it again',
  no_directory: () =>
    'The archive is cut off: its end is missing, where a zip lists what is in it, so that nothing can be read. Fetch it again',
  damaged: () => 'The archive is damaged, only what comes before is there: fetch it again',
  checksum: () => 'The archive is damaged, a checksum is wrong: fetch it again',
  size: () => 'The archive is damaged, a size is wrong: fetch it again',
  overlap: () => 'The archive uses the same bytes for several files, as zip bombs do: this one is not unpacked',
  name: () => 'The name in the archive leads out of it, or is too long: this file is not unpacked',
  encrypted: () => 'The archive needs a password: unpack it first',
  method: () => 'The archive is not compressed by deflate, the only method that is read: unpack it first',
  split: () => 'The archive is one of several parts: join them and unpack it first',
  sparse: () => 'The archive holds the file with gaps, as a sparse one: unpack it first',
  not_a_file: () => 'The archive holds a link or a device in place of the file: unpack it first',
  too_many_bytes: (limit) =>
    limit === undefined
      ? 'The archive is too big to be unpacked here: unpack it first'
      : `The archive is too big to be unpacked here, ${formatBytes(limit)} is the limit: unpack it first`,
  too_many_entries: (limit = 0) => `The archive is too big, ${formatExact(limit)} files are the limit: unpack it first`,
  ratio: (limit = 0) =>
    `The archive is too big, it unpacks to more than ${formatExact(limit)} times its size, as zip bombs do: not unpacked`,
};

/** What is wrong with a manifest, which `docs/manifest.md` describes. */
const MANIFEST_FAULTS: Partial<Record<string, string>> = {
  json: 'The manifest is not a JSON object',
  version: 'This is JSON, but not a manifest of logs: it has no "version": 1',
  newer: 'The manifest is of a newer version than this page knows: reload the page, or use a newer one',
  name: 'The manifest has no name of at most 1000 characters',
  files: 'The manifest has no list of files',
  beside: '"beside" of the manifest is not a list',
  too_many: 'The manifest names more than 100,000 files: link to several smaller ones',
  entry: 'An entry of the manifest is not an object',
  path: 'A path in the manifest leads out of the logs, or is none',
  twice: 'The manifest names the same path twice',
  size: 'A size in the manifest is not a whole number of bytes',
  sha256: 'A SHA-256 in the manifest is not 64 hexadecimal digits',
  url: 'A URL in the manifest is none of http or https',
  other_host: 'A URL in the manifest leads to another host: it may only name files of its own',
};

/** Codes whose detail may be one of ARCHIVE_FAULTS. */
const OF_ARCHIVES: ReadonlySet<ErrorCode> = new Set(['bad_archive', 'unsupported', 'too_big']);

/** What went wrong, as a sentence for a person. The file is last, because it can be long. */
export function errorText({ code, detail, offset, size, file, limit, place }: WireError): string {
  // A newer worker script could send a code that this page does not know.
  const common = (ERRORS as Partial<Record<string, string>>)[code] ?? 'The file could not be read';
  const ofArchive = OF_ARCHIVES.has(code) ? ARCHIVE_FAULTS[detail ?? '']?.(limit) : undefined;
  const ofManifest = code === 'bad_manifest' ? MANIFEST_FAULTS[detail ?? ''] : undefined;
  const known = ofArchive ?? ofManifest;
  const sentence = known ?? common;
  const named = code === 'http_status' && detail !== undefined ? `HTTP ${detail}` : (detail ?? '');
  const ofListing = code === 'listing_too_big' ? `more than ${formatExact(limit ?? 0)} ${named}` : named;
  const technical = known === undefined ? ofListing : (place ?? '');
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

/** What a file is, by `looksLike` of its report, and what to do then; '' = nothing is known to help. */
interface Looks {
  is: string;
  advice: string;
}

const AGAIN = 'Copy or fetch it again';
const LOOKS: Partial<Record<string, Looks>> = {
  gzip: { is: 'it is compressed (gzip)', advice: 'Unpack it first' },
  zlib: { is: 'it is compressed (zlib)', advice: 'Unpack it first' },
  'zip archive': { is: 'it looks like a zip archive', advice: 'Unpack it first' },
  'tar archive': { is: 'it looks like a tar archive', advice: 'Unpack it first' },
  bzip2: { is: 'it is compressed by bzip2, which is not read', advice: 'Unpack it first' },
  xz: { is: 'it is compressed by xz, which is not read', advice: 'Unpack it first' },
  zstd: { is: 'it is compressed by zstd, which is not read', advice: 'Unpack it first' },
  '7z archive': { is: 'it is a 7z archive, which is not read', advice: 'Unpack it first' },
  'rar archive': { is: 'it is a rar archive, which is not read', advice: 'Unpack it first' },
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

/** Why a tensor could not be decoded, by `error` of its facts (`wasm/events/tensor.cc`). */
const TENSORS: Partial<Record<string, string>> = {
  'malformed tensor': 'its bytes are damaged',
  'impossible shape': 'its shape is impossible',
  'too big': 'its shape says that it is larger than 256 MB',
  'more or fewer bytes than the shape says': 'it has more or fewer bytes than its shape says',
  'more values than the shape says': 'it has more values than its shape says',
  'fewer values than the shape says': 'it has fewer values than its shape says',
  "values don't fit the dtype": 'its values do not fit its dtype',
};

/** @param dtype its number, as written. */
export function tensorFaultText(error: string, dtype: number): string {
  const why = error === 'unknown dtype' ? `its dtype (number ${dtype}) is not known` : (TENSORS[error] ?? error);
  return `This tensor can't be decoded: ${why}`;
}

/** Why a payload is no histogram (`wasm/histograms/histogram.h`), by the facts of the value that it is. */
export function histogramFaultText(facts: ValueFacts): string {
  if (facts.kind !== 'tensor') {
    return facts.storage === 'histo'
      ? 'This histogram can’t be decoded: it has not as many limits as counts, or its bytes are damaged'
      : `This is no histogram but a ${facts.storage} of ${formatBytes(facts.bytes)}`;
  }
  if (facts.error !== undefined) return tensorFaultText(facts.error, facts.dtypeNumber);
  const shape = facts.shape.map((size) => formatExact(size)).join(', ');
  return `This ${facts.dtype} tensor of shape [${shape}] is no histogram: those are numbers in three columns, left edge, right edge and count`;
}

/** Why there is no image or sound, by `error` of their facts (`wasm/values/media_value.cc`). */
const MEDIA: Partial<Record<string, string>> = {
  malformed: 'Its bytes are damaged: there is no image or sound to be found in them',
  numbers: 'It holds numbers in place of an encoded image or sound',
  other: 'It is of another kind than the first value of its tag',
};

export function mediaFaultText(error: string): string {
  return MEDIA[error] ?? tensorFaultText(error, 0);
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

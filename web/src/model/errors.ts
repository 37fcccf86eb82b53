/** The one table that makes words of codes: what, why, what to do; the technical name in brackets. */
import type { ErrorCode, WireError } from '../engine/protocol';
import { formatExact, plural } from './format';

const ERRORS: Record<ErrorCode, string> = {
  too_big: 'The logs are too big for this tab: what was read before is shown. Open fewer runs at a time',
  not_an_event_file: 'This is not an event file',
  bad_archive: 'The archive is cut off or damaged: what could be read is shown',
  unsupported: 'This kind of archive entry cannot be read',
  cancelled: 'Reading was cancelled: what was read before is shown',
  changed_on_disk: 'The file changed on disk while it was open: pick it again',
  unreadable: 'The browser could not read the file: check that it is still there and that you may read it',
  network: 'The file could not be fetched: check that its server is running and can be reached',
  http_status: 'The server refused to send the file',
  wasm_abort: 'The reader ran out of memory or broke: what is drawn stays. Reload, and open fewer runs at a time',
  bug: 'Something went wrong that should not: this is a bug in Tensorpane',
};

/** What went wrong, as a sentence for a person. The file is last, because it can be long. */
export function errorText({ code, detail, offset, file }: WireError): string {
  // A newer worker script could send a code that this page does not know.
  const sentence = (ERRORS as Partial<Record<string, string>>)[code] ?? 'The file could not be read';
  const technical = code === 'http_status' && detail !== undefined ? `HTTP ${detail}` : (detail ?? '');
  return [
    technical ? `${sentence} (${technical})` : sentence,
    ...(offset === undefined ? [] : [`at byte ${offset}`]),
    ...(file === undefined ? [] : [file]),
  ].join(', ');
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
};

/** One line about a kind of the report. Kinds that this page does not know keep their own name. */
export function kindText(kind: string, count: number): string {
  return KINDS[kind]?.(count) ?? `${kind.replaceAll('_', ' ')}: ${formatExact(count)}`;
}

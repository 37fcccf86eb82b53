/** What is said when an opening has ended. */
import type { FileProgress, FileReport } from '../engine/protocol';
import type { ErrorCode, WireError } from '../faults/fault';
import { errorText, looksText } from './errors';
import { plural } from './format';

export interface Message {
  text: string;
  severity: 'info' | 'warn' | 'error';
  /** Tries again what went wrong. */
  retry?: () => void;
  /** What a person may download, and then drop. */
  download?: string;
}

/** What browsers keep the page from reading, but not a person. */
const DOWNLOADABLE: ReadonlySet<ErrorCode> = new Set(['cors', 'mixed_content', 'no_parts']);

/** A fault, said. */
export function errorMessage(error: WireError): Message {
  const { code, file } = error;
  const message = { text: errorText(error), severity: 'error' } as const;
  return file !== undefined && DOWNLOADABLE.has(code) ? { ...message, download: file } : message;
}

/** So many errors are said each. */
const MAX_SAID = 3;

/** Messages as one: errors are said together, and leave no room for less; of the others, the last is. */
export function together(messages: readonly Message[]): Message | undefined {
  const errors = messages.filter(({ severity }) => severity === 'error');
  if (errors.length <= 1) return errors[0] ?? messages.at(-1);
  const texts = [...new Set(errors.map(({ text }) => text))];
  const more = texts.length - MAX_SAID;
  const retries = errors.flatMap(({ retry }) => retry ?? []);
  const download = errors.find((error) => error.download !== undefined)?.download;
  return {
    text: texts.slice(0, MAX_SAID).join('. ') + (more > 0 ? `. And ${plural(more, 'more error')}` : ''),
    severity: 'error',
    ...(retries.length > 0 ? { retry: () => retries.forEach((retry) => retry()) } : {}),
    ...(download === undefined ? {} : { download }),
  };
}

/** Those that are event files, or were to be: archives are none that are unpacked. */
export function eventFiles(files: readonly FileProgress[]): FileProgress[] {
  return files.filter(({ unpacked }) => !unpacked);
}

export const NOTHING_NEW: Message = { text: 'Already open', severity: 'info' };

/**
 * How the reading of files ended; undefined = nothing needs to be said, or the report says it.
 *
 * @param progress of this opening
 * @param report of all files that are open
 */
export function openingMessage(progress: readonly FileProgress[], report: readonly FileReport[]): Message | undefined {
  const files = eventFiles(progress);
  const cancelled = files.filter(({ state }) => state === 'cancelled');
  if (cancelled.length > 0) return { text: cancelledText(cancelled), severity: 'warn' };
  const unread = unreadFiles(files, report);
  const [first] = unread;
  // Some bad files among good ones are what the report is for.
  if (!first || unread.length < files.length) return undefined;
  const foreign = unread.filter(({ error }) => error.code === 'not_an_event_file');
  if (foreign.length < unread.length) return errorMessage({ ...first.error, file: first.error.file ?? first.name });
  const { name, looksLike } = first;
  const what =
    unread.length === 1
      ? `${name} is not an event file`
      : `${plural(unread.length, 'file')} are not event files, ${name} among them`;
  return { text: looksLike === undefined ? what : looksText(what, looksLike), severity: 'error' };
}

function cancelledText(files: readonly FileProgress[]): string {
  const inPart = files.filter(({ bytes }) => bytes > 0).length;
  const not = files.length - inPart;
  const were = (count: number): string => `${plural(count, 'file')} ${count === 1 ? 'was' : 'were'}`;
  if (not === 0) return `Cancelled: ${were(inPart)} read in part`;
  return `Cancelled: ${were(not)} not read${inPart > 0 ? `, ${inPart} in part` : ''}`;
}

function unreadFiles(
  files: readonly FileProgress[],
  report: readonly FileReport[],
): (FileReport & { error: WireError })[] {
  const keyOf = ({ run, name }: { run: string; name: string }): string => JSON.stringify([run, name]);
  const own = new Set(files.map(keyOf));
  return report.flatMap((file) => (file.error && own.has(keyOf(file)) ? [{ ...file, error: file.error }] : []));
}

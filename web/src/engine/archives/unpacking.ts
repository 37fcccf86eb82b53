import { nextSourceId } from '../../sources/event_files';
import type { SourceRef } from '../../sources/source_ref';
import type { ErrorCode, WireError } from '../../faults/fault';
import { ArchiveStep, type ArchiveFacts, type EntryFacts } from './archive_session';
import { ArchiveKind } from '../reader_session';
import type { ArchiveEvent, WasmArchives } from './wasm_archives';

/** The browser keeps a Blob out of this thread's memory: what is unpacked goes there so many bytes at a time. */
const PART_BYTES = 4 << 20;

/** Bytes that all archives of a tab may be unpacked to, and those that were. */
export interface UnpackedBytes {
  limit: number;
  used: number;
}

/** The bytes of a packed file, as far as there are any, and what was wrong with them. */
export interface UnpackedFile {
  source?: SourceRef;
  error?: WireError;
}

/** How a file is come by. */
type Way = () => Promise<UnpackedFile>;

/** Whether a file is to be unpacked: yes, no, or only to be told of; an error says why it cannot be. */
export type Verdict = boolean | 'listed' | WireError;

/** A file in an archive. */
export interface PackedFile {
  /** In the archive, '/' between names. */
  path: string;
  bare: boolean;
  size?: number;
  /** There are others of its path, which come before it. */
  isLastOfSeveral?: true;
  /**
   * Unpacks it, if that was not done on the way. Not to be called twice. Of several it is the last one, but none with an
   * error in place of one without; then the error is told with that one.
   */
  unpack: Way;
}

/** What an archive is read with. */
export interface UnpackingTools {
  /** Bytes of the archive; fewer at its end. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** So many bytes of it were read. */
  progress(bytes: number): void;
  /** Called between pieces of work, to let others have a turn. @throws to stop. */
  pause(): Promise<void>;
}

/** One archive: its files, and their bytes, which stay where they are or become Blobs. */
export class Unpacking {
  /** What keeps the archive from having more files; known when it is listed. */
  fault: WireError | undefined;
  private readonly archive: number;
  /** Bytes that all archives may have been unpacked to while this one is. */
  private readonly limit: number;

  /**
   * @param source that later reads come from.
   * @param share of what is left of the bytes that all archives may be unpacked to
   */
  constructor(
    private readonly archives: WasmArchives,
    private readonly kind: ArchiveKind,
    private readonly source: SourceRef,
    size: number,
    private readonly unpacked: UnpackedBytes,
    private readonly tools: UnpackingTools,
    private readonly share = 1,
  ) {
    const left = Math.max(0, Math.floor((unpacked.limit - unpacked.used) * share));
    this.limit = unpacked.used + left;
    this.archive = archives.open(kind, size, left);
  }

  /**
   * All files but those that are not wanted, in the order of the archive. Of a path that comes twice, the last one is
   * meant, as for tar: who appends a file again (GNU tar's manual, "Appending Files with the Same Name") has changed it.
   * But where that cannot be read, an earlier one can: a tar that is given a path twice has a link in place of the second.
   */
  async list(judge: (entry: EntryFacts) => Verdict): Promise<PackedFile[]> {
    const files = new Map<string, PackedFile>();
    const ways = new Map<string, Way[]>();
    for (let count = 0; ;) {
      const event = await this.step();
      if (event.step === ArchiveStep.End) {
        this.fault = this.errorOf(event.facts);
        return [...files.values()];
      }
      if (event.step !== ArchiveStep.Entry) continue;
      const number = count++;
      const { facts } = event;
      const verdict = !facts.directory && judge(facts);
      if (verdict === false) continue;
      const { name: path, bare, size } = facts;
      const way = await this.wayTo(number, facts, verdict === true ? (this.errorOf(facts) ?? true) : verdict);
      const known = ways.get(path);
      if (known) known.push(way);
      else ways.set(path, [way]);
      const again = known ? ({ isLastOfSeveral: true } as const) : {};
      const unpack = (): Promise<UnpackedFile> => lastWhole(known ?? [way]);
      files.set(path, { path, bare, unpack, ...(size === undefined ? {} : { size }), ...again });
    }
  }

  /** To be called when no file is to be unpacked any more. */
  close(): void {
    if (!this.archives.dead) this.archives.close(this.archive);
  }

  private async wayTo(number: number, facts: EntryFacts, verdict: true | 'listed' | WireError): Promise<Way> {
    const known = (file: UnpackedFile) => () => Promise.resolve(file);
    if (verdict === 'listed') return known({});
    if (verdict !== true) return known({ error: verdict });
    if (facts.offset !== undefined) return known({ source: this.part(facts) });
    if (this.kind === ArchiveKind.Zip) return () => this.unpack(number, facts);
    // The bytes of a compressed tar pass by only once.
    return known(await this.unpack(number, facts));
  }

  private async unpack(number: number, { name }: EntryFacts): Promise<UnpackedFile> {
    this.archives.openEntry(this.archive, number);
    const parts: Blob[] = [];
    let pieces: Uint8Array<ArrayBuffer>[] = [];
    let [bytes, size] = [0, 0];
    const keep = (): void => {
      parts.push(new Blob(pieces));
      [pieces, bytes] = [[], 0];
    };
    for (;;) {
      const event = await this.step();
      if (event.step === ArchiveStep.Data) {
        // Archives in this one were unpacked since it was opened.
        if (this.unpacked.used + size + event.bytes.length > this.limit) return { error: this.tooManyBytes() };
        pieces.push(event.bytes);
        bytes += event.bytes.length;
        size += event.bytes.length;
        if (bytes >= PART_BYTES) keep();
      } else if (event.step === ArchiveStep.EntryEnd) {
        const error = this.errorOf(event.facts);
        const part = event.facts.offset === undefined ? undefined : this.part(event.facts);
        if (part && !error) return { source: part };
        // Of a bomb nothing is kept; of what is damaged, all before that is good.
        if (error && (size === 0 || error.code === 'too_big')) return { error };
        keep();
        const blob = new Blob(parts);
        // Where the browser has no room, it says so only to who reads.
        const kept = await blob.slice(size - 1).arrayBuffer().then(() => true, () => false); // prettier-ignore
        if (!kept) return { error: { code: 'too_big', detail: 'too_many_bytes' } };
        this.unpacked.used += size;
        return { source: { id: newId(), path: this.pathOf(name), size, blob }, ...(error ? { error } : {}) };
      }
    }
  }

  /** The next step that has something to tell. */
  private async step(): Promise<ArchiveEvent> {
    for (;;) {
      await this.tools.pause();
      const event = this.archives.step(this.archive);
      if (event.step === ArchiveStep.Pause) continue;
      if (event.step !== ArchiveStep.Need) return event;
      const bytes = await this.tools.read(event.offset, event.length);
      this.archives.provide(this.archive, bytes);
      this.tools.progress(bytes.length);
    }
  }

  private part({ name, offset = 0, size = 0 }: EntryFacts): SourceRef {
    return { id: newId(), path: this.pathOf(name), size, of: this.source, from: offset };
  }

  private pathOf(name: string): string {
    return `${this.source.path}/${name}`;
  }

  private errorOf({ fault, code, limit }: ArchiveFacts): WireError | undefined {
    if (fault === 'none') return undefined;
    const error = { code: code as ErrorCode, detail: fault };
    if (limit === 0) return error;
    return fault === 'too_many_bytes' ? this.tooManyBytes() : { ...error, limit };
  }

  private tooManyBytes(): WireError {
    // What is left for this archive is only what others have left of it.
    return { code: 'too_big', detail: 'too_many_bytes', limit: Math.floor(this.unpacked.limit * this.share) };
  }
}

/** @param ways to files of one path, in the order of the archive */
async function lastWhole(ways: readonly Way[]): Promise<UnpackedFile> {
  let found: UnpackedFile = {};
  let error: WireError | undefined;
  for (const unpack of [...ways].reverse()) {
    const file = await unpack();
    error ??= file.error;
    if (file.source && !file.error) return { source: file.source, ...(error ? { error } : {}) };
    if (!found.source && file.source) found = { source: file.source };
  }
  return { ...found, ...(error ? { error } : {}) };
}

/** The page gives its sources positive ones. */
function newId(): number {
  return -nextSourceId();
}

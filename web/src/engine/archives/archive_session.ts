/**
 * The functions that `wasm/bindings/archive.cc` exports, as TypeScript sees them. Only workers use them, through
 * `wasm_archives.ts`.
 */
import type { ArchiveKind } from '../reader_session';
import type { Exchange } from '../wasm_memory';

/** `ArchiveReader::Step` of `wasm/archive/archive_reader.h`, which says what each one means. */
export const enum ArchiveStep {
  Need = 0,
  Entry = 1,
  Data = 2,
  EntryEnd = 3,
  Pause = 4,
  End = 5,
}

/** What a step tells: of an entry, or at the end of the archive. */
export interface ArchiveFacts {
  /** Names of `wasm/archive/archive_fault.h`; "none" = it was right. */
  fault: string;
  /** Name of `wasm/base/error_code.h` for it. */
  code: string;
  /** What was gone over; 0 = no limit was. */
  limit: number;
}

export interface EntryFacts extends ArchiveFacts {
  /** Path in the archive; of a bare file perhaps ''. */
  name: string;
  directory: boolean;
  /** It is all there is: a compressed file, and no archive. */
  bare: boolean;
  /** Unpacked, as far as it is told. */
  size?: number;
  /** Where it stands in the archive, just as it is. */
  offset?: number;
}

export interface ArchiveSession extends Exchange {
  /** Starts an archive of `size` bytes, of whose data at most `maxBytes` are unpacked. Returns its number. */
  openArchive(kind: ArchiveKind, size: number, maxBytes: number): number;
  /**
   * What comes next. Need = put `requestLength()` bytes at `requestOffset()` of the archive into the input buffer and
   * call `provideArchive`; Entry, EntryEnd, End = text: JSON of EntryFacts or, at the end, ArchiveFacts; Data =
   * `dataSize()` bytes at `dataPointer()`.
   */
  stepArchive(archive: number): ArchiveStep;
  provideArchive(archive: number, length: number): void;
  /** Lets the data of an entry come next, by its number in the order of Entry. */
  openEntry(archive: number, number: number): void;
  closeArchive(archive: number): void;
  requestOffset(): number;
  requestLength(): number;
}

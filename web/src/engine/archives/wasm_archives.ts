import { ArchiveStep, type ArchiveFacts, type ArchiveSession, type EntryFacts } from './archive_session';
import type { ArchiveKind } from '../reader_session';
import { startBare } from '../wasm_loader';
import { WasmMemory } from '../wasm_memory';

/** What comes next in an archive. */
export type ArchiveEvent =
  | { step: ArchiveStep.Need; offset: number; length: number }
  | { step: ArchiveStep.Entry | ArchiveStep.EntryEnd; facts: EntryFacts }
  | { step: ArchiveStep.Data; bytes: Uint8Array<ArrayBuffer> }
  | { step: ArchiveStep.Pause }
  | { step: ArchiveStep.End; facts: ArchiveFacts };

/** The archives that are open, in the memory of their own module. */
export class WasmArchives extends WasmMemory<ArchiveSession> {
  /** @param wasm `archive.wasm` */
  static async of(wasm: ArrayBuffer): Promise<WasmArchives> {
    const [memory, session] = await startBare<ArchiveSession>(wasm);
    return new WasmArchives(memory, session);
  }

  /** @param maxBytes that may be unpacked. @returns the archive's number. */
  open(kind: ArchiveKind, size: number, maxBytes: number): number {
    return this.call((session) => session.openArchive(kind, size, maxBytes));
  }

  step(archive: number): ArchiveEvent {
    return this.call((session): ArchiveEvent => {
      const step = session.stepArchive(archive);
      switch (step) {
        case ArchiveStep.Need:
          return { step, offset: session.requestOffset(), length: session.requestLength() };
        case ArchiveStep.Data:
          return { step, bytes: this.data() };
        case ArchiveStep.Pause:
          return { step };
        case ArchiveStep.Entry:
        case ArchiveStep.EntryEnd:
          return { step, facts: JSON.parse(this.text()) as EntryFacts };
        case ArchiveStep.End:
          return { step, facts: JSON.parse(this.text()) as ArchiveFacts };
      }
    });
  }

  /** The bytes that were needed; fewer = no more are at hand, none = the archive ends there. */
  provide(archive: number, bytes: Uint8Array): void {
    this.call((session) => session.provideArchive(archive, this.setInput(bytes)));
  }

  openEntry(archive: number, number: number): void {
    this.call((session) => session.openEntry(archive, number));
  }

  close(archive: number): void {
    this.call((session) => session.closeArchive(archive));
  }
}

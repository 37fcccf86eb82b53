import { PURGES, type Purge } from './protocol';
import { FeedStatus, type DumpModule, type DumpSession } from './reader_session';
import { WasmLog, type Wish } from './wasm_log';

/** Gives `length` bytes at `offset` of a file; fewer = it became shorter. */
export type ReadAt = (file: number, offset: number, length: number) => Promise<Uint8Array>;

/** A log that can be written down, whole. */
export class DumpLog extends WasmLog<DumpSession> {
  static override of(wasm: DumpModule, budgetBytes: number): DumpLog {
    return new DumpLog(wasm, new wasm.DumpSession(budgetBytes));
  }

  /**
   * The JSON text of `tensorpane dump`. Nothing else may change the log meanwhile.
   *
   * @param read bytes of a file of the log.
   * @param beside the files that are no event files, by path below the log directory.
   * @param readBeside bytes of one of them, by its place among them.
   */
  async dump(
    purge: Purge,
    read: ReadAt,
    beside: readonly { path: string; size: number }[] = [],
    readBeside: ReadAt = () => Promise.resolve(new Uint8Array()),
  ): Promise<string> {
    this.call((session) => beside.forEach(({ path, size }) => session.addFileBeside(path, size)));
    const answer = async (wish: Wish, from: ReadAt, next: (bytes: Uint8Array) => Wish): Promise<void> => {
      while (wish.status === FeedStatus.Need) {
        const file = this.call((session) => session.requestFile());
        wish = next(await from(file, wish.offset, wish.length));
      }
    };
    const begun = this.wish((session) => session.beginProjector());
    await answer(begun, readBeside, (bytes) => this.wish((session) => session.provideProjector(this.setInput(bytes))));
    const dump = this.wish((session) => session.beginDump(PURGES.indexOf(purge)));
    await answer(dump, read, (bytes) => this.wish((session) => session.provideDump(this.setInput(bytes))));
    return this.text();
  }
}

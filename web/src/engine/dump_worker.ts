import type { Body, Post } from './answerer';
import type { Answer } from './asker';
import { DumpLog } from './dump_log';
import type { Notice, Purge, Request } from './protocol';
import { ReaderWorker } from './reader_worker';
import type { DumpModule } from './reader_session';
import { SourceReader } from './source_reader';
import type { SourceRef } from '../sources/source_ref';
import type { LoadWasm } from './wasm_loader';

/** A file that is no event file, but belongs to the logs. */
export interface FileBeside {
  /** Below the log directory, '/' between names. */
  path: string;
  size: number;
  source: SourceRef;
}

/** Answered with the JSON text of `tensorpane dump` over everything that was read. */
export interface DumpRequest {
  type: 'dump';
  purge: Purge;
  beside: FileBeside[];
}

/** A reading worker that can write down what it has read. */
export class DumpWorker extends ReaderWorker {
  constructor(post: Post<Answer | Notice>, loadWasm: LoadWasm<DumpModule>) {
    super(post, loadWasm);
  }

  protected override logOf(wasm: DumpModule, budgetBytes: number): DumpLog {
    return DumpLog.of(wasm, budgetBytes);
  }

  protected override async find(request: Request | (DumpRequest & { id: number }), asker: string): Promise<Body> {
    if (request.type !== 'dump') return super.find(request, asker);
    const { purge, beside } = request;
    const log = this.answers.living(this.log) as DumpLog;
    const dump = await log.dump(
      purge,
      (file, offset, length) => this.readAgain(this.sourceOf[file], offset, length),
      beside,
      (file, offset, length) => this.readAgain(beside[file]?.source, offset, length),
    );
    return [dump, []];
  }

  /** A part of a file that was read before, or lies beside; nothing if it is gone. */
  private async readAgain(source: SourceRef | undefined, offset: number, length: number): Promise<Uint8Array> {
    if (!source) return new Uint8Array();
    const reader = new SourceReader(this.remote, new AbortController().signal);
    return reader.slice(source, offset, length).catch(() => new Uint8Array());
  }
}

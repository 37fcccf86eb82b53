import dumpUrl from 'tensorpane-wasm/dump.wasm?url';
import { archiveWasm } from './archives/archive_wasm';
import { EngineClient } from './client';
import type { DumpRequest } from './dump_worker';
import dumpWorkerUrl from './dump_worker_entry?worker&url';
import type { Purge } from './protocol';
import { compileWasm, startWorker } from './start_worker';
import type { Asker } from './asker';
import type { Opened } from '../sources/event_files';
import { infoOf } from '../sources/neighbours.mjs';

/** An engine whose worker runs `dump_worker_entry.ts`. */
export class DumpClient extends EngineClient {
  /** The JSON text of `tensorpane dump` over everything that was read. */
  async dump(purge: Purge): Promise<string> {
    const beside = this.beside.value.flatMap(({ kind, path, size, source }) => {
      return infoOf(kind).isRead && source && size !== undefined ? [{ path, size, source }] : [];
    });
    // This worker understands one request more.
    const asker = (await this.ready) as unknown as Asker<DumpRequest, { dump: string }>;
    return asker.ask({ type: 'dump', purge, beside });
  }
}

/** Reads everything once more that was opened, and writes it down. */
export async function dumpLogs(openings: readonly Opened[], purge: Purge): Promise<string> {
  const worker = await startWorker(dumpWorkerUrl);
  const none = (): never => {
    throw new Error('nobody asks it');
  };
  const engine = new DumpClient(Promise.resolve(worker), compileWasm(dumpUrl), archiveWasm(), none, {
    values: none,
    graphs: none,
    embeddings: none,
    projections: none,
  });
  try {
    for (const { files, name, beside } of openings) await engine.open(files, name, beside);
    return await engine.dump(purge);
  } finally {
    worker.terminate();
  }
}

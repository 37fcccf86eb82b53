import embeddingsUrl from 'tensorpane-wasm/embeddings.wasm?url';
import { EmbeddingsClient } from './embeddings_client';
import embeddingsWorkerUrl from './embeddings_worker_entry?worker&url';
import { h5Reader } from './h5_reader';
import h5WorkerUrl from './h5_worker_entry?worker&url';
import type { Connect } from '../side_worker';
import { startSideWorker, startWorker } from '../start_worker';

/** What answers about embeddings; it starts its workers when they are asked. */
export function startEmbeddings(connect: Connect): EmbeddingsClient {
  const h5 = h5Reader(() => startWorker(h5WorkerUrl));
  return new EmbeddingsClient(startSideWorker(embeddingsWorkerUrl, embeddingsUrl), connect, h5);
}

import projectionUrl from 'tensorpane-wasm/projection.wasm?url';
import { ProjectionClient } from './projection_client';
import projectionWorkerUrl from './projection_worker_entry?worker&url';
import { startSideWorker } from '../start_worker';

/** What makes pictures of embeddings; it starts its worker when it is asked. */
export function startProjections(): ProjectionClient {
  return new ProjectionClient(startSideWorker(projectionWorkerUrl, projectionUrl));
}

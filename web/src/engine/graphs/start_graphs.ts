import graphsUrl from 'tensorpane-wasm/graph.wasm?url';
import { GraphClient } from './graph_client';
import graphWorkerUrl from './graph_worker_entry?worker&url';
import type { Connect } from '../side_worker';
import { startSideWorker } from '../start_worker';

/** What answers about graphs; it starts its worker when it is asked. */
export function startGraphs(connect: Connect): GraphClient {
  return new GraphClient(startSideWorker(graphWorkerUrl, graphsUrl), connect);
}

import valuesUrl from 'tensorpane-wasm/values.wasm?url';
import type { Connect } from '../side_worker';
import { startSideWorker } from '../start_worker';
import { ValuesClient } from './values_client';
import valuesWorkerUrl from './values_worker_entry?worker&url';

/** What answers about payloads; it starts its worker when it is asked. */
export function startValues(connect: Connect): ValuesClient {
  return new ValuesClient(startSideWorker(valuesWorkerUrl, valuesUrl), connect);
}

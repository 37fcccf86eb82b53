/** The script of the worker that reads logs to write them down. */
import createDump from 'tensorpane-wasm/dump.js';
import { DumpWorker } from './dump_worker';
import { loaderOf } from './wasm_loader';
import { serve } from './worker_scope';

serve((post) => new DumpWorker(post, loaderOf(createDump)));

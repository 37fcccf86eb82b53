/** The script of the worker that decodes payloads. */
import createValues from 'tensorpane-wasm/values.js';
import { ValuesWorker } from './values_worker';
import { loaderOf } from '../wasm_loader';
import { serve } from '../worker_scope';

serve((post) => new ValuesWorker(post, loaderOf(createValues)));

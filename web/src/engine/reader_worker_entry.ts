/** The script of the worker that reads: a classic one, the same text whether it is loaded from a URL or from a Blob. */
import createReader from 'tensorpane-wasm/reader.js';
import { ReaderWorker } from './reader_worker';
import { loaderOf } from './wasm_loader';
import { serve } from './worker_scope';

serve((post) => new ReaderWorker(post, loaderOf(createReader)));

/** The script of the worker that has graphs. */
import createGraphs from 'tensorpane-wasm/graph.js';
import { GraphWorker } from './graph_worker';
import { loaderOf } from '../wasm_loader';
import { serve } from '../worker_scope';

serve((post) => new GraphWorker(post, loaderOf(createGraphs)));

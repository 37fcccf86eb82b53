/** The script of the worker of embeddings. */
import createEmbeddings from 'tensorpane-wasm/embeddings.js';
import { EmbeddingsWorker } from './embeddings_worker';
import { loaderOf } from '../wasm_loader';
import { serve } from '../worker_scope';

serve((post) => new EmbeddingsWorker(post, loaderOf(createEmbeddings)));

/** The script of the projection worker. */
import createProjection from 'tensorpane-wasm/projection.js';
import { ProjectionWorker } from './projection_worker';
import { loaderOf } from '../wasm_loader';
import { serve } from '../worker_scope';

serve((post) => new ProjectionWorker(post, loaderOf(createProjection)));

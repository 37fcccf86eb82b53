/**
 * The seam between the page and the projection worker, whole. Frames are asked for, one after the other, so that a page
 * that draws slowly is never behind: a run goes on meanwhile. The C++ end of it is `wasm/bindings/projection.cc`.
 */
import type { KeptNeighbours, Metric, Neighbours, PointFacts, Preparation, ProjectionFrame, ProjectionOptions } from './projections'; // prettier-ignore

export type ProjectionRequest = { id: number } & (
  | { type: 'init'; wasm: WebAssembly.Module | ArrayBuffer }
  | { type: 'open'; dimensions: number; rows: readonly Float32Array<ArrayBuffer>[] }
  | { type: 'close'; set: number }
  | { type: 'prepare'; set: number; preparation: Preparation }
  /** Both begin a run, which has a number of the page, in place of the one that the set has; answered as `next`. */
  | { type: 'start'; set: number; run: number; options: ProjectionOptions }
  | { type: 'more'; set: number; run: number; steps: number }
  /** The next frame of a run, as soon as it is due; its last one once it is done. */
  | { type: 'next'; run: number }
  /** Ends a run; its projection stays as it is. */
  | { type: 'stop'; run: number }
  | { type: 'pause'; set: number }
  | { type: 'resume'; set: number }
  | { type: 'perturb'; set: number }
  | { type: 'neighbours'; set: number; row: number; k: number; metric: Metric }
  | { type: 'distances'; set: number; rows: Uint32Array; metric: Metric }
  | { type: 'kept'; set: number; k: number; metric: Metric; rows: Uint32Array; columns: readonly number[] }
  | { type: 'align'; positions: Float32Array; to: Float32Array; columns: number }
);

/** A request that has no id yet. */
export type ProjectionRequestBody = ProjectionRequest extends infer R
  ? R extends ProjectionRequest
    ? Omit<R, 'id'>
    : never
  : never;

/** What each request is answered with. */
export interface ProjectionReplies {
  init: null;
  open: PointFacts;
  close: null;
  prepare: null;
  start: ProjectionFrame;
  more: ProjectionFrame;
  next: ProjectionFrame;
  stop: null;
  pause: null;
  resume: null;
  perturb: null;
  neighbours: Neighbours;
  distances: Float32Array<ArrayBuffer>;
  kept: KeptNeighbours;
  align: Float32Array<ArrayBuffer>;
}

/**
 * The Embind class of `wasm/bindings/projection.cc`, as TypeScript sees it: sets of points, by number, each a
 * `ProjectionSession` of `wasm/projection/projection_session.h`. Enumerations cross as indices of the lists of
 * `projections.ts`. Only a worker uses it, through `wasm_projection.ts`.
 */
import type { Exchange } from '../wasm_memory';

export interface ProjectionSession extends Exchange {
  /** @param rows that will come. @returns the number of the set */
  open(dimensions: number, rows: number): number;
  /** Input: whole rows, float32; so many bytes. Not after `facts`. */
  append(set: number, length: number): void;
  /** Text: JSON of PointFacts (projections.ts) without `set`. */
  facts(set: number): void;
  close(set: number): void;
  prepare(set: number, preparation: number): void;
  /** Input: JSON of ProjectionOptions. False: there is nothing to project. */
  start(set: number, length: number): boolean;
  /** Works for so many ms. True: it is done. */
  step(set: number, milliseconds: number): boolean;
  more(set: number, steps: number): void;
  perturb(set: number): void;
  /** Text: JSON of ProjectionProgress. */
  progress(set: number): void;
  /** Data: the positions, float32. */
  positions(set: number): void;
  /** Numbers: rows. Data: their distances, float32. */
  neighbours(set: number, row: number, k: number, metric: number): void;
  /** Input: so many rows, 32 bits each. Data: the distances, float32. */
  distances(set: number, rows: number, metric: number): void;
  /** Input: rows, then columns, 32 bits each; how many of both. Text: JSON of KeptNeighbours. */
  kept(set: number, k: number, metric: number, rows: number, columns: number): void;
  /** Input: positions, then those that they are laid over, float32; how many of each. Data: the positions, float32. */
  align(columns: number, values: number): void;
}

export interface ProjectionModule {
  HEAPU8: Uint8Array;
  Projections: new () => ProjectionSession;
}

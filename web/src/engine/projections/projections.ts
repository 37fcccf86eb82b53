/**
 * Pictures of embeddings as the page sees them: what is asked of the projection worker, and what it answers. Rows are named by their
 * number, from 0, in the order in which they were given. The C++ end is `wasm/projection/projection_session.h`.
 */

export const METRICS = ['cosine', 'euclidean', 'dot'] as const;
/** What is between two points: 1 − cos of their angle; the length of the difference; minus the product. */
export type Metric = (typeof METRICS)[number];

export const PREPARATIONS = ['none', 'normalised', 'sphereized'] as const;
/** How points are seen: as they are; each of length 1; the centroid taken away and then each of length 1. */
export type Preparation = (typeof PREPARATIONS)[number];

export const PROJECTION_METHODS = ['pca', 'tsne', 'umap', 'axes'] as const;
export type ProjectionMethod = (typeof PROJECTION_METHODS)[number];

/** The points of one tensor, of one step. */
export interface PointFacts {
  /** Names them to the worker, until `close`. */
  set: number;
  points: number;
  dimensions: number;
  /** Rows with a NaN, an infinity or a number beyond 1e15, which are left out of everything: how many, and the first 1,000. */
  excludedCount: number;
  excluded: number[];
  /** All rows that are left are the same, or there is only one. */
  constant: boolean;
  /** Three dimensions, or all: the first in which rows are not all the same and, if those are too few, the first others. */
  leading: number[];
}

/** A direction in all dimensions; the position along it is the product with it. */
export type Axis =
  /** One of the dimensions as it is, from 0. */
  | { kind: 'dimension'; index: number }
  /** From the centroid of some rows to that of others, of length 1. One of them empty: from or to the centroid of all. */
  | { kind: 'between'; from: number[]; to: number[] };

/** What is left out has the value that is named here. */
export type ProjectionOptions =
  /** All components at once, at most 10: the view picks. */
  | { method: 'pca' }
  | {
      method: 'tsne';
      dimensions?: 2 | 3;
      /** 30; lowered where there are fewer than three times as many points (note `perplexity_lowered`). */
      perplexity?: number;
      /** max(N / 12, 200) (Belkina 2019), for van der Maaten's gradient, which has no factor of 4. */
      learningRate?: number;
      /** 1,000, of which the first 250 exaggerate. */
      steps?: number;
      /** cosine. */
      metric?: Metric;
      /** 42. The same seed, options and points make the same picture. */
      seed?: number;
    }
  | {
      method: 'umap';
      dimensions?: 2 | 3;
      /** 15, counting the point itself; lowered where there are fewer points (note `neighbours_lowered`). */
      neighbours?: number;
      /** 0.1 */
      minDistance?: number;
      /** 1 */
      spread?: number;
      /** 500 up to 10,000 points, 200 beyond. */
      steps?: number;
      metric?: Metric;
      seed?: number;
    }
  /** Two or three. */
  | { method: 'axes'; axes: Axis[] };

/** What was done otherwise than was asked, or is worth to know; the words are in the view. */
export interface ProjectionNote {
  kind:
    /** `value` is what was taken instead. */
    | 'perplexity_lowered'
    | 'neighbours_lowered'
    /** The points fall into `value` parts that nothing joins, so UMAP began with PCA. */
    | 'disconnected'
    /** Too many points for a spectral start: UMAP began with PCA. */
    | 'too_many_for_spectral'
    /** All points are the same: the picture means nothing. */
    | 'constant'
    /** An axis has no direction: both ends are the same. */
    | 'axis_without_direction'
    /** PCA by a randomised method (Halko 2011), since both points and dimensions are many. */
    | 'randomised';
  value: number;
}

export interface ProjectionProgress {
  method: ProjectionMethod;
  /** What is being done: neighbours of all points; what is made of them; the picture. */
  stage: 'neighbours' | 'start' | 'layout' | 'done';
  /** Of `of`: in `layout` steps of the method (of UMAP epochs), before that any unit. */
  step: number;
  of: number;
  /** Numbers in each position. */
  columns: number;
  /** Of t-SNE: the Kullback–Leibler divergence of the last step that was measured (every 50th and the last), else null. */
  kl: number | null;
  /** Of PCA: share of the variance that each component has. */
  explained: number[];
  /** Of t-SNE and UMAP: the share of true neighbours that were found, 1 = exact; measured on a sample. Null = not known yet. */
  recall: number | null;
  notes: ProjectionNote[];
}

/** A picture on its way. */
export interface ProjectionFrame {
  progress: ProjectionProgress;
  /** Points × `progress.columns`, row-major; empty before there are any. NaN = a row that was left out. */
  positions: Float32Array<ArrayBuffer>;
}

export interface Neighbours {
  /** Nearest first; equal ones by their row. */
  rows: Uint32Array<ArrayBuffer>;
  distances: Float32Array<ArrayBuffer>;
}

/** How far a picture can be trusted. */
export interface KeptNeighbours {
  /** Of the k true nearest neighbours of a row those that are among its k nearest in the picture, 0 to 1, on average. */
  share: number;
  /** Rows that were looked at: all that were asked for, or a sample of them. */
  rows: number;
  k: number;
}

/**
 * Points and pictures of them, in a worker of their own. Every method rejects with a Fault: `cancelled` by the signal, and
 * `wasm_abort` when the worker's memory was not enough; then all sets are gone, and the next `open` starts another one.
 */
export interface Projections {
  /**
   * Takes points in.
   * @param rows whole rows, in any pieces; each buffer is transferred
   */
  open(dimensions: number, rows: readonly Float32Array<ArrayBuffer>[], signal: AbortSignal): Promise<PointFacts>;
  close(set: number): void;
  /** How the points of a set are seen from now on; ends a projection of it that runs. At first `none`. */
  prepare(set: number, preparation: Preparation): Promise<void>;

  /**
   * Projects, in place of what runs of the same set, which is then cancelled. What is called off leaves the picture as it
   * is: it can be asked about, and goes on with `more`.
   * @param onFrame at most 30 times a second, and with what is last
   */
  start(
    set: number,
    options: ProjectionOptions,
    onFrame: (frame: ProjectionFrame) => void,
    signal: AbortSignal,
  ): Promise<ProjectionProgress>;
  pause(set: number): void;
  resume(set: number): void;
  /** Of t-SNE: moves every point a little. */
  perturb(set: number): void;
  /** More steps of what was started last, also after its end; it takes the place of what runs, as `start` does. */
  more(
    set: number,
    steps: number,
    onFrame: (frame: ProjectionFrame) => void,
    signal: AbortSignal,
  ): Promise<ProjectionProgress>;

  /** Of one row, in all dimensions, exactly. */
  neighbours(set: number, row: number, k: number, metric: Metric): Promise<Neighbours>;
  /** Of every row to the centroid of some, in all dimensions. */
  distances(set: number, rows: Uint32Array, metric: Metric): Promise<Float32Array<ArrayBuffer>>;
  /**
   * @param rows empty = all
   * @param columns of the positions that make the picture; empty = all
   */
  kept(set: number, k: number, metric: Metric, rows: Uint32Array, columns: readonly number[]): Promise<KeptNeighbours>;
  /**
   * Positions turned, mirrored, scaled and moved so that they lie as near as can be to others of the same rows
   * (Procrustes); rows of which one side is NaN are moved with the others.
   * @param columns 1 to 3
   */
  align(positions: Float32Array, to: Float32Array, columns: number): Promise<Float32Array<ArrayBuffer>>;
}

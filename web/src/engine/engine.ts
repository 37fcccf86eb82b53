/** What views and the shell may ask of the engine. `client.ts` is the one implementation; tests may fake it. */
import type { ReadonlySignal } from '@preact/signals-core';
import type { ChartQuery, FileProgress, FileReport, Purge, RestartReport, XKind } from './protocol'; // prettier-ignore
import type { OpenFile } from '../sources/event_files';
import type { WireError } from '../faults/fault';
import type { ChartLines } from './lines';
import type { Embeddings } from './embeddings/embeddings';
import type { Graphs } from './graphs/graphs';
import type { CompatibleBins, GridQuery, HistogramPoint } from './values/histograms';
import type { GifClip, MediaPoint, SoundClip } from './values/media';
import type { Projections } from './projections/projections';
import type { Columns, PointValue, SeriesPoints, StepUnion } from './values/values';
import type { Catalogue } from '../model/catalogue';
import type { RunOrigin } from '../model/fold';
import type { HParams } from '../model/hparams_file';
import type { Neighbour } from '../sources/find_neighbours';

/** A point of a series as it was written. Times in seconds. */
export interface Pick {
  x: number;
  value: number;
  smoothed: number;
  step: bigint;
  wall: number;
  relative: number;
  /** Which of how many lines that restarts part the series into; 0 of 0 where they do not. */
  part: number;
  parts: number;
}

export interface Engine {
  /** Grows while files are read; `catalogue.version` is the signal to watch. */
  readonly catalogue: Catalogue;
  /** Event files and archives that were opened, each with the run that it has here; those in archives are not named. */
  readonly files: ReadonlySignal<readonly OpenFile[]>;
  /** Files of the running or last `open`. */
  readonly progress: ReadonlySignal<readonly FileProgress[]>;
  readonly loading: ReadonlySignal<boolean>;
  /** Files with something to report; empty while all is well. */
  readonly report: ReadonlySignal<readonly FileReport[]>;
  /** Runs that were restarted or written by several files. */
  readonly restarts: ReadonlySignal<ReadonlyMap<string, RestartReport>>;
  /** What the runs are called whose files are directly in what was opened: the run itself is only `.`. */
  readonly rootNames: ReadonlySignal<ReadonlyMap<string, string>>;
  /** How runs came to be, by name. */
  readonly origins: ReadonlySignal<ReadonlyMap<string, RunOrigin>>;
  /** Known files beside the event files. */
  readonly beside: ReadonlySignal<readonly Neighbour[]>;
  /** Hyperparameters that files beside the event files give to runs, by run. */
  readonly hparams: ReadonlySignal<ReadonlyMap<string, HParams>>;
  /** How many bookmarks of the projector there are. */
  readonly bookmarkCount: ReadonlySignal<number>;
  /** Set once when the worker died. */
  readonly fatal: ReadonlySignal<WireError | undefined>;

  /**
   * Reads files; resolves when all are read, failed or cancelled. Never rejects for a bad file. Runs that were read
   * before and have not changed are left out; other runs whose names are taken are kept apart as `run (2)`.
   *
   * @param name of what was opened, in a person's words
   * @param beside what else was found there and is known
   * @returns false = all was open already
   */
  open(files: OpenFile[], name: string, beside?: readonly Neighbour[]): Promise<boolean>;
  /** Stops the running `open`; what was read stays. */
  cancel(): void;
  /**
   * Lines of one chart. All queries of a frame go as one request; a newer query under the same key replaces one that is
   * still waiting, whose promise then resolves to undefined.
   */
  lines(key: string, query: ChartQuery): Promise<ChartLines | undefined>;
  /** The exact points nearest to `at`, one for each series; undefined = the series has none. Latest wins by key. */
  pick(
    key: string,
    series: Uint32Array,
    x: XKind,
    at: number,
    smoothing: number,
  ): Promise<(Pick | undefined)[] | undefined>;
  /** The steps that any of the series have. */
  steps(series: Uint32Array): Promise<StepUnion>;
  /** The points of a series that the reading keeps, as of when it is asked. */
  points(series: number): Promise<SeriesPoints>;
  /** Every number of a scalar series that the reading keeps, as of when it is asked. */
  columns(series: number): Promise<Columns>;
  /**
   * What one point holds beyond a number, read from its file and decoded; undefined = nothing. What was asked lately is
   * kept. Rejects with a Fault, `cancelled` when the signal aborts.
   *
   * @param point as `points` calls it.
   */
  value(series: number, point: number, signal: AbortSignal): Promise<PointValue | undefined>;
  /**
   * The bytes that are saved of it: a tensor's numbers, little-endian and row by row, or its strings, each with its
   * length before it; else the payload as written. Rejects with a Fault, `cancelled` when the signal aborts.
   */
  content(series: number, point: number, signal?: AbortSignal): Promise<ArrayBuffer | undefined>;
  /**
   * The encoded images, sounds and videos of one point; undefined = it has no payload. What was asked lately is kept.
   * Rejects with a Fault, `cancelled` when the signal aborts.
   */
  media(series: number, point: number, signal: AbortSignal): Promise<MediaPoint | undefined>;
  /** Rejects with a Fault: `undecodable`, `value_too_big` when too much is open, `cancelled`. Close what was opened. */
  openGif(bytes: Uint8Array, signal: AbortSignal): Promise<GifClip>;
  /** The same for a WAV. */
  openSound(bytes: Uint8Array, signal: AbortSignal): Promise<SoundClip>;
  /** Facts of histograms; `factsAt` reads them. Rejects with a Fault, `cancelled` when the signal aborts; so the others. */
  histogramFacts(series: number, points: Uint32Array, signal: AbortSignal): Promise<Float64Array>;
  /** Cells, row by row; the row of points that are all damaged is NaN. */
  histogramGrid(grid: GridQuery, signal: AbortSignal): Promise<Float64Array>;
  /** undefined = there is not one bucket. */
  compatibleBins(series: number, points: Uint32Array, signal: AbortSignal): Promise<CompatibleBins | undefined>;
  /** Wasserstein distance of two histograms; NaN = one has no values. */
  histogramDistance(a: HistogramPoint, b: HistogramPoint, signal: AbortSignal): Promise<number>;
  /** What answers about graphs, in a worker of its own; its code is loaded when it is asked for first. */
  graphs(): Promise<Graphs>;
  /** Likewise what reads embeddings. Which there are says `openedEmbeddings` (model/opened_embeddings.ts). */
  embeddings(): Promise<Embeddings>;
  /** Likewise what makes pictures of them. */
  projections(): Promise<Projections>;
  /** Which points catalogue, lines and picks have: asked for after this call, they have those. */
  setPurge(purge: Purge): void;
  /** Resolves when nothing is loading and no query is unanswered. */
  idle(): Promise<void>;
  /** Ends the workers and gives their memory back. What is asked from here on is never answered. */
  end(): void;
}

/**
 * What is kept of a view of points. A file of it is TensorBoard's JSON list of `State`s
 * (tensorboard/plugins/projector/vz_projector/data.ts; filled in by vz-projector.ts and vz-projector-projections-panel.ts).
 * What `State` has no place for is in a field `tensorpane` of each, which TensorBoard passes over: one file is for both.
 */
import type { Preparation, ProjectionOptions } from '../../engine/projections/projections';
import type { ProjectionSettings } from '../../model/state';

export interface Bookmark {
  name: string;
  /** By name; absent in what TensorBoard wrote. */
  embedding?: { run: string; name: string; step: number };
  /** Points and dimensions of it. */
  points: number;
  dimensions: number;
  preparation?: Preparation;
  projection: ProjectionOptions;
  /** Where it is by axes of one's own: what a person said that they are, of which `projection` has the points. */
  axes?: ProjectionSettings['axes'] | undefined;
  /** Which columns of the positions are x, y and, in three dimensions, z. */
  drawn: number[];
  /** Points × columns; NaN = it has no place. Absent: to be computed anew. */
  positions?: { columns: number; values: Float32Array<ArrayBuffer> };
  /** As `PointsCamera` of points/points_picture.ts; absent = fitted. */
  camera?: {
    target: [number, number, number];
    azimuth: number;
    elevation: number;
    roll?: number | undefined;
    zoom: number;
  };
  /** Points, by row. */
  selected: number[];
  /** The only points that are shown; absent = all. */
  only?: number[];
  hidden: { texts: string[]; others: boolean };
  /** Name of the column; undefined = none. See {@link columnNamed}. */
  colourBy?: string | undefined;
  /** A column of numbers is coloured by class. */
  byClass: boolean;
  labelBy?: string | undefined;
  search: { text: string; isPattern: boolean };
}

export type Method = ProjectionOptions['method'];

/** TensorBoard's names of methods, and of the columns of positions in `State.projections`. */
export const METHODS: Record<Method, { name: string; columns: readonly string[] }> = {
  pca: { name: 'pca', columns: Array.from({ length: 10 }, (_, i) => `pca-${i}`) },
  tsne: { name: 'tsne', columns: ['tsne-0', 'tsne-1', 'tsne-2'] },
  umap: { name: 'umap', columns: ['umap-0', 'umap-1', 'umap-2'] },
  axes: { name: 'custom', columns: ['linear-x', 'linear-y', 'linear-z'] },
};
/** TensorBoard's word for no column (vz-projector-data-panel.ts). */
export const NO_COLOUR = 'No color map';
/** What TensorBoard calls a single column, which has no header (data-provider.ts). */
export const SINGLE_COLUMN = 'label';
/** The column that a bookmark names; -1 = there is none. */
export function columnNamed(name: string | undefined, columns: readonly { name: string }[]): number {
  const at = columns.findIndex((column) => column.name === name);
  if (at < 0 && name === SINGLE_COLUMN && columns.length === 1 && columns[0]?.name === '') return 0;
  return at;
}

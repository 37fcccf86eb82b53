/** Writes bookmarks as TensorBoard's file of states. Pure. */
import { cameraDefOf } from './bookmark_camera';
import { METHODS, NO_COLOUR, SINGLE_COLUMN, type Bookmark } from './bookmarks';

/** The file, in pieces. */
export function* bookmarkTexts(bookmarks: readonly Bookmark[]): Generator<string> {
  let before = '[';
  for (const bookmark of bookmarks) {
    const state = JSON.stringify(stateOf(bookmark));
    yield `${before}\n${state.slice(0, -1)},"projections":[`;
    yield* placeTexts(bookmark);
    yield ']}';
    before = ',';
  }
  yield bookmarks.length === 0 ? '[]\n' : '\n]\n';
}

/** Points in one piece of text. */
const PIECE = 2000;

function* placeTexts({ positions, projection, only, points }: Bookmark): Generator<string> {
  if (!positions) return;
  const names = METHODS[projection.method].columns;
  const count = only?.length ?? points;
  for (let from = 0; from < count; from += PIECE) {
    const places: string[] = [];
    for (let i = from; i < Math.min(count, from + PIECE); i++) {
      const place: Record<string, number> = {};
      for (let column = 0; column < positions.columns; column++) {
        const value = positions.values[(only?.[i] ?? i) * positions.columns + column] as number;
        // Nine digits tell all floats of 32 bits apart.
        if (!Number.isNaN(value)) place[names[column] as string] = Number(value.toPrecision(9));
      }
      places.push(JSON.stringify(place));
    }
    yield `${from === 0 ? '' : ','}${places.join(',')}`;
  }
}

/** All of a State but its places. Those of points that are filtered, and their numbers, are among these (vz-projector.ts). */
function stateOf(bookmark: Bookmark): Record<string, unknown> {
  const { projection, drawn, only, selected } = bookmark;
  const is3d = drawn.length === 3;
  const placeOf = only && new Map(only.map((point, i) => [point, i]));
  const state: Record<string, unknown> = {
    label: bookmark.name,
    isSelected: false,
    selectedProjection: METHODS[projection.method].name,
    dataSetDimensions: [bookmark.points, bookmark.dimensions],
    tSNEIteration: 0,
    tSNEPerplexity: 30,
    tSNELearningRate: 10,
    tSNEis3d: is3d,
    umapIs3d: is3d,
    umapNeighbors: 15,
    umapMinDist: 0.1,
    pcaComponentDimensions: projection.method === 'pca' ? drawn : [0, 1, 2],
    selectedPoints: placeOf ? selected.flatMap((point) => placeOf.get(point) ?? []) : selected,
    ...(only ? { filteredPoints: only } : {}),
    cameraDef: cameraDefOf(bookmark),
    selectedColorOptionName: bookmark.colourBy === undefined ? NO_COLOUR : bookmark.colourBy || SINGLE_COLUMN,
    forceCategoricalColoring: bookmark.byClass,
    ...(bookmark.labelBy === undefined ? {} : { selectedLabelOption: bookmark.labelBy || SINGLE_COLUMN }),
  };
  if (projection.method === 'tsne') {
    const { steps, perplexity, learningRate } = projection;
    if (steps !== undefined) state['tSNEIteration'] = steps;
    if (perplexity !== undefined) state['tSNEPerplexity'] = perplexity;
    if (learningRate !== undefined) state['tSNELearningRate'] = learningRate;
  } else if (projection.method === 'umap') {
    if (projection.neighbours !== undefined) state['umapNeighbors'] = projection.neighbours;
    if (projection.minDistance !== undefined) state['umapMinDist'] = projection.minDistance;
  }
  const { embedding, preparation, axes, camera, hidden, colourBy, labelBy, search } = bookmark;
  state['tensorpane'] = {
    version: 1,
    ...(embedding && { embedding: { ...embedding, step: Number.isNaN(embedding.step) ? null : embedding.step } }),
    preparation,
    projection,
    axes,
    drawn,
    camera,
    selected,
    hidden,
    colourBy: colourBy ?? null,
    labelBy: labelBy ?? null,
    search,
  };
  return state;
}

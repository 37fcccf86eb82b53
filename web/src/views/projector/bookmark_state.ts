/** What is kept of a view of points, out of the state and the desk, and back. */
import type { Axis, ProjectionFrame, ProjectionOptions } from '../../engine/projections/projections';
import { isSetting } from '../../model/projector_fields';
import type { AxisTerms, ProjectionSettings } from '../../model/state';
import { columnNamed, type Bookmark } from './bookmarks';
import type { ProjectorDesk } from './projector_desk';
import { METHOD_TITLES } from './projector_text';

/** More points are not named in the field of an axis, where nobody has said what they are. */
const MAX_NAMED = 1000;

/** What is seen now; undefined = there is no picture. */
export function bookmarkOf(desk: ProjectorDesk): Bookmark | undefined {
  const { state } = desk.context;
  const open = desk.open.value;
  const picture = desk.projecting.picture.value;
  if (!open || picture?.of.points !== open.points) return undefined;
  const { options, frame } = picture;
  const columns = open.metadata?.columns ?? [];
  const isPca = options.method === 'pca';
  const count = state.projectionIs3d.value ? 3 : 2;
  const drawn = (isPca ? state.projectionSettings.value.components : [0, 1, 2]).slice(0, count);
  const kept = state.isolatedPoints.value;
  const camera = state.pointCamera.value;
  const { projecting } = desk;
  // While the next axes are looked up, the picture is by those before.
  const isOwn = projecting.options.value?.method === 'axes' && projecting.running.value === 'off';
  const same = desk.bookmarks.all.value.filter(({ projection }) => projection.method === options.method).length;
  return {
    name: `${METHOD_TITLES[options.method]} ${same + 1}`,
    embedding: { run: open.embedding.run, name: open.embedding.name, step: open.step.step },
    points: open.points.points,
    dimensions: open.tensor.columns,
    preparation: state.preparation.value,
    projection: options,
    ...(options.method === 'axes' && isOwn && { axes: state.projectionSettings.value.axes }),
    drawn,
    // TensorBoard draws them; here PCA is computed anew, since it is the same each time.
    positions: { columns: frame.progress.columns, values: frame.positions },
    ...(camera && { camera: { ...camera, target: [...camera.target] as [number, number, number] } }),
    selected: [...desk.selected.value],
    ...(kept.length > 0 && { only: desk.pointsOf(kept) }),
    hidden: { texts: [...state.hiddenClasses.value], others: state.otherClassesHidden.value },
    colourBy: columns[desk.look.colourColumn.value]?.name,
    byClass: desk.look.way.value === 'classes',
    labelBy: columns[desk.labelColumn.value]?.name,
    search: { text: state.pointSearch.value, isPattern: false },
  };
}

/** Brings back what was kept; to be called in a batch. */
export function restore(desk: ProjectorDesk, bookmark: Bookmark): void {
  const { state } = desk.context;
  const columns = desk.open.value?.metadata?.columns ?? [];
  const { projection, drawn, positions, camera, hidden, search } = bookmark;
  const step = desk.chosen.value?.steps.find((one) => one.step === bookmark.embedding?.step)?.step;
  const rows = (points: readonly number[]): number[] => points.map((point) => desk.rowOf(point));
  if (step !== undefined && step !== desk.step.value?.step) state.step.value = BigInt(step);
  state.projection.value = projection.method;
  state.projectionIs3d.value = drawn.length === 3;
  const settings = settingsOf(projection, drawn, state.projectionSettings.value, (point) => desk.rowOf(point));
  state.projectionSettings.value = bookmark.axes ? { ...settings, axes: bookmark.axes } : settings;
  if (bookmark.preparation) state.preparation.value = bookmark.preparation;
  state.pointCamera.value = camera;
  state.points.value = rows(bookmark.selected);
  state.isolatedPoints.value = rows(bookmark.only ?? []);
  state.hiddenPoints.value = [];
  state.hiddenClasses.value = new Set(hidden.texts);
  state.otherClassesHidden.value = hidden.others;
  const [colour, label] = [columnNamed(bookmark.colourBy, columns), columnNamed(bookmark.labelBy, columns)];
  state.pointColour.value = colour >= 0 ? { by: 'column', column: columns[colour]?.name ?? '' } : { by: 'none', column: '' }; // prettier-ignore
  state.colourScale.value = bookmark.byClass ? 'classes' : 'auto';
  if (label >= 0) state.pointLabel.value = columns[label]?.name ?? '';
  state.pointSearch.value = search.isPattern && search.text !== '' ? `/${search.text}/` : search.text;
  if (positions && projection.method !== 'pca') desk.projecting.showKept(frameOf(projection, positions), step);
}

function settingsOf(
  projection: ProjectionOptions,
  drawn: readonly number[],
  before: ProjectionSettings,
  rowOf: (point: number) => number,
): ProjectionSettings {
  const next = { ...before };
  if (projection.method === 'pca') next.components = [0, 1, 2].map((i) => drawn[i] ?? before.components[i] ?? i) as unknown as [number, number, number]; // prettier-ignore
  if (projection.method === 'tsne' || projection.method === 'umap') {
    if (projection.seed !== undefined && isSetting('seed', projection.seed)) next.seed = projection.seed;
    if (projection.metric) next.metric = projection.metric;
  }
  if (projection.method === 'tsne') {
    const { perplexity, learningRate } = projection;
    if (perplexity !== undefined && isSetting('perplexity', perplexity)) next.perplexity = perplexity;
    next.learningRate = learningRate !== undefined && isSetting('learningRate', learningRate) ? learningRate : 0;
  }
  if (projection.method === 'axes') next.axes = before.axes.map((axis, i) => termsOf(projection.axes[i], rowOf) ?? axis) as unknown as ProjectionSettings['axes']; // prettier-ignore
  if (projection.method === 'umap') {
    const { neighbours, minDistance } = projection;
    if (neighbours !== undefined && isSetting('neighbours', neighbours)) next.neighbours = neighbours;
    if (minDistance !== undefined && isSetting('minDistance', minDistance)) next.minDistance = minDistance;
  }
  return next;
}

/** An axis as a person says it; undefined = it is of too many points to be said. */
function termsOf(axis: Axis | undefined, rowOf: (point: number) => number): AxisTerms | undefined {
  if (!axis || axis.kind === 'dimension') return axis;
  if (axis.from.length + axis.to.length > MAX_NAMED) return undefined;
  const text = (points: readonly number[]): string => points.map((point) => `#${rowOf(point)}`).join(' ');
  return { kind: 'between', from: text(axis.from), to: text(axis.to) };
}

function frameOf(
  { method }: ProjectionOptions,
  { columns, values }: NonNullable<Bookmark['positions']>,
): ProjectionFrame {
  const progress = {
    method,
    stage: 'done' as const,
    step: 0,
    of: 0,
    columns,
    kl: null,
    explained: [],
    recall: null,
    notes: [],
  };
  return { progress, positions: values };
}

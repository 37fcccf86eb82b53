import { untracked } from '@preact/signals-core';
import type { KeptNeighbours } from '../../engine/projections/projections';
import type { ProjectorDesk } from './projector_desk';

/** How far the picture can be trusted. */
export interface Trust {
  whole: KeptNeighbours;
  selected: KeptNeighbours | undefined;
}

/** Measures the picture that is seen, for `desk.trust`; an effect of all that it depends on. */
export function measureTrust(desk: ProjectorDesk): void {
  const { state } = desk.context;
  const open = desk.open.value;
  const { picture: made, awaited, places: seen, running: run } = desk.projecting;
  const [picture, isBefore, places, running] = [made.value, awaited.value !== undefined, seen.value, run.value];
  const [k, metric, selected] = [state.neighbourCount.value, state.pointMetric.value, desk.selected.value];
  const [components, preparation] = [state.projectionSettings.value.components, state.preparation.value];
  untracked(() => {
    const isOwn = open && picture?.of.points === open.points && !picture.isKept && !isBefore;
    // What moves is measured when it rests.
    if (!isOwn || !places || running === 'running' || open.points.constant || open.points.points <= 2)
      return desk.trust.clear();
    const count = Math.min(k, open.points.points - 2);
    const { method } = picture.options;
    const width = picture.frame.progress.columns;
    const columns = (method === 'pca' ? components : [0, 1, 2]).filter((column, i) => i < places.columns && column < width); // prettier-ignore
    desk.trust.ask(async () => {
      const projections = await desk.projecting.prepared(open, preparation);
      const of = (rows: readonly number[]): Promise<KeptNeighbours> =>
        projections.kept(open.points.set, count, metric, Uint32Array.from(rows), columns);
      return { whole: await of([]), selected: selected.length > 0 ? await of(selected) : undefined };
    });
  });
}

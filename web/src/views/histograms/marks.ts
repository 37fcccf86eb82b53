/** What is drawn of histograms at the step of the scrubber, asked of the engine. No DOM. */
import type { Engine } from '../../engine/engine';
import { pointAt } from '../../model/steps';
import { compatibleRows, middlesOf, type Drawing, type Rows } from './drawing';
import type { SeriesHistograms } from './layout';
import { isAtStep } from './modes';
import { rowOf } from './paint';

/** A histogram at the step: cells in the edges of the drawing. */
export interface Mark {
  of: SeriesHistograms;
  /** Index among the points of its series. */
  point: number;
  rows: Rows;
  /** At the step that is compared with. */
  isBase: boolean;
}

/** The step that is shown, and the one that it is compared with; undefined = the last one, and none. */
export interface ShownSteps {
  step: bigint | undefined;
  base: bigint | undefined;
}

/**
 * The histograms of `all` at the step; where several series are drawn over each other, at the one compared with, too. A
 * series that has not begun has none.
 *
 * @throws Fault
 */
export async function fetchMarks(
  engine: Engine,
  drawing: Drawing,
  all: readonly SeriesHistograms[],
  { step, base }: ShownSteps,
  signal: AbortSignal,
): Promise<Mark[]> {
  const isOfMany = isAtStep(drawing.wanted.mode);
  const { edges, value, steps } = drawing;
  const { measure, bins } = drawing.wanted;
  const places = middlesOf(edges, value);
  const markAt = async (of: SeriesHistograms, at: bigint | undefined, isBase: boolean): Promise<Mark[]> => {
    const point = pointAt(of.points.steps, at);
    if (point === undefined) return [];
    const known = steps?.order.indexOf(point) ?? -1;
    if (steps?.rows && known >= 0) {
      return [{ of, point, rows: { cells: rowOf(steps.rows, known), places: steps.rows.places }, isBase }];
    }
    // As the rows that it is drawn over.
    if (!isOfMany && bins === 'compatible') {
      const rows = await compatibleRows(engine, of, Uint32Array.of(point), measure, value, signal);
      return rows ? [{ of, point, rows, isBase }] : [];
    }
    const points = Uint32Array.of(of.points.points[point] as number);
    const query = { series: of.series, points, rows: new Uint32Array(1), edges, measure };
    return [{ of, point, rows: { cells: await engine.histogramGrid(query, signal), places }, isBase }];
  };
  const asked = all.flatMap((of) => [
    ...(isOfMany && base !== undefined ? [markAt(of, base, true)] : []),
    markAt(of, step, false),
  ]);
  return (await Promise.all(asked)).flat();
}

/**
 * Wasserstein distances by series: how far each is from itself at the step that is compared with or, without one, from
 * the first of them.
 *
 * @throws Fault
 */
export async function fetchDistances(
  engine: Engine,
  marks: readonly Mark[],
  hasBase: boolean,
  signal: AbortSignal,
): Promise<Map<number, number>> {
  const place = ({ of, point }: Mark) => ({ series: of.series, point: of.points.points[point] as number });
  const current = marks.filter(({ isBase }) => !isBase);
  const pairs = current.flatMap((mark, i) => {
    const other = hasBase ? marks.find(({ isBase, of }) => isBase && of === mark.of) : i > 0 ? current[0] : undefined;
    return other ? [[mark, other] as const] : [];
  });
  const found = await Promise.all(
    pairs.map(async ([mark, other]) => {
      const distance = await engine.histogramDistance(place(other), place(mark), signal);
      return [mark.of.series, distance] as const;
    }),
  );
  return new Map(found);
}

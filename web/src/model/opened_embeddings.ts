import type { EmbeddingProblem, FoundEmbeddings, TensorSeries } from '../engine/embeddings/embeddings';
import type { Engine } from '../engine/engine';
import type { Opened } from '../sources/event_files';
import type { Neighbour } from '../sources/find_neighbours';
import { infoOf } from '../sources/neighbours.mjs';
import { embeddingFilesOf, type Shown } from './shown';

/**
 * Looks at what may hold embeddings of all that is open: `shown.embeddingFiles` and `shown.matrices`. From then on it is
 * known how many there are.
 *
 * @throws Fault, `cancelled` when the signal aborts
 */
export async function openedEmbeddings(engine: Engine, shown: Shown, signal: AbortSignal): Promise<FoundEmbeddings> {
  const files = shown.embeddingFiles.value;
  const matrices = shown.matrices.value;
  const series = await Promise.all(matrices.map((one) => tensorSeries(engine, one)));
  const found = await (await engine.embeddings()).find(files, series, signal);
  shown.noteEmbeddings(files, matrices, found.embeddings.length);
  return found;
}

/**
 * What was opened, as embeddings if it has some and no event file; else as it is.
 *
 * @returns why there are none, too, where that is known better than that it is no log
 * @throws Fault
 */
export async function asEmbeddings(
  engine: Engine,
  opened: Opened,
): Promise<{ opened: Opened; problem?: EmbeddingProblem | undefined }> {
  const { files, beside } = opened;
  // A manifest names no others than those that it knows.
  const embeddings = opened.embeddings ?? (files.length === 0 ? beside.flatMap(asAlone) : []);
  if (embeddings.length === 0) return { opened };
  const { signal } = new AbortController();
  const found = await (await engine.embeddings()).find(embeddingFilesOf(embeddings), [], signal);
  if (found.embeddings.length === 0) {
    return { opened, problem: found.problems.find(({ fault }) => fault === 'only_labels') };
  }
  const paths = new Set(embeddings.map(({ path }) => path));
  const others = beside.filter(({ path }) => !paths.has(path));
  return { opened: { ...opened, files: [], beside: [...others, ...embeddings] } };
}

/** What would be beside logs, where there are none. What a config names is only a part of that. */
function asAlone(beside: Neighbour): Neighbour[] {
  const { kind, source, isPart } = beside;
  if (infoOf(kind).view !== 'Projector' || !source) return [];
  const isOfConfig = kind === 'embedding' || kind === 'bookmarks';
  return [isPart || isOfConfig ? { ...beside, isPart: true } : { ...beside, alone: true }];
}

async function tensorSeries(engine: Engine, series: number): Promise<TensorSeries> {
  const { catalogue } = engine;
  const kept = await engine.points(series);
  const places = [...kept.points.keys()].filter((i) => kept.hasPayload[i] === 1);
  return {
    series,
    run: catalogue.runName(series),
    tag: catalogue.tag(series),
    steps: places.map((i) => Number(kept.steps[i])),
    points: places.map((i) => kept.points[i] as number),
  };
}

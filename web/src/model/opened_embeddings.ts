import type { FoundEmbeddings, TensorSeries } from '../engine/embeddings';
import type { Engine } from '../engine/engine';
import type { Opened } from '../sources/event_files';
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
 * @throws Fault
 */
export async function asEmbeddings(engine: Engine, opened: Opened): Promise<Opened> {
  const { embeddings = [], beside } = opened;
  if (embeddings.length === 0) return opened;
  const { signal } = new AbortController();
  const found = await (await engine.embeddings()).find(embeddingFilesOf(embeddings), [], signal);
  if (found.embeddings.length === 0) return opened;
  const paths = new Set(embeddings.map(({ path }) => path));
  const others = beside.filter(({ path }) => !paths.has(path));
  return { ...opened, files: [], beside: [...others, ...embeddings] };
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

import type { EmbeddingName, FoundEmbeddings, TensorSeries } from '../engine/embeddings/embeddings';
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
 * What was opened, as embeddings, or labels of one that is open, if it has some and no event file; else as it is.
 *
 * @param lookedAt the embedding that the state names
 * @returns `joined` says what labels were joined to; `problem` why there are no embeddings, where that is known better
 *   than that it is no log
 * @throws Fault
 */
export async function asEmbeddings(
  engine: Engine,
  shown: Shown,
  lookedAt: EmbeddingName,
  opened: Opened,
): Promise<{ opened: Opened; joined?: string; problem?: string }> {
  const { files, beside } = opened;
  // A manifest names no others than those that it knows.
  const embeddings = opened.embeddings ?? (files.length === 0 ? beside.flatMap(asAlone) : []);
  if (embeddings.length === 0) return { opened };
  const { signal } = new AbortController();
  const found = await (await engine.embeddings()).find(embeddingFilesOf(embeddings), [], signal);
  const paths = new Set(embeddings.map(({ path }) => path));
  const others = beside.filter(({ path }) => !paths.has(path));
  const openedAs = (these: readonly Neighbour[]): Opened => ({ ...opened, files: [], beside: [...others, ...these] });
  if (found.embeddings.length > 0) return { opened: openedAs(embeddings) };
  if (shown.embeddingFiles.value.length > 0 || shown.matrices.value.length > 0) {
    const none = new Set(found.problems.map(({ path }) => path));
    try {
      const { joinLabels } = await import('./join_labels');
      const joined = await joinLabels(engine, shown, lookedAt, embeddings.filter(({ path }) => none.has(path))); // prettier-ignore
      if (joined && 'file' in joined) return { opened: openedAs([joined.file]), joined: joined.text };
      if (joined) return { opened, problem: joined.problem };
    } catch (error) {
      // What is open may have files of the same paths, and the engine knows the last ones.
      await openedEmbeddings(engine, shown, signal);
      throw error;
    }
  }
  const problem = found.problems.find(({ fault }) => fault === 'only_labels');
  if (!problem) return { opened };
  const { embeddingProblemText } = await import('./embedding_faults');
  return { opened, problem: embeddingProblemText(problem) };
}

/** What would be beside logs, where there are none. What a config names is only a part of that. */
function asAlone(beside: Neighbour): Neighbour[] {
  const { kind, source, isPart, alone } = beside;
  if (infoOf(kind).view !== 'Projector' || !source) return [];
  const isOfConfig = !alone && (kind === 'embedding' || kind === 'bookmarks');
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

/** Labels that are opened by themselves, after the embedding that they are of. Its code comes with the first of them. */
import type { Embedding, EmbeddingName, Embeddings, MetadataFacts } from '../engine/embeddings/embeddings';
import type { Engine } from '../engine/engine';
import { asWireError, Fault } from '../faults/fault';
import { nameOf } from '../sources/event_files';
import { isLabels, type Neighbour } from '../sources/find_neighbours';
import { chosenAmong, inOrder } from './embedding_order';
import { otherRowsText, joinedText } from './embedding_faults';
import { openedEmbeddings } from './opened_embeddings';
import type { Shown } from './shown';

/** What labels are in (`isLabels`), whatever they are called. */
const TEXT = /\.(?:tsv|csv|txt)$/i;

/**
 * Joins labels to an embedding that is open: to the one that is looked at, if they have as many rows, else to the first
 * that has as many and no labels. A first line that would be read as a header is none of the rows: with it, each label
 * would be of the point before its own.
 *
 * @param files that were opened, and in which no embedding is; the engine knows them
 * @param lookedAt as the state names it
 * @returns the file that is joined, and what is said of it, or why there is none; undefined = there are no labels in
 *   them, or nothing is open that could have some
 * @throws Fault when none of the files can be read
 */
export async function joinLabels(
  engine: Engine,
  shown: Shown,
  lookedAt: EmbeddingName,
  files: readonly Neighbour[],
): Promise<{ file: Neighbour; text: string } | { problem: string } | undefined> {
  const { signal } = new AbortController();
  const reader = await engine.embeddings();
  const labels: { file: Neighbour; facts: MetadataFacts }[] = [];
  let failure: Fault | undefined;
  for (const file of files.filter(({ path }) => TEXT.test(path))) {
    try {
      const facts = await reader.openMetadata(file.path, undefined, signal);
      reader.closeMetadata(facts.table);
      if (!facts.problem && facts.fileRows > 0) labels.push({ file, facts });
    } catch (error) {
      // Others may be the labels that are meant.
      failure ??= new Fault(asWireError(error));
    }
  }
  // Looked for only now: what is open may have files of the same paths, and the engine knows the last ones.
  const all = inOrder((await openedEmbeddings(engine, shown, signal)).embeddings);
  const chosen = chosenAmong(all, lookedAt);
  if (failure && labels.length === 0) throw failure;
  if (!chosen || labels.length === 0) return undefined;
  const others = all.filter((one) => one !== chosen && one.steps.at(-1)?.metadata === undefined);
  const rowsOfChosen = await rowsOf(reader, chosen, signal);
  for (const embedding of [chosen, ...others]) {
    const rows = embedding === chosen ? rowsOfChosen : await rowsOf(reader, embedding, signal);
    const fitting = labels.find(({ facts }) => facts.fileRows === rows);
    if (!fitting) continue;
    const { file } = fitting;
    const { run, name, label } = embedding;
    const joined: Neighbour = { ...file, kind: 'embedding', isPart: true, labelsOf: { run, name } };
    delete joined.alone;
    return { file: joined, text: joinedText(nameOf(file.path), label, rows) };
  }
  // Of a text that may be anything nobody said that it is one of labels.
  const named = labels.find(({ file: { path } }) => isLabels(path)) ?? labels.find(({ file: { path } }) => !/\.txt$/i.test(path)); // prettier-ignore
  if (!named) return undefined;
  return { problem: otherRowsText(nameOf(named.file.path), named.facts, chosen.label, rowsOfChosen, others.length) };
}

/** Rows of its file; 0 = it cannot be read. */
async function rowsOf(reader: Embeddings, { shape, steps }: Embedding, signal: AbortSignal): Promise<number> {
  const last = steps.at(-1);
  if (shape || !last?.isReadable) return shape?.[0] ?? 0;
  try {
    return await reader.rowsOf(last.place, signal);
  } catch {
    // Whoever looks at it is told why.
    return 0;
  }
}

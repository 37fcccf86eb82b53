/** Which embedding comes first, and which one is looked at. Pure. */
import type { Embedding, EmbeddingName } from '../engine/embeddings/embeddings';

/** What somebody named for the projector comes first, then what has labels; what an optimiser keeps comes last. */
export function inOrder(embeddings: readonly Embedding[]): Embedding[] {
  const rank = ({ origin, name, steps }: Embedding): number =>
    (steps.some(({ isReadable }) => isReadable) ? 0 : 8) +
    (/(^|\/)\.?optimizer\b/i.test(name) ? 4 : 0) +
    (origin === 'config' ? 0 : 2) +
    (steps.some(({ metadata }) => metadata !== undefined) ? 0 : 1);
  return [...embeddings].sort((a, b) => rank(a) - rank(b));
}

/** The one that is named, else the first that can be read, else the first. @param all in order */
export function chosenAmong(all: readonly Embedding[], { run, name }: EmbeddingName): Embedding | undefined {
  return (
    all.find((one) => one.run === run && one.name === name) ??
    all.find((one) => one.steps.some(({ isReadable }) => isReadable)) ??
    all[0]
  );
}

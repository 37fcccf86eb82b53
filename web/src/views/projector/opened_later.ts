import { untracked } from '@preact/signals-core';
import { keyOf } from '../../engine/embeddings/embeddings';
import type { ProjectorDesk } from './projector_desk';

/**
 * Goes to vectors that are opened by themselves while another embedding is shown: somebody wants to see them now. Where a link
 * has said which embedding it wants, no other one comes in its place.
 *
 * @returns an effect of the embeddings that there are
 */
export function showOpenedLater(desk: ProjectorDesk): () => void {
  const { context, embeddings, found } = desk;
  const { run, name } = context.state.embedding.peek();
  const linkNames = run !== '' || name !== '';
  let known: ReadonlySet<string> | undefined;
  return () => {
    const all = embeddings.value;
    if (!found.value.value) return;
    const fresh = all.find((one) => one.origin === 'file' && known && known.size > 0 && !known.has(keyOf(one)));
    known = new Set(all.map(keyOf));
    if (!fresh || linkNames) return;
    untracked(() => desk.choose(fresh));
    context.announce(`Embedding ${fresh.label}`);
  };
}

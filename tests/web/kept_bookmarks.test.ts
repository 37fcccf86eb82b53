import { expect, test } from 'vitest';
import type { Embeddings } from '../../web/src/engine/embeddings/embeddings';
import type { Bookmark } from '../../web/src/views/projector/bookmarks';
import { KeptBookmarks } from '../../web/src/views/projector/kept_bookmarks';
import type { OpenEmbedding } from '../../web/src/views/projector/open_embedding';

const open = (name: string, bookmarks?: string) =>
  ({ embedding: { run: '.', name }, step: { bookmarks }, points: { points: 3 }, tensor: { columns: 2 } }) as unknown as OpenEmbedding; // prettier-ignore

/** A reader whose files come when they are told to. */
function slowReader() {
  const waiting: { path: string; settle: (text: string | Error) => void }[] = [];
  const bytes = (path: string): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      const settle = (text: string | Error): void =>
        typeof text === 'string' ? resolve(new TextEncoder().encode(text)) : reject(text);
      waiting.push({ path, settle });
    });
  return { waiting, reader: () => Promise.resolve({ bytes } as unknown as Embeddings) };
}

test('a file that was left while it was read, or could not be, is read when its embedding is there again', async () => {
  const { waiting, reader } = slowReader();
  const kept = new KeptBookmarks(reader);
  const left = kept.turnTo(open('a', 'a.json'));
  await Promise.resolve();
  await kept.turnTo(open('b'));
  waiting[0]?.settle('[]');
  await left;

  const failed = kept.turnTo(open('a', 'a.json'));
  await Promise.resolve();
  expect(waiting.length).toBe(2);
  waiting[1]?.settle(new Error('gone'));
  await failed;
  expect(kept.faults.value.length).toBe(1);
  await kept.turnTo(open('b'));
  expect(kept.faults.value).toEqual([]);

  const read = kept.turnTo(open('a', 'a.json'));
  await Promise.resolve();
  waiting[2]?.settle('[]');
  await read;
  await kept.turnTo(open('b'));
  await kept.turnTo(open('a', 'a.json'));
  expect(waiting.length).toBe(3);
});

test('what a person made is there again with its embedding, and only there', async () => {
  const kept = new KeptBookmarks(slowReader().reader);
  const mine = { name: 'mine' } as Bookmark;
  await kept.turnTo(open('a'));
  kept.add([mine]);
  await kept.turnTo(open('b'));
  expect(kept.all.value).toEqual([]);
  await kept.turnTo(open('a'));
  expect(kept.all.value).toEqual([mine]);
  kept.remove(mine);
  expect(kept.all.value).toEqual([]);
});

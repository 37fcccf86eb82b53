/** The order in which the URLs of a link are opened. */
import { afterEach, expect, test, vi } from 'vitest';
import { openLinks } from '../../web/src/pages/links';
import type { Page } from '../../web/src/pages/page';
import type { Opened } from '../../web/src/sources/event_files';

vi.mock('../../web/src/sources/linked', () => ({ openUrl: (url: string) => Promise.resolve({ name: url }) }));
afterEach(() => vi.unstubAllGlobals());

/** What is opened of some URLs, by the last part of each, once `isRead` says that all before is open. */
function openedOf(names: readonly string[], isRead: Promise<void>): { name: string }[] {
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => setTimeout(draw));
  const opened: { name: string }[] = [];
  const page = {
    seek: () => () => undefined,
    tell: () => undefined,
    open: (finding: Promise<Opened | undefined>) => finding.then((found) => (opened.push(found as Opened), isRead)),
  } as unknown as Page;
  openLinks(page, names.map((name) => `https://h/d/${name}`)); // prettier-ignore
  return opened;
}
const named = (opened: readonly { name: string }[]) => opened.map(({ name }) => name.replace('https://h/d/', ''));

test('labels come last, however their names are written', async () => {
  for (const labels of [
    'metadata.tsv?x=1',
    'my%20labels.tsv',
    'meta%64ata.tsv',
    '100%_labels.tsv',
    '100%/my%20labels.tsv',
  ]) {
    const opened = openedOf([labels, 'vectors.tsv', 'a%.tsv'], Promise.resolve());
    await vi.waitFor(() => expect(opened).toHaveLength(3));
    expect(named(opened)).toEqual(['vectors.tsv', 'a%.tsv', labels]);
  }
});

test('labels wait until all before is open: their vectors may be in an event file', async () => {
  let read: () => void = () => undefined;
  const opened = openedOf(['metadata.tsv', 'events.tfevents', 'vectors.tsv'], new Promise((resolve) => (read = resolve))); // prettier-ignore
  await vi.waitFor(() => expect(opened.length).toBeGreaterThan(1));
  // All that waits for nothing else has had its turn by then.
  await new Promise((resolve) => setTimeout(resolve));
  expect(named(opened)).toEqual(['events.tfevents', 'vectors.tsv']);
  read();
  await vi.waitFor(() => expect(opened).toHaveLength(3));
});

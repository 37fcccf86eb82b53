/** The ways in that need nothing of any host: the window takes a drop, in every view, and buttons open the pickers. */
import { plural } from '../model/format';
import { readDrop } from '../sources/drop';
import { pickFiles, pickFolder } from '../sources/pick';
import type { Page } from './page';

/** Lets a page take what is dropped or picked. */
export function takeDrops({ app, open, sayDropping }: Page): void {
  app.addEventListener('choose-folder', () => void open(pickFolder()));
  app.addEventListener('choose-files', () => void open(pickFiles()));

  let depth = 0;
  const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
  addEventListener('dragenter', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth++;
    const items = [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === 'file').length;
    sayDropping(items > 0 ? `Drop to open ${plural(items, 'item')}` : 'Drop to open');
  });
  addEventListener('dragover', (event) => {
    if (holdsFiles(event)) event.preventDefault();
  });
  addEventListener('dragleave', (event) => {
    if (holdsFiles(event) && --depth <= 0) sayDropping('');
  });
  addEventListener('drop', (event) => {
    depth = 0;
    sayDropping('');
    if (!event.dataTransfer || !holdsFiles(event)) return;
    event.preventDefault();
    void open(readDrop(event.dataTransfer));
  });
}

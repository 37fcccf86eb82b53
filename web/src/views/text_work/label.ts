import { safeMarkdown } from './safe_html';
import { ask } from './text_worker';

/** Only a line of it is seen. */
const MOST = 1000;

/** A label in Markdown, in which each block is on the same line. undefined = it cannot be formatted. */
export async function labelOf(text: string): Promise<HTMLElement | undefined> {
  if (text.length > MOST) return undefined;
  const blocks = (await ask('markdown', [text]))?.[0];
  if (!blocks?.every((block) => 'html' in block)) return undefined;
  const element = document.createElement('span');
  element.append(...blocks.map(safeMarkdown));
  return element;
}

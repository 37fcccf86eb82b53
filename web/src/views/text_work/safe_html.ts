/**
 * Makes HTML of strangers safe. Nothing of it may run, load, look like a part of the page or lead anywhere but to
 * another site by a click. The policy of the page (netlify.toml) stands behind it.
 */
import DOMPurify from 'dompurify';
import { ATTRIBUTES, TAGS } from './tags';

/** Where a link may lead. What is relative would lead into the page itself. */
const LINK = /^(?:https?|mailto):/i;

const purify = DOMPurify(window);
// Once for all: reading it takes as long as a small block.
purify.setConfig({
  ALLOWED_TAGS: [...TAGS.filter((tag) => tag !== 'img'), 'body', '#text'],
  ALLOWED_ATTR: ATTRIBUTES.filter((attribute) => attribute !== 'src'),
  ADD_URI_SAFE_ATTR: ['start', 'align'],
  ALLOWED_URI_REGEXP: LINK,
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
});
purify.addHook('afterSanitizeAttributes', (node) => {
  if (!node.hasAttribute('href')) return;
  node.setAttribute('target', '_blank');
  node.setAttribute('rel', 'noopener noreferrer nofollow');
});

/** A block of Markdown (markdown.ts), to be shown. */
export function safeMarkdown({ html, piece = '' }: { html: string; piece?: string }): HTMLElement {
  // In a document that is shown nowhere nothing loads.
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const image of body.querySelectorAll('img')) image.replaceWith(...linkOf(image));
  const element = document.createElement('div');
  element.className = `markdown ${piece}`.trimEnd();
  element.append(purify.sanitize(body));
  return element;
}

/** An image is a link to it: loading it would tell its host who looks at the log, and when. */
function linkOf(image: HTMLImageElement): (Node | string)[] {
  const [address, alt] = [image.getAttribute('src') ?? '', image.getAttribute('alt') ?? ''];
  if (!LINK.test(address)) return [alt];
  const link = image.ownerDocument.createElement('a');
  link.href = address;
  link.title = image.title;
  link.textContent = `Image: ${alt || address}`;
  return [link];
}

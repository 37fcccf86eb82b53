import { html, type TemplateResult } from 'lit';

/** Longer ones are shown as they are: what looks for marks in them would take long, and only a line is seen. */
const MOST = 500;

/**
 * A label in Markdown as one line: emphasis, strong, code and links to the web; all else is text. Nothing of it is ever
 * HTML: each piece is made here.
 */
export function inlineMarkdown(text: string): (string | TemplateResult)[] {
  // Code first: what is in it is no Markdown. Then links, strong, emphasis.
  const pattern = /`([^`]+)`|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)|\*\*(.+?)\*\*|__(.+?)__|\*([^*]+)\*|\b_([^_]+)_\b/su;
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length > MOST) return [line];
  const pieces: (string | TemplateResult)[] = [];
  let rest = line;
  for (let match = pattern.exec(rest); match; match = pattern.exec(rest)) {
    const [whole, code, link, address, strong = match[5], emphasis = match[7]] = [...match.slice(0, 5), match[6]];
    if (match.index > 0) pieces.push(rest.slice(0, match.index));
    if (code !== undefined) pieces.push(html`<code>${code}</code>`);
    else if (link !== undefined) {
      pieces.push(html`<a href=${address} target="_blank" rel="noopener noreferrer">${inlineMarkdown(link)}</a>`);
    } else if (strong !== undefined) pieces.push(html`<strong>${inlineMarkdown(strong)}</strong>`);
    else if (emphasis !== undefined) pieces.push(html`<em>${inlineMarkdown(emphasis)}</em>`);
    rest = rest.slice(match.index + (whole as string).length);
  }
  if (rest !== '') pieces.push(rest);
  return pieces;
}

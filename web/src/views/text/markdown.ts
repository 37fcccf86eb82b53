/**
 * Markdown to HTML in blocks, each of which can be shown by itself: so that of a long text only what is seen has to be
 * made safe and laid out. What comes out is NOT safe: safe_html.ts makes it so.
 */
import { Marked, Parser, type Token, type Tokens } from 'marked';
import { ATTRIBUTES, TAGS } from './tags';
import { piecesOf } from './text_value';

/** Characters of HTML, about, that are a block at least: smaller ones are joined. */
const BLOCK = 2000;
/** A part of a text that is longer, such as one paragraph, is not formatted: a browser would take too long for it. */
const MAX_PART = 20_000;
/** The level of headings of the card that holds the text. */
const CARD_LEVEL = 3;

/** An attribute and its value, with whatever quotes it. */
const ATTRIBUTE = /\s+([a-z][\w:.-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/giy;
const TAG_START = new RegExp(`<(/?)(${TAGS.join('|')})(?=[\\s/>])`, 'iy');
const TAG_END = /\s*\/?>/y;

/**
 * HTML as a text has it, with the allowed tags and attributes only: even a parser whose document is never shown tells
 * the page's policy about a handler or a style. Other tags are shown, not lost, as TensorBoard does; comments are nothing.
 */
export function reducedHtml(html: string): string {
  let reduced = '';
  for (let at = 0; at < html.length;) {
    const open = html.indexOf('<', at);
    if (open < 0) return reduced + html.slice(at);
    reduced += html.slice(at, open);
    const comment = html.startsWith('<!--', open);
    if (comment) {
      const end = html.indexOf('-->', open);
      at = end < 0 ? html.length : end + 3;
      continue;
    }
    const tag = tagAt(html, open);
    reduced += tag?.text ?? '&lt;';
    at = tag?.end ?? open + 1;
  }
  return reduced;
}

/** The allowed tag that begins at a place, with its allowed attributes. */
function tagAt(html: string, at: number): { text: string; end: number } | undefined {
  const start = matchAt(TAG_START, html, at);
  if (!start) return undefined;
  const [opening, slash = '', name = ''] = start;
  let end = at + opening.length;
  let attributes = '';
  for (let match; (match = matchAt(ATTRIBUTE, html, end)); end += match[0].length) {
    const attribute = (match[1] ?? '').toLowerCase();
    const value = match[2] ?? match[3] ?? match[4] ?? '';
    if (slash === '' && ATTRIBUTES.includes(attribute))
      attributes += ` ${attribute}="${value.replace(/["<>]/g, quoted)}"`;
  }
  const close = matchAt(TAG_END, html, end);
  return close ? { text: `<${slash}${name.toLowerCase()}${attributes}>`, end: end + close[0].length } : undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const quoted = (sign: string): string => ({ '"': '&quot;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign;

/** Headings follow each other as the page's outline has to: below the card's, and no level is left out. */
class Outline {
  private readonly depths: number[] = [];

  levelOf(depth: number): number {
    while ((this.depths.at(-1) ?? 0) >= depth) this.depths.pop();
    this.depths.push(depth);
    return Math.min(6, CARD_LEVEL + this.depths.length);
  }
}

/** HTML, which is not safe yet, or what stays as it is. */
export type Block = { html: string } | { text: string };

/**
 * @returns the blocks of a text.
 * @throws what marked throws: lists and quotes within each other a thousand deep end the stack.
 */
export function blocksOf(text: string): Block[] {
  const outline = new Outline();
  const marked = new Marked({
    renderer: {
      html({ text: html }: Tokens.HTML | Tokens.Tag) {
        return reducedHtml(html);
      },
      heading({ tokens, depth }: Tokens.Heading) {
        const level = outline.levelOf(depth);
        return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`;
      },
      checkbox({ checked }: Tokens.Checkbox) {
        return checked ? '[x] ' : '[ ] ';
      },
      // TensorBoard's Markdown knows none.
      del({ raw }: Tokens.Del) {
        return escapedText(raw);
      },
    },
  });
  const parser = new Parser(marked.defaults);
  // As TensorBoard: NUL is dropped.
  const tokens = marked.lexer(text.replaceAll('\0', ''));
  const blocks: Block[] = [];
  let html = '';
  const end = (): void => {
    if (html.trim() !== '') blocks.push({ html });
    html = '';
  };
  for (const token of tokens as Token[]) {
    if (token.raw.length > MAX_PART) {
      end();
      blocks.push(...piecesOf(token.raw).map((piece) => ({ text: piece })));
      continue;
    }
    html += parser.parse([token]);
    if (html.length >= BLOCK) end();
  }
  end();
  return blocks;
}

function escapedText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

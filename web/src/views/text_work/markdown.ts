/**
 * Markdown to HTML in blocks, each of which can be shown by itself: so that of a long text only what is seen has to be
 * made safe and laid out. What comes out is NOT safe: safe_html.ts makes it so.
 */
import { Marked, Parser, type Token, type Tokens } from 'marked';
import { ATTRIBUTES, TAGS } from './tags';
import { piecesOf } from './pieces';

/** Characters of HTML, about, that are a block at least: smaller ones are joined. What is longer is cut where it can be. */
const BLOCK = 1000;
/** What cannot be cut and is longer is not formatted: a browser would take too long for it. */
const MAX_PART = 10_000;
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

/** HTML, which is not safe yet, or what stays as it is. Of a list, table, … that was cut, which piece it is. */
export type Block = { html: string; piece?: 'first' | 'inner' | 'last' } | { text: string };

/** A token in pieces of about a block, each a token of the same kind; one that cannot be cut is alone. */
function cut(token: Token): Token[] {
  if (token.raw.length <= 2 * BLOCK) return [token];
  const whole = token as Tokens.List | Tokens.Table | Tokens.Blockquote | Tokens.Paragraph | Tokens.Code;
  switch (whole.type) {
    case 'list': {
      let start = whole.start === '' ? 1 : whole.start;
      return grouped(whole.items, ({ raw }) => raw.length).map((items) => {
        const piece = { ...whole, items, raw: rawOf(items), start: whole.ordered ? start : whole.start };
        start += items.length;
        return piece;
      });
    }
    case 'table':
      return grouped(whole.rows, lengthOfRow).map((rows, i) => ({
        ...whole,
        header: i === 0 ? whole.header : [],
        rows,
        raw: rows.flatMap((row) => row.map(({ text }) => text)).join('|'),
      }));
    case 'blockquote':
      return grouped(whole.tokens.flatMap(cut), ({ raw }) => raw.length).map((tokens) => ({
        ...whole,
        tokens,
        raw: rawOf(tokens),
      }));
    case 'paragraph': {
      const texts = whole.tokens.flatMap((one) => (one.type === 'text' ? cutText(one as Tokens.Text) : [one]));
      const pieces = grouped(texts, ({ raw }) => raw.length, openTags);
      return pieces.map((tokens) => ({ ...whole, tokens, raw: rawOf(tokens) }));
    }
    case 'code':
      return piecesOf(whole.text, BLOCK).map((text) => ({ ...whole, text: text.replace(/\n$/, ''), raw: text }));
    default:
      return [token];
  }
}

function cutText(token: Tokens.Text): Tokens.Text[] {
  // It has been read: with tokens of its own it is no plain text.
  if (token.tokens || token.text.length <= BLOCK) return [token];
  return piecesOf(token.text, BLOCK).map((text) => ({ ...token, text, raw: text }));
}

const rawOf = (tokens: readonly { raw: string }[]): string => tokens.map(({ raw }) => raw).join('');
const lengthOfRow = (row: Tokens.TableCell[]): number => row.reduce((sum, { text }) => sum + text.length + 3, 0);

/** How many tags of HTML more a token opens than it closes. */
function openTags(token: Token): number {
  if (token.type !== 'html' || /^<(?:br|hr|img|!)|\/>$/i.test(token.raw)) return 0;
  return token.raw.startsWith('</') ? -1 : 1;
}

/** In groups of about a block. @param opens by how much each is deeper in something that must not be cut. */
function grouped<T>(all: readonly T[], length: (one: T) => number, opens: (one: T) => number = () => 0): T[][] {
  const groups: T[][] = [];
  let [room, depth] = [0, 0];
  for (const one of all) {
    if (room <= 0 && depth <= 0) {
      groups.push([]);
      room = BLOCK;
    }
    groups.at(-1)?.push(one);
    room -= length(one);
    depth += opens(one);
  }
  return groups;
}

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
    const pieces = cut(token);
    if (pieces.length > 1 || token.raw.length > MAX_PART) end();
    for (const [i, piece] of pieces.entries()) {
      if (piece.raw.length > MAX_PART) {
        blocks.push(...piecesOf(piece.raw).map((text) => ({ text })));
      } else if (pieces.length > 1) {
        const place = i === 0 ? 'first' : i === pieces.length - 1 ? 'last' : 'inner';
        blocks.push({ html: parser.parse([piece]).replace(NO_HEAD, ''), piece: place });
      } else {
        html += parser.parse([piece]);
        if (html.length >= BLOCK) end();
      }
    }
  }
  end();
  return blocks;
}

/** The head of a table that has none, as marked writes it. */
const NO_HEAD = /(?<=^<table>\n)<thead>\n<tr>\n<\/tr>\n<\/thead>\n/;

const SIGNS: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', nbsp: '\u00a0' };

/** What is read of HTML that `blocksOf` made: also of a sign of a rare name, which is left as it is written. */
export function plainOf(html: string): string {
  // Signs in attributes are escaped.
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (whole, decimal, hex, name) => {
      if (name !== undefined) return SIGNS[name as string] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
    });
}

function escapedText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

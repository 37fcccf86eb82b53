/** What is pasted into another page to show a view there. Pure text. */
import { asFragment } from './fragment';
import type { Theme } from './state';

export const EMBED_KINDS = ['element', 'iframe', 'markdown'] as const;
export type EmbedKind = (typeof EMBED_KINDS)[number];

export interface Embed {
  /** Where the page at `/` is, with '/' at its end. */
  root: string;
  /** What is shown, in a person's words. */
  title: string;
  /** Where the logs are; empty = they have yet to be put beside the other page. */
  urls: readonly string[];
  view: string;
  tags: string;
  runs: string;
  /** undefined = as by default. */
  smoothing: number | undefined;
  /** px */
  height: number;
  theme: Theme;
  /** The whole state, as behind '#', with its sources. */
  hash: string;
  /** The link to the whole view. */
  link: string;
}

/** Where the logs are said to be as long as nobody has put them anywhere. */
const TO_BE_PUT = 'runs/manifest.json';

export function embedCode(kind: EmbedKind, embed: Embed): string {
  const { root, title, urls, height, link, hash } = embed;
  if (kind === 'markdown') return `[${inMarkdown(title)}](${link.replace(/[()]/g, encodeParenthesis)})`;
  if (kind === 'iframe') {
    const source = attributes([['src', `${root}embed/${hash === '' ? '' : `#${hash}`}`]]);
    const rest = attributes([
      ['title', title],
      ['width', '100%'],
      ['height', String(height)],
      ['loading', 'lazy'],
    ]);
    return `<iframe${source}\n ${rest}></iframe>`;
  }
  const source: [string, string][] = [
    ['src', urls.join(' ') || TO_BE_PUT],
    ['view', embed.view],
  ];
  const rest: [string, string][] = [
    ['tags', embed.tags],
    ['runs', embed.runs],
    ['smoothing', embed.smoothing?.toString() ?? ''],
    ['state', restOf(hash)],
    ['height', String(height)],
    ['theme', embed.theme],
  ];
  return [
    `<script type="module"${attributes([['src', `${root}tensorpane.js`]])}></script>`,
    `<tensor-pane${attributes(source)}`,
    ` ${attributes(rest)}></tensor-pane>`,
  ].join('\n');
}

/** What the element has attributes for, and what is opened. */
const TOLD = ['v', 'url', 'hf', 'data', 'name', 'view', 'tags', 'runs', 'smoothing', 'theme'];

/** The part of a hash that the element has no attributes for; one that is deflated has all of it. */
function restOf(hash: string): string {
  const params = new URLSearchParams(hash);
  const isRest = (name: string): boolean => (params.has('z') ? /^[vz]$/.test(name) : !TOLD.includes(name));
  return asFragment([...params].filter(([name]) => isRest(name)));
}

function attributes(list: readonly (readonly [name: string, value: string])[]): string {
  return list.flatMap(([name, value]) => (value === '' ? [] : [` ${name}="${escaped(value)}"`])).join('');
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The text of a link of Markdown, which it does not end, and that is no HTML: a stranger may have written it. */
function inMarkdown(text: string): string {
  const markup: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  return text.replace(/\s+/g, ' ').replace(/[\\`[\]&<>]/g, (letter) => markup[letter] ?? `\\${letter}`);
}

/** Which would end the link of Markdown. */
function encodeParenthesis(parenthesis: string): string {
  return parenthesis === '(' ? '%28' : '%29';
}

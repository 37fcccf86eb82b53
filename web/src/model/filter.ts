import { compilePattern } from './pattern';

/** What a filter field lets through. */
export interface Filter {
  matches(name: string): boolean;
  /** Why the pattern cannot be used; '' = it can. */
  error: string;
}

/** No pattern that a person writes is longer; one in a link may be. */
const MAX_PATTERN = 500;

/** Lets everything through. */
export const ALL: Filter = { matches: () => true, error: '' };

/**
 * Plain text is a substring, whatever its case; `/…/` is a regular expression, whatever its case; a leading `!` lets
 * through what does not match.
 *
 * @param previous stays in place while a pattern is being typed or cannot be used: half-typed ones mean nothing yet.
 */
export function compileFilter(text: string, previous: Filter = ALL): Filter {
  const excludes = text.startsWith('!');
  const pattern = excludes ? text.slice(1) : text;
  if (pattern === '') return ALL;
  let includes: (name: string) => boolean;
  if (pattern.startsWith('/')) {
    if (pattern.length === 1 || !pattern.endsWith('/')) return previous;
    if (pattern.length > MAX_PATTERN) {
      return { matches: (name) => previous.matches(name), error: `Bad pattern: longer than ${MAX_PATTERN} characters` };
    }
    try {
      includes = compilePattern(pattern.slice(1, -1));
    } catch (error) {
      return { matches: (name) => previous.matches(name), error: `Bad pattern: ${reasonOf(error)}` };
    }
  } else {
    const wanted = pattern.toLowerCase();
    includes = (name) => name.toLowerCase().includes(wanted);
  }
  return { matches: (name) => includes(name) !== excludes, error: '' };
}

/**
 * What a filter finds in a text: start and end of each place, in characters, one after the other. Nothing of a filter
 * that excludes, or cannot be used.
 */
export function* foundIn(text: string, filter: string): Generator<[start: number, end: number]> {
  if (filter.startsWith('!') || compileFilter(filter).error !== '') return;
  const isExpression = filter.startsWith('/');
  if (filter === '' || (isExpression && (filter.length < 3 || !filter.endsWith('/')))) return;
  const pattern = isExpression ? filter.slice(1, -1) : filter.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  for (const { index, 0: found } of text.matchAll(new RegExp(pattern, 'giu'))) {
    if (found !== '') yield [index, index + found.length];
  }
}

/** Browsers say "Invalid regular expression: /…/iu: Unterminated group"; the last part is what a person needs. */
function reasonOf(error: unknown): string {
  const reason = (error as SyntaxError).message.split(': ').at(-1) ?? '';
  return reason.charAt(0).toLowerCase() + reason.slice(1);
}

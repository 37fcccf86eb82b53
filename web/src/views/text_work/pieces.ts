/** Texts cut where their lines end. Pure. */

/** Characters of a piece of a text that a browser lays out at once. */
export const PIECE = 2000;

/**
 * Cuts a text where lines end; a line that is longer than a piece is cut at a space, or anywhere.
 *
 * @returns pieces with their line ends; joined, they are the text.
 */
export function piecesOf(text: string, size = PIECE): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    let end = at + size;
    if (end >= text.length) end = text.length;
    else end = lastIn(text, '\n', at, end) ?? lastIn(text, ' ', at, end) ?? wholeCharacter(text, end);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

/** Behind the last `what` between two places; undefined = it is not there. */
function lastIn(text: string, what: string, from: number, to: number): number | undefined {
  // Of the part alone: without one, all before it would be looked through each time.
  const found = text.slice(from, to).lastIndexOf(what);
  return found < 0 ? undefined : from + found + 1;
}

/** Not inside a surrogate pair. */
function wholeCharacter(text: string, at: number): number {
  const isLow = (text.charCodeAt(at) & 0xfc00) === 0xdc00;
  const isHigh = (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
  return isLow && isHigh ? at - 1 : at;
}

/** The lines of a text, without their ends; one that is longer than `size` is several. */
export function linesOf(text: string, size = PIECE): string[] {
  if (text === '') return [];
  const lines = text.split(/\r\n|[\r\n]/);
  // An end behind the last line begins no other.
  if (lines.at(-1) === '') lines.pop();
  return lines.flatMap((line) => (line.length <= size ? [line] : piecesOf(line, size)));
}

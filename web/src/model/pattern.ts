/**
 * Regular expressions that take time in proportion to the text, whatever the pattern: one that a link brings must not
 * hold the page, and browsers backtrack, for ever on `(a|a)*b`. All ways through the pattern are followed at once,
 * character by character (https://swtch.com/~rsc/regexp/regexp1.html). What one character may be is left to the browser's
 * own engine, so that classes, cases and properties mean what they mean everywhere.
 *
 * Look-around and references to groups cannot be matched so, and are refused.
 */

/** Places in a pattern with its repetitions written out. */
const MAX_PLACES = 1000;
/** Steps of writing them out: a repetition of nothing takes no place. */
const MAX_WORK = 20_000;
const FLAGS = 'iu';

type Node =
  | { kind: 'atom'; source: string }
  | { kind: 'assertion'; source: string }
  | { kind: 'sequence'; parts: Node[] }
  | { kind: 'choice'; parts: Node[] }
  | { kind: 'repeat'; of: Node; least: number; most: number };

/** A place in the pattern: a character that goes on to the next place, or ways on that take no character. */
type Place =
  | { kind: 'atom'; is: (character: string) => boolean }
  | { kind: 'assertion'; holds: (before: string, after: string) => boolean }
  | { kind: 'ways'; to: readonly number[] }
  | { kind: 'end' };

/**
 * Whether a pattern, whatever the case, matches somewhere in a text. Throws a SyntaxError with a reason for a person.
 */
export function compilePattern(source: string): (text: string) => boolean {
  const native = new RegExp(source, FLAGS);
  // Without groups, one repetition leaves no more than one way for each two places of the text.
  if (!source.includes('(') && (source.match(/[*+?{]/g) ?? []).length <= 1) return (text) => native.test(text);
  const places = writeOut(new Parser(source).parse());
  return (text) => matchesSomewhere(places, text);
}

/** Of a pattern that the browser has found right. */
class Parser {
  private at = 0;

  constructor(private readonly source: string) {}

  parse(): Node {
    const parts = [this.sequence()];
    while (this.take('|')) parts.push(this.sequence());
    return parts.length === 1 ? (parts[0] as Node) : { kind: 'choice', parts };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    while (this.at < this.source.length && !this.isNext('|') && !this.isNext(')'))
      parts.push(this.repeated(this.term()));
    return { kind: 'sequence', parts };
  }

  private term(): Node {
    if (this.take('(')) return this.group();
    const assertion = this.match(/[\^$]|\\[bB]/y);
    if (assertion !== undefined) return { kind: 'assertion', source: assertion };
    if (this.match(/\\(?:[1-9]|k)/y) !== undefined) throw new SyntaxError('references to groups are not supported');
    const source =
      this.match(/\[(?:\\.|[^\]\\])*\]/suy) ??
      this.match(/\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u\{[^}]*\}|\\u.{4}/suy) ??
      this.match(/\\[pP]\{[^}]*\}|\\x..|\\c.|\\./suy) ??
      this.match(/./suy) ??
      '';
    return { kind: 'atom', source };
  }

  private group(): Node {
    if (this.isNext('?') && this.match(/\?:|\?<(?![=!])[^>]*>/uy) === undefined) {
      throw new SyntaxError('look-around is not supported');
    }
    const inner = this.parse();
    this.take(')');
    return inner;
  }

  private repeated(of: Node): Node {
    const quantifier = this.match(/[*+?]|\{\d+(?:,\d*)?\}/y);
    if (quantifier === undefined) return of;
    // Lazy or not, it matches the same texts.
    this.take('?');
    if (quantifier === '*') return { kind: 'repeat', of, least: 0, most: Infinity };
    if (quantifier === '+') return { kind: 'repeat', of, least: 1, most: Infinity };
    if (quantifier === '?') return { kind: 'repeat', of, least: 0, most: 1 };
    const [least = '', most = least] = quantifier.slice(1, -1).split(',');
    return { kind: 'repeat', of, least: Number(least), most: most === '' ? Infinity : Number(most) };
  }

  private isNext(character: string): boolean {
    return this.source[this.at] === character;
  }

  private take(character: string): boolean {
    if (!this.isNext(character)) return false;
    this.at++;
    return true;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }
}

function writeOut(pattern: Node): Place[] {
  const places: Place[] = [];
  const atoms = new Map<string, (character: string) => boolean>();
  let work = 0;
  const tooLong = (): never => {
    throw new SyntaxError('too long with its repetitions written out');
  };
  const put = (place: Place): number => (places.length < MAX_PLACES ? places.push(place) - 1 : tooLong());
  /** Ways on that are known later. */
  const putWays = (): number[] => {
    const to: number[] = [];
    put({ kind: 'ways', to });
    return to;
  };
  const write = (node: Node): void => {
    if (++work > MAX_WORK) tooLong();
    switch (node.kind) {
      case 'atom': {
        const is = atoms.get(node.source) ?? characterTest(node.source);
        atoms.set(node.source, is);
        put({ kind: 'atom', is });
        break;
      }
      case 'assertion':
        put({ kind: 'assertion', holds: assertionTest(node.source) });
        break;
      case 'sequence':
        for (const part of node.parts) write(part);
        break;
      case 'choice': {
        const [ways, ends] = [putWays(), [] as number[][]];
        for (const part of node.parts) {
          ways.push(places.length);
          write(part);
          ends.push(putWays());
        }
        for (const end of ends) end.push(places.length);
        break;
      }
      case 'repeat': {
        for (let i = 0; i < node.least; i++) write(node.of);
        if (node.most === Infinity) {
          const again = places.length;
          const ways = putWays();
          ways.push(places.length);
          write(node.of);
          put({ kind: 'ways', to: [again] });
          ways.push(places.length);
        } else {
          const skips: number[][] = [];
          for (let i = node.least; i < node.most; i++) {
            const ways = putWays();
            ways.push(places.length);
            skips.push(ways);
            write(node.of);
          }
          for (const ways of skips) ways.push(places.length);
        }
      }
    }
  };
  write(pattern);
  put({ kind: 'end' });
  return places;
}

function characterTest(source: string): (character: string) => boolean {
  const pattern = new RegExp(`^(?:${source})$`, FLAGS);
  const known = new Map<string, boolean>();
  return (character) => {
    let is = known.get(character);
    if (is === undefined) known.set(character, (is = pattern.test(character)));
    return is;
  };
}

/** `before` and `after` are the characters there, '' at the ends of the text. */
function assertionTest(source: string): (before: string, after: string) => boolean {
  if (source === '^') return (before) => before === '';
  if (source === '$') return (_, after) => after === '';
  const isWord = characterTest('\\w');
  const isEdge = (before: string, after: string): boolean => isWord(before) !== isWord(after);
  return source === '\\b' ? isEdge : (before, after) => !isEdge(before, after);
}

function matchesSomewhere(places: readonly Place[], text: string): boolean {
  /** Places that a character has to come next at, and when each place was reached. */
  let [now, next]: [number[], number[]] = [[], []];
  const reached = new Int32Array(places.length).fill(-1);
  let position = 0;
  let ended = false;
  const reach = (start: number, list: number[], before: string, after: string): void => {
    const waiting = [start];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (reached[at] === position) continue;
      reached[at] = position;
      const place = places[at] as Place;
      if (place.kind === 'atom') list.push(at);
      else if (place.kind === 'ways') waiting.push(...place.to);
      else if (place.kind === 'end') ended = true;
      else if (place.holds(before, after)) waiting.push(at + 1);
    }
  };
  const characters = Array.from(text);
  reach(0, now, '', characters[0] ?? '');
  for (const character of characters) {
    if (ended) return true;
    const after = characters[++position] ?? '';
    for (const at of now) {
      if ((places[at] as Place & { kind: 'atom' }).is(character)) reach(at + 1, next, character, after);
    }
    // A match may begin anywhere.
    reach(0, next, character, after);
    [now, next] = [next, now];
    next.length = 0;
  }
  return ended;
}

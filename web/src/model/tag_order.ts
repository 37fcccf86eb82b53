/**
 * The order of tags, and of run names: numbers by value, everything else by UTF-16 code units; the end comes before '/',
 * that before numbers, those before other characters. It is the order of TensorBoard's `compareTagNames` but for two
 * faults, with which that one runs in circles (a2 < a/1/b < a02, yet a2 = a02): it holds '/' and a digit for equal, and
 * "1e" for a number equal to every other. Here '/' comes first and "1e" is 1. Ties fall to the text, so that a tag is
 * equal to itself alone.
 */
export function compareTags(a: string, b: string): number {
  for (let atA = 0, atB = 0; atA < a.length || atB < b.length;) {
    const [rankA, rankB] = [rankAt(a, atA), rankAt(b, atB)];
    if (rankA !== rankB) return rankA - rankB;
    if (rankA === Rank.Number) {
      const [numberA, numberB] = [numberAt(a, atA), numberAt(b, atB)];
      const [valueA, valueB] = [parseFloat(numberA), parseFloat(numberB)];
      if (valueA !== valueB) return valueA < valueB ? -1 : 1;
      atA += numberA.length;
      atB += numberB.length;
    } else {
      const difference = a.charCodeAt(atA++) - b.charCodeAt(atB++);
      if (difference !== 0) return difference;
    }
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

const enum Rank {
  End,
  Slash,
  Number,
  Other,
}

function rankAt(text: string, at: number): Rank {
  const c = text.charAt(at);
  if (c === '') return Rank.End;
  if (c === '/') return Rank.Slash;
  return c >= '0' && c <= '9' ? Rank.Number : Rank.Other;
}

/** 12, 1.5, 1e-3; the exponent may lack its digits. */
const NUMBER = /\d+(?:\.\d*)?(?:[eE][+-]?\d*)?/y;

function numberAt(text: string, at: number): string {
  NUMBER.lastIndex = at;
  return NUMBER.exec(text)?.[0] ?? '';
}

// The lowest characters stand for the ranks, and are written behind a third where they are themselves.
// eslint-disable-next-line no-control-regex
const RANKED = /\/|[\0-\x03]|\d+(?:\.\d*)?(?:[eE][+-]?\d*)?/g;
const bits = new DataView(new ArrayBuffer(8));

/**
 * A text that stands where its tag does in the order of {@link compareTags}, by code units: for sorting many. Tags that
 * differ only in how they write a number have the same.
 */
export function tagKey(tag: string): string {
  return tag.replace(RANKED, (part) => {
    if (part === '/') return '\x01';
    if (part <= '\x03') return `\x03${part}`;
    // The bits of a number that is not negative are in the order of the numbers.
    bits.setFloat64(0, parseFloat(part));
    const unit = (i: number): number => bits.getUint16(2 * i);
    return String.fromCharCode(2, unit(0), unit(1), unit(2), unit(3));
  });
}

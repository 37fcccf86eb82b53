import type { PackedScene } from './graph_protocol';
import type { Box, BoxKind, DifferenceKind, EdgeKind, EdgePiece, LegendEntry, Scene, TakenOut } from './graphs';

/*
 * A scene as it crosses from `wasm/graph/scene_writer.h`, the other end of this. Numbers: a head, then the boxes, then the
 * pieces, each so many words, then x, y of all points in the order of the pieces. Kinds are counted in the order of the
 * lists here. Texts: JSON of SceneTexts.
 */
const HEAD = 6;
const BOX_WORDS = 15;
const PIECE_WORDS = 9;

const BOX_KINDS: readonly BoxKind[] = ['op', 'group', 'stack', 'stub'];
const EDGE_KINDS: readonly EdgeKind[] = ['data', 'control', 'reference'];
const DIFFERENCES: readonly DifferenceKind[] = ['same', 'changed', 'added', 'removed'];

interface SceneTexts {
  /** A path, a label and a note for each box. */
  boxes: [string, string, string][];
  /** A label for each piece. */
  pieces: string[];
  takenOut: TakenOut[];
  legend: LegendEntry[];
  coarse: string[];
}

/** @param version what the scene is called by */
export function readScene({ numbers, texts }: PackedScene, version: number): Scene {
  const [boxCount = 0, pieceCount = 0, width = 0, height = 0, most = 0, took = 0] = numbers.subarray(0, HEAD);
  const { boxes, pieces, takenOut, legend, coarse } = JSON.parse(texts) as SceneTexts;
  const pieceWords = HEAD + boxCount * BOX_WORDS;
  let pointAt = pieceWords + pieceCount * PIECE_WORDS;
  return {
    version,
    boxes: boxes.map((names, i) => boxOf(numbers.subarray(HEAD + i * BOX_WORDS, HEAD + (i + 1) * BOX_WORDS), names)),
    pieces: pieces.map((label, i) => {
      const words = numbers.subarray(pieceWords + i * PIECE_WORDS, pieceWords + (i + 1) * PIECE_WORDS);
      const points = numbers.subarray(pointAt, (pointAt += 2 * (words[6] ?? 0)));
      return pieceOf(words, points, label);
    }),
    width,
    height,
    takenOut,
    legend,
    most,
    coarse,
    took,
  };
}

function boxOf(words: Float64Array, [path, label, note]: [string, string, string]): Box {
  const [kind = 0, x = 0, y = 0, width = 0, height = 0, parent = -1, flags = 0, ops = 0, colour = -1, share = 0, difference = 0, constants = 0, summaries = 0, members = 0, header = 0] = words; // prettier-ignore
  return {
    kind: BOX_KINDS[kind] ?? 'op',
    path,
    label,
    note,
    x,
    y,
    width,
    height,
    parent,
    open: (flags & 1) !== 0,
    expandable: (flags & 2) !== 0,
    valueRoom: (flags & 4) !== 0,
    ops,
    colour,
    share,
    difference: DIFFERENCES[difference] ?? 'same',
    constants,
    summaries,
    members,
    header,
  };
}

function pieceOf(words: Float64Array, points: Float64Array, label: string): EdgePiece {
  const [from = 0, to = 0, kind = 0, width = 0, upward = 0, difference = 0, , labelX = NaN, labelY = NaN] = words; // prettier-ignore
  return {
    from,
    to,
    kind: EDGE_KINDS[kind] ?? 'data',
    width,
    points,
    label,
    labelX,
    labelY,
    upward: upward !== 0,
    difference: DIFFERENCES[difference] ?? 'same',
  };
}

/** What is seen of a graph, as files that other programs read. Pure. */
import type { Box, EdgePiece, Scene } from '../../engine/graphs/graphs';

/** An edge from box to box, through whatever ports. */
export interface WholeEdge {
  from: string;
  to: string;
  kind: EdgePiece['kind'];
  label: string;
}

/**
 * Edges of which each end is a box, put together from their pieces. Those that share a port can't be told apart behind it:
 * each goes on to wherever one of them goes.
 */
export function wholeEdges({ boxes, pieces }: Scene): WholeEdge[] {
  const onward = new Map<number, number[]>();
  pieces.forEach(({ from }, i) => {
    if (from < 0) onward.set(from, [...(onward.get(from) ?? []), i]);
  });
  const edges: WholeEdge[] = [];
  for (const piece of pieces) {
    if (piece.from < 0) continue;
    const seen = new Set<number>();
    const stack = [piece];
    for (let at = stack.pop(); at; at = stack.pop()) {
      if (at.to >= 0) {
        const [from, to] = [(boxes[piece.from] as Box).path, (boxes[at.to] as Box).path];
        edges.push({ from, to, kind: piece.kind, label: piece.label || at.label });
        continue;
      }
      if (seen.has(at.to)) continue;
      seen.add(at.to);
      // In order, whatever a stack does.
      for (const i of [...(onward.get(at.to) ?? [])].reverse()) {
        const next = pieces[i] as EdgePiece;
        if (next.kind === piece.kind) stack.push(next);
      }
    }
  }
  return edges;
}

/** Some boxes, with all that is in them and the edges between them: as a scene in which whole edges are the pieces. */
export function partOf(scene: Scene, paths: ReadonlySet<string>): Scene {
  const places = new Map<number, number>();
  const boxes: Box[] = [];
  // Boxes come after those around them.
  scene.boxes.forEach((box, i) => {
    const parent = places.get(box.parent) ?? -1;
    if (parent === -1 && !paths.has(box.path)) return;
    places.set(i, boxes.length);
    boxes.push({ ...box, parent });
  });
  const byPath = new Map(boxes.map(({ path }, i) => [path, i]));
  const pieces = wholeEdges(scene).flatMap(({ from, to, kind, label }): EdgePiece[] => {
    const [a, b] = [byPath.get(from), byPath.get(to)];
    if (a === undefined || b === undefined) return [];
    return [
      {
        from: a,
        to: b,
        kind,
        label,
        labelX: NaN,
        labelY: NaN,
        width: 1,
        points: new Float64Array(),
        upward: false,
        difference: 'same',
      },
    ];
  });
  return { ...scene, boxes, pieces };
}

const STYLES = { data: '', control: ', style=dashed', reference: ', style=bold' } as const;

/** Graphviz: open boxes are clusters. */
export function dotText(scene: Scene): string {
  const { boxes } = scene;
  const children = new Map<number, number[]>();
  boxes.forEach(({ parent }, i) => children.set(parent, [...(children.get(parent) ?? []), i]));
  const lines = ['digraph {', '  node [shape=box, fontname="sans-serif"];'];
  // What is still to be written, the next one last: a box, or the end of a cluster.
  const stack: { box: number; depth: number; ends: boolean }[] = [];
  const push = (parent: number, depth: number): void => {
    for (const box of [...(children.get(parent) ?? [])].reverse()) stack.push({ box, depth, ends: false });
  };
  push(-1, 1);
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { box: i, depth, ends } = next;
    const indent = '  '.repeat(Math.min(depth, 20));
    if (ends) {
      lines.push(`${indent}}`);
      continue;
    }
    const box = boxes[i] as Box;
    const label = [box.label, box.note].filter((text) => text !== '').join('\n');
    if (box.open) {
      lines.push(`${indent}subgraph ${quoted(`cluster ${box.path}`)} {`, `${indent}  label=${quoted(label)};`);
      stack.push({ box: i, depth, ends: true });
      push(i, depth + 1);
      continue;
    }
    const shape = box.kind === 'op' ? ', shape=box, style=rounded' : box.kind === 'stub' ? ', style=dashed' : '';
    lines.push(`${indent}${quoted(box.path)} [label=${quoted(label)}${shape}];`);
  }
  for (const { from, to, kind, label } of wholeEdges(scene))
    lines.push(`  ${quoted(from)} -> ${quoted(to)} [label=${quoted(label)}${STYLES[kind]}];`);
  return `${[...lines, '}'].join('\n')}\n`;
}

/** A text as DOT has it: only quotes are escaped in its grammar; a backslash would begin an escape of labels. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** Boxes with what is around them, and edges between them, by path. */
export function jsonText(scene: Scene): string {
  const { boxes } = scene;
  return JSON.stringify(
    {
      tensorpane: 'graph',
      version: 1,
      nodes: boxes.map(({ kind, path, label, note, x, y, width, height, parent, open, ops, difference }) => ({
        path,
        kind,
        label,
        note,
        in: boxes[parent]?.path ?? null,
        open,
        ops,
        ...(difference === 'same' ? {} : { difference }),
        place: [x, y, width, height],
      })),
      edges: wholeEdges(scene),
    },
    undefined,
    1,
  );
}

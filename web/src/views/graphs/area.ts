/** What several boxes are together. Pure. */
import type { NodeFacts } from '../../engine/graphs/graphs';
import { titleOf } from '../../model/graph_paths';

/** Boxes that are asked about, one by one: nobody marks more to know what they take. */
export const MAX_SUMMED = 500;

/** Sums over boxes, of what is known of any of them: NaN = of none. */
export interface AreaFacts {
  boxes: number;
  ops: number;
  parameters: number;
  micros: number;
  /** Of the whole graph, 0 to 1. */
  timeShare: number;
  memory: number;
  /** The types of what is in them, most first; where times are known, what takes longest. */
  inside: NodeFacts['inside'];
}

export function sumOf(nodes: readonly NodeFacts[]): AreaFacts {
  const sum = (of: (node: NodeFacts) => number): number => {
    const known = nodes.map(of).filter((value) => !Number.isNaN(value));
    return known.length === 0 ? NaN : known.reduce((all, value) => all + value, 0);
  };
  const micros = sum((node) => node.micros);
  const isTimed = !Number.isNaN(micros);
  const inside = new Map<string, NodeFacts['inside'][number]>();
  for (const node of nodes) {
    const isOne = node.kind === 'op' || node.kind === 'stub';
    const title = titleOf(node.path);
    const own = isOne ? [{ name: isTimed ? title : node.op, count: 1, micros: node.micros }] : node.inside;
    for (const one of own) {
      // A group of which no time is known tells types.
      if (isTimed && Number.isNaN(one.micros)) continue;
      const name = isTimed && !isOne ? `${title}/${one.name}` : one.name;
      const known = inside.get(name) ?? { name, count: 0, micros: isTimed ? 0 : NaN };
      inside.set(name, { name, count: known.count + one.count, micros: known.micros + one.micros });
    }
  }
  return {
    boxes: nodes.length,
    ops: sum((node) => node.ops),
    parameters: sum((node) => node.parameters),
    micros,
    timeShare: sum((node) => node.timeShare),
    memory: sum((node) => node.memory),
    inside: [...inside.values()].sort((a, b) => (isTimed ? b.micros - a.micros : b.count - a.count)),
  };
}

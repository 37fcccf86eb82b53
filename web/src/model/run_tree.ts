/** A folder of runs, a run, or both: a run may have others below it. */
export interface RunNode {
  /** Shown: the last part of the path, or several of them where nothing branches off. */
  name: string;
  /** From the root; no two nodes have the same. */
  path: string;
  /** The run that is here; absent for a mere folder. */
  run?: string;
  children: RunNode[];
}

/**
 * Folds run names by path. Folders with nothing in them but one folder or run are folded into it: `a/b`.
 * @param runs in order, in which their folders are then, too: '/' comes before what else a name may go on with.
 */
export function buildRunTree(runs: Iterable<string>): RunNode[] {
  const nodes = new Map<string, RunNode>();
  const roots: RunNode[] = [];
  const nodeAt = (path: string): RunNode => {
    const known = nodes.get(path);
    if (known) return known;
    const slash = path.lastIndexOf('/');
    const node: RunNode = { name: path.slice(slash + 1), path, children: [] };
    nodes.set(path, node);
    (slash < 0 ? roots : nodeAt(path.slice(0, slash)).children).push(node);
    return node;
  };
  for (const run of runs) nodeAt(run).run = run;
  return roots.map(folded);
}

function folded(node: RunNode): RunNode {
  const { children } = node;
  const [only] = children;
  if (node.run === undefined && only && children.length === 1) {
    return folded({ ...only, name: `${node.name}/${only.name}` });
  }
  return { ...node, children: children.map(folded) };
}

import { signal } from '@preact/signals-core';
import type { OutlineRow } from '../../engine/graphs';
import { isInStack, parentOf } from '../../model/graph_paths';
import { counted } from '../../ui/pending';
import type { GraphDesk } from './graph_desk';

/** Rows that are fetched in one go. */
const CHUNK = 200;

/** A line of the outline as it is open now; without a row it has not come yet. */
export interface Line {
  row: OutlineRow | undefined;
  depth: number;
  /** What it is a child of, and which one. */
  parent: string;
  at: number;
  /** How many children the parent has. */
  of: number;
  open: boolean;
}

interface Level {
  total: number;
  rows: (OutlineRow | undefined)[];
}

/** The tree of a graph, of which only what is open and was looked at is fetched. */
export class OutlineRows {
  private levels = new Map<string, Level>();
  private readonly asked = new Set<string>();
  private readonly version = signal(0);
  private graph: number | undefined;

  constructor(private readonly desk: GraphDesk) {}

  reset(graph: number | undefined): void {
    this.graph = graph;
    this.levels = new Map();
    this.asked.clear();
    this.version.value++;
  }

  /** The lines from top to bottom. */
  lines(): Line[] {
    void this.version.value;
    const open = this.desk.context.state.graphOpen.value;
    const parents = new Set([...open].map(parentOf));
    const lines: Line[] = [];
    if (this.graph === undefined) return lines;
    // Of each level that is walked through: what it is, and which row is next.
    const stack = [{ path: '', depth: 0, next: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const level = this.level(top.path);
      if (!level || top.next >= level.total) {
        stack.pop();
        continue;
      }
      const at = top.next++;
      const row = level.rows[at];
      const isOpen = row !== undefined && row.expandable && this.isOpen(row, open, parents);
      lines.push({ row, depth: top.depth, parent: top.path, at, of: level.total, open: isOpen });
      if (isOpen) stack.push({ path: row.path, depth: top.depth + 1, next: 0 });
    }
    return lines;
  }

  /** A stack is open in the outline, too, when one of its members is in the drawing. */
  private isOpen({ path, kind }: OutlineRow, open: ReadonlySet<string>, parents: ReadonlySet<string>): boolean {
    if (open.has(path)) return true;
    if (kind !== 'stack' || !parents.has(parentOf(path))) return false;
    return [...open].some((one) => isInStack(one, path));
  }

  private level(path: string): Level | undefined {
    const known = this.levels.get(path);
    if (!known) this.want(path, 0);
    return known;
  }

  /** Fetches what is about to be seen. */
  want(path: string, at: number): void {
    const from = Math.floor(at / CHUNK) * CHUNK;
    const key = `${from} ${path}`;
    const { graph } = this;
    if (graph === undefined || this.asked.has(key)) return;
    this.asked.add(key);
    const fetch = async (): Promise<void> => {
      try {
        const { total, rows } = await (await this.desk.graphs()).outline(graph, path, from, CHUNK);
        if (this.graph !== graph) return;
        const level = this.levels.get(path) ?? { total, rows: [] };
        rows.forEach((row, i) => (level.rows[from + i] = row));
        this.levels.set(path, level);
        this.version.value++;
      } catch {
        // The worker is dead, which what is drawn says; or the graph was closed.
        this.asked.delete(key);
      }
    };
    void counted(fetch());
  }
}

/** The first line without a row that may be the one of a path: in the level that holds it, be that a box or a stack. */
export function missingFor(lines: readonly Line[], path: string): Line | undefined {
  const parent = parentOf(path);
  return lines.find(({ row, parent: of }) => !row && (of === parent || isInStack(path, of)));
}

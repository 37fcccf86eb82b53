import { effect, signal, untracked } from '@preact/signals-core';
import type { OutlineRow } from '../../engine/graphs/graphs';
import { isInStack, parentOf, partsOf, titleOf } from '../../model/graph_paths';
import { counted } from '../../ui/pending';
import type { ViewContext } from '../view_def';
import type { DrawnGraph } from './drawn_graph';
import type { OpenedGraph } from './opened_graph';

/** Rows that are fetched in one go. */
const CHUNK = 200;
/** So many are a stack at least: `kLeastOpsInStack`, `kLeastGroupsInStack` of wasm/graph/blocks.h. */
const [LEAST_OPS, LEAST_GROUPS] = [5, 2];

/** A row that has come or is still to come, and how that is asked for: as which child of what. */
interface Entry {
  row: OutlineRow | undefined;
  parent: string;
  at: number;
}

/** A line of the outline as it is open now. */
export interface Line extends Entry {
  depth: number;
  /** Which one it is of how many in its level. */
  position: number;
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

  constructor(
    private readonly context: ViewContext,
    private readonly opened: OpenedGraph,
    private readonly drawn: DrawnGraph,
  ) {}

  /** Is the tree of what is open, from now on. Returns the ends of that. */
  start(): (() => void)[] {
    return [
      effect(() => {
        const facts = this.opened.facts.value;
        untracked(() => {
          this.graph = facts?.graph;
          this.levels = new Map();
          this.asked.clear();
          this.version.value++;
        });
      }),
    ];
  }

  /** The lines from top to bottom. */
  lines(): Line[] {
    void this.version.value;
    const open = this.drawn.open.value;
    const lines: Line[] = [];
    if (this.graph === undefined) return lines;
    const apart = [...open, ...this.context.state.graphTakenOut.value];
    const isApart = new Set(apart.map(parentOf));
    const entriesOf = (path: string): Entry[] => this.entries(path, open, isApart.has(path) ? apart : []);
    // Of each level that is walked through: what is in it, and which is next.
    const stack = [{ entries: entriesOf(''), depth: 0, next: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const { entries, depth } = top;
      const entry = entries[top.next++];
      if (!entry) {
        stack.pop();
        continue;
      }
      const { row } = entry;
      const isOpen = row !== undefined && row.expandable && open.has(row.path);
      lines.push({ ...entry, depth, position: top.next, of: entries.length, open: isOpen });
      if (isOpen) stack.push({ entries: entriesOf(row.path), depth: depth + 1, next: 0 });
    }
    return lines;
  }

  /** What is in a level, in the parts that are drawn of its stacks. @param apart what may be drawn apart from them */
  private entries(path: string, open: ReadonlySet<string>, apart: readonly string[]): Entry[] {
    const level = this.level(path);
    const entries: Entry[] = [];
    for (let at = 0; level && at < level.total; at++) {
      const row = level.rows[at];
      const isSplit = row?.kind === 'stack' && !open.has(row.path) && apart.some((one) => isInStack(one, row.path));
      const parts = isSplit ? this.partsOf(row, apart) : undefined;
      if (parts) entries.push(...parts);
      else entries.push({ row, parent: path, at });
    }
    return entries;
  }

  /** undefined = its members have not come yet. */
  private partsOf(stack: OutlineRow, apart: readonly string[]): Entry[] | undefined {
    const level = this.level(stack.path);
    if (!level) return undefined;
    const least = level.rows[0]?.kind === 'op' ? LEAST_OPS : LEAST_GROUPS;
    return partsOf(stack.path, apart, least).map(({ path, members, at }): Entry => {
      const part = { ...stack, path, label: titleOf(path), ops: (stack.ops * members) / level.total };
      return { row: members === 1 ? level.rows[at] : part, parent: stack.path, at };
    });
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
        const { total, rows } = await (await this.opened.graphs()).outline(graph, path, from, CHUNK);
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

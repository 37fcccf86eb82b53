/** Which images lie where: sections of rows and columns, each of which is a run, a sample, a step or a tag. Pure. */
import type { ImageAxis, ImagePlace } from '../../model/state';
import { groupLabel, wideGroupOf } from '../../model/tag_groups';

/** A part of a place: what a row or a column has in common. */
export type Item = Partial<ImagePlace>;

export interface Section {
  /** No other section is called so. */
  name: string;
  rows: readonly Item[];
  columns: readonly Item[];
  /** What all its images have in common. */
  base: Item;
  /** Its series: whose samples and steps it may have. */
  series: readonly number[];
}

/** What of a section is known once something of it was read. */
export interface Known {
  /** Of its points, the most. */
  samples: number;
  steps: readonly bigint[];
}
export const NOTHING_KNOWN: Known = { samples: 1, steps: [] };

export interface MatrixQuery {
  rows: ImageAxis;
  columns: ImageAxis;
  tags: readonly string[];
  /** Series of a tag and their runs, in order. */
  seriesOf: (tag: string) => readonly { run: string; series: number }[];
  /** The sample of all, where samples are neither rows nor columns. */
  sample: number;
  /** By the name of the section. */
  known: (section: string) => Known;
}

const KEY_SEPARATOR = '\0';

/** Columns are never what rows are. */
export function axesOf(rows: ImageAxis, columns: ImageAxis): { rows: ImageAxis; columns: ImageAxis } {
  if (rows !== columns) return { rows, columns };
  return { rows, columns: rows === 'run' ? 'sample' : 'run' };
}

/** Tags and runs that are neither rows nor columns are sections by themselves. */
export function sectionsOf({ rows, columns, tags, seriesOf, sample, known }: MatrixQuery): Section[] {
  const has = (axis: ImageAxis): boolean => rows === axis || columns === axis;
  const sections: Section[] = [];
  const groups = new Map<string, string[]>();
  for (const tag of tags) {
    const group = has('tag') ? wideGroupOf(tag) : tag;
    groups.set(group, [...(groups.get(group) ?? []), tag]);
  }
  for (const [group, own] of groups) {
    const all = own.flatMap((tag) => seriesOf(tag));
    const runs = [...new Set(all.map(({ run }) => run))];
    const add = (name: string, base: Item, series: readonly number[]): void => {
      const { samples, steps } = known(name);
      const items = (axis: ImageAxis): Item[] => {
        if (axis === 'tag') return own.map((tag) => ({ tag }));
        if (axis === 'run') return runs.map((run) => ({ run }));
        if (axis === 'sample') return Array.from({ length: samples }, (_, sample) => ({ sample }));
        return steps.length === 0 ? [{}] : steps.map((step) => ({ step }));
      };
      const common: Item = { ...(has('tag') ? {} : { tag: group }), ...(has('sample') ? {} : { sample }), ...base };
      sections.push({ name, base: common, rows: items(rows), columns: items(columns), series });
    };
    if (has('run')) {
      if (runs.length > 0) add(group, {}, all.map(({ series }) => series)); // prettier-ignore
    } else {
      for (const run of runs) {
        const name = `${groupLabel(group)} · ${run}`;
        add(name, { run }, all.filter((one) => one.run === run).map(({ series }) => series)); // prettier-ignore
      }
    }
  }
  return sections;
}

/**
 * Which sections flow, and the name of the group that each is part of: a column alone would waste the width, so that
 * images of the tags of a group are beside each other. A group that is called as another section does not flow.
 */
export function flowsOf(sections: readonly Section[]): Map<string, string> {
  const groupOf = ({ base, columns }: Section): string | undefined =>
    columns.length === 1 && base.tag !== undefined ? wideGroupOf(base.tag) : undefined;
  const taken = new Set(sections.filter((section) => groupOf(section) === undefined).map(({ name }) => name));
  const flows = new Map<string, string>();
  for (const section of sections) {
    const group = groupOf(section);
    if (group !== undefined && !taken.has(group)) flows.set(section.name, group);
  }
  return flows;
}

/** Where an image of a section is; undefined = not everything of it is known yet. */
export function placeIn({ base }: Section, row: Item, column: Item): ImagePlace | undefined {
  const { tag, run, sample = 0, step } = { ...base, ...row, ...column };
  return tag === undefined || run === undefined ? undefined : { tag, run, sample, step };
}

export function rowKey({ name }: Section, { tag, run, sample, step }: Item): string {
  // A run may be called as a tag is, or as a number.
  const axis = tag !== undefined ? 'tag' : run !== undefined ? 'run' : sample !== undefined ? 'sample' : 'step';
  return name + KEY_SEPARATOR + [axis, tag ?? run ?? sample ?? step ?? ''].join(' ');
}

/** Name of the section of a row. */
export function sectionOfRow(key: string): string {
  return key.slice(0, key.lastIndexOf(KEY_SEPARATOR));
}

export function samePlace(a: ImagePlace | undefined, b: ImagePlace | undefined): boolean {
  return a !== undefined && b !== undefined && a.tag === b.tag && a.run === b.run && a.sample === b.sample && a.step === b.step; // prettier-ignore
}

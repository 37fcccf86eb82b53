/** What the worker of texts does: whatever may take long on a text that a stranger wrote. Both ends of its messages. */
import { compileFilter, foundIn } from '../../model/filter';
import { diffTexts, type Diff } from './diff';
import { blocksOf, plainOf, type Block } from './markdown';

export interface Jobs {
  /** Of each text its blocks. */
  markdown: { ask: readonly string[]; answer: Block[][] };
  diff: { ask: readonly [before: string, after: string]; answer: Diff };
  /** Whether any of the texts matches a filter (model/filter.ts): as written or, of Markdown, as it is read. */
  search: { ask: { filter: string; texts: readonly string[]; asMarkdown: boolean }; answer: boolean };
  /** Where a filter finds something in each block: starts and ends in its text as it is read, `most` places in all. */
  find: { ask: { filter: string; blocks: readonly Block[]; most: number }; answer: number[][] };
}

export type JobKind = keyof Jobs;
export interface JobRequest<K extends JobKind = JobKind> {
  kind: K;
  ask: Jobs[K]['ask'];
}
/** Without an answer, it threw. */
export interface JobResponse<K extends JobKind = JobKind> {
  answer?: Jobs[K]['answer'];
}

const textOf = (block: Block): string => ('html' in block ? plainOf(block.html) : block.text);

const WORK: { [K in JobKind]: (ask: Jobs[K]['ask']) => Jobs[K]['answer'] } = {
  markdown: (texts) => texts.map(blocksOf),
  diff: ([before, after]) => diffTexts(before, after),
  search({ filter, texts, asMarkdown }) {
    const search = compileFilter(filter);
    const matches = (text: string): boolean => search.matches(text);
    // By block, as what is found is marked; that HTML ends in a line break is not seen.
    const read = asMarkdown ? texts.flatMap((text) => blocksOf(text).map((block) => textOf(block).trim())) : texts;
    // What excludes has to let every text through.
    return filter.startsWith('!') ? read.every(matches) : read.some(matches);
  },
  find({ filter, blocks, most }) {
    let left = most;
    return blocks.map((block) => {
      const places: number[] = [];
      if (left === 0) return places;
      for (const place of foundIn(textOf(block), filter)) {
        places.push(...place);
        if (--left === 0) break;
      }
      return places;
    });
  },
};

export function work<K extends JobKind>({ kind, ask }: JobRequest<K>): JobResponse<K> {
  try {
    return { answer: WORK[kind](ask) };
  } catch {
    return {};
  }
}

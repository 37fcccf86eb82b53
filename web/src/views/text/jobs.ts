/** What the worker of texts does: whatever may take long on a text that a stranger wrote. Both ends of its messages. */
import { compileFilter } from '../../model/filter';
import { diffTexts, type Diff } from './diff';
import { blocksOf, type Block } from './markdown';

export interface Jobs {
  /** Of each text its blocks. */
  markdown: { ask: readonly string[]; answer: Block[][] };
  diff: { ask: readonly [before: string, after: string]; answer: Diff };
  /** Whether any of the texts matches a filter (model/filter.ts). */
  search: { ask: { filter: string; texts: readonly string[] }; answer: boolean };
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

const WORK: { [K in JobKind]: (ask: Jobs[K]['ask']) => Jobs[K]['answer'] } = {
  markdown: (texts) => texts.map(blocksOf),
  diff: ([before, after]) => diffTexts(before, after),
  search({ filter, texts }) {
    const search = compileFilter(filter);
    const matches = (text: string): boolean => search.matches(text);
    // What excludes has to let every text through.
    return filter.startsWith('!') ? texts.every(matches) : texts.some(matches);
  },
};

export function work<K extends JobKind>({ kind, ask }: JobRequest<K>): JobResponse<K> {
  try {
    return { answer: WORK[kind](ask) };
  } catch {
    return {};
  }
}

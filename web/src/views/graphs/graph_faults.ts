/** The one table that makes sentences of what is wrong in a graph. */
import type { GraphFacts, GraphFault } from '../../engine/graphs/graphs';
import type { ErrorCode, WireError } from '../../faults/fault';
import { errorText } from '../../model/errors';
import { formatBytes, formatExact, plural } from '../../model/format';

export interface Notice {
  severity: 'info' | 'warn' | 'error';
  text: string;
}

const FAULTS: Record<GraphFault['kind'], (fault: GraphFault) => Notice> = {
  malformed: ({ count }) => ({
    severity: 'error',
    text:
      count === 0
        ? 'This graph is cut off inside of a node: what comes before is shown'
        : `This graph is damaged: ${formatBytes(count)} of it can’t be read, and only the rest is shown`,
  }),
  dangling: ({ count, example }) => ({
    severity: 'warn',
    text: `${plural(count, 'input')} ${count === 1 ? 'names' : 'name'} no node${of(example)}: drawn dashed where an input comes from`,
  }),
  duplicate: ({ count, example }) => ({
    severity: 'warn',
    text: `${plural(count, 'node')} ${count === 1 ? 'has' : 'have'} the name of another one${of(example)}: shown with a number behind it`,
  }),
  noSuchFunction: ({ count, example }) => ({
    severity: 'warn',
    text: `${plural(count, 'call')} ${count === 1 ? 'names a function that is' : 'name functions that are'} not in the graph${of(example)}: can’t be opened`,
  }),
  empty: () => ({ severity: 'info', text: 'This graph has no nodes' }),
  tooMany: ({ count }) => ({
    severity: 'error',
    text: `This graph is larger than what is shown: ${plural(count, 'node')} left out`,
  }),
  notInGraph: ({ count, example }) => ({
    severity: 'info',
    text: `${plural(count, 'entry', 'entries')} of the profile ${count === 1 ? 'is of a node' : 'are of nodes'} that this graph does not have${of(example)}: not shown`,
  }),
  emptyProfile: () => ({ severity: 'info', text: 'This profile is empty: it says nothing of any node' }),
};

/** Of a long path its end, which tells it. */
function of(example: string): string {
  const names = example.split('/');
  return example === '' ? '' : ` (${names.length > 2 ? `…/${names.slice(-2).join('/')}` : example})`;
}

/** What is said under the bar: of the graph, and of its drawing. */
export function noticesOf(facts: GraphFacts, coarse: readonly string[]): Notice[] {
  const notices = facts.faults.map((fault) => FAULTS[fault.kind](fault));
  if (coarse.length > 0) {
    const where = coarse[0] === '' ? 'the top level' : (coarse[0] ?? '');
    const more = coarse.length > 1 ? ` and ${formatExact(coarse.length - 1)} more` : '';
    notices.push({
      severity: 'info',
      text: `Too many edges to place well in time: ${where}${more} is laid out more coarsely`,
    });
  }
  return notices;
}

/** What is wrong with the bytes, which are the same at the next try. */
const LASTING: readonly ErrorCode[] = ['not_a_graph', 'undecodable', 'unsupported', 'value_too_big', 'file_too_large'];

/**
 * Why nothing can be drawn, and whether it may be otherwise at the next try.
 *
 * @param size of the file that the graph was looked for in, as far as it is known
 */
export function faultOf(fault: WireError, size?: number): { text: string; canRetry: boolean } {
  const canRetry = !LASTING.includes(fault.code);
  if (fault.code === 'cancelled') return { text: 'It was called off', canRetry };
  if (fault.code === 'not_a_graph' && size === 0)
    return { text: 'This file is empty: it has no bytes, and no graph', canRetry };
  return { text: errorText(fault), canRetry };
}

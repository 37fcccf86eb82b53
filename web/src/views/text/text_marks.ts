import { ask } from '../text_work/text_worker';

/** More places of one text are not marked, and not counted. */
export const MOST_FOUND = 10_000;

/** One place that is marked. */
interface Mark {
  setCurrent(current: boolean): void;
  box(): DOMRect;
  remove(): void;
}

/**
 * What is searched, marked in elements whose text is there to stay. The browser's own highlights do it without touching
 * a node (CSS Custom Highlight API); where there are none, it is `<mark>` elements, so nobody else may change the nodes.
 */
export class TextMarks {
  /** In the order of their elements and places. Without marks: nothing was found, or not yet. */
  private readonly marked = new Map<Element, Mark[]>();
  private filter = '';
  private abort = new AbortController();
  private work: Promise<unknown> = Promise.resolve();

  /** Marks what a filter finds in these elements, and in no others; '' = nothing. Resolves when all are marked. */
  async show(elements: readonly Element[], filter: string): Promise<void> {
    this.work = Promise.all([this.work, this.add(elements, filter)]);
    await this.work;
  }

  private async add(elements: readonly Element[], filter: string): Promise<void> {
    if (filter !== this.filter) this.clear();
    this.filter = filter;
    const kept = new Set(elements);
    for (const element of this.marked.keys()) if (!kept.has(element)) this.forget(element);
    const fresh = filter === '' ? [] : elements.filter((element) => !this.marked.has(element));
    if (fresh.length === 0) return;
    const none: Mark[] = [];
    for (const element of fresh) this.marked.set(element, none);
    const blocks = fresh.map(({ textContent }) => ({ text: textContent ?? '' }));
    const { signal } = this.abort;
    const found = await ask('find', { filter, blocks, most: MOST_FOUND }, signal).catch(() => undefined);
    if (signal.aborted || !found) return;
    for (const [i, element] of fresh.entries()) {
      // It may have gone meanwhile, and may have come back: then it is asked about anew.
      if (this.marked.get(element) === none) this.marked.set(element, marksIn(element, found[i] ?? []));
    }
  }

  /** The marks in an element, in order. */
  in(root: Element): Mark[] {
    const elements = [...this.marked.keys()].filter((element) => root.contains(element));
    elements.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    return elements.flatMap((element) => this.marked.get(element) ?? []);
  }

  clear(): void {
    this.abort.abort();
    this.abort = new AbortController();
    for (const element of this.marked.keys()) this.forget(element);
  }

  private forget(element: Element): void {
    for (const mark of this.marked.get(element) ?? []) mark.remove();
    this.marked.delete(element);
  }
}

/** @param places starts and ends in the text of the element. */
function marksIn(element: Element, places: readonly number[]): Mark[] {
  const texts: { node: Text; start: number }[] = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let length = 0;
  for (let node; (node = walker.nextNode() as Text | null); length += node.length) texts.push({ node, start: length });
  const marks: Mark[] = [];
  const isNative = 'highlights' in CSS;
  // From the last on: what is wrapped moves what is behind it.
  for (let i = places.length - 2, last = texts.length - 1; i >= 0; i -= 2) {
    const [from, to] = [places[i] as number, places[i + 1] as number];
    while (last > 0 && (texts[last]?.start ?? 0) >= to) last--;
    let first = last;
    while (first > 0 && (texts[first]?.start ?? 0) > from) first--;
    const [begin, end] = [texts[first], texts[last]];
    if (!begin || !end) break;
    if (isNative) {
      const [startContainer, endContainer] = [begin.node, end.node];
      const [startOffset, endOffset] = [from - begin.start, Math.min(to - end.start, end.node.length)];
      marks.push(highlight(new StaticRange({ startContainer, startOffset, endContainer, endOffset })));
    } else {
      const parts = texts.slice(first, last + 1).map(({ node, start }) => ({
        node,
        from: Math.max(0, from - start),
        to: Math.min(node.length, to - start),
      }));
      marks.push(wrapped(parts.reverse()));
    }
  }
  return marks.reverse();
}

/** One layer for all that was found, and one above it for the place that is gone to. */
function layer(name: 'found' | 'current'): Highlight {
  let one = CSS.highlights.get(name);
  if (!one) {
    one = new Highlight();
    one.priority = name === 'current' ? 1 : 0;
    CSS.highlights.set(name, one);
  }
  return one;
}

function highlight(range: StaticRange): Mark {
  layer('found').add(range);
  return {
    setCurrent: (current) => void (current ? layer('current').add(range) : layer('current').delete(range)),
    box() {
      const live = document.createRange();
      live.setStart(range.startContainer, range.startOffset);
      live.setEnd(range.endContainer, range.endOffset);
      return live.getBoundingClientRect();
    },
    remove() {
      for (const name of ['found', 'current'] as const) layer(name).delete(range);
    },
  };
}

function wrapped(parts: readonly { node: Text; from: number; to: number }[]): Mark {
  const elements = parts.map(({ node, from, to }) => {
    const mark = document.createElement('mark');
    const found = node.splitText(from);
    found.splitText(to - from);
    found.replaceWith(mark);
    mark.append(found);
    return mark;
  });
  return {
    setCurrent: (current) => elements.forEach(({ classList }) => classList.toggle('current', current)),
    box: () => (elements.at(-1) as HTMLElement).getBoundingClientRect(),
    remove() {
      for (const mark of elements) {
        const { parentNode } = mark;
        mark.replaceWith(...mark.childNodes);
        parentNode?.normalize();
      }
    },
  };
}

/** Tells elements in a scroll area whether they are in view, or a row away from it. */

/** About one row of cards. */
const MARGIN_PX = 320;

type Listener = (near: boolean) => void;
const observers = new WeakMap<Element, { observer: IntersectionObserver; listeners: Map<Element, Listener> }>();

/** Calls back whenever `element` comes near the visible part of its `.scroll` parent, or leaves it; returns the end. */
export function whenNear(element: Element, listener: Listener): () => void {
  const root = element.closest('.scroll') ?? document.documentElement;
  let entry = observers.get(root);
  if (!entry) {
    const listeners = new Map<Element, Listener>();
    const report = (seen: IntersectionObserverEntry[]): void => {
      for (const { target, isIntersecting } of seen) listeners.get(target)?.(isIntersecting);
    };
    entry = { observer: new IntersectionObserver(report, { root, rootMargin: `${MARGIN_PX}px 0px` }), listeners };
    observers.set(root, entry);
    // The first one of a view is mostly seen, and need not wait for a frame to know.
    listener(true);
  }
  const { observer, listeners } = entry;
  listeners.set(element, listener);
  observer.observe(element);
  return () => {
    listeners.delete(element);
    observer.unobserve(element);
  };
}

/** So long nobody has to see an embed before it gives its memory back. */
const SLEEP_AFTER_MS = 15_000;

/** What is done when nobody has seen the page for a while, and when it is seen again. */
export interface SeenEvents {
  /** @returns whether it sleeps: it may be busy, and is asked again */
  sleep: () => boolean;
  wake: () => void;
}

/** Watches whether a page in a frame can be seen in the window. */
export function watchSeen(element: Element, { sleep, wake }: SeenEvents): { sleepNow: () => boolean } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asleep = false;
  const tryToSleep = (): boolean => {
    clearTimeout(timer);
    asleep ||= sleep();
    if (!asleep) timer = setTimeout(tryToSleep, SLEEP_AFTER_MS);
    return asleep;
  };
  new IntersectionObserver((entries) => {
    clearTimeout(timer);
    if (!entries.at(-1)?.isIntersecting) timer = setTimeout(tryToSleep, SLEEP_AFTER_MS);
    else if (asleep) {
      asleep = false;
      wake();
    }
  }).observe(element);
  return { sleepNow: tryToSleep };
}

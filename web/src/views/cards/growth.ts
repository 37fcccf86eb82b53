import { effect, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Engine } from '../../engine/engine';

/** While files are read, charts are drawn again no more often than this. */
const EVERY_MS = 400;

const followers = new WeakMap<Engine, ReadonlySignal<number>>();

/** Changes when series have grown: at most every {@link EVERY_MS} while files are read, at once when they have been. */
export function growthOf(engine: Engine): ReadonlySignal<number> {
  const known = followers.get(engine);
  if (known) return known;
  const growth = signal(0);
  followers.set(engine, growth);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (): void => {
    clearTimeout(timer);
    timer = undefined;
    growth.value = engine.catalogue.version.peek();
  };
  effect(() => {
    const [version, loading] = [engine.catalogue.version.value, engine.loading.value];
    if (version === growth.peek()) return;
    if (!loading || growth.peek() === 0) tell();
    else timer ??= setTimeout(tell, EVERY_MS);
  });
  return growth;
}

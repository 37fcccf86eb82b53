/**
 * What was set, step by step, for undo, and in the address for the browser's Back and for whoever is sent it. Both are
 * the state as `url_state.ts` writes it.
 */
import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import { isFollowing } from './same_step';
import type { State } from './state';
import { createState } from './state';
import {
  assignAll,
  encodeFields,
  fieldsOf,
  readHash,
  saysMore,
  setFields,
  type Fields,
  type Outcome,
} from './url_state';

/** A slider that is dragged, or a text that is typed, is one step once it rests for so long. Browsers refuse to write the address more often. */
const SETTLED_MS = 500;
/** Steps that can be undone. */
const MAX_STEPS = 200;

/** Where the hash is kept: the address bar, or something like it. Writing is not told by `watch`. */
export interface HashPlace {
  read(): string;
  /** In place of the present one. */
  replace(hash: string): void;
  /** As another entry, from which Back leads to the present one. */
  push(hash: string): void;
  /** Calls back when someone else has changed it; returns the end of that. */
  watch(changed: () => void): () => void;
}

export interface History {
  readonly undo: () => void;
  readonly redo: () => void;
  readonly canUndo: ReadonlySignal<boolean>;
  readonly canRedo: ReadonlySignal<boolean>;
  /** What is set now has settled: the address is about to be copied or left, and says it. */
  readonly flush: () => void;
  /** Ends all of it. */
  readonly stop: () => void;
}

/**
 * Takes the state from a place, now and whenever someone changes it there, and writes it there once what is set has
 * settled. Another view is another entry of the browser's history; the rest changes the present one. What Back brings is a
 * step like any other, which can be undone.
 *
 * @param onRead told how reading ended; a hash that could not be applied stays until something is set.
 * @param told what the address says of a state, if more than the state itself; reads the signals that it depends on.
 */
export function keepHistory(
  state: State,
  place: HashPlace,
  onRead: (outcome: Outcome) => void,
  told: (fields: Fields) => Fields = (fields) => fields,
): History {
  let steps: Fields[] = [];
  let at = -1;
  const [canUndo, canRedo] = [signal(false), signal(false)];
  /** As it was when it was last looked at; undefined = a hash is being read, and what it says wins. */
  let latest: Fields | undefined;
  /** Names of the fields that have changed since the last step. */
  let unsettled = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What the place says, or is about to: nothing has been set since. */
  let written: Fields | undefined;
  /** The latest reading: an older one that is still inflating is void, and so is what was to be written before. */
  let reading = 0;
  let writing: Promise<void> = Promise.resolve();
  let stopped = false;

  const show = (): void => {
    canUndo.value = at > 0 || unsettled !== '';
    canRedo.value = at < steps.length - 1 && unsettled === '';
  };
  const settle = (fields: Fields): void => {
    unsettled = '';
    if (!areEqual(fields, steps[at])) {
      steps = [...steps.slice(Math.max(0, at + 2 - MAX_STEPS), at + 1), fields];
      at = steps.length - 1;
    }
    show();
  };
  const write = (how: 'replace' | 'push', fields: Fields): void => {
    if (areEqual(fields, written)) return;
    written = fields;
    const turn = reading;
    const put = async (): Promise<void> => {
      try {
        const hash = await encodeFields(fields);
        if (!stopped && turn === reading) place[how](hash);
      } catch {
        // Browsers refuse what is written too often: it is written with what is set next.
        if (written === fields) written = undefined;
      }
    };
    writing = writing.then(put);
  };
  const rest = (): void => {
    clearTimeout(timer);
    timer = setTimeout(flush, SETTLED_MS);
  };
  const flush = (): void => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    if (!latest) return;
    settle(latest);
    write('replace', told(latest));
  };
  const change = (fields: Fields, address: Fields): void => {
    if (!latest) return;
    const changed = changesOf(latest, fields);
    const before = latest;
    latest = fields;
    if (changed !== '' && isFollowing()) {
      if (unsettled === '') steps[at] = fields;
    } else if (changed !== '') {
      // Another thing is set: that before has settled.
      if (unsettled !== '' && changed !== unsettled) settle(before);
      unsettled = changed;
      show();
      if (fields.get('view') !== before.get('view')) return open(before, fields);
    }
    if (changed !== '' || !areEqual(address, written)) rest();
  };
  /** Goes to another view: what was set in the one before stays behind in its entry. */
  const open = (before: Fields, fields: Fields): void => {
    clearTimeout(timer);
    timer = undefined;
    write('replace', told(before));
    settle(fields);
    write('push', told(fields));
  };
  const go = (by: -1 | 1): void => {
    if (!latest) return;
    settle(latest);
    const [before, fields] = [latest, steps[at + by]];
    if (!fields) return;
    at += by;
    latest = fields;
    setFields(state, fields);
    show();
    if (fields.get('view') !== before.get('view')) open(before, fields);
    else rest();
  };
  const read = async (): Promise<void> => {
    const turn = ++reading;
    clearTimeout(timer);
    timer = undefined;
    if (latest) settle(latest);
    latest = undefined;
    const next = createState();
    const hash = place.read();
    const outcome = await readHash(next, hash);
    if (stopped || turn !== reading) return;
    if (outcome === 'applied') assignAll(state, next);
    latest = fieldsOf(state);
    settle(latest);
    written = told(latest);
    // What could not be read of it does not stay.
    if (outcome === 'applied' && saysMore(hash, latest)) {
      written = undefined;
      rest();
    }
    onRead(outcome);
  };

  const stopWatching = place.watch(() => void read());
  const stopEffect = effect(() => {
    const fields = fieldsOf(state);
    const address = told(fields);
    untracked(() => change(fields, address));
  });
  void read();
  return {
    undo: () => go(-1),
    redo: () => go(1),
    canUndo,
    canRedo,
    flush,
    stop() {
      stopped = true;
      stopWatching();
      stopEffect();
      clearTimeout(timer);
    },
  };
}

function areEqual(a: Fields, b: Fields | undefined): boolean {
  return b !== undefined && changesOf(a, b) === '';
}

/** Names of the fields that differ. */
function changesOf(a: Fields, b: Fields): string {
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name)).join();
}

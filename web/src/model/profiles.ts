/**
 * Ways of looking at logs that are kept by name: in this browser, or as files that are handed on. Each is a state as
 * links have it (`url_state.ts`), so that one of an older version is upgraded like them.
 */
import { signal, type ReadonlySignal } from '@preact/signals-core';
import { createState } from './state';
import { applyState } from './url_state';

export interface Profile {
  name: string;
  /** A hash without '#'; '' = all is as by default. */
  state: string;
}

const KEY = 'tensorpane.profiles';
const VERSION = 1;
const MAX_PROFILES = 100;
const MAX_NAME = 100;
const MAX_STATE = 1 << 20;

/** The profiles of this browser, in the order they were saved. */
export class Profiles {
  private readonly kept = signal<readonly Profile[]>([]);
  readonly list: ReadonlySignal<readonly Profile[]> = this.kept;
  private readonly problem = signal('');
  /** Why they will be gone with this page; '' = they will not. */
  readonly refusal: ReadonlySignal<string> = this.problem;

  /** @param storage throws where the browser gives a page none. */
  constructor(private readonly storage: () => Pick<Storage, 'getItem' | 'setItem'>) {
    this.refresh();
  }

  /** Takes in what other tabs have changed. What this browser would not keep stays as it is. */
  refresh(): void {
    if (this.problem.value !== '') return;
    this.attempt(() => {
      this.kept.value = profilesOf(JSON.parse(this.storage().getItem(KEY) ?? '[]'));
    });
  }

  /** In place of one of the same name. @throws Error with a sentence for a person: there are too many. */
  save(profile: Profile): void {
    const value = this.latest();
    const name = nameOf(profile.name);
    if (name === '') return;
    const saved = { name, state: profile.state };
    const at = value.findIndex((other) => other.name === name);
    if (at < 0 && value.length >= MAX_PROFILES) {
      throw new Error(`There are ${MAX_PROFILES} profiles, and no more are kept: delete one first`);
    }
    this.keep(at < 0 ? [...value, saved] : value.with(at, saved));
  }

  /** Saves one whose name is new. @throws Error with a sentence for a person. */
  add(profile: Profile): void {
    this.assertFree(nameOf(profile.name));
    this.save(profile);
  }

  /** @throws Error with a sentence for a person: another one has the new name. */
  rename(name: string, next: string): void {
    const to = nameOf(next);
    if (to === '' || to === name) return;
    this.assertFree(to);
    this.keep(this.latest().map((profile) => (profile.name === name ? { ...profile, name: to } : profile)));
  }

  remove(name: string): void {
    this.keep(this.latest().filter((profile) => profile.name !== name));
  }

  private assertFree(name: string): void {
    const isTaken = this.latest().some((profile) => profile.name === name);
    if (isTaken) throw new Error(`There is a profile ${name} already: rename or delete that first`);
  }

  private latest(): readonly Profile[] {
    this.refresh();
    return this.kept.value;
  }

  private keep(profiles: readonly Profile[]): void {
    this.kept.value = profiles;
    this.attempt(() => this.storage().setItem(KEY, JSON.stringify(profiles)));
  }

  private attempt(use: () => void): void {
    try {
      use();
      this.problem.value = '';
    } catch (error) {
      this.problem.value =
        error instanceof SyntaxError
          ? 'What this browser kept of the profiles is damaged'
          : 'This browser keeps nothing for this page: save profiles as files, they are gone with the tab';
    }
  }
}

/** A profile as a file. */
export function profileFile({ name, state }: Profile): string {
  return `${JSON.stringify({ tensorpane: 'profile', version: VERSION, name, state }, undefined, 2)}\n`;
}

/** @throws Error with a sentence for a person. */
export async function readProfileFile(text: string): Promise<Profile> {
  if (text.length > MAX_STATE + 1000) throw new Error('The file is larger than any profile: it was left alone');
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error('The file is no profile: it is not JSON');
  }
  const { tensorpane, version } = Object(file) as Record<string, unknown>;
  if (tensorpane !== 'profile' || typeof version !== 'number') throw new Error('The file is no profile of Tensorpane');
  if (version > VERSION) throw new Error('The profile was saved by a newer version: reload the page to get it');
  const [profile] = profilesOf([file]);
  if (!profile) throw new Error('The profile is damaged');
  const outcome = await applyState(createState(), profile.state);
  if (outcome === 'newer') throw new Error('The profile was saved by a newer version: reload the page to get it');
  if (outcome !== 'applied') throw new Error('The profile is damaged');
  return profile;
}

/** Of whatever was found where profiles are kept. */
function profilesOf(list: unknown): Profile[] {
  if (!Array.isArray(list)) return [];
  return list.slice(0, MAX_PROFILES).flatMap((one: unknown) => {
    const { name, state } = Object(one) as Record<string, unknown>;
    if (typeof name !== 'string' || typeof state !== 'string') return [];
    return nameOf(name) === '' || state.length > MAX_STATE ? [] : [{ name: nameOf(name), state }];
  });
}

function nameOf(written: string): string {
  return written.trim().slice(0, MAX_NAME);
}

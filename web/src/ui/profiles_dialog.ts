import { signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { profileFile, readProfileFile, type Profile, type Profiles } from '../model/profiles';
import type { State } from '../model/state';
import { applyState, encodeState } from '../model/url_state';
import { Dialog } from './dialog';
import { icon } from './icons';
import { counted } from './pending';
import { fileNamePart, saveBlob } from './save';

/** No profile is larger, bytes. */
const MAX_FILE = 4 << 20;

/** Ways of looking at logs that are kept by name: to apply, rename, hand on. */
export class ProfilesDialog extends Dialog {
  static override properties = { state: { attribute: false }, profiles: { attribute: false } };
  declare state: State;
  declare profiles: Profiles;
  protected readonly heading = 'Profiles';

  private readonly name = signal('');
  /** The one whose name is being changed; '' = none is. */
  private readonly renamed = signal('');
  private readonly message = signal<{ text: string; isError: boolean } | undefined>(undefined);

  protected body() {
    const { profiles } = this;
    const list = profiles.list.value;
    const isKnown = list.some(({ name }) => name === this.name.value.trim());
    const refusal = profiles.refusal.value;
    const message = this.message.value ?? (refusal === '' ? undefined : { text: refusal, isError: true });
    return html`<section aria-label="Save">
        <div class="what">
          ${icon('save', 'm2')}
          <div>
            <h3>Save</h3>
            <p class="m2 small">All that is set now: view, runs, tags, scales, zoom</p>
          </div>
        </div>
        <form
          class="ways"
          @submit=${(event: Event) => {
            event.preventDefault();
            void counted(this.save());
          }}
        >
          <div class="row">
            <input
              class="text"
              autofocus
              aria-label="Name of the profile"
              placeholder="Name"
              maxlength="100"
              .value=${this.name.value}
              @input=${(event: Event) => (this.name.value = (event.target as HTMLInputElement).value)}
            />
            <button class="btn fill" type="submit">${isKnown ? 'Replace' : 'Save'}</button>
          </div>
        </form>
      </section>
      <section aria-label="Saved">
        <div class="what">
          ${icon('folder', 'm2')}
          <div>
            <h3>Saved</h3>
            <p class="m2 small">In this browser, for any logs</p>
          </div>
        </div>
        <div class="ways">
          ${
            list.length === 0
              ? html`<p class="m3">None yet</p>`
              : html`<ul class="profiles">
                  ${list.map((profile) => this.row(profile))}
                </ul>`
          }
          <div class="many">
            <button class="btn line" @click=${() => this.pick()}>${icon('file', 'm2')}Import a file</button>
          </div>
          ${
            message
              ? html`<p class="small ${message.isError ? 'e' : 'm2'}" role=${message.isError ? 'alert' : 'status'}>
                  ${message.text}
                </p>`
              : nothing
          }
        </div>
      </section>
      <footer>${icon('lock')}Kept in this browser. Nothing is uploaded</footer>`;
  }

  private row(profile: Profile) {
    const { name } = profile;
    if (this.renamed.value === name) {
      return html`<li>
        <input
          class="text"
          aria-label="New name of ${name}"
          maxlength="100"
          .value=${name}
          @keydown=${(event: KeyboardEvent) => this.onRenameKey(event, name)}
          @blur=${(event: Event) => this.rename(name, (event.target as HTMLInputElement).value)}
        />
      </li>`;
    }
    return html`<li>
      <span class="el" title=${name}>${name}</span>
      <button class="btn line" aria-label="Apply ${name}" @click=${() => counted(this.apply(profile))}>Apply</button>
      <button class="btn" aria-label="Rename ${name}" @click=${() => this.beginRename(name)}>Rename</button>
      <button
        class="btn ico"
        aria-label="Export ${name}"
        title="Export as a file"
        @click=${() => saveBlob(new Blob([profileFile(profile)]), `${fileNamePart(name)}.tensorpane.json`)}
      >
        ${icon('save')}
      </button>
      <button class="btn ico" aria-label="Delete ${name}" title="Delete" @click=${() => this.profiles.remove(name)}>
        ${icon('close')}
      </button>
    </li>`;
  }

  private async save(): Promise<void> {
    const name = this.name.value.trim();
    if (name === '') {
      this.message.value = { text: 'Give the profile a name', isError: true };
      this.querySelector<HTMLElement>('form .text')?.focus();
      return;
    }
    const state = await encodeState(this.state);
    if (this.attempt(() => this.profiles.save({ name, state }))) this.name.value = '';
  }

  private async apply({ name, state }: Profile): Promise<void> {
    const outcome = await applyState(this.state, state);
    if (outcome === 'applied') this.close();
    else if (outcome === 'newer') this.fail(`${name} was saved by a newer version: reload the page to get it`);
    else this.fail(`${name} is damaged`);
  }

  private beginRename(name: string): void {
    this.renamed.value = name;
    void this.updateComplete.then(() => this.querySelector<HTMLInputElement>('.profiles .text')?.select());
  }

  private onRenameKey(event: KeyboardEvent, name: string): void {
    const field = event.target as HTMLInputElement;
    if (event.key === 'Escape') field.value = name;
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    // Escape ends the renaming, not the dialog.
    event.preventDefault();
    field.blur();
  }

  private rename(name: string, next: string): void {
    this.attempt(() => this.profiles.rename(name, next));
    this.renamed.value = '';
  }

  private pick(): void {
    const input = Object.assign(document.createElement('input'), { type: 'file', accept: '.json,application/json' });
    input.addEventListener('change', () => {
      const [file] = input.files ?? [];
      if (file) void counted(this.import(file));
    });
    input.click();
  }

  private async import(file: File): Promise<void> {
    try {
      if (file.size > MAX_FILE) throw new Error('The file is larger than any profile: it was left alone');
      const profile = await readProfileFile(await file.text());
      this.profiles.add(profile);
      this.message.value = { text: `${profile.name} is imported`, isError: false };
    } catch (error) {
      this.fail((error as Error).message);
    }
  }

  /** Whether it was done; else it says why not. */
  private attempt(act: () => void): boolean {
    this.message.value = undefined;
    try {
      act();
      return true;
    } catch (error) {
      this.fail((error as Error).message);
      return false;
    }
  }

  private fail(text: string): void {
    this.message.value = { text, isError: true };
  }
}

customElements.define('tp-profiles', ProfilesDialog);

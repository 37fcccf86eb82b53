import { batch, signal } from '@preact/signals-core';
import { html, nothing } from 'lit';
import { plural } from '../../model/format';
import { icon } from '../../ui/icons';
import { counted } from '../../ui/pending';
import { saveBlob } from '../../ui/save';
import { WatchElement } from '../../ui/watch';
import type { Bookmark } from './bookmarks';
import { bookmarkFaultText, readBookmarks } from './read_bookmarks';
import { bookmarkTexts } from './write_bookmarks';
import type { ProjectorDesk } from './projector_desk';
import { bookmarkOf, restore } from './bookmark_state';

/** Views of points that a person keeps: saved, gone back to, and TensorBoard's file of them in and out. */
export class BookmarkList extends WatchElement {
  static override properties = { desk: { attribute: false } };
  declare desk: ProjectorDesk;
  /** What was wrong with the file that was read last. */
  private readonly faults = signal<readonly string[]>([]);

  override render() {
    const { desk } = this;
    const { bookmarks } = desk;
    const all = bookmarks.all.value;
    return html`<section class="bookmarks">
      <div class="sub">
        ${all.length === 0 ? 'Bookmarks' : plural(all.length, 'bookmark')}
        <span class="x row">
          <button class="btn ico" aria-label="Keep this view" title="Keep this view" @click=${() => this.keep()}>
            ${icon('pin')}
          </button>
          <button
            class="btn ico"
            aria-label="Read bookmarks from a file"
            title="Read bookmarks from a file (TensorBoard’s JSON)"
            @click=${() => this.choose()}
          >
            ${icon('folder')}
          </button>
          ${
            all.length > 0
              ? html`<button
                  class="btn ico"
                  aria-label="Save bookmarks"
                  title="Save bookmarks (TensorBoard’s JSON)"
                  @click=${() => this.save(all)}
                >
                  ${icon('save')}
                </button>`
              : nothing
          }
        </span>
      </div>
      ${
        all.length > 0
          ? html`<ul>
              ${all.map(
                (bookmark) =>
                  html`<li>
                    <button class="nm el link" title="Go back to ${bookmark.name}" @click=${() => this.goTo(bookmark)}>
                      ${bookmark.name}
                    </button>
                    <button
                      class="btn ico"
                      aria-label="Remove ${bookmark.name}"
                      title="Remove"
                      @click=${() => bookmarks.remove(bookmark)}
                    >
                      ${icon('close', 's')}
                    </button>
                  </li>`,
              )}
            </ul>`
          : nothing
      }
      ${[...this.faults.value, ...bookmarks.faults.value].map((text) => html`<p class="small e" role="alert">${text}</p>`)}
    </section>`;
  }

  private keep(): void {
    const bookmark = bookmarkOf(this.desk);
    if (!bookmark) return;
    const { bookmarks, context } = this.desk;
    bookmarks.add([bookmark]);
    context.announce(`${bookmark.name} kept`);
  }

  private goTo(bookmark: Bookmark): void {
    batch(() => restore(this.desk, bookmark));
    this.desk.context.announce(bookmark.name);
  }

  private save(all: readonly Bookmark[]): void {
    saveBlob(new Blob([...bookmarkTexts(all)], { type: 'application/json' }), 'bookmarks.json');
  }

  private choose(): void {
    const input = Object.assign(document.createElement('input'), {
      type: 'file',
      accept: '.json,.txt,application/json',
    });
    input.addEventListener('change', () => {
      const [file] = input.files ?? [];
      if (file) void counted(this.read(file));
    });
    input.click();
  }

  private async read(file: File): Promise<void> {
    const open = this.desk.open.value;
    if (!open) return;
    const size = { points: open.points.points, dimensions: open.tensor.columns };
    const { bookmarks, faults } = await readBookmarks(await file.text(), size);
    batch(() => {
      this.desk.bookmarks.add(bookmarks);
      this.faults.value = faults.map((fault) => bookmarkFaultText(fault, size));
    });
  }
}

customElements.define('tp-bookmarks', BookmarkList);

/** The way in of links: opens what URLs name, says whom it asks, and why it could not. */
import { asWireError, Fault, type ErrorCode, type WireError } from '../faults/fault';
import { formatExact } from '../model/format';
import { linkedUrls, MAX_LINKED } from '../model/link';
import { errorMessage, type Message } from '../model/opening';
import { nameOf, type Opened } from '../sources/event_files';
import { isLabels } from '../sources/find_neighbours';
import { nameHost } from '../sources/hosts';
import { firstFetch } from '../sources/link_url';
import { decoded } from '../sources/listing';
import { openUrl } from '../sources/linked';
import type { Page } from './page';

/** A hidden tab draws no frames. */
const FRAME_MS = 100;
/** What another try would not change. */
const FINAL: ReadonlySet<ErrorCode> = new Set(['bad_url', 'bad_hub_place', 'too_many_urls', 'cancelled']);

/** Opens what the address of the page names. */
export function openAddress(page: Page): void {
  openLinks(page, linkedUrls(location.hash));
}

/**
 * Opens what each of some URLs names, beside what is open. Their hosts are on the page before any of them is asked, and
 * stay there. What cannot be opened is said, with a way to try it again; the others are opened.
 */
export function openLinks(page: Page, urls: readonly string[]): void {
  let told: Message | undefined;
  const failed: { url: string; error: WireError }[] = [];
  const tellFailures = (): void => {
    const [first] = failed;
    if (!first) return;
    const again = failed.filter(({ error }) => !FINAL.has(error.code)).map(({ url }) => url);
    const message = errorMessage({ ...first.error, file: first.error.file ?? first.url });
    const others = failed.length > 1 ? `; ${formatExact(failed.length - 1)} more of this link could not be opened` : '';
    const before = told;
    told = {
      ...message,
      text: message.text + others,
      ...(again.length > 0 ? { retry: () => openLinks(page, again) } : {}),
    };
    page.tell(told, before);
  };
  const find = async (url: string, named: Promise<void>): Promise<Opened | undefined> => {
    const stop = new AbortController();
    const done = page.seek(url, () => stop.abort());
    try {
      await named;
      return await openUrl(url, stop.signal);
    } catch (error) {
      if (stop.signal.aborted) return undefined;
      failed.push({ url, error: asWireError(error) });
      return undefined;
    } finally {
      done();
      tellFailures();
    }
  };
  if (urls.length > MAX_LINKED) {
    return page.tell(errorMessage({ code: 'too_many_urls' }));
  }
  for (const url of urls) {
    try {
      nameHost(firstFetch(url));
    } catch (error) {
      // It is told when it is its turn.
      if (!(error instanceof Fault)) throw error;
    }
  }
  const named = drawn();
  // All are looked for at once, but opened in the order of the link: so their runs get the same names each time. Labels have
  // none, and are of vectors that are open: those may be in an event file that is read to its end.
  let before: Promise<unknown> = Promise.resolve();
  let opened: Promise<unknown> = before;
  for (const url of [...urls.filter((one) => !isOfLabels(one)), ...urls.filter(isOfLabels)]) {
    const finding = find(url, named);
    const inTurn = (isOfLabels(url) ? opened : before).then(() => finding);
    opened = page.open(inTurn);
    before = inTurn;
  }
}

function isOfLabels(url: string): boolean {
  return isLabels(decoded(nameOf(url.replace(/[?#].*/, ''))));
}

/** Resolves when what is set now can be seen. */
function drawn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, FRAME_MS);
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
}

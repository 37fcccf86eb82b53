/**
 * What a link names, by its URLs (`model/link.ts`). What a URL is, is told by its answer, not by its name: a manifest, a
 * listing of a folder, or else a file, of which the reader tells what it is. `hf://` is a place on the Hugging Face Hub.
 */
import { PeekedStream } from '../engine/source_reader';
import { Fault } from '../faults/fault';
import { nameOf, nextSourceId, selectEventFiles, type Opened } from './event_files';
import { fetchUrl } from './fetch_url';
import { hubFileUrl, listHub, MAX_PAGE_BYTES, type HubPage, type HubPlace } from './hugging_face';
import { parseLinkUrl } from './link_url';
import { AT_ONCE, decoded, MAX_LISTING_BYTES, walkListing, type Page } from './listing';
import { isArchive, isLog } from './log_names.mjs';
import { MAX_MANIFEST_BYTES, openManifest } from './manifest';
import { chunks } from './read';
import { note, sizeOfUrl, type UrlRef } from './read_url';
import type { SourceRef } from './source_ref';

/** So many bytes tell what an answer is. */
const HEAD_BYTES = 1024;

/**
 * Finds what is at a URL.
 *
 * @throws Fault; DOMException AbortError
 */
export async function openUrl(url: string, signal: AbortSignal): Promise<Opened> {
  const parsed = parseLinkUrl(url);
  return parsed instanceof URL ? openWeb(parsed, signal) : openHub(parsed, signal);
}

async function openWeb({ href }: URL, signal: AbortSignal): Promise<Opened> {
  const answer = await look(href, signal);
  const { kind, url } = answer;
  if (kind === 'manifest') return openManifest(await answer.text(MAX_MANIFEST_BYTES), url);
  if (kind === 'page') {
    const name = nameOfUrl(url);
    const readPage = async (at: string): Promise<Page> => pageOf(await look(at, signal));
    const { refs, unreadable } = await walkListing(await pageOf(answer), name, readPage);
    return { ...(await selectEventFiles([name], await measured(refs, signal))), unreadable };
  }
  await answer.close();
  const name = nameOfUrl(href);
  const ref = { id: nextSourceId(), path: name, url: href };
  const { size } = answer;
  const [source] = size === undefined ? await measured([ref], signal, answer.isPacked) : [{ ...ref, size }];
  return selectEventFiles([name], [source as SourceRef]);
}

async function openHub(place: HubPlace, signal: AbortSignal): Promise<Opened> {
  if (isLog(nameOf(place.path))) return openWeb(new URL(hubFileUrl(place, place.path)), signal);
  const name = nameOf(place.path === '' ? place.repo : place.path);
  const readPage = async (url: string): Promise<HubPage> => {
    const answer = await look(url, signal);
    return { text: await answer.text(MAX_PAGE_BYTES), link: answer.link };
  };
  const opened = await selectEventFiles([name], await listHub(place, name, readPage));
  return { ...opened, name: place.path === '' ? place.repo : `${place.repo}/${place.path}` };
}

/** The last name in a URL's path, or else its host. */
function nameOfUrl(url: string): string {
  const { pathname, host } = new URL(url);
  const name = decoded(pathname.replace(/\/+$/, '').replace(/^.*\//, '')).replaceAll('/', ' ');
  return name === '' ? host : name;
}

/** An archive cannot be unpacked without its size. */
async function measured(refs: readonly SourceRef[], signal: AbortSignal, isPacked = false): Promise<SourceRef[]> {
  const all = [...refs];
  const wanted = all.flatMap((ref, i) => (ref.size === undefined && (isPacked || isArchive(ref.path)) ? [i] : []));
  const work = async (): Promise<void> => {
    for (let i = wanted.pop(); i !== undefined; i = wanted.pop()) {
      const ref = all[i] as SourceRef;
      const size = await sizeOfUrl(ref as UrlRef, signal).catch((error: unknown) => {
        // One that cannot be read now is found out when it is its turn.
        if (!(error instanceof Fault)) throw error;
        return undefined;
      });
      if (size !== undefined) all[i] = { ...ref, size };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return all;
}

/** An answer of which only the first bytes are known yet. */
interface Look {
  /** After redirects. */
  url: string;
  kind: 'manifest' | 'page' | 'file';
  isPacked: boolean;
  size?: number;
  link: string | null;
  /** All of it. @throws Fault `file_too_large` */
  text(limit: number): Promise<string>;
  close(): Promise<void>;
}

async function look(url: string, signal: AbortSignal): Promise<Look> {
  const answer = await fetchUrl(url, 0, undefined, signal);
  if (!answer) return { url, kind: 'file', isPacked: false, size: 0, link: null, text: () => Promise.resolve(''), close: () => Promise.resolve() }; // prettier-ignore
  note(url, answer);
  const body = new PeekedStream(chunks(answer.body));
  const head = await body.start(HEAD_BYTES);
  const { size } = answer.identity;
  return {
    url: answer.url,
    kind: kindOf(head, answer.type),
    isPacked: (head[0] === 0x50 && head[1] === 0x4b) || (head[0] === 0x1f && head[1] === 0x8b),
    ...(size === undefined ? {} : { size }),
    link: answer.link,
    async text(limit) {
      const pieces: Uint8Array<ArrayBuffer>[] = [];
      let length = 0;
      for await (const piece of body) {
        length += piece.length;
        if (length > limit) throw new Fault({ code: 'file_too_large', limit, file: url });
        pieces.push(piece as Uint8Array<ArrayBuffer>);
      }
      return new Blob(pieces).text();
    },
    close: () => body.close(),
  };
}

function kindOf(head: Uint8Array, type: string): Look['kind'] {
  // No text has such a byte, and every event file has.
  if (head.includes(0)) return 'file';
  const start = new TextDecoder().decode(head).trimStart();
  // The JSON of the public projector is a file as others, and so is a model as Keras writes it: {"class_name": …} or
  // {"module": …, "class_name": …}.
  if (/^\{\s*"embeddings"|^\{[^{}]*"class_name"\s*:/.test(start)) return 'file';
  if (/^[[{]/.test(start)) return 'manifest';
  return start.startsWith('<') && (/\bhtml\b/i.test(type) || /^<(!doctype\s+html|html|head)\b/i.test(start)) ? 'page' : 'file'; // prettier-ignore
}

async function pageOf(answer: Look): Promise<Page> {
  if (answer.kind !== 'page') {
    await answer.close();
    throw new Fault({ code: 'not_a_listing', file: answer.url });
  }
  return { url: answer.url, html: await answer.text(MAX_LISTING_BYTES) };
}

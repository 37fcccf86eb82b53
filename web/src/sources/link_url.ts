/** The URLs that a link may name: of http and https, and `hf://`, a place on the Hugging Face Hub. */
import { Fault } from '../faults/fault';
import { hubFileUrl, hubPlaceOfPage, parseHubPlace, type HubPlace } from './hugging_face';

const HUB_SCHEME = 'hf://';

/** A web address, or a place on the Hub. A relative one is beside the page. @throws Fault `bad_url`, `bad_hub_place` */
export function parseLinkUrl(url: string): URL | HubPlace {
  if (url.startsWith(HUB_SCHEME)) return parseHubPlace(url.slice(HUB_SCHEME.length));
  const base = (globalThis.location as Location | undefined)?.href;
  const parsed = URL.canParse(url, base) ? new URL(url, base) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw new Fault({ code: 'bad_url', file: url });
  return parsed;
}

/** What is fetched first for a URL that a link names: for a person to know its host before. @throws Fault */
export function firstFetch(url: string): string {
  const parsed = parseLinkUrl(url);
  return parsed instanceof URL ? parsed.href : hubFileUrl(parsed, parsed.path);
}

/** The host that is asked first for such a URL, as `hosts.ts` names it; undefined = it cannot be fetched. */
export function hostOf(url: string): string | undefined {
  try {
    return new URL(firstFetch(url)).host;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return undefined;
  }
}

/**
 * The URL that a person means by what they paste: without a scheme it is one of https, and the address of a page of the
 * Hub means what the page shows.
 *
 * @throws Fault `bad_url`, `bad_hub_place`
 */
export function urlFromText(text: string): string {
  const trimmed = text.trim();
  const hasScheme = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(trimmed);
  if (!hasScheme && !/^[^\s/]+\.|^localhost\b|^\[/.test(trimmed)) throw new Fault({ code: 'bad_url' });
  const url = hasScheme ? trimmed : `https://${trimmed}`;
  const parsed = parseLinkUrl(url);
  if (!(parsed instanceof URL)) return url;
  const place = hubPlaceOfPage(parsed.href);
  return place === undefined ? parsed.href : HUB_SCHEME + place;
}

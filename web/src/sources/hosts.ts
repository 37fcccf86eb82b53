import { signal } from '@preact/signals-core';

/** A host of another origin that the page asks for bytes. */
export interface Host {
  /** With its port, as in a URL; a name that is not ASCII is in Punycode, which nothing else looks like. */
  name: string;
  /** The host that sent on to it. */
  sentBy?: string;
}

/** All that were asked, in order: the page says who they are before and while it fetches. */
// Workers import what imports this, and no more of it than they use.
export const hosts = /* @__PURE__ */ signal<readonly Host[]>([]);

/** To be called before a URL is fetched; and after it was, when the answer came from elsewhere. */
export function nameHost(url: string, askedUrl = url): void {
  const { host: name, origin } = new URL(url);
  if (origin === (globalThis.location as Location | undefined)?.origin) return;
  if (hosts.peek().some((host) => host.name === name)) return;
  const sentBy = new URL(askedUrl).host;
  hosts.value = [...hosts.peek(), sentBy === name ? { name } : { name, sentBy }];
}

import { asWireError, Fault } from '../engine/fault';
import { nextSourceId, selectEventFiles, type Opened } from './event_files';
import type { Neighbour } from './find_neighbours';
import { isNeighbourKind } from './neighbours.mjs';
import type { SourceRef } from './source_ref';

/** What `web/server` says of the folders that it was given. */
interface Manifest {
  version: number;
  /** Of the folders, for a person. */
  name: string;
  files: {
    /** Below the log directory, '/' between names. */
    path: string;
    /** Relative to the manifest's own. */
    url: string;
    size: number;
  }[];
  /** Known files beside the event files; those without `url` are not given out. */
  beside?: { path: string; url?: string; size: number; kind: string; isPart?: boolean }[];
}

/**
 * The logs that are served beside the page, if a `<meta name="tensorpane-logs">` says where. Without it nothing is
 * asked of the host.
 *
 * @throws Fault when the manifest cannot be fetched or understood.
 */
export async function readManifest(page: Document): Promise<Opened | undefined> {
  const place = page.querySelector<HTMLMetaElement>('meta[name="tensorpane-logs"]')?.content;
  if (place === undefined) return undefined;
  const url = new URL(place, page.baseURI).href;
  const response = await fetch(url).catch((error: unknown) => {
    throw new Fault({ code: 'no_manifest', file: url, detail: String(error) });
  });
  if (!response.ok) throw new Fault({ code: 'no_manifest', file: url, detail: `HTTP ${response.status}` });
  try {
    return await openManifest((await response.json()) as Manifest, url);
  } catch (error) {
    throw new Fault({ ...asWireError(error), file: url });
  }
}

/** @param base URL of the manifest. */
export async function openManifest({ version, name, files, beside = [] }: Manifest, base: string): Promise<Opened> {
  if (version !== 1) throw new Error(`got a manifest of version ${version}, want 1`);
  const root = name.replaceAll('/', ' ');
  const refs = files.map(({ path, url, size }): SourceRef => {
    return { id: nextSourceId(), path: `${root}/${path}`, size, url: new URL(url, base).href };
  });
  const neighbours = beside.flatMap(({ path, url, size, kind, isPart }): Neighbour[] => {
    if (!isNeighbourKind(kind)) return [];
    const source =
      url === undefined ? {} : { source: { id: nextSourceId(), path, size, url: new URL(url, base).href } };
    return [{ path, kind, size, ...(isPart ? { isPart } : {}), ...source }];
  });
  return { ...(await selectEventFiles([root], refs)), beside: neighbours, name };
}

import { nextSourceId, selectEventFiles, type Opened } from './event_files';

/**
 * What a link names, by its URL: an event file or an archive.
 *
 * @throws Fault
 */
export async function openUrl(url: string): Promise<Opened> {
  const { href, pathname } = new URL(url, location.href);
  const name = decodeURIComponent(pathname.slice(pathname.lastIndexOf('/') + 1));
  return selectEventFiles([name], [{ id: nextSourceId(), path: name, url: href }]);
}

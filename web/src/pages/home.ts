/**
 * The page at `/`: opens what is dropped or picked, and the logs that a local server has beside it. It can fetch from no
 * other host: links are for the page at `/open/`, and it leads there.
 */
import { linkedUrls, sourcesOf, withSources } from '../model/link';
import { readManifest } from '../sources/manifest';
import { takeDrops } from './drops';
import { startPage } from './page';

const placeOf = (hash: string): string => `open/${location.search}${hash}`;

if (linkedUrls(location.hash).length > 0) {
  location.replace(placeOf(location.hash));
} else {
  const page = startPage({
    mayFetch: false,
    follow: (hash) => location.replace(placeOf(hash)),
    openUrl: (url) => location.assign(placeOf(`#${withSources('', sourcesOf([url]))}`)),
  });
  takeDrops(page);
  void page.open(readManifest(document));
}

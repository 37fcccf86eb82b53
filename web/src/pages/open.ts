/** The page at `/open/`: opens what its link names, from any host, and what is dropped on it. Its policy lets it fetch. */
import { linkedUrls, sourcesOf, withSources } from '../model/link';
import { takeDrops } from './drops';
import { openAddress, openLinks } from './links';
import { startPage } from './page';

const page = startPage({
  mayFetch: true,
  follow: () => location.reload(),
  openUrl(url) {
    const sources = sourcesOf([url]);
    // Once more the same; another one comes back as a link that was pasted into the address.
    if (sources === sourcesOf(linkedUrls(location.hash))) openLinks(page, [url]);
    else location.hash = withSources('', sources);
  },
});
takeDrops(page);
openAddress(page);

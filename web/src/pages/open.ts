/** The page at `/open/`: opens what its link names, from any host, and what is dropped on it. Its policy lets it fetch. */
import { sourcesOf, withSources } from '../model/link';
import { takeDrops } from './drops';
import { openAddress } from './links';
import { startPage } from './page';

const page = startPage({
  mayFetch: true,
  follow: () => location.reload(),
  // It comes back as a link that was pasted into the address.
  openUrl: (url) => void (location.hash = withSources('', sourcesOf([url]))),
});
takeDrops(page);
openAddress(page);

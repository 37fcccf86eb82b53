/** The page at `/open/`: opens what its link names, from any host, and what is dropped on it. Its policy lets it fetch. */
import { linkedUrls } from '../model/link';
import { openUrl } from '../sources/linked';
import { takeDrops } from './drops';
import { startPage } from './page';

const page = startPage();
takeDrops(page);
for (const url of linkedUrls(location.hash)) page.open(openUrl(url));

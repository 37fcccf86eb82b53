/** The page at `/embed/`: views inside of other pages. It takes no drop. */
import { linkedUrls } from '../model/link';
import { openUrl } from '../sources/linked';
import { startPage } from './page';

const page = startPage();
for (const url of linkedUrls(location.hash)) page.open(openUrl(url));

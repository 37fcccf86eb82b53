/** The page at `/`: opens what is dropped or picked, and the logs that a local server has beside it. */
import { readManifest } from '../sources/manifest';
import { takeDrops } from './drops';
import { startPage } from './page';

const page = startPage();
takeDrops(page);
page.open(readManifest(document));

/** The page at `/embed/`: views inside of other pages. It takes no drop. */
import { openAddress } from './links';
import { startPage } from './page';

openAddress(startPage({ mayFetch: true, follow: () => location.reload() }));

/** The page at `/embed/`: views inside of other pages. It takes no drop, and has none of the app around a view. */
import { startEmbed } from '../embed/embed';

startEmbed();

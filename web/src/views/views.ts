import { VIEW_IDS } from '../model/views';
import { graphs } from './graphs';
import { histograms } from './histograms';
import { images } from './images';
import { listed } from './listed';
import { media } from './media';
import { projector } from './projector';
import { scalars } from './scalars';
import { tensors } from './tensors';
import { text } from './text';
import type { ViewDef } from './view_def';

const BUILT = new Map(
  [scalars, histograms, images, media, text, graphs, projector, tensors].map((view) => [view.id, view]),
);

/** Every view, in the order of the tabs. */
export const VIEWS: readonly ViewDef[] = VIEW_IDS.map((id) => BUILT.get(id) ?? listed(id));

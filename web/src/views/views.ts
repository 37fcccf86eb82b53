import { VIEW_IDS } from '../model/views';
import { listed } from './listed';
import { scalars } from './scalars';
import type { ViewDef } from './view_def';

/** Every view, in the order of the tabs. */
export const VIEWS: readonly ViewDef[] = VIEW_IDS.map((id) => (id === 'scalars' ? scalars : listed(id)));

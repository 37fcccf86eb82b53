import { isOfView } from '../../model/views';
import type { ViewDef } from '../view_def';

export const scalars: ViewDef = {
  id: 'scalars',
  title: 'Scalars',
  accepts: (plugin) => isOfView('scalars', plugin),
  async load() {
    const { ScalarsView } = await import('./scalars_view');
    return (context) => Object.assign(new ScalarsView(), { context });
  },
};

import { isOfView, viewTitle } from '../../model/views';
import type { ViewDef } from '../view_def';

export const projector: ViewDef = {
  id: 'projector',
  title: viewTitle('projector'),
  accepts: (plugin) => isOfView('projector', plugin),
  async load() {
    const { ProjectorView } = await import('./projector_view');
    return (context) => Object.assign(new ProjectorView(), { context });
  },
};

import { addFields } from '../../model/url_state';
import { isOfView, viewTitle } from '../../model/views';
import type { ViewDef } from '../view_def';

export const projector: ViewDef = {
  id: 'projector',
  title: viewTitle('projector'),
  accepts: (plugin) => isOfView('projector', plugin),
  async load() {
    const [{ ProjectorView }, { PROJECTOR_FIELDS }] = await Promise.all([
      import('./projector_view'),
      import('../../model/projector_fields'),
    ]);
    addFields(PROJECTOR_FIELDS);
    return (context) => Object.assign(new ProjectorView(), { context });
  },
};

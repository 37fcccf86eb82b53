import { addFields } from '../../model/url_state';
import { isOfView, viewTitle } from '../../model/views';
import type { ViewDef } from '../view_def';

export const media: ViewDef = {
  id: 'audio',
  title: viewTitle('audio'),
  accepts: (plugin) => isOfView('audio', plugin),
  async load() {
    const [{ MediaView }, { MEDIA_FIELDS }] = await Promise.all([
      import('./media_view'),
      import('../../model/media_fields'),
    ]);
    addFields(MEDIA_FIELDS);
    return (context) => Object.assign(new MediaView(), { context });
  },
};

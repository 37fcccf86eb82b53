import { addFields } from '../../model/url_state';
import { isOfView, viewTitle } from '../../model/views';
import type { ViewDef } from '../view_def';

export const images: ViewDef = {
  id: 'images',
  title: viewTitle('images'),
  accepts: (plugin) => isOfView('images', plugin),
  async load() {
    const [{ ImagesView }, { IMAGE_FIELDS }] = await Promise.all([
      import('./images_view'),
      import('../../model/image_fields'),
    ]);
    addFields(IMAGE_FIELDS);
    return (context) => Object.assign(new ImagesView(), { context });
  },
};

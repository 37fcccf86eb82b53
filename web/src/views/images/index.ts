import { isOfView, viewTitle } from '../../model/views';
import type { ViewDef } from '../view_def';

export const images: ViewDef = {
  id: 'images',
  title: viewTitle('images'),
  accepts: (plugin) => isOfView('images', plugin),
  async load() {
    const { ImagesView } = await import('./images_view');
    return (context) => Object.assign(new ImagesView(), { context });
  },
};

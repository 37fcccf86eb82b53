import { isOfView, viewTitle } from '../../model/views';
import type { ViewDef } from '../view_def';

export const media: ViewDef = {
  id: 'audio',
  title: viewTitle('audio'),
  accepts: (plugin) => isOfView('audio', plugin),
  async load() {
    const { MediaView } = await import('./media_view');
    return (context) => Object.assign(new MediaView(), { context });
  },
};

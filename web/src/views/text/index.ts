import { isOfView, viewTitle } from '../../model/views';
import type { ViewDef } from '../view_def';

export const text: ViewDef = {
  id: 'text',
  title: viewTitle('text'),
  accepts: (plugin) => isOfView('text', plugin),
  async load() {
    const { TextView } = await import('./text_view');
    return (context) => Object.assign(new TextView(), { context });
  },
};

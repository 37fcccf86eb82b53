import { isOfView, viewTitle } from '../../model/views';
import type { ViewDef } from '../view_def';

export const tensors: ViewDef = {
  id: 'tensors',
  title: viewTitle('tensors'),
  accepts: (plugin) => isOfView('tensors', plugin),
  async load() {
    const { TensorsView } = await import('./tensors_view');
    return (context) => Object.assign(new TensorsView(), { context });
  },
};

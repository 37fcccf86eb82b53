import { isOfView, viewTitle } from '../../model/views';
import type { ViewDef } from '../view_def';

export const histograms: ViewDef = {
  id: 'histograms',
  title: viewTitle('histograms'),
  accepts: (plugin) => isOfView('histograms', plugin),
  async load() {
    const { HistogramsView } = await import('./histograms_view');
    return (context) => Object.assign(new HistogramsView(), { context });
  },
};

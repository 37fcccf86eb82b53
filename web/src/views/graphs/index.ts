import { isOfView, viewTitle } from '../../model/views';
import type { ViewDef } from '../view_def';

export const graphs: ViewDef = {
  id: 'graphs',
  title: viewTitle('graphs'),
  accepts: (plugin) => isOfView('graphs', plugin),
  async load() {
    const { GraphsView } = await import('./graphs_view');
    return (context) => Object.assign(new GraphsView(), { context });
  },
};

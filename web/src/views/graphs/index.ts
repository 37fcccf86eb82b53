import { addFields } from '../../model/url_state';
import { isOfView, viewTitle } from '../../model/views';
import type { ViewDef } from '../view_def';

export const graphs: ViewDef = {
  id: 'graphs',
  title: viewTitle('graphs'),
  accepts: (plugin) => isOfView('graphs', plugin),
  async load() {
    const [{ GraphsView }, { GRAPH_FIELDS }] = await Promise.all([
      import('./graphs_view'),
      import('../../model/graph_fields'),
    ]);
    addFields(GRAPH_FIELDS);
    return (context) => Object.assign(new GraphsView(), { context });
  },
};

import { addFields } from '../../model/url_state';
import { isOfView, viewTitle } from '../../model/views';
import type { ViewDef } from '../view_def';

export const histograms: ViewDef = {
  id: 'histograms',
  title: viewTitle('histograms'),
  accepts: (plugin) => isOfView('histograms', plugin),
  async load() {
    const [{ HistogramsView }, { HISTOGRAM_FIELDS }] = await Promise.all([
      import('./histograms_view'),
      import('../../model/histogram_fields'),
    ]);
    addFields(HISTOGRAM_FIELDS);
    return (context) => Object.assign(new HistogramsView(), { context });
  },
};

import { addFields } from '../../model/url_state';
import { isOfView, viewTitle } from '../../model/views';
import type { ViewDef } from '../view_def';

export const text: ViewDef = {
  id: 'text',
  title: viewTitle('text'),
  accepts: (plugin) => isOfView('text', plugin),
  async load() {
    const [{ TextView }, { TEXT_FIELDS }] = await Promise.all([
      import('./text_view'),
      import('../../model/text_fields'),
    ]);
    addFields(TEXT_FIELDS);
    return (context) => Object.assign(new TextView(), { context });
  },
};

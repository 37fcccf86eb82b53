import { isOfView, viewTitle } from '../../model/views';
import type { ViewDef } from '../view_def';

/** The view of a kind of data that has no view of its own yet. */
export function listed(id: string): ViewDef {
  return {
    id,
    title: viewTitle(id),
    accepts: (plugin) => isOfView(id, plugin),
    async load() {
      const { ListedView } = await import('./listed_view');
      return (context) => Object.assign(new ListedView(), { context, kind: id });
    },
  };
}

/** Which graphs there are, and which of them a place means. Pure. */
import { GRAPH_FORMS, type GraphForm, type GraphPlace } from '../../model/state';

/** A series of graphs. */
export interface GraphSeries {
  run: string;
  tag: string;
  plugin: string;
  series: number;
}

/** The graphs of a run, by form, in the order of the forms. */
export interface RunGraphs {
  run: string;
  forms: ReadonlyMap<GraphForm, readonly { tag: string; series: number }[]>;
}

/** What is drawn: a series, of which the step is still to be found, or a file. */
export type Chosen =
  { kind: 'series'; run: string; form: GraphForm; tag: string; series: number } | { kind: 'file'; name: string };

export const FORM_TITLES: Record<GraphForm, string> = { ops: 'Operations', model: 'Model', profile: 'Profile' };

/** Plugins by what they write: TensorBoard's, of which the last three are profiles of steps. */
export function formOf(plugin: string): GraphForm {
  if (plugin === 'graphs') return 'ops';
  return plugin === 'graph_keras_model' ? 'model' : 'profile';
}

/** In the order of the runs. */
export function graphsOf(all: Iterable<GraphSeries>): RunGraphs[] {
  const runs = new Map<string, Map<GraphForm, { tag: string; series: number }[]>>();
  for (const { run, tag, plugin, series } of all) {
    const forms = runs.get(run) ?? new Map<GraphForm, { tag: string; series: number }[]>();
    const form = formOf(plugin);
    forms.set(form, [...(forms.get(form) ?? []), { tag, series }]);
    runs.set(run, forms);
  }
  return [...runs].map(([run, forms]) => ({
    run,
    forms: new Map(GRAPH_FORMS.flatMap((form) => (forms.has(form) ? [[form, forms.get(form) ?? []]] : []))),
  }));
}

/** What a place means here: where it names what there is not, the first that there is. */
export function chosenOf(
  graphs: readonly RunGraphs[],
  files: readonly string[],
  place: GraphPlace,
): Chosen | undefined {
  const file = place.form === 'file' ? (files.find((name) => name === place.run) ?? files[0]) : undefined;
  if (file !== undefined) return { kind: 'file', name: file };
  const run = graphs.find((one) => one.run === place.run) ?? graphs[0];
  if (!run) return files[0] === undefined ? undefined : { kind: 'file', name: files[0] };
  const [first] = run.forms.keys();
  const form = place.form !== '' && place.form !== 'file' && run.forms.has(place.form) ? place.form : first;
  const tags = (form && run.forms.get(form)) ?? [];
  const tag = tags.find((one) => one.tag === place.tag) ?? tags[0];
  return form && tag && { kind: 'series', run: run.run, form, ...tag };
}

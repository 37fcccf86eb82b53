/** Which graphs there are, and which of them a place means. Pure. */
import type { GraphFacts } from '../../engine/graphs/graphs';
import type { SeriesPoints } from '../../engine/values/values';
import { FIRST_GRAPH, GRAPH_FORMS, type GraphForm, type GraphPlace } from '../../model/state';
import { compareTags } from '../../model/tag_order';
import { momentTitle } from './graph_text';

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

/** What is drawn: a series, of which the point is still to be found, or a file. */
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

/** Files by name; "(2)/x.pb", another one of that name, comes behind "x.pb". */
export function inFileOrder(files: readonly string[]): string[] {
  const name = (file: string): string => file.replace(/^\(\d+\)\//, '');
  return [...files].sort((a, b) => compareTags(name(a), name(b)) || a.length - b.length || compareTags(a, b));
}

/** One of the graphs of a series. */
export interface Moment {
  step: bigint;
  /** Seconds since 1970. */
  time: number;
  /** It is not the last one of its step: only its time tells it from that. */
  isEarlier: boolean;
  /** Which point of its series it is. */
  at: number;
}

/** The graphs of a series that a place can name, in order; of those that were written at one time of one step, the last one. */
export function momentsOf({ steps, wallTimes }: Pick<SeriesPoints, 'steps' | 'wallTimes'>): Moment[] {
  const moments: Moment[] = [];
  const seen = new Set<string>();
  for (let at = steps.length - 1; at >= 0; at--) {
    const [step, time] = [steps[at] as bigint, wallTimes[at] as number];
    const isEarlier = steps[at + 1] === step;
    if (seen.has(`${step} ${time}`) || (isEarlier && Number.isNaN(time))) continue;
    seen.add(`${step} ${time}`);
    moments.push({ step, time, isEarlier, at });
  }
  return moments.reverse();
}

type When = Pick<GraphPlace, 'step' | 'time'>;

/** Index of the one that a place means: the last one up to its step, or the last of all; a graph before its first step is still the first. */
export function momentAt(moments: readonly Moment[], { step, time }: When): number {
  const last = step === undefined ? moments.length - 1 : moments.findLastIndex((one) => one.step <= step);
  const at = moments.findIndex((one) => one.step === moments[last]?.step && one.time === time);
  return at === -1 ? Math.max(0, last) : at;
}

/** How one is named; the last one is not, so that it stays the last when later ones come. */
export function whenOf(moments: readonly Moment[], i: number): When {
  const moment = moments[i];
  if (!moment || i === moments.length - 1) return { step: undefined, time: undefined };
  return { step: moment.step, time: moment.isEarlier ? moment.time : undefined };
}

/** A graph that another one can be compared with. */
export interface Candidate {
  place: GraphPlace & { form: GraphForm };
  /** Its run has others of that form. */
  hasTags: boolean;
  /** What tells it from others of its series; undefined = it is the last of them. */
  moment: string | undefined;
}

/**
 * What can be compared with what is drawn: other series, and other graphs of the same, as far as these are known. Layers
 * are compared with layers only. A profile is drawn in the graph of its run: that one is named, not the profile.
 */
export function candidatesFor(
  graphs: readonly RunGraphs[],
  own: { chosen: Chosen | undefined; form: GraphFacts['form'] | undefined; when: When },
  momentsAt: (series: number) => readonly Moment[],
): Candidate[] {
  const { chosen } = own;
  const opsOf = (run: string) => graphs.find((one) => one.run === run)?.forms.get('ops')?.[0]?.series;
  const drawn = chosen?.kind !== 'series' ? -1 : chosen.form === 'profile' ? (opsOf(chosen.run) ?? chosen.series) : chosen.series; // prettier-ignore
  return graphs.flatMap(({ run, forms }) =>
    [...forms].flatMap(([form, tags]) => {
      if (own.form && (form === 'model') !== (own.form === 'layers')) return [];
      if (form === 'profile' && forms.has('ops')) return [];
      return tags.flatMap(({ tag, series }): Candidate[] => {
        const place = { ...FIRST_GRAPH, run, form, tag };
        const hasTags = tags.length > 1;
        if (series !== drawn) return [{ place, hasTags, moment: undefined }];
        const moments = momentsAt(series);
        const shown = momentAt(moments, own.when);
        return moments.flatMap((moment, i) => {
          const { step, time, isEarlier } = moment;
          const when = { step, time: isEarlier ? time : undefined };
          return i === shown ? [] : [{ place: { ...place, ...when }, hasTags, moment: momentTitle(moment, moments) }];
        });
      });
    }),
  );
}

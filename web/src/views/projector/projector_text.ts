/** The words of the projector. Pure. */
import type { MetadataColumn } from '../../engine/embeddings/embeddings';
import type { WireError } from '../../faults/fault';
import type {
  Metric,
  ProjectionMethod,
  ProjectionNote,
  ProjectionProgress,
} from '../../engine/projections/projections';
import { errorText } from '../../model/errors';
import { formatExact, formatValue, plural } from '../../model/format';
import type { Running } from './projecting';
import type { Trust } from './trust';

export const METRIC_TITLES: Record<Metric, string> = { cosine: 'Cosine', euclidean: 'Euclidean', dot: 'Dot product' };

export const METHOD_TITLES: Record<ProjectionMethod, string> = {
  pca: 'PCA',
  tsne: 't-SNE',
  umap: 'UMAP',
  axes: 'Axes',
};

/** What is said of a picture of before. @param awaited what has made none yet */
export function pictureBeforeText(of: ProjectionMethod, awaited: ProjectionMethod): string {
  const whose = of === awaited ? 'The picture before' : `${METHOD_TITLES[of]}’s picture`;
  return `${whose}, until ${METHOD_TITLES[awaited]} has made one`;
}

/** Where a projection stands: "epoch 312 of 500 · 46/s". @param rate steps a second; 0 = not known */
export function progressText(progress: ProjectionProgress, running: Running, rate: number): string {
  const { method, stage, step, of, kl, recall } = progress;
  if (method === 'pca' || method === 'axes') return running === 'off' ? '' : 'Working';
  const name = method === 'umap' ? 'epoch' : 'step';
  if (running === 'off' && stage !== 'done')
    return stage === 'layout' ? `Ended at ${name} ${formatExact(step)} of ${formatExact(of)}` : `Ended before its first ${name}`; // prettier-ignore
  if (stage === 'neighbours') return `Finding neighbours ${share(step, of)}`;
  if (stage === 'start') return `Preparing ${share(step, of)}`;
  const speed = running === 'running' && rate > 0 ? ` · ${formatValue(rate, 2)}/s` : '';
  const divergence = kl === null ? '' : ` · KL ${formatValue(kl, 3)}`;
  const found = recall === null || recall > 0.9995 ? '' : ` · ${formatValue(100 * recall, 3)} % of neighbours found`;
  return `${name} ${formatExact(step)} of ${formatExact(of)}${speed}${running === 'off' ? divergence + found : divergence}`;
}

function share(step: number, of: number): string {
  return of > 0 ? `${Math.floor((100 * step) / of)} %` : '';
}

/** '' = it is not worth a line here. */
export function noteText({ kind, value }: ProjectionNote): string {
  switch (kind) {
    case 'perplexity_lowered':
      return `The perplexity is ${formatValue(value)}: there are too few points for more`;
    case 'neighbours_lowered':
      return `Neighbours are ${formatExact(value)}: there are no more points`;
    case 'disconnected':
      return `The points fall into ${formatExact(value)} parts that nothing joins: how these lie to each other means little`;
    case 'too_many_for_spectral':
      return 'Begun from PCA, since there are many points';
    case 'constant':
      return 'All points are the same: the picture means nothing';
    case 'axis_without_direction':
      return 'An axis has no direction: both of its ends are the same';
    case 'randomised':
      return 'Components are found by a randomised method, since points and dimensions are many';
  }
}

/** Why what is known of points is not there; it can be read again. */
export function lostText(fault: WireError): string {
  if (fault.code !== 'wasm_abort') return `What is known of the points could not be told: ${errorText(fault)}`;
  return 'What is known of the points is lost: the memory for it was not enough, or its reader broke';
}

/** What a column of metadata is called; the first one without a name holds labels. */
export function columnTitle({ name }: Pick<MetadataColumn, 'name'>, at: number): string {
  return name || (at === 0 ? 'label' : `column ${at + 1}`);
}

/** A share as a person reads it: more than nothing is never "0 %", and no more digits than say something. */
export function percent(share: number): string {
  const value = 100 * share;
  return value > 0 && value < 0.1 ? '< 0.1 %' : `${formatValue(value, 3)} %`;
}

/** "76 % of 12 nearest neighbours are near here, too". */
export function trustText({ whole, selected }: Trust): string {
  const rounded = (value: number): string => `${Math.round(100 * value)} %`;
  const own = selected ? `; of those of the selection, ${rounded(selected.share)}` : '';
  return `${rounded(whole.share)} of the ${plural(whole.k, 'nearest neighbour')} are among the nearest in the picture${own}`;
}

/** What is said where there would be only one dot. */
export function onePlaceText(method: ProjectionMethod): string {
  return `All points fall on one place${method === 'axes' ? ': along these axes they do not differ' : ''}`;
}

/** How many points are selected. @param shown of them */
export function selectionText(selected: number, shown: number): string {
  const hidden = shown === selected ? '' : `, ${formatExact(selected - shown)} hidden`;
  return `${plural(selected, 'point')} selected${hidden}`;
}

/** How many points a search found. @param shown of those that were found */
export function matchesText(found: number, shown: number): string {
  if (found === 0) return 'No point matches';
  const hidden = shown === found ? '' : `, ${shown === 0 ? 'none' : formatExact(shown)} shown`;
  return `${plural(found, 'point')} ${found === 1 ? 'matches' : 'match'}${hidden}`;
}

/** So many columns are named. */
const NAMED = 8;

/** Behind "No point matches": why, where a query would name a column that there is not. */
export function noColumnText(name: string, columns: readonly MetadataColumn[]): string {
  const names = columns.slice(0, NAMED).map((column, i) => columnTitle(column, i));
  return `. No column “${name}”: there ${columns.length === 1 ? 'is' : 'are'} ${names.join(', ')}${columns.length > NAMED ? ' …' : ''}`;
}

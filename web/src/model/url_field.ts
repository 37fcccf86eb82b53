/** How settings are written in a link, and read: what the fields of all views are made of. */
import { createState, type State } from './state';

/** How one setting is written: undefined = as by default. `read` may throw or answer nonsense: it is checked. */
export interface Field {
  write(state: State): string | undefined;
  read(state: State, text: string): void;
}

/** What is not written, since it is so by itself. */
export const DEFAULTS = createState();

type TextKey =
  | 'view'
  | 'runFilter'
  | 'tagFilter'
  | 'textSearch'
  | 'textAgainstRun'
  | 'graphNode'
  | 'graphPathTo'
  | 'graphSearch'
  | 'pointLabel'
  | 'pointSearch';

export function text(key: TextKey): Field {
  return {
    write: (state) => (state[key].value === '' ? undefined : state[key].value),
    read: (state, written) => void (state[key].value = written),
  };
}

export function step(key: 'step' | 'histogramBase' | 'textAgainst'): Field {
  return {
    write: (state) => state[key].value?.toString(),
    read(state, written) {
      const at = stepOf(written);
      if (at !== undefined) state[key].value = at;
    },
  };
}

/** A step has 64 bits. */
export function stepOf(written: string): bigint | undefined {
  return /^-?\d{1,19}$/.test(written) ? BigInt.asIntN(64, BigInt(written)) : undefined;
}

type FlagKey =
  | 'panelHidden'
  | 'fold'
  | 'clipOutliers'
  | 'matrixNumbers'
  | 'sameRange'
  | 'smoothImages'
  | 'normalise'
  | 'loopSounds'
  | 'playInSync'
  | 'textList'
  | 'textWrap'
  | 'projectionIs3d'
  | 'otherClassesHidden'
  | 'clusterNames'
  | 'density'
  | 'sequences'
  | 'lasso'
  | 'pointTable';

/** What is on or off. @param otherwise what is written where it is not as by default */
export function flag(key: FlagKey, otherwise: string): Field {
  return {
    write: ({ [key]: { value } }) => (value === DEFAULTS[key].value ? undefined : otherwise),
    read: (state, written) => void (state[key].value = (written === otherwise) !== DEFAULTS[key].value),
  };
}

type NumberKey = 'neighbourCount' | 'pointSize' | 'pointOpacity' | 'soundRange' | 'imageGain';

export function number(key: NumberKey, least: number, most: number): Field {
  return {
    write: ({ [key]: { value } }) => (value === DEFAULTS[key].value ? undefined : String(value)),
    read(state, written) {
      const value = written === '' ? NaN : Number(written);
      if (value >= least && value <= most) state[key].value = value;
    },
  };
}

type ChoiceKey =
  | 'x'
  | 'y'
  | 'purge'
  | 'theme'
  | 'histogramMode'
  | 'histogramBins'
  | 'histogramMeasure'
  | 'histogramScale'
  | 'soundPicture'
  | 'frequencyScale'
  | 'textFormat'
  | 'textComparison'
  | 'imageRows'
  | 'imageColumns'
  | 'imageFit'
  | 'imageComparison'
  | 'graphColour'
  | 'graphTrace'
  | 'projection'
  | 'preparation'
  | 'colourScale'
  | 'pointMetric'
  | 'pointForm'
  | 'pointDrag';

export function choice<K extends ChoiceKey>(key: K, choices: readonly State[K]['value'][]): Field {
  return {
    write: (state) => (state[key].value === DEFAULTS[key].value ? undefined : state[key].value),
    read(state, written) {
      const chosen = choices.find((one) => one === written);
      if (chosen !== undefined) state[key].value = chosen;
    },
  };
}

/** Any names in one text: commas between them, those inside escaped. */
export function names(list: readonly string[]): string {
  return list.map((name) => name.replace(/[\\,]/g, '\\$&')).join(',');
}

export function namesOf(written: string): string[] {
  const list = [''];
  let from = 0;
  const take = (to: number): void => void (list[list.length - 1] += written.slice(from, to));
  for (const { index, 0: sign } of written.matchAll(/[\\,]/g)) {
    // It is escaped.
    if (index < from) continue;
    take(index);
    from = index + 1;
    if (sign === ',') {
      list.push('');
    } else {
      // What stands behind is as it is.
      const end = Math.min(written.length, from + 1);
      take(end);
      from = end;
    }
  }
  take(written.length);
  return list;
}

export function* pairs(list: readonly string[]): Generator<[string, string]> {
  for (let i = 0; i + 1 < list.length; i += 2) yield [list[i] as string, list[i + 1] as string];
}

/** from:to:from:to; NaN, fitted to the data, is empty. */
export function ranges(...axes: readonly (readonly number[])[]): string {
  return axes
    .flat()
    .map((end) => (Number.isNaN(end) ? '' : String(end)))
    .join(':');
}

/** What a link says of images: loaded with their view, or with a link that says some of it. */
import {
  IMAGE_AXES,
  IMAGE_CHANNELS,
  IMAGE_COMPARISONS,
  IMAGE_FITS,
  IMAGE_HEIGHTS,
  MAX_GAIN,
  type ImageLook,
} from './state';
import { choice, DEFAULTS, flag, names, namesOf, number, pairs, stepOf, type Field } from './url_field';

export const IMAGE_FIELDS: Readonly<Record<string, Field>> = {
  rows: choice('imageRows', IMAGE_AXES),
  columns: choice('imageColumns', IMAGE_AXES),
  fit: choice('imageFit', IMAGE_FITS),
  imageheight: {
    write: ({ imageHeight: { value } }) => (value === DEFAULTS.imageHeight.value ? undefined : String(value)),
    read(state, written) {
      const height = Number(written);
      if (height >= IMAGE_HEIGHTS[0] && height <= IMAGE_HEIGHTS[1]) state.imageHeight.value = Math.round(height);
    },
  },
  smooth: flag('smoothImages', '1'),
  looks: {
    write: ({ imageLooks: { value } }) =>
      value.size === 0 ? undefined : names([...value].flatMap(([group, look]) => [group, writtenLook(look)])),
    read(state, written) {
      const looks = new Map<string, ImageLook>();
      for (const [group, text] of pairs(namesOf(written))) {
        const look = lookOf(text);
        if (look) looks.set(group, look);
      }
      state.imageLooks.value = looks;
    },
  },
  a: place('imageA'),
  b: place('imageB'),
  compared: choice('imageComparison', IMAGE_COMPARISONS),
  target: place('imageTarget'),
  sample: {
    write: ({ imageSample: { value } }) => (value === 0 ? undefined : String(value)),
    read(state, written) {
      if (isSample(written)) state.imageSample.value = Number(written);
    },
  },
  gain: number('imageGain', 1, MAX_GAIN),
};

/** A place is tag, run, sample and, if it has one of its own, step. */
function place(key: 'imageA' | 'imageB' | 'imageTarget'): Field {
  return {
    write(state) {
      const { value } = state[key];
      return value && names([value.tag, value.run, String(value.sample), value.step?.toString() ?? '']);
    },
    read(state, written) {
      const [tag, run, sample = '', step = ''] = namesOf(written);
      if (tag === undefined || run === undefined || !isSample(sample)) return;
      state[key].value = { tag, run, sample: Number(sample), step: stepOf(step) };
    },
  };
}

/** Whether it is the number of a sample, as far as they are told. */
function isSample(written: string): boolean {
  return /^\d{1,4}$/.test(written);
}

function writtenLook({ brightness, contrast, channel, falseColour }: ImageLook): string {
  return [brightness, contrast, channel, falseColour ? 1 : 0].join(':');
}

function lookOf(written: string): ImageLook | undefined {
  const [bright, contrasting, named, coloured] = written.split(':');
  const [brightness, contrast] = [Number(bright), Number(contrasting)];
  const channel = IMAGE_CHANNELS.find((one) => one === named);
  if (!(brightness >= 0 && brightness <= 100 && contrast >= 0 && contrast <= 100) || !channel) return undefined;
  return { brightness, contrast, channel, falseColour: coloured === '1' };
}

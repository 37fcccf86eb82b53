/** The tokens that a canvas needs, read from CSS and read again when the theme changes. */
import { signal, type ReadonlySignal } from '@preact/signals-core';

export interface ChartTheme {
  background: string;
  ink: string;
  grid: string;
  axis: string;
  base: string;
  cross: string;
  warn: string;
  /** Colours of a scale of values, from the least to the most. */
  sequential: readonly string[];
  focus: string;
  /** Font of tick labels and its size, px. */
  font: string;
  fontSize: number;
  rawOpacity: number;
  dimOpacity: number;
  /** px */
  lineWidth: number;
  hotLineWidth: number;
  dark: boolean;
}

function read(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const text = (name: string): string => style.getPropertyValue(`--tp-${name}`).trim();
  const number = (name: string): number => Number.parseFloat(text(name));
  return {
    background: text('bg'),
    ink: text('ink'),
    grid: text('grid'),
    axis: text('axis'),
    base: text('line-2'),
    cross: text('cross'),
    warn: text('warn'),
    sequential: [0, 1, 2, 3, 4].map((i) => text(`seq-${i}`)),
    focus: text('focus'),
    font: text('font'),
    fontSize: number('fs-axis'),
    rawOpacity: number('raw-op'),
    dimOpacity: number('dim-op'),
    lineWidth: number('line-w'),
    hotLineWidth: number('line-w-hot'),
    dark: style.colorScheme === 'dark',
  };
}

const theme = signal<ChartTheme>(read());
export const chartTheme: ReadonlySignal<ChartTheme> = theme;

const refresh = (): void => void (theme.value = read());
new MutationObserver(refresh).observe(document.documentElement, { attributeFilter: ['data-theme'] });
for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(pointer: coarse)']) {
  matchMedia(query).addEventListener('change', refresh);
}

/** The tokens that a canvas needs, read from CSS and read again when the theme changes. */
import { signal, type ReadonlySignal } from '@preact/signals-core';

/** Colours are `#rrggbb`. */
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
  // Style sheets are written short: #fff.
  const colour = (name: string): string => text(name).replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3');
  const number = (name: string): number => Number.parseFloat(text(name));
  return {
    background: colour('bg'),
    ink: colour('ink'),
    grid: colour('grid'),
    axis: colour('axis'),
    base: colour('line-2'),
    cross: colour('cross'),
    warn: colour('warn'),
    sequential: [0, 1, 2, 3, 4].map((i) => colour(`seq-${i}`)),
    focus: colour('focus'),
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
new MutationObserver(refresh).observe(document.documentElement, { attributeFilter: ['data-theme', 'style'] });
for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(pointer: coarse)']) {
  matchMedia(query).addEventListener('change', refresh);
}

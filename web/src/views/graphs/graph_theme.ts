/** The tokens that drawings of graphs need, read again when the theme changes. */
import { computed, type ReadonlySignal } from '@preact/signals-core';
import { chartTheme } from '../../charts/chart_theme';
import { MAX_CLASSES } from './legend_classes';
import type { GraphTheme } from './look';

export const graphTheme: ReadonlySignal<GraphTheme> = computed(() => {
  const { background, ink, base, focus, sequential, font, dark } = chartTheme.value;
  const style = getComputedStyle(document.documentElement);
  // Style sheets are written short: #fff.
  const token = (name: string): string =>
    style
      .getPropertyValue(`--tp-${name}`)
      .trim()
      .replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3');
  return {
    background,
    panel: token('panel'),
    sunken: token('sunken'),
    line: base,
    control: token('ctl-line'),
    ink,
    ink2: token('ink-2'),
    ink3: token('ink-3'),
    focus,
    ok: token('ok'),
    warn: token('warn'),
    error: token('error'),
    classes: Array.from({ length: MAX_CLASSES }, (_, i) => token(`run-${i + 1}`)),
    scale: sequential,
    font,
    dark,
  };
});

import { effect, signal } from '@preact/signals-core';
import { drawNow } from '../charts/draw_queue';
import type { Theme } from '../model/state';
import { applyTheme } from '../ui/theme';

/** What theme `auto` is where the page around says it. */
export const hostScheme = signal<Theme>('auto');
/** Custom properties that the page around has set. */
const hostTokens = signal<Readonly<Record<string, string>>>({});
/** It is, or is about to be: paper is white. */
const printing = signal(false);

/** Keeps the page as it is to look: in this theme, and as the page around says; printed, always light. */
export function keepLooks(theme: () => Theme): void {
  const paper = matchMedia('print');
  paper.addEventListener('change', () => (printing.value = paper.matches));
  addEventListener('beforeprint', () => {
    printing.value = true;
    // Canvases know of it in a microtask (charts/chart_theme.ts), and no frame comes before the paper.
    queueMicrotask(drawNow);
  });
  addEventListener('afterprint', () => (printing.value = false));
  effect(() => {
    const own = theme();
    applyTheme(printing.value ? 'light' : own === 'auto' ? hostScheme.value : own);
  });
  effect(() => {
    const all = Object.entries(hostTokens.value);
    setTokens(Object.fromEntries(printing.value ? all.filter(([, value]) => !isColour(value)) : all));
  });
}

/** Custom properties of which canvases need the colour as #rrggbb. */
const isColour = (value: string): boolean =>
  CSS.supports('color', value) && !/^(var|inherit|unset|initial)/.test(value);

/** Sets custom properties over those of tokens.css; what is no longer named is ours again. */
export function applyTokens(tokens: Readonly<Record<string, string>>): void {
  hostTokens.value = tokens;
}

function setTokens(tokens: Readonly<Record<string, string>>): void {
  const { style } = document.documentElement;
  for (const name of [...style])
    if (name.startsWith('--tp-') && !Object.hasOwn(tokens, name)) style.removeProperty(name);
  for (const [name, value] of Object.entries(tokens)) style.setProperty(name, isColour(value) ? hexOf(value) : value);
}

function hexOf(colour: string): string {
  const pen = document.createElement('canvas').getContext('2d');
  if (!pen) return colour;
  pen.fillStyle = colour;
  return pen.fillStyle;
}

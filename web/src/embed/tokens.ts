import { signal } from '@preact/signals-core';
import type { Theme } from '../model/state';
import { applyTheme } from '../ui/theme';

/** What theme `auto` is where the page around says it. */
export const hostScheme = signal<Theme>('auto');

/** Custom properties of which canvases need the colour as #rrggbb. */
const isColour = (value: string): boolean =>
  CSS.supports('color', value) && !/^(var|inherit|unset|initial)/.test(value);

/** Sets custom properties over those of tokens.css; what is no longer named is ours again. */
export function applyTokens(tokens: Readonly<Record<string, string>>): void {
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

export function applyHostTheme(theme: Theme): void {
  applyTheme(theme === 'auto' ? hostScheme.value : theme);
}

import { html } from 'lit';
import type { State, Theme } from '../model/state';
import { icon } from './icons';

const NEXT: Record<Theme, Theme> = { auto: 'light', light: 'dark', dark: 'auto' };
const NAME: Record<Theme, string> = { auto: 'system', light: 'light', dark: 'dark' };

/** Puts the chosen theme on the page; nothing chosen = as the system is. */
export function applyTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function nextTheme(state: State): void {
  state.theme.value = NEXT[state.theme.value];
}

export function themeButton(state: State) {
  const name = NAME[state.theme.value];
  return html`<button
    class="btn ico"
    aria-label="Theme: ${name}"
    title="Theme: ${name}  Alt M"
    @click=${() => nextTheme(state)}
  >
    ${icon('theme')}
  </button>`;
}

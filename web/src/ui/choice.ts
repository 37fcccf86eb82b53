import { html, nothing } from 'lit';

/** A row of which one is chosen; one tab stop, arrows move. A choice is its value, its title, and what it does. */
export function choice<T extends string>(
  label: string,
  choices: readonly (readonly [value: T, title: string, hint?: string])[],
  chosen: T,
  choose: (value: T) => void,
) {
  const onKey = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const at = choices.findIndex(([value]) => value === chosen);
    const next = (at + by + choices.length) % choices.length;
    choose((choices[next] as readonly [T, string])[0]);
    ((event.currentTarget as HTMLElement).children[next] as HTMLElement).focus();
  };
  return html`<span class="seg" role="radiogroup" aria-label=${label} @keydown=${onKey}>
    ${choices.map(
      ([value, title, hint]) =>
        html`<button
          role="radio"
          aria-checked=${value === chosen}
          tabindex=${value === chosen ? nothing : -1}
          title=${hint ?? nothing}
          @click=${() => choose(value)}
        >
          ${title}
        </button>`,
    )}
  </span>`;
}

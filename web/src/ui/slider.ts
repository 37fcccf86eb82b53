import { html, nothing } from 'lit';

/** A number that is dragged or typed. Arrows move it, with Shift ten times as far; a double click brings the default back. */
export interface Slider {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  byDefault: number;
  /** How many digits behind the point are shown. */
  digits?: number;
  /** Beside the field, too: else it is only typed or dragged. */
  hasField?: boolean;
  hint?: string;
  /** What the number stands for, as it is read out. */
  valueText?: string;
  readonly set: (value: number) => void;
}

/** The slider and its field, for a row or a grid; the label is the caller's. */
export function slider(one: Slider) {
  const { label, value, min, max, step, byDefault, digits = 0, hasField = true, hint, valueText, set } = one;
  const put = (next: number): void => {
    if (Number.isFinite(next)) set(Math.min(max, Math.max(min, Number(next.toFixed(6)))));
  };
  return html`<input
      type="range"
      aria-label=${label}
      aria-valuetext=${valueText ?? nothing}
      title=${hint ?? nothing}
      min=${min}
      max=${max}
      step=${step}
      .valueAsNumber=${value}
      .style=${`--filled: ${(100 * (value - min)) / (max - min)}%`}
      @input=${(event: Event) => put((event.target as HTMLInputElement).valueAsNumber)}
      @dblclick=${() => set(byDefault)}
      @keydown=${(event: KeyboardEvent) => {
        const by = { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        put(value + by * (event.shiftKey ? 10 : 1));
      }}
    />${
      hasField
        ? html`<input
            class="num"
            type="text"
            inputmode="decimal"
            aria-label="${label}, as a number"
            .value=${value.toFixed(digits)}
            @change=${(event: Event) => {
              const input = event.target as HTMLInputElement;
              put(Number.parseFloat(input.value.replace(',', '.')));
              input.value = value.toFixed(digits);
            }}
          />`
        : nothing
    }`;
}

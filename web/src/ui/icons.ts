import { svg, html, type SVGTemplateResult, type TemplateResult } from 'lit';

/** Every icon, drawn on 16 × 16 with the pen of `.ic`. */
const shapes = {
  bars: svg`<path d="M3 13V9M6.3 13V5M9.7 13V3M13 13V8"/>`,
  check: svg`<path d="m3.5 8.5 3 3 6-7"/>`,
  compare: svg`<path d="M2.5 2.5h8v8h-8z"/><path d="M10.5 5.5h3v8h-8v-3"/>`,
  copy: svg`<path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3"/>`,
  down: svg`<path d="m4.5 6.5 3.5 3.5 3.5-3.5"/>`,
  error: svg`<circle cx="8" cy="8" r="5.5"/><path d="M8 5v3.5M8 10.8v.1"/>`,
  eye: svg`<path d="M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8z"/><circle cx="8" cy="8" r="2"/>`,
  file: svg`<path d="M4 2h5l3 3v9H4zM9 2v3h3"/>`,
  fit: svg`<path d="M2.5 8h11M8 2.5v11M5.5 5 8 2.5 10.5 5M5.5 11 8 13.5l2.5-2.5"/>`,
  folder: svg`<path d="M2 12.5v-9h4l1.5 2H14v7z"/>`,
  full: svg`<path d="M6 2.5H2.5V6M10 2.5h3.5V6M6 13.5H2.5V10M10 13.5h3.5V10"/>`,
  info: svg`<circle cx="8" cy="8" r="5.5"/><path d="M8 7.5V11M8 5.2v.1"/>`,
  grid: svg`<path d="M2.5 2.5H7V7H2.5zM9 2.5h4.5V7H9zM2.5 9H7v4.5H2.5zM9 9h4.5v4.5H9z"/>`,
  left: svg`<path d="m9.5 4.5-3.5 3.5 3.5 3.5"/>`,
  link: svg`<path d="M7 9.5 9.5 7M6.5 6l2-2A2.5 2.5 0 0 1 12 7.5l-2 2M9.5 10l-2 2A2.5 2.5 0 0 1 4 8.5l2-2"/>`,
  lock: svg`<path d="M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5"/>`,
  log: svg`<path d="M2.5 2.5v11h11M5 11c4 0 6-2 7-8"/>`,
  loop: svg`<path d="M12.5 6.5A5 5 0 0 0 3.2 6M3.5 9.5A5 5 0 0 0 12.8 10M3 3v3h3M13 13v-3h-3"/>`,
  minus: svg`<path d="M3 8h10"/>`,
  more: svg`<g fill="currentColor" stroke="none"><circle cx="3.5" cy="8" r="1.2"/><circle cx="8" cy="8" r="1.2"/><circle cx="12.5" cy="8" r="1.2"/></g>`,
  out: svg`<path d="M6 3.5H3.5v9h9V10M9 3h4v4M13 3 7.5 8.5"/>`,
  panel: svg`<path d="M2.5 3h11v10h-11zM6 3v10"/>`,
  pause: svg`<path fill="currentColor" stroke="none" d="M4.5 3.5h2.5v9H4.5zM9 3.5h2.5v9H9z"/>`,
  pin: svg`<path d="M6 2.5h4M6.7 2.5v4L4.5 9h7L9.3 6.5v-4M8 9v4.5"/>`,
  play: svg`<path fill="currentColor" stroke="none" d="M5 3.2v9.6L12.5 8z"/>`,
  plus: svg`<path d="M8 3v10M3 8h10"/>`,
  redo: svg`<path d="M10.5 3l3 3-3 3M13.5 6h-7a4 4 0 0 0 0 8H10"/>`,
  right: svg`<path d="m6.5 4.5 3.5 3.5-3.5 3.5"/>`,
  save: svg`<path d="M8 2.5v7.5M5 7l3 3 3-3M2.5 11v2.5h11V11"/>`,
  search: svg`<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3 3"/>`,
  share: svg`<path d="M8 9.5v-7M5 5l3-3 3 3M3.5 8.5v5h9v-5"/>`,
  sound: svg`<path d="M2.5 6.5v3H5L8 12V4L5 6.5zM10.5 6a3 3 0 0 1 0 4M12.5 4.2a5.5 5.5 0 0 1 0 7.6"/>`,
  theme: svg`<circle cx="8" cy="8" r="5.5"/><path fill="currentColor" d="M8 2.5a5.5 5.5 0 0 1 0 11z"/>`,
  undo: svg`<path d="M5.5 3 2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8H6"/>`,
  up: svg`<path d="m4.5 9.5 3.5-3.5 3.5 3.5"/>`,
  warn: svg`<path d="M8 2.5 14 13H2zM8 6.5v3M8 11.2v.1"/>`,
  close: svg`<path d="m4 4 8 8M12 4l-8 8"/>`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof shapes;

/** An icon; `classes`: `s` small, `m2`/`m3` greyer. Names nothing: the control that holds it has a label. */
export function icon(name: IconName, classes = ''): TemplateResult {
  return html`<svg class="ic ${classes}" viewBox="0 0 16 16" aria-hidden="true">${shapes[name]}</svg>`;
}

/** The mark of the product. */
export const mark = html`<svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
  <path fill="currentColor" fill-rule="evenodd" d="M1 1h14v14H1zm1.5 1.5v11h11v-11z" />
  <path fill="none" stroke="currentColor" stroke-width="1.5" d="M3.5 5c2.5 0 2.5 6 5 6s1.5-4 4-4" />
</svg>`;

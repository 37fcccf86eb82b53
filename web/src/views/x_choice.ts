import { html, type TemplateResult } from 'lit';
import type { XKind } from '../engine/protocol';
import { choice } from '../ui/choice';
import type { ViewContext } from './view_def';

/** What x is, for all views that have such an axis. @param label what the axis is called there */
export function xChoice({ state: { x, zoom } }: ViewContext, label: string): TemplateResult {
  const set = (kind: XKind): void => {
    if (kind === x.value) return;
    x.value = kind;
    // A range of steps means nothing in seconds.
    zoom.value = new Map();
  };
  const choices = [['step', 'Step'], ['relative', 'Relative'], ['wall', 'Wall']] as const; // prettier-ignore
  return html`<span class="lb">X</span>${choice(label, choices, x.value, set)}`;
}

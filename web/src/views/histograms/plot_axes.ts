/** The labels of the axes of a card. */
import { html, nothing } from 'lit';
import type { Axis, Tick } from '../../charts/axis';
import { formatX } from '../../model/format';
import type { Drawing, StepsDrawing } from './drawing';
import { isUpright } from './modes';

/** Of labels: a sign, a line, and what is between two at least, px. */
const SIGN_PX = 6;
const LINE_PX = 12;
const APART_PX = 6;
/** Between the label of the step and the edge, px. */
const EDGE_PX = 12;

/** @param shown index of the point that is read out, which an upright drawing marks */
export function plotAxes(drawing: Drawing, shown: number | undefined) {
  const { value, steps, wanted } = drawing;
  if (isUpright(wanted.mode) && steps) return uprightAxes(drawing, steps, shown);
  return html`<ol class="xt" aria-hidden="true">
      ${across(value.ticks, value, wanted.width)}
    </ol>
    ${
      steps && wanted.mode === 'offset'
        ? html`<ol class="st-axis" aria-hidden="true">
            ${stepTicks(steps, wanted).map(({ label, foot }) => html`<li .style=${`top: ${foot}px`}>${label}</li>`)}
          </ol>`
        : nothing
    }`;
}

function uprightAxes({ value, wanted }: Drawing, steps: StepsDrawing, shown: number | undefined) {
  const { width } = wanted;
  const x = shown === undefined ? undefined : (steps.x[shown] as number);
  const at = x === undefined ? 0 : steps.axis.fraction(x) * width;
  const marker =
    x === undefined ? undefined : { at: Math.min(width - EDGE_PX, Math.max(EDGE_PX, at)), label: formatX(wanted.x, x) };
  return html`<ol class="yt" aria-hidden="true">
      ${value.ticks.map(({ value: tick, label }) => html`<li .style=${`top: ${(1 - value.fraction(tick)) * 100}%`}>${label}</li>`)}
    </ol>
    <ol class="xt" aria-hidden="true">
      ${across(steps.axis.ticks, steps.axis, width, marker)}
    </ol>
    ${
      marker
        ? html`<i class="xh" .style=${`left: ${at}px`}></i
            ><span class="xlab" aria-hidden="true" .style=${`left: ${marker.at}px`}>${marker.label}</span>`
        : nothing
    }`;
}

/** Where a tick would meet the label of the step there is none. */
function across(ticks: readonly Tick[], axis: Axis, width: number, other?: { at: number; label: string }) {
  return ticks.map(({ value: tick, label }) => {
    const place = axis.fraction(tick);
    const room = ((label.length + (other?.label.length ?? 0)) * SIGN_PX) / 2 + APART_PX;
    if (other && Math.abs(place * width - other.at) < room) return nothing;
    return html`<li class=${place < 0.04 ? 'f' : place > 0.96 ? 'z' : ''} .style=${`left: ${place * 100}%`}>${label}</li>`; // prettier-ignore
  });
}

/** The last step has a label always, and those too near to it have none. */
function stepTicks({ axis, x, order, ridge }: StepsDrawing, wanted: Drawing['wanted']) {
  const footAt = (value: number): number => ridge + axis.fraction(value) * (wanted.height - ridge);
  const ticks = axis.ticks.map(({ value, label }) => ({ label, foot: footAt(value) }));
  const last = x[order.at(-1) ?? -1];
  if (last === undefined || wanted.x === 'wall') return ticks;
  const foot = footAt(last);
  return [...ticks.filter((tick) => foot - tick.foot > LINE_PX), { label: formatX(wanted.x, last), foot }];
}

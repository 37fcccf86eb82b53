/** The numbers below a drawing. */
import { html, nothing } from 'lit';
import type { HistogramFacts } from '../../engine/values/histograms';
import type { LineStyle } from '../../model/colours';
import { formatCount, formatExact, formatValue } from '../../model/format';

/** Columns of the read-out, and which percentile each is. */
const COLUMNS = [['Min', 0], ['p7', 1], ['p16', 2], ['Median', 4], ['p84', 6], ['p93', 7], ['Max', 8]] as const; // prettier-ignore
/** Of a narrow card: a longer number is rounded more. */
const MAX_CELL = 6;

/** Percentiles of one histogram; undefined = it has none. */
export function percentilesTable(facts: HistogramFacts | undefined) {
  return html`<table>
    <thead>
      <tr>
        ${COLUMNS.map(([name]) => html`<th class="n" scope="col">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      <tr>
        ${COLUMNS.map(([, percentile]) => number(facts?.percentiles[percentile], MAX_CELL))}
      </tr>
    </tbody>
  </table>`;
}

/** Mean, deviation, zeros and count of one histogram. */
export function momentsOf(facts: HistogramFacts) {
  return html`<span class="m2 nw" title="Mean: ${formatExact(facts.mean)}">μ ${formatValue(facts.mean, 3)}</span>
    <span class="m2 nw" title="Standard deviation: ${formatExact(facts.deviation)}"
      >σ ${formatValue(facts.deviation, 2)}</span
    >
    <span class="m2 nw" title=${zerosTitle(facts)}>${zerosText(facts)}</span>
    <span class="m3 nw" title="${formatExact(facts.count)} values">n ${formatCount(facts.count)}</span>`;
}

/** One of several series at a step. */
export interface SeriesRow {
  /** With '/' between names: what is before the last one is fainter. */
  label: string;
  title: string;
  style: LineStyle;
  facts: HistogramFacts;
  /** Wasserstein distance to what it is compared with. */
  distance: number | undefined;
}

/** @param distanceTitle what distances are from */
export function seriesTable(heading: string, rows: readonly SeriesRow[], distanceTitle: string) {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${heading}</th>
        <th class="n" scope="col">Median</th>
        <th class="n" scope="col">Mean</th>
        <th class="n" scope="col">SD</th>
        <th class="n" scope="col" title=${distanceTitle}>W₁</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(({ label, title, style, facts, distance }) => {
        const slash = label.lastIndexOf('/') + 1;
        return html`<tr>
          <th class="el" scope="row" title=${title}>
            <div>
              <i class="sw d${style.ring % 4}" .style=${`--c: ${style.colour}`}></i
              ><span class="m3">${label.slice(0, slash)}</span><b>${label.slice(slash)}</b>
            </div>
          </th>
          ${[facts.percentiles[4], facts.mean, facts.deviation, distance].map((one) => number(one))}
        </tr>`;
      })}
    </tbody>
  </table>`;
}

function number(value: number | undefined, most = Infinity) {
  const isKnown = value !== undefined && !Number.isNaN(value);
  return html`<td class="n" title=${isKnown ? formatExact(value) : nothing}>
    ${isKnown ? shortened(value, most) : '–'}
  </td>`;
}

function shortened(value: number, most: number): string {
  const text = formatValue(value, 2);
  return text.length > most ? formatValue(value, 1) : text;
}

function zerosText({ zeros }: HistogramFacts): string {
  return Number.isNaN(zeros) ? '' : `zeros ${formatValue(zeros * 100, 2)} %`;
}

function zerosTitle({ zeros }: HistogramFacts): string {
  return Number.isNaN(zeros) ? 'The buckets do not tell how many values are zero' : 'Share of the values that are zero';
}

import { html, nothing } from 'lit';
import { formatExact, formatStep, formatWall, plural, tagLabel } from '../../model/format';
import type { HParams } from '../../model/hparams_file';
import { viewSubject } from '../../model/views';
import { WatchElement } from '../../ui/watch';
import { blank } from '../blank';
import { growthOf } from '../cards/growth';
import { sheetHead } from '../sheet_head';
import { tagFilter } from '../tag_filter';
import type { ViewContext } from '../view_def';
import './listed.css';

/** More rows than this are counted, not drawn. */
const MAX_ROWS = 500;
/** So many runs of a tag are named. */
const MAX_NAMES = 20;

/** A tag in the runs that are shown. */
interface Row {
  tag: string;
  series: readonly number[];
  records: number;
  /** Without any record, what follows is not finite. */
  firstStep: number;
  lastStep: number;
  /** When the last record was written, s since 1970. */
  written: number;
}

/** What there is of a kind of data that is not drawn yet: its tags, in how many runs, and how much. */
export class ListedView extends WatchElement {
  static override properties = { context: { attribute: false }, kind: {} };
  declare context: ViewContext;
  /** Id of the view that it stands in for. */
  declare kind: string;

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add('view');
  }

  override render() {
    const { shown, engine } = this.context;
    void growthOf(engine).value;
    const tags = shown.tags(this.kind);
    const hparams = this.kind === 'hparams' ? shown.hparams.value : [];
    const rows = tags.slice(0, MAX_ROWS).map((tag) => this.row(tag));
    return html`<div class="bar" role="group" aria-label="Tags">${sheetHead('Tags')} ${tagFilter(this.context)}</div>
      <div class="scroll" tabindex="0" role="region" aria-label="Tags">
        <p class="intro m2">${viewSubject(this.kind)} are not drawn yet. These are their tags</p>
        ${hparams.length > 0 && tags.length === 0 ? nothing : (blank(this.context, this.kind) ?? this.table(rows))}
        ${tags.length > MAX_ROWS ? html`<p class="blank">${plural(tags.length - MAX_ROWS, 'more tag')}</p>` : nothing}
        ${hparams.length > 0 ? this.hparams(hparams) : nothing}
      </div>`;
  }

  private row(tag: string): Row {
    const { shown, engine } = this.context;
    const series = shown.unorderedSeriesOf(this.kind, tag);
    const row: Row = { tag, series, records: 0, firstStep: Infinity, lastStep: -Infinity, written: -Infinity };
    for (const one of series) {
      const [count, first, last, written] = (['count', 'minStep', 'maxStep', 'lastWall'] as const).map((column) => engine.catalogue.number(one, column)) as [number, number, number, number]; // prettier-ignore
      if (count === 0) continue;
      row.records += count;
      row.firstStep = Math.min(row.firstStep, first);
      row.lastStep = Math.max(row.lastStep, last);
      row.written = Math.max(row.written, written);
    }
    return row;
  }

  /** What `hparams.yaml` gives to runs. */
  private hparams(byRun: readonly [run: string, HParams][]) {
    const rows = byRun.flatMap(([run, hparams]) => [...hparams].map(([name, value]) => ({ run, name, value })));
    return html`<table class="tbl listed" aria-label="Hyperparameters of hparams.yaml">
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Name</th>
            <th scope="col">Value in hparams.yaml</th>
          </tr>
        </thead>
        <tbody>
          ${rows.slice(0, MAX_ROWS).map(
            ({ run, name, value }) =>
              html`<tr>
                <td class="el">${this.context.shown.runLabel(run)}</td>
                <td class="el">${name}</td>
                <td class="el">${value === null ? html`<span class="m3">none</span>` : String(value)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      ${rows.length > MAX_ROWS ? html`<p class="blank">${plural(rows.length - MAX_ROWS, 'more value')}</p>` : nothing}`;
  }

  private namesOf(series: readonly number[]): string {
    const { shown, engine } = this.context;
    const names = series.slice(0, MAX_NAMES).map((one) => shown.runLabel(engine.catalogue.runName(one)));
    const rest = series.length - names.length;
    return [...names, ...(rest > 0 ? [`and ${plural(rest, 'more run')}`] : [])].join('\n');
  }

  private table(rows: readonly Row[]) {
    return html`<table class="tbl listed">
      <thead>
        <tr>
          <th scope="col">Tag</th>
          <th scope="col" class="n">Runs</th>
          <th scope="col" class="n">Records</th>
          <th scope="col" class="n">Steps</th>
          <th scope="col" class="n opt">Last written</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(({ tag, series, records, firstStep, lastStep, written }) => {
          const empty = records === 0;
          const steps = (format: (step: number) => string): string =>
            firstStep === lastStep ? format(lastStep) : `${format(firstStep)} – ${format(lastStep)}`;
          return html`<tr>
            <td class="el" title=${tagLabel(tag)}>
              ${tagLabel(tag)}${
                empty && series.length > 0 ? html` <span class="m3">Nothing was written</span>` : nothing
              }
            </td>
            <td class="n" title=${this.namesOf(series)}>${formatExact(series.length)}</td>
            <td class="n">${formatExact(records)}</td>
            <td class="n" title=${empty ? '' : steps(formatExact)}>${empty ? '–' : steps(formatStep)}</td>
            <td class="n opt">${empty ? '–' : formatWall(written)}</td>
          </tr>`;
        })}
      </tbody>
    </table>`;
  }
}

customElements.define('tp-listed', ListedView);

import { chartTheme } from '../../charts/chart_theme';
import { PLOT_WIDTH, svgPicture, type PictureChart, type PictureKey } from '../../charts/svg_picture';
import { formatExact, plural, tagLabel } from '../../model/format';
import { blobOf } from '../../ui/save';
import type { ExportFile, Exports, ViewContext } from '../view_def';
import { axesOf, chartQuery } from './chart_facts';
import { longCsv, seriesJson, wideCsv, type NamedColumns } from './series_text';

/** More charts than this are no picture any more. */
const MAX_CHARTS = 60;
/** Pixels of a PNG for each of the picture. */
const PNG_SCALE = 2;

/** What can be saved of these charts; undefined = there is none. */
export function exportsOf(context: ViewContext, tags: readonly string[]): Exports | undefined {
  if (tags.length === 0) return undefined;
  const pictured = tags.slice(0, MAX_CHARTS);
  const ofAll = tags.length > MAX_CHARTS ? `the first ${formatExact(MAX_CHARTS)} charts` : '';
  const csv = (hint: string, name: string, make: () => AsyncIterable<string> | Iterable<string>): ExportFile => {
    return { label: 'CSV', hint, name, make: () => blobOf(make(), 'text/csv') };
  };
  return {
    what: `${plural(tags.length, 'chart')} shown now`,
    files: [
      csv('long, all points', 'scalars.csv', () => longCsv(columnsOf(context, tags))),
      csv('wide, by step', 'scalars_by_step.csv', () => wideOf(context, tags)),
      {
        label: 'JSON',
        hint: '',
        name: 'scalars.json',
        make: () => blobOf(seriesJson(columnsOf(context, tags)), 'application/json'),
      },
      { label: 'PNG 2×', hint: ofAll, name: 'charts.png', make: () => pngOf(context, pictured) },
      {
        label: 'SVG',
        hint: ofAll,
        name: 'charts.svg',
        make: async () => svgBlob((await pictureOf(context, pictured)).svg),
      },
    ],
    image: () => pngOf(context, pictured),
  };
}

async function* columnsOf({ engine, shown }: ViewContext, tags: readonly string[]): AsyncGenerator<NamedColumns> {
  for (const tag of tags) {
    for (const series of shown.seriesOf('scalars', tag)) {
      yield { run: shown.line(series).label, tag, ...(await engine.columns(series)) };
    }
  }
}

async function* wideOf(context: ViewContext, tags: readonly string[]): AsyncGenerator<string> {
  const all: NamedColumns[] = [];
  for await (const columns of columnsOf(context, tags)) all.push(columns);
  yield* wideCsv(all);
}

/** Pictures may be made at once: none asks for lines in place of another. */
let pictures = 0;

async function pictureOf(context: ViewContext, tags: readonly string[]) {
  const { engine, shown, state } = context;
  const keys = new Map<string, PictureKey>();
  const picture = ++pictures;
  const charts = await Promise.all(
    tags.map(async (tag): Promise<PictureChart> => {
      const series = shown.seriesOf('scalars', tag);
      const scale = state.yOfTag.value.get(tag) ?? state.y.value;
      const zoom = state.zoom.value.get(tag);
      const query = chartQuery(state, series, scale, zoom, PLOT_WIDTH);
      const lines = await engine.lines(`picture ${picture} of ${tag}`, query);
      if (!lines) throw new Error(`no lines of ${tag}`);
      const { x, y } = axesOf(lines, query.x, zoom, scale, 5);
      const drawn = lines.lines.map((line, i) => {
        const { label, style } = shown.line(series[i] as number);
        keys.set(label, { label, colour: style.colour, dash: style.dash });
        return { line, colour: style.colour, dash: style.dash };
      });
      return { title: tagLabel(tag), flag: scale === 'linear' ? '' : scale, x, y, lines: drawn };
    }),
  );
  return svgPicture(charts, [...keys.values()], chartTheme.value);
}

function svgBlob(svg: string): Blob {
  return new Blob([svg], { type: 'image/svg+xml' });
}

async function pngOf(context: ViewContext, tags: readonly string[]): Promise<Blob> {
  const { svg, width, height } = await pictureOf(context, tags);
  const url = URL.createObjectURL(svgBlob(svg));
  try {
    const image = Object.assign(new Image(), { src: url });
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width * PNG_SCALE, height * PNG_SCALE];
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture is too large'))), 'image/png');
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

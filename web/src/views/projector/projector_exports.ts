/** What is saved of an embedding, in pieces that hold nothing up. Pure. */
import type { MetadataFacts } from '../../engine/embeddings/embeddings';
import type { Neighbours } from '../../engine/projections/projections';
import { blobOf } from '../../ui/save';
import { csvCell } from '../csv_cell';
import { npyHeader } from '../npy';
import { ZipWriter } from '../zip';
import type { Bookmark } from './bookmarks';
import { bookmarkTexts } from './write_bookmarks';

/** Rows of a piece. */
const PIECE = 10_000;

/** Cells of rows [from, from + count) of a column, as `Embeddings.texts` gives them. */
type Texts = (column: number, from: number, count: number) => Promise<string[]>;

/** Where points are in a picture. */
export interface Coordinates {
  /** Points × names, row by row. */
  positions: Float32Array<ArrayBuffer>;
  /** Of the columns. */
  names: readonly string[];
  /** Which points they are, ascending; undefined = all. */
  points?: Uint32Array | undefined;
}

/** A column of metadata. `texts` are its cells, of as many rows as there are points or fewer. */
export interface SavedColumn {
  name: string;
  texts: (from: number, count: number) => Promise<string[]>;
}

/** Of some points alone. @param points ascending; undefined = all */
export function coordinatesOf({ positions, names }: Coordinates, points: Uint32Array | undefined): Coordinates {
  if (!points) return { positions, names };
  const columns = names.length;
  const own = new Float32Array(points.length * columns);
  for (const [i, point] of points.entries())
    for (let at = 0; at < columns; at++) own[i * columns + at] = positions[point * columns + at] as number;
  return { positions: own, names, points };
}

/**
 * A line for each point: which row of the file it is, from 0, what is known of it, its place; a header before them.
 *
 * @param rows which row of the file each point is; undefined = all are there
 */
export async function* coordinatesTsv(
  { positions, names, points }: Coordinates,
  rows: Uint32Array | undefined,
  known: readonly SavedColumn[],
): AsyncGenerator<string> {
  // Who reads it by names finds one column of each.
  const taken = new Set(['row', ...names]);
  const titles = known.map(({ name }) => {
    const title = tsvCell(name);
    let free = title;
    for (let n = 1; taken.has(free); n++) free = `${title} (metadata${n === 1 ? '' : ` ${n}`})`;
    taken.add(free);
    return free;
  });
  yield `${['row', ...titles, ...names].join('\t')}\n`;
  const columns = names.length;
  const count = positions.length / columns;
  const pointAt = (i: number): number => points?.[i] ?? i;
  for (let from = 0, to = 0; from < count; from = to) {
    const first = pointAt(from);
    while (to < count && pointAt(to) < first + PIECE) to++;
    const cells = await Promise.all(known.map(({ texts }) => texts(first, pointAt(to - 1) + 1 - first)));
    let piece = '';
    for (let i = from; i < to; i++) {
      const point = pointAt(i);
      piece += String(rows ? rows[point] : point);
      for (const column of cells) piece += `\t${tsvCell(column[point - first] ?? '')}`;
      for (const place of positions.subarray(i * columns, (i + 1) * columns)) piece += `\t${floatText(place)}`;
      piece += '\n';
    }
    yield piece;
  }
}

/** The same places as an array for NumPy. */
export function coordinatesNpy({ positions, names }: Coordinates): BlobPart[] {
  return [npyHeader('float32', [positions.length / names.length, names.length]), positions];
}

/**
 * Nearest first.
 *
 * @param rows as in {@link coordinatesTsv}
 * @param labels one for each neighbour
 */
export function neighboursCsv(
  neighbours: Neighbours,
  rows: Uint32Array | undefined,
  labels: readonly string[] | undefined,
): string {
  const lines = Array.from(neighbours.rows, (point, i) => {
    const label = labels ? [csvCell(labels[i] ?? '')] : [];
    return [rows?.[point] ?? point, ...label, floatText(neighbours.distances[i] as number)].join(',');
  });
  return `${[labels ? 'row,label,distance' : 'row,distance', ...lines].join('\n')}\n`;
}

/** An embedding as others are to see it. */
export interface PublishedEmbedding {
  name: string;
  /** Rows × columns, row by row. */
  values: Float32Array<ArrayBuffer>;
  columns: number;
  metadata?: { facts: MetadataFacts; texts: Texts } | undefined;
  /** `ending` of its file: "png". */
  sprite?: { bytes: Uint8Array<ArrayBuffer>; ending: string; width: number; height: number } | undefined;
  bookmarks?: readonly Bookmark[] | undefined;
  /** Rows of the file were left out, so that neither the sprite nor sequences, which count them, would fit. */
  isPart: boolean;
}

const README = `An embedding for the projector

Put all files of this folder on a host that lets other pages read them (Access-Control-Allow-Origin: *).
Where the paths in projector_config.json are not addresses yet, write that of the folder before them.
Then open https://projector.tensorflow.org/?config= with the address of projector_config.json behind it.
`;

/**
 * A ZIP of what the public projector shows when its address names the config: projector_config.json is the message
 * ProjectorConfig (tensorboard/plugins/projector/projector_config.proto) in protobuf's JSON form, as its "Publish" writes it.
 *
 * @param address of the folder that the files will be in; '' = not known yet
 */
export async function* projectorZip(
  embedding: PublishedEmbedding,
  address: string,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { name, values, columns, isPart } = embedding;
  const folder = address === '' || address.endsWith('/') ? address : `${address}/`;
  const metadata = embedding.metadata && publishedColumns(embedding.metadata.facts, isPart);
  const sprite = isPart ? undefined : embedding.sprite;
  const bookmarks = embedding.bookmarks?.length ? embedding.bookmarks : undefined;
  const spriteName = `sprite.${sprite?.ending ?? ''}`;
  const config = {
    embeddings: [
      {
        tensorName: name,
        tensorShape: [values.length / columns, columns],
        tensorPath: `${folder}tensors.bytes`,
        ...(metadata?.length ? { metadataPath: `${folder}metadata.tsv` } : {}),
        ...(sprite
          ? { sprite: { imagePath: `${folder}${spriteName}`, singleImageDim: [sprite.width, sprite.height] } }
          : {}),
        ...(bookmarks ? { bookmarksPath: `${folder}bookmarks.json` } : {}),
      },
    ],
  };
  const zip = new ZipWriter();
  yield* await zip.add('readme.txt', bytesOf(README));
  yield* await zip.add('projector_config.json', bytesOf(`${JSON.stringify(config, undefined, 2)}\n`));
  yield* await zip.add('tensors.bytes', new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  if (metadata?.length && embedding.metadata)
    yield* await zip.add('metadata.tsv', await joined(metadataTsv(embedding.metadata, metadata)));
  if (sprite) yield* await zip.add(spriteName, sprite.bytes);
  if (bookmarks) yield* await zip.add('bookmarks.json', await joined(bookmarkTexts(bookmarks)));
  yield* zip.end();
}

/** Columns of metadata, by index. */
function publishedColumns({ columns, next }: MetadataFacts, isPart: boolean): number[] {
  return columns.map((_, i) => i).filter((column) => !isPart || column !== next);
}

/** Only several columns have a header: the projector knows it by its tab (projector_plugin.py, `_serve_metadata`). */
async function* metadataTsv(
  { facts, texts }: { facts: MetadataFacts; texts: Texts },
  columns: readonly number[],
): AsyncGenerator<string> {
  if (columns.length > 1)
    yield `${columns.map((column) => tsvCell(facts.columns[column]?.name ?? '') || `column ${column + 1}`).join('\t')}\n`;
  for (let from = 0; from < facts.rows; from += PIECE) {
    const count = Math.min(PIECE, facts.rows - from);
    const cells = await Promise.all(columns.map((column) => texts(column, from, count)));
    let piece = '';
    for (let i = 0; i < count; i++) piece += `${cells.map((column) => tsvCell(column[i] ?? '')).join('\t')}\n`;
    yield piece;
  }
}

async function joined(pieces: AsyncIterable<string> | Iterable<string>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await blobOf(pieces, 'text/plain')).arrayBuffer());
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** TSV has no way to write a tab or a line break. */
function tsvCell(text: string): string {
  return text.replace(/[\t\r\n]+/g, ' ');
}

/** Few digits that tell a float of 32 bits from all others; nine always do. */
function floatText(value: number): string {
  for (let digits = 7; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

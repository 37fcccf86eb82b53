/** The words for what is wrong with embeddings and the files that they are made of: faults of `engine/embeddings/embeddings.ts`. */
import type { EmbeddingProblem, MetadataFacts, RowFault, TensorFacts } from '../engine/embeddings/embeddings';
import { formatExact, plural } from './format';

const PROBLEMS: Record<string, string> = {
  // Of files
  missing: 'A config names a file that is not here: drop the folder that holds it, too',
  outside: 'A config names a file outside of its folder, which is not read',
  no_checkpoint:
    'A config names a variable that no checkpoint here has: drop the folder that holds the checkpoint (.index and .data files)',
  no_embedding:
    'There is no embedding in it: rows of numbers (TSV, CSV, NumPy), vectors of words, a TensorFlow checkpoint, Keras weights or a projector config are wanted',
  only_labels:
    '“{file}” has labels alone, by its name: drop the file of vectors together with it, or rename it if it holds vectors',
  unreadable: 'The file could not be read',
  no_picture: 'The sprite is no image that this browser can read',
  cut_off: 'The file is cut off: fetch it again, whole',
  // Of configs
  syntax: 'The projector config is not in order: something cannot stand here',
  number: 'The projector config is not in order: this begins like a number and is none',
  string: 'The projector config is not in order: a text is not closed in its line',
  escape: 'The projector config is not in order: this is no escape sequence',
  depth: 'The projector config is not in order: it nests too deep',
  field_type: 'The projector config is not in order: a field has a value of another type',
  too_many: 'There is too much in it to be read',
  // Of tensors
  no_numbers: 'No column of it is of numbers',
  too_big: 'It is too big for this tab: 134,217,728 numbers are the limit',
  not_npy: 'This is no NumPy file, or of a version that is not known',
  npy_header: 'The header of the NumPy file is damaged',
  number_type: 'It holds no real numbers',
  rank: 'It is no matrix: an embedding has rows and columns',
  size: 'It has another number of bytes than its shape says',
  // Of checkpoints
  not_a_checkpoint: 'This is no TensorFlow checkpoint',
  damaged: 'The checkpoint is damaged: fetch it again',
  checksum: 'The file is damaged, a checksum is wrong: fetch it again',
  compressed: 'The checkpoint is compressed, which is not read',
  big_endian: 'The checkpoint was written by a big-endian machine, which is not read',
  no_variable: 'There is nothing of this name in it',
  slices: 'The parts of the variable do not make up the whole: fetch the checkpoint again',
  no_shard: 'A .data file of the checkpoint is not here: drop the folder that holds it, too',
};

const ROWS: Record<string, (rows: string) => string> = {
  missing_cell: (rows) => `${rows} with fewer cells than the others`,
  extra_cell: (rows) => `${rows} with more cells than the others`,
  not_a_number: (rows) => `${rows} with something that is no number`,
  not_finite: (rows) => `${rows} with NaN or infinity`,
};

/** A sentence; the place and the file are last, if the sentence does not speak of the file ({file}). */
export function embeddingProblemText({ fault, path, line = 0, column = 0, text = '' }: EmbeddingProblem): string {
  const said = PROBLEMS[fault] ?? `It could not be read (${fault})`;
  const sentence = said.replace('{file}', () => path);
  return [
    text === '' ? sentence : `${sentence} (${text})`,
    ...(line > 0 ? [`line ${formatExact(line)}, column ${formatExact(column)}`] : []),
    ...(path === '' || sentence !== said ? [] : [path]),
  ].join(', ');
}

/** What was left out of a tensor: '3 rows with NaN or infinity are left out: line 4, column 2 ("nan") …'. */
export function rowFaultText({ fault, count, places }: RowFault): string {
  const rows = ROWS[fault]?.(plural(count, 'row')) ?? `${plural(count, 'row')} that cannot be read`;
  const [first] = places;
  if (!first) return `${rows} ${count === 1 ? 'is' : 'are'} left out`;
  const where = first.line > 0 ? `line ${formatExact(first.line)}` : `row ${formatExact(first.row)}`;
  const what = first.text === '' ? '' : ` (“${first.text}”)`;
  return `${rows} ${count === 1 ? 'is' : 'are'} left out: ${where}, column ${formatExact(first.column)}${what}${count > 1 ? ' …' : ''}`;
}

/** The same of metadata, whose rows stay: '3 rows of metadata with fewer cells than the others, filled up'. */
export function cellFaultText({ fault, count, places: [first] }: RowFault): string {
  const rows =
    ROWS[fault]?.(`${plural(count, 'row')} of metadata`) ?? `${plural(count, 'row')} of metadata that cannot be read`;
  const where = first && first.line > 0 ? `: line ${formatExact(first.line)}${count > 1 ? ' …' : ''}` : '';
  return `${rows}, ${fault === 'extra_cell' ? 'cut' : 'filled up'}${where}`;
}

/** Metadata of another length than the tensor; undefined = it has the same. */
export function lengthText(tensor: TensorFacts, metadata: MetadataFacts): string | undefined {
  if (tensor.fileRows === metadata.fileRows) return undefined;
  const has = `The metadata has ${plural(metadata.fileRows, 'row')}, the tensor ${formatExact(tensor.fileRows)}`;
  return metadata.fileRows < tensor.fileRows
    ? `${has}: the last points have none`
    : `${has}: the first ones are taken, which may be the wrong ones`;
}

/** Labels that came later are joined to an embedding. */
export function joinedText(file: string, embedding: string, rows: number): string {
  return `${file} is joined to ${embedding}: labels of ${plural(rows, 'row')}`;
}

/**
 * Labels that came later are of no embedding here. What became of the first line is said: it may be why.
 *
 * @param others how many more there are, none of which has as many rows
 */
export function otherRowsText(
  file: string,
  { fileRows, hasHeader }: Pick<MetadataFacts, 'fileRows' | 'hasHeader'>,
  embedding: string,
  own: number,
  others: number,
): string {
  const has = `${plural(fileRows, 'row')} ${hasHeader ? 'below its first line, which names the columns' : 'with its first line'}`;
  const nor = others > 0 ? `, and ${plural(others, 'other embedding')} without labels not as many either` : '';
  return `${file} has ${has}, and ${embedding} ${formatExact(own)}${nor}: labels need a row for each point`;
}

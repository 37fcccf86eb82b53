/** What stands in a file of bookmarks, whoever wrote it. Pure. */

export type Fields = Readonly<Record<string, unknown>>;

/** Undefined = it is no object. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Undefined = it is no number, or none that is finite. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Undefined = one of them is no number. */
export function numbersOf(value: unknown): number[] | undefined {
  return Array.isArray(value) && value.every((one) => numberOf(one) !== undefined) ? (value as number[]) : undefined;
}

/** The numbers of rows that there are, each once. */
export function rowsOf(value: unknown, end: number): number[] {
  if (!Array.isArray(value)) return [];
  return [...new Set(value.filter((row): row is number => Number.isInteger(row) && row >= 0 && row < end))];
}

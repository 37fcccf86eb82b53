import type { Engine } from '../../engine/engine';
import type { TensorFacts } from '../../engine/values/values';
import { ValueCache } from '../../engine/value_cache';
import { tensorFaultText } from '../../model/errors';
import { formatBytes, formatExact } from '../../model/format';
import { decodeStrings, type TextValue } from './text_value';

/** So much of a value is shown. */
const MAX_BYTES = 16_000_000;
const MAX_STRINGS = 10_000;
/** Texts that the engine does not keep are kept here, bytes. */
const KEPT_BYTES = 64_000_000;

/** A value of a text series that is no text. */
export interface NoText {
  /** What it is and why it is not shown. */
  reason: string;
}

const caches = new WeakMap<Engine, ValueCache<TextValue>>();

/**
 * The text that a point holds, whole; undefined = nothing was written.
 *
 * @throws Fault, `cancelled` when the signal aborts
 */
export async function readText(
  engine: Engine,
  series: number,
  point: number,
  signal: AbortSignal,
): Promise<TextValue | NoText | undefined> {
  const value = await engine.value(series, point, signal);
  if (!value) return undefined;
  const { facts } = value;
  if (facts.kind !== 'tensor') return { reason: `A ${facts.storage} of ${formatBytes(facts.bytes)}, which is no text` };
  if (facts.error !== undefined) return { reason: tensorFaultText(facts.error, facts.dtypeNumber) };
  const { dtype, shape, strings = [] } = facts;
  if (dtype !== 'string') return { reason: `Numbers (${dtype} [${shape.join(', ')}]), which are no text` };
  const known = knownTexts.get(facts);
  if (known) return known;
  const whole = strings.filter((string) => typeof string === 'string');
  if (whole.length < (facts.count ?? 0)) return readLong(engine, series, point, facts, signal);
  const text: TextValue = { shape, strings: whole, missing: '' };
  knownTexts.set(facts, text);
  return text;
}

/** The same object for the same value: what is computed of it is kept by it. */
const knownTexts = new WeakMap<TensorFacts, TextValue>();

async function readLong(
  engine: Engine,
  series: number,
  point: number,
  { shape, bytes, count = 0 }: TensorFacts,
  signal: AbortSignal,
): Promise<TextValue | undefined> {
  let cache = caches.get(engine);
  if (!cache) caches.set(engine, (cache = new ValueCache<TextValue>(KEPT_BYTES)));
  const key = `${series} ${point}`;
  const kept = cache.get(key);
  if (kept) return kept;
  const content = await engine.content(series, point, signal);
  if (!content) return undefined;
  const { strings, isCut } = decodeStrings(content, { bytes: MAX_BYTES, strings: MAX_STRINGS });
  const size = `${formatExact(strings.length)} of ${formatExact(count)} texts`;
  const limit = strings.length === MAX_STRINGS ? size : `${formatBytes(MAX_BYTES)} of ${formatBytes(bytes)}`;
  const text: TextValue = { shape, strings, missing: isCut ? `The first ${limit}: save it to have all` : '' };
  // Characters of UTF-16.
  cache.put(key, text, 2 * strings.reduce((sum, string) => sum + string.length, 0));
  return text;
}

export function isText(value: TextValue | NoText | undefined): value is TextValue {
  return value !== undefined && 'strings' in value;
}

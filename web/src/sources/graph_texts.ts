/** Graphs as text, told by how they begin. */
import type { Neighbour } from './find_neighbours';
import { isLocal, slice, type LocalRef } from './read';
import type { SourceRef } from './source_ref';

/**
 * The first field of a GraphDef, a MetaGraphDef, a SavedModel or a RunMetadata in protobuf's text format, as
 * `wasm/graph/graph_text.cc` has them; or the JSON of a Keras model.
 */
const GRAPH_TEXT =
  /^\uFEFF?(?:\s|#.*\n)*(?:(?:node|library|versions|meta_info_def|graph_def|meta_graphs|step_stats|partition_graphs|function_graphs)\s*:?\s*\{|saved_model_schema_version\s*:|\{[^]*"class_name")/;
const LOOKED_AT = 4096;

/**
 * Those of the local files that begin as a graph does.
 *
 * @param known what is left out
 * @param most of them are looked at
 */
export async function graphTexts(
  files: ReadonlyMap<string, SourceRef>,
  known: readonly Neighbour[],
  most: number,
): Promise<Neighbour[]> {
  const isKnown = new Set(known.map(({ path }) => path));
  const looked = [...files].filter(([path]) => !isKnown.has(path)).slice(0, most);
  const found = looked.map(async ([path, source]): Promise<Neighbour[]> => {
    const isGraph = isLocal(source) && GRAPH_TEXT.test(await beginningOf(source));
    return isGraph ? [{ path, kind: 'graph', source }] : [];
  });
  return (await Promise.all(found)).flat();
}

/** As text; '' = it cannot be read now, which is found out when it is its turn. */
async function beginningOf(ref: LocalRef): Promise<string> {
  const bytes = await slice(ref, 0, LOOKED_AT).catch(() => new ArrayBuffer(0));
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

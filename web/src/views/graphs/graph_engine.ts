/** Where the view gets graphs from. */
import type { ReadonlySignal } from '@preact/signals-core';
import type { Engine } from '../../engine/engine';
import type { Graphs } from '../../engine/graphs';

interface GraphFile {
  name: string;
  read(): Promise<ArrayBuffer>;
}

interface WithGraphs {
  graphs?: Graphs;
  graphFiles?: ReadonlySignal<readonly GraphFile[]>;
}

export function graphsIn(engine: Engine): Graphs {
  const { graphs } = engine as Engine & WithGraphs;
  if (!graphs) throw new Error('this engine has no graphs');
  return graphs;
}

/** Files of graphs that were dropped by themselves. */
export function graphFilesOf(engine: Engine): readonly GraphFile[] {
  return (engine as Engine & WithGraphs).graphFiles?.value ?? [];
}

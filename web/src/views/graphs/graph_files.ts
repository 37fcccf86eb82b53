import type { ReadonlySignal } from '@preact/signals-core';
import type { Engine } from '../../engine/engine';
import type { SourceRef } from '../../sources/source_ref';

interface GraphFile {
  name: string;
  source: SourceRef;
}

/** Files of graphs that were opened by themselves. */
export function graphFilesOf(engine: Engine): readonly GraphFile[] {
  return (engine as Engine & { graphFiles?: ReadonlySignal<readonly GraphFile[]> }).graphFiles?.value ?? [];
}

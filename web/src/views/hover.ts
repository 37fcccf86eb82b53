/** Where the pointer is, shared by all charts and the run panel. Not kept: it is gone with the pointer. */
import { signal } from '@preact/signals-core';
import type { RunValues } from '../model/shown';

export interface SharedCrosshair {
  /** Tag of the chart that the pointer is over. */
  tag: string;
  /** In units of the x kind. */
  x: number;
}

export function createHover() {
  return {
    crosshair: signal<SharedCrosshair | undefined>(undefined),
    /** The values at the crosshair of the chart that the pointer is over. */
    values: signal<RunValues | undefined>(undefined),
    /** The run whose line is near the pointer. */
    lineRun: signal<string | undefined>(undefined),
    /** The run whose row in the panel is under the pointer. */
    rowRun: signal<string | undefined>(undefined),
  };
}

export type Hover = ReturnType<typeof createHover>;

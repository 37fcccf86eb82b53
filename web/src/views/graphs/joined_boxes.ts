import { signal } from '@preact/signals-core';
import type { Box } from '../../engine/graphs/graphs';
import { counted } from '../../ui/pending';
import type { GraphTrace } from './graph_trace';
import type { Lit, SceneIndex } from './scene_index';

/** What a box is joined to, by its ops: where its edges share ports with others, the drawing does not say it. */
export class JoinedBoxes {
  private readonly joined = signal<{ box: Box; lit: Lit } | undefined>(undefined);
  /** What is waited for, one question at a time: a pointer is fast. */
  private unsure: Box | undefined;
  private isAsking = false;

  /** @param shown how many boxes are shown now */
  constructor(
    private readonly trace: () => GraphTrace,
    private readonly shown: () => number | undefined,
  ) {}

  /** Of a box of a scene; what is sure at once, and the rest when it is known: it is a signal. undefined = of none. */
  of(index: SceneIndex, at: number): Lit | undefined {
    const box = index.scene.boxes[at];
    this.unsure = undefined;
    if (!box || box.open) return undefined;
    const near = index.near(at);
    if (near.isAll) return near;
    const { joined } = this;
    if (joined.value?.box === box) return joined.value.lit;
    this.unsure = box;
    if (!this.isAsking) void counted(this.ask());
    return near;
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    for (let box = this.unsure; box; box = this.unsure) {
      // Without an answer what is sure stays.
      const lit = await this.trace()
        .joinedTo(box.path)
        .catch(() => undefined);
      if (this.unsure === box) this.unsure = undefined;
      // It is of what the worker drew last, which may be on its way.
      if (lit && lit.boxes.length === this.shown()) this.joined.value = { box, lit };
    }
    this.isAsking = false;
  }
}

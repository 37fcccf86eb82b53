import { signal } from '@preact/signals-core';
import type { Box, Trace } from '../../engine/graphs/graphs';
import { counted } from '../../ui/pending';
import type { Lit, SceneIndex } from './scene_index';

/** What a box is joined to, by its ops: where its edges share ports with others, the drawing does not say it. */
export class JoinedBoxes {
  private readonly joined = signal<{ box: Box; lit: Lit } | undefined>(undefined);
  /** What is waited for, one question at a time: a pointer is fast. */
  private unsure: { box: Box; scene: number } | undefined;
  private isAsking = false;

  /** @param joinedTo what a node is joined to, in the scene that was laid out last */
  constructor(private readonly joinedTo: (path: string) => Promise<Trace>) {}

  /** Of a box of a scene; what is sure at once, and the rest when it is known: it is a signal. undefined = of none. */
  of(index: SceneIndex, at: number): Lit | undefined {
    const box = index.scene.boxes[at];
    this.unsure = undefined;
    if (!box || box.open) return undefined;
    const near = index.near(at);
    if (near.isAll) return near;
    const { joined } = this;
    if (joined.value?.box === box) return joined.value.lit;
    this.unsure = { box, scene: index.scene.version };
    if (!this.isAsking) void counted(this.ask());
    return near;
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    for (let asked = this.unsure; asked; asked = this.unsure) {
      const { box, scene } = asked;
      // Without an answer what is sure stays.
      const lit = await this.joinedTo(box.path).catch(() => undefined);
      if (this.unsure?.box === box) this.unsure = undefined;
      // It may be of another scene: one that is on its way, or was called off.
      if (lit?.scene === scene) this.joined.value = { box, lit };
    }
    this.isAsking = false;
  }
}

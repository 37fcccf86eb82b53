import { METRICS, PREPARATIONS, type KeptNeighbours, type Metric, type Neighbours, type PointFacts, type Preparation, type ProjectionFrame, type ProjectionOptions, type ProjectionProgress } from './projections'; // prettier-ignore
import type { ProjectionModule, ProjectionSession } from './projection_session';
import { WasmMemory } from '../wasm_memory';

/** Rows are copied in pieces of so many bytes, so that there is little of them twice. */
const PIECE_BYTES = 4 << 20;

/** Sets of points and their projections, in wasm memory. */
export class WasmProjection extends WasmMemory<ProjectionSession> {
  static of(wasm: ProjectionModule): WasmProjection {
    return new WasmProjection(wasm, new wasm.Projections());
  }

  private readonly encoder = new TextEncoder();

  open(dimensions: number, rows: readonly Float32Array[]): PointFacts {
    const values = rows.reduce((sum, { length }) => sum + length, 0);
    const set = this.call((session) => session.open(dimensions, Math.ceil(values / dimensions)));
    const rowsAtOnce = Math.max(1, Math.floor(PIECE_BYTES / (Float32Array.BYTES_PER_ELEMENT * dimensions)));
    for (const some of rows) {
      for (let from = 0; from < some.length; from += rowsAtOnce * dimensions) {
        const piece = bytesOf(some.subarray(from, from + rowsAtOnce * dimensions));
        this.call((session) => session.append(set, this.setInput(piece)));
      }
    }
    this.release(values * Float32Array.BYTES_PER_ELEMENT);
    this.call((session) => session.facts(set));
    return { ...this.json<Omit<PointFacts, 'set'>>(), set };
  }

  close(set: number): void {
    this.call((session) => session.close(set));
  }

  prepare(set: number, preparation: Preparation): void {
    this.call((session) => session.prepare(set, PREPARATIONS.indexOf(preparation)));
  }

  /** @returns false = there is nothing to project */
  start(set: number, options: ProjectionOptions): boolean {
    const input = this.encoder.encode(JSON.stringify(options));
    return this.call((session) => session.start(set, this.setInput(input)));
  }

  /** @returns whether it is done */
  step(set: number, milliseconds: number): boolean {
    return this.call((session) => session.step(set, milliseconds));
  }

  more(set: number, steps: number): void {
    this.call((session) => session.more(set, steps));
  }

  perturb(set: number): void {
    this.call((session) => session.perturb(set));
  }

  frame(set: number): ProjectionFrame {
    this.call((session) => session.progress(set));
    const progress = this.json<ProjectionProgress>();
    this.call((session) => session.positions(set));
    return { progress, positions: this.floats() };
  }

  neighbours(set: number, row: number, k: number, metric: Metric): Neighbours {
    this.call((session) => session.neighbours(set, row, k, METRICS.indexOf(metric)));
    return { rows: Uint32Array.from(this.numbers()), distances: this.floats() };
  }

  distances(set: number, rows: Uint32Array, metric: Metric): Float32Array<ArrayBuffer> {
    this.call((session) => {
      this.setInput(bytesOf(rows));
      session.distances(set, rows.length, METRICS.indexOf(metric));
    });
    return this.floats();
  }

  kept(set: number, k: number, metric: Metric, rows: Uint32Array, columns: readonly number[]): KeptNeighbours {
    const both = new Uint32Array(rows.length + columns.length);
    both.set(rows);
    both.set(columns, rows.length);
    this.call((session) => {
      this.setInput(bytesOf(both));
      session.kept(set, k, METRICS.indexOf(metric), rows.length, columns.length);
    });
    return this.json();
  }

  align(positions: Float32Array, to: Float32Array, columns: number): Float32Array<ArrayBuffer> {
    const both = new Float32Array(positions.length + to.length);
    both.set(positions);
    both.set(to, positions.length);
    this.call((session) => {
      this.setInput(bytesOf(both));
      session.align(columns, positions.length);
    });
    const aligned = this.floats();
    this.release(both.byteLength);
    return aligned;
  }

  private floats(): Float32Array<ArrayBuffer> {
    return new Float32Array(this.data().buffer);
  }

  private json<T>(): T {
    return JSON.parse(this.text()) as T;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

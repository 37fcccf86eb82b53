import { Answerer, type Body, type Post } from '../answerer';
import type { Answer } from '../asker';
import { Fault } from '../../faults/fault';
import type { ProjectionRequest } from './projection_protocol';
import { ProjectionRun } from './projection_run';
import type { ProjectionModule } from './projection_session';
import { assertUnreachable, type Notice } from '../protocol';
import type { LoadWasm } from '../wasm_loader';
import { WasmProjection } from './wasm_projection';

/** So long a run works before messages are answered, ms. */
const TURN_MS = 8;

/**
 * The whole behaviour of the projection worker, without a Worker: takes requests, posts responses, and one notice, `fatal`,
 * if it comes to that. It knows no files: whoever asks hands over points.
 */
export class ProjectionWorker {
  private projection: WasmProjection | undefined;
  /** The last run of each set. */
  private readonly runs = new Map<number, ProjectionRun>();
  private readonly answers = new Answerer((error) => this.post({ type: 'fatal', error }, []));

  constructor(
    private readonly post: Post<Answer | Extract<Notice, { type: 'fatal' }>>,
    private readonly loadWasm: LoadWasm<ProjectionModule>,
  ) {}

  /** Answers one request with exactly one response. Never throws. */
  async handle(request: ProjectionRequest): Promise<void> {
    await this.answers.answer(request.id, this.post, () => this.find(request));
  }

  private async find(request: ProjectionRequest): Promise<Body> {
    switch (request.type) {
      case 'init':
        this.projection = WasmProjection.of(await this.loadWasm(request.wasm));
        return [null, []];
      case 'open':
        return [this.living().open(request.dimensions, request.rows), []];
      case 'close':
        this.endRun(request.set);
        this.living().close(request.set);
        return [null, []];
      case 'prepare':
        this.endRun(request.set);
        this.living().prepare(request.set, request.preparation);
        return [null, []];
      case 'start':
        this.endRun(request.set);
        this.living().start(request.set, request.options);
        return this.frameOf(this.run(request.set, request.run));
      case 'more':
        this.endRun(request.set);
        this.living().more(request.set, request.steps);
        return this.frameOf(this.run(request.set, request.run));
      case 'next':
        return this.frameOf(this.named(request.run));
      case 'stop':
        this.named(request.run)?.end();
        return [null, []];
      case 'pause':
        this.runs.get(request.set)?.pause();
        return [null, []];
      case 'resume':
        this.runs.get(request.set)?.resume();
        return [null, []];
      case 'perturb':
        this.living().perturb(request.set);
        this.runs.get(request.set)?.give();
        return [null, []];
      case 'neighbours': {
        const { set, row, k, metric } = request;
        const found = this.living().neighbours(set, row, k, metric);
        return [found, [found.rows.buffer, found.distances.buffer]];
      }
      case 'distances': {
        const distances = this.living().distances(request.set, request.rows, request.metric);
        return [distances, [distances.buffer]];
      }
      case 'kept': {
        const { set, k, metric, rows, columns } = request;
        return [this.living().kept(set, k, metric, rows, columns), []];
      }
      case 'align': {
        const aligned = this.living().align(request.positions, request.to, request.columns);
        return [aligned, [aligned.buffer]];
      }
      default:
        return assertUnreachable(request);
    }
  }

  private run(set: number, number: number): ProjectionRun {
    const projection = this.living();
    const run = new ProjectionRun(number, () => projection.step(set, TURN_MS), () => projection.frame(set)); // prettier-ignore
    this.runs.set(set, run);
    return run;
  }

  private async frameOf(run: ProjectionRun | undefined): Promise<Body> {
    if (!run) throw new Fault({ code: 'cancelled' });
    const frame = await run.next();
    return [frame, [frame.positions.buffer]];
  }

  private named(number: number): ProjectionRun | undefined {
    return [...this.runs.values()].find((run) => run.number === number);
  }

  private endRun(set: number): void {
    this.runs.get(set)?.end();
    this.runs.delete(set);
  }

  private living(): WasmProjection {
    return this.answers.living(this.projection);
  }
}

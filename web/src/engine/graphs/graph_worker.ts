import { Answerer, type Body, type Post } from '../answerer';
import type { Answer } from '../asker';
import { Fault } from '../../faults/fault';
import type { GraphInput, GraphRequest } from './graph_protocol';
import type { GraphFacts, GraphPoint } from './graphs';
import type { GraphsModule } from './graphs_session';
import { PayloadReader } from '../payload_reader';
import { assertUnreachable, type Notice } from '../protocol';
import { WasmGraphs, type GraphForm } from './wasm_graphs';
import type { LoadWasm } from '../wasm_loader';

/**
 * The whole behaviour of the worker that has graphs, without a Worker: takes requests, posts responses, and one notice,
 * `fatal`, if it comes to that. It asks the reading worker for bytes, and knows no files. What takes long is not called off
 * while it runs: then whoever asked ends the worker (`graph_client.ts`).
 */
export class GraphWorker {
  private graphs: WasmGraphs | undefined;
  private reader: PayloadReader | undefined;
  private readonly answers = new Answerer((error) => this.post({ type: 'fatal', error }, []));

  constructor(
    private readonly post: Post<Answer | Extract<Notice, { type: 'fatal' }>>,
    private readonly loadWasm: LoadWasm<GraphsModule>,
  ) {}

  /** Answers one request with exactly one response. Never throws. */
  async handle(request: GraphRequest): Promise<void> {
    await this.answers.answer(request.id, this.post, () => this.find(request));
  }

  private async find(request: GraphRequest): Promise<Body> {
    switch (request.type) {
      case 'init':
        this.reader = new PayloadReader(request.reader);
        this.graphs = WasmGraphs.of(await this.loadWasm(request.wasm));
        return [null, []];
      case 'cancel':
        this.answers.cancel(String(request.target));
        return [null, []];
      case 'open': {
        const { input } = request;
        return [await this.answers.cancellable(String(request.id), (signal) => this.open(input, signal)), []];
      }
      case 'compare':
        return [this.living().compare(request.before, request.after), []];
      case 'close':
        this.living().close(request.graph);
        return [null, []];
      case 'scene': {
        const scene = this.living().scene(request.graph, request.query, request.version);
        return [scene, [scene.numbers.buffer]];
      }
      case 'outline':
        return [this.living().outline(request.graph, request.path, request.from, request.count), []];
      case 'search':
        return [this.living().search(request.graph, request.query), []];
      case 'node':
        return [this.living().node(request.graph, request.path), []];
      case 'attribute':
        return [this.living().attribute(request.graph, request.path, request.name), []];
      case 'trace':
        return [this.living().trace(request.graph, request.path, request.direction, request.depth), []];
      case 'shortestPath':
        return [this.living().shortestPath(request.graph, request.from, request.to), []];
      case 'table':
        return [this.living().table(request.graph, request.query), []];
      case 'ops':
        return [this.living().ops(request.graph), []];
      default:
        return assertUnreachable(request);
    }
  }

  private async open(input: GraphInput, signal: AbortSignal): Promise<GraphFacts> {
    if (input.kind === 'bytes') return this.living().openFile(input.bytes);
    const [graph, profile] = await Promise.all([
      this.payloadOf(input.of, signal),
      input.profile && this.payloadOf(input.profile, signal),
    ]);
    if (profile) this.living().setProfile(...profile);
    return this.living().openPayload(...graph);
  }

  private async payloadOf(
    { series, point }: GraphPoint,
    signal: AbortSignal,
  ): Promise<[form: GraphForm, bytes: Uint8Array]> {
    const reader = this.answers.living(this.reader);
    const found = await reader.find(series, point);
    if (!found) throw new Fault({ code: 'not_a_graph' });
    return [found, await reader.read(found, signal)];
  }

  private living(): WasmGraphs {
    return this.answers.living(this.graphs);
  }
}

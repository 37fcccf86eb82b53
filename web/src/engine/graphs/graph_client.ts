import { readBytes } from '../../sources/read_text';
import { asReadError, Fault, type WireError } from '../../faults/fault';
import type { GraphInput, GraphReplies, GraphRequestBody } from './graph_protocol';
import type { GraphFacts, GraphHits, Graphs, GraphSource, NodeFacts, OpCount, Outline, Scene, SceneQuery, ShortestPath, TablePage, TableQuery, Trace, TraceDirection } from './graphs'; // prettier-ignore
import { readScene } from './scene_reader';
import { SideWorker, type Connect, type Living, type StartSideWorker } from '../side_worker';

/** What was called off and is not answered by then keeps its worker from everything else: it is ended, ms. */
const PATIENCE = 100;
/** Larger files are no graphs: half of protobuf's own limit of a message, and what fits into wasm memory twice; bytes. */
const MAX_FILE_BYTES = 2 ** 30;

/** How a graph was made, for the next worker to make it again. */
type Origin = { source: GraphSource } | { before: number; after: number };

type GraphWorkerLife = Living<GraphRequestBody, GraphReplies>;

/**
 * The page's side of the graph worker. It is started by the first question and ended when what was called off keeps it busy,
 * or when its memory was not enough; the next question starts another one, which opens again what it is asked of.
 */
export class GraphClient implements Graphs {
  private readonly worker: SideWorker<GraphRequestBody, GraphReplies>;
  private lastLife: GraphWorkerLife | undefined;
  private lastGraph = 0;
  private lastScene = 0;
  private readonly origins = new Map<number, Origin>();
  /** What graphs are called in a worker, by our own numbers. */
  private readonly openedBy = new WeakMap<GraphWorkerLife, Map<number, Promise<GraphFacts>>>();

  constructor(startWorker: StartSideWorker, connect: Connect) {
    this.worker = new SideWorker(startWorker, connect);
  }

  /** How many questions are not answered. */
  get unanswered(): number {
    return this.worker.unanswered;
  }

  open(source: GraphSource, signal: AbortSignal): Promise<GraphFacts> {
    return this.make({ source }, signal);
  }

  compare(before: number, after: number, signal: AbortSignal): Promise<GraphFacts> {
    return this.make({ before, after }, signal);
  }

  close(graph: number): void {
    this.origins.delete(graph);
    const life = this.lastLife;
    const opened = life && this.openedBy.get(life);
    const facts = opened?.get(graph);
    if (!facts) return;
    opened?.delete(graph);
    // One that could not be opened is not there.
    facts.then((known) => life?.asker.ask({ type: 'close', graph: known.graph })).catch(() => undefined);
  }

  async scene(graph: number, query: SceneQuery, signal: AbortSignal): Promise<Scene> {
    const version = ++this.lastScene;
    return readScene(
      await this.ask(graph, (opened) => ({ type: 'scene', graph: opened, query, version }), signal),
      version,
    );
  }

  async outline(graph: number, path: string, from: number, count: number): Promise<Outline> {
    const { total, folder, rows } = await this.ask(graph, (opened) => ({ type: 'outline', graph: opened, path, from, count })); // prettier-ignore
    const pathOf = (name: string): string => (folder === '' ? name : `${folder}/${name}`);
    return { total, rows: rows.map(({ name, ...row }) => ({ path: pathOf(name), ...row })) };
  }

  search(graph: number, query: string, signal: AbortSignal): Promise<GraphHits> {
    return this.ask(graph, (opened) => ({ type: 'search', graph: opened, query }), signal);
  }

  async node(graph: number, path: string): Promise<NodeFacts | undefined> {
    return (await this.ask(graph, (opened) => ({ type: 'node', graph: opened, path }))) ?? undefined;
  }

  attribute(graph: number, path: string, name: string): Promise<string> {
    return this.ask(graph, (opened) => ({ type: 'attribute', graph: opened, path, name }));
  }

  trace(graph: number, path: string, direction: TraceDirection, depth: number, signal: AbortSignal): Promise<Trace> {
    return this.ask(graph, (opened) => ({ type: 'trace', graph: opened, path, direction, depth }), signal);
  }

  shortestPath(graph: number, from: string, to: string, signal: AbortSignal): Promise<ShortestPath> {
    return this.ask(graph, (opened) => ({ type: 'shortestPath', graph: opened, from, to }), signal);
  }

  table(graph: number, query: TableQuery, signal: AbortSignal): Promise<TablePage> {
    return this.ask(graph, (opened) => ({ type: 'table', graph: opened, query }), signal);
  }

  ops(graph: number): Promise<OpCount[]> {
    return this.ask(graph, (opened) => ({ type: 'ops', graph: opened }));
  }

  /** The logs are gone: nothing is answered any more. */
  fail(error: WireError): void {
    this.worker.fail(error);
  }

  /** Ends the worker for good: nothing is answered any more. */
  end(): void {
    this.worker.end();
  }

  private async make(origin: Origin, signal: AbortSignal): Promise<GraphFacts> {
    const graph = ++this.lastGraph;
    this.origins.set(graph, origin);
    try {
      const facts = await this.inWorker((life) => this.openedIn(life, graph, signal), signal);
      return { ...facts, graph };
    } catch (error) {
      this.origins.delete(graph);
      throw error;
    }
  }

  /** Asks of a graph, which is opened first where the worker has not got it yet. */
  private ask<R extends GraphRequestBody>(
    graph: number,
    request: (opened: number) => R,
    signal = new AbortController().signal,
  ): Promise<GraphReplies[R['type']]> {
    return this.inWorker(async (life) => {
      const facts = await this.openedIn(life, graph, signal);
      return life.asker.askUnless(signal, request(facts.graph));
    }, signal);
  }

  /** What the worker calls a graph. */
  private openedIn(life: GraphWorkerLife, graph: number, signal: AbortSignal): Promise<GraphFacts> {
    const opened = this.openedBy.get(life) ?? new Map<number, Promise<GraphFacts>>();
    this.openedBy.set(life, opened);
    const known = opened.get(graph);
    if (known) return known;
    const opening = this.openIn(life, graph, signal);
    opened.set(graph, opening);
    opening.catch(() => opened.delete(graph));
    return opening;
  }

  private async openIn(life: GraphWorkerLife, graph: number, signal: AbortSignal): Promise<GraphFacts> {
    const origin = this.origins.get(graph);
    if (!origin) throw new Fault({ code: 'bug', detail: 'asked of a graph that is closed' });
    if ('before' in origin) {
      const [before, after] = await Promise.all(
        [origin.before, origin.after].map((one) => this.openedIn(life, one, signal)),
      );
      return this.askToOpen(life, { type: 'compare', before: before!.graph, after: after!.graph }, signal);
    }
    const { source } = origin;
    if (source.kind === 'point') return this.askToOpen(life, { type: 'open', input: source }, signal);
    const bytes = await readBytes(source.source, MAX_FILE_BYTES, signal).catch((error: unknown) => {
      throw new Fault(asReadError(error));
    });
    const input: GraphInput = { kind: 'bytes', bytes };
    return this.askToOpen(life, { type: 'open', input }, signal, [bytes.buffer]);
  }

  /** A graph that was opened when nobody wanted it any more is closed again. */
  private async askToOpen(
    { asker }: GraphWorkerLife,
    request: Extract<GraphRequestBody, { type: 'open' | 'compare' }>,
    signal: AbortSignal,
    transfer: Transferable[] = [],
  ): Promise<GraphFacts> {
    if (signal.aborted) throw new Fault({ code: 'cancelled' });
    const target = asker.nextId;
    const cancel = (): void => void asker.ask({ type: 'cancel', target }).catch(() => undefined);
    signal.addEventListener('abort', cancel);
    try {
      const facts = await asker.ask(request, transfer);
      if (!signal.aborted) return facts;
      asker.ask({ type: 'close', graph: facts.graph }).catch(() => undefined);
      throw new Fault({ code: 'cancelled' });
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /**
   * Runs what asks the worker; again, if need be with another one, if it was cancelled because of what somebody else had
   * called off: the worker was ended, or the opening of the graph that both wait for.
   */
  private inWorker<T>(run: (life: GraphWorkerLife) => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.worker.counted(async () => {
      for (;;) {
        const life = (this.lastLife = await this.worker.living());
        if (signal.aborted) throw new Fault({ code: 'cancelled' });
        let impatient: ReturnType<typeof setTimeout> | undefined;
        const wait = (): void => {
          impatient = setTimeout(() => this.worker.stop(life), PATIENCE);
        };
        signal.addEventListener('abort', wait);
        try {
          return await run(life);
        } catch (error) {
          const isCancelled = error instanceof Fault && error.error.code === 'cancelled';
          if (!isCancelled || signal.aborted) throw error;
        } finally {
          signal.removeEventListener('abort', wait);
          clearTimeout(impatient);
        }
      }
    });
  }
}

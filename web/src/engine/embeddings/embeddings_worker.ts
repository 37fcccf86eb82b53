import { Answerer, type Body, type Post } from '../answerer';
import type { Answer } from '../asker';
import type { TensorValues } from './embeddings';
import type { EmbeddingsReplies, EmbeddingsRequest, TaskReply, TaskResult } from './embeddings_protocol';
import type { EmbeddingsModule } from './embeddings_session';
import { Fault } from '../../faults/fault';
import { PayloadReader } from '../payload_reader';
import { assertUnreachable, type Notice } from '../protocol';
import { WasmEmbeddings } from './wasm_embeddings';
import type { LoadWasm } from '../wasm_loader';

/** As kPayloadStartBytes of `wasm/projector/embedding_session.h`. */
const PAYLOAD_START_BYTES = 4 << 10;

/**
 * The whole behaviour of the worker of embeddings, without a Worker: takes requests, posts responses, and one notice,
 * `fatal`, if it comes to that. It reads no files: whoever asks does.
 */
export class EmbeddingsWorker {
  private embeddings: WasmEmbeddings | undefined;
  private reader: PayloadReader | undefined;
  private readonly answers = new Answerer((error) => this.post({ type: 'fatal', error }, []));

  constructor(
    private readonly post: Post<Answer | Extract<Notice, { type: 'fatal' }>>,
    private readonly loadWasm: LoadWasm<EmbeddingsModule>,
  ) {}

  /** Answers one request with exactly one response. Never throws. */
  async handle(request: EmbeddingsRequest): Promise<void> {
    await this.answers.answer(request.id, this.post, () => this.find(request));
  }

  private async find(request: EmbeddingsRequest): Promise<Body> {
    switch (request.type) {
      case 'init':
        this.reader = new PayloadReader(request.reader);
        this.embeddings = WasmEmbeddings.of(await this.loadWasm(request.wasm));
        return [null, []];
      case 'cancel':
        this.answers.cancel(String(request.target));
        return [null, []];
      case 'addFiles':
        for (const { path, size } of request.files) this.living().addFile(path, size);
        return [null, []];
      case 'look':
        return this.answerOf(this.living().look(request.path));
      case 'tensor':
        return this.answerOf(this.living().readTensor(request.place));
      case 'metadata':
        return this.answerOf(this.living().readMetadata(request.path, request.rows));
      case 'provide':
        return this.answerOf(this.living().provide(request.bytes));
      case 'shape': {
        const payload = await this.asked().find(request.series, request.point);
        if (!payload) return [null, []];
        const { signal } = new AbortController();
        const bytes = await this.asked().read(payload, signal, payload.split ? payload.length : PAYLOAD_START_BYTES);
        const shape: EmbeddingsReplies['shape'] = this.living().lookAtPayload(payload, bytes);
        return [shape, []];
      }
      case 'point': {
        const { id, series, point } = request;
        const tensor = await this.answers.cancellable(String(id), (signal) => this.readPoint(series, point, signal));
        return [tensor, buffersOf(tensor)];
      }
      case 'texts':
        return [this.living().cells(request.table, request.column, request.from, request.count), []];
      case 'row':
        return [this.living().row(request.table, request.row), []];
      case 'numbers': {
        const numbers = this.living().column(request.table, request.column);
        return [numbers, [numbers.buffer]];
      }
      case 'categories': {
        const categories = this.living().categories(request.table, request.column);
        return [categories, [categories.of.buffer]];
      }
      case 'search': {
        const rows = this.living().search(request.table, request.wanted);
        return [rows, [rows.buffer]];
      }
      case 'closeMetadata':
        this.living().closeTable(request.table);
        return [null, []];
      default:
        return assertUnreachable(request);
    }
  }

  private answerOf(reply: TaskReply<TaskResult>): Body {
    return [reply, 'done' in reply && 'values' in reply.done ? buffersOf(reply.done) : []];
  }

  private async readPoint(series: number, point: number, signal: AbortSignal): Promise<TensorValues> {
    const payload = await this.asked().find(series, point);
    if (!payload) throw new Fault({ code: 'undecodable' });
    return this.living().readPayload(payload, await this.asked().read(payload, signal));
  }

  private asked(): PayloadReader {
    return this.answers.living(this.reader);
  }

  private living(): WasmEmbeddings {
    return this.answers.living(this.embeddings);
  }
}

function buffersOf({ values, rows }: TensorValues): Transferable[] {
  return [values.buffer, ...(rows ? [rows.buffer] : [])];
}

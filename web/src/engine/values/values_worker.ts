import { formatBytes } from '../../model/format';
import { Answerer, type Body, type Post } from '../answerer';
import type { Answer } from '../asker';
import { Fault } from '../../faults/fault';
import { decodeHistograms } from './histogram_reading';
import type { ClipFrame, SpectrogramQuery } from './media';
import { PayloadReader, type Found } from '../payload_reader';
import { assertUnreachable, type Notice } from '../protocol';
import { Turns } from '../turns';
import type { ValuesRequest } from './values_protocol';
import type { ValuesModule } from './values_session';
import type { LoadWasm } from '../wasm_loader';
import { WasmValues } from './wasm_values';

/** Payloads beyond it are not decoded, bytes: `kMaxValueBytes` of `wasm/values/point_value.h`. */
const MAX_VALUE_BYTES = 256 << 20;
/** Samples of a waveform, of each channel, between which others have their turn: a few milliseconds. */
const SAMPLES_AT_ONCE = 1 << 20;
/** Columns of a spectrogram between which others have their turn: a few milliseconds. */
const COLUMNS_AT_ONCE = 16;

/**
 * The whole behaviour of the worker that decodes payloads, without a Worker: takes requests, posts responses, and one
 * notice, `fatal`, if it comes to that. It asks the reading worker for bytes, and knows no files.
 */
export class ValuesWorker {
  private values: WasmValues | undefined;
  private reader: PayloadReader | undefined;
  private readonly answers = new Answerer((error) => this.post({ type: 'fatal', error }, []));
  /** Settles when the last request about histograms is answered. */
  private histogramTurn: Promise<void> = Promise.resolve();

  constructor(
    private readonly post: Post<Answer | Extract<Notice, { type: 'fatal' }>>,
    private readonly loadWasm: LoadWasm<ValuesModule>,
    private readonly maxValueBytes = MAX_VALUE_BYTES,
  ) {}

  /** Answers one request with exactly one response. Never throws. */
  async handle(request: ValuesRequest): Promise<void> {
    await this.answers.answer(request.id, this.post, () => this.find(request));
  }

  private async find(request: ValuesRequest): Promise<Body> {
    const unless = <T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> =>
      this.answers.cancellable(String(request.id), run);
    switch (request.type) {
      case 'init':
        this.reader = new PayloadReader(request.reader);
        this.values = WasmValues.of(await this.loadWasm(request.wasm));
        return [null, []];
      case 'cancel':
        this.answers.cancel(String(request.target));
        return [null, []];
      case 'value': {
        const value = await unless(async (signal) => {
          const found = await this.payloadOf(request, signal);
          return found && this.living().value(found, await this.asked().read(this.small(found), signal));
        });
        return [value ?? null, value ? [value.numbers.buffer as ArrayBuffer] : []];
      }
      case 'content': {
        const content = await unless(async (signal) => {
          const found = await this.payloadOf(request, signal);
          const bytes = found && (await this.asked().read(found, signal));
          if (!bytes) return undefined;
          return found.length > this.maxValueBytes ? bytes.buffer : this.living().content(found, bytes);
        });
        return [content ?? null, content ? [content] : []];
      }
      case 'media': {
        const media = await unless(async (signal) => {
          const found = await this.payloadOf(request, signal);
          return found && this.living().media(found.plugin, found, await this.asked().read(this.small(found), signal));
        });
        return [media ?? null, media ? [media.bytes.buffer] : []];
      }
      case 'histogramFacts': {
        const { series, points } = request;
        const facts = await unless((signal) =>
          this.withHistograms(signal, [[series, points]], (values) => values.histogramFacts(series, points)),
        );
        return [facts, [facts.buffer]];
      }
      case 'histogramGrid': {
        const { grid } = request;
        const cells = await unless((signal) =>
          this.withHistograms(signal, [[grid.series, grid.points]], (values) => values.histogramGrid(grid)),
        );
        return [cells, [cells.buffer]];
      }
      case 'compatibleBins': {
        const { series, points } = request;
        const bins = await unless((signal) =>
          this.withHistograms(signal, [[series, points]], (values) => values.compatibleBins(series, points)),
        );
        return [bins ?? null, bins ? [bins.counts.buffer as ArrayBuffer] : []];
      }
      case 'histogramDistance': {
        const { a, b } = request;
        const wanted = [a, b].map(({ series, point }): [number, Uint32Array] => [series, Uint32Array.of(point)]);
        const distance = await unless((signal) =>
          this.withHistograms(signal, wanted, (values) => values.histogramDistance(a, b)),
        );
        return [distance, []];
      }
      case 'openClip':
        return [this.living().openClip(request.isGif, request.bytes), []];
      case 'closeClip':
        this.living().closeClip(request.clip);
        return [null, []];
      case 'frame': {
        const frame = await unless((signal) => this.frame(request, signal));
        return [frame, [frame.pixels]];
      }
      case 'waveform': {
        const peaks = await unless((signal) => this.waveform(request, signal));
        return [peaks, [peaks.buffer]];
      }
      case 'spectrogram': {
        const levels = await unless((signal) => this.spectrogram(request, signal));
        return [levels, [levels.buffer]];
      }
      default:
        return assertUnreachable(request);
    }
  }

  /** Where the payload of one point is; undefined = it has none. */
  private async payloadOf(
    { series, point }: { series: number; point: number },
    signal: AbortSignal,
  ): Promise<Found | undefined> {
    const found = await this.asked().find(series, point);
    if (signal.aborted) throw new Fault({ code: 'cancelled' });
    return found;
  }

  /**
   * Answers about histograms, which are read and decoded first where they are not yet. One request after the other: at
   * the same time, they would push out what each has decoded.
   */
  private withHistograms<T>(
    signal: AbortSignal,
    wanted: readonly [series: number, points: Uint32Array][],
    answer: (values: WasmValues) => T,
  ): Promise<T> {
    const turn = this.histogramTurn.then(async () => {
      for (const [series, points] of wanted) {
        if (signal.aborted) throw new Fault({ code: 'cancelled' });
        const missing = this.living().missingHistograms(series, points);
        if (missing.length === 0) continue;
        const payloads = (await this.asked().findAll(series, missing)).filter(
          ({ length }) => length <= this.maxValueBytes,
        );
        await decodeHistograms(this.living(), series, payloads, (place) => this.asked().read(place, signal));
      }
      return answer(this.living());
    });
    this.histogramTurn = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  private async frame({ clip, frame }: { clip: number; frame: number }, signal: AbortSignal): Promise<ClipFrame> {
    return inTurns(signal, () => this.living().stepClip(clip, frame));
  }

  private async waveform(
    { clip, from, to, columns }: { clip: number; from: number; to: number; columns: number },
    signal: AbortSignal,
  ): Promise<Float32Array<ArrayBuffer>> {
    const atOnce = Math.max(1, Math.floor((columns * SAMPLES_AT_ONCE) / (to - from)));
    const at = (column: number): number => from + ((to - from) * column) / columns;
    let peaks: Float32Array<ArrayBuffer> | undefined;
    let done = 0;
    return inTurns(signal, () => {
      const count = Math.min(atOnce, columns - done);
      const part = this.living().waveform(clip, at(done), at(done + count), count);
      const channels = part.length / 2 / count;
      peaks ??= new Float32Array(2 * channels * columns);
      for (let channel = 0; channel < channels; channel++) {
        peaks.set(part.subarray(2 * channel * count, 2 * (channel + 1) * count), 2 * (channel * columns + done));
      }
      done += count;
      return done < columns ? undefined : peaks;
    });
  }

  private async spectrogram(
    { clip, query }: { clip: number; query: SpectrogramQuery },
    signal: AbortSignal,
  ): Promise<Float32Array<ArrayBuffer>> {
    const levels = new Float32Array(query.columns * query.bands);
    const at = (column: number): number => query.from + ((query.to - query.from) * column) / query.columns;
    let done = 0;
    return inTurns(signal, () => {
      const columns = Math.min(COLUMNS_AT_ONCE, query.columns - done);
      const part = { ...query, from: at(done), to: at(done + columns), columns };
      levels.set(this.living().spectrogram(clip, part), done * query.bands);
      done += columns;
      return done < query.columns ? undefined : levels;
    });
  }

  /** @throws Fault when the payload is too big to be decoded. */
  private small(found: Found): Found {
    if (found.length <= this.maxValueBytes) return found;
    throw new Fault({ code: 'value_too_big', detail: formatBytes(found.length) });
  }

  private living(): WasmValues {
    return this.answers.living(this.values);
  }

  private asked(): PayloadReader {
    return this.answers.living(this.reader);
  }
}

/** Takes steps until one has a result; other requests are answered between them. */
async function inTurns<T>(signal: AbortSignal, step: () => T | undefined): Promise<T> {
  const turns = new Turns();
  try {
    for (;;) {
      const result = step();
      if (result !== undefined) return result;
      await turns.end();
      if (signal.aborted) throw new Fault({ code: 'cancelled' });
    }
  } finally {
    turns.close();
  }
}

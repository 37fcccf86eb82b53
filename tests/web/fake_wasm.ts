import { FeedStatus, type ReaderModule, type ReaderSession } from '../../web/src/engine/reader_session';
import type { ValuesModule, ValuesSession } from '../../web/src/engine/values/values_session';
import type { SourceRef } from '../../web/src/sources/source_ref';
import type { Exchange } from '../../web/src/engine/wasm_memory';

/** What the fake was told about one file. */
export interface FakeFile {
  run: string;
  name: string;
  size: number;
  /** Offsets as the feeder claims them: each piece of bytes as it came. */
  pieces: Uint8Array[];
  provided: Uint8Array[];
  finished: boolean;
  abandoned: boolean;
}

/**
 * The wasm sides of both workers without C++, as one: remembers what it is fed, and answers what a test tells it to.
 */
export class FakeWasm {
  readonly files: FakeFile[] = [];
  /** Called by feed() and finish(); its answer is theirs. */
  onBytes: (file: FakeFile) => { status: FeedStatus; offset?: number; length?: number } = () => ({
    status: FeedStatus.More,
  });
  /** Numbers of the next lines() or pick(). */
  numbers: number[] = [];
  /** What came as the input of a query. */
  input: number[] = [];
  /** Where payloads() finds a payload. */
  payload: { file: number; offset: number; length: number } | undefined;
  /** What value() answers, besides the bytes it was given: those are the text of content(). */
  facts = '{"kind":"message"}';
  valueInput: Uint8Array = new Uint8Array();
  /** Histograms that are not decoded yet: point, file, offset, length. */
  undecoded: [point: number, file: number, offset: number, length: number][] = [];
  /** What addHistogram() was given, in that order. */
  readonly decoded: { point: number; bytes: Uint8Array }[] = [];
  /** So many histograms may be kept. */
  maxDecoded = Infinity;
  /** How often the memory of answers was given back. */
  released = 0;
  report = '[]';
  /** The index of the last one that was set. */
  purge = 0;
  /** What the next restarts() tells; '' = nothing. */
  restarts = '';
  abort = false;

  readonly reader: ReaderModule;
  readonly values: ValuesModule;
  private heap = new ArrayBuffer(1 << 21);
  private request = { offset: 0, length: 0 };
  private out: Uint8Array = new Uint8Array();
  /** Of the last answer, if it is not all of it. */
  private textSize: number | undefined;
  private reported = '[]';

  constructor() {
    // The classes that are made are views of this object.
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const fake = this;
    const memory = {
      get HEAPU8() {
        return new Uint8Array(fake.heap);
      },
    };
    this.reader = Object.assign(Object.create(memory) as { HEAPU8: Uint8Array }, {
      Session: class {
        constructor() {
          return fake.readerSession();
        }
      } as unknown as ReaderModule['Session'],
    });
    this.values = Object.assign(Object.create(memory) as { HEAPU8: Uint8Array }, {
      Values: class {
        constructor() {
          return fake.valuesSession();
        }
      } as unknown as ValuesModule['Values'],
    });
  }

  /** All bytes that a file was fed, as text. */
  text(file: number): string {
    const decoder = new TextDecoder();
    return (this.files[file]?.pieces ?? []).map((piece) => decoder.decode(piece)).join('');
  }

  private inputOf(length: number): Uint8Array {
    return new Uint8Array(this.heap).slice(0, length);
  }

  private output(bytes: Uint8Array): void {
    this.textSize = undefined;
    this.out = bytes;
    new Uint8Array(this.heap).set(bytes, OUTPUT);
  }

  private query(words: number): void {
    if (this.abort) throw new WebAssembly.RuntimeError('Aborted(OOM)');
    this.input = [...new Float64Array(this.heap, 0, words)];
    this.output(new Uint8Array(Float64Array.from(this.numbers).buffer));
  }

  private exchange(): Exchange {
    return {
      reserveInput: () => {
        // The heap grows: views of it that were kept are dead now.
        this.heap = structuredClone(this.heap, { transfer: [this.heap] });
        return 0;
      },
      numbersPointer: () => OUTPUT,
      numbersSize: () => this.out.length,
      textPointer: () => OUTPUT,
      textSize: () => this.textSize ?? this.out.length,
      dataPointer: () => OUTPUT,
      dataSize: () => 0,
      releaseBuffers: () => void this.released++,
    };
  }

  private readerSession(): ReaderSession {
    const file = (id: number): FakeFile => this.files[id] as FakeFile;
    const answer = (of: FakeFile): FeedStatus => {
      if (this.abort) throw new WebAssembly.RuntimeError('Aborted(OOM)');
      const { status, offset = 0, length = 0 } = this.onBytes(of);
      this.request = { offset, length };
      return status;
    };
    return {
      ...this.exchange(),
      openFile: (run, name, size) =>
        this.files.push({ run, name, size, pieces: [], provided: [], finished: false, abandoned: false }) - 1,
      feed: (id, length) => {
        file(id).pieces.push(this.inputOf(length));
        return answer(file(id));
      },
      provide: (id, length) => {
        file(id).provided.push(this.inputOf(length));
        return answer(file(id));
      },
      finish: (id) => {
        file(id).finished = true;
        return answer(file(id));
      },
      abandon: (id) => void (file(id).abandoned = true),
      kindOf: () => 0,
      requestOffset: () => this.request.offset,
      requestLength: () => this.request.length,
      catalogue: () => this.output(new Uint8Array(Float64Array.of(0, 0, 0).buffer)),
      report: () => {
        this.output(new TextEncoder().encode(this.report));
        const changed = this.report !== this.reported;
        this.reported = this.report;
        return changed;
      },
      restarts: () => {
        this.output(new TextEncoder().encode(this.restarts));
        return this.restarts !== '';
      },
      setPurge: (purge) => void (this.purge = purge),
      lines: () => this.query(16),
      pick: (seriesCount) => this.query(seriesCount),
      steps: (seriesCount) => this.query(seriesCount),
      points: () => this.query(0),
      columns: () => this.query(0),
      payloads: (_series, pointCount) => {
        const points = [...new Float64Array(this.heap, 0, pointCount)];
        const one = this.payload && points.map((point) => [point, ...Object.values(this.payload ?? {}), 5, 0]);
        const many = this.undecoded.filter(([point]) => points.includes(point)).map((row) => [...row, 5, 0]);
        // Text and numbers are in one place here: without a plugin.
        this.output(new Uint8Array(Float64Array.from((one ?? many).flat()).buffer));
        this.textSize = 0;
      },
    };
  }

  private valuesSession(): ValuesSession {
    return {
      ...this.exchange(),
      value: (_storage, _split, length) => {
        this.valueInput = this.inputOf(length);
        // Text and numbers are in one place here: these are a whole number of words.
        this.output(new TextEncoder().encode(this.facts.padEnd(Math.ceil(this.facts.length / 8) * 8)));
      },
      content: (_storage, _split, length) => this.output(this.inputOf(length)),
      missingHistograms: (_series, pointCount) => {
        this.input = [...new Float64Array(this.heap, 0, pointCount)];
        const missing = this.undecoded.map(([point]) => point).filter((point) => this.input.includes(point));
        this.output(new Uint8Array(Float64Array.from(missing).buffer));
      },
      addHistogram: (_series, point, _storage, _split, length) => {
        this.undecoded = this.undecoded.filter(([other]) => other !== point);
        this.decoded.push({ point, bytes: this.inputOf(length) });
        return this.decoded.length <= this.maxDecoded;
      },
      histogramFacts: (_series, pointCount) => this.query(pointCount),
      histogramGrid: (_series, pointCount, edgeCount) => this.query(2 * pointCount + edgeCount),
      compatibleBins: (_series, pointCount) => this.query(pointCount),
      histogramDistance: () => 0.5,
      media: (_plugin, _storage, _split, length) => (
        this.output(new TextEncoder().encode('{"storage":"image","error":"","count":0,"items":[]}')),
        void this.inputOf(length)
      ),
      openClip: () => -1,
      closeClip: () => undefined,
      stepClip: () => 0,
      waveform: () => undefined,
      spectrogram: () => undefined,
    };
  }
}

const OUTPUT = 1 << 20;

/** In place of `archive.wasm`, where nothing is one. */
export const noArchives: SourceRef = { id: 0, path: 'none', bytes: new ArrayBuffer(0) };

import { FeedStatus, PayloadPlace, type WasmModule, type WasmSession } from '../../web/src/engine/wasm_session';

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

/** A wasm side without C++: remembers what it is fed, and answers what a test tells it to. */
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
  /** Where findPayload() finds a payload. */
  payload: { place: PayloadPlace; file: number; offset: number; length: number } | undefined;
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
  readonly dumpPurges: number[] = [];
  /** What the next restarts() tells; '' = nothing. */
  restarts = '';
  abort = false;

  readonly module: WasmModule;
  private heap = new ArrayBuffer(1 << 21);
  private request = { offset: 0, length: 0 };
  private out: Uint8Array = new Uint8Array();
  private reported = '[]';

  constructor() {
    // The class that WasmLog makes is a view of this object.
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const fake = this;
    this.module = {
      get HEAPU8() {
        return new Uint8Array(fake.heap);
      },
      Session: class {
        constructor() {
          return fake.session();
        }
      } as unknown as WasmModule['Session'],
    };
  }

  /** All bytes that a file was fed, as text. */
  text(file: number): string {
    const decoder = new TextDecoder();
    return (this.files[file]?.pieces ?? []).map((piece) => decoder.decode(piece)).join('');
  }

  private session(): WasmSession {
    const file = (id: number): FakeFile => this.files[id] as FakeFile;
    const answer = (of: FakeFile): FeedStatus => {
      if (this.abort) throw new WebAssembly.RuntimeError('Aborted(OOM)');
      const { status, offset = 0, length = 0 } = this.onBytes(of);
      this.request = { offset, length };
      return status;
    };
    const input = (length: number): Uint8Array => new Uint8Array(this.heap).slice(0, length);
    const output = (bytes: Uint8Array): void => {
      this.out = bytes;
      new Uint8Array(this.heap).set(bytes, OUTPUT);
    };
    const query = (words: number): void => {
      if (this.abort) throw new WebAssembly.RuntimeError('Aborted(OOM)');
      this.input = [...new Float64Array(this.heap, 0, words)];
      output(new Uint8Array(Float64Array.from(this.numbers).buffer));
    };
    return {
      reserveInput: () => {
        // The heap grows: views of it that were kept are dead now.
        this.heap = structuredClone(this.heap, { transfer: [this.heap] });
        return 0;
      },
      numbersPointer: () => OUTPUT,
      numbersSize: () => this.out.length,
      textPointer: () => OUTPUT,
      textSize: () => this.out.length,
      openFile: (run, name, size) =>
        this.files.push({ run, name, size, pieces: [], provided: [], finished: false, abandoned: false }) - 1,
      feed: (id, length) => {
        file(id).pieces.push(input(length));
        return answer(file(id));
      },
      provide: (id, length) => {
        file(id).provided.push(input(length));
        return answer(file(id));
      },
      finish: (id) => {
        file(id).finished = true;
        return answer(file(id));
      },
      abandon: (id) => void (file(id).abandoned = true),
      kindOf: () => 0,
      openArchive: () => 0,
      stepArchive: () => 5,
      provideArchive: () => undefined,
      openEntry: () => undefined,
      closeArchive: () => undefined,
      dataPointer: () => OUTPUT,
      dataSize: () => 0,
      requestOffset: () => this.request.offset,
      requestLength: () => this.request.length,
      catalogue: () => output(new Uint8Array(Float64Array.of(0, 0, 0).buffer)),
      report: () => {
        output(new TextEncoder().encode(this.report));
        const changed = this.report !== this.reported;
        this.reported = this.report;
        return changed;
      },
      restarts: () => {
        output(new TextEncoder().encode(this.restarts));
        return this.restarts !== '';
      },
      setPurge: (purge) => void (this.purge = purge),
      lines: () => query(16),
      pick: (seriesCount) => query(seriesCount),
      addFileBeside: () => undefined,
      beginProjector: () => FeedStatus.More,
      provideProjector: () => FeedStatus.More,
      beginDump: (purge) => {
        this.dumpPurges.push(purge);
        output(new TextEncoder().encode('{}'));
        return FeedStatus.More;
      },
      provideDump: () => FeedStatus.More,
      requestFile: () => this.payload?.file ?? 0,
      steps: (seriesCount) => query(seriesCount),
      points: () => query(0),
      findPayload: () => {
        if (!this.payload) return PayloadPlace.None;
        this.request = this.payload;
        return this.payload.place;
      },
      value: (_series, _point, length) => {
        this.valueInput = input(length);
        // Text and numbers are in one place here: these are a whole number of words.
        output(new TextEncoder().encode(this.facts.padEnd(Math.ceil(this.facts.length / 8) * 8)));
      },
      content: (_series, _point, length) => output(input(length)),
      missingHistograms: (_series, pointCount) => {
        this.input = [...new Float64Array(this.heap, 0, pointCount)];
        const missing = this.undecoded.filter(([point]) => this.input.includes(point));
        output(new Uint8Array(Float64Array.from(missing.flat()).buffer));
      },
      addHistogram: (_series, point, length) => {
        this.undecoded = this.undecoded.filter(([other]) => other !== point);
        this.decoded.push({ point, bytes: input(length) });
        return this.decoded.length <= this.maxDecoded;
      },
      histogramFacts: (_series, pointCount) => query(pointCount),
      histogramGrid: (_series, pointCount, edgeCount) => query(2 * pointCount + edgeCount),
      compatibleBins: (_series, pointCount) => query(pointCount),
      histogramDistance: () => 0.5,
      media: (_series, _point, length) => (
        output(new TextEncoder().encode('{"storage":"image","error":"","count":0,"items":[]}')),
        void input(length)
      ),
      openClip: () => -1,
      closeClip: () => undefined,
      stepClip: () => 0,
      waveform: () => undefined,
      spectrogram: () => undefined,
      releaseBuffers: () => void this.released++,
    };
  }
}

const OUTPUT = 1 << 20;

/**
 * Which embeddings there are, by what single files are: configs, tensors, checkpoints and metadata joined by their paths and
 * names, and those of one name as its steps.
 */

import { directoryOf, nameOf } from '../../sources/event_files';
import { isLabels } from '../../sources/find_neighbours';
import {
  keyOf,
  type Embedding,
  type EmbeddingFile,
  type EmbeddingProblem,
  type EmbeddingStep,
  type FileTensor,
  type FoundEmbeddings,
  type Looked,
  type LookedEmbedding,
  type Sprite,
  type TensorSeries,
  type Variable,
} from './embeddings';

/** What was found out of files and series, by path. */
export interface Findings {
  looked: ReadonlyMap<string, Looked>;
  /** Datasets of HDF5 files. */
  h5: ReadonlyMap<string, readonly Variable[]>;
  /** Series whose last tensor is of rank 2, and its shape and type. */
  series: readonly (TensorSeries & { shape: [number, number]; dtype: string })[];
  /** Of files that could not be looked at. */
  problems: readonly EmbeddingProblem[];
}

/** Whether a file has to be looked at: it was dropped alone, or its name says that it may have embeddings. */
export function isLookedAt({ path, alone }: EmbeddingFile): boolean {
  return alone || /(?:^|\/)projector_config\.pbtxt$|\.index$|\.h5$/.test(path);
}

/** Of several checkpoints of one name: "keras_embedding.ckpt-12". */
const STEP = /^(.*)-(\d+)$/;
/** Where TensorBoard keeps the files of its plugin in a run. */
const PLUGIN_FOLDER = /(?:^|\/)plugins\/org_tensorflow_tensorboard_projector$/;
/** What object-based checkpoints put behind the names of variables (tensorflow/core/protobuf/trackable_object_graph.proto). */
const ATTRIBUTE = /\/\.ATTRIBUTES\/VARIABLE_VALUE$/;
const NUMBERS = /^(?:b?float|u?int|bool)\d*$/;

export function findEmbeddings(files: readonly EmbeddingFile[], findings: Findings): FoundEmbeddings {
  return new Finder(files, findings).find();
}

class Finder {
  private readonly paths: ReadonlySet<string>;
  private readonly found = new Map<string, Embedding>();
  private readonly problems: EmbeddingProblem[];
  /** Files that configs name: none of them is an embedding by itself. */
  private readonly named = new Set<string>();

  constructor(
    private readonly files: readonly EmbeddingFile[],
    private readonly findings: Findings,
  ) {
    this.paths = new Set(files.map(({ path }) => path));
    this.problems = [...findings.problems];
  }

  find(): FoundEmbeddings {
    this.addCheckpoints();
    const configs = [...this.findings.looked].flatMap(([path, looked]) => {
      return looked.kind === 'config' ? [{ path, looked }] : [];
    });
    for (const { path, looked } of configs) {
      if (looked.problem) this.problems.push(looked.problem);
      for (const embedding of looked.embeddings) {
        const { tensor, metadata, sprite, bookmarks } = embedding;
        for (const file of [tensor, metadata, sprite, bookmarks]) this.named.add(file);
        if (embedding.tensor === '' && embedding.problems.every(({ text }) => !this.isTensor(text))) {
          this.attach(path, looked.checkpoint, embedding);
        } else this.addNamed(path, embedding);
      }
    }
    this.addAlone();
    for (const { run, tag, shape, dtype, series, steps, points } of this.findings.series) {
      for (const [i, point] of points.entries()) {
        this.add({ run, name: tag, label: tag, origin: 'tensors', shape, dtype }, readable(steps[i] ?? NaN, { kind: 'point', series, point })); // prettier-ignore
      }
    }
    this.addLaterLabels();
    const embeddings = [...this.found.values()];
    for (const { steps } of embeddings) steps.sort((a, b) => (a.step || 0) - (b.step || 0));
    return { embeddings: embeddings.sort(inOrder), problems: this.problems };
  }

  /** Whether a path that leads out of the folder is that of a tensor: of nothing else the name matters here. */
  private isTensor(path = ''): boolean {
    return /\.(?:tsv|npy|bytes|csv|txt)$/.test(path);
  }

  private addCheckpoints(): void {
    for (const [path, looked] of this.findings.looked) {
      if (looked.kind !== 'checkpoint') continue;
      if (looked.problem) this.problems.push(looked.problem);
      this.addVariables('checkpoint', path, path.replace(/\.index$/, ''), looked.variables);
    }
    for (const [path, variables] of this.findings.h5) {
      this.addVariables('weights', path, path.replace(/(?:\.weights)?\.h5$/, ''), variables);
    }
  }

  private addVariables(
    origin: 'checkpoint' | 'weights',
    path: string,
    prefix: string,
    variables: readonly Variable[],
  ): void {
    const [, group = prefix, step = ''] = STEP.exec(prefix) ?? [];
    const form = origin === 'checkpoint' ? 'checkpoint' : 'h5';
    for (const { name, dtype, shape } of variables) {
      const [rows, columns] = shape;
      if (shape.length !== 2 || rows === undefined || columns === undefined) continue;
      if (!NUMBERS.test(dtype) || name.includes('.OPTIMIZER_SLOT')) continue;
      this.add(
        {
          run: directoryOf(path),
          name: `${nameOf(group)}/${name}`,
          label: name.replace(ATTRIBUTE, '').replace(/\/vars\/0$/, ''),
          origin,
          shape: [rows, columns],
          dtype,
        },
        readable(step === '' ? NaN : Number(step), { kind: 'file', path, form, name }),
      );
    }
  }

  /** An embedding of a config that names the file of its tensor. */
  private addNamed(config: string, embedding: LookedEmbedding): void {
    const { name, tensor, form, shape } = embedding;
    const folder = directoryOf(config);
    // torch.utils.tensorboard, add_embedding: "tag:00010" in the folder "00010".
    const [, tag = name, digits = ''] = /^(.*):(\d+)$/.exec(name) ?? [];
    const isStep = digits !== '' && belowOf(folder, tensor).startsWith(`${digits}/`);
    const place: FileTensor = {
      path: tensor,
      form,
      ...(shape.length === 2 ? { shape: shape as [number, number] } : {}),
    };
    const step = readable(isStep ? Number(digits) : NaN, { kind: 'file', ...place });
    this.describe(config, step, embedding);
    step.isReadable = tensor !== '' && this.has(tensor);
    if (tensor !== '' && !step.isReadable) step.problems.unshift({ fault: 'missing', path: config, text: tensor });
    const label = isStep ? tag : name;
    this.add({ run: runOf(folder), name: label, label, origin: 'config', ...shapeOf(shape), dtype: '' }, step);
  }

  /** What a config says of a variable of checkpoints: those that it names, or those at and below its folder. */
  private attach(config: string, checkpoint: string, embedding: LookedEmbedding): void {
    const folder = directoryOf(config);
    const run = runOf(folder);
    const isBelow = (path: string): boolean => run === '.' || path === run || path.startsWith(`${run}/`);
    const around = [...this.found.values()].filter((one) => isBelow(one.run));
    const variable = embedding.name.replace(/:0$/, '');
    const named = around.filter(({ origin, steps }) => {
      return origin === 'checkpoint' && steps.some(({ place }) => nameIn(place) === variable);
    });
    // A path of the machine that wrote it is known by its end.
    const isNamed = ({ steps }: Embedding): boolean => {
      return steps.some(({ place }) => place.kind === 'file' && nameOf(place.path) === `${nameOf(checkpoint)}.index`);
    };
    const ofCheckpoint = checkpoint === '' ? named : named.filter(isNamed);
    // Keras 3 names the variable that Keras 2 would have written.
    const weights = around.filter(
      ({ origin, name }) => origin === 'weights' && /\/embedding[^/]*\/vars\/0$/.test(name),
    );
    const these = ofCheckpoint.length > 0 ? ofCheckpoint : weights.slice(0, 1);
    for (const { steps } of these) for (const step of steps) this.describe(config, step, embedding);
    if (these.length > 0) return;
    const step = readable(NaN, { kind: 'file', path: '', form: 'checkpoint', name: variable });
    this.describe(config, step, embedding);
    step.isReadable = false;
    step.problems.unshift({ fault: 'no_checkpoint', path: config, text: variable });
    const label = variable.replace(ATTRIBUTE, '');
    this.add({ run, name: variable, label, origin: 'config', dtype: '' }, step);
  }

  private describe(config: string, step: EmbeddingStep, embedding: LookedEmbedding): void {
    const { metadata, sprite, spriteSize, bookmarks, problems } = embedding;
    step.problems.push(...problems);
    const take = (path: string): string | undefined => {
      if (path === '' || this.has(path)) return path === '' ? undefined : path;
      step.problems.push({ fault: 'missing', path: config, text: path });
      return undefined;
    };
    const [width = 0, height = 0] = spriteSize;
    const found: { metadata?: string | undefined; sprite?: Sprite | undefined; bookmarks?: string | undefined } = {
      metadata: take(metadata),
      bookmarks: take(bookmarks),
    };
    const image = take(sprite);
    if (image !== undefined && width > 0 && height > 0) found.sprite = { path: image, width, height };
    Object.assign(step, Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)));
  }

  /** Files that are embeddings by themselves, with the labels beside them. */
  private addAlone(): void {
    const alone = this.files.filter(({ path, alone }) => alone && !this.named.has(path));
    const tensors: [path: string, step: EmbeddingStep, facts: Pick<Embedding, 'shape' | 'dtype'>, name: string][] = [];
    for (const { path } of alone) {
      const looked = this.findings.looked.get(path);
      if (!looked) continue;
      if (looked.kind === 'table' || looked.kind === 'words') {
        tensors.push([path, readable(NaN, { kind: 'file', path, form: looked.kind }), { dtype: '' }, '']);
      } else if (looked.kind === 'npy' || looked.kind === 'npz') {
        for (const { name, dtype, shape } of looked.variables) {
          const [rows, columns = 1] = shape;
          if (rows === undefined || shape.length > 2) continue;
          const step = readable(NaN, { kind: 'file', path, form: looked.kind, ...(name === '' ? {} : { name }) });
          tensors.push([path, step, { dtype, shape: [rows, columns] }, name]);
        }
      }
    }
    const taken = new Set<string>();
    for (const [path, step, facts, name] of tensors) {
      const folder = directoryOf(path);
      const isTable = this.findings.looked.get(path)?.kind === 'table';
      const others = tensors.some(([other]) => directoryOf(other) === folder && !isLabels(other));
      // Numbers among labels are no points; vectors of words may be called anything.
      if (isLabels(path) && (isTable || others)) continue;
      const beside = alone.map((file) => file.path).filter((other) => other !== path && directoryOf(other) === folder);
      const metadata = this.labelsOf(path, facts.shape?.[0], beside);
      if (metadata !== undefined) {
        taken.add(metadata);
        step.metadata = metadata;
      }
      const label = name === '' ? nameOf(path) : `${nameOf(path)}/${name}`;
      this.add({ run: folder, name: label, label, origin: 'file', ...facts }, step);
    }
    const isNothing = this.found.size === 0 && this.findings.series.length === 0;
    for (const { path } of alone) {
      const looked = this.findings.looked.get(path);
      const isOnlyLabels = isLabels(path) && (looked?.kind === 'none' || looked?.kind === 'table');
      if (isOnlyLabels && isNothing) this.problems.push({ fault: 'only_labels', path });
      else if (looked?.kind === 'none' && !isLabels(path) && !taken.has(path)) this.problems.push(looked.problem);
    }
  }

  /** Labels that came later take the place of others: whoever drops them wants them. */
  private addLaterLabels(): void {
    for (const { path, labelsOf } of this.files) {
      const labelled = labelsOf && this.found.get(keyOf(labelsOf));
      for (const step of labelled?.steps ?? []) step.metadata = path;
    }
  }

  /**
   * The file of labels that belongs to a tensor, as the public projector is given pairs: by its name, if that says so; else
   * by its rows.
   */
  private labelsOf(path: string, rows: number | undefined, beside: readonly string[]): string | undefined {
    const fits = (other: string): boolean | undefined => {
      const [own, others] = [rows ?? this.rowsOf(path), this.rowsOf(other)];
      return own === undefined || others === undefined ? undefined : isOfRows(others, own);
    };
    const labels = beside.filter(isLabels);
    const [only] = labels;
    return (
      labels.find((other) => stemOf(other) === stemOf(path)) ??
      labels.find(fits) ??
      (only !== undefined && labels.length === 1 && fits(only) !== false ? only : undefined) ??
      beside.find((other) => this.findings.looked.get(other)?.kind === 'none' && fits(other))
    );
  }

  private rowsOf(path: string): number | undefined {
    const looked = this.findings.looked.get(path);
    return looked && 'rows' in looked ? looked.rows : undefined;
  }

  private has(path: string): boolean {
    return this.paths.has(path) || /^https?:\/\//.test(path);
  }

  /** One more step of an embedding; two of one step are two embeddings. */
  private add(facts: Omit<Embedding, 'steps'>, step: EmbeddingStep): void {
    for (let n = 1; ; n++) {
      const name = n === 1 ? facts.name : `${facts.name} (${String(n)})`;
      const key = keyOf({ run: facts.run, name });
      const known = this.found.get(key);
      if (known?.steps.some((other) => Object.is(other.step, step.step))) continue;
      if (known && known.origin !== facts.origin) continue;
      if (!known) this.found.set(key, { ...facts, name, steps: [step] });
      else {
        const isLast = known.steps.every((other) => other.step < step.step);
        known.steps.push(step);
        if (isLast && facts.shape) known.shape = facts.shape;
      }
      return;
    }
  }
}

/** Whether so many lines are labels of so many rows: they may have a header. */
function isOfRows(lines: number, rows: number): boolean {
  return lines === rows || lines === rows + 1;
}

function readable(step: number, place: EmbeddingStep['place']): EmbeddingStep {
  return { step, place, problems: [], isReadable: true };
}

function runOf(folder: string): string {
  const run = folder.replace(PLUGIN_FOLDER, '');
  return run === '' ? '.' : run;
}

function belowOf(folder: string, path: string): string {
  return folder === '.' ? path : path.slice(folder.length + 1);
}

function shapeOf([rows, columns]: readonly number[]): { shape?: [number, number] } {
  return rows === undefined || columns === undefined ? {} : { shape: [rows, columns] };
}

function nameIn(place: EmbeddingStep['place']): string | undefined {
  return place.kind === 'file' ? place.name : undefined;
}

/** What the files of a pair have in common: 'mnist' of mnist_tensors.tsv and mnist-metadata.tsv. */
function stemOf(path: string): string {
  const words = nameOf(path).toLowerCase().replace(/\.[^.]*$/, '').split(/[._-]+/); // prettier-ignore
  return words
    .filter((word) => !/^(?:meta|metadata|labels?|tensors?|vectors?|vecs?|embeddings?)$/.test(word))
    .join(' ');
}

const ORIGINS = ['config', 'checkpoint', 'weights', 'tensors', 'file'];

/** By run and origin; what optimizers keep of variables comes last. */
function inOrder(a: Embedding, b: Embedding): number {
  const isState = ({ label }: Embedding): number => Number(/^optimizer\//.test(label));
  const collator = (x: string, y: string): number => x.localeCompare(y, 'en', { numeric: true });
  return (
    collator(a.run, b.run) ||
    isState(a) - isState(b) ||
    ORIGINS.indexOf(a.origin) - ORIGINS.indexOf(b.origin) ||
    collator(a.name, b.name)
  );
}

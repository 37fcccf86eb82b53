/** `Graphs` over a small hand-made model, for looking at and testing the view without a worker. */
import type {
  Box,
  DifferenceKind,
  EdgePiece,
  GraphFacts,
  GraphHits,
  Graphs,
  NodeFacts,
  OpCount,
  Outline,
  OutlineRow,
  Scene,
  SceneQuery,
  ShortestPath,
  TablePage,
  TableQuery,
  TableRow,
  Trace,
  TraceDirection,
} from '../../web/src/engine/graphs/graphs';

/** An op of the model. */
export interface FakeOp {
  name: string;
  op: string;
  inputs: string[];
  controls: string[];
  shape: string;
  micros: number;
  difference: DifferenceKind;
}

const BLOCKS = 12;
const TOP_GAP = 24;
const [HEAD, PADDING] = [26, 16];

/** A transformer as the mock-up has it: stem, twelve blocks of which each is as the others, head, loss, gradients. */
export function modelOps(): FakeOp[] {
  const ops: FakeOp[] = [];
  const add = (name: string, op: string, inputs: string[], shape = '64×197×384', controls: string[] = []): string => {
    ops.push({ name, op, inputs, controls, shape, micros: op === 'MatMul' ? 610 : 90, difference: 'same' });
    return name;
  };
  let last = add('images', 'Placeholder', [], '64×3×224×224');
  for (const part of ['conv', 'bias', 'norm', 'reshape']) last = add(`stem/${part}`, 'Conv2D', [last]);
  for (let i = 0; i < BLOCKS; i++) {
    const block = `encoder/block_${i}`;
    const norm = add(`${block}/norm1`, 'LayerNorm', [last]);
    let inner = add(`${block}/attn/qkv/MatMul`, 'MatMul', [norm]);
    inner = add(`${block}/attn/scores/BatchMatMul`, 'BatchMatMul', [inner], '64×6×197×197');
    inner = add(`${block}/attn/Softmax`, 'Softmax', [inner, 'dropout_seed'], '64×6×197×197');
    inner = add(`${block}/attn/proj/MatMul`, 'MatMul', [inner]);
    const sum = add(`${block}/Add`, 'AddV2', [inner, last]);
    inner = add(`${block}/norm2`, 'LayerNorm', [sum]);
    for (const part of ['fc1', 'gelu', 'fc2']) inner = add(`${block}/mlp/${part}`, 'MatMul', [inner]);
    last = add(`${block}/Add_1`, 'AddV2', [inner, sum]);
  }
  for (const part of ['norm', 'pool', 'dense']) last = add(`head/${part}`, 'MatMul', [last], '64×100');
  last = add('logits', 'Identity', [last], '64×100');
  last = add('loss/cross_entropy', 'CrossEntropy', [last], '64');
  for (let i = 0; i < 3; i++) last = add(`gradients/grad_${i}`, 'MatMulGrad', [last], '384×384');
  add('AdamW/apply', 'ResourceApplyAdam', [], '', [last]);
  add('dropout_seed', 'Const', [], 'scalar');
  return ops;
}

export class FakeGraphs implements Graphs {
  private model: FakeOp[];
  private scenes: Scene | undefined;
  /** Every call, by name, for those who count them. */
  readonly calls: string[] = [];

  constructor(ops = modelOps()) {
    this.model = ops;
  }

  open(): Promise<GraphFacts> {
    this.calls.push('open');
    return Promise.resolve(this.facts(1, false));
  }

  compare(): Promise<GraphFacts> {
    this.model = this.model.map((op, i) => {
      const difference = (['same', 'same', 'same', 'changed', 'added', 'removed'] as const)[i % 6] ?? 'same';
      return { ...op, difference };
    });
    return Promise.resolve(this.facts(2, true));
  }

  close(): void {
    this.calls.push('close');
  }

  private facts(graph: number, compared: boolean): GraphFacts {
    return {
      graph,
      form: 'ops',
      nodes: this.model.length,
      edges: this.model.reduce((sum, { inputs }) => sum + inputs.length, 0),
      functions: 0,
      producer: 'TensorFlow graph version 1882',
      has: { time: true, memory: false, devices: false, clusters: false, shapes: true, parameters: false },
      compared,
      faults: [{ kind: 'dangling', count: 1, example: 'encoder/mask' }],
    };
  }

  /** Children of a path, in the order of the model: as the outline has them, stacks unfolded where `open` says so. */
  private children(path: string, open: ReadonlySet<string>): OutlineRow[] {
    const rows = new Map<string, OutlineRow>();
    const stacked = /^(.*)\[(\d+)-(\d+)\]$/.exec(path);
    for (const op of this.model) {
      const prefix = stacked ? `${stacked[1]}` : path === '' ? '' : `${path}/`;
      if (!op.name.startsWith(prefix)) continue;
      const base = stacked ? prefix.slice(0, prefix.lastIndexOf('/') + 1) : prefix;
      const rest = op.name.slice(base.length);
      const label = rest.split('/')[0] as string;
      const own = `${base}${label}`;
      if (stacked) {
        const at = Number(own.slice(prefix.length));
        if (at < Number(stacked[2]) || at > Number(stacked[3])) continue;
      }
      const row = rows.get(own);
      const isOp = own === op.name;
      if (row) row.ops++;
      else rows.set(own, { path: own, label, kind: isOp ? 'op' : 'group', ops: 1, expandable: !isOp, colour: isOp ? -1 : colourOf(label), aside: false, difference: op.difference }); // prettier-ignore
    }
    const list = [...rows.values()];
    if (stacked) return list;
    // Runs of blocks that nobody has opened are stacks.
    const folded: OutlineRow[] = [];
    for (let i = 0; i < list.length;) {
      let end = i;
      while (/^block_\d+$/.test(list[end]?.label ?? '') && !open.has(list[end]?.path ?? '')) end++;
      if (end - i < 2) {
        folded.push(list[i++] as OutlineRow);
        continue;
      }
      const run = list.slice(i, end);
      const [first, last] = [run[0] as OutlineRow, run.at(-1) as OutlineRow];
      const [from, to] = [first, last].map(({ label }) => label.slice('block_'.length)) as [string, string];
      const stack = `${first.path.slice(0, -from.length)}[${from}-${to}]`;
      folded.push({ ...first, path: stack, label: `${first.label} … ${to}`, kind: 'stack', ops: run.reduce((sum, row) => sum + row.ops, 0) }); // prettier-ignore
      i = end;
    }
    return folded;
  }

  scene(_: number, { open, takenOut }: SceneQuery): Promise<Scene> {
    this.calls.push('scene');
    const boxes: Box[] = [];
    const pieces: EdgePiece[] = [];
    const isOpen = new Set(open);
    const out = new Set(['dropout_seed', ...takenOut]);
    /** Lays the children of a path out below each other; returns their size. */
    const layOut = (path: string, parent: number): { width: number; height: number } => {
      const rows = this.children(path, isOpen).filter((row) => !out.has(row.path));
      const mine: number[] = [];
      let [width, height] = [0, 0];
      for (const row of rows) {
        const opened = row.expandable && isOpen.has(row.path) && row.kind !== 'stack';
        const i = boxes.length;
        const isOp = row.kind === 'op';
        const note = isOp ? '' : row.kind === 'stack' ? `${row.ops / 11} × 11 ops, identical` : `${row.ops} ops`;
        boxes.push({
          kind: row.kind,
          path: row.path,
          label: row.label,
          note,
          x: 0,
          y: height,
          width: isOp ? 24 + 7 * row.label.length : Math.max(140, 20 + 6 * Math.max(row.label.length, note.length)),
          height: isOp ? 20 : 36,
          parent,
          open: opened,
          expandable: row.expandable,
          valueRoom: false,
          ops: row.ops,
          colour: row.colour,
          share: 1,
          difference: row.difference,
          constants: row.label === 'fc1' ? 2 : 0,
          summaries: 0,
          members: row.kind === 'stack' ? row.ops / 11 : 1,
          header: Infinity,
        });
        const box = boxes[i] as Box;
        if (opened) {
          const size = layOut(row.path, i);
          [box.width, box.height] = [size.width + 2 * PADDING, size.height + HEAD + PADDING];
        }
        mine.push(i);
        width = Math.max(width, box.width);
        height += box.height + TOP_GAP;
      }
      for (const i of mine) {
        const box = boxes[i] as Box;
        box.x = (width - box.width) / 2;
      }
      return { width, height: Math.max(0, height - TOP_GAP) };
    };
    const size = layOut('', -1);
    // From places in the box around to places in the drawing.
    for (const box of boxes) {
      const around = boxes[box.parent];
      if (!around) continue;
      box.x += around.x + PADDING;
      box.y += around.y + HEAD;
    }
    const holder = (name: string): number => {
      let found = -1;
      boxes.forEach(({ path, kind, members }, i) => {
        const isIn = kind === 'stack' ? isMember(name, path) : name === path || name.startsWith(`${path}/`);
        if (isIn && members > 0) found = i;
      });
      return found;
    };
    const seen = new Set<string>();
    for (const op of this.model) {
      const to = holder(op.name);
      for (const [kind, inputs] of [
        ['data', op.inputs],
        ['control', op.controls],
      ] as const)
        // prettier-ignore
        for (const input of inputs) {
          const from = holder(input);
          const key = `${from} ${to}`;
          if (from === to || from < 0 || to < 0 || out.has(input) || seen.has(key)) continue;
          seen.add(key);
          const [a, b] = [boxes[from] as Box, boxes[to] as Box];
          const [x0, x1] = [a.x + a.width / 2, b.x + b.width / 2];
          const far = Math.abs(b.y - a.y - a.height) > 3 * TOP_GAP;
          const side = Math.max(a.x + a.width, b.x + b.width) + 24;
          const points = far
            ? [x0, a.y + a.height, x0, a.y + a.height + 8, side, a.y + a.height + 8, side, b.y - 12, x1, b.y - 12, x1, b.y]
            : [x0, a.y + a.height, x1, b.y];
          const shape = this.model.find(({ name }) => name === input)?.shape ?? '';
          pieces.push({ from, to, kind, width: kind === 'data' ? 2.6 : 1.2, points: Float64Array.from(points), label: shape, labelX: NaN, labelY: NaN, upward: b.y < a.y, difference: 'same' }); // prettier-ignore
        }
    }
    this.scenes = {
      version: (this.scenes?.version ?? 0) + 1,
      boxes,
      pieces,
      width: size.width,
      height: size.height,
      takenOut: [...out].map((path) => ({ path, edges: 12, byHand: takenOut.includes(path) })),
      legend: ['encoder/block_0', 'stem', 'attn', 'mlp', 'head'].map((label) => ({ label, count: label === 'stem' ? 1 : 12 })), // prettier-ignore
      most: 0,
      coarse: [],
      took: 12,
    };
    return Promise.resolve(this.scenes);
  }

  outline(_: number, path: string, from: number, count: number): Promise<Outline> {
    const rows = this.children(path, new Set());
    return Promise.resolve({ total: rows.length, rows: rows.slice(from, from + count) });
  }

  private matching(query: string): FakeOp[] {
    const [, term, value = ''] = /^(op|difference):(.*)$/.exec(query) ?? [];
    return this.model.filter(({ name, op, difference }) => {
      if (term === 'difference') return value === 'any' ? difference !== 'same' : difference === value;
      return term === 'op' ? op === value : name.includes(query);
    });
  }

  search(_: number, query: string): Promise<GraphHits> {
    const isBad = query.startsWith('/') && query.endsWith('(/');
    const hits = isBad ? [] : this.matching(query).map(({ name }) => ({ path: name, kind: 'op' as const }));
    return Promise.resolve({ total: hits.length, hits, problem: isBad ? 'This pattern is not closed: (' : '' });
  }

  node(_: number, path: string): Promise<NodeFacts | undefined> {
    const inside = this.model.filter(({ name }) => name === path || name.startsWith(`${path}/`));
    const [first] = inside;
    if (!first) return Promise.resolve(undefined);
    const isOp = first.name === path;
    const ports = (names: string[]) =>
      names.map((name) => ({ path: name, kind: 'data' as const, shape: '64×197×384 f16', stub: false }));
    const outputs = this.model.filter(({ inputs }) =>
      inputs.some((input) => inside.some(({ name }) => name === input)),
    );
    const inputs = [...new Set(inside.flatMap((op) => op.inputs))].filter(
      (input) => !inside.some(({ name }) => name === input),
    );
    const micros = inside.reduce((sum, op) => sum + op.micros, 0);
    return Promise.resolve({
      path,
      label: path.split('/').at(-1) as string,
      kind: isOp ? 'op' : 'group',
      op: isOp ? first.op : 'MultiHeadAttention',
      device: '/device:GPU:0',
      cluster: '',
      ops: inside.length,
      parameters: 590_592,
      micros,
      timeShare: 0.061,
      memory: 19.4e6,
      identical: [`${path}_2`],
      identicalCount: 11,
      inputs: ports(inputs),
      outputs: ports(outputs.map(({ name }) => name)),
      controls: [],
      inputCount: inputs.length,
      outputCount: outputs.length,
      controlCount: 0,
      outputShapes: [first.shape],
      attributes: [
        { name: 'num_heads', text: '6', size: 1, cut: false },
        { name: 'use_bias', text: 'true', size: 4, cut: false },
        { name: '_output_shapes', text: '[64,197,384]', size: 12, cut: false },
        { name: 'value', text: 'x'.repeat(80), size: 4_000_000, cut: true },
      ],
      inside: isOp ? [] : inside.map(({ name, micros: own }) => ({ name, count: 1, micros: own })),
      difference: first.difference,
      changes: first.difference === 'changed' ? ['attribute "strides": [1,1] → [2,2]'] : [],
    });
  }

  attribute(): Promise<string> {
    return Promise.resolve('x'.repeat(5000));
  }

  trace(_: number, path: string, direction: TraceDirection, depth: number): Promise<Trace> {
    const names = new Set([path]);
    for (let i = 0, size = 0; i < depth && names.size !== size; i++) {
      size = names.size;
      for (const { name, inputs } of this.model) {
        if (direction !== 'outputs' && names.has(name)) for (const input of inputs) names.add(input);
        if (direction !== 'inputs' && inputs.some((input) => names.has(input))) names.add(name);
      }
    }
    return Promise.resolve(this.lit(names));
  }

  private lit(names: ReadonlySet<string>): Trace {
    const { boxes = [], pieces = [] } = this.scenes ?? {};
    const on = boxes.map(({ path }) => [...names].some((name) => name === path || name.startsWith(`${path}/`)));
    return {
      scene: this.scenes?.version ?? 0,
      boxes: Uint8Array.from(on, Number),
      pieces: Uint8Array.from(pieces, ({ from, to }) => Number(on[from] && on[to])),
      ops: names.size,
    };
  }

  shortestPath(_: number, from: string, to: string): Promise<ShortestPath> {
    return Promise.resolve({ ...this.lit(new Set([from, to])), path: [from, to] });
  }

  table(_: number, { query, sort, descending, from, count }: TableQuery): Promise<TablePage> {
    const rows = this.matching(query).map((op): TableRow => {
      return { path: op.name, op: op.op, device: '', shape: op.shape, micros: op.micros, memory: NaN, difference: op.difference }; // prettier-ignore
    });
    const key = (row: TableRow): string | number =>
      ({ name: row.path, op: row.op, device: row.device, shape: row.shape, time: row.micros, memory: 0 })[sort];
    rows.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) * (descending ? -1 : 1));
    return Promise.resolve({ total: rows.length, rows: rows.slice(from, from + count), problem: '' });
  }

  ops(): Promise<OpCount[]> {
    const counts = new Map<string, OpCount>();
    for (const { op, micros } of this.model) {
      const known = counts.get(op) ?? { op, count: 0, micros: 0 };
      counts.set(op, { op, count: known.count + 1, micros: known.micros + micros });
    }
    return Promise.resolve([...counts.values()].sort((a, b) => b.count - a.count));
  }
}

function isMember(name: string, stack: string): boolean {
  const [, prefix = '', from, to] = /^(.*)\[(\d+)-(\d+)\]$/.exec(stack) ?? [];
  const at = name.startsWith(prefix) ? /^\d+/.exec(name.slice(prefix.length))?.[0] : undefined;
  return at !== undefined && Number(at) >= Number(from) && Number(at) <= Number(to);
}

function colourOf(label: string): number {
  return (
    { stem: 1, attn: 6, mlp: 4, head: 1, loss: 8, gradients: 3, AdamW: 7 }[label] ?? (/^block/.test(label) ? 0 : -1)
  );
}

// node dagre.mjs FOLDER: one round of dagre over the levels of the folder: prints {dagre: {name: seconds}, …} with the
// crossings of its drawings and of ours, counted by the same program.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const dagre = createRequire(import.meta.url)('@dagrejs/dagre');
const folder = process.argv[2];
const results = { dagre: {}, crossings: {}, dagre_crossings: {} };
for (const name of ['residual_1000', 'layered_300', 'flat_300']) {
  const file = join(folder, `${name}.level`);
  const numbers = readFileSync(file, 'utf8').split(/\s+/).map(Number);
  let next = 2;
  const vertices = Array.from({ length: numbers[0] }, () => ({ width: numbers[next++], height: numbers[next++] }));
  const edges = Array.from({ length: numbers[1] }, () => [String(numbers[next++]), String(numbers[next++])]);
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  // Our distances.
  graph.setGraph({ nodesep: 24, edgesep: 8, ranksep: 28 });
  vertices.forEach((vertex, i) => graph.setNode(String(i), vertex));
  edges.forEach(([from, to], i) => graph.setEdge(from, to, {}, String(i)));

  const start = performance.now();
  dagre.layout(graph);
  results.dagre[`layout/${name}`] = (performance.now() - start) / 1000;

  const corners = vertices.map(({ width, height }, i) => {
    const { x, y } = graph.node(String(i));
    return `${x - width / 2} ${y - height / 2}`;
  });
  const lines = edges.map(([from, to], i) => {
    const { points } = graph.edge(from, to, String(i));
    return [points.length, ...points.flatMap(({ x, y }) => [x, y])].join(' ');
  });
  const drawing = join(process.env.BENCH_BUILD, `${name}.drawing`);
  writeFileSync(drawing, [...corners, ...lines, ''].join('\n'));
  const counted = execFileSync(process.env.BENCH_CROSSINGS, [file, drawing], { encoding: 'utf8' });
  const [ours, theirs] = counted.split(' ').map(Number);
  results.crossings[name] = ours;
  results.dagre_crossings[name] = theirs;
}
console.log(JSON.stringify(results));

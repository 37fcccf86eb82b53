// node node_tests.mjs FILE…: runs tests of node:test, a process for each file, and prints TAP. `node --test` begins files in the
// order of the alphabet, and a long one that comes last then runs alone: here the longest text begins first. As they wait for a
// browser or a server most of their time, twice as many run as there are cores.
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { run } from 'node:test';
import { tap } from 'node:test/reporters';

const files = process.argv.slice(2).sort((a, b) => statSync(b).size - statSync(a).size);
run({ files, concurrency: 2 * availableParallelism() })
  .on('test:fail', () => (process.exitCode = 1))
  .compose(tap)
  .pipe(process.stdout);

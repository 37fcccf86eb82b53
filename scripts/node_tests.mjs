// node node_tests.mjs FILE…: runs tests of node:test, a process for each file, and prints TAP, then "N passed, N failed".
//
// `node --test` begins files in the order of the alphabet, and a long one that comes last then runs alone: here the longest text
// begins first. As they wait for a browser or a server most of their time, twice as many run as there are cores.
//
// That makes a machine slow in places where it never is for people. A test that failed is run once more when nothing runs beside
// it; if it passes then it counts as passed and is named, so that it is known to depend on time.
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { run } from 'node:test';
import { tap } from 'node:test/reporters';
import { inspect } from 'node:util';

// More than these are no matter of chance, and would take long to be seen twice.
const MOST_TRIED_AGAIN = 5;

/** Runs the tests and tells of each that is not skipped. A file that ends too early is a test of its own, named after it. */
function attempt(options) {
  const passed = [];
  const failed = [];
  return new Promise((resolve, reject) => {
    run(options)
      .on('test:pass', ({ name, file, nesting, skip }) => nesting || skip !== undefined || passed.push({ name, file }))
      .on(
        'test:fail',
        ({ name, file, nesting, details }) => nesting || failed.push({ name, file, error: details.error }),
      )
      .compose(tap)
      .on('end', () => resolve({ passed, failed }))
      .on('error', reject)
      .pipe(process.stdout, { end: false });
  });
}

const escaped = (name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
const only = ({ name, file }) => (name === file ? {} : { testNamePatterns: [new RegExp(`^${escaped(name)}$`)] });

const files = process.argv.slice(2).sort((a, b) => statSync(b).size - statSync(a).size);
const { passed, failed } = await attempt({ files, concurrency: 2 * availableParallelism() });
const late = [];
for (const test of failed.length > MOST_TRIED_AGAIN ? [] : failed) {
  const again = await attempt({ files: [test.file], concurrency: 1, ...only(test) });
  if (again.failed.length === 0 && again.passed.length > 0) late.push(test);
}
const bad = failed.filter((test) => !late.includes(test));
for (const { name, file, error } of bad) console.log(`\nnot ok - ${name}\n${file}\n${inspect(error.cause ?? error)}`);
for (const { name } of late) console.log(`at the second try: ${name}`);
console.log(`${passed.length + late.length} passed, ${bad.length} failed`);
process.exitCode = bad.length === 0 ? 0 : 1;

// node node_tests.mjs FILE…: runs tests of node:test, a process for each file, and prints TAP, then "N passed, N failed".
//
// `node --test` begins files in the order of the alphabet, and a long one that comes last then runs alone: here the longest text
// begins first. As they wait for a browser or a server most of their time, twice as many run as there are cores.
//
// That makes a machine slow in places where it never is for people. A test that failed is run once more when nothing runs beside
// it; if it passes then it counts as passed and is named, so that it is known to depend on time.
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { run } from 'node:test';
import { tap } from 'node:test/reporters';
import { inspect } from 'node:util';

// More than these are no matter of chance, and would take long to be seen twice.
const MOST_TRIED_AGAIN = 5;

/**
 * Runs the tests of one file, or one of them, prints their TAP once all have ended, and tells of each that is not skipped. A
 * file that ends too early, or has none, is a test of its own that fails, named after it.
 */
async function attempt(file, name) {
  const passed = [];
  const failed = [];
  const fail = (name, error) => failed.push({ file, name, error });
  const testNamePatterns = name === undefined ? undefined : [new RegExp(`^${escaped(name)}$`)];
  const tests = run({ files: [file], testNamePatterns })
    .on('test:pass', ({ name, nesting, skip }) => {
      if (skip !== undefined) return;
      if (nesting === 0 && name === file) fail(name, new Error('There is no test in it'));
      else passed.push(name);
    })
    .on('test:fail', ({ name, nesting, details }) => nesting > 0 || fail(name, details.error));
  let text = '';
  for await (const line of tests.compose(tap)) text += line;
  process.stdout.write(`# ${file}\n${text}`);
  return { passed, failed };
}

const escaped = (name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

const files = process.argv
  .slice(2)
  .map((file) => resolve(file))
  .sort((a, b) => statSync(b).size - statSync(a).size);
let passed = 0;
const failed = [];
// All take the next one from the same iterator.
const queue = files.values();
const runAll = async () => {
  for (const file of queue) {
    const result = await attempt(file);
    passed += result.passed.length;
    failed.push(...result.failed);
  }
};
await Promise.all(Array.from({ length: 2 * availableParallelism() }, runAll));

const late = [];
for (const test of failed.length > MOST_TRIED_AGAIN ? [] : failed) {
  const again = await attempt(test.file, test.name);
  if (again.failed.length === 0 && again.passed.includes(test.name)) late.push(test);
}
const bad = failed.filter((test) => !late.includes(test));
for (const { name, file, error } of bad) console.log(`\nnot ok - ${name}\n${file}\n${inspect(error.cause ?? error)}`);
for (const { name } of late) console.log(`at the second try: ${name}`);
console.log(`${passed + late.length} passed, ${bad.length} failed`);
process.exitCode = bad.length === 0 ? 0 : 1;

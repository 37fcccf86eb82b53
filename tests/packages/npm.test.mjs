/** The npm package, installed in an empty folder: what programs get of it. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { publint } from 'publint';
import { emptyFolder, npmInstall, ROOT, run, startServer, VERSION } from './programs.mjs';

const LOGS = join(ROOT, 'tests/data/torch_training/logs');
let folder;

before(async () => {
  folder = await emptyFolder();
  await writeFile(join(folder, 'package.json'), '{"private": true, "type": "module"}');
  await npmInstall(folder);
});

const bin = (...args) => run(join(folder, 'node_modules/.bin/tensorpane'), args, { cwd: folder });

/** Runs a module that has the reader. @returns what it gives to `tell` */
async function script(body) {
  const text = `import { open } from 'tensorpane/reader';\nconst tell = (x) => console.log(JSON.stringify(x));\n${body}`;
  await writeFile(join(folder, 'script.js'), text);
  return JSON.parse(await run(process.execPath, ['script.js'], { cwd: folder }));
}

test('publint finds nothing', async () => {
  const { messages } = await publint({ pkgDir: join(folder, 'node_modules/tensorpane'), pack: false });
  assert.deepEqual(messages, []);
});

test('the reader gives runs, tags and columns', async () => {
  const { runs, columns, report } = await script(`
    const logs = await open(${JSON.stringify(LOGS)});
    const { steps, wallTimes, values } = await logs.columns('lr=0.01/seed=0', 'batch/loss');
    tell({ runs: logs.runs, report: logs.report, columns: [steps.length, Number(steps[439]), wallTimes[0], values[0]] });
    logs.close();`);
  assert.deepEqual(runs[0].name, 'lr=0.01/seed=0');
  assert.deepEqual(runs[0].tags[0], { name: 'batch/loss', plugin: 'scalars', points: 440 });
  assert.deepEqual(columns, [440, 439, 1700000680.25, 2.326237678527832]);
  assert.deepEqual(report, []);
});

test('the reader opens bytes, URLs and archives, and says what was lost', async () => {
  const server = await startServer(join(folder, 'node_modules/.bin/tensorpane'), [LOGS, '--port', '0']);
  const damaged = join(ROOT, 'tests/data/edge_damaged/logs');
  const found = await script(`
    import { readFile, readdir } from 'node:fs/promises';
    const runsOf = async (what, options) => {
      const logs = await open(what, options);
      return logs.runs.map(({ name, tags }) => [name, tags.length]);
    };
    const [name] = await readdir(${JSON.stringify(`${LOGS}/lr=0.01/seed=0`)});
    const bytes = await readFile(${JSON.stringify(`${LOGS}/lr=0.01/seed=0/`)} + name);
    const damaged = await open(${JSON.stringify(damaged)});
    tell({
      url: (await runsOf('${server}logs/manifest.json')).length,
      bytes: await runsOf([{ path: 'a/' + name, data: bytes }, { path: 'b/' + name, data: new Blob([bytes]) }]),
      zip: (await damaged.runs).find(({ name }) => name === 'zip/run')?.tags.length,
      texts: damaged.report.flatMap(({ findings }) => findings.map(({ text }) => text)),
      faults: await Promise.all(['/nowhere', ${JSON.stringify(join(ROOT, 'docs'))}, 'http://localhost:1/x'].map(
        (path) => open(path).then(() => 'opened', ({ message }) => message))),
      aborted: await open(${JSON.stringify(LOGS)}, { signal: AbortSignal.abort(new Error('enough')) }).catch(({ message }) => message),
    });`);
  assert.equal(found.url, 6);
  assert.deepEqual(found.bytes.map(([run]) => run), ['a', 'b']); // prettier-ignore
  assert.ok(found.zip > 0);
  assert.ok(found.texts.some((text) => /Bad checksum/.test(text)));
  assert.equal(found.faults[0], '/nowhere does not exist');
  assert.match(found.faults[1], /no event files/);
  assert.match(found.faults[2], /could not be|refused|fetch/i);
  assert.equal(found.aborted, 'enough');
});

test('dump says what the native program says', async () => {
  const native = join(ROOT, 'build/native/tensorpane');
  for (const name of ['torch_training', 'edge_restarts', 'edge_damaged']) {
    const logs = join(ROOT, 'tests/data', name, 'logs');
    assert.deepEqual(JSON.parse(await bin('dump', logs)), JSON.parse(await run(native, ['dump', logs])), name);
  }
});

test('the command serves the page with its headers', async () => {
  assert.equal((await bin('--version')).trim(), VERSION);
  const url = await startServer(join(folder, 'node_modules/.bin/tensorpane'), ['--logdir', LOGS, '--port', '0']);
  const page = await fetch(url);
  assert.match(page.headers.get('content-security-policy'), /connect-src 'self';/);
  assert.match(await page.text(), /tensorpane-logs/);
});

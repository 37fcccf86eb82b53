/** Archives are opened as if they were folders; what is wrong with one is said and costs nothing else. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { deflatedZeros, tarOf, zipOf } from '../tools/archives.mjs';
import { Logs } from '../../web/server/logs.mjs';
import { assertDump, expectedOf, logsOf, ROOT, serveByHost, testTab } from './page.mjs';

const TRAINING = logsOf('torch_training');
const ONE_RUN = join(TRAINING, 'lr=0.1/seed=0');
const trainingRuns = expectedOf('torch_training')
  .runs.map(({ run }) => run)
  .sort();

let folder;
/** An event file of the training. */
let events;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorpane-e2e-'));
  events = await readFile(join(ONE_RUN, (await readdir(ONE_RUN))[0]));
});
after(() => rm(folder, { recursive: true }));

/** Writes a file where it can be dropped from. @returns {Promise<string>} its path */
async function write(name, bytes) {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

/** Packs the logs of a case with Python's own modules. @returns {Promise<string>} path of the archive */
async function pack(logs, name, format) {
  const script = 'import shutil, sys; print(shutil.make_archive(*sys.argv[1:]))';
  const args = [join(folder, name), format, join(logs, '..'), 'logs'];
  return (await promisify(execFile)('python3', ['-c', script, ...args])).stdout.trim();
}

/** The last value of a tag in each run, as the oracle has it. */
const lastValues = (tag) =>
  Object.fromEntries(
    expectedOf('torch_training').runs.map(({ run, tags }) => [run, Math.fround(tags[tag].values.at(-1))]),
  );

const reportOf = async (tab) => {
  await tab.page.getByRole('button', { name: /^Import report/ }).click();
  const report = tab.page.getByRole('dialog', { name: 'Import report' });
  const folded = report.getByRole('list').getByRole('button', { expanded: false });
  while ((await folded.count()) > 0) await folded.first().click();
  return report.innerText();
};

for (const [format, extension] of Object.entries({ zip: 'zip', tar: 'tar', gztar: 'tar.gz' })) {
  testTab(`a ${extension} of a log folder is dropped`, { hash: '#v=1&smoothing=0' }, async (tab) => {
    await tab.drop(await pack(TRAINING, format, format));
    assert.deepEqual((await tab.checkedRuns()).sort(), trainingRuns);
    await assertDump(await tab.dump(), 'torch_training');
    await tab.reveal('train/loss');
    await tab.showAllRows('train/loss');
    const { byRun } = await tab.readout('train/loss');
    const values = Object.entries(byRun).map(([run, { Value: value }]) => [run, Number(value)]);
    assert.deepEqual(Object.fromEntries(values), lastValues('train/loss'));
    assert.equal(await tab.page.getByRole('button', { name: /^Import report/ }).count(), 0);
  });
}

{
  async function host() {
    await cp(ONE_RUN, join(folder, 'served/plain'), { recursive: true });
    await write('served/deep/packed.zip', zipOf([{ name: 'a/b/x.tfevents', data: events, stored: true }]));
    await write('served/deep/packed.tgz', gzipSync(tarOf([{ name: 'c/x.tfevents', data: events }])));
    await write('served/gz/x.tfevents.gz', gzipSync(events));
    return serveByHost(await Logs.open([join(folder, 'served')]));
  }
  testTab('archives in a folder that is served are directories of it', { host }, async (tab) => {
    const runs = ['deep/packed/a/b', 'deep/packed/c', 'gz', 'plain'];
    assert.deepEqual((await tab.checkedRuns()).sort(), runs);
    await tab.reveal('train/loss');
    await tab.showAllRows('train/loss');
    const { byRun } = await tab.readout('train/loss');
    assert.deepEqual(Object.keys(byRun).sort(), runs);
    assert.equal(new Set(Object.values(byRun).map(({ Value: value }) => value)).size, 1);
  });
}

testTab('a bomb is refused in words, and the page goes on', {}, async (tab) => {
  // Told as 4 GB, as much as the field holds: it ends long before.
  const bomb = { name: 'x.tfevents', packed: deflatedZeros(160), size: 0xfffffff0 };
  await tab.drop(await write('bomb.zip', zipOf([bomb])));
  await tab.page.getByRole('status').getByText('unpacks to more than 300 times its size').waitFor();
  await tab.drop(await write('bomb.gz', Buffer.concat([gzipSync('').subarray(0, 10), bomb.packed])));
  await tab.page
    .getByRole('status')
    .getByText('unpacks to more than 300 times its size')
    .getByText('bomb.gz')
    .waitFor();
  await tab.drop(TRAINING);
  assert.deepEqual((await tab.checkedRuns()).sort(), trainingRuns);
  await assertDump(await tab.dump(), 'torch_training');
});

testTab('what cannot be read of an archive is in the report, and the rest is shown', {}, async (tab) => {
  const entry = (run, more = {}) => ({ name: `logs/${run}/x.tfevents`, data: events, ...more });
  const zip = zipOf([entry('good'), entry('damaged'), entry('locked', { flags: 1 }), entry('fine', { stored: true })]);
  const at = zip.indexOf('logs/damaged') + 4000;
  zip.fill(0xff, at, at + 64);
  await tab.drop(await write('partly.zip', zip));
  for (const run of ['good', 'fine', 'damaged']) await tab.run(run).waitFor();
  const said = await reportOf(tab);
  assert.match(said, /The archive is damaged.*\n.*partly\.zip\/logs\/damaged\/x\.tfevents/);
  assert.match(said, /The archive needs a password: unpack it first\n.*partly\.zip\/logs\/locked\/x\.tfevents/);
  assert.match(said, /2 of 4 files read without a fault/);
  assert.doesNotMatch(said, /not an event file/);
});

testTab('what is packed in a way that is not read is named, and so is a zip without its end', {}, async (tab) => {
  const status = tab.page.getByRole('status');
  for (const [format, name] of Object.entries({ bztar: 'bzip2', xztar: 'xz' })) {
    await tab.drop(await pack(TRAINING, name, format));
    await status.getByText(`it is compressed by ${name}, which is not read. Unpack it first`).waitFor();
  }
  const packed = Buffer.concat([Buffer.from('377abcaf271c0004', 'hex'), gzipSync(events)]);
  await tab.drop(await write('logs.7z', packed));
  await status.getByText('it is a 7z archive, which is not read').waitFor();
  const zip = zipOf([{ name: 'a/x.tfevents', data: events }]);
  await tab.drop(await write('cut.zip', zip.subarray(0, -100)));
  await status.getByText('its end is missing, where a zip lists what is in it').waitFor();
});

testTab('archives in an archive are directories of it, and what is deeper is told as lost', {}, async (tab) => {
  const entries = (name) => [{ name: `${name}/x.tfevents`, data: events }];
  const inner = zipOf([...entries('a'), { name: 'deep.zip', data: zipOf(entries('b')) }]);
  const files = [...entries('c'), { name: 'd/inner.zip', data: inner }, ...entries('c')];
  await tab.drop(await write('outer.tar.gz', gzipSync(tarOf(files))));
  assert.deepEqual((await tab.checkedRuns()).sort(), ['c', 'd/inner/a']);
  const said = await reportOf(tab);
  assert.match(said, /packed in too many others.*\n.*outer\.tar\.gz\/d\/inner\.zip\/deep\.zip/);
  assert.match(said, /several files of this name: the last whole one is shown\n.*outer\.tar\.gz\/c\/x\.tfevents/);
});

{
  const name = 'big.tar.gz';
  async function archive() {
    const log = join(folder, 'big.tfevents');
    await promisify(execFile)(join(ROOT, 'build/native/write_scalars'), [log, '100000']);
    return write(
      `large/${name}`,
      gzipSync(tarOf([{ name: 'run/big.tfevents', data: await readFile(log) }]), { level: 1 }),
    );
  }
  /** Sends the first half, and then nothing more. */
  async function host() {
    await cp(ONE_RUN, join(folder, 'large/a'), { recursive: true });
    const bytes = await readFile(await archive());
    return serveByHost(await Logs.open([join(folder, 'large')]), (request, response) => {
      if (!request.url.endsWith(name) || !request.url.startsWith('/logs/files/')) return false;
      const [, from = 0, to = bytes.length] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '')?.map(Number) ?? [];
      response.writeHead(206, { 'Content-Range': `bytes ${from}-${to}/${bytes.length}` });
      response.write(bytes.subarray(from, Math.min(to + 1, bytes.length / 2)));
      if (to < bytes.length / 2) response.end();
      return true;
    });
  }

  testTab('unpacking is shown and can be cancelled', { host, loading: true }, async (tab) => {
    const loading = tab.page.getByRole('region', { name: 'Loading' });
    await loading.getByTitle(name, { exact: true }).waitFor();
    await tab.run('a').waitFor();
    await tab.page.getByRole('button', { name: 'Cancel' }).click();
    // It goes by itself: not after anything else.
    await tab.page.getByText('Cancelled: 1 file was not read').waitFor();
    await tab.idle();
    assert.equal(await tab.page.getByRole('button', { name: 'Cancel' }).count(), 0);
    assert.deepEqual(await tab.checkedRuns(), ['a']);
    await tab.card('train/loss').waitFor();
  });
}

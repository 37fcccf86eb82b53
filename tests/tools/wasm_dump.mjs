// node wasm_dump.mjs [--purge=…] LOGDIR: what `tensorpane dump` prints, made by the wasm module: the golden tests hold both
// against the same oracle, and against each other. Files are read as the page's worker reads them.
import { closeSync, fstatSync, openSync, readSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { loadWasm } from './load_wasm.mjs';

const FEED = Number(process.env.FEED_BYTES ?? 1 << 20);
const module = await loadWasm('dump');
const session = new module.DumpSession(3 * 2 ** 30);
const [logdir] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
// As wasm/log/restarts.h has them.
const PURGES = ['latest', 'none', 'split', 'tensorboard'];
const purge = /--purge=(\w+)/.exec(process.argv.join(' '))?.[1] ?? 'none';

/** Paths of all files below the folder. */
function filesBelow(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

const isEventFile = (path) => basename(path).includes('tfevents') && !path.endsWith('.profile-empty');
const slashed = (path) => path.split(sep).join('/');

/** Event files: [run, name, path], by run and name in order of bytes. */
function eventFiles(paths) {
  const found = paths.filter(isEventFile).map((path) => {
    return [slashed(relative(logdir, dirname(path))) || '.', basename(path), path];
  });
  const key = ([run, name]) => Buffer.from(`${run}\0${name}`);
  return found.sort((a, b) => Buffer.compare(key(a), key(b)));
}

function put(fd, offset, length) {
  const bytes = Buffer.alloc(length);
  const count = readSync(fd, bytes, 0, length, offset);
  const pointer = session.reserveInput(Math.max(count, 1)) >>> 0;
  module.HEAPU8.set(bytes.subarray(0, count), pointer);
  return count;
}

const opened = []; // by file number
const paths = filesBelow(logdir);
for (const [run, name, path] of eventFiles(paths)) {
  const fd = openSync(path, 'r');
  opened.push(fd);
  const file = session.openFile(run, name, fstatSync(fd).size);
  for (let at = 0, done = false; !done;) {
    const count = put(fd, at, FEED);
    at += count;
    let status = count === 0 ? session.finish(file) : session.feed(file, count);
    while (status === 2) status = session.provide(file, put(fd, session.requestOffset(), session.requestLength()));
    if (status === 1) at = session.requestOffset();
    else done = count === 0 || status === 3;
  }
}
const beside = paths.filter((path) => !isEventFile(path));
for (const path of beside) session.addFileBeside(slashed(relative(logdir, path)), statSync(path).size);
let status = session.beginProjector();
while (status === 2) {
  const fd = openSync(beside[session.requestFile()], 'r');
  status = session.provideProjector(put(fd, session.requestOffset(), session.requestLength()));
  closeSync(fd);
}
status = session.beginDump(PURGES.indexOf(purge));
while (status === 2) {
  const [offset, length] = [session.requestOffset(), session.requestLength()];
  status = session.provideDump(put(opened[session.requestFile()], offset, length));
}
opened.forEach(closeSync);
const start = session.textPointer() >>> 0;
process.stdout.write(module.HEAPU8.slice(start, start + session.textSize()));
process.stdout.write('\n');

/** `tensorpane manifest LOGDIR…`: writes down what can be fetched of some folders, for hosts that list none. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { encodePath, Logs } from './logs.mjs';

/**
 * `LOGDIR… [-o FILE] [--base URL] [--sha256]`
 *
 * Without -o it is manifest.json in the folder, `-` is the standard output. Without --base the URLs say where the files
 * lie as seen from the manifest; with it they are `--base` and the path below the folder.
 *
 * @param {string[]} args
 * @throws {Error} with a sentence for the user
 */
export async function writeManifest(args) {
  const { values, positionals: folders } = parseArgs({
    args,
    options: { out: { type: 'string', short: 'o' }, base: { type: 'string' }, sha256: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [folder] = folders;
  if (folder === undefined) throw new Error('manifest: name the folder that the event files are in');
  if (folders.length > 1 && values.out === undefined) throw new Error('manifest: several folders need -o FILE');
  const { out = join(folder, 'manifest.json'), base } = values;
  const logs = await Logs.open(folders);
  const from = await realpath(out === '-' ? (folders.length > 1 ? '.' : folder) : dirname(resolve(out)));
  const manifest = await logs.manifest(
    ({ folder: root, path, placed }) =>
      base === undefined
        ? encodePath(relative(from, join(root, path)).split(sep).join('/'))
        : `${base === '' || base.endsWith('/') ? base : `${base}/`}${encodePath(placed)}`,
    values.sha256 ? sha256Of : undefined,
  );
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  if (out === '-') process.stdout.write(text);
  else await writeFile(out, text);
}

/** @param {string} file */
async function sha256Of(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** `tensorpane dump` of the npm package: all that is in a log directory or an archive, as JSON. */
import createDump from 'tensorpane-wasm/dump.js';
import { readFile } from 'node:fs/promises';
import { DumpWorker, type DumpRequest, type FileBeside } from '../engine/dump_worker';
import { Fault } from '../faults/fault';
import { PURGES, type Purge, type Request, type RequestBody } from '../engine/protocol';
import { sizeOf, type LocalRef } from '../sources/read';
import { loaderOf } from '../engine/wasm_loader';
import { archiveWasm, lookInto } from './node_files';
import { asSentence } from './read_logs';

/**
 * @param purge one of `PURGES`
 * @returns JSON text
 * @throws Error with a sentence
 */
export async function dump(path: string, purge: string): Promise<string> {
  if (!(PURGES as readonly string[]).includes(purge))
    throw new Error(`--purge: got ${purge}, want ${PURGES.join(', ')}`);
  const { opened, refs } = await lookInto(path);
  const chosen = new Set(opened.files.map(({ source }) => source.id));
  const beside: FileBeside[] = [];
  for (const source of refs) {
    if (chosen.has(source.id)) continue;
    const size = await sizeOf(source as LocalRef);
    beside.push({ path: source.path.slice(source.path.indexOf('/') + 1), size, source });
  }
  beside.sort((a, b) => (a.path < b.path ? -1 : 1));
  let answer: unknown;
  const worker = new DumpWorker((message) => {
    if (!('ok' in message)) return;
    if (!message.ok) throw new Fault(message.error);
    answer = message.body;
  }, loaderOf(createDump));
  const ask = (id: number, request: RequestBody | DumpRequest): Promise<void> => worker.handle({ ...request, id } as Request); // prettier-ignore
  try {
    const wasm = await WebAssembly.compile(await readFile(new URL('./dump.wasm', import.meta.url)));
    await ask(1, { type: 'init', wasm, archives: archiveWasm() });
    await ask(2, { type: 'open', files: opened.files });
    await ask(3, { type: 'dump', purge: purge as Purge, beside });
  } catch (error) {
    throw asSentence(error);
  }
  return answer as string;
}

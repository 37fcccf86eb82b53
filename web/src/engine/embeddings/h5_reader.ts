import type { Variable } from './embeddings';
import { Fault } from '../../faults/fault';

/** What the worker is asked, by number: of all bytes of a file its datasets, or the numbers of one. */
export interface H5Question {
  number: number;
  bytes: ArrayBuffer;
  name?: string;
}

/** What the worker answers the question of the number with. */
export type H5Answer = { number: number } & (
  { variables: Variable[] } | { values: Float32Array<ArrayBuffer>; shape: number[] } | { error: string }
);

/** As much of a Worker as is used. */
export interface H5Port {
  postMessage(question: H5Question, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<H5Answer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** Files are read whole. */
export const MAX_H5_BYTES = 1 << 30;

/**
 * Reads HDF5 in a worker (`h5_worker.ts`), with a library that is loaded only then. The buffers that are handed over are
 * gone. Both reject with a Fault `undecodable`, whose detail is what was wrong.
 */
export interface H5Reader {
  /** The datasets of a file, in order of their paths. */
  list(bytes: ArrayBuffer): Promise<Variable[]>;
  /** The numbers of one, row by row. */
  read(bytes: ArrayBuffer, name: string): Promise<{ values: Float32Array<ArrayBuffer>; shape: number[] }>;
}

/** @param start starts the worker; called when there is something to read, once. */
export function h5Reader(start: () => Promise<H5Port>): H5Reader {
  const waiting = new Map<number, { resolve: (answer: H5Answer) => void; reject: (error: Error) => void }>();
  let asked = 0;
  let started: Promise<H5Port> | undefined;
  const startOnce = async (): Promise<H5Port> => {
    const port = await start();
    port.onmessage = ({ data }) => {
      const who = waiting.get(data.number);
      waiting.delete(data.number);
      if ('error' in data) who?.reject(new Fault({ code: 'undecodable', detail: data.error }));
      else who?.resolve(data);
    };
    port.onerror = ({ message }) => {
      for (const { reject } of waiting.values()) reject(new Fault({ code: 'bug', detail: message }));
      waiting.clear();
    };
    return port;
  };
  const ask = async (bytes: ArrayBuffer, name?: string): Promise<H5Answer> => {
    started ??= startOnce();
    // One that could not start is started anew by the next question.
    started.catch(() => (started = undefined));
    const port = await started;
    return new Promise((resolve, reject) => {
      const number = asked++;
      waiting.set(number, { resolve, reject });
      port.postMessage({ number, bytes, ...(name === undefined ? {} : { name }) }, [bytes]);
    });
  };
  return {
    list: async (bytes) => {
      const answer = await ask(bytes);
      return 'variables' in answer ? answer.variables : [];
    },
    read: async (bytes, name) => {
      const answer = await ask(bytes, name);
      if (!('values' in answer)) throw new Fault({ code: 'undecodable' });
      return { values: answer.values, shape: answer.shape };
    },
  };
}

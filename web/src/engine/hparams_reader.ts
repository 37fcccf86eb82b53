import { HParamsError, type HParams } from '../model/hparams_file';
import { Fault } from './fault';

/** What the worker answers a text with; the error is that of an HParamsError. */
export type HParamsAnswer = { values: HParams } | { error: string };

/** As much of a Worker as is used. */
export interface HParamsPort {
  postMessage(text: string): void;
  onmessage: ((event: MessageEvent<HParamsAnswer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** Reads the text of a `hparams.yaml`. @throws HParamsError, Fault */
export type ReadHParams = (text: string) => Promise<HParams>;

/**
 * Reads in a worker (`hparams_worker.ts`), because 64 KB of YAML take longer than the page may stand still.
 *
 * @param start starts it; called when there is something to read, once.
 */
export function hparamsReader(start: () => Promise<HParamsPort>): ReadHParams {
  const waiting: { resolve: (values: HParams) => void; reject: (error: Error) => void }[] = [];
  let started: Promise<HParamsPort> | undefined;
  const startOnce = async (): Promise<HParamsPort> => {
    const port = await start();
    port.onmessage = ({ data }) => {
      const asked = waiting.shift();
      if ('values' in data) asked?.resolve(data.values);
      else asked?.reject(new HParamsError(data.error));
    };
    port.onerror = ({ message }) => {
      for (const { reject } of waiting.splice(0)) reject(new Fault({ code: 'bug', detail: message }));
    };
    return port;
  };
  return async (text) => {
    const port = await (started ??= startOnce());
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      port.postMessage(text);
    });
  };
}

import { HParamsError, type HParams } from '../model/hparams_file';
import { Fault } from '../faults/fault';

/** What the worker is asked, by number. */
export interface HParamsQuestion {
  number: number;
  text: string;
}

/** What the worker answers the question of the number with; the error is that of an HParamsError. */
export type HParamsAnswer = { number: number } & ({ values: HParams } | { error: string });

/** As much of a Worker as is used. */
export interface HParamsPort {
  postMessage(question: HParamsQuestion): void;
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
  const waiting = new Map<number, { resolve: (values: HParams) => void; reject: (error: Error) => void }>();
  let asked = 0;
  let started: Promise<HParamsPort> | undefined;
  const startOnce = async (): Promise<HParamsPort> => {
    const port = await start();
    port.onmessage = ({ data }) => {
      const who = waiting.get(data.number);
      waiting.delete(data.number);
      if ('values' in data) who?.resolve(data.values);
      else who?.reject(new HParamsError(data.error));
    };
    port.onerror = ({ message }) => {
      for (const { reject } of waiting.values()) reject(new Fault({ code: 'bug', detail: message }));
      waiting.clear();
    };
    return port;
  };
  return async (text) => {
    const port = await (started ??= startOnce());
    return new Promise((resolve, reject) => {
      const number = asked++;
      waiting.set(number, { resolve, reject });
      port.postMessage({ number, text });
    });
  };
}

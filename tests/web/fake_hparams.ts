import { hparamsReader, type HParamsPort } from '../../web/src/engine/hparams_reader';
import { answerTo } from '../../web/src/engine/hparams_worker';

/** Reads `hparams.yaml` as the page does, but without a Worker. */
export const readHParams = hparamsReader(() => {
  const port: HParamsPort = {
    postMessage: (question) => setImmediate(() => port.onmessage?.({ data: answerTo(question) } as MessageEvent)),
    onmessage: null,
    onerror: null,
  };
  return Promise.resolve(port);
});

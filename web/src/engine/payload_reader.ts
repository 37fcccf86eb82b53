import { Asker, type Answer } from './asker';
import { payloadsOf, type Payload } from './payload';
import type { Replies, RequestBody } from './protocol';

/** A payload that was found, with the plugin of its series. */
export interface Found extends Payload {
  plugin: string;
}

/** What a worker beside the reading one asks of that: where payloads are, and their bytes. Rejects with the Fault it tells. */
export class PayloadReader {
  private readonly asker: Asker<RequestBody, Replies>;

  /** @param port one end of a channel; the reading worker has the other */
  constructor(port: MessagePort) {
    this.asker = new Asker((message, transfer) => port.postMessage(message, transfer));
    port.onmessage = ({ data }: MessageEvent<Answer>) => this.asker.take(data);
  }

  /** Of points that have none there is none. */
  async findAll(series: number, points: Uint32Array): Promise<Found[]> {
    const { plugin, rows } = await this.asker.ask({ type: 'payloads', series, points });
    return payloadsOf(rows).map((payload) => ({ ...payload, plugin }));
  }

  /** undefined = the point has none. */
  async find(series: number, point: number): Promise<Found | undefined> {
    const [payload] = await this.findAll(series, Uint32Array.of(point));
    return payload;
  }

  /** Its bytes, at most so many. Rejects as cancelled when the signal aborts. */
  async read(
    { file, offset, length }: Pick<Payload, 'file' | 'offset' | 'length'>,
    signal: AbortSignal,
    most = length,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const to = offset + Math.min(length, most);
    return new Uint8Array(await this.asker.askUnless(signal, { type: 'bytes', file, from: offset, to }));
  }
}

/** The page around this one: takes its requests, asks the person where they may harm, and tells what happens. */
import type { TensorPaneNotice, TensorPaneRequest, TensorPaneRequests, TensorPaneRequestType } from '../../public/tensorpane'; // prettier-ignore
import { API_VERSION, BadMessage, idOf, isOurs, readRequest } from './messages';

type Notice = TensorPaneNotice extends infer N ? (N extends TensorPaneNotice ? Omit<N, 'tensorpane'> : never) : never;

/** What is answered to each request. @throws Error, whose message is told to whoever asked */
export type Handlers = {
  [T in TensorPaneRequestType]: (
    request: TensorPaneRequest<T>,
    origin: string,
  ) => TensorPaneRequests[T]['answer'] | Promise<TensorPaneRequests[T]['answer']>;
};

/** Answers the page around this one, and nobody else. */
export function answerHost(handlers: Handlers): void {
  if (parent === window) return;
  addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
    if (source !== parent || !isOurs(data)) return;
    const post = (answer: object): void => {
      // An opaque origin cannot be named.
      parent.postMessage({ tensorpane: API_VERSION, type: 'answer', ...idOf(data), ...answer }, origin === 'null' ? '*' : origin); // prettier-ignore
    };
    answered(handlers, data, origin).then(
      (value) => post({ ok: true, value }),
      (error: unknown) => post({ ok: false, error: error instanceof Error ? error.message : String(error) }),
    );
  });
}

async function answered(handlers: Handlers, data: Parameters<typeof readRequest>[0], origin: string): Promise<object> {
  const request = readRequest(data);
  const handle = handlers[request.type] as (request: TensorPaneRequest, origin: string) => object | Promise<object>;
  return handle(request, origin);
}

/** @param origin '*' = whoever it is may know. */
export function tellHost(notice: Notice, origin = '*'): void {
  if (parent !== window) parent.postMessage({ tensorpane: API_VERSION, ...notice }, origin);
}

/**
 * Whom the person trusts: data that came from an origin is no secret to it, and it may replace its own; any other one is
 * asked about, once for each thing that it wants.
 */
export class Trust {
  /** Origins of all that is open. */
  private owners: ReadonlySet<string> = new Set();
  private readonly answers = new Map<string, boolean>();

  /** @param ask the person: whether they allow it */
  constructor(private readonly ask: (origin: string, wish: Wish) => Promise<boolean>) {}

  /** Says where all that is open now came from; [] = nothing is. */
  opened(origins: readonly string[]): void {
    this.owners = new Set(origins);
  }

  /** Whether all that is open came from there; an opaque origin is never the same twice. */
  owns(origin: string): boolean {
    if (origin === location.origin) return true;
    return origin !== 'null' && [...this.owners].every((owner) => owner === origin);
  }

  /** @throws BadMessage the person refused */
  async need(origin: string, wish: Wish): Promise<void> {
    if (this.owners.size === 0 || this.owns(origin)) return;
    const key = `${wish} ${origin}`;
    const allowed = this.answers.get(key) ?? (await this.ask(origin, wish));
    if (origin !== 'null') this.answers.set(key, allowed);
    if (!allowed) throw new BadMessage('refused: the person did not allow it');
  }
}

export type Wish = 'replace' | 'read';

import type { WireError } from '../faults/fault';
import type { Connect } from './side_worker';

/** What the page has of a worker beside the reading one. */
export interface Side {
  /** How many questions are not answered. */
  readonly unanswered: number;
  fail(error: WireError): void;
  end(): void;
}

/** Loads the code of it; its worker starts with the first question. */
export type LoadSide<S extends Side> = (connect: Connect) => Promise<S>;

/** A side whose code is loaded when it is asked for first: a chart of scalars needs none. */
export class LazySide<S extends Side> implements Side {
  private side: S | undefined;
  private loading: Promise<S> | undefined;
  private fault: WireError | undefined;
  private ended = false;

  constructor(
    private readonly load: LoadSide<S>,
    private readonly connect: Connect,
  ) {}

  /** What waits for the code counts, too. */
  get unanswered(): number {
    return (this.side?.unanswered ?? 0) + (this.loading && !this.side ? 1 : 0);
  }

  get(): Promise<S> {
    return (this.loading ??= this.load(this.connect).then(
      (side) => {
        if (this.fault) side.fail(this.fault);
        if (this.ended) side.end();
        return (this.side = side);
      },
      (error: unknown) => {
        this.loading = undefined;
        throw error;
      },
    ));
  }

  fail(error: WireError): void {
    this.fault = error;
    this.side?.fail(error);
  }

  end(): void {
    this.ended = true;
    this.side?.end();
  }
}

/** `self` in a worker, whose library cannot be loaded beside the page's. */
interface WorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<never>) => void) | null;
}

/** Lets the requests that come to this worker be handled. */
export function serve(
  start: (post: (message: unknown, transfer: Transferable[]) => void) => { handle(request: never): Promise<void> },
): void {
  const scope = globalThis as unknown as WorkerScope;
  const worker = start((message, transfer) => scope.postMessage(message, transfer));
  scope.onmessage = ({ data }) => void worker.handle(data);
}

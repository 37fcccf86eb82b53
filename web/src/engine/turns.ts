/** Queries wait no longer than this, ms. */
const TURN_MS = 8;

/** Long work in turns, between which waiting messages are answered. */
export class Turns {
  private readonly channel = new MessageChannel();
  private ends = performance.now() + TURN_MS;

  /** Lets waiting messages in when the turn is over: a promise alone would not, nor would a timer so soon. */
  async end(): Promise<void> {
    if (performance.now() < this.ends) return;
    await new Promise((resolve) => {
      this.channel.port1.onmessage = resolve;
      this.channel.port2.postMessage(null);
    });
    this.ends = performance.now() + TURN_MS;
  }

  /** When the work is done. */
  close(): void {
    this.channel.port1.close();
  }
}

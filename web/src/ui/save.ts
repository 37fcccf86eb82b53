/** Hands bytes to the browser's downloads. */
export function saveBytes(bytes: BlobPart, name: string): void {
  saveBlob(new Blob([bytes], { type: 'application/octet-stream' }), name);
}

/** The same of a Blob. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Names of runs and tags as a part of a file name: what a file system may not take is a line. */
export function fileNamePart(name: string): string {
  return name.replace(/[^\p{L}\p{N}.=+-]+/gu, '_').slice(0, 80);
}

/** What is made in one go before the page has its turn, ms. */
const TURN_MS = 10;

/** A file out of pieces, each of which is made in little time. */
export async function blobOf(pieces: AsyncIterable<BlobPart> | Iterable<BlobPart>, type: string): Promise<Blob> {
  // Each piece is a Blob at once: the browser may keep that on disk.
  const parts: Blob[] = [];
  let turn = performance.now();
  for await (const piece of pieces) {
    parts.push(new Blob([piece]));
    if (performance.now() - turn < TURN_MS) continue;
    await new Promise((resolve) => setTimeout(resolve));
    turn = performance.now();
  }
  return new Blob(parts, { type });
}

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

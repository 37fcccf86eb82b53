/** Fields as a part of what stands behind '#'. A fragment may hold / , : as they are, and a person may read it. */
export function asFragment(fields: Iterable<readonly [name: string, value: string]>): string {
  return new URLSearchParams([...fields] as [string, string][])
    .toString()
    .replace(/%(?:2F|2C|3A)/g, decodeURIComponent);
}

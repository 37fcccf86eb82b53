import { plural } from '../model/format';
import type { Host } from '../sources/hosts';

const NAMED = 3;

/** Hosts, for a sentence: `logs.example.org, and cdn.example.net, to which it sent on`. */
export function hostsText(hosts: readonly Host[]): string {
  const names = hosts.slice(0, NAMED).map(({ name, sentBy }) => (sentBy === undefined ? name : `${name} (sent on by ${sentBy})`)); // prettier-ignore
  const rest = hosts.length - names.length;
  return rest > 0 ? `${names.join(', ')} and ${plural(rest, 'more host')}` : names.join(', ');
}

import type { OpenFile } from '../sources/event_files';
import type { Message } from '../model/opening';
import type { Host } from '../sources/hosts';

/** What is open, and how it came to be. */
export interface Source {
  /** In a person's words. */
  name: string;
  opened: boolean;
  /** The files that it is, archives as such. */
  files: readonly OpenFile[];
  /** Some of it is not what the address names, and on no host: no link leads to that. */
  isPartLocal: boolean;
  /** What is to be dropped for the view that the link brought; '' = nothing that is known. */
  awaited: string;
  /** How opening ended, until it is read; undefined = well. */
  message: Message | undefined;
  /** What is said while files are held over the window. */
  dropping: string;
  /** The page may ask other hosts, and those that it has asked. */
  mayFetch: boolean;
  hosts: readonly Host[];
  /** A person may paste URLs: `open-url` is fired with each. */
  takesUrls: boolean;
  /** URLs of which it is found out what they are. */
  seeking: readonly { what: string; stop: () => void }[];
}

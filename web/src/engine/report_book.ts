import type { FileReport } from './protocol';
import type { WireError } from '../faults/fault';

/** What is known of each file, by run and name: both ends of the `report` notice keep one. */
export class ReportBook {
  private readonly files = new Map<string, FileReport>();
  private readonly paths = new Map<string, string>();

  /** Takes in where the file is, if it is in an archive. */
  place({ run, name, path }: { run: string; name: string; path?: string }): void {
    if (path !== undefined) this.paths.set(keyOf({ run, name }), path);
  }

  /** Takes in what is new of a file. A read error that is known of it stays. @returns all that is known of it. */
  put(report: FileReport): FileReport {
    const error = report.error ?? this.files.get(keyOf(report))?.error;
    const path = this.paths.get(keyOf(report));
    const known = { ...report, ...(error && { error }), ...(path !== undefined && { path }) };
    this.files.set(keyOf(report), known);
    return known;
  }

  /** Takes in that the file could not be read (on). @returns all that is known of it. */
  putError(file: { run: string; name: string; size: number }, error: WireError): FileReport {
    const known = this.files.get(keyOf(file)) ?? { ...file, records: 0, counts: [], places: [] };
    return this.put({ ...known, error });
  }

  get(run: string, name: string): FileReport | undefined {
    return this.files.get(keyOf({ run, name }));
  }

  all(): FileReport[] {
    return [...this.files.values()];
  }
}

function keyOf({ run, name }: { run: string; name: string }): string {
  return JSON.stringify([run, name]);
}

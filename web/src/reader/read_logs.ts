import { Asker, type Answer } from '../engine/asker';
import { Fault, type WireError } from '../faults/fault';
import type { FileReport as RawReport, Notice, Replies, RequestBody } from '../engine/protocol';
import { assertUnreachable } from '../engine/protocol';
import { ReportBook } from '../engine/report_book';
import { UrlPump } from '../engine/url_pump';
import { Catalogue } from '../model/catalogue';
import { errorText, kindText, looksText } from '../model/errors';
import { compareTags } from '../model/tag_order';
import { keepApart, type Opened, type OpenFile } from '../sources/event_files';
import { RunNames } from '../sources/run_names';
import type { SourceRef } from '../sources/source_ref';
import type { Columns, FileReport, Finding, Logs, OpenOptions, Run, Tag } from './api';

/** A worker that reads, or what stands for one in this thread. */
export interface ReaderPort {
  send(message: unknown, transfer: Transferable[]): void;
  receive: (message: Answer | Notice) => void;
  /** It broke, and says why. */
  fail: (detail: string) => void;
  close(): void;
}

/**
 * Reads what was found into one log.
 *
 * @param port a reader of its own, which is closed with the log
 * @param wasm `reader.wasm`
 * @param archives `archive.wasm`
 * @throws Error with a sentence
 */
export async function readLogs(
  port: ReaderPort,
  wasm: Promise<WebAssembly.Module | ArrayBuffer>,
  archives: SourceRef,
  openings: readonly Opened[],
  { purge = 'latest', signal }: OpenOptions,
): Promise<Logs> {
  const log = new OpenLog(port);
  const abort = (): void => port.fail('aborted');
  signal?.addEventListener('abort', abort);
  try {
    signal?.throwIfAborted();
    await log.ask({ type: 'init', wasm: await wasm, archives });
    if (purge !== 'latest') await log.ask({ type: 'purge', purge });
    for (const { files } of openings) await log.open(files);
    return log.logs();
  } catch (error) {
    port.close();
    throw signal?.aborted ? signal.reason : asSentence(error);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/** What a Fault says, in words. */
export function asSentence(error: unknown): unknown {
  return error instanceof Fault ? new Error(errorText(error.error), { cause: error }) : error;
}

/** The calling side of a reader: keeps what it tells, and fetches for it. */
class OpenLog {
  private readonly catalogue = new Catalogue();
  private readonly reports = new ReportBook();
  private readonly asker: Asker<RequestBody, Replies>;
  private readonly pump: UrlPump;

  constructor(private readonly port: ReaderPort) {
    this.asker = new Asker<RequestBody, Replies>((message, transfer) => port.send(message, transfer));
    this.pump = new UrlPump((chunk, transfer) => this.ask(chunk, transfer));
    port.receive = (message) => ('ok' in message ? this.asker.take(message) : this.take(message));
    port.fail = (detail) => this.asker.fail({ code: 'bug', detail });
  }

  ask<R extends RequestBody>(request: R, transfer: Transferable[] = []): Promise<Replies[R['type']]> {
    return this.asker.ask(request, transfer);
  }

  async open(found: readonly OpenFile[]): Promise<void> {
    await this.ask({ type: 'open', files: keepApart(found, new RunNames(this.catalogue.runs)) });
  }

  /** What there is now. */
  logs(): Logs {
    const { catalogue } = this;
    const tags = new Map<string, Map<string, { id: number; tag: Tag }>>(catalogue.runs.map((run) => [run, new Map()]));
    for (let id = 0; id < catalogue.seriesCount; ++id) {
      const tag = { name: catalogue.tag(id), plugin: catalogue.plugin(id), points: catalogue.number(id, 'count') };
      tags.get(catalogue.runName(id))?.set(tag.name, { id, tag });
    }
    const runs = [...tags].map(([name, series]): Run => {
      const sorted = [...series.values()].sort((a, b) => compareTags(a.tag.name, b.tag.name));
      return { name, tags: sorted.map(({ tag }) => tag) };
    });
    return {
      runs: runs.sort((a, b) => compareTags(a.name, b.name)),
      report: this.reports.all().map(reportOf),
      columns: async (run, tag): Promise<Columns> => {
        const series = tags.get(run)?.get(tag);
        if (!series) throw new RangeError(`There is no tag ${JSON.stringify(tag)} in a run ${JSON.stringify(run)}`);
        return this.ask({ type: 'columns', series: series.id });
      },
      close: () => {
        this.asker.fail({ code: 'cancelled' });
        this.port.close();
      },
    };
  }

  private take(notice: Notice): void {
    switch (notice.type) {
      case 'catalogue':
        this.catalogue.apply(notice.delta);
        break;
      case 'report':
        for (const file of notice.files) this.reports.put(file);
        break;
      case 'read':
        void this.pump.read(notice).catch(() => undefined);
        break;
      case 'readDone':
        this.pump.done(notice.read);
        break;
      case 'fatal':
        this.asker.fail(notice.error);
        break;
      case 'progress':
      case 'beside':
      case 'restarts':
        break;
      default:
        assertUnreachable(notice);
    }
  }
}

function reportOf({ run, name, path, size, records, counts, error, looksLike }: RawReport): FileReport {
  const findings: Finding[] = counts.map((finding) => ({ ...finding, text: kindText(finding.kind, finding.count) }));
  const text = (what: WireError): string => (looksLike === undefined ? errorText(what) : looksText(errorText(what), looksLike)); // prettier-ignore
  if (error) findings.unshift({ kind: error.code, severity: 'error', count: 1, text: text(error) });
  return { run, file: name, ...(path === undefined ? {} : { path }), size, records, findings };
}

/**
 * Types of `tensorpane.js`, the element `<tensor-pane>`, and of the messages that the page in its frame takes and sends
 * (`docs/embed-api.md`).
 */

/** The version of the messages: each has it as `tensorpane`. */
export type TensorPaneVersion = 1;

/** A file to be opened. */
export interface TensorPaneFile {
  /** Below what is opened, '/' between names, with the file's name: its folder is its run. */
  path: string;
  blob: Blob;
}

/** Where the pointer is, and what the lines have there. */
export interface TensorPaneHover {
  tag: string;
  /** In units of the x axis: a step, or seconds. */
  x: number;
  /** The same as it is written, e.g. "42.4k". */
  at: string;
  /** By run; smoothed where lines are. */
  values: Record<string, number>;
}

/** What the frame may be asked, with what it answers. Every other field is left alone. */
export interface TensorPaneRequests {
  /** Answered as soon as the frame listens. */
  ping: { fields: object; answer: { version: TensorPaneVersion } };
  /** Opens files in place of what is open; answered when they are read. */
  open: {
    fields: {
      files: readonly TensorPaneFile[];
      /** Where they came from, if whoever follows a link may fetch them there too: what "Open full" links to. */
      urls?: readonly string[];
    };
    answer: { runs: readonly string[] };
  };
  /** All that is set on screen, as the hash of a link without its `#` (`docs/links.md`). */
  getState: { fields: object; answer: { state: string } };
  /** Sets it; what the text does not name gets its default. What it names to be opened is left alone. */
  setState: { fields: { state: string }; answer: object };
  /** A picture of the chart of a tag, by default of the first one. */
  export: { fields: { what: 'png'; tag?: string }; answer: { blob: Blob; name: string } };
  /** Looks of the page around: custom properties, and what `theme=auto` is. */
  setStyle: {
    fields: { scheme?: 'light' | 'dark'; tokens?: Readonly<Record<string, string>> };
    answer: object;
  };
  /** Says in the frame that something could not be loaded; its Retry sends the notice `retry`. */
  fail: { fields: { what: string; why: string }; answer: object };
}

export type TensorPaneRequestType = keyof TensorPaneRequests;

/** What is posted to the frame. */
export type TensorPaneRequest<T extends TensorPaneRequestType = TensorPaneRequestType> = {
  [K in T]: { tensorpane: TensorPaneVersion; type: K; id?: string | number } & TensorPaneRequests[K]['fields'];
}[T];

/** What the frame posts back, to whoever asked and with its `id`. */
export type TensorPaneAnswer<T extends TensorPaneRequestType = TensorPaneRequestType> = {
  tensorpane: TensorPaneVersion;
  type: 'answer';
  id?: string | number;
} & ({ ok: true; value: TensorPaneRequests[T]['answer'] } | { ok: false; error: string });

/** What the frame posts to the page around it by itself. */
export type TensorPaneNotice = { tensorpane: TensorPaneVersion } & (
  | { type: 'listening' }
  /** What was opened is drawn. */
  | { type: 'ready' }
  | { type: 'error'; error: string }
  /** How high the frame should be to show all, px; `error` = it shows an error only. */
  | { type: 'height'; height: number; isError: boolean }
  /** Only to an origin that all that is open came from. null = the pointer is gone. */
  | { type: 'hover'; hover: TensorPaneHover | null }
  | { type: 'retry' }
);

/** `<tensor-pane src view tags runs …>`. Each attribute is a property of the same name, too. */
export declare class TensorPane extends HTMLElement {
  /** URLs of a manifest, event files or archives, with spaces between them. */
  src: string;
  /** URL of the folder that the page is in, with a slash at its end, where it is not beside this script. */
  app: string;
  /** Id of the view: scalars, histograms, images, audio, text. */
  view: string;
  /** Which tags: a part of their name, `/pattern/`, or several parts with `|` between them. */
  tags: string;
  /** Which runs, in the same way. */
  runs: string;
  smoothing: string;
  x: string;
  y: string;
  step: string;
  theme: string;
  chrome: string;
  interactive: string;
  /** The rest of a link's hash. */
  state: string;
  /** px; without it the frame is as high as what it shows. */
  height: string;

  /** Asks the frame. Rejects with an Error that says why it was refused. */
  ask<T extends TensorPaneRequestType>(
    type: T,
    fields?: TensorPaneRequests[T]['fields'],
  ): Promise<TensorPaneRequests[T]['answer']>;
}

declare global {
  interface HTMLElementTagNameMap {
    'tensor-pane': TensorPane;
  }
}

import type { Engine } from '../engine/engine';
import type { State } from '../model/state';
import type { Shown } from '../model/shown';
import type { Hover } from './hover';

/** All that a view may use. It never touches another view, a source or the worker. */
export interface ViewContext {
  readonly engine: Engine;
  readonly state: State;
  readonly shown: Shown;
  readonly hover: Hover;
  /** Says a line to screen readers, politely. */
  announce(text: string): void;
}

/** One file that can be made of what a view shows. */
export interface ExportFile {
  /** On a button: "CSV", "long, all points". */
  label: string;
  hint: string;
  name: string;
  readonly make: () => Promise<Blob>;
}

/** What a view hands out of what it shows now. */
export interface Exports {
  /** "9 charts shown now". */
  what: string;
  files: readonly ExportFile[];
  /** A PNG of it. */
  readonly image: () => Promise<Blob>;
}

/** A view may have this; those that have not hand out nothing. */
export interface ExportingView {
  exports(): Promise<Exports | undefined>;
}

/** A view may have this: a panel of its own where the others have the runs. */
export interface PanelView {
  readonly panel: HTMLElement;
  /** What the panel is called on a button. */
  readonly panelTitle: string;
}

/** One room of the house: a tab, and what it shows. */
export interface ViewDef {
  /** As in the URL. */
  readonly id: string;
  readonly title: string;
  /** Whether series of this plugin are shown here. */
  accepts(plugin: string): boolean;
  /** Loads the code of the view and makes its element, which fills the space that it is given. */
  load(): Promise<(context: ViewContext) => HTMLElement>;
}

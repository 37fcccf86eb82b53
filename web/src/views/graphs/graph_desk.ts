import type { ViewContext } from '../view_def';
import { DrawnGraph } from './drawn_graph';
import { GraphChange } from './graph_change';
import { GraphDifferences } from './graph_differences';
import { GraphSearch } from './graph_search';
import { GraphSelection } from './graph_selection';
import { GraphTrace } from './graph_trace';
import { OpenedGraph } from './opened_graph';
import { OutlineRows } from './outline_rows';

/**
 * All that the parts of the view share: which graph is open, what of it is drawn, and what is known of that. What a person
 * sets is in the state; nothing in here is. Each part knows only those above it.
 */
export class GraphDesk {
  readonly opened: OpenedGraph;
  readonly drawn: DrawnGraph;
  readonly outline: OutlineRows;
  readonly selection: GraphSelection;
  readonly trace: GraphTrace;
  readonly search: GraphSearch;
  readonly differences: GraphDifferences;
  readonly change: GraphChange;
  private stops: (() => void)[] = [];

  constructor(readonly context: ViewContext) {
    this.opened = new OpenedGraph(context);
    this.drawn = new DrawnGraph(context, this.opened);
    this.outline = new OutlineRows(context, this.opened, this.drawn);
    this.selection = new GraphSelection(context, this.opened, this.drawn);
    this.trace = new GraphTrace(context, this.opened, this.drawn);
    this.search = new GraphSearch(context, this.opened, this.selection);
    this.differences = new GraphDifferences(context, this.opened, this.selection);
    this.change = new GraphChange(context, this.opened, this.selection);
  }

  /** Begins to follow what is set; until `stop`. */
  start(): void {
    if (this.stops.length > 0) return;
    // A file that was opened is chosen before what is chosen is opened.
    const { change, opened, drawn, outline, selection, trace, search, differences } = this;
    const parts = [change, opened, drawn, outline, selection, trace, search, differences];
    this.stops = parts.flatMap((part) => part.start());
  }

  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
  }
}

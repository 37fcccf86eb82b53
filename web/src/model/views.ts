/** The kinds of data, in the order of their tabs: which plugins' series each shows. */
interface Kind {
  id: string;
  title: string;
  /** In a sentence, where the title is not what several of them are called. */
  many?: string;
  plugins: readonly string[];
}

const KINDS = [
  { id: 'scalars', title: 'Scalars', plugins: ['scalars'] },
  { id: 'histograms', title: 'Histograms', plugins: ['histograms'] },
  { id: 'images', title: 'Images', plugins: ['images'] },
  { id: 'audio', title: 'Audio & video', plugins: ['audio', 'video'] },
  { id: 'text', title: 'Text', many: 'Texts', plugins: ['text'] },
  {
    id: 'graphs',
    title: 'Graphs',
    plugins: [
      'graphs',
      'graph_keras_model',
      'graph_run_metadata',
      'graph_run_metadata_graph',
      'graph_tagged_run_metadata',
    ],
  },
  // Of files beside the event files.
  { id: 'projector', title: 'Projector', many: 'Embeddings', plugins: [] },
  { id: 'hparams', title: 'HParams', many: 'Hyperparameters', plugins: ['hparams'] },
  { id: 'pr_curves', title: 'PR curves', plugins: ['pr_curves'] },
  { id: 'mesh', title: 'Mesh', many: 'Meshes', plugins: ['mesh'] },
  { id: 'custom_scalars', title: 'Custom scalars', plugins: ['custom_scalars'] },
] as const satisfies readonly Kind[];

/** Whatever no other kind takes: nothing that was written is invisible. */
const OTHER = { id: 'tensors', title: 'Other tensors', plugins: [] } as const satisfies Kind;

const ALL: readonly Kind[] = [...KINDS, OTHER];
const VIEW_OF_PLUGIN = new Map<string, string>(
  KINDS.flatMap(({ id, plugins }) => plugins.map((plugin) => [plugin, id])),
);

/** Id of the view of what no other one takes. */
export const OTHER_VIEW: string = OTHER.id;

/** Ids of the views, in the order of the tabs. */
export const VIEW_IDS: readonly string[] = ALL.map(({ id }) => id);

export function viewTitle(id: string): string {
  return ALL.find((kind) => kind.id === id)?.title ?? id;
}

/** What is shown there, as the first word of a sentence about several of them. */
export function viewSubject(id: string): string {
  return ALL.find((kind) => kind.id === id)?.many ?? viewTitle(id);
}

/** Id of the view that shows series of this plugin; '' is the name of none. */
export function viewOfPlugin(plugin: string): string {
  return VIEW_OF_PLUGIN.get(plugin) ?? OTHER.id;
}

export function isOfView(id: string, plugin: string): boolean {
  return viewOfPlugin(plugin) === id;
}

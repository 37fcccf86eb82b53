/**
 * Everything that a person can set, as signals. The URL hash is its serialisation (`url_state.ts`). Names, never
 * indices: what is kept must mean the same for another load of the logs.
 */
import { signal } from '@preact/signals-core';
import type { EmbeddingName } from '../engine/embeddings/embeddings';
import type { GraphColour, TableColumn, TraceDirection } from '../engine/graphs/graphs';
import type { HistogramMeasure } from '../engine/values/histograms';
import type { FrequencyScale } from '../engine/values/media';
import type { Metric, Preparation, ProjectionMethod } from '../engine/projections/projections';
import type { Purge, XKind } from '../engine/protocol';

/** As in TensorBoard: the same picture on first sight. */
export const DEFAULT_SMOOTHING = 0.6;

export type Theme = 'auto' | 'light' | 'dark';
export const Y_SCALES = ['linear', 'log', 'symlog'] as const;
export type YScale = (typeof Y_SCALES)[number];
/** How one tag may be drawn: steps behind each other, step by value, percentiles over steps, steps over each other, or runs at one step. */
export const HISTOGRAM_TAG_MODES = ['offset', 'heat', 'bands', 'overlay', 'runs'] as const;
export type HistogramTagMode = (typeof HISTOGRAM_TAG_MODES)[number];
/** How all are drawn: one tag by itself or, of each run, the tags of a group over each other at one step. */
export type HistogramMode = HistogramTagMode | 'tags';
/** The buckets as they were written, or TensorBoard's thirty. */
export type HistogramBins = 'logged' | 'compatible';

export const SOUND_PICTURES = ['waveform', 'spectrogram', 'both'] as const;
export type SoundPicture = (typeof SOUND_PICTURES)[number];

export const TEXT_FORMATS = ['markdown', 'raw', 'mono'] as const;
/** How texts are shown: formatted, as they are, or as they are with letters of equal width. */
export type TextFormat = (typeof TEXT_FORMATS)[number];
export const TEXT_COMPARISONS = ['off', 'steps', 'runs'] as const;
export type TextComparison = (typeof TEXT_COMPARISONS)[number];

/** What the rows and the columns of a matrix of images may be. */
export const IMAGE_AXES = ['sample', 'run', 'step', 'tag'] as const;
export type ImageAxis = (typeof IMAGE_AXES)[number];
export const IMAGE_FITS = ['fit', 'height', 'actual'] as const;
/** Images fit into squares, have one height, or a pixel for each of theirs. */
export type ImageFit = (typeof IMAGE_FITS)[number];
export const IMAGE_CHANNELS = ['all', 'red', 'green', 'blue', 'alpha'] as const;
export type ImageChannel = (typeof IMAGE_CHANNELS)[number];
export const IMAGE_COMPARISONS = ['side', 'swipe', 'difference', 'blink'] as const;
export type ImageComparison = (typeof IMAGE_COMPARISONS)[number];

/** How the images of a group are seen. */
export interface ImageLook {
  /** Factors of what CSS calls so. */
  brightness: number;
  contrast: number;
  channel: ImageChannel;
  /** Grey in the colours of heat maps. */
  falseColour: boolean;
}

/** One image, wherever it is. */
export interface ImagePlace {
  tag: string;
  run: string;
  /** From 0 on. */
  sample: number;
  /** undefined = that of the scrubber. */
  step: bigint | undefined;
}

export const GRAPH_FORMS = ['ops', 'model', 'profile'] as const;
/** Which graph of a run: its ops, the model that Keras described, or what ran in a profile. */
export type GraphForm = (typeof GRAPH_FORMS)[number];

/** Which graph it is; what is '' or undefined is the first that there is, of steps and of graphs of one step the last. */
export interface GraphPlace {
  /** 'file': one that was dropped by itself; `run` is its name. */
  form: GraphForm | 'file' | '';
  run: string;
  tag: string;
  step: bigint | undefined;
  /** When it was written, seconds since 1970, where several are of that step. */
  time: number | undefined;
}

/** The place that names nothing. */
export const FIRST_GRAPH: GraphPlace = { form: '', run: '', tag: '', step: undefined, time: undefined };

/** What of a drawing is where, in any layout of it: pixels of the drawing from the middle of what is seen to a box. */
export interface GraphCamera {
  /** The box. */
  path: string;
  /** From the middle of what is seen to its top left; NaN = the box is in the middle. */
  x: number;
  y: number;
  /** Pixels on the screen for each of the drawing. */
  zoom: number;
}

/** Nothing is drawn larger or smaller. */
export const GRAPH_ZOOMS = [0.0005, 8] as const;

/** The rows of the table of nodes. */
export interface GraphSort {
  column: TableColumn;
  descending: boolean;
}

/**
 * An axis of a picture as a person says it: a dimension, from 0, or from some points to others. Of x, y and z, -1 is the
 * first, second and third dimension in which points differ. Points are said by what is searched for, or "#12", the row 12;
 * '' = all of them.
 */
export type AxisTerms = { kind: 'dimension'; index: number } | { kind: 'between'; from: string; to: string };

/** How points are projected, by any method. What a method has no use for waits for the next one. */
export interface ProjectionSettings {
  perplexity: number;
  /** 0 = found by the number of points. */
  learningRate: number;
  neighbours: number;
  minDistance: number;
  metric: Metric;
  seed: number;
  /** Components of PCA that are x, y and z, from 0. */
  components: readonly [number, number, number];
  /** x, y and z of a picture by axes of one's own. */
  axes: readonly [AxisTerms, AxisTerms, AxisTerms];
}
export const PERPLEXITIES = [2, 100] as const;
export const UMAP_NEIGHBOURS = [2, 100] as const;
export const MIN_DISTANCES = [0, 0.99] as const;
export const MAX_LEARNING_RATE = 1e6;
/** So many components are found. */
export const COMPONENTS = 10;

/** What gives points their colours; 'auto' is the first column of classes, if there is one. */
export const POINT_COLOURINGS = ['auto', 'none', 'distance', 'column'] as const;
export interface PointColour {
  by: (typeof POINT_COLOURINGS)[number];
  /** Name of the column. */
  column: string;
}
export const COLOUR_SCALES = ['auto', 'classes', 'linear', 'log'] as const;
/** How a column of numbers gives colours. */
export type ColourScale = (typeof COLOUR_SCALES)[number];
export const POINT_FORMS = ['dots', 'sprites', 'text'] as const;
export type PointForm = (typeof POINT_FORMS)[number];
export const POINT_DRAGS = ['rotate', 'pan', 'select'] as const;
/** What dragging over points does. */
export type PointDrag = (typeof POINT_DRAGS)[number];
/** Diameters of points, px. */
export const POINT_SIZES = [1, 24] as const;
export const MAX_NEIGHBOURS = 999;

/** Where points are seen from; `points_picture.ts` of the projector says what is what. */
export interface PointsCamera {
  target: readonly [number, number, number];
  azimuth: number;
  elevation: number;
  roll?: number | undefined;
  zoom: number;
}

export const MAX_GAIN = 20;
export const DEFAULT_GAIN = 5;
/** Pixels. */
export const DEFAULT_IMAGE_HEIGHT = 128;
/** Pixels of the height of an image. */
export const IMAGE_HEIGHTS = [32, 512] as const;

/** A range of both axes; x in units of the x kind. NaN = fitted to the data. */
export interface Zoom {
  x: [number, number];
  y: [number, number];
}

/** Which runs are shown: the default for every run, and the names of those that differ from it. */
export interface Selection {
  shownByDefault: boolean;
  exceptions: ReadonlySet<string>;
}

export function createState() {
  return {
    /** Id of the open view ('scalars', 'images', …); '' = the first that has data. */
    view: signal(''),
    runFilter: signal(''),
    tagFilter: signal(''),
    selection: signal<Selection>({ shownByDefault: true, exceptions: new Set() }),
    /** Colours of runs that are not those that their names give (`colours.ts`): chosen, or brought by a link. Slots. */
    colours: signal<ReadonlyMap<string, number>>(new Map()),
    /** Folders of the run panel that are closed, by path. */
    closedFolders: signal<ReadonlySet<string>>(new Set()),
    /** The run panel is out of the way. */
    panelHidden: signal(false),
    /** Sub-runs that writers made are shown as parts of their runs. */
    fold: signal(true),
    smoothing: signal(DEFAULT_SMOOTHING),
    x: signal<XKind>('step'),
    y: signal<YScale>('linear'),
    /** Scale of y of the charts that have another one, by tag. */
    yOfTag: signal<ReadonlyMap<string, YScale>>(new Map()),
    clipOutliers: signal(true),
    /** What is kept of runs that were restarted. */
    purge: signal<Purge>('latest'),
    /** Zoomed charts, by tag. */
    zoom: signal<ReadonlyMap<string, Zoom>>(new Map()),
    /** Of each view the card that covers the others, by its key there. */
    enlarged: signal<ReadonlyMap<string, string>>(new Map()),
    /** Tag groups that are not in their default state (open). */
    closedGroups: signal<ReadonlySet<string>>(new Set()),
    /** Cards that are kept at the top: id of the view, and the key of the card there. In the order they were pinned. */
    pins: signal<readonly (readonly [view: string, card: string])[]>([]),
    /** The step that views of one step at a time show; undefined = the last one, also when later ones come. */
    step: signal<bigint | undefined>(undefined),
    /** Matrices of the tensors view as numbers, not as colours. */
    matrixNumbers: signal(false),
    histogramMode: signal<HistogramMode>('offset'),
    /** Tags that are drawn in a way of their own. */
    histogramModeOfTag: signal<ReadonlyMap<string, HistogramTagMode>>(new Map()),
    histogramBins: signal<HistogramBins>('logged'),
    histogramMeasure: signal<HistogramMeasure>('density'),
    /** Scale of the values of histograms. */
    histogramScale: signal<YScale>('linear'),
    /** Histograms of a group are drawn over the same range of values. */
    sameRange: signal(true),
    /** The step that histograms of runs are compared with. */
    histogramBase: signal<bigint | undefined>(undefined),
    /** How sounds are drawn. */
    soundPicture: signal<SoundPicture>('both'),
    frequencyScale: signal<FrequencyScale>('linear'),
    /** What is so much quieter than a full sine is not drawn in spectrograms, dB. */
    soundRange: signal(-80),
    /** Sounds are drawn and played so that the loudest sample of each is 1. */
    normalise: signal(false),
    loopSounds: signal(false),
    /** The part of the sounds of a tag that is drawn, in seconds; of others it is all. By tag. */
    soundZoom: signal<ReadonlyMap<string, readonly [from: number, to: number]>>(new Map()),
    /** Sounds share a position, animations a clock. */
    playInSync: signal(true),
    textFormat: signal<TextFormat>('markdown'),
    /** All steps of a text below each other, not only that of the scrubber. */
    textList: signal(false),
    textWrap: signal(true),
    textSearch: signal(''),
    /** What texts are held against: the same run at another step, or another run at the same step. */
    textComparison: signal<TextComparison>('off'),
    /** That other step; undefined = the one before that of the scrubber. */
    textAgainst: signal<bigint | undefined>(undefined),
    /** That other run; '' = the first one that is shown. */
    textAgainstRun: signal(''),
    imageRows: signal<ImageAxis>('sample'),
    imageColumns: signal<ImageAxis>('run'),
    imageFit: signal<ImageFit>('fit'),
    /** Pixels, between {@link IMAGE_HEIGHTS}. */
    imageHeight: signal(DEFAULT_IMAGE_HEIGHT),
    /** Pixels of images run into each other. */
    smoothImages: signal(false),
    /** By group; '' = those of all that have none of their own. */
    imageLooks: signal<ReadonlyMap<string, ImageLook>>(new Map()),
    /** What is compared. */
    imageA: signal<ImagePlace | undefined>(undefined),
    imageB: signal<ImagePlace | undefined>(undefined),
    imageComparison: signal<ImageComparison>('swipe'),
    /** What every image is held against: of other samples, the one of the same run, tag and step. */
    imageTarget: signal<ImagePlace | undefined>(undefined),
    /** The sample of all images, where samples are neither rows nor columns. */
    imageSample: signal(0),
    /** Differences are shown so many times as large, 1 to {@link MAX_GAIN}. */
    imageGain: signal(DEFAULT_GAIN),
    /** The graph that is drawn. */
    graph: signal<GraphPlace>(FIRST_GRAPH),
    /** The graph that it is held against, as what was before; undefined = none. */
    graphAgainst: signal<GraphPlace | undefined>(undefined),
    /**
     * Boxes that are open, by path. All around an open box are open. undefined = nobody has opened or closed any: those
     * are open that hold most of their level (`views/graphs/dominant.ts`).
     */
    graphOpen: signal<ReadonlySet<string> | undefined>(undefined),
    /** The node that is selected, by path; '' = none. */
    graphNode: signal(''),
    /** Boxes that are selected together, by path; then there is no selected node. */
    graphArea: signal<readonly string[]>([]),
    /** Where the shortest path that is shown leads to, from the selected node; '' = none is shown. */
    graphPathTo: signal(''),
    /** auto: what suits the graph. */
    graphColour: signal<GraphColour | 'auto'>('auto'),
    /** Which edges are followed from the selected node. */
    graphTrace: signal<TraceDirection | 'off'>('off'),
    /** How far, in edges. */
    graphTraceDepth: signal(Infinity),
    graphSearch: signal(''),
    /** Nodes that are drawn although they have many edges, and others that are not. By path. */
    graphPutBack: signal<readonly string[]>([]),
    graphTakenOut: signal<readonly string[]>([]),
    /** Its nodes as a table, in this order, in place of a drawing. */
    graphTable: signal<GraphSort | undefined>(undefined),
    /** Where the drawing is seen from; undefined = all of it is. */
    graphCamera: signal<GraphCamera | undefined>(undefined),
    /** The embedding that is shown; '' = the first that there is. */
    embedding: signal<EmbeddingName>({ run: '', name: '' }),
    projection: signal<ProjectionMethod>('pca'),
    projectionIs3d: signal(true),
    preparation: signal<Preparation>('sphereized'),
    projectionSettings: signal<ProjectionSettings>({
      perplexity: 30,
      learningRate: 0,
      neighbours: 15,
      minDistance: 0.1,
      metric: 'cosine',
      seed: 42,
      components: [0, 1, 2],
      axes: [
        { kind: 'dimension', index: -1 },
        { kind: 'dimension', index: -1 },
        { kind: 'dimension', index: -1 },
      ],
    }),
    pointColour: signal<PointColour>({ by: 'auto', column: '' }),
    colourScale: signal<ColourScale>('auto'),
    /** Classes of the colours whose points are not drawn. */
    hiddenClasses: signal<ReadonlySet<string>>(new Set()),
    /** Those of all classes that have no colour of their own. */
    otherClassesHidden: signal(false),
    /** The column that labels points, by name; '' = the first. */
    pointLabel: signal(''),
    /** Rows of the file, from 0: the first is the one whose neighbours are listed. */
    points: signal<readonly number[]>([]),
    /** Only these are drawn; empty = all. */
    isolatedPoints: signal<readonly number[]>([]),
    hiddenPoints: signal<readonly number[]>([]),
    pointSearch: signal(''),
    /** How far points are from each other, in lists of neighbours. */
    pointMetric: signal<Metric>('cosine'),
    neighbourCount: signal(12),
    pointForm: signal<PointForm>('dots'),
    pointSize: signal(5),
    pointOpacity: signal(0.7),
    clusterNames: signal(true),
    density: signal(false),
    /** Points that follow each other in a sequence are joined. */
    sequences: signal(true),
    pointDrag: signal<PointDrag>('rotate'),
    /** What is selected is drawn around by hand, not boxed. */
    lasso: signal(false),
    pointCamera: signal<PointsCamera | undefined>(undefined),
    /** What is known of points as a table, in place of a drawing. */
    pointTable: signal(false),
    theme: signal<Theme>('auto'),
  };
}

export type State = ReturnType<typeof createState>;

import { computed, effect, untracked, type ReadonlySignal } from '@preact/signals-core';
import { chartTheme } from '../../charts/chart_theme';
import type { Categories, MetadataColumn } from '../../engine/embeddings/embeddings';
import { paletteOf } from '../../model/colours';
import { Latest } from '../latest';
import {
  colourPoints,
  dotScale,
  noValue,
  waysOf,
  type Colouring,
  type ColourSource,
  type LegendClass,
  type PointPalette,
} from './colouring';
import type { Cluster, PointsPicture } from './points/points_picture';
import { inSlices } from './points/slices';
import { fitCategories, fitNumbers } from './fit_metadata';
import { FEW_NUMBERS, pointsOf, usualColour, type OpenEmbedding } from './open_embedding';
import type { ProjectorDesk } from './projector_desk';
import { columnTitle, METRIC_TITLES } from './projector_text';
import { sequencePairs, type Sequences } from './sequences';
import { spriteCells, spriteFault } from './sprite_cells';

/** How points stand out (`PointsPicture.emphasis`). */
const [DIMMED, LIT, SELECTED] = [1, 2, 3];
/** A class of fewer points has no name in the picture. */
const MIN_CLUSTER = 3;
/** Names keep off the rings of so many selected points. */
const RINGS = 2000;
/** So few points have names without being asked. */
const FEW_POINTS = 60;
const NONE = new Uint32Array();

/** A column of metadata as colours may need it. */
type ColumnValues =
  | { column: number; kind: 'classes'; categories: Categories }
  | { column: number; kind: 'numbers'; values: Float64Array };

/** What is drawn of the points of a desk: their colours, which are seen, and which stand out. */
export class PointLook {
  /** The column that gives colours; -1 = none does. */
  readonly colourColumn: ReadonlySignal<number>;
  /** What points are coloured by. */
  readonly colourTitle: ReadonlySignal<string>;
  /** Of numbers with few distinct values: whether they are a scale or classes. */
  readonly ways: ReadonlySignal<readonly ('numbers' | 'classes')[]>;
  readonly way: ReadonlySignal<'numbers' | 'classes'>;
  readonly colouring: ReadonlySignal<Colouring | undefined>;
  /** The points that nobody hid, ascending; undefined = all. */
  readonly shown: ReadonlySignal<Uint32Array<ArrayBuffer> | undefined>;
  /** Whether the legend or a person hid a point. */
  readonly isHidden: (point: number) => boolean;
  /** What was found and is shown, ascending; undefined = nothing is searched. */
  readonly shownMatches: ReadonlySignal<Uint32Array<ArrayBuffer> | undefined>;
  /** What is selected and shown; of the rest only its number is told. */
  readonly shownSelection: ReadonlySignal<readonly number[]>;
  /** The points that a table lists: those that are shown, and found, if something is searched; undefined = all. */
  readonly listed: ReadonlySignal<Uint32Array<ArrayBuffer> | undefined>;
  /** How many points are seen. */
  readonly visible: ReadonlySignal<number>;
  readonly sequences = new Latest<Sequences | undefined>();
  /** What is to be said of points without a thumbnail; undefined = nothing. */
  readonly spriteProblem: ReadonlySignal<string | undefined>;
  readonly picture: ReadonlySignal<PointsPicture | undefined>;

  private readonly column = new Latest<ColumnValues>();
  private readonly coloured = new Latest<Colouring>();
  private readonly source: ReadonlySignal<ColourSource>;
  private coloursOf: string | undefined;
  private stops: (() => void)[] = [];

  constructor(private readonly desk: ProjectorDesk) {
    const { state } = desk.context;
    const open = computed(() => desk.open.value);
    const columns = computed((): readonly MetadataColumn[] => open.value?.metadata?.columns ?? []);
    this.colourColumn = computed(() => {
      const { by, column } = state.pointColour.value;
      if (by === 'column') return columns.value.findIndex(({ name }) => name === column);
      return by === 'auto' ? usualColour(open.value?.metadata) : -1;
    });
    this.colourTitle = computed(() => {
      if (state.pointColour.value.by === 'distance') return `distance to selection (${METRIC_TITLES[state.pointMetric.value].toLowerCase()})`; // prettier-ignore
      const column = columns.value[this.colourColumn.value];
      return column ? columnTitle(column, this.colourColumn.value) : '';
    });
    this.ways = computed(() => {
      const column = columns.value[this.colourColumn.value];
      return column ? waysOf(column) : [];
    });
    this.way = computed(() => {
      const wanted = state.colourScale.value === 'classes' ? 'classes' : state.colourScale.value === 'auto' ? undefined : 'numbers'; // prettier-ignore
      // A few whole numbers are names, as a rule.
      const isFew = (columns.value[this.colourColumn.value]?.distinct ?? Infinity) <= FEW_NUMBERS;
      const usual = isFew && this.ways.value.includes('classes') ? 'classes' : (this.ways.value[0] ?? 'classes');
      return this.ways.value.find((one) => one === wanted) ?? usual;
    });
    const source = computed((): ColourSource => {
      const values = this.column.value.value;
      if (state.pointColour.value.by === 'distance') {
        const distances = desk.distances.value.value;
        return distances && desk.selected.value.length > 0 ? { kind: 'distances', values: distances } : { kind: 'nothing' }; // prettier-ignore
      }
      if (!values || values.column !== this.colourColumn.value) return { kind: 'nothing' };
      if (values.kind === 'numbers')
        return { kind: 'numbers', values: values.values, scale: state.colourScale.value === 'log' ? 'log' : 'linear' };
      const hidden = { texts: state.hiddenClasses.value, others: state.otherClassesHidden.value };
      return { kind: 'classes', categories: values.categories, hidden };
    });
    this.source = source;
    this.colouring = computed(() => {
      const colouring = this.coloured.value.value;
      // Those of the embedding before are of other points.
      return colouring && colouring.colours.length === 4 * (open.value?.points.points ?? 0) ? colouring : undefined;
    });

    const seen = computed(() => {
      const [now, colouring] = [open.value, this.colouring.value];
      return now && colouring && withoutHidden(now, colouring.colours, state.isolatedPoints.value, state.hiddenPoints.value); // prettier-ignore
    });
    this.visible = computed(() => {
      const colours = seen.value;
      const space = desk.projecting.space.value;
      let count = 0;
      for (let i = 3; colours && i < colours.length; i += 4) {
        // A point that is nowhere is not seen.
        if (colours[i] !== 0 && !(space && Number.isNaN(space[(i >> 2) * 3]))) count++;
      }
      return count;
    });
    this.shown = computed(() => {
      const [colours, count] = [seen.value, open.value?.points.points ?? 0];
      if (!colours) return undefined;
      const shown = new Uint32Array(count);
      let length = 0;
      for (let point = 0; point < count; point++) if (colours[4 * point + 3] !== 0) shown[length++] = point;
      return length === count ? undefined : shown.slice(0, length);
    });
    this.isHidden = (point) => seen.value?.[4 * point + 3] === 0;
    this.shownMatches = computed(() => {
      const found = desk.matches.value.value;
      return this.shown.value && found ? found.filter((point) => !this.isHidden(point)) : found;
    });
    this.shownSelection = computed(() => desk.selected.value.filter((point) => !this.isHidden(point)));
    this.listed = computed(() => this.shownMatches.value ?? this.shown.value);
    const emphasis = computed(() => {
      const marks = new Uint8Array(open.value?.points.points ?? 0);
      const selected = desk.selected.value;
      const matches = this.shownMatches.value;
      // Others fade beside what is seen of it, whether or not something is selected.
      if (matches && matches.length > 0) {
        marks.fill(DIMMED);
        for (const point of matches) marks[point] = LIT;
      }
      if (selected.length === 1) for (const point of desk.neighbours.value.value?.rows ?? []) marks[point] = LIT;
      for (const point of selected) marks[point] = SELECTED;
      return marks;
    });
    const clusters = computed(() => {
      const values = this.column.value.value;
      const legend = this.colouring.value?.legend;
      if (!state.clusterNames.value || values?.kind !== 'classes' || legend?.kind !== 'classes') return [];
      return seen.value ? clustersOf(values.categories, legend.classes, seen.value) : [];
    });
    const sprites = computed(() => {
      const now = open.value;
      if (!now?.sprite) return undefined;
      const { image, width, height } = now.sprite;
      const cells = spriteCells(image, now.sprite, now.points.points, now.rows);
      const path = now.step.sprite?.path ?? '';
      const problem = spriteFault(image, { path, width, height }, cells);
      // As unsigned numbers, -1 is NO_CELL.
      return { image, width, height, cells: new Uint32Array(cells.of.buffer), problem };
    });
    this.spriteProblem = computed(() => sprites.value?.problem);

    this.picture = computed((): PointsPicture | undefined => {
      const [now, positions, colours] = [open.value, desk.projecting.space.value, seen.value];
      if (!now || !positions || !colours || positions.length !== 3 * now.points.points) return undefined;
      const selected = desk.selected.value;
      const linked = selected.length === 1 ? desk.neighbours.value.value?.rows : undefined;
      const form = state.pointForm.value;
      void desk.labels.value?.version.value;
      const areNamed = state.clusterNames.value && clusters.value.length === 0 && now.points.points <= FEW_POINTS;
      const others = areNamed && desk.labels.value ? Array.from({ length: now.points.points }, (_, point) => point) : []; // prettier-ignore
      return {
        count: now.points.points,
        positions,
        is3d: state.projectionIs3d.value,
        colours,
        emphasis: emphasis.value,
        form: form === 'sprites' && !sprites.value ? 'dots' : form,
        sprites: sprites.value,
        size: state.pointSize.value,
        opacity: state.pointOpacity.value,
        density: state.density.value,
        lines: (state.sequences.value && this.sequences.value.value?.pairs) || NONE,
        centre: linked ? (selected[0] ?? -1) : -1,
        linked: linked ?? NONE,
        clusters: clusters.value,
        label: (point) => desk.nameOf(point),
        labelled: Uint32Array.from([...selected.slice(0, RINGS), ...(linked ? linked.slice(0, 50) : []), ...others]), // prettier-ignore
      };
    });
  }

  start(): void {
    if (this.stops.length > 0) return;
    const { desk } = this;
    this.stops = [
      effect(() => {
        const [open, column, way] = [desk.open.value, this.colourColumn.value, this.way.value];
        untracked(() => {
          // Steps of one embedding keep their colours until those of the next have come.
          const name = open && `${open.embedding.run}\n${open.embedding.name}`;
          if (name !== this.coloursOf) {
            this.column.clear();
            this.coloured.clear();
          }
          this.coloursOf = name;
          const metadata = open?.metadata;
          const points = open?.points.points ?? 0;
          if (!metadata || column === -1) return this.column.clear();
          this.column.ask(() =>
            desk.ask(metadata, async (reader): Promise<ColumnValues> => {
              const { table } = metadata;
              return way === 'classes'
                ? { column, kind: 'classes', categories: fitCategories(await reader.categories(table, column), points) }
                : { column, kind: 'numbers', values: fitNumbers(await reader.numbers(table, column), points) };
            }),
          );
        });
      }),
      effect(() => {
        const [open, source, colours] = [desk.open.value, this.source.value, palette.value];
        untracked(() => {
          if (!open) return this.coloured.clear();
          this.coloured.ask((signal) => colourPoints(open.points.points, source, colours, signal));
        });
      }),
      effect(() => {
        const open = desk.open.value;
        const metadata = open?.metadata;
        untracked(() => {
          if (!metadata || metadata.next < 0) return this.sequences.clear();
          this.sequences.ask(async (signal) => {
            const numbers = await desk.ask(metadata, (reader) => reader.numbers(metadata.table, metadata.next));
            const next = fitNumbers(numbers, open.points.points);
            const empty = metadata.columns[metadata.next]?.empty ?? 0;
            return inSlices(sequencePairs(next, empty, open.tensor.fileRows, open.rows), signal);
          });
        });
      }),
    ];
  }

  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
  }
}

/** The points of each class that has a name and is seen. */
function clustersOf({ values, of }: Categories, classes: readonly LegendClass[], colours: Uint8Array): Cluster[] {
  const named = classes.flatMap(({ text, points, isHidden }) =>
    text && !isHidden ? [{ text, points: new Uint32Array(points), length: 0 }] : [],
  );
  const byText = new Map(named.map((one) => [one.text, one]));
  const ofValue = values.map(({ text }) => byText.get(text));
  for (let point = 0; point < of.length; point++) {
    const own = ofValue[of[point] as number];
    if (own && colours[4 * point + 3] !== 0) own.points[own.length++] = point;
  }
  return named.flatMap(({ text, points, length }) =>
    length < MIN_CLUSTER ? [] : [{ text, points: points.subarray(0, length) }],
  );
}

/** A copy in which what a person took out of sight has no colour; the same array if that is nothing. */
function withoutHidden(
  open: OpenEmbedding,
  colours: Uint8Array,
  isolated: readonly number[],
  hidden: readonly number[],
): Uint8Array {
  if (isolated.length === 0 && hidden.length === 0) return colours;
  const next = colours.slice();
  if (isolated.length > 0) {
    const kept = new Uint8Array(open.points.points);
    for (const point of pointsOf(open, isolated)) kept[point] = 1;
    for (let point = 0; point < kept.length; point++) if (!kept[point]) next[4 * point + 3] = 0;
  }
  for (const point of pointsOf(open, hidden)) next[4 * point + 3] = 0;
  return next;
}

/** The colours of points, in the theme of now. */
const palette: ReadonlySignal<PointPalette> = computed(() => {
  const { background, sequential, dark } = chartTheme.value;
  const classes = paletteOf(dark).map(({ hex }) => hex);
  const other = getComputedStyle(document.documentElement).getPropertyValue('--tp-ctl-line').trim();
  return { classes, other, none: noValue(other, background), sequential: dotScale(sequential), plain: classes[0] ?? other }; // prettier-ignore
});

/** What the drawing of points is given, and what it says of where it is seen from. */

/** How a point stands out; as numbers, which shaders compare. */
export const EMPHASIS = { plain: 0, dimmed: 1, lit: 2, selected: 3 } as const;

/** The thumbnail of a point that has none: it is drawn as a dot. */
export const NO_CELL = 0xffffffff;

/** Thumbnails in one image: left to right, then down. */
export interface Sprites {
  image: ImageBitmap;
  /** Of one thumbnail, px of the image. */
  width: number;
  height: number;
  /** Which thumbnail a point has, or NO_CELL. */
  cells: Uint32Array;
}

/** What is drawn. Arrays are in the order of the points and as long as there are points; a new array = it changed. */
export interface PointsPicture {
  count: number;
  /** x y z of each, in any unit (the camera fits); NaN = the point is not there. z is 0 in two dimensions. */
  positions: Float32Array;
  is3d: boolean;
  /** RGBA of each; alpha 0 = hidden: not drawn, not hit. Other alphas are 255 (opacity is separate). */
  colours: Uint8Array;
  /** One of EMPHASIS each. */
  emphasis: Uint8Array;
  /** Texts stand where there is room for them, dots elsewhere. */
  form: 'dots' | 'sprites' | 'text';
  sprites?: Sprites | undefined;
  /** Diameter of dots, px of the window; sprites and texts scale with it. */
  size: number;
  /** 0…1: how far plain points are from the ground. */
  opacity: number;
  /** Shows how many points are on each other, as a heat map, in place of the points themselves. */
  density: boolean;
  /** Pairs of points that are joined (sequences); drawn thin in their colours. */
  lines: Uint32Array;
  /** Joined to each of `linked` by thin lines of ink: the selected point and its neighbours; -1 = none. */
  centre: number;
  linked: Uint32Array;
  /** Names written at the middle of their points. */
  clusters: readonly Cluster[];
  /** The label of a point, if it is known now. */
  label(point: number): string | undefined;
  /** Points whose labels are wanted first (selected, neighbours); that of the one under the pointer is shown anyway. */
  labelled: Uint32Array;
}

export interface Cluster {
  text: string;
  points: Uint32Array;
}

/** Where points are seen from: names and numbers, as a link keeps them. */
export interface PointsCamera {
  /** What is in the middle, in units of the picture. */
  target: readonly [number, number, number];
  /** Turn, radians; 0 in two dimensions. */
  azimuth: number;
  elevation: number;
  /** About the line of sight, radians: what is seen is turned clockwise. Absent: z is upwards. */
  roll?: number | undefined;
  /** 1 = fitted. */
  zoom: number;
}

export type Drag = 'rotate' | 'pan' | 'select';

/** What the drawing is made with, for a line at its foot; no rate before it has moved. */
export interface PointsFacts {
  renderer: 'WebGL 2' | 'Canvas';
  fps: number | undefined;
  /** How many points have their word, where words stand for points: there is room for some; undefined = none do. */
  words: number | undefined;
}

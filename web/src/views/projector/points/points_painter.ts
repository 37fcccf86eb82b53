/** What draws points, on a canvas of its own. */
import type { ChartTheme } from '../../../charts/chart_theme';
import type { View } from './point_camera';
import type { PointCloud } from './point_cloud';
import type { PointsFacts, PointsPicture } from './points_picture';

/** Colours that a drawing of points needs of the page. */
export type PointsTheme = ChartTheme;

export interface PointsPainter {
  readonly renderer: PointsFacts['renderer'];
  readonly element: HTMLCanvasElement;
  /** Whether it can draw points on their way within a frame. */
  readonly glides: boolean;
  /** Takes what has changed; draws nothing yet. */
  show(picture: PointsPicture, cloud: PointCloud): void;
  /** Draws; `moving` = other views follow at once. */
  draw(view: View, theme: PointsTheme, moving: boolean): void;
  /** The same once more, so many pixels for each of the window; valid until something else is drawn. */
  still(view: View, theme: PointsTheme, ratio: number): Promise<HTMLCanvasElement>;
  dispose(): void;
}

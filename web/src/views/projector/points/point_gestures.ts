/** Mouse, pen, touch, wheel and keys on a drawing of points, as what the person means by them. */
import type { Drag } from './points_picture';

export interface At {
  x: number;
  y: number;
}

export interface PointGestures {
  /** What a drag does; `orbits` = it can be turned at all. */
  readonly drag: Drag;
  readonly orbits: boolean;
  readonly lasso: boolean;
  /** The pointer is here, px within the element; undefined = gone, or busy with something else. */
  hover(at: At | undefined): void;
  /** @param reach how far from it what is meant may be, px */
  click(at: At, add: boolean, reach: number): void;
  rotate(dx: number, dy: number): void;
  pan(dx: number, dy: number): void;
  zoom(at: At, factor: number): void;
  /** From the middle. */
  zoomBy(factor: number): void;
  fit(): void;
  /** The corners of what is marked so far; undefined = none any more. */
  mark(corners: At[] | undefined): void;
  select(corners: At[], add: boolean): void;
  /** Whatever moved the camera has ended. */
  rest(): void;
}

/** A press that moves no farther is a click, and how far from it what is meant may be, px; a finger is not as exact. */
const [CLICK_PX, TOUCH_CLICK_PX] = [4, 10];
/** How far from a dot the pointer may be. */
export const REACH_PX = 10;
const TOUCH_REACH_PX = 22;
const ZOOM_STEP = 1.25;
const ARROW_PX = 40;
/** Wheels and keys have ended when nothing comes for so long, ms. */
const REST_MS = 200;
/** Corners of a lasso are so far apart, px. */
const LASSO_PX = 3;

const ARROWS: Partial<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Listens on `element`, which can have the focus, until `signal` aborts. */
export function listenForPointGestures(element: HTMLElement, on: PointGestures, signal: AbortSignal): void {
  const pointers = new Map<number, At>();
  let press: (At & { moved: boolean; what: Drag; add: boolean; corners: At[] }) | undefined;
  let restTimer = 0;

  const place = (event: MouseEvent): At => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const rest = (): void => {
    clearTimeout(restTimer);
    restTimer = window.setTimeout(() => on.rest(), REST_MS);
  };
  const turn = (what: Drag, dx: number, dy: number): void =>
    what === 'rotate' && on.orbits ? on.rotate(dx, dy) : on.pan(dx, dy);
  const listen = <T extends keyof HTMLElementEventMap>(
    type: T,
    listener: (event: HTMLElementEventMap[T]) => void,
    options?: AddEventListenerOptions,
  ): void => element.addEventListener(type, listener, { ...options, signal });

  listen('pointerdown', (event) => {
    if (event.button !== 0) return;
    const at = place(event);
    pointers.set(event.pointerId, at);
    element.setPointerCapture(event.pointerId);
    if (pointers.size > 1) {
      // A second finger: whatever the first one began is none any more.
      on.mark(undefined);
      press = undefined;
      return;
    }
    const isTouch = event.pointerType === 'touch';
    const other: Drag = on.drag === 'select' ? 'select' : on.drag === 'rotate' ? 'pan' : 'rotate';
    press = { ...at, moved: false, what: event.shiftKey && !isTouch ? other : on.drag, add: event.shiftKey, corners: [at] }; // prettier-ignore
  });

  listen('pointermove', (event) => {
    const at = place(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== 'touch') on.hover(at);
      return;
    }
    pointers.set(event.pointerId, at);
    const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, where]) => where);
    if (other) {
      // Two fingers: what is between them stays between them.
      const [was, is] = [before, at].map((one) => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y)));
      on.pan((at.x - before.x) / 2, (at.y - before.y) / 2);
      on.zoom({ x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 }, (is as number) / (was as number));
      return;
    }
    if (!press) return;
    const still = event.pointerType === 'touch' ? TOUCH_CLICK_PX : CLICK_PX;
    if (!press.moved && Math.hypot(at.x - press.x, at.y - press.y) <= still) return;
    if (!press.moved) on.hover(undefined);
    const { what, corners, moved } = press;
    press.moved = true;
    if (what !== 'select') return turn(what, at.x - (moved ? before.x : press.x), at.y - (moved ? before.y : press.y));
    if (on.lasso) {
      const last = corners[corners.length - 1] as At;
      if (Math.hypot(at.x - last.x, at.y - last.y) >= LASSO_PX) corners.push(at);
    } else press.corners = [press, { x: at.x, y: press.y }, at, { x: press.x, y: at.y }];
    on.mark(press.corners);
  });

  const release = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId)) return;
    const from = press;
    press = undefined;
    if (pointers.size > 0 || !from) return on.rest();
    if (from.what === 'select') on.mark(undefined);
    if (event.type === 'pointercancel') return;
    const reach = event.pointerType === 'touch' ? TOUCH_REACH_PX : REACH_PX;
    if (!from.moved) on.click(place(event), event.shiftKey || event.ctrlKey || event.metaKey, reach);
    else if (from.what === 'select') on.select(from.corners, from.add);
    else on.rest();
  };
  listen('pointerup', release);
  listen('pointercancel', release);
  listen('pointerleave', () => {
    if (pointers.size === 0) on.hover(undefined);
  });
  listen('dblclick', () => on.fit());

  listen(
    'wheel',
    (event) => {
      const isOurs = event.ctrlKey || event.metaKey || element.matches(':focus');
      if (!isOurs) return;
      event.preventDefault();
      const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
      // A pinch on a touchpad comes as a wheel with Ctrl, in much smaller steps.
      const steps = (event.deltaY * unit) / (event.ctrlKey ? 30 : 100);
      on.zoom(place(event), ZOOM_STEP ** -Math.max(-2, Math.min(2, steps)));
      rest();
    },
    { passive: false },
  );

  listen('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (event.key === 'Escape' && press) {
      on.mark(undefined);
      press = undefined;
    } else if (event.key === '+' || event.key === '=') on.zoomBy(ZOOM_STEP);
    else if (event.key === '-' || event.key === '_') on.zoomBy(1 / ZOOM_STEP);
    else if (event.key === '0') on.fit();
    // As a drag: what is seen goes where the arrow points; with Shift the other of the two.
    else if (arrow) turn(event.shiftKey ? 'pan' : 'rotate', arrow[0] * ARROW_PX, arrow[1] * ARROW_PX);
    else return;
    event.preventDefault();
    event.stopPropagation();
    rest();
  });
  signal.addEventListener('abort', () => clearTimeout(restTimer));
}

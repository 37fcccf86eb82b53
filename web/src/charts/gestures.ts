/** Mouse, pen and touch on a plot, as what the person means by them. A plain wheel stays with the page. */

/** The plot area within the element, px. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Part of the plot as fractions from its left and lower edge; an axis that is left out stays as it is. */
export interface Box {
  x?: [number, number];
  y?: [number, number];
}

export interface GestureEvents {
  /** The pointer is here, px within the element; undefined = gone. */
  hover(at: { x: number; y: number } | undefined): void;
  /** The box that is being drawn; undefined = none any more. */
  brush(box: Box | undefined): void;
  /** Shows this part of what is shown now. */
  zoom(box: Box): void;
  /** Fits to the data again. */
  reset(): void;
}

/** Within so many px of horizontal (or vertical) a drag means one axis. */
const ONE_AXIS_PX = 12;
const DRAG_PX = 6;

/** Listens on `element` until `signal` aborts. */
export function listenForGestures(
  element: HTMLElement,
  area: () => Area,
  events: GestureEvents,
  signal: AbortSignal,
): void {
  const pointers = new Map<number, { x: number; y: number }>();
  let start: { x: number; y: number; pan: boolean; moved: boolean } | undefined;

  const place = (event: MouseEvent): { x: number; y: number } => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const fractions = (at: { x: number; y: number }): [number, number] => {
    const { left, top, width, height } = area();
    return [(at.x - left) / width, 1 - (at.y - top) / height];
  };
  const clamp = (value: number): number => Math.min(1, Math.max(0, value));

  const drawnBox = (from: { x: number; y: number }, to: { x: number; y: number }): Box => {
    const { left, top, height } = area();
    const [[x0, y0], [x1, y1]] = [fractions(from), fractions(to)];
    const x: [number, number] = [clamp(Math.min(x0, x1)), clamp(Math.max(x0, x1))];
    const y: [number, number] = [clamp(Math.min(y0, y1)), clamp(Math.max(y0, y1))];
    if (from.x < left) return { y };
    if (from.y > top + height || Math.abs(from.y - to.y) < ONE_AXIS_PX) return { x };
    return Math.abs(from.x - to.x) < ONE_AXIS_PX ? { y } : { x, y };
  };

  /** Moves what is shown along with the pointer. */
  const pan = (from: { x: number; y: number }, to: { x: number; y: number }): void => {
    const [[x0, y0], [x1, y1]] = [fractions(from), fractions(to)];
    events.zoom({ x: [x0 - x1, 1 + x0 - x1], y: [y0 - y1, 1 + y0 - y1] });
  };
  const zoomAbout = (at: number, factor: number): [number, number] => [at - at * factor, at + (1 - at) * factor];

  const listen = <T extends keyof HTMLElementEventMap>(
    type: T,
    listener: (event: HTMLElementEventMap[T]) => void,
    options?: AddEventListenerOptions,
  ): void => element.addEventListener(type, listener, { ...options, signal });

  listen('pointerdown', (event) => {
    if (event.button !== 0) return;
    const at = place(event);
    pointers.set(event.pointerId, at);
    if (event.pointerType === 'touch') return events.hover(at);
    element.setPointerCapture(event.pointerId);
    start = { ...at, pan: event.shiftKey, moved: false };
  });

  listen('pointermove', (event) => {
    const at = place(event);
    const before = pointers.get(event.pointerId);
    if (before && pointers.size === 2) {
      // Two fingers: the one that rests is the fixed point of x.
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      pointers.set(event.pointerId, at);
      const [was, is] = [Math.abs(before.x - (other?.x ?? 0)), Math.abs(at.x - (other?.x ?? 0))];
      if (other && was > 8 && is > 8) events.zoom({ x: zoomAbout(fractions(other)[0], was / is) });
      return;
    }
    if (before) pointers.set(event.pointerId, at);
    if (!start) return events.hover(at);
    if (start.pan && before) {
      start.moved = true;
      return pan(before, at);
    }
    start.moved ||= Math.hypot(at.x - start.x, at.y - start.y) >= DRAG_PX;
    if (start.moved) {
      events.hover(undefined);
      events.brush(drawnBox(start, at));
    }
  });

  const release = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
    const from = start;
    start = undefined;
    if (!from?.moved || from.pan) return;
    events.brush(undefined);
    if (event.type === 'pointerup') events.zoom(drawnBox(from, place(event)));
  };
  // Before anyone else takes it as meant for them.
  element.ownerDocument.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || !start) return;
      event.preventDefault();
      event.stopPropagation();
      start = undefined;
      events.brush(undefined);
    },
    { capture: true, signal },
  );
  listen('pointerup', release);
  listen('pointercancel', release);
  listen('pointerleave', (event) => {
    // A finger that was lifted leaves its crosshair where it was.
    if (event.pointerType !== 'touch' && !start) events.hover(undefined);
  });
  listen('dblclick', () => events.reset());
  listen(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const factor = Math.exp(Math.max(-1, Math.min(1, event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.003))));
      const at = place(event);
      const [x, y] = fractions(at);
      const { left, top, height } = area();
      if (at.x < left) events.zoom({ y: zoomAbout(y, factor) });
      else if (at.y > top + height || !event.shiftKey) events.zoom({ x: zoomAbout(x, factor) });
      else events.zoom({ x: zoomAbout(x, factor), y: zoomAbout(y, factor) });
    },
    { passive: false },
  );
}

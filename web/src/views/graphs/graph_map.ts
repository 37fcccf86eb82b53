import { html, nothing, svg } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { Scene } from '../../engine/graphs/graphs';
import { mapOf, partSeen, type Rect, type Size } from './camera';
import { spread } from './geometry';

/** More boxes are a blur: every so many of them are enough. */
const MAX_MAPPED = 600;
/** Nobody needs a map of what is seen; TensorBoard has one at the same part. */
const MAX_UNMAPPED = 0.8;
const MAP: Size = { width: 120, height: 104 };
/** Around it (graphs.css). */
const PADDING = 6;

/**
 * All of a drawing, small, with a frame around what is seen of it; nothing where that is almost all.
 *
 * @param go told where in the drawing someone wants to look
 */
export function graphMap(scene: Scene, seen: Rect, go: (to: { x: number; y: number }) => void) {
  if (partSeen(seen, scene) >= MAX_UNMAPPED) return nothing;
  const { zoom } = mapOf(scene, MAP);
  const left = (MAP.width - scene.width * zoom) / 2;
  const top = (MAP.height - scene.height * zoom) / 2;
  const rect = (box: Rect): Rect => {
    return {
      x: left + box.x * zoom,
      y: top + box.y * zoom,
      width: Math.max(1, box.width * zoom),
      height: Math.max(1, box.height * zoom),
    };
  };
  const boxes = () => {
    const mapped = scene.boxes.filter((box) => box.parent < 0 || box.open);
    return spread(mapped, MAX_MAPPED).map((box) => mapBox(rect(box), 'map-box'));
  };
  const onPointer = (event: PointerEvent): void => {
    if (event.type === 'pointermove' && event.buttons === 0) return;
    const map = event.currentTarget as Element;
    const { left: x, top: y } = map.getBoundingClientRect();
    map.setPointerCapture(event.pointerId);
    go({ x: (event.clientX - x - PADDING - left) / zoom, y: (event.clientY - y - PADDING - top) / zoom });
  };
  return html`<div class="map" aria-hidden="true" @pointerdown=${onPointer} @pointermove=${onPointer}>
    <svg viewBox="0 0 ${MAP.width} ${MAP.height}">
      ${guard([scene], boxes)} ${mapBox(clipped(rect(seen), MAP), 'map-view')}
    </svg>
  </div>`;
}

function mapBox({ x, y, width, height }: Rect, kind: string) {
  return svg`<rect class=${kind} x=${x} y=${y} width=${width} height=${height} />`;
}

/** As much of it as is on the map. */
function clipped({ x, y, width, height }: Rect, size: Size): Rect {
  const [left, top] = [Math.max(-3, x), Math.max(-3, y)];
  return {
    x: left,
    y: top,
    width: Math.max(2, Math.min(size.width + 3, x + width) - left),
    height: Math.max(2, Math.min(size.height + 3, y + height) - top),
  };
}

let pen: CanvasRenderingContext2D | null | undefined;

/** How wide a text is in a CSS font, px. */
export function textWidth(text: string, font: string): number {
  pen ??= document.createElement('canvas').getContext('2d');
  if (!pen) return 0;
  pen.font = font;
  return pen.measureText(text).width;
}

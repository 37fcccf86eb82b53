/** How a large image of thumbnails is cut into pages that a GPU takes. Pure. */

export interface SpriteSheet {
  /** Of the whole image, px. */
  sheetWidth: number;
  sheetHeight: number;
  /** Of one thumbnail, px. */
  width: number;
  height: number;
}

export interface SpritePages {
  /** Thumbnails in a row of the image. */
  columns: number;
  /** Thumbnails in a row and in a column of a page. */
  pageColumns: number;
  pageRows: number;
  /** Pages beside each other. */
  across: number;
  /** Where each page is in the image; those at its right and lower edge may be smaller. */
  pages: readonly { x: number; y: number; width: number; height: number }[];
}

/** Pages are about as large as each other, none larger than `most` px a side, and no thumbnail is cut through. */
export function cutPages({ sheetWidth, sheetHeight, width, height }: SpriteSheet, most: number): SpritePages {
  // A thumbnail that is larger than its image, or than a page, is cut off.
  const columns = Math.max(1, Math.floor(sheetWidth / width));
  const rows = Math.max(1, Math.floor(sheetHeight / height));
  const across = Math.ceil(columns / Math.max(1, Math.floor(most / width)));
  const down = Math.ceil(rows / Math.max(1, Math.floor(most / height)));
  const pageColumns = Math.ceil(columns / across);
  const pageRows = Math.ceil(rows / down);
  const pages = [];
  for (let row = 0; row < down; row++)
    for (let column = 0; column < across; column++) {
      const [x, y] = [column * pageColumns * width, row * pageRows * height];
      pages.push({
        x,
        y,
        width: Math.min(pageColumns * width, sheetWidth - x, most),
        height: Math.min(pageRows * height, sheetHeight - y, most),
      });
    }
  return { columns, pageColumns, pageRows, across, pages };
}

/** Where the thumbnail of a cell is in the image, px. */
export function cornerOf({ sheetWidth, width, height }: SpriteSheet, cell: number): [x: number, y: number] {
  const columns = Math.max(1, Math.floor(sheetWidth / width));
  return [(cell % columns) * width, Math.floor(cell / columns) * height];
}

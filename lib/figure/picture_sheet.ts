/**
 * Sheets of pictures: rows of them with headings, outlines and words over them,
 * as one SVG. Pictures are embedded, words and outlines stay text and lines.
 *
 * @module
 */
import { type ComponentChild, h } from "preact";
import type { Size } from "../geometry/size.ts";
import type { RgbImage } from "../image/image.ts";
import { encodeJpeg } from "../image/jpeg.ts";
import { encodeRgbPng } from "../image/rgb_png.ts";
import { fittedSize, shrinkImage } from "../image/shrink_image.ts";
import { shortened } from "./text_width.ts";
import type { Figure } from "./figure.ts";
import {
  drawnLegend,
  drawnOutlines,
  FONT_PX,
  GAP_PX,
  type LegendEntry,
  LINE_PX,
  type Outline,
  SMALL_FONT_PX,
  svgText,
} from "./sheet_marks.ts";
import { svgDocument } from "./svg_document.ts";

/** A picture of a sheet. */
export interface Panel {
  readonly image: RgbImage;
  /** Above it. */
  readonly title?: string;
  readonly outlines?: readonly Outline[];
}

/** Panels side by side. */
export interface SheetRow {
  /** Above them. */
  readonly title?: string;
  /** Null leaves a place empty. */
  readonly panels: readonly (Panel | null)[];
}

/** A figure of pictures and the words that belong to it. */
export interface Sheet extends Omit<Figure, "svg" | "table"> {
  /** Headings of the columns. */
  readonly columns?: readonly string[];
  readonly rows: readonly SheetRow[];
  readonly legend?: readonly LegendEntry[];
  /** Side of the square that each picture is fitted into, px. */
  readonly panelPx: number;
}

/** For displays with two dots to a px. */
const DOTS_PER_PX = 2;

/** Smaller pictures are kept without loss: they weigh little. */
const LOSSLESS_PX = 32 * 32;

const JPEG_QUALITY = 90;

/**
 * Draws a sheet.
 *
 * @example
 * ```ts
 * import { sheetFigure } from "./picture_sheet.ts";
 * import { match } from "node:assert";
 *
 * const image = { width: 2, height: 1, data: new Uint8Array(6) };
 * const { svg } = await sheetFigure({
 *   id: "sheet",
 *   title: "Sheet",
 *   caption: "A black picture.",
 *   alt: "A black picture.",
 *   rows: [{ panels: [{ image, title: "a & b" }] }],
 *   panelPx: 100,
 * });
 * match(svg, />a &amp; b<\/text>/);
 * match(svg, /href="data:image\/png;base64,/);
 * ```
 */
export async function sheetFigure(sheet: Sheet): Promise<Figure> {
  const { columns = [], rows, legend = [], panelPx, ...words } = sheet;
  const places = Math.max(
    columns.length,
    ...rows.map(({ panels }) => panels.length),
  );
  const width = places * (panelPx + GAP_PX) + GAP_PX;
  const drawn: ComponentChild[] = columns.map((heading, i) =>
    svgText(shortened(heading, panelPx, FONT_PX), {
      x: leftOf(i, panelPx),
      y: FONT_PX,
    })
  );
  let y = columns.length > 0 ? LINE_PX + 4 : 0;
  for (const row of rows) {
    const at = { y, width, panelPx, columns };
    const { nodes, height } = await drawnRow(row, at);
    drawn.push(...nodes);
    y += height + GAP_PX;
  }
  const key = drawnLegend(legend, { y, width });
  drawn.push(...key.nodes);
  const height = y + key.height;
  const svg = svgDocument({ ...words, width, height }, () => drawn);
  return { ...words, svg };
}

function leftOf(place: number, panelPx: number): number {
  return GAP_PX + place * (panelPx + GAP_PX);
}

async function drawnRow(
  { title, panels }: SheetRow,
  { y, width, panelPx, columns }: {
    y: number;
    width: number;
    panelPx: number;
    columns: readonly string[];
  },
): Promise<{ nodes: ComponentChild[]; height: number }> {
  const hasTitles = panels.some((panel) => panel?.title !== undefined);
  const titlesY = y + (title === undefined ? 0 : LINE_PX);
  const imagesY = titlesY + (hasTitles ? LINE_PX - 4 : 0);
  const nodes: ComponentChild[] = title === undefined ? [] : [
    svgText(shortened(title, width - 2 * GAP_PX, FONT_PX), {
      x: GAP_PX,
      y: y + FONT_PX,
    }),
  ];
  let height = imagesY - y;
  for (const [i, panel] of panels.entries()) {
    if (panel === null) continue;
    const x = leftOf(i, panelPx);
    const size = shownSize(panel.image, panelPx);
    if (panel.title !== undefined) {
      const at = { x, y: titlesY + SMALL_FONT_PX, sizePx: SMALL_FONT_PX };
      const room = roomOf(panels, i) * (panelPx + GAP_PX) - GAP_PX;
      nodes.push(svgText(shortened(panel.title, room, SMALL_FONT_PX), at));
    }
    const told = [title, columns[i], panel.title].filter((it) => it);
    nodes.push(
      await drawnPanel(panel, { x, y: imagesY, size, told: told.join(", ") }),
    );
    height = Math.max(height, imagesY - y + size.height);
  }
  return { nodes, height };
}

/** Places from a title to the next one in its row. */
function roomOf(panels: readonly (Panel | null)[], place: number): number {
  const next = panels.findIndex((panel, i) =>
    i > place && panel?.title !== undefined
  );
  return (next === -1 ? panels.length : next) - place;
}

/** Small pictures are enlarged. */
function shownSize({ width, height }: Size, sidePx: number): Size {
  const scale = sidePx / Math.max(width, height);
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

async function drawnPanel(
  { image, outlines = [] }: Panel,
  { x, y, size, told }: { x: number; y: number; size: Size; told: string },
): Promise<ComponentChild> {
  const scale = size.width / image.width;
  return h(
    "g",
    { transform: `translate(${x},${y})` },
    told === "" ? null : h("title", null, told),
    h("image", {
      ...size,
      href: await dataUrl(
        image,
        DOTS_PER_PX * Math.max(size.width, size.height),
      ),
      preserveAspectRatio: "none",
    }),
    ...drawnOutlines(outlines, scale, size),
  );
}

async function dataUrl(image: RgbImage, sidePx: number): Promise<string> {
  const size = fittedSize(image, sidePx);
  const small = size.width < image.width ? shrinkImage(image, size) : image;
  const isSmall = small.width * small.height <= LOSSLESS_PX;
  const bytes = isSmall
    ? encodeRgbPng(small)
    : await encodeJpeg(small, JPEG_QUALITY);
  return `data:image/${isSmall ? "png" : "jpeg"};base64,${bytes.toBase64()}`;
}

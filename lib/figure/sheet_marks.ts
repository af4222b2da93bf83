/**
 * What is drawn over and around the pictures of a sheet: outlines, words and
 * the key to colours.
 *
 * @module
 */
import { type ComponentChild, h } from "preact";
import type { Box } from "../geometry/box.ts";
import type { Size } from "../geometry/size.ts";
import type { Rgb } from "../label/palette.ts";
import { shortened, textWidthPx } from "./text_width.ts";

/** An outline over a picture. */
export interface Outline {
  /** px of the picture. */
  readonly box: Box;
  readonly colour: Rgb;
  /** Written at its top left corner. */
  readonly text?: string;
}

/** What a colour stands for. */
export interface LegendEntry {
  readonly name: string;
  readonly colour: Rgb;
}

/** Between and around pictures, px. */
export const GAP_PX = 8;
/** Of headings, px. */
export const FONT_PX = 12;
/** Of what stands at a single picture, px. */
export const SMALL_FONT_PX = 10;
/** From a line of text to the next, px. */
export const LINE_PX = 18;

/**
 * Outlines, and over them their words on chips of their colours.
 *
 * @param scale px of the sheet to a px of the picture.
 * @param size Of the picture in the sheet, px: words are kept inside.
 *
 * @example
 * ```ts
 * import { drawnOutlines } from "./sheet_marks.ts";
 * import { renderToString } from "preact-render-to-string";
 * import { h } from "preact";
 * import { match } from "node:assert";
 *
 * const box = { classId: 1, x0: 1, y0: 0, x1: 3, y1: 2 };
 * const outline = { box, colour: [128, 0, 0] as const, text: "cat" };
 * const drawn = drawnOutlines([outline], 10, { width: 90, height: 60 });
 * match(renderToString(h("g", null, drawn)), /<rect x="10" y="0" width="20"/);
 * ```
 */
export function drawnOutlines(
  outlines: readonly Outline[],
  scale: number,
  size: Size,
): ComponentChild[] {
  const rects = outlines.map(({ box, colour }) =>
    h("rect", {
      x: tidy(box.x0 * scale),
      y: tidy(box.y0 * scale),
      width: tidy((box.x1 - box.x0) * scale),
      height: tidy((box.y1 - box.y0) * scale),
      fill: "none",
      stroke: css(colour),
      "stroke-width": 2,
    })
  );
  return [...rects, ...placedChips(outlines, scale, size).map(drawnChip)];
}

/** Words on the colour of their box; px of the sheet. */
interface Chip {
  readonly text: string;
  readonly colour: Rgb;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

const CHIP_PX = SMALL_FONT_PX + 4;

/** At the corners of their boxes, moved into the picture, below each other. */
function placedChips(
  outlines: readonly Outline[],
  scale: number,
  size: Size,
): Chip[] {
  const chips: Chip[] = [];
  for (const { box, colour, text: words } of outlines) {
    if (words === undefined) continue;
    const text = shortened(words, size.width - 6, SMALL_FONT_PX);
    const width = textWidthPx(text, SMALL_FONT_PX) + 6;
    const x = within(box.x0 * scale, size.width - width);
    let y = within(box.y0 * scale, size.height - CHIP_PX);
    const isTaken = () =>
      chips.some((chip) =>
        Math.abs(chip.y - y) < CHIP_PX && chip.x < x + width &&
        x < chip.x + chip.width
      );
    // In a picture full of chips the last ones may lie on others.
    while (isTaken() && y + 2 * CHIP_PX <= size.height) y += CHIP_PX;
    chips.push({ text, colour, x, y, width });
  }
  return chips;
}

function within(value: number, most: number): number {
  return Math.max(0, Math.min(value, most));
}

function drawnChip({ text, colour, x, y, width }: Chip): ComponentChild {
  return h(
    "g",
    { transform: `translate(${tidy(x)},${tidy(y)})` },
    h("rect", { width: tidy(width), height: CHIP_PX, fill: css(colour) }),
    svgText(text, {
      x: 3,
      y: SMALL_FONT_PX,
      sizePx: SMALL_FONT_PX,
      fill: isDark(colour) ? "#fff" : "#000",
    }),
  );
}

/** Two digits: more would only differ where nobody sees it. */
function tidy(px: number): number {
  return Math.round(100 * px) / 100;
}

function css([red, green, blue]: Rgb): string {
  return `rgb(${red},${green},${blue})`;
}

/** Whether white reads better on it than black: luma of BT.601. */
function isDark([red, green, blue]: Rgb): boolean {
  return 0.299 * red + 0.587 * green + 0.114 * blue < 140;
}

/**
 * Words.
 *
 * @example
 * ```ts
 * import { svgText } from "./sheet_marks.ts";
 * import { renderToString } from "preact-render-to-string";
 * import { h } from "preact";
 * import { match } from "node:assert";
 *
 * const drawn = renderToString(h("g", null, svgText("a < b", { x: 0, y: 9 })));
 * match(drawn, />a &lt; b</);
 * ```
 */
export function svgText(
  words: string,
  { x, y, sizePx = FONT_PX, fill = "currentColor" }: {
    x: number;
    y: number;
    sizePx?: number;
    fill?: string;
  },
): ComponentChild {
  return h("text", { x: tidy(x), y, "font-size": sizePx, fill }, words);
}

/**
 * Swatches with their names, in as many lines as they need.
 *
 * @example
 * ```ts
 * import { drawnLegend } from "./sheet_marks.ts";
 * import { strictEqual } from "node:assert";
 *
 * const entries = [{ name: "cat", colour: [128, 0, 0] as const }];
 * strictEqual(drawnLegend(entries, { y: 0, width: 200 }).height, 20);
 * ```
 */
export function drawnLegend(
  entries: readonly LegendEntry[],
  { y: top, width }: { y: number; width: number },
): { nodes: ComponentChild[]; height: number } {
  if (entries.length === 0) return { nodes: [], height: 0 };
  let [x, y] = [GAP_PX, top];
  const nodes = entries.flatMap(({ name, colour }) => {
    const length = FONT_PX + 5 + textWidthPx(name, FONT_PX) + 2 * GAP_PX;
    if (x + length > width && x > GAP_PX) [x, y] = [GAP_PX, y + LINE_PX];
    const swatch = h("rect", {
      x: tidy(x),
      y: y + 2,
      width: FONT_PX,
      height: FONT_PX,
      fill: css(colour),
      stroke: "currentColor",
      "stroke-opacity": 0.5,
    });
    const words = svgText(name, { x: x + FONT_PX + 5, y: y + FONT_PX });
    x += length;
    return [swatch, words];
  });
  return { nodes, height: y + LINE_PX + 2 - top };
}

/**
 * Axes with room for their labels.
 *
 * @module
 */

/** Mean width of a character of our fonts, in font sizes; wide scripts are 1. */
const CHARACTER = 0.56;

/**
 * About how wide the widest of some labels is, px. Vega without a browser takes
 * text for half as wide again as it is, and would leave as much room.
 *
 * @param angle Degrees from level, for labels that slant.
 * @returns How far labels reach from their axis, with a gap.
 *
 * @example
 * ```ts
 * import { labelExtentPx } from "./chart_axes.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(labelExtentPx(["cat", "aeroplane"]), 68);
 * ```
 */
export function labelExtentPx(labels: readonly string[], angle = 0): number {
  const widths = labels.map((label) => textWidthPx(label));
  const widest = Math.max(0, ...widths);
  const reach = angle === 0
    ? widest
    : widest * Math.sin(angle * Math.PI / 180) + LABEL_PX;
  return Math.ceil(reach) + 12;
}

const LABEL_PX = 11;

/**
 * About how wide a text is in our fonts, px.
 *
 * @example
 * ```ts
 * import { textWidthPx } from "./chart_axes.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(Math.round(textWidthPx("twelve chars", 10)), 67);
 * ```
 */
export function textWidthPx(text: string, fontPx: number = LABEL_PX): number {
  const ems = [...text].map((character) =>
    character >= "\u2e80" ? 1 : CHARACTER
  );
  return fontPx * ems.reduce((sum, em) => sum + em, 0);
}

/**
 * A text that fits into some room, cut off and marked as such if need be.
 *
 * @example
 * ```ts
 * import { shortened } from "./chart_axes.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(shortened("hippopotamus", 45, 10), "hippopo…");
 * strictEqual(shortened("cat", 45, 10), "cat");
 * ```
 */
export function shortened(
  text: string,
  roomPx: number,
  fontPx: number = LABEL_PX,
): string {
  if (textWidthPx(text, fontPx) <= roomPx) return text;
  const characters = [...text];
  while (
    characters.length > 0 &&
    textWidthPx(characters.join("") + "…", fontPx) > roomPx
  ) characters.pop();
  return characters.join("") + "…";
}

/** From so many classes on, their names slant. */
const SLANTED_FROM = 12;

/**
 * The axis of classes below a chart.
 *
 * @example
 * ```ts
 * import { classAxis } from "./chart_axes.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(classAxis(["cat", "dog"]).labelAngle, 0);
 * ```
 */
export function classAxis(names: readonly string[]) {
  const angle = names.length < SLANTED_FROM ? 0 : 40;
  return {
    title: null,
    labelAngle: angle === 0 ? 0 : -angle,
    labelPadding: 6,
    maxExtent: angle === 0 ? 2 * LABEL_PX : labelExtentPx(names, angle),
  };
}

/**
 * Room for a class on that axis, px.
 *
 * @example
 * ```ts
 * import { classStepPx } from "./chart_axes.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(classStepPx(["cat", "dog"]), 56);
 * ```
 */
export function classStepPx(names: readonly string[]): number {
  if (names.length >= SLANTED_FROM) return 30;
  const widest = Math.max(0, ...names.map((name) => textWidthPx(name)));
  return Math.max(56, Math.ceil(widest) + 10);
}

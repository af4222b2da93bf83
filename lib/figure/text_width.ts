/**
 * How wide text is, where nothing can measure it: the same on every machine,
 * whatever its fonts.
 *
 * @module
 */

/** Of labels in charts, px. */
export const LABEL_PX = 11;

/**
 * Widths in font sizes, of the widest of common sans-serif fonts: rather too
 * much room than words over each other.
 */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[ijlI.,:;'|!()[\]]/, 0.36],
  [/[ftr\s/-]/, 0.42],
  [/[mwMW%@]/, 0.92],
  [/[A-Z&]/, 0.7],
];

/** From here on scripts are square, as are emoji. */
const WIDE = "\u2e80";

/** Of all other characters. */
const COMMON = 0.6;

/**
 * About how wide a text is in our fonts, px.
 *
 * @example
 * ```ts
 * import { textWidthPx } from "./text_width.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(Math.round(textWidthPx("twelve chars", 10)), 67);
 * ```
 */
export function textWidthPx(text: string, fontPx: number = LABEL_PX): number {
  const ems = [...text].map((character) =>
    character >= WIDE
      ? 1
      : WIDTHS.find(([kind]) => kind.test(character))?.[1] ?? COMMON
  );
  return fontPx * ems.reduce((sum, em) => sum + em, 0);
}

/**
 * A text that fits into some room, cut off and marked as such if need be.
 *
 * @example
 * ```ts
 * import { shortened } from "./text_width.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(shortened("hippopotamus", 45, 10), "hippop…");
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

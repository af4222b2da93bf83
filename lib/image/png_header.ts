/**
 * The header of a PNG file: size and sample format.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";
import { UnreadableFileError } from "./unreadable_file.ts";

/** What the samples of a PNG mean. */
export type PngColour = "grey" | "rgb" | "palette" | "grey+alpha" | "rgba";

/** What the header chunk (IHDR) of a PNG says. */
export interface PngHeader extends Size {
  /** Bits of a sample: 1, 2, 4, 8 or 16. */
  readonly bitDepth: number;
  readonly colour: PngColour;
  /** Whether rows come in the seven passes of Adam7. */
  readonly isInterlaced: boolean;
}

/** By the number the format has for it [PNG, table 11.1]. */
const COLOURS: ReadonlyMap<number, PngColour> = new Map([
  [0, "grey"],
  [2, "rgb"],
  [3, "palette"],
  [4, "grey+alpha"],
  [6, "rgba"],
]);

/** The signature, then length 13 and type "IHDR" of the first chunk. */
const START = "89504e470d0a1a0a0000000d49484452";

/**
 * The header chunk of a PNG; its checksum is checked when decoding.
 *
 * @throws {UnreadableFileError} When the bytes do not begin with one.
 *
 * @example
 * ```ts
 * import { readPngHeader } from "./png_header.ts";
 * import { encodeLabelMap } from "../label/label_map_png.ts";
 * import { emptyLabelMap } from "../label/label_map.ts";
 * import { strictEqual } from "node:assert";
 *
 * const png = encodeLabelMap(emptyLabelMap(5, 3));
 * strictEqual(readPngHeader(png, "a.png").colour, "palette");
 * ```
 */
export function readPngHeader(bytes: Uint8Array, path: string): PngHeader {
  if (bytes.subarray(0, 16).toHex() !== START) {
    throw unreadable(path, "it does not begin as one");
  }
  if (bytes.length < 33) {
    throw unreadable(path, `it ends after ${bytes.length} bytes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  const bitDepth = view.getUint8(24);
  const colour = COLOURS.get(view.getUint8(25));
  const interlace = view.getUint8(28);
  if (width === 0 || height === 0) {
    throw unreadable(path, `its size is ${width} × ${height} px`);
  }
  if (colour === undefined || !hasDepth(colour, bitDepth) || interlace > 1) {
    throw unreadable(
      path,
      `it has colour type ${view.getUint8(25)}, bit depth ${bitDepth} and ` +
        `interlacing ${interlace}`,
    );
  }
  return { width, height, bitDepth, colour, isInterlaced: interlace === 1 };
}

/** Which bit depths the format allows with which colours [PNG, table 11.1]. */
function hasDepth(colour: PngColour, bitDepth: number): boolean {
  if (bitDepth === 8) return true;
  if (bitDepth === 16) return colour !== "palette";
  return (colour === "grey" || colour === "palette") &&
    (bitDepth === 1 || bitDepth === 2 || bitDepth === 4);
}

function unreadable(path: string, found: string): UnreadableFileError {
  const rule = "it must be a PNG with a valid header";
  return new UnreadableFileError(path, { rule, found });
}

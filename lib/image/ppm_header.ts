/**
 * The header of a binary PPM file: size and largest sample.
 *
 * @module
 */
import type { Size } from "../geometry/size.ts";
import { UnreadableFileError } from "./unreadable_file.ts";

/** What stands before the pixels of a PPM. */
export interface PpmHeader extends Size {
  /** The sample that is full brightness, 1…65535. */
  readonly maximum: number;
  /** Where the pixels begin, bytes. */
  readonly length: number;
}

/** One byte of white space, or a comment to the end of its line [PPM]. */
const GAP = String.raw`(?:[ \t\n\v\f\r]|#[^\n\r]*[\n\r])`;

/** A number of at most nine digits: more would be beyond any limit. */
const NUMBER = String.raw`${GAP}+([0-9]{1,9})`;

/** The pixels begin after one byte behind the last number. */
const HEADER = new RegExp(`^P6${NUMBER.repeat(3)}[ \\t\\n\\v\\f\\r]`);

/** Where a header must have ended, comments included, bytes. */
const MOST_HEADER_BYTES = 4096;

/**
 * The header of a PPM, `P6`; the plain form, `P3`, is another format.
 *
 * @param path Shown in errors; nothing is read from it.
 * @throws {UnreadableFileError} When the bytes do not begin with one.
 *
 * @example
 * ```ts
 * import { readPpmHeader } from "./ppm_header.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const bytes = new TextEncoder().encode("P6\n# by hand\n5 3\n255\n");
 * deepStrictEqual(
 *   readPpmHeader(bytes, "a.ppm"),
 *   { width: 5, height: 3, maximum: 255, length: 21 },
 * );
 * ```
 */
export function readPpmHeader(bytes: Uint8Array, path: string): PpmHeader {
  // A character a byte, so that places in the text are places in the file.
  const text = String.fromCharCode(...bytes.subarray(0, MOST_HEADER_BYTES));
  const found = HEADER.exec(text);
  if (found === null) {
    const start = JSON.stringify(text.slice(0, 20));
    throw unreadable(path, `it begins with ${start}, ${bytes.length} bytes`);
  }
  const [width, height, maximum] = found.slice(1).map(Number);
  const header = { width: width!, height: height!, maximum: maximum! };
  if (header.width === 0 || header.height === 0) {
    throw unreadable(path, `its size is ${width} × ${height} px`);
  }
  if (header.maximum === 0 || header.maximum > 65535) {
    throw unreadable(path, `its largest sample is ${maximum}`);
  }
  return { ...header, length: found[0].length };
}

function unreadable(path: string, found: string): UnreadableFileError {
  return new UnreadableFileError(path, {
    rule: 'it must be a PPM with a header "P6 WIDTH HEIGHT MAXIMUM"',
    found,
  });
}

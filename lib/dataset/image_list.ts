/**
 * Lists of images: `ImageSets/Segmentation/<split>.txt` of VOC.
 *
 * @module
 */
import { UnreadableFileError } from "../image/unreadable_file.ts";

/**
 * An id becomes a file name: no separators, no leading dot, nothing a shell or
 * another system would twist. The same rule as for items of artifacts.
 */
const IMAGE_ID = /^[A-Za-z0-9_][A-Za-z0-9_.+@=,-]{0,199}$/;

/** Most lines told of a list that cannot be read. */
const LINES_TOLD = 10;

/** Largest list that is read: some ten million ids. */
const MAX_BYTES = 1 << 27;

/**
 * Image ids of a list, one on a line, in the order of the file. Line ends may
 * be CRLF, blanks at line ends and blank lines are left aside.
 *
 * Lines of two columns are refused: in the lists of `ImageSets/Main` the second
 * says whether the class is in the image (1, 0 or −1), so that taking the first
 * would take in images without it; other projects list paths of image and mask.
 *
 * @param path Shown in errors; nothing is read from it.
 * @throws {UnreadableFileError} When a line is not one image id, an id appears
 * twice, or there is none; names the lines.
 *
 * @example
 * ```ts
 * import { parseImageList } from "./image_list.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const bytes = new TextEncoder().encode("2007_000063\r\n2007_000392\r\n");
 * deepStrictEqual(
 *   parseImageList(bytes, "train.txt"),
 *   ["2007_000063", "2007_000392"],
 * );
 * ```
 */
export function parseImageList(bytes: Uint8Array, path: string): string[] {
  const lineOf = new Map<string, number>();
  const wrong: string[] = [];
  decodeText(bytes, path).split("\n").forEach((text, i) => {
    const id = text.trimEnd();
    if (id === "" || wrong.length > LINES_TOLD) return;
    const place = `line ${i + 1} is ${JSON.stringify(id.slice(0, 200))}`;
    const before = lineOf.get(id);
    if (!IMAGE_ID.test(id)) wrong.push(place);
    else if (before !== undefined) wrong.push(`${place}, so is line ${before}`);
    else lineOf.set(id, i + 1);
  });
  if (wrong.length > 0) {
    const rule = "every line must be one image id, and each appear once";
    throw new UnreadableFileError(path, { rule, found: told(wrong) });
  }
  if (lineOf.size > 0) return [...lineOf.keys()];
  const rule = "it must name at least one image";
  throw new UnreadableFileError(path, { rule, found: "it is empty" });
}

function told(lines: readonly string[]): string {
  return lines.slice(0, LINES_TOLD).join("; ") +
    (lines.length > LINES_TOLD ? " and others" : "");
}

/**
 * A list that {@link parseImageList} reads back equal.
 *
 * @throws {RangeError} When an id is not an image id.
 *
 * @example
 * ```ts
 * import { formatImageList } from "./image_list.ts";
 *
 * const bytes = formatImageList(["2007_000063", "2007_000392"]);
 * ```
 */
export function formatImageList(imageIds: readonly string[]): Uint8Array {
  for (const id of imageIds) {
    if (IMAGE_ID.test(id)) continue;
    throw new RangeError(
      `Cannot write an image list as an image id must be a plain file name: ` +
        `${JSON.stringify(id)}`,
    );
  }
  return new TextEncoder().encode(imageIds.map((id) => `${id}\n`).join(""));
}

function decodeText(bytes: Uint8Array, path: string): string {
  if (bytes.length > MAX_BYTES) {
    const found = `it has ${bytes.length} bytes`;
    const rule = `it must have at most ${MAX_BYTES} bytes`;
    throw new UnreadableFileError(path, { rule, found });
  }
  return new TextDecoder().decode(bytes);
}

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
 * twice, or there is none.
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
  decodeText(bytes, path).split("\n").forEach((text, i) => {
    const id = text.trimEnd();
    if (id === "") return;
    const place = `line ${i + 1} is ${JSON.stringify(id.slice(0, 200))}`;
    if (!IMAGE_ID.test(id)) {
      const rule = "every line must be one image id";
      throw new UnreadableFileError(path, { rule, found: place });
    }
    const before = lineOf.get(id);
    if (before !== undefined) {
      const found = `${place}, so is line ${before}`;
      const rule = "every image id must appear once";
      throw new UnreadableFileError(path, { rule, found });
    }
    lineOf.set(id, i + 1);
  });
  if (lineOf.size > 0) return [...lineOf.keys()];
  const rule = "it must name at least one image";
  throw new UnreadableFileError(path, { rule, found: "it is empty" });
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

/**
 * Checks a data set in VOC's layout, one image at a time.
 *
 * Everything that is wrong is a value, not an exception: whoever goes through
 * the data set tells all of it at once, grouped by kind.
 *
 * @module
 */
import type { Box } from "../geometry/box.ts";
import type { Size } from "../geometry/size.ts";
import { imageSize } from "../image/image_size.ts";
import { UnreadableFileError } from "../image/unreadable_file.ts";
import { type LabelMap, VOID } from "../label/label_map.ts";
import { decodeLabelMap } from "../label/label_map_png.ts";
import { parseVocAnnotation, type VocAnnotation } from "./voc_annotation.ts";
import { vocBoxes, type VocBoxOptions } from "./voc_boxes.ts";

/** What can be wrong, in the order in which it is told. */
export const VOC_PROBLEM_KINDS = [
  "missing_file",
  "unreadable_file",
  "wrong_picture",
  "size_mismatch",
  "unknown_class",
  "unknown_label",
  "box_empty",
  "box_outside",
] as const;

/** One thing wrong with one image. */
export interface VocProblem {
  readonly imageId: string;
  readonly kind: typeof VOC_PROBLEM_KINDS[number];
  /** Which file, sizes, labels or corners. */
  readonly detail: string;
}

/** The files of one image. */
export interface VocImageFiles {
  readonly imageId: string;
  /** Of `JPEGImages`, at least the header; `null` when the file is missing. */
  readonly image: Uint8Array | null;
  /** Of `Annotations`; `null` when missing, left out when not wanted. */
  readonly annotation?: Uint8Array | null;
  /** Of `SegmentationClass`; `null` when missing, left out when not wanted. */
  readonly mask?: Uint8Array | null;
}

/** What is known of one image. */
export interface VocImageCheck {
  /** Of the picture; `null` when it is missing or unreadable. */
  readonly size: Size | null;
  /** Boxes without a problem; none when there is no annotation. */
  readonly boxes: readonly Box[];
  /** A warning: of how many a part lay outside the picture, and was cut off. */
  readonly clippedBoxCount: number;
  readonly problems: readonly VocProblem[];
  /**
   * A warning: classes in the mask of which the annotation has no box, in
   * order. Empty unless both files are there and readable.
   */
  readonly unboxedClassIds: readonly number[];
}

/**
 * Checks the files of one image against each other and a class list. The
 * picture is not decoded, only its header is read; the mask is.
 *
 * @example
 * ```ts
 * import { checkVocImage } from "./voc_dataset.ts";
 * import { VOC_CLASSES } from "./classes.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const { problems } = checkVocImage(
 *   { imageId: "a", image: null },
 *   { classes: VOC_CLASSES },
 * );
 * deepStrictEqual(problems, [
 *   { imageId: "a", kind: "missing_file", detail: "JPEGImages/a.jpg" },
 * ]);
 * ```
 */
export function checkVocImage(
  files: VocImageFiles,
  options: VocBoxOptions,
): VocImageCheck {
  const { imageId } = files;
  const found: Found[] = [];
  const size = read(found, {
    bytes: files.image,
    path: `JPEGImages/${imageId}.jpg`,
    decode: imageSize,
  });
  const annotation = read(found, {
    bytes: files.annotation,
    path: `Annotations/${imageId}.xml`,
    decode: parseVocAnnotation,
  });
  const mask = read(found, {
    bytes: files.mask,
    path: `SegmentationClass/${imageId}.png`,
    decode: decodeLabelMap,
  });
  found.push(...wrongPicture(imageId, annotation));
  found.push(...sizeMismatches({ picture: size, annotation, mask }));
  const boxed = annotation && vocBoxes(annotation, options);
  if (boxed) found.push(...boxed.problems);
  const labels = mask ? labelsOf(mask) : [];
  found.push(...unknownLabels(labels, options.classes.length));
  return {
    size,
    boxes: boxed?.boxes ?? [],
    clippedBoxCount: boxed?.clippedCount ?? 0,
    problems: found.map((problem) => ({ imageId, ...problem })),
    unboxedClassIds: boxed
      ? unboxed(labels, boxed.boxes, options.classes.length)
      : [],
  };
}

/**
 * Problems of a data set as text: for each kind the number of images, then the
 * images and what is wrong with each.
 *
 * @param limit Most problems told of a kind; the rest is counted.
 *
 * @example
 * ```ts
 * import { formatVocProblems } from "./voc_dataset.ts";
 * import { strictEqual } from "node:assert";
 *
 * const text = formatVocProblems([
 *   { imageId: "a", kind: "missing_file", detail: "JPEGImages/a.jpg" },
 * ], 10);
 * strictEqual(text, 'missing_file: 1 image\n  "a": JPEGImages/a.jpg');
 * ```
 */
export function formatVocProblems(
  problems: readonly VocProblem[],
  limit: number,
): string {
  const byKind = Map.groupBy(problems, ({ kind }) => kind);
  return VOC_PROBLEM_KINDS.flatMap((kind) => {
    const ofKind = byKind.get(kind);
    if (!ofKind) return [];
    const count = new Set(ofKind.map(({ imageId }) => imageId)).size;
    const told = ofKind.slice(0, limit);
    const rest = ofKind.length - told.length;
    return [
      `${kind}: ${count} ${count === 1 ? "image" : "images"}`,
      ...told.map(({ imageId, detail }) => `  "${imageId}": ${detail}`),
      ...(rest > 0 ? [`  and ${rest} more`] : []),
    ];
  }).join("\n");
}

type Found = Omit<VocProblem, "imageId">;

/** One file, decoded; `null`, with the reason added to `found`, if it fails. */
function read<Value>(
  found: Found[],
  { bytes, path, decode }: {
    bytes: Uint8Array | null | undefined;
    path: string;
    decode: (bytes: Uint8Array, path: string) => Value;
  },
): Value | null {
  if (bytes === null) found.push({ kind: "missing_file", detail: path });
  if (!bytes) return null;
  try {
    return decode(bytes, path);
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    found.push({ kind: "unreadable_file", detail: error.message });
    return null;
  }
}

/** An annotation that names another picture, if it names one. */
function wrongPicture(
  imageId: string,
  annotation: VocAnnotation | null,
): Found[] {
  const named = annotation?.imageId ?? null;
  if (named === null || named === imageId) return [];
  return [{ kind: "wrong_picture", detail: `the annotation is of "${named}"` }];
}

/** One problem with all sizes, when those that are known disagree. */
function sizeMismatches(
  sizes: Readonly<Record<string, Size | null>>,
): Found[] {
  const known = Object.entries(sizes).flatMap(([of, size]) =>
    size ? [{ of, text: `${size.width} × ${size.height}` }] : []
  );
  if (new Set(known.map(({ text }) => text)).size < 2) return [];
  const detail = known.map(({ of, text }) => `${of} ${text} px`).join(", ");
  return [{ kind: "size_mismatch", detail }];
}

/** Labels that appear, in order. */
function labelsOf({ data }: LabelMap): number[] {
  const seen = new Uint8Array(256);
  for (const label of data) seen[label] = 1;
  return Array.from(seen.keys()).filter((label) => seen[label] === 1);
}

function unknownLabels(labels: readonly number[], classCount: number): Found[] {
  const unknown = labels.filter((label) =>
    label > classCount && label !== VOID
  );
  if (unknown.length === 0) return [];
  const detail = `labels ${unknown.join(", ")}, known are 0…${classCount}, 255`;
  return [{ kind: "unknown_label", detail }];
}

function unboxed(
  labels: readonly number[],
  boxes: readonly Box[],
  classCount: number,
): number[] {
  const boxedIds = new Set(boxes.map(({ classId }) => classId));
  return labels.filter((label) =>
    label >= 1 && label <= classCount && !boxedIds.has(label)
  );
}

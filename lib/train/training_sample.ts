/**
 * Training samples: a picture and what is known of it.
 *
 * @module
 */
import type { Box } from "../geometry/box.ts";
import { assertBoxes } from "../geometry/box_pixels.ts";
import { decodeImage } from "../image/decode_image.ts";
import type { RgbImage } from "../image/image.ts";
import { type LabelMap, VOID } from "../label/label_map.ts";
import { decodeLabelMap } from "../label/label_map_png.ts";
import { rectangleLabels } from "../weak/rectangle_labels.ts";

/** One picture to learn from; plain data, so that workers can be sent it. */
export interface TrainingSample {
  /** Of the picture; for messages. */
  readonly id: string;
  readonly boxes: readonly Box[];
  /** `[B]`, from 0; null where they are not known. */
  readonly subClasses: readonly number[] | null;
  /** Whether the labels are ground truth, of which nothing is left out. */
  readonly isTruth: boolean;
  /** Of its pixels in the loss; 1 where all weigh alike. */
  readonly weight: number;
}

/** The files of a sample. */
export interface SampleBytes {
  /** A JPEG, PNG or PPM. */
  readonly image: Uint8Array;
  /** Of the image, for errors. */
  readonly path: string;
  /** A label map as PNG; null: rectangle labels are made from the boxes. */
  readonly labels: Uint8Array | null;
}

/** A sample in memory; both are of one size. */
export interface DecodedSample {
  readonly image: RgbImage;
  /** 0 background, 1…C − 1 class, 255 void. */
  readonly labels: LabelMap;
}

/**
 * Decodes and checks a sample's files.
 *
 * @example
 * ```ts
 * import { encodeRgbPng } from "../image/rgb_png.ts";
 * import { decodeSample } from "./training_sample.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const box = { classId: 2, x0: 0, y0: 0, x1: 1, y1: 1 };
 * const sample = {
 *   id: "a", boxes: [box], subClasses: null, isTruth: false, weight: 1,
 * };
 * const image = encodeRgbPng({ width: 2, height: 1, data: new Uint8Array(6) });
 * const files = { image, path: "a.png", labels: null };
 * const { labels } = await decodeSample(sample, files, 3);
 * deepStrictEqual([...labels.data], [2, 0]);
 * ```
 *
 * @param classCount C, background included.
 * @throws {UnreadableFileError} When a file is cut short or corrupt.
 * @throws {RangeError} When sizes disagree, a label is not 0…C − 1 or 255, or a
 *   box does not fit; names the picture.
 */
export async function decodeSample(
  sample: TrainingSample,
  bytes: SampleBytes,
  classCount: number,
): Promise<DecodedSample> {
  const { id, boxes } = sample;
  const image = await decodeImage(bytes.image, bytes.path);
  const action = `train on box % of image "${id}"`;
  assertBoxes(boxes, image, action);
  for (const [index, { classId }] of boxes.entries()) {
    if (classId < classCount) continue;
    throw new RangeError(
      `Cannot ${action.replace("%", `${index}`)} as its class must be ` +
        `1…${classCount - 1}: ${classId}`,
    );
  }
  const labels = bytes.labels === null
    ? rectangleLabels(boxes, image).labels
    : decodeLabelMap(bytes.labels, `labels of ${id}`);
  assertLabels(sample, { image, labels }, classCount);
  return { image, labels };
}

function assertLabels(
  { id }: TrainingSample,
  { image, labels }: DecodedSample,
  classCount: number,
): void {
  const refused = `Cannot train on image "${id}" as`;
  if (image.width !== labels.width || image.height !== labels.height) {
    throw new RangeError(
      `${refused} it and its label map must be of one size: ` +
        `${image.width} × ${image.height} and ` +
        `${labels.width} × ${labels.height} px`,
    );
  }
  const wrong = labels.data.findIndex((label) =>
    label >= classCount && label !== VOID
  );
  if (wrong < 0) return;
  const x = wrong % labels.width;
  const y = Math.floor(wrong / labels.width);
  throw new RangeError(
    `${refused} labels must be 0…${classCount - 1} or ${VOID}: pixel ` +
      `(${x}, ${y}) is ${labels.data[wrong]}`,
  );
}

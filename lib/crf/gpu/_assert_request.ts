/**
 * What is asked of the CRF, checked at the door.
 *
 * @module
 */
import type { RgbImage } from "../../image/image.ts";
import type { DenseCrfOptions } from "../dense_crf.ts";
import type { LabelPlanes } from "../label_planes.ts";
import { assertUnary } from "../unary.ts";
import { MAX_LABELS } from "./_mean_field_kernels.ts";

const ACTION = "Cannot run the dense CRF";
/** So that sums of weights stay exact to 1 nat in float32. */
const MAX_WEIGHT = 1e6;

/** Checks a picture and its unary. */
export function assertPicture(image: RgbImage, unary: LabelPlanes): void {
  assertUnary(unary);
  const { width, height, data } = image;
  if (width !== unary.width || height !== unary.height) {
    throw new RangeError(
      `${ACTION} as image and unary must be of one size: ` +
        `image is ${width} × ${height}, unary is ` +
        `${unary.width} × ${unary.height}`,
    );
  }
  if (data.length !== width * height * 3) {
    throw new RangeError(
      `${ACTION} as an image must hold H × W × 3 values: ` +
        `${data.length} values for ${height} × ${width} × 3`,
    );
  }
  if (unary.labelCount > MAX_LABELS) {
    throw new RangeError(
      `${ACTION} on the GPU as labels must be at most ${MAX_LABELS}: ` +
        `${unary.labelCount}`,
    );
  }
}

/** Checks the parameters. */
export function assertOptions(options: DenseCrfOptions): void {
  assertWithin(options, ["appearanceWeight", "smoothnessWeight"], {
    range: `0…${MAX_WEIGHT}`,
    includes: (value) => value >= 0 && value <= MAX_WEIGHT,
  });
  assertWithin(
    options,
    ["appearanceSigmaPx", "appearanceSigmaLevels", "smoothnessSigmaPx"],
    {
      range: "above 0 and finite",
      includes: (value) => value > 0 && value < Infinity,
    },
  );
  assertWithin(options, ["iterations"], {
    range: "a whole number of at least 0",
    includes: (value) => Number.isSafeInteger(value) && value >= 0,
  });
  if (["after", "symmetric"].includes(options.normalisation)) return;
  throw new RangeError(
    `${ACTION} as normalisation must be "after" or "symmetric": ` +
      `"${options.normalisation}"`,
  );
}

function assertWithin(
  options: DenseCrfOptions,
  names: readonly Exclude<keyof DenseCrfOptions, "normalisation">[],
  { range, includes }: { range: string; includes(value: number): boolean },
): void {
  const wrong = names.find((name) => !includes(options[name]));
  if (wrong === undefined) return;
  throw new RangeError(
    `${ACTION} as ${wrong} must be ${range}: ${options[wrong]}`,
  );
}

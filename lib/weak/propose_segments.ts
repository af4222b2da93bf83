/**
 * Segment proposals: the label maps a segmenter is trained on.
 *
 * @module
 */
import { type RunCrf, runOnCpu } from "../crf/choose_crf.ts";
import { type DenseCrfOptions, WSSL_BOX_CRF } from "../crf/dense_crf.ts";
import { mapLabels } from "../crf/label_planes.ts";
import { unaryFromProbabilities } from "../crf/unary.ts";
import type { Box } from "../geometry/box.ts";
import type { RgbImage } from "../image/image.ts";
import { emptyLabelMap, type LabelMap } from "../label/label_map.ts";
import {
  boxProbabilities,
  type BoxUnaryOptions,
  presentLabels,
} from "./box_unary.ts";

/** See `proposeSegments`; what is left out is as WSSL has it. */
export interface ProposalOptions extends BoxUnaryOptions {
  readonly crf?: DenseCrfOptions;
  /** What runs the CRF; default the CPU. */
  readonly run?: RunCrf;
  /**
   * Whether pixels outside all boxes of their class become background, as in
   * BANA; default false, as the CRF rarely leaks.
   */
  readonly resetOutsideBoxes?: boolean;
}

/**
 * The proposal of one picture: MAP of a dense CRF on the unary of its boxes.
 *
 * One CRF for all boxes together [Song2019, section 3.1: CRF-Box];
 * docs/method.md, Proposals.
 *
 * @param image RGB of H × W pixels.
 * @returns H × W; 0 background, 1…K class; no void. A picture without boxes is
 *   all background.
 * @throws {RangeError} When a box is not whole pixels of the image, or an
 *   option is out of its range.
 *
 * @example
 * ```ts
 * import { proposeSegments } from "./propose_segments.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * // Black on white; the box of the black pixels is one pixel too wide.
 * const levels = [255, 0, 0, 0, 255, 255].flatMap((v) => [v, v, v]);
 * const image = { width: 6, height: 1, data: Uint8Array.from(levels) };
 * const box = { classId: 3, x0: 1, y0: 0, x1: 5, y1: 1 };
 * const proposal = await proposeSegments(image, [box]);
 * deepStrictEqual([...proposal.data], [0, 3, 3, 3, 0, 0]);
 * ```
 */
export async function proposeSegments(
  image: RgbImage,
  boxes: readonly Box[],
  options: ProposalOptions = {},
): Promise<LabelMap> {
  const { crf = WSSL_BOX_CRF, run = runOnCpu } = options;
  if (boxes.length === 0) return emptyLabelMap(image.width, image.height);
  const labels = options.labels ?? presentLabels(boxes);
  const probabilities = boxProbabilities(boxes, image, { ...options, labels });
  const unary = unaryFromProbabilities(probabilities);
  const proposal = mapLabels(await run({ image, unary }, crf), labels);
  if (options.resetOutsideBoxes) resetOutside(proposal, boxes);
  return proposal;
}

function resetOutside(
  { width, data }: LabelMap,
  boxes: readonly Box[],
): void {
  const kept = new Uint8Array(data.length);
  for (const { classId, x0, y0, x1, y1 } of boxes) {
    for (let y = y0; y < y1; y++) {
      for (let p = y * width + x0; p < y * width + x1; p++) {
        if (data[p] === classId) kept[p] = classId;
      }
    }
  }
  data.set(kept);
}

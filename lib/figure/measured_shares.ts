/**
 * How far boxes are filled, as the run measured it.
 *
 * @module
 */
import * as z from "zod";
import type { LabelMap } from "../label/label_map.ts";
import { boxShares } from "../weak/filling_rate.ts";
import type { LabelledPictures } from "./picture_sets.ts";

/** Which pixels of a box count, of a run that does not say: its class's. */
const Ownership = z.enum(["class", "box"]).catch("class");

/**
 * Share of each box of a picture that its class fills, counted as for the
 * filling rates of the run: with `frOwnership: box`, pixels of another box of
 * the class are left out.
 *
 * @returns `[B]`, 0…1.
 * @throws {RangeError} When a box is not whole pixels of the proposal.
 *
 * @example
 * ```ts
 * import { measuredShares } from "./measured_shares.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const box = { classId: 1, x0: 0, y0: 0, x1: 4, y1: 1 };
 * const boxes = [box, { ...box, x1: 2 }];
 * const pictures = {
 *   boxes: new Map([["a", { width: 4, height: 1, boxes }]]),
 *   step: {
 *     id: "a", name: "a", axes: {}, stage: "s", params: { frOwnership: "box" },
 *     seed: 1, origins: {}, outputs: {}, metrics: {},
 *   },
 * };
 * const proposal = { width: 4, height: 1, data: Uint8Array.of(1, 1, 1, 0) };
 * // The smaller box is on top of the other's first two pixels.
 * deepStrictEqual(measuredShares(pictures, { id: "a", proposal }), [0.25, 1]);
 * ```
 */
export function measuredShares(
  { boxes, step }: Pick<LabelledPictures, "boxes" | "step">,
  { id, proposal }: { id: string; proposal: LabelMap },
): number[] {
  const frOwnership = Ownership.parse(step.params.frOwnership);
  return boxShares(proposal, boxes.get(id)!.boxes, { frOwnership });
}

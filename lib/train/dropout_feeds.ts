/**
 * Dropout masks as inputs of a training graph.
 *
 * @module
 */
import type { Tensors } from "../engine/engine.ts";
import type { Dropout } from "../net/net_builder.ts";
import { dropoutMask } from "./dropout_mask.ts";

/** After a layer's name: the input that is its mask. */
const KEPT = "/kept";

/** A layer with dropout, as whoever makes shards must know it. */
export interface DropoutLayer {
  readonly name: string;
  /** Of one image. */
  readonly shape: readonly number[];
  readonly keepShare: number;
}

/**
 * The layers whose masks a graph is fed, for a loader that draws them.
 *
 * @example
 * ```ts
 * import { dropoutLayers } from "./dropout_feeds.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const input = { name: "fc6/kept", shape: [4, 128, 13, 13], keepShare: 0.5 };
 * deepStrictEqual(
 *   dropoutLayers([input]),
 *   [{ name: "fc6", shape: [128, 13, 13], keepShare: 0.5 }],
 * );
 * ```
 */
export function dropoutLayers(dropouts: readonly Dropout[]): DropoutLayer[] {
  return dropouts.map(({ name, shape, keepShare }) => ({
    name: name.slice(0, -KEPT.length),
    shape: shape.slice(1),
    keepShare,
  }));
}

/**
 * The masks that a shard's feeds lack.
 *
 * @example
 * ```ts
 * import { missingMasks } from "./dropout_feeds.ts";
 * import { strictEqual } from "node:assert";
 *
 * const dropouts = [{ name: "fc6/kept", shape: [4, 8], keepShare: 0.5 }];
 * const place = { seed: 1, iteration: 0, firstSlot: 0 };
 * const masks = missingMasks({}, dropouts, place);
 * strictEqual(masks["fc6/kept"]!.length, 32);
 * ```
 */
export function missingMasks(
  feeds: Tensors,
  dropouts: readonly Dropout[],
  place: {
    readonly seed: number;
    readonly iteration: number;
    /** Slot in the mini-batch of the shard's first image. */
    readonly firstSlot: number;
  },
): Tensors {
  const missing = dropouts.filter(({ name }) => !(name in feeds));
  const layers = dropoutLayers(missing);
  return Object.fromEntries(missing.map(({ name, shape, keepShare }, i) => [
    name,
    dropoutMask({ ...place, name: layers[i]!.name, shape, keepShare }),
  ]));
}

/**
 * Shards of mini-batches: what the training graph is fed, made from decoded
 * samples.
 *
 * All chance is keyed by seed, iteration and slot in the mini-batch, so a shard
 * is the same bytes whoever makes it, and when.
 *
 * @module
 */
import { VOID } from "../label/label_map.ts";
import type { InputEncoding } from "../net/input_encoding.ts";
import { seededRandom } from "../random.ts";
import {
  type Augmentation,
  cropAxes,
  drawPlacement,
  type Placement,
} from "./augment.ts";
import { cellBoxes, type CellGrid, cellGrid, cellLabels } from "./cell_grid.ts";
import { dropoutMask } from "./dropout_mask.ts";
import {
  type FillingRateOptions,
  fillingRateSelection,
} from "./filling_rate_selection.ts";
import { encodeCrop } from "./image_planes.ts";
import { maskTarget, type MaskTargetOptions } from "./mask_target.ts";
import type { DecodedSample, TrainingSample } from "./training_sample.ts";

/** What every shard of a run is made by; plain data. */
export interface BatchOptions {
  readonly seed: number;
  readonly augmentation: Augmentation;
  readonly encoding: InputEncoding;
  /** Pixels of the crop to a cell of the scores. */
  readonly outputStride: number;
  /** Null: no filling-rate loss. */
  readonly selection:
    | FillingRateOptions & {
      /** Iterations before selection starts; 0 by default. */
      readonly warmup?: number;
    }
    | null;
  /** Null: no mask loss. */
  readonly mask: MaskTargetOptions | null;
  /**
   * Layers whose dropout masks are wanted too, their shapes those of one
   * picture; [] by default. On a GPU masks are then drawn while it computes.
   */
  readonly dropouts?: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly keepShare: number;
  }[];
}

/** A sample and its pixels. */
export interface ReadySample extends DecodedSample {
  readonly sample: TrainingSample;
}

/** Where a shard belongs. */
export interface ShardPlace {
  /** From 0. */
  readonly iteration: number;
  /** Slot in the mini-batch of the shard's first sample. */
  readonly firstSlot: number;
}

/**
 * By name of the graph's input; n samples, crops of side S, P = Y·X cells:
 * `images` `[n, 3, S, S]`; `labels`, `counted` `[n, 1, Y, X]`; with selection
 * `rank_class` `[n, 1, Y, X]`, `group`, `quota`, `selectable` `[n, P]`; with a
 * mask loss `mask_target` `[n, channels, Y, X]`, `mask_counted` `[n, 1, Y, X]`;
 * and `<layer>/kept` of each layer with dropout that is asked for.
 */
export type ShardArrays = Record<
  string,
  Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>
>;

/**
 * Makes a shard's arrays.
 *
 * @throws {RangeError} When a box that is ranked has no filling rate.
 *
 * @example
 * ```ts
 * import { makeShard } from "./batch.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const sample = {
 *   id: "a", boxes: [], subClasses: null,
 *   isTruth: false, weight: 1,
 * };
 * const image = { width: 8, height: 9, data: new Uint8Array(8 * 9 * 3) };
 * const labels = { width: 8, height: 9, data: new Uint8Array(8 * 9).fill(2) };
 * const shard = makeShard([{ sample, image, labels }], {
 *   iteration: 0, firstSlot: 0,
 * }, {
 *   seed: 1,
 *   augmentation: { cropSize: 9, mirror: false },
 *   encoding: { order: "rgb", mean: [0, 0, 0], scale: 1 },
 *   outputStride: 8,
 *   selection: null,
 *   mask: null,
 * });
 * // Columns 0 and 8 of the crop; the picture has no column 8.
 * deepStrictEqual([...shard.labels!], [2, 0, 2, 0]);
 * deepStrictEqual([...shard.counted!], [1, 0, 1, 0]);
 * ```
 */
export function makeShard(
  samples: readonly ReadySample[],
  place: ShardPlace,
  options: BatchOptions,
): ShardArrays {
  const shard = emptyShard(samples.length, options);
  samples.forEach((ready, at) => {
    const placement = placementOf(ready, {
      iteration: place.iteration,
      slot: place.firstSlot + at,
    }, options);
    fillSample(shard, { at, ready, placement, ...place }, options);
  });
  for (const { name, shape, keepShare } of options.dropouts ?? []) {
    shard[`${name}/kept`] = dropoutMask({
      ...place,
      seed: options.seed,
      name,
      shape: [samples.length, ...shape],
      keepShare,
    });
  }
  return shard;
}

function placementOf(
  { image }: ReadySample,
  { iteration, slot }: { iteration: number; slot: number },
  { seed, augmentation }: BatchOptions,
): Placement {
  const random = seededRandom(seed).split("augmentation")
    .split(`iteration ${iteration}, slot ${slot}`);
  return drawPlacement(random, image, augmentation);
}

function emptyShard(count: number, options: BatchOptions): ShardArrays {
  const { augmentation: { cropSize }, outputStride } = options;
  const cells = ((cropSize - 1) / outputStride + 1) ** 2;
  const shard: ShardArrays = {
    images: new Float32Array(count * 3 * cropSize ** 2),
  };
  const perCell = ["labels", "counted"];
  if (options.selection !== null) {
    perCell.push("rank_class", "group", "quota", "selectable");
  }
  if (options.mask !== null) {
    const { channels } = options.mask;
    shard.mask_target = new Float32Array(count * channels * cells);
    perCell.push("mask_counted");
  }
  for (const name of perCell) shard[name] = new Float32Array(count * cells);
  return shard;
}

/** Writes one sample's part of each array. */
function fillSample(
  shard: ShardArrays,
  { at, ready, placement, iteration }: {
    readonly at: number;
    readonly ready: ReadySample;
    readonly placement: Placement;
    readonly iteration: number;
  },
  options: BatchOptions,
): void {
  const { sample: { boxes, subClasses, isTruth, weight }, image } = ready;
  const { cropSize } = options.augmentation;
  const axes = cropAxes(image, placement, cropSize);
  const planes = 3 * cropSize ** 2;
  encodeCrop(
    (shard.images as Float32Array).subarray(at * planes, (at + 1) * planes),
    { image, ...axes },
    options.encoding,
  );
  const grid = cellGrid(
    { columns: axes.columns.nearest, rows: axes.rows.nearest },
    options.outputStride,
  );
  const labels = cellLabels(grid, ready.labels);
  const write = (name: string, part: ArrayLike<number>) =>
    shard[name]!.set(part, at * part.length);
  write("labels", labels.map((label) => label === VOID ? 0 : label));
  write("counted", Float32Array.from(labels, (l) => l === VOID ? 0 : weight));
  if (options.selection === null && options.mask === null) return;
  const boxIndices = cellBoxes(grid, boxes);
  const { selection: rules, mask } = options;
  if (rules !== null) {
    const isFree = isTruth || iteration < (rules.warmup ?? 0);
    const cells = { labels, boxIndices, boxes, subClasses };
    const selection = fillingRateSelection(cells, isFree ? null : rules);
    write("rank_class", selection.rankClass);
    write("group", selection.group);
    write("quota", selection.quota);
    write("selectable", selection.selectable);
  }
  if (mask !== null) {
    write("mask_target", maskTarget({ grid, boxes, boxIndices }, mask));
    write("mask_counted", insideOf(grid).map((isIn) => isIn * weight));
  }
}

/** float32 `[P]`: 1 in the picture, 0 in the padding. */
function insideOf({ columns, rows }: CellGrid): Float32Array {
  const inside = new Float32Array(rows.length * columns.length);
  let p = 0;
  for (const y of rows) {
    for (const x of columns) inside[p++] = x >= 0 && y >= 0 ? 1 : 0;
  }
  return inside;
}

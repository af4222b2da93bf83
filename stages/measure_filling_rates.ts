/**
 * Stage `measure_filling_rates`: how much of its boxes each class fills.
 *
 * The filling rate of class k is the mean, over its N_k boxes b, of the share
 * of b that the proposal y labels k:
 *
 *   FR_k = 1/N_k · Σ_b |{p ∈ b : y_p = k}| / |b|            [Song2019, Eq. 3]
 *
 * and that of a sub-class is the same mean over the boxes of the sub-class.
 *
 *   in   boxes        by image id, px, half-open
 *   in   proposals    uint8 [H, W] by image id
 *   in   classes      names in the order of their ids
 *   in   sub_classes  of each box; left out: no rates of sub-classes
 *   out  rates        0…1; null for a class or sub-class without boxes
 *   out  metrics      filling_rate.<class>
 *
 * @module
 */
import * as z from "zod";
import {
  type BoxShare,
  boxShares,
  meanFillingRates,
  meanSubClassFillingRates,
} from "../lib/weak/filling_rate.ts";
import { defineStage, METRICS, optional } from "../pipeline/mod.ts";
import {
  BOXES,
  CLASS_NAMES,
  FILLING_RATES,
  type FillingRates,
  LABEL_MAPS,
  SUB_CLASSES,
} from "./artifacts.ts";
import { metricName } from "../lib/metric/metric_name.ts";

const Params = z.strictObject({
  frOwnership: z.enum(["class", "box"]).default("class")
    .describe("whether pixels of another box of the class count"),
});

type ShareInSubClass = BoxShare & { readonly subClass: number };

/** Measures filling rates. */
export const measureFillingRates = defineStage({
  name: "measure_filling_rates",
  version: 1,
  module: import.meta.url,
  params: Params,
  inputs: {
    boxes: BOXES,
    proposals: LABEL_MAPS,
    classes: CLASS_NAMES,
    sub_classes: optional(SUB_CLASSES),
  },
  outputs: { rates: FILLING_RATES, metrics: METRICS },
  async run({ params, inputs, progress }) {
    const shares: ShareInSubClass[] = [];
    const { ids } = inputs.boxes;
    for (const [i, id] of ids.entries()) {
      const { boxes } = await inputs.boxes.read(id);
      const proposal = await inputs.proposals.read(id);
      const subClasses = subClassesOf(inputs.sub_classes, id, boxes.length);
      boxShares(proposal, boxes, params).forEach((share, b) =>
        shares.push({
          classId: boxes[b]!.classId,
          subClass: subClasses[b]!,
          share,
        })
      );
      progress(i + 1, ids.length, "images");
    }
    const rates = ratesOf(shares, inputs.classes, inputs.sub_classes !== null);
    return { rates, metrics: metricsOf(rates) };
  },
});

/** The sub-class of each box of an image; 0 for all when there are none. */
function subClassesOf(
  all: Readonly<Record<string, readonly number[]>> | null,
  id: string,
  boxCount: number,
): readonly number[] {
  if (all === null) return new Array<number>(boxCount).fill(0);
  const ofImage = all[id] ?? [];
  if (ofImage.length === boxCount) return ofImage;
  throw new RangeError(
    `Cannot measure filling rates in image "${id}" as each of its boxes must ` +
      `have a sub-class: ${boxCount} boxes, ${ofImage.length} sub-classes`,
  );
}

function ratesOf(
  shares: readonly ShareInSubClass[],
  classes: readonly string[],
  hasSubClasses: boolean,
): FillingRates {
  const classCount = classes.length;
  const subClassCount = hasSubClasses
    ? 1 + shares.reduce((most, { subClass }) => Math.max(most, subClass), 0)
    : 0;
  const byClass = meanFillingRates(shares, classCount);
  const bySubClass = subClassCount === 0
    ? []
    : meanSubClassFillingRates(shares, { classCount, subClassCount });
  return classes.map((className, k) => {
    const ofClass = shares.filter(({ classId }) => classId === k + 1);
    return {
      className,
      boxCount: ofClass.length,
      fillingRate: byClass[k]!,
      subClasses: (bySubClass[k] ?? []).map((fillingRate, s) => ({
        boxCount: ofClass.filter(({ subClass }) => subClass === s).length,
        fillingRate,
      })),
    };
  });
}

function metricsOf(rates: FillingRates): Record<string, number> {
  return Object.fromEntries(
    rates.flatMap(({ className, fillingRate }) =>
      fillingRate === null
        ? []
        : [[`filling_rate.${metricName(className)}`, fillingRate]]
    ),
  );
}

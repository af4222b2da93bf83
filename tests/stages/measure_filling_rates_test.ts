import { deepStrictEqual, rejects } from "node:assert/strict";
import { measureFillingRates } from "../../stages/measure_filling_rates.ts";
import { box, labelMap } from "../drawings.ts";
import { runStage } from "./run_stage.ts";

const PROPOSAL = labelMap(
  "11....",
  "11..?.",
  "..1...",
  "......",
);
const WHOLE = box(1, 0, 0, 6, 4); //  5 of 24 pixels filled
const CORNER = box(1, 0, 0, 2, 2); // 4 of 4 pixels filled
const EMPTY = box(1, 4, 2, 6, 4); //  0 of 4 pixels filled

const CLASSES = ["ball", "Dining table"];

/** The item of `BOXES` of an image with these boxes. */
function boxed(...boxes: ReturnType<typeof box>[]) {
  return { width: 6, height: 4, boxes };
}

Deno.test("measure_filling_rates weighs every box alike, whatever its area", async () => {
  const { outputs } = await runStage(measureFillingRates, {
    inputs: {
      boxes: { a: boxed(WHOLE, CORNER) },
      proposals: { a: PROPOSAL },
      classes: CLASSES,
      sub_classes: null,
    },
  });
  // Pooling all pixels would give 9 / 28.
  deepStrictEqual(outputs.rates, [
    {
      className: "ball",
      boxCount: 2,
      fillingRate: (5 / 24 + 1) / 2,
      subClasses: [],
    },
    {
      className: "Dining table",
      boxCount: 0,
      fillingRate: null,
      subClasses: [],
    },
  ]);
});

Deno.test("measure_filling_rates weighs boxes alike across images", async () => {
  const { outputs } = await runStage(measureFillingRates, {
    inputs: {
      boxes: { a: boxed(CORNER), b: boxed(EMPTY, EMPTY, CORNER) },
      proposals: { a: PROPOSAL, b: PROPOSAL },
      classes: CLASSES,
      sub_classes: null,
    },
  });
  // The mean of the images' means would be (1 + 1 / 3) / 2.
  deepStrictEqual(outputs.metrics, { "filling_rate.ball": 2 / 4 });
});

Deno.test("measure_filling_rates names metrics by class and leaves out classes without boxes", async () => {
  const { outputs } = await runStage(measureFillingRates, {
    inputs: {
      boxes: { a: boxed(box(2, 0, 0, 2, 2)) },
      proposals: { a: labelMap("2.....", "2.....", "......", "......") },
      classes: CLASSES,
      sub_classes: null,
    },
  });
  deepStrictEqual(outputs.metrics, { "filling_rate.dining_table": 0.5 });
});

Deno.test("measure_filling_rates gives each sub-class the mean of its own boxes", async () => {
  const { outputs } = await runStage(measureFillingRates, {
    inputs: {
      boxes: { a: boxed(EMPTY, CORNER), b: boxed(WHOLE) },
      proposals: { a: PROPOSAL, b: PROPOSAL },
      classes: ["ball"],
      sub_classes: { a: [2, 0], b: [0] },
    },
  });
  deepStrictEqual(outputs.rates[0]!.subClasses, [
    { boxCount: 2, fillingRate: (1 + 5 / 24) / 2 },
    { boxCount: 0, fillingRate: null },
    { boxCount: 1, fillingRate: 0 },
  ]);
});

Deno.test("measure_filling_rates can leave out pixels of other boxes of the class", async () => {
  const { outputs } = await runStage(measureFillingRates, {
    params: { frOwnership: "box" },
    inputs: {
      boxes: { a: boxed(WHOLE, CORNER) },
      proposals: { a: PROPOSAL },
      classes: ["ball"],
      sub_classes: null,
    },
  });
  // The corner owns its four pixels, so the whole keeps one.
  deepStrictEqual(outputs.metrics, { "filling_rate.ball": (1 / 24 + 1) / 2 });
});

Deno.test("measure_filling_rates refuses sub-classes of other boxes", async () => {
  const inputs = {
    boxes: { a: boxed(WHOLE, CORNER) },
    proposals: { a: PROPOSAL },
    classes: CLASSES,
    "sub_classes": { a: [1] },
  };
  await rejects(runStage(measureFillingRates, { inputs }), {
    name: "RangeError",
    message: 'Cannot measure filling rates in image "a" as each of its boxes ' +
      "must have a sub-class: 2 boxes, 1 sub-classes",
  });
});

Deno.test("measure_filling_rates refuses boxes of classes without a name", async () => {
  const inputs = {
    boxes: { a: boxed(box(3, 0, 0, 2, 2)) },
    proposals: { a: PROPOSAL },
    classes: CLASSES,
    "sub_classes": null,
  };
  await rejects(runStage(measureFillingRates, { inputs }), {
    name: "RangeError",
    message: "Cannot average filling rates as a class must be a whole number " +
      "1…2: 3",
  });
});

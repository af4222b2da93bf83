import { deepStrictEqual, match, rejects } from "node:assert/strict";
import { testFillingRateReadings } from "../../stages/test_filling_rate_readings.ts";
import { box, labelMap } from "../drawings.ts";
import { runStage } from "./run_stage.ts";

/** A row of cells, eight pixels apart, as one label map or another. */
function row(cells: string) {
  return labelMap([...cells].join(".......").padEnd(8 * cells.length, "."));
}

/** Scores of which the probability of class 1 falls with the digit. */
function scores(digits: string) {
  const foreground = [...digits].map((digit) => 4 - Number(digit));
  // A last cell beyond the picture, as its width is no 8k + 1.
  return {
    classCount: 2,
    width: 8 * digits.length,
    height: 1,
    outputStride: 8,
    data: Float32Array.from(
      [...digits, "0"].map(() => 0)
        .concat(foreground, [9]),
    ),
  };
}

// A box over six of eight cells; the proposal has four, two of them wrong.
const PROPOSAL = "1111....";
const TRUTH = "11......";
const INPUTS = {
  scores: { a: scores("01672300"), b: scores("0") },
  proposals: { a: row(PROPOSAL), b: row("1") },
  truth: { a: row(TRUTH) },
  boxes: {
    a: { width: 64, height: 1, boxes: [box(1, 0, 0, 48, 1)] },
    b: { width: 8, height: 1, boxes: [] },
  },
  classes: ["ball"],
  "sub_classes": [{
    step: "sub_classes[features=mask]",
    value: { a: [1], b: [] },
  }],
  rates: [{
    step: "filling_rates[features=mask]",
    value: [{
      className: "ball",
      boxCount: 1,
      fillingRate: 0.5,
      subClasses: [
        { boxCount: 0, fillingRate: null },
        { boxCount: 1, fillingRate: 0.2 },
      ],
    }],
  }],
};

Deno.test("test_filling_rate_readings tells how many of the ignored labels are wrong", async () => {
  const { outputs, log } = await runStage(testFillingRateReadings, {
    inputs: INPUTS,
  });
  // Three of six cells are kept: 0, 1 and the 2 of background.
  const of = (name: string) =>
    ["ignored", "precision", "base_rate", "recall", "lost"]
      .map((key) => outputs.metrics[`readings.${name}.${key}`]);
  deepStrictEqual(of("fr"), [1 / 2, 1, 1 / 2, 1, 0]);
  // One of six: the 1, which is right, is ignored too.
  deepStrictEqual(of("refine_mask"), [3 / 4, 2 / 3, 1 / 2, 1, 1 / 2]);
  // Floor: four of six, of which two are background.
  deepStrictEqual(of("floor_proposal"), [1 / 2, 1, 1 / 2, 1, 0]);
  deepStrictEqual(of("least_sure"), [1 / 2, 1, 1 / 2, 1, 0]);
  deepStrictEqual(outputs.metrics["readings.fr.precision.ball"], 1);
  deepStrictEqual(log, ["1 images have no ground truth"]);
  match(outputs.table, /ground truth of 1 pictures/);
  match(
    outputs.table,
    /^\| Refine by mask \| 75\.0 \| 66\.7 \| 50\.0 \| 100\.0 \| 50\.0 \|$/m,
  );
});

Deno.test("test_filling_rate_readings takes sub-classes of one step without a matrix", async () => {
  const { outputs } = await runStage(testFillingRateReadings, {
    params: { title: "Mine", globalRate: 1 },
    inputs: {
      ...INPUTS,
      "sub_classes": [{
        step: "clusters",
        value: INPUTS.sub_classes[0]!.value,
      }],
      rates: [{ step: "filling_rates", value: INPUTS.rates[0]!.value }],
    },
  });
  match(outputs.table, /^# Mine$/m);
  match(outputs.table, /^\| Refine by sub_classes \| 75\.0 /m);
  deepStrictEqual(outputs.metrics["readings.global.ignored"], 0);
});

Deno.test("test_filling_rate_readings refuses sub-classes whose rates it was not given", async () => {
  const inputs = {
    ...INPUTS,
    "sub_classes": [{
      step: "sub_classes[features=aspect]",
      value: INPUTS.sub_classes[0]!.value,
    }],
  };
  await rejects(runStage(testFillingRateReadings, { inputs }), {
    name: "RangeError",
    message: 'Cannot test sub-classes of step "sub_classes[features=aspect]" ' +
      "as a step with the same labels must give their rates: there are " +
      '"filling_rates[features=mask]"',
  });
});

Deno.test("test_filling_rate_readings refuses to tell of nothing", async () => {
  const refused = (more: object, reason: string) =>
    rejects(
      runStage(testFillingRateReadings, { inputs: { ...INPUTS, ...more } }),
      { name: "RangeError", message: `Cannot test readings as ${reason}` },
    );
  await refused(
    { rates: [], "sub_classes": [] },
    'input "rates" must have the filling rates of a step: 0',
  );
  await refused(
    { truth: {} },
    "there must be ground truth of a picture with scores: of none",
  );
});

Deno.test("test_filling_rate_readings names the image whose sub-classes are missing", async () => {
  const inputs = {
    ...INPUTS,
    "sub_classes": [{ step: "sub_classes[features=mask]", value: { b: [] } }],
  };
  await rejects(runStage(testFillingRateReadings, { inputs }), {
    name: "RangeError",
    message: 'Cannot compare labels of image "a" as each of its boxes must ' +
      "have a sub-class by mask: 1 boxes, 0 sub-classes",
  });
});

import { deepStrictEqual, match, rejects } from "node:assert/strict";
import { scoreAttentionMaps } from "../../stages/score_attention_maps.ts";
import { box } from "../drawings.ts";
import { runStage } from "./run_stage.ts";

/** Maps of one row of cells, 8 px apart: open where the row has `x`. */
function maps(...rows: string[]) {
  // A last cell beyond the picture, as its width is no 8k + 1: not to be seen.
  const cells = rows.map((row) => `${row}x`).join("");
  return {
    classCount: rows.length,
    width: 8 * rows[0]!.length,
    height: 1,
    outputStride: 8,
    data: Float32Array.from(cells, (sign) => sign === "x" ? 1 : 0),
  };
}

const INPUTS = {
  boxes: { a: { width: 32, height: 1, boxes: [box(1, 0, 0, 16, 1)] } },
  classes: ["ball", "bar"],
};

Deno.test("score_attention_maps compares the maps of each way to train, over seeds", async () => {
  const { outputs } = await runStage(scoreAttentionMaps, {
    params: { title: "Mine" },
    inputs: {
      ...INPUTS,
      maps: [
        {
          step: "maps[seed=1,variant=bcm]",
          value: { a: maps("xxxx", "xx..", "....") },
        },
        {
          step: "maps[seed=2,variant=bcm]",
          value: { a: maps("xxxx", "x...", "....") },
        },
        { step: "maps[seed=1,variant=bgm]", value: { a: maps(".xx.") } },
        { step: "maps[seed=2,variant=bgm]", value: { a: maps("....") } },
      ],
    },
  });
  deepStrictEqual(outputs.metrics, {
    "attention.bcm.iou": 3 / 4,
    "attention.bcm.inside": 3 / 4,
    "attention.bcm.open_iou": 2 / 4,
    "attention.bcm.outside": 0,
    "attention.bgm.iou": 1 / 6,
    "attention.bgm.inside": 1 / 4,
    "attention.bgm.open_iou": 2 / 4,
    "attention.bgm.outside": 1 / 4,
  });
  match(outputs.table, /^# Mine\n\nOn 1 pictures, means over 2 seeds\.$/m);
  match(outputs.table, /^\| ball \| 75\.0 \|$/m);
});

Deno.test("score_attention_maps passes over models that have none", async () => {
  const { outputs } = await runStage(scoreAttentionMaps, {
    inputs: {
      ...INPUTS,
      maps: [
        { step: "maps[seed=1,variant=control]", value: {} },
        { step: "maps[seed=1,variant=bgm]", value: { a: maps(".xx.") } },
      ],
    },
  });
  deepStrictEqual(Object.keys(outputs.metrics).map((it) => it.split(".")[1]), [
    ...["bgm", "bgm", "bgm", "bgm"],
  ]);
  match(outputs.table, /^On 1 pictures, one seed\.$/m);
});

Deno.test("score_attention_maps says so when no model has any", async () => {
  const maps = [{ step: "maps[seed=1,variant=control]", value: {} }];
  const { outputs } = await runStage(scoreAttentionMaps, {
    inputs: { ...INPUTS, maps },
  });
  deepStrictEqual(outputs.metrics, {});
  match(outputs.table, /^No model that is compared has attention maps\.$/m);
});

Deno.test("score_attention_maps takes one model without a matrix", async () => {
  const { outputs } = await runStage(scoreAttentionMaps, {
    inputs: { ...INPUTS, maps: [{ step: "maps", value: { a: maps(".x..") } }] },
  });
  deepStrictEqual(outputs.metrics["attention.maps.iou"], 1 / 2);
  match(outputs.table, /one seed/);
});

Deno.test("score_attention_maps names the image whose maps are not of these classes", async () => {
  const inputs = {
    ...INPUTS,
    maps: [{ step: "maps", value: { a: maps("x", "x") } }],
    boxes: { a: { width: 8, height: 1, boxes: [] } },
  };
  await rejects(runStage(scoreAttentionMaps, { inputs }), {
    name: "RangeError",
    message: 'Cannot compare attention maps of image "a" as there must be ' +
      "3 of them: 2",
  });
});

import { deepStrictEqual, notDeepStrictEqual, ok } from "node:assert/strict";
import { VOID } from "../../lib/label/label_map.ts";
import { drawDataSet } from "../../stages/draw_data_set.ts";
import { indexVoc } from "../../stages/index_voc.ts";
import { joined } from "./parts.ts";
import { runStage } from "./run_stage.ts";

const SMALL = { train: 4, val: 2, semi: 2 };

/** The stage with some of its pictures and a seed. */
function draw(params: Partial<typeof SMALL> = {}, seed = 1) {
  const call = { params: { ...SMALL, ...params }, inputs: {}, seed };
  return runStage(drawDataSet, call);
}

Deno.test("draw_data_set lists its pictures by split", async () => {
  const { outputs } = await draw();
  deepStrictEqual(outputs.data_set["ImageSets/Segmentation"], {
    train: ["train_0001", "train_0002", "train_0003", "train_0004"],
    train_semi: ["train_0001", "train_0002"],
    val: ["val_0001", "val_0002"],
  });
});

Deno.test("draw_data_set has the masks without void borders too", async () => {
  const { data_set: { SegmentationClass, SegmentationClassAug } } =
    (await draw()).outputs;
  for (const [id, { data }] of Object.entries(SegmentationClass)) {
    const whole = SegmentationClassAug[id]!.data;
    ok(data.includes(VOID) && !whole.includes(VOID));
    ok(data.every((label, p) => label === VOID || label === whole[p]));
  }
});

Deno.test("draw_data_set has no list of masks when no picture has one", async () => {
  const { outputs } = await draw({ semi: 0 });
  const lists = outputs.data_set["ImageSets/Segmentation"];
  deepStrictEqual(Object.keys(lists), ["train", "val"]);
});

Deno.test("draw_data_set gives equal bytes for equal seeds", async () => {
  deepStrictEqual(joined([await draw()]), joined([await draw()]));
});

Deno.test("draw_data_set gives another picture, mask and annotation for every image of another seed", async () => {
  const [one, two] = [await draw(), await draw({}, 2)];
  for (const [path, bytes] of one.files) {
    if (path.includes("ImageSets/")) continue;
    notDeepStrictEqual(two.files.get(path), bytes, path);
  }
});

Deno.test("draw_data_set keeps its pictures when their number changes", async () => {
  const [few, many] = [await draw({ train: 2, val: 1 }), await draw()];
  for (const [path, bytes] of few.files) {
    if (path.includes("ImageSets/")) continue;
    deepStrictEqual(many.files.get(path), bytes, path);
  }
});

Deno.test("draw_data_set gives a data set that index_voc finds in order", async () => {
  const { JPEGImages, Annotations, SegmentationClass, ...rest } =
    (await draw()).outputs.data_set;
  const { outputs } = await runStage(indexVoc, {
    params: { classes: "embedded" },
    inputs: {
      lists: rest["ImageSets/Segmentation"],
      images: JPEGImages,
      annotations: Annotations,
      truth: SegmentationClass,
    },
  });
  deepStrictEqual(outputs.metrics["data_set.images"], 4);
});

Deno.test("draw_data_set boxes all that its masks show, and draws void borders", async () => {
  const { SegmentationClass, Annotations } = (await draw()).outputs.data_set;
  for (const [id, { width, data }] of Object.entries(SegmentationClass)) {
    const boxes = Annotations[id]!.objects.map(({ corners }) => corners);
    const isBoxed = (p: number) => {
      const x = p % width + 1;
      const y = Math.floor(p / width) + 1;
      return boxes.some((box) =>
        box.xmin <= x && x <= box.xmax && box.ymin <= y && y <= box.ymax
      );
    };
    ok(data.includes(VOID), `${id} has no void`);
    data.forEach((label, p) => {
      if (label !== 0 && label !== VOID) ok(isBoxed(p), `${id}, pixel ${p}`);
    });
  }
});

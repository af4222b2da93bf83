import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { boxArea } from "../../../lib/geometry/box.ts";
import { VOID } from "../../../lib/label/label_map.ts";
import {
  drawPlannedImage,
  EMBEDDED_COUNTS,
  planDataSet,
} from "../../../lib/synthetic/data_set.ts";
import { EMBEDDED_CLASSES } from "../../../lib/synthetic/embedded_classes.ts";

const CLASS_IDS = EMBEDDED_CLASSES.map(({ classId }) => classId);
const plan = planDataSet(1);
const scenes = plan.train.slice(0, 90).map((image) =>
  drawPlannedImage(1, image)
);

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** True filling rates by class name, or by class name and pose. */
function fillingRates(by: "class" | "pose"): Record<string, number> {
  const objects = scenes.flatMap(({ objects }) => objects);
  const groups = Map.groupBy(objects, ({ box, pose }) => {
    const name = EMBEDDED_CLASSES[box.classId - 1]?.name ?? "";
    return by === "class" ? name : `${name} ${pose}`;
  });
  return Object.fromEntries(
    [...groups].map(([name, members]) => [
      name,
      mean(members.map(({ visiblePx, box }) => visiblePx / boxArea(box))),
    ]),
  );
}

Deno.test("planDataSet plans 240 and 80 images, 36 of them with masks", () => {
  deepStrictEqual(EMBEDDED_COUNTS, { train: 240, val: 80, semi: 36 });
  strictEqual(plan.train.length, 240);
  strictEqual(plan.val.length, 80);
  deepStrictEqual(plan.semi, plan.train.slice(0, 36).map(({ id }) => id));
});

Deno.test("planDataSet gives every image an id of its own", () => {
  const ids = [...plan.train, ...plan.val].map(({ id }) => id);
  strictEqual(new Set(ids).size, 320);
  strictEqual(ids[16], "train_0017");
  strictEqual(ids.at(-1), "val_0080");
});

Deno.test("planDataSet leaves images alone when counts change", () => {
  const seed = fc.integer({ min: 0, max: 2 ** 31 });
  const count = fc.integer({ min: 0, max: 40 });
  fc.assert(fc.property(seed, count, count, (seed, train, val) => {
    const { train: all, val: allVal } = planDataSet(seed);
    const few = planDataSet(seed, { train, val, semi: 0 });
    deepStrictEqual(few.train, all.slice(0, train));
    deepStrictEqual(few.val, allVal.slice(0, val));
  }));
});

Deno.test("planDataSet deals every class once in K images as the first", () => {
  fc.assert(fc.property(fc.nat(), (seed) => {
    const { train } = planDataSet(seed, { train: 12, val: 0, semi: 0 });
    const first = train.map(({ classIds }) => classIds[0]);
    deepStrictEqual(first.slice(0, 6).sort(), CLASS_IDS);
    deepStrictEqual(first.slice(6).sort(), CLASS_IDS);
  }));
});

Deno.test("planDataSet refuses more masks than training images", () => {
  throws(() => planDataSet(1, { train: 3, val: 0, semi: 4 }), {
    name: "RangeError",
    message: "Cannot plan a data set as images with masks must be training " +
      "images: 4 of 3",
  });
});

Deno.test("drawPlannedImage depends on no other image", () => {
  const [, second] = plan.train;
  ok(second);
  drawPlannedImage(1, plan.val[3]!);
  deepStrictEqual(drawPlannedImage(1, second), scenes[1]);
});

// The digest changes with any change of the drawings. Then results measured on
// the embedded data set change too: say so in CHANGELOG.md.
Deno.test("drawPlannedImage draws the published bytes", () => {
  const hash = createHash("sha256");
  for (const { image, labels, instances } of scenes.slice(0, 12)) {
    hash.update(image.data).update(labels.data).update(instances.data);
  }
  strictEqual(hash.digest("hex").slice(0, 16), "4a4fdb8782d4b0b7");
});

Deno.test("drawPlannedImage keeps every object of most pictures", () => {
  const planned = plan.train.slice(0, scenes.length);
  const wanted = mean(planned.map(({ classIds }) => classIds.length));
  ok(mean(scenes.map(({ objects }) => objects.length)) > 0.95 * wanted);
});

Deno.test("the embedded data set has several objects in most pictures", () => {
  const counts = scenes.map(({ objects }) => objects.length);
  ok(Math.min(...counts) >= 1 && Math.max(...counts) >= 4);
  ok(counts.filter((count) => count > 1).length > 0.6 * counts.length);
});

Deno.test("the embedded data set has every class and label", () => {
  const seen = new Set(scenes.flatMap(({ labels }) => [...labels.data]));
  deepStrictEqual([...seen].sort((a, b) => a - b), [0, ...CLASS_IDS, VOID]);
});

Deno.test("the embedded data set has occluded and truncated objects", () => {
  const objects = scenes.flatMap(({ objects }) => objects);
  const share = (flag: "occluded" | "truncated") =>
    mean(objects.map((object) => Number(object[flag])));
  for (const flag of ["occluded", "truncated"] as const) {
    ok(share(flag) > 0.2 && share(flag) < 0.6, `${flag}: ${share(flag)}`);
  }
});

Deno.test("filling rates of classes span a wide range", () => {
  const rates = Object.values(fillingRates("class"));
  strictEqual(rates.length, EMBEDDED_CLASSES.length);
  ok(Math.max(...rates) > 0.7 && Math.min(...rates) < 0.42);
});

Deno.test("filling rates of bar and beast differ between poses", () => {
  const rates = fillingRates("pose");
  const differs = (a: string, b: string, by: number) =>
    ok((rates[a] ?? NaN) - (rates[b] ?? NaN) > by, `${a}, ${b}`);
  differs("bar upright", "bar diagonal", 0.4);
  differs("bar lying", "bar diagonal", 0.4);
  differs("beast curled", "beast standing", 0.25);
});

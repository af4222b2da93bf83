import { deepStrictEqual, ok } from "node:assert/strict";
import { clusterSubClasses } from "../../stages/cluster_sub_classes.ts";
import { box, labelMap } from "../drawings.ts";
import { runStage } from "./run_stage.ts";

// Three boxes of 4 × 3: full, a bar at the left, a bar at the right.
const PROPOSAL = labelMap(
  "1111.1......1",
  "1111.1......1",
  "1111.1......1",
);
const FULL = box(1, 0, 0, 4, 3);
const LEFT = box(1, 5, 0, 9, 3);
const RIGHT = box(1, 9, 0, 13, 3);

/** The item of `BOXES` of an image with these boxes. */
function boxed(...boxes: ReturnType<typeof box>[]) {
  return { width: 13, height: 3, boxes };
}

Deno.test("cluster_sub_classes puts mirrored shapes together, the fullest first", async () => {
  const { outputs } = await runStage(clusterSubClasses, {
    params: { subClassCount: 2, minBoxAreaPx: 0 },
    inputs: {
      boxes: { a: boxed(LEFT, FULL), b: boxed(RIGHT) },
      proposals: { a: PROPOSAL, b: PROPOSAL },
    },
    seed: 1,
  });
  deepStrictEqual(outputs.sub_classes, { a: [1, 0], b: [1] });
});

Deno.test("cluster_sub_classes keeps classes apart", async () => {
  // Were the classes one, the empty box would be the second sub-class.
  const { outputs } = await runStage(clusterSubClasses, {
    params: { subClassCount: 2, minBoxAreaPx: 0 },
    inputs: {
      boxes: { a: boxed(FULL, box(2, 5, 0, 9, 3)) },
      proposals: { a: PROPOSAL },
    },
  });
  deepStrictEqual(outputs.sub_classes, { a: [0, 0] });
});

Deno.test("cluster_sub_classes lists images without boxes", async () => {
  const { outputs } = await runStage(clusterSubClasses, {
    inputs: {
      boxes: { a: boxed(FULL), b: boxed() },
      proposals: { a: PROPOSAL, b: PROPOSAL },
    },
  });
  deepStrictEqual(outputs.sub_classes, { a: [0], b: [] });
});

// Bars filled by 1, 2, … 9 of 9 pixels: where one start ends is up to chance.
const STAIRS = labelMap(
  ...Array.from({ length: 9 }, (_, i) => "1".repeat(i + 1).padEnd(9, ".")),
);
const BARS = {
  width: 9,
  height: 9,
  boxes: Array.from({ length: 9 }, (_, i) => box(1, 0, i, 9, i + 1)),
};

/** Sub-classes of the bars by one start of k-means. */
async function subClassesOfBars(
  seed: number,
  others: readonly ReturnType<typeof box>[] = [],
): Promise<number[]> {
  const boxes = {
    a: { ...BARS, boxes: [...others] },
    b: BARS,
  };
  const { outputs } = await runStage(clusterSubClasses, {
    params: { features: "fr1d", restarts: 1, minBoxAreaPx: 0 },
    inputs: { boxes, proposals: { a: STAIRS, b: STAIRS } },
    seed,
  });
  return outputs.sub_classes.b!;
}

const SEEDS = [1, 2, 3, 4, 5, 6];

Deno.test("cluster_sub_classes is decided by its seed", async () => {
  const [once, again] = [
    await Promise.all(SEEDS.map((seed) => subClassesOfBars(seed))),
    await Promise.all(SEEDS.map((seed) => subClassesOfBars(seed))),
  ];
  deepStrictEqual(again, once);
  ok(new Set(once.map(String)).size > 1);
});

Deno.test("cluster_sub_classes of a class depends on no other class", async () => {
  const others = [box(2, 0, 0, 3, 3), box(2, 2, 0, 9, 2), box(3, 0, 4, 9, 9)];
  for (const seed of SEEDS) {
    deepStrictEqual(
      await subClassesOfBars(seed, others),
      await subClassesOfBars(seed),
    );
  }
});

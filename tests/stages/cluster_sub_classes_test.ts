import { deepStrictEqual } from "node:assert/strict";
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

Deno.test("cluster_sub_classes of a class depends on no other class", async () => {
  const ofClass1 = [FULL, LEFT, RIGHT, box(1, 0, 0, 5, 2), box(1, 1, 0, 7, 3)];
  const call = { params: { minBoxAreaPx: 0, restarts: 1 }, seed: 7 };
  const alone = await runStage(clusterSubClasses, {
    ...call,
    inputs: {
      boxes: { b: boxed(...ofClass1) },
      proposals: { b: PROPOSAL },
    },
  });
  const beside = await runStage(clusterSubClasses, {
    ...call,
    inputs: {
      boxes: {
        a: boxed(box(2, 0, 0, 3, 3), box(3, 2, 0, 9, 2)),
        b: boxed(...ofClass1),
      },
      proposals: { a: PROPOSAL, b: PROPOSAL },
    },
  });
  deepStrictEqual(beside.outputs.sub_classes.b, alone.outputs.sub_classes.b);
});

import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { drawRectangleLabels } from "../../stages/draw_rectangle_labels.ts";
import { box, drawn } from "../drawings.ts";
import { anyBoxedImage, anyParts, joined } from "./parts.ts";
import { runStage } from "./run_stage.ts";

// The small box comes first, so that the last one painted is not the answer.
const OVERLAPPING = {
  width: 6,
  height: 4,
  boxes: [box(2, 3, 1, 6, 3), box(1, 0, 0, 5, 4)],
};

Deno.test("draw_rectangle_labels paints the smaller box on top, and no void", async () => {
  const { outputs } = await runStage(drawRectangleLabels, {
    inputs: { boxes: { a: OVERLAPPING } },
  });
  deepStrictEqual(drawn(outputs.labels.a!), [
    "11111.",
    "111222",
    "111222",
    "11111.",
  ]);
});

Deno.test("draw_rectangle_labels can make what classes share void", async () => {
  const { outputs } = await runStage(drawRectangleLabels, {
    params: { overlap: "void" },
    inputs: { boxes: { a: OVERLAPPING } },
  });
  deepStrictEqual(drawn(outputs.labels.a!), [
    "11111.",
    "111??2",
    "111??2",
    "11111.",
  ]);
});

Deno.test("draw_rectangle_labels of an image without boxes is background", async () => {
  const { outputs } = await runStage(drawRectangleLabels, {
    inputs: { boxes: { a: { width: 3, height: 2, boxes: [] } } },
  });
  deepStrictEqual(drawn(outputs.labels.a!), ["...", "..."]);
});

Deno.test("draw_rectangle_labels gives the same however images are split", async () => {
  const anyImages = fc.dictionary(
    fc.stringMatching(/^[a-z0-9]{1,3}$/),
    anyBoxedImage({ mostPx: 9 }),
    { minKeys: 1, maxKeys: 6, noNullPrototype: true },
  );
  const anySplit = anyImages.chain((boxes) =>
    fc.record({ boxes: fc.constant(boxes), parts: anyParts(boxes) })
  );
  await fc.assert(
    fc.asyncProperty(anySplit, async ({ boxes, parts }) => {
      const whole = await runStage(drawRectangleLabels, { inputs: { boxes } });
      const split = await Promise.all(
        parts.map((shard) =>
          runStage(drawRectangleLabels, { inputs: { boxes }, shard })
        ),
      );
      deepStrictEqual(joined(split), joined([whole]));
    }),
    { seed: 1, numRuns: 50 },
  );
});

import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import fc from "fast-check";
import type { RgbImage } from "../../lib/image/image.ts";
import { encodeRgbPng } from "../../lib/image/rgb_png.ts";
import { proposeSegments } from "../../stages/propose_segments.ts";
import { box, drawn, picture } from "../drawings.ts";
import { testOnGpu } from "../lib/crf/gpu/on_gpu.ts";
import { anyBoxedImage, anyParts, joined } from "./parts.ts";
import { runStage } from "./run_stage.ts";

const COLOURS = {
  ".": [220, 220, 220],
  "1": [120, 40, 40],
  "2": [30, 40, 120],
} as const;

// A T that fills half of its box, beside a square that fills all of its own.
const SHAPES = [
  "....................",
  ".111111111111.......",
  ".111111111111.......",
  ".111111111111.......",
  ".....1111.......222.",
  ".....1111.......222.",
  ".....1111.......222.",
  ".....1111...........",
  ".....1111...........",
  "....................",
];
const IMAGES = { a: encodeRgbPng(picture(COLOURS, ...SHAPES)) };
const BOXES = {
  a: {
    width: 20,
    height: 10,
    boxes: [box(1, 1, 1, 13, 9), box(2, 16, 4, 19, 7)],
  },
};
const PARAMS = { appearanceSigmaPx: 6, smoothnessSigmaPx: 0.5 };

Deno.test("propose_segments follows the shapes in the boxes", async () => {
  const { outputs } = await runStage(proposeSegments, {
    params: PARAMS,
    inputs: { images: IMAGES, boxes: BOXES, classes: null },
  });
  deepStrictEqual(drawn(outputs.labels.a!), SHAPES);
});

Deno.test("propose_segments says where the CRF runs, if asked to on the CPU", async () => {
  const { outputs, log } = await runStage(proposeSegments, {
    params: { ...PARAMS, device: "cpu" },
    inputs: { images: IMAGES, boxes: BOXES, classes: null },
  });
  deepStrictEqual(log, ["CRF on cpu, as it was asked for"]);
  deepStrictEqual(drawn(outputs.labels.a!), SHAPES);
});

testOnGpu(
  "propose_segments follows the shapes on a GPU too, shard by shard",
  async () => {
    for (let shard = 0; shard < 2; shard++) {
      const { outputs, log } = await runStage(proposeSegments, {
        params: { ...PARAMS, device: "gpu" },
        inputs: { images: IMAGES, boxes: BOXES, classes: null },
      });
      match(log.join(), /^CRF on gpu \(.+\), as it was asked for$/);
      deepStrictEqual(drawn(outputs.labels.a!), SHAPES);
    }
  },
);

Deno.test("propose_segments gives the same when all labels compete", async () => {
  const { outputs } = await runStage(proposeSegments, {
    params: { ...PARAMS, labels: "all" },
    inputs: { images: IMAGES, boxes: BOXES, classes: ["a", "b", "c", "d"] },
  });
  deepStrictEqual(drawn(outputs.labels.a!), SHAPES);
});

Deno.test("propose_segments without iterations gives the unary's cores", async () => {
  // Of 12 × 11 px a quarter is 33: 8 × 7 are too many, 6 × 5 are not.
  const { outputs } = await runStage(proposeSegments, {
    params: { iterations: 0 },
    inputs: {
      images: { a: flat(14, 13) },
      boxes: { a: { width: 14, height: 13, boxes: [box(1, 1, 1, 13, 12)] } },
      classes: null,
    },
  });
  const rows = drawn(outputs.labels.a!);
  const [outside, inside] = ["..............", "....111111...."];
  deepStrictEqual(rows, [
    ...Array(4).fill(outside),
    ...Array(5).fill(inside),
    ...Array(4).fill(outside),
  ]);
});

Deno.test("propose_segments without iterations gives whole boxes when the ring is surer", async () => {
  const { outputs } = await runStage(proposeSegments, {
    params: { iterations: 0, ringProbability: 0.6 },
    inputs: {
      images: { a: flat(14, 13) },
      boxes: { a: { width: 14, height: 13, boxes: [box(1, 1, 1, 13, 12)] } },
      classes: null,
    },
  });
  strictEqual(outputs.labels.a!.data.filter((l) => l === 1).length, 12 * 11);
});

Deno.test("propose_segments without iterations has no core when it is less sure", async () => {
  const { outputs } = await runStage(proposeSegments, {
    params: { iterations: 0, coreProbability: 0.4 },
    inputs: {
      images: { a: flat(14, 13) },
      boxes: { a: { width: 14, height: 13, boxes: [box(1, 1, 1, 13, 12)] } },
      classes: null,
    },
  });
  ok(outputs.labels.a!.data.every((label) => label === 0));
});

Deno.test("propose_segments can reset what leaks out of the boxes of its class", async () => {
  // The object's last column is outside its box, and partly in another box.
  const rows = ["........", ".222222.", ".222222.", "........"];
  const boxes = [box(2, 1, 1, 6, 3), box(1, 6, 1, 7, 2)];
  const propose = async (resetOutsideBoxes: boolean) => {
    const { outputs } = await runStage(proposeSegments, {
      params: {
        ...PARAMS,
        smoothnessWeight: 0,
        appearanceWeight: 100,
        resetOutsideBoxes,
      },
      inputs: {
        images: { a: encodeRgbPng(picture(COLOURS, ...rows)) },
        boxes: { a: { width: 8, height: 4, boxes } },
        classes: null,
      },
    });
    return drawn(outputs.labels.a!);
  };
  deepStrictEqual(await propose(false), rows);
  deepStrictEqual(await propose(true), [
    "........",
    ".22222..",
    ".22222..",
    "........",
  ]);
});

Deno.test("propose_segments needs the classes when all labels compete", async () => {
  const call = {
    params: { labels: "all" as const },
    inputs: { images: IMAGES, boxes: BOXES, classes: null },
  };
  await rejects(runStage(proposeSegments, call), {
    message: "Cannot let all labels compete as the step must have input " +
      '"classes": it has none',
  });
});

Deno.test("propose_segments refuses a box outside its picture", async () => {
  const inputs = {
    images: { a: flat(4, 4) },
    boxes: { a: { width: 9, height: 4, boxes: [box(1, 0, 0, 5, 2)] } },
    classes: null,
  };
  await rejects(runStage(proposeSegments, { inputs }), {
    name: "RangeError",
    message: "Cannot make probabilities of box 0 as it must be whole pixels " +
      "of the image: box is [0, 5) × [0, 2), image is 4 × 4",
  });
});

Deno.test("propose_segments stops before the next image when it is to stop", async () => {
  const signal = AbortSignal.abort(new Error("The run was stopped"));
  const inputs = { images: IMAGES, boxes: BOXES, classes: null };
  await rejects(runStage(proposeSegments, { inputs, signal }), {
    message: "The run was stopped",
  });
});

Deno.test("propose_segments gives the same however images are split", async () => {
  const anyImage = anyBoxedImage({ mostPx: 12 }).chain((boxed) =>
    fc.record({
      boxed: fc.constant(boxed),
      image: anyNoise(boxed.width, boxed.height),
    })
  );
  const anySplit = fc.dictionary(
    fc.stringMatching(/^[a-z0-9]{1,3}$/),
    anyImage,
    { minKeys: 1, maxKeys: 5, noNullPrototype: true },
  ).chain((items) =>
    fc.record({ items: fc.constant(items), parts: anyParts(items) })
  );
  await fc.assert(
    fc.asyncProperty(anySplit, async ({ items, parts }) => {
      const inputs = {
        images: mapped(items, ({ image }) => encodeRgbPng(image)),
        boxes: mapped(items, ({ boxed }) => boxed),
        classes: null,
      };
      const whole = await runStage(proposeSegments, { inputs });
      ok(whole.files.size === Object.keys(items).length);
      const split = await Promise.all(
        parts.map((shard) => runStage(proposeSegments, { inputs, shard })),
      );
      deepStrictEqual(joined(split), joined([whole]));
    }),
    { seed: 1, numRuns: 20 },
  );
});

function flat(width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height * 3).fill(128);
  return encodeRgbPng({ width, height, data });
}

function anyNoise(width: number, height: number): fc.Arbitrary<RgbImage> {
  const size = width * height * 3;
  return fc.uint8Array({ minLength: size, maxLength: size })
    .map((data) => ({ width, height, data }));
}

function mapped<From, To>(
  items: Readonly<Record<string, From>>,
  change: (item: From) => To,
): Record<string, To> {
  return Object.fromEntries(
    Object.entries(items).map(([id, item]) => [id, change(item)]),
  );
}

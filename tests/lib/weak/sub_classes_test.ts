import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { seededRandom } from "../../../lib/random.ts";
import { boxShares } from "../../../lib/weak/filling_rate.ts";
import {
  type BoxShape,
  boxShape,
  subClasses,
} from "../../../lib/weak/sub_classes.ts";
import { box, labelMap } from "../../drawings.ts";

const random = seededRandom(1);

function maskOf(...rows: string[]): number[][] {
  const proposal = labelMap(...rows);
  const whole = box(1, 0, 0, proposal.width, proposal.height);
  const { mask } = boxShape(proposal, whole, 0);
  return Array.from(
    { length: 16 },
    (_, y) => [...mask.subarray(16 * y, 16 * (y + 1))],
  );
}

/** A box of one class, drawn; the whole picture is the box. */
function shapeOf(...rows: string[]): BoxShape {
  const proposal = labelMap(...rows);
  const whole = box(1, 0, 0, proposal.width, proposal.height);
  return boxShape(proposal, whole, boxShares(proposal, [whole])[0]!);
}

function plainShape(share: number, widthPx = 40, heightPx = 40): BoxShape {
  const mask = new Float32Array(256).fill(share);
  return { mask, widthPx, heightPx, imageAreaPx: 10000, share };
}

Deno.test("boxShape enlarges a small box by exact areas", () => {
  // 3 px over 16 cells: the second pixel covers cells 5⅓…10⅔.
  const [row] = maskOf(".1.");
  deepStrictEqual(row!.map((value) => Number(value.toFixed(3))), [
    ...Array(5).fill(0),
    0.667,
    ...Array(4).fill(1),
    0.667,
    ...Array(5).fill(0),
  ]);
});

Deno.test("boxShape shrinks a large box by exact areas", () => {
  // 32 px over 16 cells: two pixels each.
  const rows = Array(32).fill("." + "1".repeat(31));
  const mask = maskOf(...rows);
  deepStrictEqual(mask[3]!.slice(0, 3), [0.5, 1, 1]);
});

Deno.test("boxShape keeps the filled share as the mean of the mask", () => {
  const side = fc.integer({ min: 1, max: 40 });
  fc.assert(fc.property(side, side, fc.nat(), (width, height, seed) => {
    const draws = seededRandom(seed);
    const data = Uint8Array.from(
      { length: width * height },
      () => draws.below(2),
    );
    const proposal = { width, height, data };
    const whole = box(1, 0, 0, width, height);
    const [share] = boxShares(proposal, [whole]);
    const { mask } = boxShape(proposal, whole, share!);
    ok(Math.abs(mask.reduce((a, b) => a + b) / 256 - share!) < 1e-5);
    ok(mask.every((value) => value >= 0 && value < 1 + 1e-6));
  }));
});

Deno.test("boxShape looks at the box and its class only", () => {
  const proposal = labelMap(
    "1111",
    "1212",
    "1?.1",
  );
  const { mask, widthPx, heightPx, imageAreaPx } = boxShape(
    proposal,
    box(2, 1, 1, 3, 3),
    0.25,
  );
  deepStrictEqual([widthPx, heightPx, imageAreaPx], [2, 2, 12]);
  deepStrictEqual([mask[0], mask[15], mask[240], mask[255]], [1, 0, 0, 0]);
});

Deno.test("subClasses are numbered from the most filled to the least", () => {
  const shares = [0.2, 0.9, 0.5, 0.25, 0.85, 0.55];
  deepStrictEqual(
    subClasses(shares.map((share) => plainShape(share)), { random }),
    [2, 0, 1, 2, 0, 1],
  );
});

Deno.test("subClasses tell poses apart that fill alike", () => {
  const lying = plainShape(0.5, 80, 20);
  const standing = plainShape(0.5, 20, 80);
  const square = plainShape(0.5, 40, 40);
  const ids = subClasses([lying, standing, square, lying, standing], {
    random,
  });
  deepStrictEqual([ids[0], ids[1]], [ids[3], ids[4]]);
  deepStrictEqual(ids.toSorted(), [0, 0, 1, 1, 2]);
});

Deno.test("subClasses by mask tell shapes apart that fill alike, not mirrored ones", () => {
  const left = shapeOf("111...", "111...", "111...", "111...");
  const right = shapeOf("...111", "...111", "...111", "...111");
  const top = shapeOf("111111", "111111", "......", "......");
  const options = { random, subClassCount: 2, minBoxAreaPx: 1 };
  const ids = subClasses([left, right, top, left], options);
  deepStrictEqual(ids, [0, 0, 1, 0]);
});

Deno.test("subClasses by share see the share alone", () => {
  const shapes = [
    plainShape(0.9, 80, 20),
    plainShape(0.2, 80, 20),
    plainShape(0.88, 20, 80),
    plainShape(0.21, 20, 80),
  ];
  const options = { random, features: "fr1d", subClassCount: 2 } as const;
  deepStrictEqual(subClasses(shapes, options), [0, 1, 0, 1]);
});

Deno.test("subClasses by aspect see sides and area alone", () => {
  const shapes = [
    plainShape(0.9, 80, 20),
    plainShape(0.8, 20, 80),
    plainShape(0.1, 81, 20),
    plainShape(0.2, 20, 81),
  ];
  const options = { random, features: "aspect", subClassCount: 2 } as const;
  const ids = subClasses(shapes, options);
  deepStrictEqual([ids[0], ids[1]], [ids[2], ids[3]]);
  ok(ids[0] !== ids[1]);
});

Deno.test("subClasses assign tiny boxes without letting them move the centres", () => {
  // Were the tiny boxes clustered too, they would be a sub-class of their own.
  const tiny = plainShape(0.7, 9, 11); // 99 px²
  const shapes = [
    plainShape(0.7),
    plainShape(0.8, 44, 40),
    ...Array<BoxShape>(20).fill(tiny),
  ];
  const ids = subClasses(shapes, { random, subClassCount: 2 });
  deepStrictEqual([...new Set(ids)].toSorted(), [0, 1]);
  ok(ids[0] !== ids[1]);
});

Deno.test("subClasses of a class with tiny boxes only cluster these", () => {
  const shapes = [plainShape(0.9, 5, 5), plainShape(0.1, 5, 5)];
  deepStrictEqual(subClasses(shapes, { random }), [0, 1]);
});

Deno.test("subClasses of few or equal boxes use few sub-classes", () => {
  deepStrictEqual(subClasses([], { random }), []);
  deepStrictEqual(subClasses([plainShape(0.5)], { random }), [0]);
  const equal = Array<BoxShape>(5).fill(plainShape(0.5));
  deepStrictEqual(subClasses(equal, { random }), [0, 0, 0, 0, 0]);
});

Deno.test("subClasses do not change with the order of the boxes' class mates", () => {
  const shapes = [0.1, 0.15, 0.5, 0.52, 0.9, 0.95].map((share) =>
    plainShape(share)
  );
  const forth = subClasses(shapes, { random });
  const back = subClasses(shapes.toReversed(), { random });
  deepStrictEqual(back.toReversed(), forth);
});

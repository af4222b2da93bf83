import { ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  bounded,
  disc,
  ellipse,
  melted,
  type Shape,
  slab,
  stroke,
  union,
} from "../../../lib/synthetic/shape.ts";

const anyPlace = fc.double({ min: -6, max: 6, noNaN: true });

const exact: Record<string, Shape> = {
  disc: disc([1, -1], 2),
  slab: slab([2, 1], 0.5),
  stroke: stroke([[-2, 0], [1, 1], [2, -2]], 0.4),
  union: union(disc([-2, 0], 1), disc([2, 0], 1)),
};

for (const [name, shape] of Object.entries(exact)) {
  Deno.test(`${name} never changes faster than the place`, () => {
    fc.assert(fc.property(anyPlace, anyPlace, anyPlace, (x, y, step) => {
      const change = Math.abs(shape(x + step, y) - shape(x, y));
      ok(change <= Math.abs(step) + 1e-9);
    }));
  });
}

Deno.test("ellipse is zero on its outline", () => {
  const shape = ellipse([1, 2], [3, 0.5]);
  fc.assert(fc.property(anyPlace, (angle) => {
    const distance = shape(1 + 3 * Math.cos(angle), 2 + Math.sin(angle) / 2);
    ok(Math.abs(distance) < 1e-9);
  }));
});

Deno.test("melted covers the union and equals it far from the seam", () => {
  const parts = [disc([-2, 0], 1.5), disc([2, 0], 1.5)];
  const soft = melted(0.5, ...parts);
  const hard = union(...parts);
  fc.assert(fc.property(anyPlace, anyPlace, (x, y) => {
    ok(soft(x, y) <= hard(x, y));
  }));
  strictEqual(soft(3, 1), hard(3, 1));
});

Deno.test("bounded keeps the sign everywhere", () => {
  const shape = slab([2, 1], 0.2);
  const quick = bounded(shape, { within: disc([0, 0], 2.3), margin: 0.5 });
  fc.assert(fc.property(anyPlace, anyPlace, (x, y) => {
    strictEqual(quick(x, y) < 0, shape(x, y) < 0);
    ok(quick(x, y) <= shape(x, y) + 1e-9);
  }));
});

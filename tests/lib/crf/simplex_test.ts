import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { coordinateRanges, simplexLocator } from "../../../lib/crf/simplex.ts";

/** Corners of remainder 0…d, from the origin and the order of a simplex. */
function cornersOf(origin: Float64Array, order: Int32Array): number[][] {
  const d = origin.length - 1;
  const corners = [[...origin]];
  for (let k = 1; k <= d; k++) {
    const down = order[d + 1 - k];
    corners.push(
      corners[k - 1]!.map((value, i) => value + (i === down ? -d : 1)),
    );
  }
  return corners;
}

/** A point in the hyperplane, as the original paper's matrix E puts it. */
function elevated(features: readonly number[]): number[] {
  const d = features.length;
  const scaled = features.map((f, i) =>
    f * Math.sqrt(2 / 3) * (d + 1) / Math.sqrt((i + 1) * (i + 2))
  );
  return Array.from({ length: d + 1 }, (_, i) => {
    const above = scaled.slice(i).reduce((a, b) => a + b, 0);
    return i === 0 ? above : above - i * scaled[i - 1]!;
  });
}

const anyPoint = fc.integer({ min: 1, max: 6 }).chain((d) =>
  fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), {
    minLength: d,
    maxLength: d,
  })
);

Deno.test("simplexLocator finds corners of remainder 0…d that sum to 0", () => {
  fc.assert(fc.property(anyPoint, (point) => {
    const d = point.length;
    const locate = simplexLocator(Float64Array.from(point), d);
    const { origin, order } = locate(0);
    cornersOf(origin, order).forEach((corner, k) => {
      deepStrictEqual(corner.reduce((a, b) => a + b), 0);
      for (const value of corner) {
        deepStrictEqual((value % (d + 1) + d + 1) % (d + 1), k);
      }
    });
  }));
});

Deno.test("simplexLocator weighs the corners so that their mean is the point", () => {
  fc.assert(fc.property(anyPoint, (point) => {
    const d = point.length;
    const locate = simplexLocator(Float64Array.from(point), d);
    const { origin, order, barycentric } = locate(0);
    for (const weight of barycentric) ok(weight > -1e-9 && weight < 1 + 1e-9);
    ok(Math.abs(barycentric.reduce((a, b) => a + b) - 1) < 1e-9);
    const corners = cornersOf(origin, order);
    elevated(point).forEach((value, i) => {
      const mean = corners.reduce(
        (sum, corner, k) => sum + corner[i]! * barycentric[k]!,
        0,
      );
      ok(Math.abs(mean - value) < 1e-6, `${mean} is not ${value}`);
    });
  }));
});

Deno.test("coordinateRanges leaves room for every corner and its neighbours", () => {
  fc.assert(fc.property(anyPoint, (point) => {
    const d = point.length;
    const features = Float64Array.from(point);
    const { low, size } = coordinateRanges(features, d);
    const { origin, order } = simplexLocator(features, d)(0);
    for (const corner of cornersOf(origin, order)) {
      corner.slice(0, d).forEach((value, i) => {
        ok(value - d >= low[i]! && value + d < low[i]! + size[i]!);
      });
    }
  }));
});

import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import {
  blankCanvas,
  eachPixel,
  illuminate,
  paint,
} from "../../../lib/synthetic/canvas.ts";
import { seededRandom } from "../../../lib/random.ts";
import { EMBEDDED_CLASSES } from "../../../lib/synthetic/embedded_classes.ts";
import { placeObjects } from "../../../lib/synthetic/placement.ts";
import { stalks } from "../../../lib/synthetic/clutter.ts";
import {
  disc,
  EVERYWHERE,
  type Outline,
} from "../../../lib/synthetic/shape.ts";

const SIZE = { width: 30, height: 21 };
const anyPlace = fc.double({ min: -5, max: 35, noNaN: true });
const anyRadius = fc.double({ min: 0, max: 20, noNaN: true });

/** A canvas after one white coat. */
function painted(outline: Outline, softness: number): number[] {
  const canvas = blankCanvas(128, 96);
  const colours = [[255, 255, 255], [255, 255, 255]] as const;
  paint(canvas, { ...outline, softness, colours, pattern: () => 0 });
  return [...canvas.data];
}

Deno.test("paint covers about the area of a shape", () => {
  const shape = disc([60.3, 49.8], 6);
  const levels = painted({ shape, within: shape }, 1);
  const sum = levels.reduce((all, level) => all + level, 0) / (3 * 255);
  ok(Math.abs(sum - 36 * Math.PI) < 1);
});

Deno.test("paint paints the same whether or not it is told a bound", () => {
  const size = { width: 128, height: 96 };
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(1, 4), (seed, softness) => {
      const random = seededRandom(seed);
      const classIds = EMBEDDED_CLASSES.map(({ classId }) => classId);
      const outlines = [
        ...placeObjects(random, { classIds, size }),
        stalks(random, [64, 48]),
      ];
      for (const { shape, within } of outlines) {
        deepStrictEqual(
          painted({ shape, within }, softness),
          painted({ shape, within: EVERYWHERE }, softness),
        );
      }
    }),
    { numRuns: 5 },
  );
});

Deno.test("eachPixel visits all pixels near a bound, none twice", () => {
  fc.assert(
    fc.property(anyPlace, anyPlace, anyRadius, (x, y, radius) => {
      const within = disc([x, y], radius);
      const visited: number[] = [];
      eachPixel(SIZE, { within, margin: 2 }, (x, y, pixel) => {
        deepStrictEqual(
          [x, y],
          [pixel % 30 + 0.5, Math.floor(pixel / 30) + 0.5],
        );
        visited.push(pixel);
      });
      const seen = new Set(visited);
      deepStrictEqual(seen.size, visited.length);
      eachPixel(SIZE, { within: EVERYWHERE, margin: 0 }, (x, y, pixel) => {
        ok(within(x, y) > 2 || seen.has(pixel));
      });
    }),
  );
});

Deno.test("illuminate leaves what lies far outside its bound", () => {
  const canvas = blankCanvas(30, 21);
  canvas.data.fill(100);
  illuminate(canvas, () => 0.5, disc([0, 0], 4));
  deepStrictEqual([canvas.data[0], canvas.data.at(-1)], [50, 100]);
});

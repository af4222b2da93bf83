import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { seededRandom } from "../../../lib/random.ts";
import { EMBEDDED_CLASSES } from "../../../lib/synthetic/embedded_classes.ts";

const anySeed = fc.nat();
const anyAngle = fc.double({ min: 0, max: 2 * Math.PI, noNaN: true });

Deno.test("EMBEDDED_CLASSES are at least six, in order of class id", () => {
  ok(EMBEDDED_CLASSES.length >= 6);
  EMBEDDED_CLASSES.forEach(({ classId }, i) => strictEqual(classId, i + 1));
});

Deno.test("EMBEDDED_CLASSES have unlike names, none of VOC", () => {
  const names = EMBEDDED_CLASSES.map(({ name }) => name);
  deepStrictEqual(names, ["ball", "bar", "blob", "beast", "cross", "cycle"]);
});

Deno.test("no shape leaves the reach of its class", () => {
  for (const { poses, reach } of EMBEDDED_CLASSES) {
    for (const { shape } of poses) {
      fc.assert(fc.property(anySeed, anyAngle, (seed, angle) => {
        const [x, y] = [reach * Math.cos(angle), reach * Math.sin(angle)];
        ok(shape(seededRandom(seed))(x, y) > 0);
      }));
    }
  }
});

Deno.test("all patterns stay in 0…1", () => {
  const anyPlace = fc.double({ min: -1.5, max: 1.5, noNaN: true });
  for (const { pattern } of EMBEDDED_CLASSES) {
    fc.assert(fc.property(anySeed, anyPlace, anyPlace, (seed, x, y) => {
      const value = pattern(seededRandom(seed))(x, y);
      ok(value >= 0 && value <= 1, `${value}`);
    }));
  }
});

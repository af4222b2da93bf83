import {
  deepStrictEqual,
  notDeepStrictEqual,
  ok,
  strictEqual,
  throws,
} from "node:assert/strict";
import fc from "fast-check";
import { simplexLocator } from "../../../lib/crf/simplex.ts";
import { vertexPacking } from "../../../lib/crf/vertex_packing.ts";

/** Pixels of a 500 × 375 picture at the corners of place and colour. */
function extremePixels(sigmaPx: number, sigmaLevels: number): Float64Array {
  const [white, black] = [255 / sigmaLevels, 0];
  return Float64Array.of(
    ...[0, 0, black, white, black],
    ...[499 / sigmaPx, 374 / sigmaPx, white, black, white],
  );
}

Deno.test("vertexPacking needs one word for published CRF parameters", () => {
  const published = [[37, 3], [67, 3], [121, 5], [80, 13], [55, 3]] as const;
  for (const [sigmaPx, sigmaLevels] of published) {
    const packing = vertexPacking(extremePixels(sigmaPx, sigmaLevels), 5);
    strictEqual(packing.wordCount, 1);
  }
});

Deno.test("vertexPacking takes more words where one would overflow", () => {
  const packing = vertexPacking(extremePixels(0.001, 0.001), 5);
  strictEqual(packing.wordCount, 3);
});

Deno.test("vertexPacking.step leads round to the start", () => {
  const features = extremePixels(0.001, 0.001);
  const packing = vertexPacking(features, 5);
  packing.moveTo(simplexLocator(features, 5)(1).origin);
  const start = packing.words.slice();
  for (let coordinate = 0; coordinate < 5; coordinate++) {
    packing.step(coordinate);
    notDeepStrictEqual(packing.words, start);
  }
  packing.step(5);
  deepStrictEqual(packing.words, start);
});

Deno.test("vertexPacking gives unlike points unlike words", () => {
  const feature = fc.double({ min: -1e8, max: 1e8, noNaN: true });
  const points = fc.array(fc.tuple(feature, feature, feature), {
    minLength: 2,
    maxLength: 20,
  });
  fc.assert(fc.property(points, (points) => {
    const features = Float64Array.from(points.flat());
    const packing = vertexPacking(features, 3);
    const locate = simplexLocator(features, 3);
    const wordsOf = new Map<string, string>();
    for (let point = 0; point < points.length; point++) {
      const { origin } = locate(point);
      packing.moveTo(origin);
      for (const word of packing.words) {
        ok(Number.isSafeInteger(word) && word >= 0);
      }
      wordsOf.set(origin.join(), packing.words.join());
    }
    strictEqual(new Set(wordsOf.values()).size, wordsOf.size);
  }));
});

Deno.test("vertexPacking refuses features it cannot place", () => {
  throws(() => vertexPacking(Float64Array.of(0, 1e13), 1), {
    name: "RangeError",
    message: "Cannot build a lattice as its coordinates must be within ±2⁴⁰: " +
      "coordinate 0 is from -4 to 11547005383797",
  });
  throws(() => vertexPacking(Float64Array.of(0, NaN), 1), {
    name: "RangeError",
    message: "Cannot build a lattice as its coordinates must be within ±2⁴⁰: " +
      "coordinate 0 is from NaN to NaN",
  });
});

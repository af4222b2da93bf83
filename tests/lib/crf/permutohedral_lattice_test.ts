import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import {
  addFiltered,
  latticeBuffers,
  permutohedralLattice,
} from "../../../lib/crf/permutohedral_lattice.ts";
import { seededRandom } from "../../../lib/random.ts";

/** The filter of one or more channels, all scales 1. */
function filtered(
  features: Float64Array,
  dimension: number,
  input: Float32Array,
): Float32Array {
  const lattice = permutohedralLattice(features, dimension);
  const channels = input.length / lattice.pointCount;
  const ones = new Float32Array(lattice.pointCount).fill(1);
  const output = new Float32Array(input.length);
  addFiltered(lattice, {
    channels,
    input,
    inputScale: ones,
    output,
    outputScale: ones,
    buffers: latticeBuffers([lattice], channels),
  });
  return output;
}

function exactlyFiltered(
  features: Float64Array,
  dimension: number,
  input: Float32Array,
): number[] {
  return Array.from(input, (_, i) => {
    let sum = 0;
    for (let j = 0; j < input.length; j++) {
      let squared = 0;
      for (let d = 0; d < dimension; d++) {
        squared +=
          (features[i * dimension + d]! - features[j * dimension + d]!) ** 2;
      }
      sum += Math.exp(-squared / 2) * input[j]!;
    }
    return sum;
  });
}

/** float64 `[12 · 9, 2]`: the pixels of a 12 × 9 picture at a std of 2 px. */
function gridFeatures(): Float64Array {
  return Float64Array.from(
    { length: 12 * 9 * 2 },
    (_, at) => (at % 2 === 0 ? (at >> 1) % 12 : Math.floor((at >> 1) / 12)) / 2,
  );
}

function randomInput(length: number): Float32Array {
  const random = seededRandom(3);
  return Float32Array.from({ length }, () => random.uniform());
}

/** Largest difference between weighted means, as a share of the exact one. */
function worstOfMeans(features: Float64Array, dimension: number): number {
  const input = randomInput(features.length / dimension);
  const ones = new Float32Array(input.length).fill(1);
  const sums = filtered(features, dimension, input);
  const counts = filtered(features, dimension, ones);
  const exactSums = exactlyFiltered(features, dimension, input);
  const exactCounts = exactlyFiltered(features, dimension, ones);
  const errors = exactSums.map((sum, i) =>
    Math.abs(sums[i]! / counts[i]! / (sum / exactCounts[i]!) - 1)
  );
  return Math.max(...errors);
}

Deno.test("addFiltered takes a weighted mean within 5 % of brute force, 2-d", () => {
  const worst = worstOfMeans(gridFeatures(), 2);
  ok(worst < 0.05, `${worst}`);
});

Deno.test("addFiltered takes a weighted mean within 8 % of brute force, 5-d", () => {
  const random = seededRandom(5);
  const features = Float64Array.from(
    { length: 108 * 5 },
    (_, at) => at % 5 < 2 ? 3 * random.uniform() : random.uniform(),
  );
  const worst = worstOfMeans(features, 5);
  ok(worst < 0.08, `${worst}`);
});

Deno.test("addFiltered sums a constant to 3/4…1 of what brute force does", () => {
  const ones = new Float32Array(12 * 9).fill(1);
  const exact = exactlyFiltered(gridFeatures(), 2, ones);
  filtered(gridFeatures(), 2, ones).forEach((sum, i) => {
    const ratio = sum / exact[i]!;
    ok(ratio > 0.75 && ratio < 1, `${ratio}`);
  });
});

Deno.test("addFiltered treats channels alike and apart", () => {
  const input = randomInput(12 * 9);
  const both = new Float32Array(2 * input.length);
  input.forEach((value, i) => both.set([value, 1 - value], 2 * i));
  const ofBoth = filtered(gridFeatures(), 2, both);
  const ofFirst = filtered(gridFeatures(), 2, input);
  const ofSecond = filtered(gridFeatures(), 2, input.map((v) => 1 - v));
  ofFirst.forEach((value, i) => {
    ok(Math.abs(value - ofBoth[2 * i]!) < 1e-5);
    ok(Math.abs(ofSecond[i]! - ofBoth[2 * i + 1]!) < 1e-5);
  });
});

Deno.test("addFiltered is its own transpose", () => {
  const features = gridFeatures();
  const from = new Float32Array(108);
  from[13] = 1;
  const to = new Float32Array(108);
  to[40] = 1;
  const forth = filtered(features, 2, from)[40]!;
  const back = filtered(features, 2, to)[13]!;
  ok(forth > 0 && Math.abs(forth - back) < 1e-6);
});

Deno.test("addFiltered adds, scales both ways and ignores what buffers held", () => {
  const features = gridFeatures();
  const lattice = permutohedralLattice(features, 2);
  const input = randomInput(108);
  const buffers = latticeBuffers([lattice], 1);
  for (const buffer of buffers) buffer.fill(NaN);
  const output = new Float32Array(108).fill(7);
  addFiltered(lattice, {
    channels: 1,
    input,
    inputScale: new Float32Array(108).fill(2),
    output,
    outputScale: new Float32Array(108).fill(3),
    buffers,
  });
  filtered(features, 2, input).forEach((value, i) => {
    ok(Math.abs(output[i]! - (7 + 6 * value)) < 1e-4);
  });
});

Deno.test("permutohedralLattice shares the vertices of equal points", () => {
  const lattice = permutohedralLattice(Float64Array.of(1, 2, 1, 2, 90, 2), 2);
  strictEqual(lattice.vertexCount, 6);
  deepStrictEqual(lattice.simplex.slice(0, 3), lattice.simplex.slice(3, 6));
});

Deno.test("permutohedralLattice finds neighbours in both directions", () => {
  const { neighbours, vertexCount } = permutohedralLattice(gridFeatures(), 2);
  let found = 0;
  for (let axis = 0; axis < 3; axis++) {
    const at = (vertex: number, side: number) =>
      neighbours[(axis * vertexCount + vertex) * 2 + side]!;
    for (let vertex = 0; vertex < vertexCount; vertex++) {
      const after = at(vertex, 1);
      if (after === vertexCount) continue;
      strictEqual(at(after, 0), vertex);
      found++;
    }
  }
  ok(found > vertexCount);
});

Deno.test("permutohedralLattice keeps points apart however far they are", () => {
  // At 16 bits per coordinate, as other implementations keep them, the second
  // and third point would fall on the first.
  for (const far of [65536, 2 ** 24, 2 ** 32, 1e9]) {
    const features = Float64Array.of(0, 0, far, 0, 0, far, far, far);
    strictEqual(permutohedralLattice(features, 2).vertexCount, 12);
    const output = filtered(features, 2, Float32Array.of(1, 0, 0, 0));
    ok(output[0]! > 0);
    deepStrictEqual([...output.subarray(1)], [0, 0, 0]);
  }
});

Deno.test("permutohedralLattice refuses features that are not [P, d]", () => {
  throws(() => permutohedralLattice(new Float64Array(7), 2), {
    name: "RangeError",
    message: "Cannot build a lattice as it must have 2 features per point " +
      "and at least 1 point: 7 features",
  });
  throws(() => permutohedralLattice(new Float64Array(0), 2), {
    name: "RangeError",
    message: "Cannot build a lattice as it must have 2 features per point " +
      "and at least 1 point: 0 features",
  });
  throws(() => permutohedralLattice(new Float64Array(2), 0), {
    name: "RangeError",
    message: "Cannot build a lattice as its dimension must be a positive " +
      "whole number: 0",
  });
});

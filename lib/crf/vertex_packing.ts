/**
 * Lattice points as few whole numbers.
 *
 * @module
 */
import { coordinateRanges, type Simplex } from "./simplex.ts";

/** Lattice coordinates beyond this would lose the place inside a simplex. */
const MAX_COORDINATE = 2 ** 40;
/** Whole numbers up to here are exact in a float64. */
const WORD_LIMIT = 2 ** 53;

/** A lattice point at hand that can be set and moved. */
export interface VertexPacking {
  readonly wordCount: number;
  /** float64 `[wordCount]`: the point; whole numbers from 0, below 2⁵³. */
  readonly words: Float64Array;
  /** Goes to the point of these d + 1 coordinates. */
  moveTo(coordinates: Simplex["origin"]): void;
  /** One lattice step: this coordinate down by d, every other up by 1. */
  step(coordinate: number): void;
}

/**
 * Packs the first d coordinates (the last follows from them) into words.
 *
 * Each coordinate has a range of its own, wide enough for the corners of every
 * simplex and their neighbours. So nothing is lost, however far apart the
 * features are, and a lattice step is one addition per word. Common CRF
 * parameters need one word.
 *
 * @param features float64 `[P, d]`, standard deviations.
 * @throws {RangeError} When a feature is NaN, or so large that a coordinate
 *   leaves ±2⁴⁰.
 *
 * @example
 * ```ts
 * import { vertexPacking } from "./vertex_packing.ts";
 * import { deepStrictEqual, strictEqual } from "node:assert";
 *
 * const packing = vertexPacking(Float64Array.of(0, 0, 9, 9), 2);
 * packing.moveTo(Float64Array.of(3, 0, -3));
 * const start = packing.words.slice();
 * for (const coordinate of [0, 1, 2]) packing.step(coordinate);
 * deepStrictEqual(packing.words, start);
 * strictEqual(packing.wordCount, 1);
 * ```
 */
export function vertexPacking(
  features: Float64Array,
  dimension: number,
): VertexPacking {
  const { low, size } = coordinateRanges(features, dimension);
  assertRanges(low, size);
  const { wordCount, wordOf, stride } = mixedRadix(size);
  const words = new Float64Array(wordCount);
  const steps = packedSteps({ wordCount, wordOf, stride });
  return {
    wordCount,
    words,
    moveTo(coordinates) {
      words.fill(0);
      for (let i = 0; i < dimension; i++) {
        words[wordOf[i]!]! += (coordinates[i]! - low[i]!) * stride[i]!;
      }
    },
    step(coordinate) {
      for (let w = 0; w < wordCount; w++) {
        words[w]! += steps[coordinate * wordCount + w]!;
      }
    },
  };
}

/** Places of the coordinates in the words, as digits of a number. */
interface Places {
  readonly wordCount: number;
  /** int32 `[d]`: the word of each coordinate. */
  readonly wordOf: Int32Array;
  /** float64 `[d]`: what 1 of the coordinate is worth in its word. */
  readonly stride: Float64Array;
}

function mixedRadix(size: Float64Array): Places {
  const wordOf = new Int32Array(size.length);
  const stride = new Float64Array(size.length);
  let word = 0;
  let next = 1;
  for (let i = 0; i < size.length; i++) {
    if (next * size[i]! > WORD_LIMIT) {
      word++;
      next = 1;
    }
    wordOf[i] = word;
    stride[i] = next;
    next *= size[i]!;
  }
  return { wordCount: word + 1, wordOf, stride };
}

/** float64 `[d + 1, wordCount]`: what a step adds to each word. */
function packedSteps({ wordCount, wordOf, stride }: Places): Float64Array {
  const dimension = stride.length;
  const steps = new Float64Array((dimension + 1) * wordCount);
  for (let coordinate = 0; coordinate <= dimension; coordinate++) {
    for (let i = 0; i < dimension; i++) {
      steps[coordinate * wordCount + wordOf[i]!]! +=
        (i === coordinate ? -dimension : 1) * stride[i]!;
    }
  }
  return steps;
}

/** Also refuses NaN, which the ranges pass on. */
function assertRanges(low: Float64Array, size: Float64Array): void {
  for (let i = 0; i < low.length; i++) {
    const high = low[i]! + size[i]! - 1;
    if (low[i]! >= -MAX_COORDINATE && high <= MAX_COORDINATE) continue;
    throw new RangeError(
      "Cannot build a lattice as its coordinates must be within ±2⁴⁰: " +
        `coordinate ${i} is from ${low[i]} to ${high}`,
    );
  }
}

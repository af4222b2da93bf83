/**
 * Gaussian filtering in many dimensions on the permutohedral lattice.
 *
 * The lattice tiles the d-dimensional feature space with simplices. The value
 * of a point goes to the d + 1 corners of its simplex (splat), the values at
 * the lattice vertices are blurred along the d + 1 lattice axes, and come back
 * through the same corners (slice):
 *
 *   out_i ≈ Σ_j exp(−|f_i − f_j|² / 2) · in_j                    [Adams2010]
 *
 * up to a factor common to all points, at a cost linear in their number. The
 * sum includes j = i. Only vertices of a simplex with a point in it exist; the
 * blur takes all others for 0.
 *
 * @module
 */
import { simplexLocator } from "./simplex.ts";
import { type VertexPacking, vertexPacking } from "./vertex_packing.ts";
import { MISSING, VertexTable } from "./vertex_table.ts";

/** Points of a feature space and the lattice vertices around them. */
export interface PermutohedralLattice {
  /** P, points. */
  readonly pointCount: number;
  /** d. */
  readonly dimension: number;
  /** M, vertices. */
  readonly vertexCount: number;
  /** int32 `[P, d + 1]`: corners of the simplex around each point, 0…M − 1. */
  readonly simplex: Int32Array;
  /** float32 `[P, d + 1]`: weights of those corners, 0…1, sum 1. */
  readonly barycentric: Float32Array;
  /**
   * int32 `[d + 1, M, 2]`: the two neighbours of each vertex along each axis,
   * M for one that does not exist.
   */
  readonly neighbours: Int32Array;
}

/**
 * The lattice around a set of points.
 *
 * @param features float64 `[P, d]`: each coordinate divided by its standard
 *   deviation, so that the filter is a Gaussian of std 1.
 * @throws {RangeError} When the array is not `[P, d]`, or a feature is NaN or
 *   beyond about 2³⁸ standard deviations.
 *
 * @example
 * ```ts
 * import { permutohedralLattice } from "./permutohedral_lattice.ts";
 * import { strictEqual } from "node:assert";
 *
 * const twoPoints = permutohedralLattice(Float64Array.of(0, 0, 50, 50), 2);
 * strictEqual(twoPoints.pointCount, 2);
 * strictEqual(twoPoints.vertexCount, 6);
 * ```
 */
export function permutohedralLattice(
  features: Float64Array,
  dimension: number,
): PermutohedralLattice {
  const pointCount = assertFeatures(features, dimension);
  const corners = dimension + 1;
  const locate = simplexLocator(features, dimension);
  const packing = vertexPacking(features, dimension);
  const table = new VertexTable(packing.wordCount, pointCount);
  const simplex = new Int32Array(pointCount * corners);
  const barycentric = new Float32Array(pointCount * corners);
  for (let point = 0; point < pointCount; point++) {
    const { origin, order, barycentric: weights } = locate(point);
    const first = point * corners;
    packing.moveTo(origin);
    for (let k = 0; k < corners; k++) {
      if (k > 0) packing.step(order[corners - k]!);
      simplex[first + k] = table.add(packing.words);
      barycentric[first + k] = weights[k]!;
    }
  }
  const neighbours = findNeighbours(table, packing, corners);
  const size = { pointCount, dimension, vertexCount: table.count };
  return { ...size, simplex, barycentric, neighbours };
}

/** Values at the vertices of a lattice, twice, as the blur needs a target. */
export type LatticeBuffers = readonly [Float32Array, Float32Array];

/**
 * Buffers that suit each of the lattices, to be used again and again.
 *
 * @example
 * ```ts
 * import { latticeBuffers, permutohedralLattice } from
 *   "./permutohedral_lattice.ts";
 * import { strictEqual } from "node:assert";
 *
 * const lattice = permutohedralLattice(Float64Array.of(0, 0), 2);
 * // One row more than the three vertices: it stands for the missing ones.
 * strictEqual(latticeBuffers([lattice], 2)[0].length, 8);
 * ```
 */
export function latticeBuffers(
  lattices: readonly PermutohedralLattice[],
  channels: number,
): LatticeBuffers {
  const most = Math.max(0, ...lattices.map((lattice) => lattice.vertexCount));
  const size = (most + 1) * channels;
  return [new Float32Array(size), new Float32Array(size)];
}

/** What `addFiltered` works on. */
export interface Filtering {
  readonly channels: number;
  /** float32 `[P, channels]`. */
  readonly input: Float32Array;
  /** float32 `[P]`: multiplied onto the input of each point. */
  readonly inputScale: Float32Array;
  /** float32 `[P, channels]`: the result is added to it. */
  readonly output: Float32Array;
  /** float32 `[P]`: multiplied onto the result of each point. */
  readonly outputScale: Float32Array;
  /** From `latticeBuffers`; what they hold does not matter. */
  readonly buffers: LatticeBuffers;
}

/**
 * Filters values at the points of a lattice; allocates nothing.
 *
 * @example
 * ```ts
 * import { addFiltered, latticeBuffers, permutohedralLattice } from
 *   "./permutohedral_lattice.ts";
 * import { ok } from "node:assert";
 *
 * // Points at 0, 0.5 and 9 std; the first holds 1.
 * const lattice = permutohedralLattice(Float64Array.of(0, 0.5, 9), 1);
 * const ones = new Float32Array(3).fill(1);
 * const output = new Float32Array(3);
 * addFiltered(lattice, {
 *   channels: 1,
 *   input: Float32Array.of(1, 0, 0),
 *   inputScale: ones,
 *   output,
 *   outputScale: ones,
 *   buffers: latticeBuffers([lattice], 1),
 * });
 * const [near, middle, far] = output;
 * ok(near! > middle! && middle! > 0 && far === 0);
 * ```
 */
export function addFiltered(
  lattice: PermutohedralLattice,
  filtering: Filtering,
): void {
  const { channels, buffers } = filtering;
  const end = lattice.vertexCount * channels;
  const vertices = buffers[0].subarray(0, end + channels);
  const spare = buffers[1].subarray(0, end + channels);
  vertices.fill(0);
  spare.fill(0, end);
  splat(lattice, filtering, vertices);
  slice(lattice, filtering, blur(lattice, { channels, vertices, spare }));
}

/** Adds the values of all points to the corners around them. */
function splat(
  { simplex, barycentric, pointCount, dimension }: PermutohedralLattice,
  { channels, input, inputScale }: Filtering,
  vertices: Float32Array,
): void {
  for (let point = 0; point < pointCount; point++) {
    const from = point * channels;
    const scale = inputScale[point]!;
    const first = point * (dimension + 1);
    for (let k = first; k <= first + dimension; k++) {
      const weight = barycentric[k]! * scale;
      const to = simplex[k]! * channels;
      for (let c = 0; c < channels; c++) {
        vertices[to + c]! += weight * input[from + c]!;
      }
    }
  }
}

/** [1/2, 1, 1/2] along every axis in turn; returns the array of the result. */
function blur(
  { neighbours, vertexCount, dimension }: PermutohedralLattice,
  { channels, vertices, spare }: {
    channels: number;
    vertices: Float32Array;
    spare: Float32Array;
  },
): Float32Array {
  let from = vertices;
  let to = spare;
  const size = 2 * vertexCount;
  for (let axis = 0; axis <= dimension; axis++) {
    const alongAxis = neighbours.subarray(axis * size, (axis + 1) * size);
    if (channels === 1) blurOneChannel(alongAxis, from, to);
    else blurChannels(alongAxis, channels, [from, to]);
    [from, to] = [to, from];
  }
  return from;
}

function blurChannels(
  neighbours: Int32Array,
  channels: number,
  [from, to]: LatticeBuffers,
): void {
  let at = 0;
  for (let i = 0; i < neighbours.length; i += 2) {
    const before = neighbours[i]! * channels;
    const after = neighbours[i + 1]! * channels;
    for (let c = 0; c < channels; c++) {
      to[at] = from[at]! + 0.5 * (from[before + c]! + from[after + c]!);
      at++;
    }
  }
}

/** The case of two labels, by far the commonest, without the inner loop. */
function blurOneChannel(
  neighbours: Int32Array,
  from: Float32Array,
  to: Float32Array,
): void {
  for (let i = 0; i < neighbours.length; i += 2) {
    const sides = from[neighbours[i]!]! + from[neighbours[i + 1]!]!;
    to[i >> 1] = from[i >> 1]! + 0.5 * sides;
  }
}

/** Gathers the values of the corners around each point. */
function slice(
  { simplex, barycentric, pointCount, dimension }: PermutohedralLattice,
  { channels, output, outputScale }: Filtering,
  vertices: Float32Array,
): void {
  const sliceScale = 1 / (1 + 2 ** -dimension);
  for (let point = 0; point < pointCount; point++) {
    const to = point * channels;
    const scale = outputScale[point]! * sliceScale;
    const first = point * (dimension + 1);
    for (let k = first; k <= first + dimension; k++) {
      const weight = barycentric[k]! * scale;
      const from = simplex[k]! * channels;
      for (let c = 0; c < channels; c++) {
        output[to + c]! += weight * vertices[from + c]!;
      }
    }
  }
}

/** One look-up finds both directions: u after v means v before u. */
function findNeighbours(
  table: VertexTable,
  packing: VertexPacking,
  corners: number,
): Int32Array {
  const vertexCount = table.count;
  const neighbours = new Int32Array(corners * vertexCount * 2)
    .fill(vertexCount);
  for (let axis = 0; axis < corners; axis++) {
    const first = axis * vertexCount;
    for (let vertex = 0; vertex < vertexCount; vertex++) {
      table.read(vertex, packing.words);
      packing.step(axis);
      const after = table.find(packing.words);
      if (after === MISSING) continue;
      neighbours[2 * (first + vertex) + 1] = after;
      neighbours[2 * (first + after)] = vertex;
    }
  }
  return neighbours;
}

/** Returns P. */
function assertFeatures(features: Float64Array, dimension: number): number {
  if (!Number.isSafeInteger(dimension) || dimension < 1) {
    throw new RangeError(
      "Cannot build a lattice as its dimension must be a positive whole " +
        `number: ${dimension}`,
    );
  }
  const pointCount = features.length / dimension;
  if (!Number.isSafeInteger(pointCount) || pointCount < 1) {
    throw new RangeError(
      `Cannot build a lattice as it must have ${dimension} features per ` +
        `point and at least 1 point: ${features.length} features`,
    );
  }
  if (pointCount * (dimension + 1) >= 2 ** 31) {
    throw new RangeError(
      "Cannot build a lattice as its simplex corners must be fewer than 2³¹: " +
        `${pointCount} points × ${dimension + 1} corners`,
    );
  }
  return pointCount;
}

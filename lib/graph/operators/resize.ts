/**
 * Resizing of planes as two products with constant matrices.
 *
 * @module
 */
import { formatShape, formatType, type Shape, type Value } from "../value.ts";
import { matMul } from "./linear.ts";

/**
 * Bilinear interpolation with aligned corners: cell i of Y in the result lies
 * at i · (h − 1) / (Y − 1) of h in the input; where Y is 1, at 0.
 *
 *   y = A_Y · x · A_Xᵀ,  A_Y `[Y, h]` with at most two weights in each row
 *
 * @param x float32 `[N, C, h, w]`.
 * @param size `[Y, X]`, each at least 1.
 * @returns float32 `[N, C, Y, X]`.
 * @throws {RangeError} When they are not like that.
 *
 * @example
 * ```ts
 * import { Graph } from "../graph.ts";
 * import { bilinearResize } from "./resize.ts";
 * import { deepStrictEqual } from "node:assert";
 *
 * const scores = new Graph("example").input("scores", "float32", [2, 21, 9, 9]);
 * const upsampled = bilinearResize(scores, [65, 65]);
 * deepStrictEqual(upsampled.shape, [2, 21, 65, 65]);
 * ```
 */
export function bilinearResize(x: Value, size: Shape): Value {
  assertResizable(x, size);
  const [height, width] = x.shape.slice(-2);
  const [outHeight, outWidth] = size;
  return x.graph.scope("BilinearResize", () => {
    const rows = interpolation(height!, outHeight!);
    const columns = transposed(interpolation(width!, outWidth!), width!);
    const wide = matMul(x, x.graph.constant(columns, [width!, outWidth!]));
    return matMul(x.graph.constant(rows, [outHeight!, height!]), wide);
  });
}

function assertResizable(x: Value, size: Shape): void {
  const isSize = size.length === 2 &&
    size.every((side) => Number.isInteger(side) && side >= 1);
  if (isSize && x.type === "float32" && x.shape.length === 4) return;
  throw new RangeError(
    `Cannot resize "${x.name}" as it must be float32 [N, C, h, w], and its ` +
      `new size two whole numbers of at least 1: it is ${formatType(x)}, its ` +
      `new size ${formatShape(size)}`,
  );
}

/** The matrix `[to, from]` that interpolates an axis, in row-major order. */
function interpolation(from: number, to: number): Float32Array {
  const matrix = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const position = to === 1 ? 0 : i * (from - 1) / (to - 1);
    const before = Math.floor(position);
    const after = Math.min(before + 1, from - 1);
    matrix[i * from + before]! += 1 - (position - before);
    matrix[i * from + after]! += position - before;
  }
  return matrix;
}

/** The transpose of a matrix of so many columns. */
function transposed(matrix: Float32Array, columns: number): Float32Array {
  const rows = matrix.length / columns;
  return matrix.map((_, at) =>
    matrix[(at % rows) * columns + Math.floor(at / rows)]!
  );
}

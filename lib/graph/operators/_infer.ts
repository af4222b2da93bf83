/**
 * Checks that the shape inference of several operators shares.
 *
 * Each throws what a graph puts `Cannot add node "…" as` before.
 *
 * @module
 */
import {
  type ElementType,
  formatShape,
  formatType,
  type Shape,
  type TensorType,
} from "../tensor_type.ts";

/** Throws unless all inputs are of one of the types. */
export function assertTypes(
  inputs: readonly TensorType[],
  ...types: ElementType[]
): void {
  const other = inputs.find(({ type }) => !types.includes(type));
  if (other === undefined) return;
  throw new RangeError(
    `its inputs must be ${types.join(" or ")}: one is ${formatType(other)}`,
  );
}

/** Throws unless a tensor has so many axes. */
export function assertRank(
  what: string,
  { shape }: TensorType,
  rank: number,
): void {
  if (shape.length === rank) return;
  throw new RangeError(
    `${what} must have ${rank} axes: it is ${formatShape(shape)}`,
  );
}

/** Throws unless a number is whole and at least `least`. */
export function assertWhole(what: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new RangeError(
    `${what} must be a whole number of at least ${least}: ${value}`,
  );
}

/** Throws unless axes are those of a shape, each at most once. */
export function assertAxes(axes: readonly number[], shape: Shape): void {
  const fits = (axis: number) =>
    Number.isInteger(axis) && axis >= 0 &&
    axis < shape.length;
  if (axes.every(fits) && new Set(axes).size === axes.length) return;
  throw new RangeError(
    `axes must be unlike ones of 0…${shape.length - 1}: ${formatShape(axes)}`,
  );
}

/**
 * The shape that shapes broadcast to, as in ONNX and numpy: aligned at their
 * last axes, those of size 1 or absent repeat.
 */
export function broadcastShapes(...shapes: Shape[]): Shape {
  const rank = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    const size = Math.max(...sizes);
    if (sizes.every((each) => each === 1 || each === size)) return size;
    throw new RangeError(
      `shapes must broadcast: they are ${shapes.map(formatShape).join(", ")}`,
    );
  });
}

import {
  interleave,
  place,
  spread,
} from "../../../../lib/graph/operators/interleave.ts";
import {
  concat,
  expand,
  flip,
  pad,
  reshape,
  slice,
  transpose,
} from "../../../../lib/graph/operators/shape.ts";
import type { Value } from "../../../../lib/graph/value.ts";
import { assertGradients } from "../differences.ts";

/** Each moves the elements of `[2, 3, 4]`. */
const MOVES: Readonly<Record<string, (x: Value) => Value>> = {
  reshape: (x) => reshape(x, [4, 6]),
  transpose: (x) => transpose(x, [1, 2, 0]),
  concat: (x) => concat([x, flip(x, [1]), x], 1),
  slice: (x) => slice(x, { axis: 1, start: 1, end: 3 }),
  "slice by steps": (x) => slice(x, { axis: 2, start: 1, end: 4, step: 2 }),
  "slice by large steps": (x) =>
    slice(x, { axis: 2, start: 0, end: 3, step: 3 }),
  flip: (x) => flip(x, [0, 2]),
  pad: (x) => pad(x, [1, 0, 0, 2, 0, 1]),
  expand: (x) => expand(reshape(x, [2, 3, 1, 4]), [2, 3, 2, 4]),
  "expand to more axes": (x) => expand(x, [2, 2, 3, 4]),
  interleave: (x) => interleave([x, flip(x, [0])], 1),
  spread: (x) => spread(x, { axis: 1, stride: 3 }),
  place: (x) => place(x, { axis: 2, start: -2, size: 4 }),
};

for (const [name, move] of Object.entries(MOVES)) {
  Deno.test(`gradients of ${name} match differences`, () => {
    assertGradients({ x: [2, 3, 4] }, ({ x }) => move(x!));
  });
}

Deno.test("gradients of concat go to each of unlike tensors", () => {
  assertGradients(
    { a: [2, 1], b: [2, 3] },
    ({ a, b }) => concat([a!, b!], 1),
  );
});
